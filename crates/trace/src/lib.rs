//! Which trace a piece of work belongs to, and how that goes on over HTTP, gRPC, the journal and the bus: as W3C Trace
//! Context (<https://www.w3.org/TR/trace-context/>), in a header or in words. Knows no exporter and no service. A trace holds no
//! personal data: routes, methods, kinds and offices, never addresses, names or numbers.
//!
//! Work is begun with [`span!`], which no filter of log lines cuts: a line in a log names its trace at every level.

mod cause;
mod trace;
mod work;

pub use cause::Cause;
pub use trace::{HEADER, Trace};
pub use work::{Instrument, Instrumented, Names, Work, name_work, named};

use tracing_opentelemetry::OpenTelemetrySpanExt;

#[doc(hidden)]
pub use tracing;

/// A piece of work with a name and fields. The level of its span is the highest, because a filter of lines must not cut a trace
/// in two. Where no span is taken its fields are not even looked at.
#[macro_export]
macro_rules! span {
    ($name:literal $(, $($fields:tt)*)?) => {
        $crate::Work::made($crate::tracing::error_span!($name $(, $($fields)*)?))
    };
}

/// The trace of the work at hand, as whatever it causes is to name it; none where nothing traces.
pub fn here() -> Option<Trace> {
    of(&Work::current())
}

/// The trace of some work, with the work as what causes the next piece.
pub fn of(work: &Work) -> Option<Trace> {
    work.trace()
}

/// The work, under what has caused it elsewhere. To be told before anybody does a part of it.
pub fn under(work: Work, cause: Option<&Trace>) -> Work {
    match cause {
        Some(cause) => work.under(cause),
        None => work,
    }
}

/// Work that a request elsewhere has caused; none where no trace is known, because such work is nobody's request.
pub fn caused(by: Option<&Trace>, work: impl FnOnce() -> Work) -> Work {
    by.map_or_else(Work::none, |cause| under(work(), Some(cause)))
}

/// Says that some work belongs with another trace.
pub fn belongs_with(work: &Work, other: impl FnOnce() -> Trace) {
    if let Some(span) = work.span() {
        span.add_link(other().context());
    }
}

/// The work at hand has failed, for reasons that are nobody's doing outside.
pub fn failed(work: &Work, why: &str) {
    if let Some(span) = work.span() {
        span.set_status(opentelemetry::trace::Status::error(why.to_owned()));
    }
}
