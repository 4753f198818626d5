//! The watcher: sees every event at the moment it is written, keeps its own copy of every stream's state, and checks
//! after each append what must always be true, with the services' own predicates. Also computes the trace of a run: a
//! hash over everything written and answered. Knows no fault and no person.

use okienko_day::{Day, DayEvent};
use okienko_hall::{HallDay, HallEvent};
use okienko_journal::{ChainHash, GENESIS, Recorded, chain};
use okienko_kernel::{Id, Machine, Moment, Stored};
use okienko_sms_gateway::domain::{Event as OutboxEvent, Outbox};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;
use tokio::sync::Notify;

/// The start of the finding that a place was promised to more people than it has room for.
pub const DOUBLE_BOOKING: &str = "double booking";

/// A rule that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken(pub String);

/// The head of a stream, kept beside its state.
struct StreamHead {
    version: u64,
    hash: ChainHash,
}

#[derive(Default)]
struct State {
    heads: BTreeMap<&'static str, u64>,
    streams: BTreeMap<(&'static str, Arc<str>), StreamHead>,
    days: BTreeMap<Arc<str>, Day>,
    halls: BTreeMap<Arc<str>, HallDay>,
    outboxes: BTreeMap<Arc<str>, Outbox>,
    trace: DefaultHasher,
    broken: Option<Broken>,
    events: u64,
    story: Option<String>,
    strict: bool,
}

/// Watches a run.
#[derive(Default)]
pub struct Watch {
    state: Mutex<State>,
    stop: Notify,
}

impl Watch {
    /// Prints to standard error everything that contains this word; `strict` when what is written is to be checked.
    pub fn telling(word: Option<String>, strict: bool) -> Watch {
        let state = State { story: word, strict, ..State::default() };
        Watch { state: Mutex::new(state), stop: Notify::new() }
    }

    /// Something that is neither an event nor an answer; printed if it contains the requested word.
    pub fn tell(&self, what: impl FnOnce() -> String) {
        let state = self.state.lock();
        if state.story.is_some() {
            state.tell(&what());
        }
    }

    /// Events were written, in this order.
    pub fn written(&self, service: &'static str, events: &[Recorded]) {
        if events.is_empty() {
            return;
        }
        let mut state = self.state.lock();
        let seen = state.see(service, events);
        drop(state);
        if let Err(what) = seen {
            self.broken(what);
        }
    }

    /// An answer was given; it becomes part of the trace.
    pub fn answered(&self, question: &str, status: u16, answer: &str) {
        let mut state = self.state.lock();
        if state.story.is_some() {
            state.tell(&format!("{question} answered {status} {answer}"));
        }
        let trace = &mut state.trace;
        trace.write(question.as_bytes());
        trace.write_u16(status);
        trace.write(answer.as_bytes());
    }

    /// A rule was broken: the first one is kept, and the run ends. When not `strict`, only a double promise of a place
    /// counts: without its safeguard much else goes wrong first.
    pub fn broken(&self, what: impl Into<String>) {
        let (what, mut state) = (what.into(), self.state.lock());
        if !state.strict && !what.starts_with(DOUBLE_BOOKING) {
            return;
        }
        state.broken.get_or_insert(Broken(what));
        drop(state);
        self.stop.notify_one();
    }

    /// The first broken rule, if any.
    pub fn verdict(&self) -> Option<Broken> {
        self.state.lock().broken.clone()
    }

    /// Waits until a rule is broken.
    pub async fn until_broken(&self) {
        while self.verdict().is_none() {
            self.stop.notified().await;
        }
    }

    /// The hash over everything written and answered so far.
    pub fn trace(&self) -> u64 {
        self.state.lock().trace.finish()
    }

    /// How many events were written.
    pub fn events(&self) -> u64 {
        self.state.lock().events
    }

    /// Reads the days of booking.
    pub fn days<T>(&self, look: impl FnOnce(&BTreeMap<Arc<str>, Day>) -> T) -> T {
        look(&self.state.lock().days)
    }

    /// Reads the halls' days.
    pub fn halls<T>(&self, look: impl FnOnce(&BTreeMap<Arc<str>, HallDay>) -> T) -> T {
        look(&self.state.lock().halls)
    }

