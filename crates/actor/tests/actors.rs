//! The actors' loop over the memory journal with faults: what was answered is in the journal, retries get the first
//! answer, unique keys have one holder, timers fire, and no stream has a hole.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    reason = "a test fails by panicking"
)]

use futures::future::join_all;
use okienko_actor::{Context, Order, Place, ReceiptKey, Registry};
use okienko_journal::faulty::{Fault, FaultyEngine};
use okienko_journal::{Engine, Journal, MemoryEngine};
use okienko_kernel::Fault as ActorFault;
use okienko_kernel::world::{SeededEntropy, Task};
use okienko_kernel::{ClaimChange, Clock, Entropy, Machine, Moment, Rehearsing, Span, Stored, Tasks};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

/// Makes the next wake of the hall that breaks panic.
static BREAKS: AtomicBool = AtomicBool::new(false);

/// A hall with numbered seats; each guest has at most one across all halls; seats not paid for within a minute become
/// free again.
struct Hall {
    breaks: bool,
    taken: BTreeSet<u32>,
    guests: BTreeSet<u32>,
    pending_until: Option<Moment>,
    expired: u32,
}

#[derive(Clone, Serialize, Deserialize)]
enum Command {
    Take { seat: u32, guest: u32 },
    Start,
}

#[derive(Clone, Serialize, Deserialize)]
enum Event {
    Taken { seat: u32, guest: u32 },
    Started { until: Moment },
    Expired,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Refusal {
    Occupied,
    HasOneElsewhere,
}

/// A seat whose event cannot be encoded.
const UNWRITABLE: u32 = 1_313;

impl Stored for Event {
    const KINDS: &'static [&'static str] = &["seat"];
    fn kind(&self) -> &'static str {
        "seat"
    }
    fn encode(&self) -> Result<Vec<u8>, String> {
        match self {
            Event::Taken { seat: UNWRITABLE, .. } => Err("seat has no JSON".into()),
            _ => Ok(serde_json::to_vec(self).unwrap()),
        }
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

    fn new(stream: &str) -> Self {
        Hall {
            breaks: stream == "hall/breaks",
            taken: BTreeSet::new(),
            guests: BTreeSet::new(),
            pending_until: None,
            expired: 0,
        }
    }
    fn decide(&self, command: &Command, now: Moment) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Take { seat, .. } if self.taken.contains(seat) => Err(Refusal::Occupied),
            Command::Take { seat, guest } => Ok(vec![Event::Taken { seat: *seat, guest: *guest }]),
            Command::Start => Ok(vec![Event::Started { until: now + Span::from_mins(1) }]),
        }
    }
    fn apply(&mut self, event: &Event) {
        match event {
            Event::Taken { seat, guest } => {
                assert!(self.taken.insert(*seat), "a seat is never given twice");
                self.guests.insert(*guest);
            }
            Event::Started { until } => self.pending_until = Some(*until),
            Event::Expired => {
                self.pending_until = None;
                self.expired += 1;
            }
        }
    }
    fn reply(&self, _: &Command, _: &[Event], _: Moment) -> u32 {
        self.taken.len() as u32
    }
    fn wake(&self) -> Option<Moment> {
        self.pending_until
    }
    fn on_wake(&self, now: Moment) -> Vec<Event> {
        assert!(!(self.breaks && BREAKS.swap(false, Ordering::AcqRel)), "planned");
        if self.pending_until.is_some_and(|at| at <= now) { vec![Event::Expired] } else { vec![] }
    }
    fn claim_refusal(_: &Command, _: &str) -> Option<Refusal> {
        Some(Refusal::HasOneElsewhere)
    }
    fn claim_changes(event: &Event) -> Vec<ClaimChange> {
        match event {
            Event::Taken { seat, guest } => vec![ClaimChange::Take {
                key: format!("guest/{guest}"),
                holder: format!("seat {seat}"),
                until: Moment::MAX,
            }],
            _ => vec![],
        }
    }
}

