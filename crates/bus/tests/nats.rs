//! The bus on a real nats-server: the conformance suite, several processes, and NATS unreachable. One server serves
//! them all. Where it is not installed, nothing is checked, and that is printed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    reason = "a test fails by panicking"
)]

use async_trait::async_trait;
use okienko_bus::{
    Bus, Consumer, From, NatsBus, NatsSettings, NotTaken, PublicEvent, Publisher, conformance,
};
use okienko_drill::Nats;
use okienko_journal::{Append, Journal, MemoryEngine, NewEvent, Outcome, Poison, Recorded, Submission};
use okienko_kernel::homes::{Answered, Ask, Desk, Home, Homes, NoAnswer, Peer};
use okienko_kernel::world::Task;
use okienko_kernel::{Clock, Moment, Tasks};
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};
use tokio::sync::{oneshot, watch};

struct TokioTasks;

#[expect(clippy::disallowed_methods, reason = "this is the tests' World")]
impl Tasks for TokioTasks {
    fn spawn(&self, _: &'static str, task: Task) {
        tokio::spawn(task);
    }
    fn dedicate(&self, _: &'static str, _: okienko_kernel::IfLost, task: Task) {
        tokio::spawn(task);
    }
}

struct Wall;

impl Clock for Wall {
    #[expect(clippy::disallowed_methods, reason = "this is the tests' World")]
    fn now(&self) -> Moment {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        Moment::from_micros(since.as_micros() as i64)
    }
    fn until(&self, _: Moment) -> Task {
        Box::pin(async {})
    }
}

static INSTALLATIONS: AtomicU32 = AtomicU32::new(0);

fn installation() -> String {
    format!("test{}", INSTALLATIONS.fetch_add(1, Ordering::Relaxed))
}

async fn bus(server: &Nats, installation: &str) -> Arc<NatsBus> {
    let mut settings = NatsSettings::new(&server.url(), &["test"]);
    settings.installation = installation.to_owned();
    Arc::new(NatsBus::open(settings, Arc::new(TokioTasks), Arc::new(Wall)).await.unwrap())
}

struct All;

impl Publisher for All {
    fn publish(&self, event: &Recorded) -> Vec<PublicEvent> {
        vec![PublicEvent {
            subject: PublicEvent::subject(&event.office, "test", "happened"),
            stream: event.stream.clone(),
            version: event.version,
            at: event.at,
            trace: event.trace(),
            payload: event.data.clone().into(),
        }]
    }
}

#[derive(Default)]
struct Notebook(Mutex<Vec<u64>>);

#[async_trait]
impl Consumer for Notebook {
    async fn take(&self, batch: Vec<PublicEvent>) -> Result<(), NotTaken> {
        self.0.lock().extend(batch.iter().map(|event| event.version));
        Ok(())
    }
}

impl Notebook {
    async fn has(&self, versions: std::ops::RangeInclusive<u64>) {
        while self.0.lock().last() != Some(versions.end()) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        // Events whose acknowledgement NATS lost come again; new ones come in order.
        let new = |fresh: &mut Vec<u64>, version: &u64| {
            if fresh.last().is_none_or(|last| version > last) {
                fresh.push(*version);
            }
        };
        let mut fresh = Vec::new();
        self.0.lock().iter().for_each(|version| new(&mut fresh, version));
        assert_eq!(fresh, versions.collect::<Vec<_>>(), "in order, none missing");
    }
}

async fn write(journal: &Journal, versions: std::ops::Range<u64>) {
    let poison = Arc::new(Poison::default());
    for expected in versions {
        let (kind, cause) = ("x", "test".into());
        let event = NewEvent { kind, schema: 1, data: vec![1], at: Moment::default(), cause, hash: [0; 32] };
        let append = Append {
            office: "torun".into(),
            stream: "a".into(),
            expected,
            at: Moment::default(),
            events: vec![event],
            receipts: vec![],
            claims: vec![],
            vault: vec![],
            wake: None,
        };
        let (sender, receiver) = oneshot::channel();
        let done = Box::new(move |outcome| {
            let _ = sender.send(outcome);
        });
        journal.submit(Submission { append, poison: poison.clone(), done }).await;
        assert_eq!(receiver.await, Ok(Outcome::Committed));
    }
}

