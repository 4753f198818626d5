//! Metrics of requests. Names and meanings: `docs/METRICS.md`. Labels take few values, whatever is requested: a route
//! is its pattern, never the address, which may hold a token.
//!
//! Per-request metrics are cached in handles: looked up by name, the recorder copies, hashes and compares all labels
//! each time, which costs more than counting. Each thread has a cache of its own.

use crate::problem::Code;
use axum::extract::{MatchedPath, Request};
use http::{Method, StatusCode};
use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};
use std::cell::RefCell;
use std::collections::HashMap;
use tokio::time::{Duration, Instant};

thread_local! {
    /// By route pattern; no more than the program has routes.
    static ROUTES: RefCell<HashMap<Box<str>, Route>> = RefCell::default();
    static REFUSALS: RefCell<Vec<(Code, Counter)>> = RefCell::default();
}

/// The metrics of one route.
struct Route {
    seconds: Histogram,
    /// By method and status: a handful.
    answers: Vec<(&'static str, StatusCode, Counter)>,
}

impl Route {
    fn of(route: &str) -> Route {
        let seconds = histogram!("okienko_http_request_seconds", "route" => route.to_owned());
        Route { seconds, answers: Vec::new() }
    }

    fn answered(&mut self, route: &str, method: &'static str, status: StatusCode, seconds: Duration) {
        self.seconds.record(seconds);
        let known = self.answers.iter().find(|known| (known.0, known.1) == (method, status));
        if let Some((.., counted)) = known {
            return counted.increment(1);
        }
        let (route, code) = (route.to_owned(), status.as_u16().to_string());
        let labels = [("method", method.to_owned()), ("route", route), ("status", code)];
        let counted = counter!("okienko_http_requests_total", &labels);
        counted.increment(1);
        self.answers.push((method, status, counted));
    }
}

/// A request under way.
pub(crate) struct RequestTimer {
    method: &'static str,
    route: Option<MatchedPath>,
    at: Instant,
}

impl RequestTimer {
    pub(crate) fn of(request: &Request) -> RequestTimer {
        let route = request.extensions().get::<MatchedPath>().cloned();
        RequestTimer { method: method(request), route, at: Instant::now() }
    }

    /// Counts the request when its answer begins; an event stream continues after that.
    pub(crate) fn answered(self, status: StatusCode) {
        let route = self.route.as_ref().map_or("", MatchedPath::as_str);
        ROUTES.with_borrow_mut(|routes| {
            let seconds = self.at.elapsed();
            if let Some(of) = routes.get_mut(route) {
                return of.answered(route, self.method, status, seconds);
            }
            let of = routes.entry(route.into()).or_insert_with(|| Route::of(route));
            of.answered(route, self.method, status, seconds);
        });
    }
}

/// The method as a label: a fixed set of values.
pub(crate) fn method(request: &Request) -> &'static str {
    match *request.method() {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        _ => "other",
    }
}

/// Counts a refusal.
pub(crate) fn refused(code: Code) {
    REFUSALS.with_borrow_mut(|refusals| {
        let known = refusals.iter().position(|(known, _)| *known == code);
        let at = known.unwrap_or_else(|| {
            refusals.push((code, counter!("okienko_refusals_total", "code" => code.as_str())));
            refusals.len() - 1
        });
        refusals[at].1.increment(1);
    });
}

/// Counts a client that hung up while its request was being carried out.
pub(crate) fn hung_up() {
    counter!("okienko_http_hung_up_total").increment(1);
}

/// Who listens to an event stream: in which office, and to what.
#[derive(Clone, Debug)]
pub struct Listener {
    /// The office's id.
    pub office: String,
    /// What they follow; a label with few values.
    pub kind: &'static str,
}

/// Counts a listener while it exists.
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
