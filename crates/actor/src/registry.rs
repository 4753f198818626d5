//! All actors of one kind in this process: looked up or started by stream key, woken by their timers. An order goes to
//! the home of its stream. Knows no service and no transport.

use crate::actor::{Actor, Answer, MAILBOX, Mail};
use crate::measured::{self, Measured};
use crate::order::Order;
use crate::place::Place;
use crate::timers::Timers;
use okienko_journal::{Journal, JournalError, Outcome, Seldom};
use okienko_kernel::{Clock, Fault, Machine, Moment, Stored, Tasks, again};
use okienko_trace::{Instrument, span};
use parking_lot::{Mutex, RwLock};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;
use tokio::sync::{Notify, SetOnce, mpsc, oneshot};
use tokio::time::Instant;
use tracing::field::Empty;

/// Attempts to hand an order that was certainly not carried out to the next incarnation.
const TRIES: usize = 3;
/// Attempts on a journal that others write to, where a failure may only mean that another process was first. After
/// [`LONG`] no more: then it is the journal that does not answer, and the caller should be told.
const TRIES_AMONG_MANY: usize = 12;
const LONG: Duration = Duration::from_secs(1);

/// What actors take from their World.
#[derive(Clone)]
pub struct Context {
    /// The journal with their events.
    pub journal: Arc<Journal>,
    /// Domain time.
    pub clock: Arc<dyn Clock>,
    /// Real time, for the lifetime of receipts.
    pub wall: Arc<dyn Clock>,
    /// Where they are spawned.
    pub tasks: Arc<dyn Tasks>,
    /// The homes of their streams, and what others write to them.
    pub place: Place,
}

/// Access to an actor. One `Arc` around it all: in a rush everybody clones the same handle, and a count per field would
/// be contended.
pub(crate) struct Handle<M: Machine> {
    pub(crate) mail: mpsc::Sender<Mail<M>>,
    state: Arc<RwLock<M>>,
    /// The version of `state`.
    pub(crate) seen: Arc<AtomicU64>,
    /// Whether the stream's home was here at the last check.
    pub(crate) home: Arc<AtomicBool>,
    /// Set once: the stream is loaded, or why it could not be.
    ready: Ready,
}

/// Tells everybody who waits for an actor, once, whether it has loaded its stream.
pub(crate) type Ready = Arc<SetOnce<Result<(), Fault>>>;

pub(crate) struct Shared<M: Machine> {
    pub(crate) journal: Arc<Journal>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) wall: Arc<dyn Clock>,
    pub(crate) tasks: Arc<dyn Tasks>,
    pub(crate) place: Place,
    pub(crate) prefix: String,
    /// Whether other processes write to the journal.
    pub(crate) is_shared: bool,
    pub(crate) timers: Timers,
    /// An entry is made before its stream loads, so that a stream has one actor; while it loads, only those who want it
    /// wait.
    pub(crate) actors: Mutex<HashMap<Arc<str>, Arc<Handle<M>>>>,
    /// How many times the journal's timers were to be read again, and up to which of these requests they have been.
    pub(crate) timers_asked: AtomicU64,
    pub(crate) timers_read: AtomicU64,
    pub(crate) timers_stale: Notify,
    pub(crate) measured: Measured,
    /// Limits the log of unreadable streams, which their timers ask for again and again.
    pub(crate) unread: Seldom,
}

impl<M: Machine> Shared<M> {
    /// Hands no more mail to the actor identified by `seen`; the stream may already have a newer one, which stays.
    pub(crate) fn forget(&self, stream: &str, seen: &Arc<AtomicU64>) {
        let mut actors = self.actors.lock();
        if actors.get(stream).is_some_and(|handle| Arc::ptr_eq(&handle.seen, seen)) {
            actors.remove(stream);
        }
    }

    /// Sets the stream's timer, kept only in the stream's home.
    pub(crate) fn set_timer(&self, stream: &Arc<str>, office: &Arc<str>, wake: Option<Moment>) {
        self.timers.set(stream, office, wake.filter(|_| self.place.is_here(stream)));
    }
}

/// All actors of one kind in this process.
pub struct Registry<M: Machine> {
    pub(crate) shared: Arc<Shared<M>>,
}

