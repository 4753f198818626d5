//! Which trace a piece of work belongs to, and how it continues over HTTP, gRPC, the journal and the bus: as W3C Trace
//! Context (<https://www.w3.org/TR/trace-context/>), in a header or as text. Knows no exporter and no service. A trace
//! holds no personal data: routes, methods, kinds and offices, never addresses, names or numbers.
//!
//! Work begins with [`span!`], whose spans no log filter cuts: a log line names its trace at every level.

mod cause;
mod trace;
mod work;

pub use cause::Cause;
pub use trace::{HEADER, Trace};
pub use work::{Instrument, Instrumented, Names, Work, name_work, named};

use tracing_opentelemetry::OpenTelemetrySpanExt;

#[doc(hidden)]
pub use tracing;

/// A piece of work with a name and fields. Its span has the highest level, so that a log filter cannot cut a trace in
/// two. If nobody takes the span, its fields are not even evaluated.
#[macro_export]
macro_rules! span {
    ($name:literal $(, $($fields:tt)*)?) => {
        $crate::Work::made($crate::tracing::error_span!($name $(, $($fields)*)?))
    };
}

/// The trace of the current work, as what it causes should name it; `None` without tracing.
pub fn here() -> Option<Trace> {
    of(&Work::current())
}

/// The trace of `work`, with `work` as the parent of what follows.
pub fn of(work: &Work) -> Option<Trace> {
    work.trace()
}

/// Makes `work` a child of what caused it elsewhere. Must be called before any of the work is done.
pub fn under(work: Work, cause: Option<&Trace>) -> Work {
    match cause {
        Some(cause) => work.under(cause),
        None => work,
    }
}

/// Work caused by a request elsewhere; none if its trace is unknown, because such work is nobody's request.
pub fn caused(by: Option<&Trace>, work: impl FnOnce() -> Work) -> Work {
    by.map_or_else(Work::none, |cause| under(work(), Some(cause)))
}

/// Links `work` to another trace.
pub fn belongs_with(work: &Work, other: impl FnOnce() -> Trace) {
    if let Some(span) = work.span() {
        span.add_link(other().context());
    }
}

/// Marks `work` as failed for an internal reason, not one of the caller's making.
pub fn failed(work: &Work, why: &str) {
    if let Some(span) = work.span() {
        span.set_status(opentelemetry::trace::Status::error(why.to_owned()));
    }
}
