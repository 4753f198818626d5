//! A piece of work in a trace. With a collector it is a span of `tracing`; without one it is only the ids that log
//! lines and stored events use for it, which cost next to nothing; with neither set up it is nothing. Knows no
//! exporter.

use crate::Trace;
use opentelemetry::trace::{SpanId, TraceContextExt, TraceId};
use pin_project_lite::pin_project;
use std::cell::Cell;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};
use tracing::Value;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Generates unique ids.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// A trace id.
    pub trace: fn() -> TraceId,
    /// A span id, for a piece of work.
    pub work: fn() -> SpanId,
}

static NAMES: OnceLock<Names> = OnceLock::new();

thread_local! {
    /// The named work that this thread is doing.
    static AT: Cell<Option<Trace>> = const { Cell::new(None) };
}

/// From now on work gets ids even when no span of it is taken. Once per process, for the whole process.
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

    /// The current work.
    pub fn current() -> Work {
        if let Some(trace) = AT.get() {
            return Work(Kind::Named(trace));
        }
        Work::of_span(tracing::Span::current())
    }

    /// Work with this span if somebody takes it; otherwise a named part of the current work.
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

    /// Its trace, with this work as the parent of what follows.
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
                // Fails only when nothing traces, and then there is no parent to set.
                let _ = span.set_parent(parent);
                Work(Kind::Span(span))
            }
        }
    }

    /// The span, if one is taken.
    pub(crate) fn span(&self) -> Option<&tracing::Span> {
        match &self.0 {
            Kind::Span(span) => Some(span),
            _ => None,
        }
    }

    /// Records a field that was left empty.
    pub fn record<V: Value>(&self, field: &str, value: V) {
        if let Some(span) = self.span() {
            span.record(field, value);
        }
    }

    /// Runs `act` within this work.
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

/// The trace of the current work if it has ids but no span: for log lines, which are written inside the subscriber and
/// cannot ask it.
pub fn named() -> Option<Trace> {
    AT.get()
}

enum Within<'a> {
    Nothing,
    Named(#[expect(dead_code, reason = "what counts is its end")] Left),
    Span(#[expect(dead_code, reason = "what counts is its end")] tracing::span::Entered<'a>),
}

/// Restores what the thread was doing before when dropped, also on a panic.
struct Left(Option<Trace>);

impl Drop for Left {
    fn drop(&mut self) {
        AT.set(self.0);
    }
}

/// Runs a future within a piece of work.
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
        // Dropped before its work ends.
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