struct World {
    now: AtomicI64,
    moved: Notify,
}

#[derive(Clone)]
struct Handle(Arc<World>);

impl Handle {
    fn advance(&self, span: Span) {
        self.0.now.fetch_add(span.micros(), Ordering::SeqCst);
        self.0.moved.notify_waiters();
    }
}

impl Clock for Handle {
    fn now(&self) -> Moment {
        Moment::from_micros(self.0.now.load(Ordering::SeqCst))
    }
    fn until(&self, at: Moment) -> Task {
        let this = self.clone();
        Box::pin(async move {
            loop {
                let moved = this.0.moved.notified();
                if this.now() >= at {
                    return;
                }
                moved.await;
            }
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the tests' World")]
impl Tasks for Handle {
    fn spawn(&self, _: &'static str, task: Task) {
        tokio::spawn(task);
    }
    fn dedicate(&self, _: &'static str, _: okienko_kernel::IfLost, task: Task) {
        tokio::spawn(task);
    }
}

struct Bench {
    clock: Handle,
    store: Arc<MemoryEngine>,
    faulty: Arc<FaultyEngine>,
    halls: Registry<Hall>,
}

async fn start_on(store: Arc<MemoryEngine>) -> Bench {
    let clock = Handle(Arc::new(World { now: AtomicI64::new(1_000_000), moved: Notify::new() }));
    let faulty = Arc::new(FaultyEngine::new(store.clone()));
    let journal = Journal::start("test", faulty.clone(), &clock).await.unwrap();
    let context = Context {
        journal,
        clock: Arc::new(clock.clone()),
        wall: Arc::new(clock.clone()),
        tasks: Arc::new(clock.clone()),
        place: Place::new("", Arc::new(Rehearsing), Arc::default()),
    };
    let halls = Registry::start(&context, "hall/").await.unwrap();
    Bench { clock, store, faulty, halls }
}

async fn start() -> Bench {
    start_on(MemoryEngine::shared()).await
}

fn take(seat: u32, guest: u32) -> Order<Hall> {
    Order::new(Command::Take { seat, guest }, "test")
}

fn keyed(seat: u32, guest: u32, key: &str) -> Order<Hall> {
    take(seat, guest).receipt(Some(ReceiptKey::new("take", key, &seat.to_be_bytes())))
}

#[tokio::test]
async fn many_at_once_get_each_seat_once_in_one_or_two_commits() {
    let b = start().await;
    let all = (0..2_000u32).map(|guest| b.halls.send("o", "hall/a", take(guest % 50, guest)));
    let answers = join_all(all).await;
    assert_eq!(answers.iter().filter(|a| matches!(a, Ok(Ok(_)))).count(), 50);
    assert_eq!(answers.iter().filter(|a| **a == Ok(Err(Refusal::Occupied))).count(), 1_950);
    assert_eq!(b.store.head().await.unwrap(), 50);
}

#[tokio::test]
async fn a_retry_gets_the_first_answer_also_after_a_restart_and_another_body_is_refused() {
    let b = start().await;
    assert_eq!(b.halls.send("o", "hall/a", keyed(1, 1, "k")).await, Ok(Ok(1)));
    b.halls.send("o", "hall/a", take(2, 2)).await.unwrap().unwrap();
    assert_eq!(b.halls.send("o", "hall/a", keyed(1, 1, "k")).await, Ok(Ok(1)));
    assert_eq!(b.halls.send("o", "hall/a", keyed(3, 1, "k")).await, Err(ActorFault::KeyReused));
    let again = start_on(b.store.clone()).await;
    assert_eq!(again.halls.send("o", "hall/a", keyed(1, 1, "k")).await, Ok(Ok(1)));
}

#[tokio::test]
async fn an_event_that_cannot_be_written_is_not_done_and_the_next_order_finds_all_as_it_was() {
    let b = start().await;
    b.halls.send("o", "hall/a", take(1, 1)).await.unwrap().unwrap();
    let refused = b.halls.send("o", "hall/a", keyed(UNWRITABLE, 2, "k")).await;
    assert!(matches!(refused, Err(ActorFault::NotDone(_))), "{refused:?}");
    assert_eq!(b.store.head().await.unwrap(), 1);
    assert_eq!(b.halls.send("o", "hall/a", keyed(3, 2, "l")).await, Ok(Ok(2)), "the guest holds no seat");
    let again = start_on(b.store.clone()).await;
    assert_eq!(again.halls.read("o", "hall/a", |hall| hall.taken.clone()).await, Ok([1, 3].into()));
}

#[tokio::test]
async fn a_unique_key_has_one_holder_over_all_streams_without_any_reload() {
    let b = start().await;
    let all = (0..200u32).map(|n| {
        let stream = format!("hall/{}", n % 8);
        let halls = b.halls.clone();
        async move { halls.send("o", &stream, take(n, 7)).await }
    });
    let answers = join_all(all).await;
    assert_eq!(answers.iter().filter(|a| matches!(a, Ok(Ok(_)))).count(), 1);
    assert_eq!(answers.iter().filter(|a| **a == Ok(Err(Refusal::HasOneElsewhere))).count(), 199);
    assert_eq!(b.store.head().await.unwrap(), 1, "nobody clashed in the journal");
}

#[tokio::test]
async fn a_timer_fires_when_the_clock_is_moved_there_and_after_a_restart() {
    let b = start().await;
    b.halls.send("o", "hall/a", Order::new(Command::Start, "test")).await.unwrap().unwrap();
    b.clock.advance(Span::from_secs(59));
    assert_eq!(b.halls.read("o", "hall/a", |h| h.expired).await, Ok(0));
    b.clock.advance(Span::from_secs(1));
    while b.halls.read("o", "hall/a", |h| h.expired).await != Ok(1) {
        tokio::task::yield_now().await;
    }
    b.halls.send("o", "hall/a", Order::new(Command::Start, "test")).await.unwrap().unwrap();
    let again = start_on(b.store.clone()).await;
    again.clock.advance(Span::from_mins(5));
    while again.store.head().await.unwrap() < 4 {
        tokio::task::yield_now().await;
    }
    assert_eq!(again.halls.read("o", "hall/a", |h| h.expired).await, Ok(2));
}

#[tokio::test]
async fn a_timer_at_which_an_actor_panicked_is_tried_again_though_nobody_asks() {
    let b = start().await;
    b.halls.send("o", "hall/breaks", Order::new(Command::Start, "test")).await.unwrap().unwrap();
    BREAKS.store(true, Ordering::Release);
    b.clock.advance(Span::from_secs(60));
    // Peeks only at what is in memory: loading the stream would set its timer.
    let freed = async {
        while b.halls.peek_loaded("hall/breaks", |hall| hall.expired) != Some(1) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), freed).await.expect("its seats stay taken");
    assert!(!BREAKS.load(Ordering::Acquire), "nothing broke");
}

#[expect(clippy::disallowed_methods, reason = "somebody else asks at the same time")]
fn beside<T: Send + 'static>(what: impl Future<Output = T> + Send + 'static) -> tokio::task::JoinHandle<T> {
    tokio::spawn(what)
}

/// Fails what would wait for ever in a wrong program.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(5), what).await.expect("nobody waits for another's stream")
}

#[tokio::test]
async fn a_stream_that_loads_slowly_delays_nobody_elses_orders_reads_and_timers() {
    let store = MemoryEngine::shared();
    let before = start_on(store.clone()).await;
    for stream in ["hall/a", "hall/b"] {
        before.halls.send("o", stream, Order::new(Command::Start, "test")).await.unwrap().unwrap();
    }
    // Another process finds both in the store.
    let after = start_on(store).await;
    after.faulty.stall(Some("hall/a"));
    let halls = after.halls.clone();
    let slow = beside(async move { halls.send("o", "hall/a", take(1, 1)).await });
    tokio::task::yield_now().await;
    assert_eq!(soon(after.halls.send("o", "hall/c", take(1, 2))).await, Ok(Ok(1)));
    assert_eq!(soon(after.halls.read("o", "hall/c", |hall| hall.taken.len())).await, Ok(1));
    after.clock.advance(Span::from_mins(2));
    soon(async {
        while after.halls.peek("o", "hall/b", |hall| hall.expired).await != Ok(1) {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(after.halls.peek_loaded("hall/a", |_| ()), None, "what is not loaded is not shown as empty");
    after.faulty.stall(None);
    assert_eq!(soon(slow).await.unwrap(), Ok(Ok(1)));
    let seats = after.halls.read("o", "hall/a", |hall| (hall.taken.len(), hall.expired));
    assert_eq!(soon(seats).await, Ok((1, 1)));
}

#[tokio::test]
async fn whoever_hangs_up_while_a_stream_is_loaded_leaves_one_actor_that_serves_the_next() {
    let bench = start().await;
    bench.faulty.stall(Some("hall/a"));
    for n in 0..20 {
        let order = bench.halls.send("o", "hall/a", take(n, n));
        assert!(tokio::time::timeout(Duration::from_millis(1), order).await.is_err(), "it hangs up");
    }
    let halls = bench.halls.clone();
    let patient = beside(async move { halls.send("o", "hall/a", take(50, 50)).await });
    tokio::task::yield_now().await;
    bench.faulty.stall(None);
    assert_eq!(soon(patient).await.unwrap(), Ok(Ok(1)));
    assert_eq!(bench.faulty.loads(), 1, "one actor has loaded it");
}

#[tokio::test]
async fn whatever_the_journal_does_an_acknowledged_seat_is_there_and_no_stream_has_a_hole() {
    for seed in 0..30u64 {
        let random = SeededEntropy::new(seed);
        let b = start().await;
        let faults = (0..400).map(|_| match random.number() % 12 {
            0 => Fault::LostBefore,
            1 => Fault::LostAfter,
            2 => Fault::NotWritten,
            _ => Fault::None,
        });
        b.faulty.plan(faults.collect::<Vec<_>>());
        let mut acknowledged = BTreeSet::new();
        for round in 0..40u32 {
            let orders = (0..8u32).map(|n| {
                let (seat, stream) = (round * 8 + n, format!("hall/{}", n % 3));
                let halls = b.halls.clone();
                async move { (seat, halls.send("o", &stream, keyed(seat, seat, &seat.to_string())).await) }
            });
            for (seat, answer) in join_all(orders).await {
                if answer.is_ok() {
                    acknowledged.insert(seat);
                }
            }
        }
        b.faulty.plan([]);
        let stored = b.store.read_after(0, 9_999).await.unwrap();
        let seats: Vec<u32> = stored
            .iter()
            .map(|e| match serde_json::from_slice(&e.data).unwrap() {
                Event::Taken { seat, .. } => seat,
                _ => unreachable!(),
            })
            .collect();
        let unique: BTreeSet<u32> = seats.iter().copied().collect();
        assert_eq!(unique.len(), seats.len(), "seed {seed}: a seat was written twice");
        assert!(acknowledged.is_subset(&unique), "seed {seed}: an acknowledged seat is missing");
        for stream in ["hall/0", "hall/1", "hall/2"] {
            let versions: Vec<_> =
                b.store.load(stream, Moment::MAX).await.unwrap().events.iter().map(|e| e.version).collect();
            assert_eq!(
                versions,
                (1..=versions.len() as u64).collect::<Vec<_>>(),
                "seed {seed}: hole in {stream}"
            );
        }
    }
}
