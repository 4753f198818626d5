//! Which trace a piece of work belongs to, and how that goes on over HTTP, gRPC, the journal and the bus: as W3C Trace
//! Context (<https://www.w3.org/TR/trace-context/>), in a header or in words. Knows no exporter and no service. A trace holds no
//! personal data: routes, methods, kinds and offices, never addresses, names or numbers.
//!
//! Spans are made with [`span!`], which no filter of log lines cuts: a line in a log names its trace at every level.

mod cause;
mod trace;

pub use cause::Cause;
pub use trace::{HEADER, Trace};

use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

#[doc(hidden)]
pub use tracing;

/// A span with a name and fields. Its level is the highest, because a filter of lines must not cut a trace in two.
#[macro_export]
macro_rules! span {
    ($name:literal $(, $($fields:tt)*)?) => { $crate::tracing::error_span!($name $(, $($fields)*)?) };
}

/// The trace of the work at hand, as whatever it causes is to name it; none where nothing traces.
pub fn here() -> Option<Trace> {
    of(&Span::current())
}

/// The trace of a span, with the span as what causes the next one.
pub fn of(span: &Span) -> Option<Trace> {
    if span.is_disabled() {
        return None;
    }
    Trace::of_context(span.context().span().span_context())
}

/// The span, under what has caused it elsewhere. To be told before anybody enters it.
pub fn under(span: Span, cause: Option<&Trace>) -> Span {
    if let Some(cause) = cause {
        // Where nothing traces there is nothing to be under.
        let _ = span.set_parent(Context::new().with_remote_span_context(cause.context()));
    }
    span
}

/// A span of work that a request elsewhere has caused; none where no trace is known, because such work is nobody's request.
pub fn caused(by: Option<&Trace>, span: impl FnOnce() -> Span) -> Span {
    by.map_or_else(Span::none, |cause| under(span(), Some(cause)))
}

/// Says that a span belongs with another trace.
pub fn belongs_with(span: &Span, other: &Trace) {
    span.add_link(other.context());
}

/// The work at hand has failed, for reasons that are nobody's doing outside.
pub fn failed(span: &Span, why: &str) {
    span.set_status(opentelemetry::trace::Status::error(why.to_owned()));
}
