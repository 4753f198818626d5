//! Replicas of a role with one kind of machine, over one journal: each has its own tasks, which end when it is killed.
#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "a test fails by panicking; each test program uses its part"
)]

use okienko_actor::{Context, Order, Place, ReceiptKey, Registry};
use okienko_journal::faulty::FaultyEngine;
use okienko_journal::{Engine, Followers, Journal};
use okienko_kernel::world::Task;
use okienko_kernel::{Clock, Fault, Homes, Machine, Moment, Span, Stored, Tasks};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::AbortHandle;

pub const ROLE: &str = "halls";

/// A hall with numbered seats, and a bell that rings a minute after it is set.
#[derive(Clone, Default)]
pub struct Hall {
    pub taken: BTreeSet<u32>,
    bell: Option<Moment>,
    pub rung: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Command {
    Take(u32),
    Free(u32),
    SetBell,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    Taken(u32),
    Freed(u32),
    BellSet(Moment),
    Rung,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Refusal {
    Occupied,
}

impl Stored for Event {
    const KINDS: &'static [&'static str] = &["hall"];
    fn kind(&self) -> &'static str {
        "hall"
    }
    fn encode(&self) -> Result<Vec<u8>, String> {
        Ok(serde_json::to_vec(self).unwrap())
    }
    fn decode(_: &str, _: u16, data: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(data).map_err(|e| e.to_string())
    }
}

impl Machine for Hall {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;
    type Reply = u32;

    fn new(_: &str) -> Self {
        Hall::default()
    }
    fn decide(&self, command: &Command, now: Moment) -> Result<Vec<Event>, Refusal> {
        Ok(match command {
            Command::Take(seat) if self.taken.contains(seat) => return Err(Refusal::Occupied),
            Command::Take(seat) => vec![Event::Taken(*seat)],
            Command::Free(seat) if self.taken.contains(seat) => vec![Event::Freed(*seat)],
            Command::Free(_) => vec![],
            Command::SetBell => vec![Event::BellSet(now + Span::from_mins(1))],
        })
    }
    fn apply(&mut self, event: &Event) {
        match event {
            Event::Taken(seat) => assert!(self.taken.insert(*seat), "a seat is never given twice"),
            Event::Freed(seat) => assert!(self.taken.remove(seat), "what is free is not freed"),
            Event::BellSet(at) => self.bell = Some(*at),
            Event::Rung => {
                assert!(self.bell.take().is_some(), "a bell rings once");
                self.rung += 1;
            }
        }
    }
    fn reply(&self, _: &Command, _: &[Event], _: Moment) -> u32 {
        self.taken.len() as u32
    }
    fn wake(&self) -> Option<Moment> {
        self.bell
    }
    fn on_wake(&self, now: Moment) -> Vec<Event> {
        if self.bell.is_some_and(|at| at <= now) { vec![Event::Rung] } else { vec![] }
    }
}

/// A clock that stands until moved; all replicas share it.
#[derive(Clone)]
pub struct Hand(Arc<(AtomicI64, Notify)>);

impl Default for Hand {
    fn default() -> Self {
        Hand(Arc::new((AtomicI64::new(1_000_000), Notify::new())))
    }
}

impl Hand {
    pub fn advance(&self, span: Span) {
        self.0.0.fetch_add(span.micros(), Ordering::SeqCst);
        self.0.1.notify_waiters();
    }
}

impl Clock for Hand {
    fn now(&self) -> Moment {
        Moment::from_micros(self.0.0.load(Ordering::SeqCst))
    }
    fn until(&self, at: Moment) -> Task {
        let this = self.clone();
        Box::pin(async move {
            loop {
                let moved = this.0.1.notified();
                if this.now() >= at {
                    return;
                }
                moved.await;
            }
        })
    }
}

/// Tasks of one replica.
#[derive(Clone)]
pub struct Mortal(Arc<Mutex<Vec<AbortHandle>>>, Handle);

impl Tasks for Mortal {
    fn spawn(&self, _: &'static str, task: Task) {
        self.0.lock().push(self.1.spawn(task).abort_handle());
    }
    fn dedicate(&self, name: &'static str, _: okienko_kernel::IfLost, task: Task) {
        self.spawn(name, task);
    }
}

impl Mortal {
    /// On the current runtime.
    pub fn here() -> Mortal {
        Mortal(Arc::default(), Handle::current())
    }
    pub fn kill(&self) {
        self.0.lock().drain(..).for_each(|task| task.abort());
    }
}

pub struct Replica {
    pub halls: Registry<Hall>,
    pub journal: Arc<Journal>,
    /// Faults of this replica's own access to the store.
    pub faults: Arc<FaultyEngine>,
    pub tasks: Mortal,
}

pub async fn replica(store: Arc<dyn Engine>, homes: Arc<dyn Homes>, clock: &Hand) -> Replica {
    let tasks = Mortal::here();
    let faults = Arc::new(FaultyEngine::new(store));
    let journal = Journal::start("test", faults.clone(), &tasks).await.unwrap();
    let followers = Followers::start(&journal, &tasks);
    let context = Context {
        journal: journal.clone(),
        clock: Arc::new(clock.clone()),
        wall: Arc::new(clock.clone()),
        tasks: Arc::new(tasks.clone()),
        place: Place::new(ROLE, homes, followers),
    };
    let halls = Registry::start(&context, "hall/").await.unwrap();
    Replica { halls, journal, faults, tasks }
}

pub type AskResult = Result<Result<u32, Refusal>, Fault>;

impl Replica {
    pub async fn ask(&self, stream: &str, command: Command, key: Option<&str>) -> AskResult {
        let receipt = key.map(|key| ReceiptKey::new("hall", key, format!("{command:?}").as_bytes()));
        self.halls.send("o", stream, Order::new(command, "test").receipt(receipt)).await
    }
    pub async fn take(&self, stream: &str, seat: u32) -> AskResult {
        self.ask(stream, Command::Take(seat), None).await
    }
    pub async fn taken(&self, stream: &str) -> BTreeSet<u32> {
        self.halls.read("o", stream, |hall| hall.taken.clone()).await.unwrap()
    }
}

/// The stored events of each stream; checks that no version is missing or duplicated.
pub async fn stored(engine: &dyn Engine) -> BTreeMap<String, Vec<Event>> {
    let mut streams: BTreeMap<String, Vec<Event>> = BTreeMap::new();
    for event in engine.read_after(0, 1_000_000).await.unwrap() {
        let known = streams.entry(event.stream.to_string()).or_default();
        known.push(serde_json::from_slice(&event.data).unwrap());
        assert_eq!(event.version, known.len() as u64, "a hole in {}", event.stream);
    }
    // Panics if a seat was given twice or a bell rang twice.
    for events in streams.values() {
        let mut hall = Hall::default();
        events.iter().for_each(|event| hall.apply(event));
    }
    streams
}

/// Waits until `is_so`; a test that hangs here fails by its timeout.
pub async fn until<F: Future<Output = bool>>(mut is_so: impl FnMut() -> F) {
    while !is_so().await {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
}
