//! A relay reads the journal in position order from a durable cursor and hands batches to a sink: at least once, none
//! skipped, never ahead of the commit. Effects happen here and nowhere else. Knows nothing of what a sink does.

use crate::hand_over::{HandOver, Pause, Taker};
use crate::measured::Lag;
use crate::{Journal, JournalError, NotTaken, Recorded, Seldom};
use async_trait::async_trait;
use futures::future::BoxFuture;
use okienko_kernel::homes::{Homes, while_here};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::watch;

/// Events per batch: enough to be quick, few enough that a retry repeats little.
const BATCH: usize = 512;

/// Where a relay's events go.
#[async_trait]
pub trait Sink: Send + Sync + 'static {
    /// Takes a batch in order, idempotently. An error says whether to retry it later, or that one event can never be
    /// taken.
    async fn take(&self, batch: &[Recorded]) -> Result<(), NotTaken>;
}

impl Taker<Recorded> for Arc<dyn Sink> {
    fn take<'t>(&'t self, events: &'t [Recorded]) -> BoxFuture<'t, Result<(), NotTaken>> {
        Sink::take(&**self, events)
    }
}

/// How far a relay has come, for those who wait until everything is carried out.
#[derive(Clone)]
pub struct Progress {
    name: Arc<str>,
    done: Arc<AtomicU64>,
    head: watch::Receiver<u64>,
    home: Option<Arc<RelayHome>>,
}

impl Progress {
    /// Whether everything committed was handed over and taken, or is another process's task.
    pub fn is_idle(&self) -> bool {
        self.lag() == 0
    }
    /// What remains to be handed over, for finding out what keeps a process busy.
    pub fn waits_for(&self) -> Option<String> {
        let lag = self.lag();
        (lag > 0).then(|| format!("{}: {lag} events behind", self.name))
    }
    /// How many events this process has yet to hand over.
    pub fn lag(&self) -> u64 {
        if self.home.as_ref().is_some_and(|home| !home.is_here()) {
            return 0;
        }
        self.head.borrow().saturating_sub(self.done.load(Ordering::Acquire))
    }
}

/// A relay that is ready to run.
pub struct Relay {
    journal: Arc<Journal>,
    name: String,
    durable: bool,
    sink: Arc<dyn Sink>,
    done: Arc<AtomicU64>,
    says: Seldom,
}

impl Relay {
    /// A relay that starts after the stored position of the cursor `name`.
    pub async fn open(
        journal: Arc<Journal>,
        name: &str,
        sink: Arc<dyn Sink>,
    ) -> Result<(Arc<Relay>, Progress), JournalError> {
        let pos = journal.engine().cursor(name).await?;
        Ok(Relay::at(journal, name, true, pos, sink))
    }

    /// A relay of events from now on, without a cursor: for callers who read earlier events elsewhere.
    pub fn live(journal: Arc<Journal>, name: &str, sink: Arc<dyn Sink>) -> (Arc<Relay>, Progress) {
        let pos = *journal.head().borrow();
        Relay::at(journal, name, false, pos, sink)
    }

    fn at(
        journal: Arc<Journal>,
        name: &str,
        durable: bool,
        pos: u64,
        sink: Arc<dyn Sink>,
    ) -> (Arc<Relay>, Progress) {
        let done = Arc::new(AtomicU64::new(pos));
        let progress = Progress { name: name.into(), done: done.clone(), head: journal.head(), home: None };
        let (name, says) = (name.to_owned(), Seldom::default());
        (Arc::new(Relay { journal, name, durable, sink, done, says }), progress)
    }

    /// Runs until the journal is closed; if it is lost, running it again continues where it stopped.
    pub async fn run(self: Arc<Self>) {
        self.keep_on().await;
    }

    async fn keep_on(&self) {
        let mut head = self.journal.head();
        let lag = Lag::of(self.journal.name(), &self.name);
        let behind =
            || lag.is(self.journal.head().borrow().saturating_sub(self.done.load(Ordering::Acquire)));
        loop {
            let pos = self.done.load(Ordering::Acquire);
            behind();
            let batch = self.retry("read", &behind, || self.journal.read_after(pos, BATCH)).await;
            let Some(last) = batch.last().map(|event| event.pos) else {
                if head.changed().await.is_err() {
                    return;
                }
                continue;
            };
            self.hand_over(batch, &behind).await;
            if self.durable {
                self.journal.move_cursor(&self.name, last);
            }
            self.done.store(last, Ordering::Release);
        }
    }

    /// Hands a batch over until every event in it is taken or set aside.
    async fn hand_over(&self, batch: Vec<Recorded>, behind: &(dyn Fn() + Sync)) {
        let (mut batch, mut pause) = (HandOver::new(&self.name, batch), Pause::default());
        while let Err(why) = batch.attempt(&self.sink).await {
            self.tries_again("sink", &why);
            behind();
            pause.sleep().await;
        }
        self.says.is_over();
    }

    async fn retry<T, F>(&self, what: &str, behind: &(dyn Fn() + Sync), mut attempt: impl FnMut() -> F) -> T
    where
        F: Future<Output = Result<T, JournalError>>,
    {
        let mut pause = Pause::default();
        loop {
            match attempt().await {
                Ok(value) => {
                    self.says.is_over();
                    return value;
                }
                Err(error) => self.tries_again(what, &error.to_string()),
            }
            behind();
            pause.sleep().await;
        }
    }

    fn tries_again(&self, what: &str, error: &str) {
        if let Some(unsaid) = self.says.says() {
            tracing::warn!(relay = self.name, step = what, error, unsaid, "will be tried again");
        }
    }
}

/// The replicas among which a relay roams.
#[derive(Clone)]
pub struct RelayHome {
    /// Tells where keys have their home.
    pub homes: Arc<dyn Homes>,
    /// The role whose replicas it may run in.
    pub role: String,
    /// The key whose home runs the relay.
    pub key: String,
}

impl RelayHome {
    /// Whether it should run in this process.
    pub fn is_here(&self) -> bool {
        self.homes.home(&self.role, &self.key).is_here()
    }
}

/// A relay that runs in one process of many at a time, the home of its key. On arrival it continues after the stored
/// position; when the home moves it is dropped at its next await point, and its successor repeats about a second of
/// work.
pub struct Roaming {
    relay: Arc<Relay>,
    home: Arc<RelayHome>,
}

impl Roaming {
    /// A relay with the cursor `name`.
    pub async fn open(
        journal: Arc<Journal>,
        name: &str,
        home: RelayHome,
        sink: Arc<dyn Sink>,
    ) -> Result<(Arc<Roaming>, Progress), JournalError> {
        let home = Arc::new(home);
        let (relay, mut progress) = Relay::open(journal, name, sink).await?;
        progress.home = Some(home.clone());
        Ok((Arc::new(Roaming { relay, home }), progress))
    }

    /// Runs until the journal is closed; if it is lost, running it again continues where it stopped.
    pub async fn run(self: Arc<Self>) {
        while_here(&*self.home.homes, &self.home.role, &self.home.key, || self.relay.go_on()).await;
    }
}

impl Relay {
    /// Continues from the stored position.
    async fn go_on(&self) {
        let pos = self.retry("cursor", &|| {}, || self.journal.engine().cursor(&self.name)).await;
        self.done.fetch_max(pos, Ordering::AcqRel);
        self.keep_on().await;
    }
}
