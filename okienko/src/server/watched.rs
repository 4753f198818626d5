//! A connection as the door sees it: since when it has been waiting, for what, and whether its answers are read. Knows
//! bytes and moments, no request.

use super::frames::{Frames, Open, PREFACE};
use super::limits::Limits;
use parking_lot::Mutex;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio::time::{Duration, Instant};

/// Since when a condition holds: milliseconds since the connection began plus one, because 0 means that it does not
/// hold.
#[derive(Debug, Default)]
struct Since(AtomicU64);

impl Since {
    fn begin(&self, at: u64, same: bool) {
        if !same || self.0.load(Ordering::Relaxed) == 0 {
            self.0.store(at, Ordering::Relaxed);
        }
    }
    fn end(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
    /// Whether it holds at `now`, and has for at least `limit`.
    fn is_over(&self, now: u64, limit: Duration) -> bool {
        let at = self.0.load(Ordering::Relaxed);
        at != 0 && u128::from(now.saturating_sub(at)) >= limit.as_millis()
    }
}

/// Why a connection was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// A request head was not completed.
    Head,
    /// A body was not completed.
    Body,
    /// There was no request.
    Silent,
    /// The client did not read its answers.
    NotTaken,
    /// Others needed its place.
    Crowded,
}

impl Why {
    /// Its label in metrics.
    pub fn word(self) -> &'static str {
        match self {
            Why::Head => "head",
            Why::Body => "body",
            Why::Silent => "silent",
            Why::NotTaken => "not_taken",
            Why::Crowded => "crowded",
        }
    }
}

/// The observed state of one connection.
#[derive(Debug)]
pub struct ConnectionState {
    begun: Instant,
    /// A head, or an HTTP/2 frame other than a body's, has begun but not ended.
    head: Since,
    /// The same for a frame of a body.
    data: Since,
    /// The client reads nothing of what is written.
    stuck: Since,
    /// Since when it has had no complete request, in the same unit.
    waits: AtomicU64,
    /// Requests in progress, and those of them that arrived completely.
    asked: AtomicU32,
    whole: AtomicU32,
    /// For each HTTP/2 answer being sent: when the client last read some of it.
    told: Mutex<Vec<Arc<AtomicU64>>>,
    /// Behind a proxy a connection carries many clients' answers: one stalled answer must not end the others.
    is_shared: bool,
    is_two: AtomicBool,
    leaving: AtomicBool,
    ended: AtomicBool,
    turn: Notify,
}

/// What a connection is told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Finish what is in progress.
    Leave,
    /// End at once.
    End,
}

impl ConnectionState {
    /// A connection that begins now; `is_shared` if its peer is a trusted proxy.
    pub fn new(is_shared: bool) -> ConnectionState {
        ConnectionState {
            begun: Instant::now(),
            head: Since::default(),
            data: Since::default(),
            stuck: Since::default(),
            waits: AtomicU64::new(1),
            asked: AtomicU32::new(0),
            whole: AtomicU32::new(0),
            told: Mutex::default(),
            is_shared,
            is_two: AtomicBool::new(false),
            leaving: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            turn: Notify::new(),
        }
    }

    /// The current time in its own milliseconds.
    pub fn now(&self) -> u64 {
        self.at(Instant::now())
    }
    fn at(&self, now: Instant) -> u64 {
        u64::try_from(now.saturating_duration_since(self.begun).as_millis()).unwrap_or(u64::MAX - 1) + 1
    }

    /// A request's head is complete; its body may follow.
    pub fn asks(&self) {
        self.head.end();
        self.asked.fetch_add(1, Ordering::AcqRel);
    }
    /// A request is complete.
    pub fn has_all(&self) {
        self.whole.fetch_add(1, Ordering::AcqRel);
    }
    /// A request was answered or abandoned.
    pub fn answered(&self, was_whole: bool) {
        if was_whole {
            self.whole.fetch_sub(1, Ordering::AcqRel);
        }
        self.waits.store(self.now(), Ordering::Relaxed);
        self.asked.fetch_sub(1, Ordering::AcqRel);
    }
    /// Starts sending an HTTP/2 answer; the sender stores in the returned value when the client last read some of it.
    pub fn tells(&self) -> Arc<AtomicU64> {
        let told = Arc::new(AtomicU64::new(self.now()));
        self.told.lock().push(told.clone());
        told
    }
    /// That answer has been sent.
    pub fn has_told(&self, told: &Arc<AtomicU64>) {
        self.told.lock().retain(|other| !Arc::ptr_eq(other, told));
    }

    /// Since when it has had no complete request; `None` if it has one.
    pub fn waits_since(&self) -> Option<Instant> {
        let waits = self.whole.load(Ordering::Acquire) == 0;
        waits.then(|| self.begun + Duration::from_millis(self.waits.load(Ordering::Relaxed) - 1))
    }

