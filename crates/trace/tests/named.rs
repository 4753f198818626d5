//! Work whose spans nobody takes has the ids that spans would have, for log lines and stored events. In a test program
//! of its own, because ids are enabled for a whole process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    reason = "a test fails by panicking"
)]

use okienko_trace::{
    Cause, Instrument, Names, Trace, Work, belongs_with, caused, failed, here, name_work, named, span, under,
};
use opentelemetry::trace::{SpanId, TraceId};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

static DRAWN: AtomicU64 = AtomicU64::new(1);

fn draw() -> u64 {
    DRAWN.fetch_add(1, Ordering::Relaxed)
}

fn start() {
    let trace = || TraceId::from_bytes(u128::from(draw()).to_be_bytes());
    name_work(Names { trace, work: || SpanId::from_bytes(draw().to_be_bytes()) });
}

/// Takes lines and no span; creating a span nevertheless is a bug.
struct LinesAlone;

impl Subscriber for LinesAlone {
    fn enabled(&self, what: &Metadata<'_>) -> bool {
        what.is_event()
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        panic!("a span was made for nobody: {span:?}")
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

fn within<T>(act: impl FnOnce() -> T) -> T {
    start();
    tracing::subscriber::with_default(LinesAlone, act)
}

#[test]
fn a_request_and_all_that_it_calls_have_one_trace_and_names_of_their_own() {
    within(|| {
        assert_eq!(here(), None, "nothing is at hand yet");
        let request = span!("request", never = looked_at());
        let (outer, inner) = request.in_scope(|| {
            let command = span!("command");
            (here().unwrap(), command.in_scope(|| here().unwrap()))
        });
        assert_eq!(outer.id(), inner.id());
        assert_ne!(outer, inner);
        assert_eq!(here(), None, "it is over");
        let next = span!("request").in_scope(|| here().unwrap());
        assert_ne!(next.id(), outer.id(), "another request is another trace");
    });
}

#[test]
fn what_was_caused_elsewhere_goes_on_in_that_trace() {
    within(|| {
        let (elsewhere, other) = (Trace::of_seed("hold"), Trace::of_seed("other"));
        let work = under(span!("request"), Some(&elsewhere));
        assert_eq!(work.in_scope(|| here().unwrap().id()), elsewhere.id());
        let taken = caused(Some(&elsewhere), || span!("take"));
        assert_eq!(taken.in_scope(|| named().unwrap().id()), elsewhere.id());
        assert_eq!(caused(None, || panic!("nobody's request")).in_scope(here), None);
        // What only a collector would receive does no harm.
        belongs_with(&work, || other);
        failed(&work, "500");
        work.record("outcome", "done");
    });
}

#[test]
fn a_stored_event_names_the_trace_and_the_work_that_caused_it() {
    within(|| {
        let who: Arc<str> = "citizen".into();
        assert_eq!(Cause::words(&who, here()), who);
        let (cause, trace) = span!("command").in_scope(|| (Cause::words(&who, here()), here().unwrap()));
        assert_eq!(&*cause, format!("citizen {trace}"));
        assert_eq!(Cause::read(&cause), Cause { who, trace: Some(trace) });
        assert!(cause.ends_with("-00"), "nobody takes it: {cause}");
        let again = span!("other").in_scope(|| Cause::words(&cause, here()));
        assert_eq!(again, cause, "what names a trace keeps it");
    });
}

#[tokio::test]
async fn requests_that_take_turns_on_a_thread_keep_apart() {
    start();
    let _lines = tracing::subscriber::set_default(LinesAlone);
    let one = |n: u32| async move {
        let first = here().unwrap();
        for _ in 0..n {
            tokio::task::yield_now().await;
            assert_eq!(here(), Some(first));
        }
        first
    };
    let (a, b) = tokio::join!(one(7).instrument(span!("a")), one(4).instrument(span!("b")));
    assert_ne!(a.id(), b.id());
    assert_eq!(here(), None);
    assert!(one_without().instrument(Work::none()).await.is_none());
}

fn looked_at() -> u64 {
    panic!("a field of nobody was looked at")
}

async fn one_without() -> Option<Trace> {
    here()
}

#[test]
fn a_panic_leaves_no_name_behind() {
    within(|| {
        let work = span!("request");
        let fell =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work.in_scope(|| panic!("fell"))));
        assert!(fell.is_err());
        assert_eq!(here(), None);
    });
}
