//! What is counted of requests, for whoever watches the installation. Names and meanings: `docs/METRICS.md`. Labels have few
//! values, whatever is asked: a route is its pattern, never the address, which may hold a token.

use crate::problem::Code;
use axum::extract::{MatchedPath, Request};
use http::{Method, StatusCode};
use metrics::{Gauge, counter, gauge, histogram};
use tokio::time::Instant;

/// A request on its way.
pub(crate) struct Asked {
    method: &'static str,
    route: String,
    at: Instant,
}

impl Asked {
    pub(crate) fn of(request: &Request) -> Asked {
        let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
        Asked { method: method(request), route: route.to_owned(), at: Instant::now() }
    }

    /// Its answer begins; an event stream goes on after that.
    pub(crate) fn answered(self, status: StatusCode) {
        let Asked { method, route, at } = self;
        let status = status.as_u16().to_string();
        counter!("okienko_http_requests_total", "method" => method, "route" => route.clone(), "status" => status)
            .increment(1);
        histogram!("okienko_http_request_seconds", "route" => route).record(at.elapsed());
    }
}

/// A request's method, of few.
pub(crate) fn method(request: &Request) -> &'static str {
    let known = [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::HEAD];
    let names = ["GET", "POST", "PUT", "DELETE", "HEAD"];
    known.iter().position(|known| known == request.method()).map_or("other", |n| names[n])
}

/// Somebody was refused something.
pub(crate) fn refused(code: Code) {
    counter!("okienko_refusals_total", "code" => code.as_str()).increment(1);
}

/// Who listens to an event stream: in which office, and to what.
#[derive(Clone, Debug)]
pub struct Listener {
    /// The office's id.
    pub office: String,
    /// What they follow: few values.
    pub kind: &'static str,
}

/// A listener of an event stream, as long as it is there.
pub(crate) struct Listens(Gauge);

impl Listens {
    pub(crate) fn now(of: &Listener) -> Listens {
        let (office, kind) = (of.office.clone(), of.kind);
        let listeners = gauge!("okienko_listeners", "office" => office, "kind" => kind);
        listeners.increment(1.0);
        Listens(listeners)
    }
}

impl Drop for Listens {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}
