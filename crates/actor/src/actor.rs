//! The one loop: take what waits, decide each order, append once, answer after the commit. An actor poisoned by a
//! failed append loads afresh and keeps its mailbox. Knows no service, no SQL and no transport.

use crate::draft::Draft;
use crate::measured::Waits;
use crate::order::{Order, ReceiptKey};
use crate::registry::{Ready, Shared};
use okienko_journal::{
    ChainHash, GENESIS, NewEvent, Outcome, Poison, RECEIPT_LIFE, Receipt, Recorded, Submission, chain,
};
use okienko_kernel::{ClaimChange, Fault, Machine, Moment, Span, Stored};
use okienko_trace::{Cause, Trace};
use parking_lot::RwLock;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Bound of one actor's mailbox: more orders than the busiest hour brings at once, a few megabytes at most.
pub(crate) const MAILBOX: usize = 16_384;
/// The most mail decided into one append.
const BATCH: usize = 256;
/// An actor idle for this long is dropped; the next order reloads it from the journal.
const IDLE: Duration = Duration::from_secs(15 * 60);
/// The delay before the timer of a stream whose actor panicked is fired again.
const AFTER_PANIC: Duration = Duration::from_secs(5);
/// Receipts held in memory before expired ones are swept.
const RECEIPTS: usize = 1024;

pub(crate) type Answer<M> = Result<Result<<M as Machine>::Reply, <M as Machine>::Refusal>, Fault>;
type Reader<M> = Box<dyn FnOnce(Result<&M, Fault>) -> Box<dyn FnOnce(Outcome) + Send> + Send>;

/// What an actor receives.
pub(crate) enum Mail<M: Machine> {
    Order(Order<M>, oneshot::Sender<Answer<M>>, Waits),
    /// Reads the state at its turn in the mailbox; the returned closure runs once everything before it is durable.
    Read(Reader<M>),
    /// The stream's timer fell due.
    Wake,
    /// Events now in the journal, perhaps written by another process; empty when homes may have moved.
    Follow(Vec<Recorded>),
}

/// The state in memory and its counterparts in the journal.
pub(crate) struct LoadedStream<M: Machine> {
    pub(crate) version: u64,
    pub(crate) hash: ChainHash,
    pub(crate) receipts: BTreeMap<[u8; 16], ([u8; 16], M::Reply, Moment)>,
    /// The timer as the journal has it, or will have it once the pending appends are written.
    pub(crate) wake: Option<Moment>,
    /// Expired receipts are swept at this count.
    sweep_at: usize,
    pub(crate) poison: Arc<Poison>,
    /// Another process has written since the load, so the journal may have receipts that are missing here.
    pub(crate) followed: bool,
    /// The state in memory has diverged from the journal; pending appends will be refused.
    pub(crate) strayed: bool,
}

pub(crate) struct Actor<M: Machine> {
    pub(crate) stream: Arc<str>,
    pub(crate) office: Arc<str>,
    pub(crate) shared: Arc<Shared<M>>,
    pub(crate) mail: mpsc::Receiver<Mail<M>>,
    /// Read by others as a hint; may be ahead of the commit by one batch.
    pub(crate) state: Arc<RwLock<M>>,
    /// The version of `state`; updated on append only where others write too.
    pub(crate) seen: Arc<AtomicU64>,
    /// Set once the stream is loaded, or has failed to load.
    pub(crate) ready: Ready,
}

/// Also runs when the actor panicked or was shut down: whoever waits is told, and the next caller starts a fresh one.
impl<M: Machine> Drop for Actor<M> {
    fn drop(&mut self) {
        let _ = self.ready.set(Err(Fault::Unknown));
        self.shared.forget(&self.stream, &self.seen);
        if std::thread::panicking() {
            // Otherwise its timer would wait for the next order; fired at once, it might panic again and again.
            let (shared, stream) = (self.shared.clone(), self.stream.clone());
            let again = async move {
                tokio::time::sleep(AFTER_PANIC).await;
                shared.timers.again(&stream);
            };
            self.shared.tasks.spawn("wake again", Box::pin(again));
        }
    }
}

