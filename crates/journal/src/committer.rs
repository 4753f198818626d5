//! Group commit: one task gathers the appends of all actors of a process into one transaction, with one commit in
//! flight. No timer delays anybody: a batch is whatever arrived while the last one was being written. When nothing is
//! being written, an actor writes its own small append at once, which saves two thread switches. Where the storage is
//! on another machine, the callers of the last batch are answered while the next one is on its way.
//!
//! An actor whose append failed is poisoned: its later appends are refused here, or the key (stream, version) would let
//! a gap through. Refusals and reads ride along as empty appends, because they were decided on state that was not yet
//! written. Knows nothing of machines.

use crate::engine::{AppendError, Engine, JournalError};
use crate::measured::Measured;
use crate::record::{Append, Recorded};
use crate::trouble::{Trouble, Works};
use okienko_kernel::{IfLost, Tasks, again};
use parking_lot::Mutex;
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::Instant;

/// Appends that may wait for the committer. Each actor has a few; beyond this, actors wait and their mailboxes fill.
const WAITING_APPENDS: usize = 4096;
/// Appends with more events than this go to the committer even when it is idle, so that the actor can decide its next
/// batch meanwhile.
const SMALL: usize = 4;
/// The most appends in one transaction: bounds the time of one commit, far above what gathers during one.
const BATCH: usize = 2048;
/// How long a moved cursor may stay unwritten when nothing else is written. After a crash a relay goes back that far,
/// and consumers drop what they have already seen.
const CURSOR_IDLE: Duration = Duration::from_secs(1);
/// The shortest interval between two commits that carry cursors.
const CURSOR_PAUSE: Duration = Duration::from_millis(200);
/// Events kept in memory for relays: more than arrive while one of them is busy.
const TAIL: usize = 2048;

/// Set once an actor's append has failed; every later append with the same mark is refused.
#[derive(Default, Debug)]
pub struct Poison(AtomicBool);

impl Poison {
    /// Whether the actor must stop and load afresh.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
    fn set(&self) {
        #[cfg(feature = "sabotage")]
        if !crate::sabotage::poison_works() {
            return;
        }
        self.0.store(true, Ordering::Release);
    }
}

/// The outcome of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is durable.
    Committed,
    /// Certainly nothing of it was written.
    NotCommitted,
    /// It may or may not have been written; after a fresh load the receipt tells.
    Unknown,
}

/// An append on its way, with the callers who wait for it.
pub struct Submission {
    /// What to write; empty for callers who only wait for what came before.
    pub append: Append,
    /// The mark of the actor's current incarnation.
    pub poison: Arc<Poison>,
    /// Called once, when the outcome is known.
    pub done: Box<dyn FnOnce(Outcome) + Send>,
}

/// A service's journal: its engine, and the committer in front of it.
pub struct Journal {
    sender: mpsc::Sender<Submission>,
    writer: Arc<Writer>,
    /// Unique keys taken by appends that are not committed yet, with their holders, so that two actors of one process
    /// never meet in the database.
    pending_claims: Mutex<BTreeMap<String, String>>,
}

impl Journal {
    /// Starts the committer over `engine`, on a thread of its own. `name` is the service's, for metrics.
    pub async fn start(
        name: &'static str,
        engine: Arc<dyn Engine>,
        tasks: &dyn Tasks,
    ) -> Result<Arc<Journal>, JournalError> {
        let (sender, receiver) = mpsc::channel(WAITING_APPENDS);
        let head = watch::Sender::new(engine.head().await?);
        let (cursors, one_at_a_time) = (Mutex::default(), tokio::sync::Mutex::default());
        let writer = Arc::new(Writer {
            engine,
            head,
            cursors,
            cursor_moved: Notify::new(),
            one_at_a_time,
            handed_over: AtomicUsize::new(0),
            tail: Mutex::default(),
            cursors_written: Mutex::new(Instant::now()),
            measured: Measured::of(name),
            works: Works::default(),
        });
        if let Some(period) = writer.engine.others_write_every() {
            let watched = Arc::downgrade(&writer);
            tasks.keep("head", again(move || watch_head(watched.clone(), period)));
        }
        tasks.dedicate("committer", IfLost::Ends, Box::pin(commit_forever(writer.clone(), receiver)));
        Ok(Arc::new(Journal { sender, writer, pending_claims: Mutex::default() }))
    }

