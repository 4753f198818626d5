//! "Tell me earlier": the wish of a ticket's holder to be written to some minutes before the call, and when its moment
//! has come. At most one message per wish; a new wish takes the place of the old one. Knows no phone, only the id under
//! which it is kept.

use super::command::HallRefusal;
use super::draft::Decision;
use super::estimate::see;
use super::event::HallEvent;
use super::hall::{HallDay, Phase};
use super::ticket::{Ticket, TicketState};
use okienko_estimate::Pace;
use okienko_kernel::{Id, Moment, Span};
use std::collections::BTreeMap;

/// How often the holder of one ticket may say when to be told.
pub const WISHES: u32 = 3;
/// The longest time before the call, in minutes.
pub const AHEAD_MOST: u32 = 60;

/// A wish and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Under which id the phone is kept.
    pub subject: Id,
    /// Minutes before the call.
    pub ahead_min: u32,
    /// Whether its moment has come: it does not come twice.
    pub told: bool,
    /// Wishes of this ticket so far.
    pub count: u32,
}

/// All wishes of a hall's day, and what is needed to see when they are due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Notices {
    pub pace: Pace<Id>,
    wishes: BTreeMap<Id, Wish>,
    /// The tickets whose wish is still open: few, also at the end of a long day.
    open: std::collections::BTreeSet<Id>,
}

impl Notices {
    pub fn see(&mut self, event: &HallEvent) {
        see(&mut self.pace, event);
        match event {
            HallEvent::NoticeAsked { ticket, subject, ahead_min, .. } => {
                let count = self.wishes.get(ticket).map_or(0, |wish| wish.count) + 1;
                let wish = Wish { subject: *subject, ahead_min: *ahead_min, told: false, count };
                self.wishes.insert(*ticket, wish);
                self.open.insert(*ticket);
            }
            HallEvent::NoticeDue { ticket, .. } => {
                if let Some(wish) = self.wishes.get_mut(ticket) {
                    wish.told = true;
                }
                self.open.remove(ticket);
            }
            HallEvent::Finished { line, .. }
            | HallEvent::Missed { line, .. }
            | HallEvent::Left { line, .. }
            | HallEvent::Unexpected { line: Some(line), .. } => {
                self.open.remove(&line.ticket);
            }
            // Somebody who is served again after a mistake was called before: there is nothing to tell any more.
            _ => {}
        }
    }
}

/// A wish whose moment has come or will come by itself.
struct Due<'a> {
    at: Option<Moment>,
    ticket: &'a Ticket,
    wish: &'a Wish,
    ahead: u64,
    minutes: u32,
    counter: Option<&'a str>,
}

impl HallDay {
    /// The wish of a ticket's holder, told or not.
    pub fn wish_of(&self, ticket: Id) -> Option<&Wish> {
        self.notices.wishes.get(&ticket)
    }

    /// Whether the holder may wish something new.
    pub fn may_wish(&self, id: Id) -> Result<(), HallRefusal> {
        let ticket = self.tickets.get(&id).ok_or(HallRefusal::Unknown)?;
        match ticket.state {
            TicketState::Waiting | TicketState::Expected => {}
            _ => return Err(HallRefusal::NotWaiting),
        }
        let full = self.wish_of(id).is_some_and(|wish| wish.count >= WISHES);
        if full { Err(HallRefusal::LimitReached) } else { Ok(()) }
    }

    /// Keeps a wish. The same once more changes nothing, also after its moment.
    pub(super) fn notify(&self, id: Id, subject: Id, ahead_min: u32, now: Moment) -> Decision {
        if self.wish_of(id).is_some_and(|wish| wish.subject == subject) {
            return Ok(Vec::new());
        }
        self.may_wish(id)?;
        let ahead_min = ahead_min.clamp(1, AHEAD_MOST);
        Ok(vec![HallEvent::NoticeAsked { at: now, ticket: id, subject, ahead_min }])
    }

    /// The first moment at which a wish is due; one of the past where one is due already.
    pub(super) fn notice_wake(&self) -> Option<Moment> {
        let dues = self.dues();
        dues.map(|due| due.at.unwrap_or_default()).min()
    }

    /// The wishes that are due.
    pub(super) fn notices_due(&self, now: Moment) -> Vec<HallEvent> {
        let due = self.dues().filter(|due| due.at.is_none_or(|at| at <= now));
        due.map(|due| HallEvent::NoticeDue {
            at: now,
            ticket: due.ticket.line.ticket,
            subject: due.wish.subject,
            minutes: due.minutes,
            ahead: due.ahead,
            counter: due.counter.map(str::to_owned),
        })
        .collect()
    }

    fn dues(&self) -> impl Iterator<Item = Due<'_>> {
        let open = (self.phase == Phase::Open).then_some(&self.notices.open);
        open.into_iter().flatten().filter_map(|id| self.due(self.tickets.get(id)?, self.wish_of(*id)?))
    }

    /// Who waits is told when the expected wait has come down to the wish; who has an hour not before the time to it
    /// has too; who is called meanwhile is told at once, if that was not foreseen.
    fn due<'a>(&self, ticket: &'a Ticket, wish: &'a Wish) -> Option<Due<'a>> {
        let due = Due { at: None, ticket, wish, ahead: 0, minutes: 0, counter: None };
        match &ticket.state {
            TicketState::Called { counter } => Some(Due { counter: Some(counter), ..due }),
            TicketState::Waiting => {
                let wait = self.wait_of(ticket, wish.ahead_min)?;
                Some(Due { ahead: wait.ahead, minutes: wait.minutes, ..due })
            }
            TicketState::Expected => {
                let hour = ticket.line.booked.as_ref()?.at;
                let wait = self.wait_of(ticket, wish.ahead_min)?;
                let at = hour - Span::from_mins(i64::from(wish.ahead_min));
                Some(Due { at: Some(at), ahead: wait.ahead, minutes: wish.ahead_min, ..due })
            }
            _ => None,
        }
    }
}