async fn journal() -> Arc<Journal> {
    Journal::start("test", MemoryEngine::shared(), &TokioTasks).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bus_between_processes_keeps_every_promise() {
    if !Nats::is_installed() {
        println!("NATS is not installed: not checked");
        return;
    }
    let mut server = Nats::start().unwrap();
    let open = || -> Arc<dyn Bus> {
        let handle = tokio::runtime::Handle::current();
        tokio::task::block_in_place(|| handle.block_on(bus(&server, &installation())))
    };
    conformance::all(&open, &TokioTasks).await;
    a_consumer_of_another_process_may_come_first_and_goes_on_where_it_was(&server).await;
    what_a_process_left_half_done_the_next_takes_at_once_and_in_order(&server).await;
    two_processes_that_publish_one_journal_repeat_nothing_out_of_order(&server).await;
    while_nats_is_away_facts_wait_and_then_come_in_order(&mut server).await;
    what_nats_has_lost_is_published_again(&mut server).await;
    one_that_starts_without_nats_is_told_what_came_since(&mut server).await;
}

async fn a_consumer_of_another_process_may_come_first_and_goes_on_where_it_was(server: &Nats) {
    let name = installation();
    let (journal, notebook) = (journal().await, Arc::new(Notebook::default()));
    let consuming = bus(server, &name).await;
    consuming.consume("a", "test", From::Start, notebook.clone()).await.unwrap();
    assert!(consuming.consume("a", "nobody", From::Start, notebook.clone()).await.is_err());
    let producing = bus(server, &name).await;
    producing.offer("test", journal.clone(), Arc::new(All));
    write(&journal, 0..700).await;
    notebook.has(1..=700).await;
    // A second replica of the consumer shares its name: what was acknowledged does not come again.
    let (replica, again) = (bus(server, &name).await, Arc::new(Notebook::default()));
    while !consuming.is_idle() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    replica.consume("a", "test", From::Start, again.clone()).await.unwrap();
    write(&journal, 700..701).await;
    while again.0.lock().len() + notebook.0.lock().len() < 701 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert!(again.0.lock().iter().all(|version| *version == 701));
}

/// Whether everything has its home here, as set by a test.
#[derive(Clone)]
struct Switch(watch::Sender<bool>);

impl Homes for Switch {
    fn home(&self, _: &str, _: &str) -> Home {
        if *self.0.borrow() { Home::Here } else { Home::There(Arc::new(Elsewhere)) }
    }
    fn moved(&self) -> Task {
        let mut moved = self.0.subscribe();
        Box::pin(async move { drop(moved.changed().await) })
    }
    fn open_desk(&self, _: &'static str, _: &str, _: Arc<dyn Desk>) {}
}

struct Elsewhere;

impl Peer for Elsewhere {
    fn ask(&self, _: Ask) -> Answered<Result<Vec<u8>, NoAnswer>> {
        Box::pin(async { Err(NoAnswer::NotDelivered) })
    }
}

/// Takes what it is handed and never finishes.
#[derive(Default)]
struct Stuck(Notebook);

#[async_trait]
impl Consumer for Stuck {
    async fn take(&self, batch: Vec<PublicEvent>) -> Result<(), NotTaken> {
        self.0.take(batch).await?;
        std::future::pending().await
    }
}

async fn what_a_process_left_half_done_the_next_takes_at_once_and_in_order(server: &Nats) {
    let name = installation();
    let journal = journal().await;
    let (here, there) = (Switch(watch::Sender::new(true)), Switch(watch::Sender::new(false)));
    let open = |homes: &Switch| {
        let (mut settings, homes) = (NatsSettings::new(&server.url(), &["test"]), Arc::new(homes.clone()));
        settings.installation = name.clone();
        async move {
            let bus = NatsBus::open(settings, Arc::new(TokioTasks), Arc::new(Wall)).await.unwrap();
            bus.among(homes)
        }
    };
    let (one, two) = (open(&here).await, open(&there).await);
    one.offer("test", journal.clone(), Arc::new(All));
    two.offer("test", journal.clone(), Arc::new(All));
    let (stuck, notebook) = (Arc::new(Stuck::default()), Arc::new(Notebook::default()));
    one.consume("a", "test", From::Start, stuck.clone()).await.unwrap();
    two.consume("a", "test", From::Start, notebook.clone()).await.unwrap();
    write(&journal, 0..600).await;
    while stuck.0.0.lock().is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert!(notebook.0.lock().is_empty() && two.is_idle(), "it is at home in the other");
    here.0.send_replace(false);
    there.0.send_replace(true);
    write(&journal, 600..700).await;
    notebook.has(1..=700).await;
    assert!(one.is_idle());
}

async fn two_processes_that_publish_one_journal_repeat_nothing_out_of_order(server: &Nats) {
    let name = installation();
    let (journal, notebook) = (journal().await, Arc::new(Notebook::default()));
    let (one, two) = (bus(server, &name).await, bus(server, &name).await);
    one.offer("test", journal.clone(), Arc::new(All));
    two.offer("test", journal.clone(), Arc::new(All));
    one.consume("a", "test", From::Start, notebook.clone()).await.unwrap();
    write(&journal, 0..500).await;
    notebook.has(1..=500).await;
    assert_eq!(notebook.0.lock().len(), 500, "the second copy of each was dropped");
}

async fn while_nats_is_away_facts_wait_and_then_come_in_order(server: &mut Nats) {
    let bus = bus(server, &installation()).await;
    let journal = journal().await;
    bus.offer("test", journal.clone(), Arc::new(All));
    let (lasting, live) = (Arc::new(Notebook::default()), Arc::new(Notebook::default()));
    bus.consume("a", "test", From::Start, lasting.clone()).await.unwrap();
    bus.consume("b", "test", From::Now, live.clone()).await.unwrap();
    write(&journal, 0..100).await;
    lasting.has(1..=100).await;
    tokio::task::block_in_place(|| server.kill());
    write(&journal, 100..300).await;
    assert!(!bus.is_idle(), "what is not published is not done");
    tokio::time::sleep(Duration::from_secs(3)).await;
    tokio::task::block_in_place(|| server.start_again()).unwrap();
    lasting.has(1..=300).await;
    live.has(1..=300).await;
    server.freeze();
    write(&journal, 300..320).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    server.thaw();
    lasting.has(1..=320).await;
}

async fn what_nats_has_lost_is_published_again(server: &mut Nats) {
    let name = installation();
    let (journal, notebook) = (journal().await, Arc::new(Notebook::default()));
    let producing = bus(server, &name).await;
    producing.offer("test", journal.clone(), Arc::new(All));
    write(&journal, 0..120).await;
    while !producing.is_idle() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    tokio::task::block_in_place(|| server.lose()).unwrap();
    tokio::task::block_in_place(|| server.start_again()).unwrap();
    let consuming = bus(server, &name).await;
    consuming.consume("a", "test", From::Start, notebook.clone()).await.unwrap();
    write(&journal, 120..130).await;
    notebook.has(1..=130).await;
}

async fn one_that_starts_without_nats_is_told_what_came_since(server: &mut Nats) {
    let name = installation();
    let (journal, notebook) = (journal().await, Arc::new(Notebook::default()));
    tokio::task::block_in_place(|| server.kill());
    let consuming = bus(server, &name).await;
    consuming.consume("a", "test", From::Now, notebook.clone()).await.unwrap();
    let producing = bus(server, &name).await;
    producing.offer("test", journal.clone(), Arc::new(All));
    write(&journal, 0..50).await;
    tokio::task::block_in_place(|| server.start_again()).unwrap();
    notebook.has(1..=50).await;
}