    /// Writes an append, or hands it to the committer; waits while too many wait. True when it wrote on this thread,
    /// which may have blocked the thread's other tasks for the length of a commit.
    pub async fn submit(&self, submission: Submission) -> bool {
        if submission.append.events.len() <= SMALL
            && let Ok(_alone) = self.writer.one_at_a_time.try_lock()
            && self.writer.handed_over.load(Ordering::Acquire) == 0
        {
            // Nothing is on its way, so nothing of this actor can be overtaken.
            let writes = !submission.append.is_empty();
            let mut written = Vec::new();
            self.writer.commit(&mut vec![submission], &mut written).await;
            settle(&mut written, Outcome::Committed);
            return writes;
        }
        match self.sender.reserve().await {
            // Counted only once it is certain to be handed over: a caller cancelled while waiting for room has handed
            // over nothing.
            Ok(room) => {
                self.writer.handed_over.fetch_add(1, Ordering::AcqRel);
                room.send(submission);
            }
            Err(_) => (submission.done)(Outcome::NotCommitted),
        }
        false
    }

    /// Whether other processes append to the same journal.
    pub fn is_shared(&self) -> bool {
        self.writer.engine.others_write_every().is_some()
    }

    /// Writes the cursors that relays have moved, so that a relay taken over by another process continues from there.
    pub async fn store_cursors(&self) {
        let _alone = self.writer.one_at_a_time.lock().await;
        self.writer.write_cursors().await;
    }

    /// What keeps the journal from working, if anything does.
    pub fn trouble(&self) -> Option<Trouble> {
        self.writer.works.trouble(&*self.writer.engine)
    }

    /// The service's name.
    pub fn name(&self) -> &'static str {
        self.writer.measured.service
    }

    /// The storage engine, for reads.
    pub fn engine(&self) -> &Arc<dyn Engine> {
        &self.writer.engine
    }

    /// Up to `limit` events with a position after `pos`, in order; from memory if that reaches back far enough.
    pub async fn read_after(&self, pos: u64, limit: usize) -> Result<Vec<Recorded>, JournalError> {
        if let Some(events) = self.writer.read_tail(pos, limit) {
            return Ok(events);
        }
        self.writer.engine.read_after(pos, limit).await
    }

    /// The newest committed position, and a way to wait for the next.
    pub fn head(&self) -> watch::Receiver<u64> {
        self.writer.head.subscribe()
    }

    /// Asks now for what other processes have written; otherwise that shows after a moment.
    pub async fn look(&self) {
        if let Ok(head) = self.writer.engine.head().await {
            self.writer.seen(head);
        }
    }

    /// Reports that an event at this position was read. So relays learn of it even when the append that wrote it never
    /// got its answer and nothing was written since.
    pub fn saw(&self, pos: u64) {
        self.writer.seen(pos);
    }

    /// Records how far a relay has come. Written with a commit a few times a second, or after a second without one.
    pub fn move_cursor(&self, name: &str, pos: u64) {
        self.writer.cursors.lock().insert(name.to_owned(), pos);
        self.writer.cursor_moved.notify_one();
    }

    /// Reserves a unique key for `holder` until [`Journal::unreserve`]; false when another holder's uncommitted append
    /// has it.
    pub fn reserve(&self, key: &str, holder: &str) -> bool {
        let mut pending = self.pending_claims.lock();
        match pending.get(key) {
            Some(other) => other == holder,
            None => {
                pending.insert(key.to_owned(), holder.to_owned());
                true
            }
        }
    }

    /// Ends a reservation: its append was committed or has failed.
    pub fn unreserve(&self, key: &str) {
        self.pending_claims.lock().remove(key);
    }
}

/// Writes batches, one at a time.
struct Writer {
    engine: Arc<dyn Engine>,
    head: watch::Sender<u64>,
    cursors: Mutex<BTreeMap<String, u64>>,
    /// Notified when a cursor was moved and has to be written.
    cursor_moved: Notify,
    one_at_a_time: tokio::sync::Mutex<()>,
    /// Submissions handed to the committer that are not yet settled.
    handed_over: AtomicUsize,
    /// The newest events, without a gap, so that relays that keep up never read from storage.
    tail: Mutex<VecDeque<Recorded>>,
    cursors_written: Mutex<Instant>,
    measured: Measured,
    works: Works,
}

