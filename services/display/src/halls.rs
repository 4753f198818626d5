//! Halls in memory: a board, the last events as they are sent to screens, and the way to all screens that listen.
//! Frames are encoded once and shared. Knows no transport.

use crate::domain::{Applied, Board, Call, Change, Outlook};
use crate::offices::Place;
use bytes::Bytes;
use okienko_kernel::{Moment, Span};
use okienko_web::sse::frame;
use parking_lot::{Mutex, RwLock};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::broadcast;

/// Events that are kept for screens that come back: a busy hall's day.
const KEPT: usize = 4096;
/// Events that a slow listener may be behind before it is sent a snapshot instead.
const BEHIND: usize = 256;

/// What is known of waits is found anew after this time of the office, also where nothing has changed.
const TURN: Span = Span::from_secs(30);

/// What is announced with a call.
pub type Announce = Arc<dyn Fn(&Place, &str, &str) -> Value + Send + Sync>;

/// A numbered frame on its way to screens.
#[derive(Clone)]
pub struct Frame {
    /// The hall's sequence number.
    pub seq: u64,
    /// As it is sent.
    pub bytes: Bytes,
}

struct Kept {
    seq: u64,
    at: Moment,
    change: Change,
}

struct State {
    board: Board,
    kept: VecDeque<Kept>,
}

/// An outlook, and for which number, moment and office it was found.
struct Seen {
    seq: u64,
    turn: i64,
    place: Arc<Place>,
    outlook: Arc<Outlook>,
}

/// One hall.
pub struct Hall {
    place: RwLock<Arc<Place>>,
    state: RwLock<State>,
    sender: broadcast::Sender<Frame>,
    announce: Announce,
    seen: Mutex<Option<Seen>>,
}

impl Hall {
    /// A hall of which nothing is known yet.
    pub fn new(place: Arc<Place>, announce: Announce) -> Hall {
        let state = RwLock::new(State { board: Board::default(), kept: VecDeque::new() });
        Hall {
            place: RwLock::new(place),
            state,
            sender: broadcast::Sender::new(BEHIND),
            announce,
            seen: Mutex::default(),
        }
    }

    /// Which one.
    pub fn place(&self) -> Arc<Place> {
        self.place.read().clone()
    }

    /// The office's data changed.
    pub fn moved(&self, place: Arc<Place>) {
        *self.place.write() = place;
    }

    /// All changes from now on.
    pub fn follow(&self) -> broadcast::Receiver<Frame> {
        self.sender.subscribe()
    }

    /// Looks at the board.
    pub fn board<T>(&self, look: impl FnOnce(&Board) -> T) -> T {
        look(&self.state.read().board)
    }

    /// Looks at the board and at what those in the hall can be told of their wait now. That is found once for a change,
    /// however many ask.
    pub fn look<T>(&self, now: Moment, look: impl FnOnce(&Board, &Outlook) -> T) -> T {
        let state = self.state.read();
        let outlook = self.outlook(&state.board, now);
        look(&state.board, &outlook)
    }

    fn outlook(&self, board: &Board, now: Moment) -> Arc<Outlook> {
        let place = self.place();
        let now = now.max(board.at());
        let (seq, turn) = (board.seq(), now.micros().div_euclid(TURN.micros()));
        let mut seen = self.seen.lock();
        if let Some(seen) = &*seen
            && seen.seq == seq
            && seen.turn == turn
            && Arc::ptr_eq(&seen.place, &place)
        {
            return seen.outlook.clone();
        }
        let outlook = Arc::new(Outlook::of(board, &place.matters, now));
        *seen = Some(Seen { seq, turn, place, outlook: outlook.clone() });
        outlook
    }

    /// Takes a change and sends it to all who listen.
    pub fn take(&self, seq: u64, at: Moment, change: Change) -> Applied {
        let mut state = self.state.write();
        // A day may open before the last numbers of the day before have come: they are never sent, and only a snapshot
        // may leave numbers out.
        let skips = seq != state.board.seq() + 1;
        let applied = state.board.apply(seq, at, &change);
        if applied == Applied::New {
            if let Change::Call(call) = &change {
                // Also while nobody listens: a screen that comes back asks for the sounds of what it has missed.
                (self.announce)(&self.place(), &call.number, &call.counter);
            }
            if self.sender.receiver_count() > 0 {
                let bytes = match &change {
                    _ if skips => self.whole("snapshot", &state.board),
                    Change::Call(call) => self.call(seq, at, call, Some(&state.board)),
                    _ => self.whole("board", &state.board),
                };
                // The last listener may have left meanwhile.
                let _ = self.sender.send(Frame { seq, bytes });
            }
            state.kept.push_back(Kept { seq, at, change });
            if state.kept.len() > KEPT {
                state.kept.pop_front();
            }
        }
        applied
    }

    fn whole(&self, event: &str, board: &Board) -> Bytes {
        let outlook = self.outlook(board, board.at());
        let view = crate::view::hall(board, &outlook, &self.place());
        frame(event, Some(view.seq), &serde_json::to_string(&view).unwrap_or_default())
    }

    /// A call; with the board as it leaves it, so that no screen has to ask. One of the past goes without.
    fn call(&self, seq: u64, at: Moment, call: &Call, board: Option<&Board>) -> Bytes {
        let place = self.place();
        let mut data = json!({
            "ticket": call.number, "counter": call.counter, "attempt": call.attempt, "recall": call.recall,
            "at": place.zone.rfc3339(at), "announce": (self.announce)(&place, &call.number, &call.counter),
        });
        if let Some(board) = board {
            let view = crate::view::hall(board, &self.outlook(board, board.at()), &place);
            data["board"] = serde_json::to_value(view).unwrap_or_default();
        }
        frame("call", Some(seq), &data.to_string())
    }

    /// An event of the past: a call as it was, anything else as a number without content, because the board has moved on.
    fn past(&self, kept: &Kept) -> Bytes {
        match &kept.change {
            Change::Call(call) => self.call(kept.seq, kept.at, call, None),
            _ => frame(
                "change",
                Some(kept.seq),
                &json!({"at": self.place().zone.rfc3339(kept.at)}).to_string(),
            ),
        }
    }

    /// What a screen that has seen `after` still lacks, and everything from now on. Without a number, or when what is kept
    /// does not reach back that far, it starts from a snapshot.
    pub fn listen(&self, after: Option<u64>) -> (Vec<Bytes>, broadcast::Receiver<Frame>) {
        let state = self.state.read();
        let receiver = self.sender.subscribe();
        let snapshot = || vec![self.whole("snapshot", &state.board)];
        let Some(after) = after else { return (snapshot(), receiver) };
        if after >= state.board.seq() {
            return (Vec::new(), receiver);
        }
        let from = state.kept.partition_point(|kept| kept.seq <= after);
        let unbroken = state.kept.get(from).is_some_and(|first| first.seq == after + 1);
        let missed = state.kept.iter().skip(from).map(|kept| self.past(kept));
        (if unbroken { missed.collect() } else { snapshot() }, receiver)
    }
}