    /// Reads the outboxes.
    pub fn outboxes<T>(&self, look: impl FnOnce(&BTreeMap<Arc<str>, Outbox>) -> T) -> T {
        look(&self.state.lock().outboxes)
    }

    /// Reads the day that an id of booking belongs to.
    pub fn day_of<T>(&self, id: Id, look: impl FnOnce(&Day) -> T) -> Option<T> {
        let way = id.way();
        let key = okienko_office::plan::stream_key(way.office, way.place, way.day);
        self.state.lock().days.get(key.as_str()).map(look)
    }
}

impl State {
    fn tell(&self, line: &str) {
        if self.story.as_ref().is_some_and(|word| line.contains(word)) {
            eprintln!("{line}");
        }
    }

    fn see(&mut self, service: &'static str, events: &[Recorded]) -> Result<(), String> {
        if self.story.is_some() {
            for event in events {
                let Recorded { stream, version, kind, at, data, .. } = event;
                let at = at.micros() / 1000 % 1_000_000_000;
                self.tell(&format!("{at} {stream} {version} {kind} {}", String::from_utf8_lossy(data)));
            }
        }
        let mut touched: BTreeMap<Arc<str>, Moment> = BTreeMap::new();
        for event in events {
            self.events += 1;
            self.trace.write(event.stream.as_bytes());
            self.trace.write_u64(event.version);
            self.trace.write(event.kind.as_bytes());
            self.trace.write(&event.data);
            let head = self.heads.entry(service).or_default();
            if !self.strict {
                self.apply(service, event)?;
                continue;
            }
            if event.pos != *head + 1 {
                return Err(format!("{service}: position {} comes after {head}", event.pos));
            }
            *head = event.pos;
            self.follows(service, event)?;
            self.apply(service, event)?;
            touched.insert(event.stream.clone(), event.at);
        }
        touched.into_iter().try_for_each(|(stream, at)| self.check(service, &stream, at))
    }

    /// Checks that the event continues its stream: no gap, no fork, an unbroken hash chain.
    fn follows(&mut self, service: &'static str, event: &Recorded) -> Result<(), String> {
        let first = || StreamHead { version: 0, hash: GENESIS };
        let seen = self.streams.entry((service, event.stream.clone())).or_insert_with(first);
        if event.version != seen.version + 1 {
            let (stream, version) = (&event.stream, event.version);
            return Err(format!("{service}: version {version} of {stream} comes after {}", seen.version));
        }
        let (kind, data) = (&event.kind, &event.data);
        let hash = chain(&seen.hash, &event.stream, event.version, kind, event.schema, event.at, data);
        if hash != event.hash {
            return Err(format!("{service}: the chain of {} breaks at {}", event.stream, event.version));
        }
        *seen = StreamHead { version: event.version, hash };
        Ok(())
    }

    fn apply(&mut self, service: &str, event: &Recorded) -> Result<(), String> {
        let (stream, unread) = (&event.stream, |what: String| format!("{service}: {}: {what}", event.kind));
        if stream.starts_with("day/") {
            let known =
                <DayEvent as Stored>::decode(&event.kind, event.schema, &event.data).map_err(unread)?;
            self.days.entry(stream.clone()).or_insert_with(|| Day::new(stream)).apply(&known);
        } else if stream.starts_with("hall/") {
            let known =
                <HallEvent as Stored>::decode(&event.kind, event.schema, &event.data).map_err(unread)?;
            self.halls.entry(stream.clone()).or_insert_with(|| HallDay::new(stream)).apply(&known);
        } else if stream.starts_with("outbox/") {
            let known =
                <OutboxEvent as Stored>::decode(&event.kind, event.schema, &event.data).map_err(unread)?;
            self.outboxes.entry(stream.clone()).or_insert_with(|| Outbox::new(stream)).apply(&known);
        }
        Ok(())
    }

    fn check(&self, service: &str, stream: &str, at: Moment) -> Result<(), String> {
        let holds = self.days.get(stream).map_or(Ok(()), |day| day.invariant_check(at));
        let holds = holds.and_then(|()| self.halls.get(stream).map_or(Ok(()), HallDay::invariant_check));
        let holds = holds.and_then(|()| self.outboxes.get(stream).map_or(Ok(()), Outbox::invariant_check));
        holds.map_err(|what| format!("{service}: {stream}: {what}"))
    }
}