/// Tells relays of what other processes write, until the journal is closed.
async fn watch_head(writer: Weak<Writer>, period: Duration) {
    let mut silent = false;
    loop {
        tokio::time::sleep(period).await;
        let Some(writer) = writer.upgrade() else { return };
        let found = writer.engine.head().await;
        if let Err(error) = &found
            && !silent
        {
            tracing::warn!(%error, "the head cannot be read; will be tried again");
        }
        silent = found.is_err();
        if let Ok(head) = found {
            writer.seen(head);
        }
    }
}

async fn commit_forever(writer: Arc<Writer>, mut receiver: mpsc::Receiver<Submission>) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut written = Vec::with_capacity(BATCH);
    loop {
        let got = tokio::select! {
            biased;
            count = receiver.recv_many(&mut batch, BATCH) => Some(count),
            () = writer.cursors_are_due() => None,
            () = writer.works.is_to_be_tried() => {
                let _alone = writer.one_at_a_time.lock().await;
                writer.works.probe(&*writer.engine, &writer.measured).await;
                continue;
            }
        };
        let _alone = writer.one_at_a_time.lock().await;
        match got {
            Some(0) => break,
            Some(_) => {
                // When the processors are busy, let others run first: what they bring shares this commit.
                std::thread::yield_now();
                // Callers of a finished commit are answered while the next one is on its way, so that neither side
                // waits for the other.
                while take(&mut receiver, &mut batch) {
                    let count = batch.len();
                    writer.commit(&mut batch, &mut written).await;
                    writer.handed_over.fetch_sub(count, Ordering::AcqRel);
                }
                settle(&mut written, Outcome::Committed);
            }
            None => writer.write_cursors().await,
        }
    }
    writer.write_cursors().await;
}

/// Adds what waits to `batch`; false when the batch is still empty.
fn take(receiver: &mut mpsc::Receiver<Submission>, batch: &mut Vec<Submission>) -> bool {
    while batch.len() < BATCH
        && let Ok(submission) = receiver.try_recv()
    {
        batch.push(submission);
    }
    !batch.is_empty()
}

impl Writer {
    /// Completes when a moved cursor has waited long enough for a commit to carry it; never while none is moved.
    async fn cursors_are_due(&self) {
        while self.cursors.lock().is_empty() {
            self.cursor_moved.notified().await;
        }
        tokio::time::sleep(CURSOR_IDLE).await;
    }

    async fn write_cursors(&self) {
        let cursors = self.take_cursors();
        if cursors.is_empty() {
            return;
        }
        match self.engine.append(&[], &cursors).await {
            Ok(_) => self.works.written(&self.measured),
            Err(error) => {
                self.works.failed(&error, &self.measured);
                self.give_back(cursors);
            }
        }
    }

    fn take_cursors(&self) -> Vec<(String, u64)> {
        std::mem::take(&mut *self.cursors.lock()).into_iter().collect()
    }

    /// Puts back cursors of a failed transaction, except those that have moved on meanwhile.
    fn give_back(&self, cursors: Vec<(String, u64)>) {
        let mut waiting = self.cursors.lock();
        for (name, pos) in cursors {
            waiting.entry(name).or_insert(pos);
        }
    }

    /// Writes a batch and moves it to `written`, whose previous content is answered along the way.
    async fn commit(&self, batch: &mut Vec<Submission>, written: &mut Vec<Submission>) {
        refuse_poisoned(batch);
        if batch.iter().all(|s| s.append.is_empty()) {
            written.append(batch);
            return;
        }
        let cursors = self.take_due_cursors();
        let appends: Vec<&Append> = batch.iter().map(|s| &s.append).filter(|a| !a.is_empty()).collect();
        if !self.engine.leaves_the_thread() {
            settle(written, Outcome::Committed);
        }
        let begun = Instant::now();
        let telling = async { settle(written, Outcome::Committed) };
        let (appended, ()) = tokio::join!(biased; self.engine.append(&appends, &cursors), telling);
        match appended {
            Ok(head) => {
                self.measured.committed(batch, begun.elapsed());
                self.works.written(&self.measured);
                self.committed(batch, head);
                written.append(batch);
            }
            // Also when all others are empty appends: they must not fail with it.
            Err(AppendError::Conflict { .. }) if batch.len() > 1 => {
                self.give_back(cursors);
                self.one_by_one(batch).await;
            }
            Err(error) => {
                self.give_back(cursors);
                self.fail(batch, &error);
            }
        }
    }

