//! The day of one pool: the machine that promises its places (`Day`), its commands and events, its invariants
//! (`invariant`), and a person's data as sealed in the vault (`Subject`). Places are promised here, so it is proved
//! here that no slot is promised twice and that nothing is confirmed without its proof.
//!
//! Must not know of codes sent, of other days, of clocks, randomness, storage or the network.

mod command;
mod decide;
mod event;
pub mod fit;
mod invariant;
mod refusal;
mod room;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
#[cfg(test)]
mod samples_tests;
mod state;
mod subject;

pub use command::{Attendance, Command, Confirm, PlaceHold, Share};
pub use event::{
    Attended, Cancelled, CodeSent, Confirmed, DayEvent, DayOpened, FormSaved, HoldExpired, HoldPlaced,
    HoldReleased, Place, Reminded, Removed,
};
pub use refusal::Refusal;
pub use state::{Day, Hold, HoldEnd, Reservation, Slot, State};
pub use subject::{Contact, PersonKeys, SentCode, Subject};

use decide::Decided;
use okienko_kernel::{ClaimChange, Id, Machine, Moment, Span};
use serde::{Deserialize, Serialize};

/// How long a hold lasts. The end is exclusive: it counts while `now < end`.
pub const HOLD: Span = Span::from_mins(10);
/// The longest that a hold may last after an extension.
pub const HOLD_MAX: Span = Span::from_mins(20);

/// The reply to a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// The hold as it is now.
    Held {
        /// Its id.
        hold: Id,
        /// When it ends.
        ends_at: Moment,
        /// Seconds until then, rounded up.
        remaining_s: i64,
    },
    /// The reservation as it is now.
    Reserved(Box<Reservation>),
    /// The hold is over and has no reservation.
    Gone {
        /// Its id.
        hold: Id,
    },
}

impl Machine for Day {
    type Command = Command;
    type Event = DayEvent;
    type Refusal = Refusal;
    type Reply = Reply;

    fn new(stream: &str) -> Self {
        Day::empty(stream)
    }

    fn decide(&self, command: &Command, now: Moment) -> Decided {
        match command {
            Command::PlaceHold(place) => self.place_hold(place, now),
            Command::SaveForm { hold, subject, sealed } => self.save_form((*hold, *sealed), *subject, now),
            Command::CodeSent { hold, verification, expires_at, channel, claims, sealed } => {
                self.code_sent((*hold, *sealed), (verification, *channel, claims), *expires_at, now)
            }
            Command::Confirm(confirm) => self.confirm(confirm, now),
            Command::Release { hold } => self.release(*hold),
            Command::Cancel { reservation } => self.cancel(*reservation, now),
            Command::Remove { reservation, reason } => self.remove(*reservation, reason, now),
            Command::Attend { reservation, state, at } => self.attend(*reservation, *state, *at),
        }
    }

    fn apply(&mut self, event: &DayEvent) {
        self.take(event);
    }

    fn reply(&self, command: &Command, _events: &[DayEvent], now: Moment) -> Reply {
        let hold = |id: Id| match self.hold(id) {
            Some(Hold { end: Some(HoldEnd::Confirmed(reservation)), .. }) => self.reserved(*reservation, id),
            Some(hold) if hold.runs(now) => {
                Reply::Held { hold: id, ends_at: hold.ends_at, remaining_s: self.remaining(id, now) }
            }
            _ => Reply::Gone { hold: id },
        };
        match command {
            Command::PlaceHold(PlaceHold { hold: id, .. })
            | Command::SaveForm { hold: id, .. }
            | Command::CodeSent { hold: id, .. }
            | Command::Confirm(Confirm { hold: id, .. })
            | Command::Release { hold: id } => hold(*id),
            Command::Cancel { reservation }
            | Command::Remove { reservation, .. }
            | Command::Attend { reservation, .. } => self.reserved(*reservation, *reservation),
        }
    }

    fn wake(&self) -> Option<Moment> {
        [self.first_end(), self.remind_at()].into_iter().flatten().min()
    }

    fn on_wake(&self, now: Moment) -> Vec<DayEvent> {
        let expired = self.expired(now).map(|hold| DayEvent::HoldExpired(HoldExpired { hold }));
        let due = self.remind_at().is_some_and(|at| at <= now);
        let reminded = due.then(|| {
            let reservations = self.to_remind.iter().copied().collect();
            DayEvent::Reminded(Reminded { reservations, at: now })
        });
        expired.chain(reminded).collect()
    }

    fn claim_refusal(command: &Command, _key: &str) -> Option<Refusal> {
        matches!(command, Command::Confirm(_)).then_some(Refusal::LimitReached)
    }

    fn claim_changes(event: &DayEvent) -> Vec<ClaimChange> {
        let release = |holder: Id, claims: &[String]| {
            let change = |key: &String| ClaimChange::Release { key: key.clone(), holder: holder.to_string() };
            claims.iter().map(change).collect()
        };
        match event {
            DayEvent::Confirmed(it) => {
                let take = |key: &String| ClaimChange::Take {
                    key: key.clone(),
                    holder: it.reservation.to_string(),
                    until: it.claims_until,
                };
                it.claims.iter().map(take).collect()
            }
            DayEvent::Cancelled(it) => release(it.reservation, &it.claims),
            DayEvent::Removed(it) => release(it.reservation, &it.claims),
            DayEvent::Attended(it) if it.state != Attendance::CheckedIn => {
                release(it.reservation, &it.claims)
            }
            _ => Vec::new(),
        }
    }
}

impl Day {
    fn reserved(&self, reservation: Id, asked: Id) -> Reply {
        let found = self.reservation(reservation).cloned().map(Box::new);
        found.map_or(Reply::Gone { hold: asked }, Reply::Reserved)
    }
}

#[cfg(test)]
mod tests;