impl<M> Actor<M>
where
    M: Machine,
    M::Event: Stored,
    M::Reply: Serialize + DeserializeOwned,
{
    /// Runs until the actor has been idle for [`IDLE`].
    pub(crate) async fn run(mut self) {
        loop {
            let loaded = self.load().await;
            // Only the first load sets it.
            let _ = self.ready.set(loaded.as_ref().map(drop).map_err(Clone::clone));
            match loaded {
                Ok(mut loaded) => {
                    if self.serve(&mut loaded).await {
                        return;
                    }
                }
                // Nobody is kept waiting for a journal that cannot be read: the next caller starts a fresh actor.
                Err(fault) => return self.stop(Some(fault)).await,
            }
        }
    }

    async fn load(&self) -> Result<LoadedStream<M>, Fault> {
        let since = self.shared.wall.now().minus(RECEIPT_LIFE);
        let stored = self.shared.journal.engine().load(&self.stream, since).await;
        let stored = stored.map_err(|e| Fault::NotDone(e.to_string()))?;
        if let Some(newest) = stored.events.last() {
            self.shared.journal.saw(newest.pos);
        }
        let says = |what: &str| {
            if let Some(unsaid) = self.shared.unread.says() {
                tracing::error!(stream = %self.stream, error = what, unsaid, "the stream cannot be read");
            }
        };
        // Not damage: a later version may have written it, readable once that version is rolled out everywhere.
        let unknown = |what: String| {
            says(&what);
            Fault::NotDone(what)
        };
        let mut state = M::new(&self.stream);
        let (mut version, mut hash) = (0, GENESIS);
        for event in &stored.events {
            hash = chain(&hash, &self.stream, version + 1, &event.kind, event.schema, event.at, &event.data);
            if event.version != version + 1 || event.hash != hash {
                let what = format!("version {} does not follow {version}", event.version);
                self.shared.journal.engine().is_damaged(&format!("{}: {what}", self.stream));
                says(&what);
                return Err(Fault::Damaged(what));
            }
            version = event.version;
            state.apply(&M::Event::decode(&event.kind, event.schema, &event.data).map_err(unknown)?);
        }
        let wake = state.wake();
        let mut loaded = LoadedStream {
            version,
            hash,
            receipts: BTreeMap::new(),
            wake,
            sweep_at: RECEIPTS,
            poison: Arc::new(Poison::default()),
            followed: false,
            strayed: false,
        };
        loaded.know(stored.receipts).map_err(unknown)?;
        self.shared.set_timer(&self.stream, &self.office, wake);
        *self.state.write() = state;
        self.seen.store(version, Ordering::Release);
        Ok(loaded)
    }

    /// Serves the mailbox; true when the actor has ended, false when it must load afresh.
    async fn serve(&mut self, loaded: &mut LoadedStream<M>) -> bool {
        let mut mails = Vec::with_capacity(BATCH);
        loop {
            match tokio::time::timeout(IDLE, self.mail.recv_many(&mut mails, BATCH)).await {
                Ok(0) => return true,
                Ok(_) => {}
                Err(_) => {
                    // From here on no new mail arrives; what is in the mailbox is still served.
                    self.shared.forget(&self.stream, &self.seen);
                    self.mail.close();
                    continue;
                }
            }
            if loaded.poison.is_set() {
                self.refuse(&mut mails);
                return false;
            }
            let submission = self.decide_all(loaded, &mut mails).await;
            let written_here = self.shared.journal.submit(submission).await;
            if loaded.strayed {
                return false;
            }
            if written_here && !self.mail.is_empty() {
                // Let the callers just answered run first: they may wait on this very thread.
                tokio::task::yield_now().await;
            }
        }
    }

    /// Refuses mail that came while the actor was poisoned: certainly not carried out. The next incarnation takes the
    /// rest.
    fn refuse(&self, mails: &mut Vec<Mail<M>>) {
        for mail in mails.drain(..) {
            match mail {
                Mail::Order(_, answer, _) => {
                    let _ = answer.send(Err(Fault::NotDone("loading afresh".into())));
                }
                Mail::Read(read) => read(Err(Fault::NotDone("loading afresh".into())))(Outcome::NotCommitted),
                Mail::Wake => self.shared.timers.again(&self.stream),
                Mail::Follow(_) => {}
            }
        }
    }

    async fn stop(mut self, failed: Option<Fault>) {
        self.shared.forget(&self.stream, &self.seen);
        self.mail.close();
        let fault = failed.unwrap_or(Fault::Unknown);
        while let Some(mail) = self.mail.recv().await {
            match mail {
                Mail::Order(_, answer, _) => drop(answer.send(Err(fault.clone()))),
                Mail::Read(read) => read(Err(fault.clone()))(Outcome::NotCommitted),
                Mail::Wake => self.shared.timers.again(&self.stream),
                Mail::Follow(_) => {}
            }
        }
    }

    async fn decide_all(&self, loaded: &mut LoadedStream<M>, mails: &mut Vec<Mail<M>>) -> Submission {
        let now = self.shared.clock.now();
        let mut draft = Draft::new(self, loaded.version, now);
        if self.shared.is_shared {
            let keys = mails.iter().filter_map(|mail| match mail {
                Mail::Order(order, ..) => order.receipt.map(|receipt| receipt.key),
                _ => None,
            });
            draft.keys = keys.filter(|key| !loaded.receipts.contains_key(key)).collect();
            self.expect_retries(loaded, &mut draft).await;
        }
        for mail in mails.drain(..) {
            match mail {
                Mail::Order(order, answer, _waits) => {
                    self.carry_out(loaded, &mut draft, order, answer, now).await
                }
                Mail::Read(read) => {
                    let current = self.catch_up(loaded, &mut draft).await;
                    let state = self.state.read();
                    draft.reads.push(read(current.map(|_| &*state)));
                }
                Mail::Follow(events) => self.heard(loaded, &mut draft, &events).await,
                Mail::Wake if loaded.strayed => draft.keep_timer = true,
                Mail::Wake => {
                    let events = self.state.read().on_wake(now);
                    let taken = self.take(loaded, &mut draft, &events, (&Arc::from("timer"), None), now);
                    let stuck = events.is_empty() || taken.is_err();
                    if stuck && self.state.read().wake().is_some_and(|at| at <= now) {
                        let error = taken.err();
                        tracing::error!(stream = %self.stream, ?error, "a timer that moves nothing is put off");
                        self.shared.timers.put_off(&self.stream, now.plus(Span::from_mins(1)));
                        draft.keep_timer = true;
                    }
                }
            }
        }
        draft.finish(self, loaded)
    }

    async fn carry_out(
        &self,
        loaded: &mut LoadedStream<M>,
        draft: &mut Draft<M>,
        order: Order<M>,
        answer: oneshot::Sender<Answer<M>>,
        now: Moment,
    ) {
        if loaded.strayed {
            return draft.answer(answer, Err(Fault::NotDone("loading afresh".into())));
        }
        let decided = loop {
            if let Some(told) = loaded.told_before(order.receipt) {
                return draft.answer(answer, told);
            }
            let decided = self.decide(draft, &order, now).await;
            if matches!(&decided, Ok(Ok(events)) if !events.is_empty()) {
                break decided;
            }
            // Nothing will be written for it, so no fence tells whether the decision saw the newest state.
            match self.look_again(loaded, draft).await {
                Ok(true) => continue,
                Ok(false) => break decided,
                Err(fault) => break Err(fault),
            }
        };
        let events = match decided {
            Ok(Ok(events)) => events,
            Ok(Err(refusal)) => return draft.answer(answer, Ok(Err(refusal))),
            Err(fault) => return draft.answer(answer, Err(fault)),
        };
        if let Err(fault) = self.take(loaded, draft, &events, (&order.cause, order.trace), now) {
            return draft.answer(answer, Err(fault));
        }
        if !events.is_empty() {
            draft.append.vault.extend(order.vault);
        }
        let reply = self.state.read().reply(&order.command, &events, now);
        if let Some(receipt) = order.receipt {
            self.note(loaded, draft, receipt, &reply);
        }
        draft.answer(answer, Ok(Ok(reply)));
    }

    /// Keeps a reply, so that a retry of the same request gets it again.
    fn note(
        &self,
        loaded: &mut LoadedStream<M>,
        draft: &mut Draft<M>,
        receipt: ReceiptKey,
        reply: &M::Reply,
    ) {
        let encoded = match serde_json::to_vec(reply) {
            Ok(encoded) => encoded,
            // No receipt is better than one that makes the stream unreadable: the command may be carried out twice at
            // worst.
            Err(error) => {
                return tracing::error!(stream = %self.stream, %error, "a reply leaves no receipt");
            }
        };
        let at = self.shared.wall.now();
        if loaded.receipts.len() >= loaded.sweep_at {
            loaded.receipts.retain(|_, (_, _, written)| at.since(*written) < RECEIPT_LIFE);
            loaded.sweep_at = (2 * loaded.receipts.len()).max(RECEIPTS);
        }
        loaded.receipts.insert(receipt.key, (receipt.body, reply.clone(), at));
        draft.append.receipts.push(Receipt { key: receipt.key, body: receipt.body, reply: encoded, at });
    }

    /// The events that follow from a command, with their unique keys reserved. The state is not changed yet.
    async fn decide(
        &self,
        draft: &mut Draft<M>,
        order: &Order<M>,
        now: Moment,
    ) -> Result<Result<Vec<M::Event>, M::Refusal>, Fault> {
        let decided = self.state.read().decide(&order.command, now);
        let Ok(events) = decided else { return Ok(decided) };
        match self.reserve_claims(draft, &events, now).await? {
            None => Ok(Ok(events)),
            Some(key) => match M::claim_refusal(&order.command, &key) {
                Some(refusal) => Ok(Err(refusal)),
                None => Err(Fault::NotDone(format!("claim {key}"))),
            },
        }
    }

    /// Reserves the unique keys that these events take; returns the first one that another holder has. Reserving before
    /// the lookup ensures that no two actors of this process meet in the database.
    async fn reserve_claims(
        &self,
        draft: &mut Draft<M>,
        events: &[M::Event],
        now: Moment,
    ) -> Result<Option<String>, Fault> {
        for change in events.iter().flat_map(M::claim_changes) {
            let (key, from, to) = match &change {
                ClaimChange::Release { .. } => continue,
                ClaimChange::Take { key, holder, .. } => (key, holder, holder),
                ClaimChange::HandOver { key, from, to, .. } => (key, from, to),
            };
            if !self.shared.journal.reserve(key, to) {
                return Ok(Some(key.clone()));
            }
            draft.claimed.push(key.clone());
            let held = self.shared.journal.engine().claims(std::slice::from_ref(key)).await;
            let held = held.map_err(|e| Fault::NotDone(e.to_string()))?.into_iter().next().flatten();
            if held.is_some_and(|claim| claim.until > now && claim.holder != *from) {
                return Ok(Some(key.clone()));
            }
        }
        Ok(None)
    }

    /// Applies events to the state and adds them to the draft: all of them, or none if one cannot be encoded.
    fn take(
        &self,
        loaded: &mut LoadedStream<M>,
        draft: &mut Draft<M>,
        events: &[M::Event],
        (who, trace): (&Arc<str>, Option<Trace>),
        now: Moment,
    ) -> Result<(), Fault> {
        if events.is_empty() {
            return Ok(());
        }
        let encoded: Result<Vec<_>, _> = events.iter().map(Stored::encode).collect();
        let encoded = encoded.map_err(Fault::NotDone)?;
        let cause = Cause::words(who, trace);
        let mut state = self.state.write();
        for (event, data) in events.iter().zip(encoded) {
            state.apply(event);
            loaded.version += 1;
            let (kind, schema) = (event.kind(), event.schema());
            loaded.hash = chain(&loaded.hash, &self.stream, loaded.version, kind, schema, now, &data);
            let (cause, hash) = (cause.clone(), loaded.hash);
            draft.append.events.push(NewEvent { kind, schema, data, at: now, cause, hash });
            draft.append.claims.extend(M::claim_changes(event));
        }
        if self.shared.is_shared {
            self.seen.store(loaded.version, Ordering::Release);
        }
        Ok(())
    }
}

impl<M: Machine> LoadedStream<M>
where
    M::Reply: DeserializeOwned,
{
    /// Adds receipts; an error names what cannot be decoded.
    pub(crate) fn know(&mut self, receipts: Vec<Receipt>) -> Result<(), String> {
        for receipt in receipts {
            let reply = serde_json::from_slice(&receipt.reply).map_err(|e| e.to_string())?;
            self.receipts.insert(receipt.key, (receipt.body, reply, receipt.at));
        }
        Ok(())
    }

    /// The answer that this request already got, if any.
    fn told_before(&self, asked: Option<ReceiptKey>) -> Option<Answer<M>> {
        let asked = asked?;
        let (body, reply, _) = self.receipts.get(&asked.key)?;
        Some(if *body == asked.body { Ok(Ok(reply.clone())) } else { Err(Fault::KeyReused) })
    }
}