    /// Retries a batch with a conflict one append at a time, so that only the culprit is poisoned.
    async fn one_by_one(&self, batch: &mut Vec<Submission>) {
        for submission in batch.drain(..) {
            let mut alone = vec![submission];
            refuse_poisoned(&mut alone);
            let Some(submission) = alone.first() else { continue };
            if submission.append.is_empty() {
                settle(&mut alone, Outcome::Committed);
                continue;
            }
            match self.engine.append(&[&submission.append], &[]).await {
                Ok(head) => {
                    self.works.written(&self.measured);
                    self.committed(&mut alone, head);
                    settle(&mut alone, Outcome::Committed);
                }
                Err(error) => self.fail(&mut alone, &error),
            }
        }
    }

    /// Adds what was written to the tail and wakes relays.
    fn committed(&self, batch: &mut [Submission], head: u64) {
        let written: usize = batch.iter().map(|s| s.append.events.len()).sum();
        let mut pos = head - written as u64;
        let mut tail = self.tail.lock();
        // Another process wrote in between: the tail would have a gap.
        if tail.back().is_some_and(|last| last.pos != pos) {
            tail.clear();
        }
        for append in batch.iter_mut().map(|s| &mut s.append) {
            for (n, event) in std::mem::take(&mut append.events).into_iter().enumerate() {
                pos += 1;
                tail.push_back(Recorded {
                    pos,
                    stream: append.stream.clone(),
                    version: append.expected + n as u64 + 1,
                    office: append.office.clone(),
                    kind: event.kind.into(),
                    schema: event.schema,
                    at: event.at,
                    cause: event.cause,
                    data: event.data,
                    hash: event.hash,
                });
            }
        }
        let surplus = tail.len().saturating_sub(TAIL);
        tail.drain(..surplus);
        drop(tail);
        self.seen(head);
    }

    /// Raises the known head to at least this position, whoever wrote it.
    fn seen(&self, head: u64) {
        self.head.send_if_modified(|known| {
            let newer = head > *known;
            *known = head.max(*known);
            newer
        });
    }

    fn read_tail(&self, pos: u64, limit: usize) -> Option<Vec<Recorded>> {
        let tail = self.tail.lock();
        let first = tail.front()?.pos;
        if pos + 1 < first {
            return None;
        }
        // Something newer exists but is not in the tail: another process wrote it.
        if tail.back()?.pos <= pos && *self.head.borrow() > pos {
            return None;
        }
        Some(tail.iter().skip((pos + 1 - first) as usize).take(limit).cloned().collect())
    }

    /// Cursors ride along with a commit, but not with every one: each writes an extra page.
    fn take_due_cursors(&self) -> Vec<(String, u64)> {
        let mut written = self.cursors_written.lock();
        if written.elapsed() < CURSOR_PAUSE {
            return Vec::new();
        }
        *written = Instant::now();
        self.take_cursors()
    }

    fn fail(&self, batch: &mut Vec<Submission>, error: &AppendError) {
        match error {
            AppendError::Conflict { .. } if self.engine.others_write_every().is_some() => {
                self.measured.failed(error);
                tracing::debug!(%error, "another process was first; the actor loads afresh");
            }
            AppendError::Conflict { .. } => {
                self.measured.failed(error);
                tracing::warn!(%error, count = batch.len(), "append failed; its actors load afresh");
            }
            AppendError::NotWritten(_) | AppendError::Unknown(_) => self.works.failed(error, &self.measured),
        }
        let outcome = match error {
            AppendError::Unknown(_) => Outcome::Unknown,
            AppendError::Conflict { .. } | AppendError::NotWritten(_) => Outcome::NotCommitted,
        };
        for submission in batch.iter() {
            submission.poison.set();
        }
        settle(batch, outcome);
    }
}

fn refuse_poisoned(batch: &mut Vec<Submission>) {
    if batch.iter().any(|s| s.poison.is_set()) {
        let (dead, live) = std::mem::take(batch).into_iter().partition(|s| s.poison.is_set());
        *batch = live;
        settle(&mut { dead }, Outcome::NotCommitted);
    }
}

fn settle(batch: &mut Vec<Submission>, outcome: Outcome) {
    for submission in batch.drain(..) {
        (submission.done)(outcome);
    }
}
