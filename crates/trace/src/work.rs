//! A piece of work in a trace. Where spans go to a collector it is a span of `tracing`; where they go nowhere it is only the names
//! that lines of the log and stored events have for it, which cost next to nothing; and where nothing was started, nothing.
//! Knows no exporter.

use crate::Trace;
use opentelemetry::trace::{SpanId, TraceContextExt, TraceId};
use pin_project_lite::pin_project;
use std::cell::Cell;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};
use tracing::Value;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Makes names that nobody else has made.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// Of a trace.
    pub trace: fn() -> TraceId,
    /// Of a piece of work in it.
    pub work: fn() -> SpanId,
}

static NAMES: OnceLock<Names> = OnceLock::new();

thread_local! {
    /// The named work that this thread is at.
    static AT: Cell<Option<Trace>> = const { Cell::new(None) };
}

/// From now on work has names although no span of it is taken; once in a process, for that whole process.
pub fn name_work(names: Names) {
    let _ = NAMES.set(names);
}

/// A piece of work.
#[derive(Clone, Debug, Default)]
pub struct Work(Kind);

#[derive(Clone, Debug, Default)]
enum Kind {
    #[default]
    Nothing,
    Named(Trace),
    Span(tracing::Span),
}

impl Work {
    /// Work that belongs to no trace.
    pub const fn none() -> Work {
        Work(Kind::Nothing)
    }

    /// The work at hand.
    pub fn current() -> Work {
        if let Some(trace) = AT.get() {
            return Work(Kind::Named(trace));
        }
        Work::of_span(tracing::Span::current())
    }

    /// Work whose span, if anybody takes it, is this one; otherwise a part of the work at hand.
    #[doc(hidden)]
    pub fn made(span: tracing::Span) -> Work {
        match NAMES.get() {
            Some(names) if span.is_disabled() => {
                let (work, at) = ((names.work)(), AT.get());
                Work(Kind::Named(at.map_or_else(|| Trace::named((names.trace)(), work), |at| at.with(work))))
            }
            _ => Work::of_span(span),
        }
    }

    fn of_span(span: tracing::Span) -> Work {
        if span.is_disabled() { Work::none() } else { Work(Kind::Span(span)) }
    }

    /// Its trace, with the work as what causes the next piece.
    pub(crate) fn trace(&self) -> Option<Trace> {
        match &self.0 {
            Kind::Nothing => None,
            Kind::Named(trace) => Some(*trace),
            Kind::Span(span) => Trace::of_context(span.context().span().span_context()),
        }
    }

    /// The same work, caused by work elsewhere.
    pub(crate) fn under(self, cause: &Trace) -> Work {
        match self.0 {
            Kind::Nothing => Work::none(),
            Kind::Named(named) => Work(Kind::Named(named.under(cause))),
            Kind::Span(span) => {
                let parent = opentelemetry::Context::new().with_remote_span_context(cause.context());
                // Where nothing traces there is nothing to be under.
                let _ = span.set_parent(parent);
                Work(Kind::Span(span))
            }
        }
    }

    /// The span, where one is taken.
    pub(crate) fn span(&self) -> Option<&tracing::Span> {
        match &self.0 {
            Kind::Span(span) => Some(span),
            _ => None,
        }
    }

    /// Tells a field that was left empty.
    pub fn record<V: Value>(&self, field: &str, value: V) {
        if let Some(span) = self.span() {
            span.record(field, value);
        }
    }

    /// Does something within this work.
    pub fn in_scope<T>(&self, act: impl FnOnce() -> T) -> T {
        let _within = self.enter();
        act()
    }

    fn enter(&self) -> Within<'_> {
        match &self.0 {
            Kind::Nothing => Within::Nothing,
            Kind::Named(trace) => Within::Named(Left(AT.replace(Some(*trace)))),
            Kind::Span(span) => Within::Span(span.enter()),
        }
    }
}

/// The trace of the work at hand, where it has a name and no span: what a line of the log asks for, which is written within the
/// subscriber and cannot ask that.
pub fn named() -> Option<Trace> {
    AT.get()
}

enum Within<'a> {
    Nothing,
    Named(#[expect(dead_code, reason = "what counts is its end")] Left),
    Span(#[expect(dead_code, reason = "what counts is its end")] tracing::span::Entered<'a>),
}

/// What the thread was at before, and is again when this ends, also by a panic.
struct Left(Option<Trace>);

impl Drop for Left {
    fn drop(&mut self) {
        AT.set(self.0);
    }
}

/// Does what a future does within a piece of work.
pub trait Instrument: Sized {
    /// The future within that work.
    fn instrument(self, work: Work) -> Instrumented<Self> {
        Instrumented { inner: self, work }
    }
}

impl<F: Future> Instrument for F {}

pin_project! {
    /// A future within a piece of work.
    #[derive(Debug)]
    pub struct Instrumented<F> {
        // Ends before its work does.
        #[pin]
        inner: F,
        work: Work,
    }
}

impl<F: Future> Future for Instrumented<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _within = this.work.enter();
        this.inner.poll(context)
    }
}
