//! The span of a request: its method, the pattern of its route and what was answered, never its address. The steps of one
//! booking are requests of their own, and a browser that is led by forms says of none that they belong together: so the
//! hold in an address begins the trace. Knows no route but that word.

use crate::measured::method;
use crate::pattern::in_place_of;
use axum::extract::{MatchedPath, Request};
use http::StatusCode;
use okienko_trace::{Trace, Work, span};
use tracing::field::Empty;

/// What an address has in common with those that belong to the same trace: the name in the route's braces.
const TOGETHER: &str = "hold";

/// Whoever watches an installation asks for these every few seconds; and files are no work.
const QUIET: [&str; 4] = ["/healthz", "/readyz", "/metrics", "/assets/"];

/// The span of a request; none for an address that nobody serves, and for those that nobody would look for.
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
    // Whoever asks has a trace of their own. It is told of, and not followed: which traces are kept, and how large they grow,
    // is nothing that strangers decide.
    if let Some(theirs) = Trace::read(request.headers()) {
        okienko_trace::belongs_with(&span, || theirs);
    }
    span
}

/// It is answered; an event stream goes on after that.
pub(crate) fn answered(span: &Work, status: StatusCode) {
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        okienko_trace::failed(span, status.as_str());
    }
}