impl<M: Machine> Clone for Registry<M> {
    fn clone(&self) -> Self {
        Registry { shared: self.shared.clone() }
    }
}

impl<M> Registry<M>
where
    M: Machine,
    M::Command: Serialize + DeserializeOwned + Clone,
    M::Refusal: Serialize + DeserializeOwned,
    M::Event: Stored,
    M::Reply: Serialize + DeserializeOwned,
{
    /// A registry for streams whose key starts with `prefix`; reads their timers and starts waking them.
    pub async fn start(context: &Context, prefix: &str) -> Result<Registry<M>, JournalError> {
        let shared = Arc::new(Shared {
            journal: context.journal.clone(),
            clock: context.clock.clone(),
            wall: context.wall.clone(),
            tasks: context.tasks.clone(),
            place: context.place.clone(),
            prefix: prefix.to_owned(),
            is_shared: context.journal.is_shared(),
            timers: Timers::default(),
            actors: Mutex::default(),
            timers_asked: AtomicU64::new(0),
            timers_read: AtomicU64::new(0),
            timers_stale: Notify::new(),
            measured: Measured::of(context.journal.name(), prefix),
            unread: Seldom::default(),
        });
        let registry = Registry { shared };
        if registry.shared.is_shared {
            registry.follow_others();
        }
        registry.read_timers().await?;
        let woken = registry.clone();
        context.tasks.keep("timers", again(move || woken.clone().wake_forever()));
        if registry.shared.is_shared || !context.place.is_alone() {
            let read = registry.clone();
            context.tasks.keep("timers of others", again(move || read.clone().read_timers_forever()));
            registry.open_desk();
        }
        Ok(registry)
    }

    /// Carries out a command at the home of its stream. The answer comes after the commit; the inner error is the
    /// domain's refusal.
    pub async fn send(&self, office: &str, stream: &str, mut order: Order<M>) -> Answer<M> {
        let kind = self.shared.prefix.trim_end_matches('/');
        let span = span!("command", otel.name = format!("command {kind}"), office, outcome = Empty);
        let sent = async {
            order.trace = okienko_trace::here();
            self.send_home(office, stream, order).await
        };
        let answer = sent.instrument(span.clone()).await;
        span.record("outcome", measured::outcome::<M>(&answer));
        answer
    }

    async fn send_home(&self, office: &str, stream: &str, order: Order<M>) -> Answer<M> {
        if let Some(peer) = self.shared.place.peer(stream)
            && let Some(answer) = self.send_there(&*peer, office, stream, &order).await
        {
            return answer;
        }
        if self.shared.place.rehearses {
            return self.send_as_if_there(office, stream, order).await;
        }
        self.send_here(office, stream, order).await
    }

    /// The numbers of the attempts worth making.
    fn tries(&self) -> impl Iterator<Item = usize> + Send + use<M> {
        let begun = self.shared.is_shared.then(Instant::now);
        let most = if begun.is_some() { TRIES_AMONG_MANY } else { TRIES };
        (0..most).take_while(move |n| *n == 0 || begun.is_none_or(|begun| begun.elapsed() < LONG))
    }

    /// Carries out a command in this process, whichever replica is the home.
    pub(crate) async fn send_here(&self, office: &str, stream: &str, order: Order<M>) -> Answer<M> {
        let answer = self.carry_out(office, stream, order).await;
        self.shared.measured.answered::<M>(&answer);
        answer
    }

    async fn carry_out(&self, office: &str, stream: &str, order: Order<M>) -> Answer<M> {
        let Order { command, receipt, vault, cause, trace } = order;
        let mut last = Fault::Busy;
        for _ in self.tries() {
            let handle = self.handle(office, stream).await?;
            let (answer, answered) = oneshot::channel();
            let (command, vault, cause) = (command.clone(), vault.clone(), cause.clone());
            let order = Order { command, receipt, vault, cause, trace };
            let mail = Mail::Order(order, answer, self.shared.measured.waits());
            match handle.mail.try_send(mail) {
                Ok(()) => {}
                Err(mpsc::error::TrySendError::Full(_)) => return Err(Fault::Busy),
                Err(mpsc::error::TrySendError::Closed(_)) => continue,
            }
            match answered.await {
                Ok(Err(Fault::NotDone(what))) => last = Fault::NotDone(what),
                Ok(answer) => return answer,
                Err(_) => return Err(Fault::Unknown),
            }
        }
        Err(last)
    }

    /// Reads the state after everything asked before, and answers once that is durable. Always in this process: where
    /// others also write to the stream, catching up with them first costs less than the way to its home.
    pub async fn read<T, F>(&self, office: &str, stream: &str, query: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&M) -> T + Clone + Send + 'static,
    {
        let mut last = Fault::Unknown;
        for _ in self.tries() {
            let handle = self.handle(office, stream).await?;
            let (answer, answered) = oneshot::channel::<Result<T, Fault>>();
            let query = query.clone();
            let read = Mail::Read(Box::new(move |state: Result<&M, Fault>| {
                let value = state.map(query);
                Box::new(move |outcome| {
                    let told = if outcome == Outcome::Committed { value } else { Err(Fault::Unknown) };
                    let _ = answer.send(told);
                })
            }));
            match handle.mail.try_send(read) {
                Ok(()) => {}
                Err(mpsc::error::TrySendError::Full(_)) => return Err(Fault::Busy),
                Err(mpsc::error::TrySendError::Closed(_)) => continue,
            }
            match answered.await {
                Ok(Ok(value)) => return Ok(value),
                Ok(Err(fault)) => last = fault,
                Err(_) => last = Fault::Unknown,
            }
        }
        Err(last)
    }

    /// Looks at the state in memory: immediate, perhaps ahead of the commit by one batch. What another process wrote
    /// shows about a tenth of a second later. For hints such as free places, never for promises.
    pub async fn peek<T>(&self, office: &str, stream: &str, query: impl FnOnce(&M) -> T) -> Result<T, Fault> {
        let handle = self.handle(office, stream).await?;
        let state = handle.state.read();
        Ok(query(&state))
    }

    /// Like [`Registry::peek`], but only for a stream already in memory here; `None` for any other, which is not
    /// loaded.
    pub fn peek_loaded<T>(&self, stream: &str, query: impl FnOnce(&M) -> T) -> Option<T> {
        let handle = self.shared.actors.lock().get(stream).cloned()?;
        // An actor that has not loaded its stream yet has the state of an empty one.
        handle.ready.get()?.as_ref().ok()?;
        let state = handle.state.read();
        Some(query(&state))
    }

    /// When the earliest timer of a stream whose home is here falls due, if any.
    pub fn next_wake(&self) -> Option<Moment> {
        self.shared.timers.earliest()
    }

    /// The stream's actor, started if there is none; waits until its stream is loaded.
    pub(crate) async fn handle(&self, office: &str, stream: &str) -> Result<Arc<Handle<M>>, Fault> {
        let handle = self.begun(office, stream);
        if handle.ready.get().is_none() {
            handle.ready.wait().await;
        }
        match handle.ready.get() {
            Some(Ok(())) => Ok(handle),
            Some(Err(fault)) => Err(fault.clone()),
            None => Err(Fault::Unknown),
        }
    }

    fn begun(&self, office: &str, stream: &str) -> Arc<Handle<M>> {
        let mut actors = self.shared.actors.lock();
        if let Some(handle) = actors.get(stream) {
            return handle.clone();
        }
        let stream: Arc<str> = stream.into();
        let (mail, receiver) = mpsc::channel(MAILBOX);
        let (state, seen) = (Arc::new(RwLock::new(M::new(&stream))), Arc::<AtomicU64>::default());
        let home = Arc::new(AtomicBool::new(self.shared.place.is_here(&stream)));
        let handle = Arc::new(Handle { mail, state, seen, home, ready: Arc::default() });
        actors.insert(stream.clone(), handle.clone());
        drop(actors);
        let actor = Actor {
            stream,
            office: office.into(),
            shared: self.shared.clone(),
            mail: receiver,
            state: handle.state.clone(),
            seen: handle.seen.clone(),
            ready: handle.ready.clone(),
        };
        self.shared.tasks.spawn("actor", Box::pin(actor.run()));
        handle
    }
}