    /// Why it must end by `now`, if it must.
    pub fn overdue(&self, limits: &Limits, now: Instant) -> Option<Why> {
        // Looks one period ahead, so that it ends within its limit rather than after it.
        let now = self.at(now + limits.period());
        let (head, data) = (self.head.is_over(now, limits.head), self.data.is_over(now, limits.body));
        let long = |at: u64| u128::from(now.saturating_sub(at)) >= limits.silent.as_millis();
        let silent = self.is_silent() && long(self.waits.load(Ordering::Relaxed));
        let stuck = || !self.is_shared && self.told.lock().iter().any(|at| long(at.load(Ordering::Relaxed)));
        match () {
            () if head => Some(Why::Head),
            () if data => Some(Why::Body),
            () if silent => Some(Why::Silent),
            () if self.stuck.is_over(now, limits.silent) || stuck() => Some(Why::NotTaken),
            () => None,
        }
    }

    fn is_silent(&self) -> bool {
        self.asked.load(Ordering::Acquire) == 0
    }

    /// Whether its silent time is nearly up. Over HTTP/2 the client is told beforehand, so that no request meets a
    /// connection that has just ended.
    pub fn is_fading(&self, limits: &Limits, now: Instant) -> bool {
        let silent = self.at(now).saturating_sub(self.waits.load(Ordering::Relaxed));
        self.is_two.load(Ordering::Relaxed)
            && self.is_silent()
            && !self.leaving.load(Ordering::Relaxed)
            && u128::from(silent) >= limits.silent.as_millis() / 10 * 9
    }

    /// Tells it to finish, or to end at once.
    pub fn go(&self, turn: Turn) {
        match turn {
            Turn::Leave => self.leaving.store(true, Ordering::Release),
            Turn::End => self.ended.store(true, Ordering::Release),
        }
        self.turn.notify_one();
    }
    /// Returns the next instruction that it has not had yet.
    pub async fn told_to(&self, is_leaving: bool) -> Turn {
        loop {
            match () {
                () if self.ended.load(Ordering::Acquire) => return Turn::End,
                () if !is_leaving && self.leaving.load(Ordering::Acquire) => return Turn::Leave,
                () => self.turn.notified().await,
            }
        }
    }
}

/// The protocol of a connection.
enum Spoken {
    /// This many of its first bytes match HTTP/2's.
    Unknown(usize),
    One,
    Two(Frames),
}

/// A connection whose bytes are observed as they pass.
pub struct Watched<T> {
    io: T,
    seen: Arc<ConnectionState>,
    spoken: Spoken,
}

impl<T> Watched<T> {
    /// Watches `io`.
    pub fn new(io: T, seen: Arc<ConnectionState>) -> Watched<T> {
        Watched { io, seen, spoken: Spoken::Unknown(0) }
    }

    fn came(&mut self, mut bytes: &[u8]) {
        let now = self.seen.now();
        if let Spoken::Unknown(known) = self.spoken {
            let count = bytes.len().min(PREFACE.len() - known);
            self.spoken = match bytes[..count] == PREFACE[known..known + count] {
                true if known + count < PREFACE.len() => Spoken::Unknown(known + count),
                true => Spoken::Two(Frames::default()),
                false => Spoken::One,
            };
            if matches!(self.spoken, Spoken::Two(_)) {
                bytes = &bytes[count..];
                self.seen.is_two.store(true, Ordering::Relaxed);
                self.seen.head.end();
            }
        }
        match &mut self.spoken {
            Spoken::Two(frames) => {
                let (open, same) = frames.take(bytes);
                match open {
                    Open::Head => self.seen.head.begin(now, same),
                    _ => self.seen.head.end(),
                }
                match open {
                    Open::Data => self.seen.data.begin(now, same),
                    _ => self.seen.data.end(),
                }
            }
            // Bytes that arrive during a request are its body, or a head that will be read after it.
            _ if self.seen.asked.load(Ordering::Acquire) == 0 => self.seen.head.begin(now, true),
            _ => {}
        }
    }

    fn wrote<R>(&self, written: &Poll<io::Result<R>>) {
        match written {
            Poll::Pending => self.seen.stuck.begin(self.seen.now(), true),
            Poll::Ready(_) => self.seen.stuck.end(),
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Watched<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.io).poll_read(cx, buf);
        if read.is_ready() && buf.filled().len() > before {
            self.came(&buf.filled()[before..]);
        }
        read
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Watched<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, buf);
        self.wrote(&written);
        written
    }
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, bufs);
        self.wrote(&written);
        written
    }
    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
