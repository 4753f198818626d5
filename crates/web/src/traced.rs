//! The span of a request: its method, its route's pattern and the status, never its address. The steps of one booking
//! are separate requests, and a browser led by forms sends nothing that links them, so the hold in an address starts
//! the trace. Knows no route but that word.

use crate::measured::method;
use crate::pattern::in_place_of;
use axum::extract::{MatchedPath, Request};
use http::StatusCode;
use okienko_trace::{Trace, Work, span};
use tracing::field::Empty;

/// The parameter, in the route's braces, whose value is shared by all requests of one trace.
const TOGETHER: &str = "hold";

/// Polled every few seconds by monitoring, or mere files.
const QUIET: [&str; 4] = ["/healthz", "/readyz", "/metrics", "/assets/"];

/// The span of a request; none for an address that nobody serves, nor for one that nobody would look for.
pub(crate) fn span(request: &Request) -> Work {
    let Some(route) = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str) else {
        return Work::none();
    };
    if QUIET.iter().any(|quiet| route.starts_with(quiet)) {
        return Work::none();
    }
    let span = span!(
        "request",
        otel.name = format!("{} {route}", method(request)),
        otel.kind = "server",
        http.route = route,
        http.response.status_code = Empty
    );
    let together = in_place_of(TOGETHER, route, request.uri().path()).map(Trace::of_seed);
    let span = okienko_trace::under(span, together.as_ref());
    // The caller's own trace is linked, not joined: strangers must not decide which traces are kept and how large they
    // grow.
    if let Some(theirs) = Trace::read(request.headers()) {
        okienko_trace::belongs_with(&span, || theirs);
    }
    span
}

/// Records the status when the answer begins; an event stream continues after that.
pub(crate) fn answered(span: &Work, status: StatusCode) {
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        okienko_trace::failed(span, status.as_str());
    }
}
