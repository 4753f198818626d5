//! Halls in memory: a board, the latest events as sent to screens, and the channel to all listening screens. Frames are
//! encoded once and shared. Knows no transport.

use crate::domain::{Applied, Board, Call, Change, Number, Outlook};
use crate::offices::Place;
use bytes::Bytes;
use okienko_kernel::{Moment, Span};
use okienko_web::sse::frame;
use parking_lot::{Mutex, RwLock};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::broadcast;

/// Events kept for screens that reconnect: a busy hall's day.
const KEPT: usize = 4096;
/// How many events a slow listener may fall behind before it gets a snapshot instead.
const BEHIND: usize = 256;

/// The waits are recomputed after this much of the office's time, even if nothing has changed.
const TURN: Span = Span::from_secs(30);

/// Makes the announcement of a call.
pub type Announce = Arc<dyn Fn(&Place, &str, &str) -> Value + Send + Sync>;

/// A numbered frame sent to screens.
#[derive(Clone)]
pub struct Frame {
    /// The hall's number after it.
    pub number: Number,
    /// The encoded frame.
    pub bytes: Bytes,
}

struct NumberedChange {
    number: Number,
    at: Moment,
    change: Change,
}

struct State {
    board: Board,
    kept: VecDeque<NumberedChange>,
}

/// An outlook, with the number, time slot and office data for which it was computed.
struct CachedOutlook {
    number: Number,
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
    seen: Mutex<Option<CachedOutlook>>,
}

impl Hall {
    /// A hall with nothing known yet.
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

    /// The hall's location.
    pub fn place(&self) -> Arc<Place> {
        self.place.read().clone()
    }

    /// Replaces the office's data.
    pub fn moved(&self, place: Arc<Place>) {
        *self.place.write() = place;
    }

    /// Subscribes to all changes from now on.
    pub fn follow(&self) -> broadcast::Receiver<Frame> {
        self.sender.subscribe()
    }

    /// Reads the board.
    pub fn board<T>(&self, look: impl FnOnce(&Board) -> T) -> T {
        look(&self.state.read().board)
    }

    /// Reads the board together with the current waits, which are computed once per change, however many ask.
    pub fn look<T>(&self, now: Moment, look: impl FnOnce(&Board, &Outlook) -> T) -> T {
        let state = self.state.read();
        let outlook = self.outlook(&state.board, now);
        look(&state.board, &outlook)
    }

    fn outlook(&self, board: &Board, now: Moment) -> Arc<Outlook> {
        let place = self.place();
        let now = now.max(board.at());
        let (number, turn) = (board.number(), now.micros().div_euclid(TURN.micros()));
        let mut seen = self.seen.lock();
        if let Some(seen) = &*seen
            && seen.number == number
            && seen.turn == turn
            && Arc::ptr_eq(&seen.place, &place)
        {
            return seen.outlook.clone();
        }
        let outlook = Arc::new(Outlook::of(board, &place.matters, now));
        *seen = Some(CachedOutlook { number, turn, place, outlook: outlook.clone() });
        outlook
    }

    /// Applies a change and sends it to all listeners.
    pub fn take(&self, number: Number, at: Moment, change: Change) -> Applied {
        let mut state = self.state.write();
        // A day may open before the last numbers of the previous day have arrived: those are never sent, and only a
        // snapshot may skip numbers.
        let skips = number.seq != state.board.seq() + 1;
        let applied = state.board.apply(number, at, &change);
        let number = state.board.number();
        if applied == Applied::New {
            if let Change::Call(call) = &change {
                // Even with no listener: a screen that reconnects requests the sounds of calls that it missed.
                (self.announce)(&self.place(), &call.number, &call.counter);
            }
            if self.sender.receiver_count() > 0 {
                let bytes = match &change {
                    _ if skips => self.whole("snapshot", &state.board),
                    Change::Call(call) => self.call(number, at, call, Some(&state.board)),
                    _ => self.whole("board", &state.board),
                };
                // The last listener may have left meanwhile.
                let _ = self.sender.send(Frame { number, bytes });
            }
            state.kept.push_back(NumberedChange { number, at, change });
            if state.kept.len() > KEPT {
                state.kept.pop_front();
            }
        }
        applied
    }

    /// Begins a new life with these events so far. Screens get the result as a whole: earlier calls are not announced
    /// again.
    pub fn begin(&self, life: u64, changes: Vec<(u64, Moment, Change)>) {
        let mut state = self.state.write();
        let (mut board, mut kept) = (Board::begun(life), VecDeque::new());
        for (seq, at, change) in changes {
            let number = Number { life, seq };
            if board.apply(number, at, &change) == Applied::New {
                kept.push_back(NumberedChange { number, at, change });
            }
        }
        kept.drain(..kept.len().saturating_sub(KEPT));
        *state = State { board, kept };
        if self.sender.receiver_count() > 0 {
            let bytes = self.whole("snapshot", &state.board);
            let _ = self.sender.send(Frame { number: state.board.number(), bytes });
        }
    }

    fn whole(&self, event: &str, board: &Board) -> Bytes {
        let outlook = self.outlook(board, board.at());
        let view = crate::view::hall(board, &outlook, &self.place());
        frame(event, Some(&board.number().to_string()), &serde_json::to_string(&view).unwrap_or_default())
    }

    /// A call, with the resulting board so that no screen has to ask for it. A past call comes without.
    fn call(&self, number: Number, at: Moment, call: &Call, board: Option<&Board>) -> Bytes {
        let place = self.place();
        let mut data = json!({
            "ticket": call.number, "counter": call.counter, "attempt": call.attempt, "recall": call.recall,
            "at": place.zone.rfc3339(at), "announce": (self.announce)(&place, &call.number, &call.counter),
        });
        if let Some(board) = board {
            let view = crate::view::hall(board, &self.outlook(board, board.at()), &place);
            data["board"] = serde_json::to_value(view).unwrap_or_default();
        }
        frame("call", Some(&number.to_string()), &data.to_string())
    }

    /// A past event: a call as it was, anything else as a number without content, because the board has moved on.
    fn past(&self, kept: &NumberedChange) -> Bytes {
        match &kept.change {
            Change::Call(call) => self.call(kept.number, kept.at, call, None),
            _ => frame(
                "change",
                Some(&kept.number.to_string()),
                &json!({"at": self.place().zone.rfc3339(kept.at)}).to_string(),
            ),
        }
    }

    /// What a screen that has seen `after` still lacks, and everything from now on. Without a number, or if the kept
    /// events do not reach back that far, it starts from a snapshot.
    pub fn listen(&self, after: Option<Number>) -> (Vec<Bytes>, broadcast::Receiver<Frame>) {
        let state = self.state.read();
        let receiver = self.sender.subscribe();
        let snapshot = || vec![self.whole("snapshot", &state.board)];
        let Some(after) = after else { return (snapshot(), receiver) };
        if after >= state.board.number() {
            return (Vec::new(), receiver);
        }
        let from = state.kept.partition_point(|kept| kept.number <= after);
        let next = Number { seq: after.seq + 1, ..after };
        let unbroken = state.kept.get(from).is_some_and(|first| first.number == next);
        let missed = state.kept.iter().skip(from).map(|kept| self.past(kept));
        (if unbroken { missed.collect() } else { snapshot() }, receiver)
    }
}
