//! "Tell me earlier": a ticket holder's wish to be notified some minutes before the call, and when that is due. At most
//! one message per wish; a new wish replaces the old one. Knows no phone, only the id under which it is kept.

use super::command::HallRefusal;
use super::draft::Decision;
use super::estimate::see;
use super::event::HallEvent;
use super::hall::{HallDay, Phase};
use super::ticket::{Ticket, TicketState};
use okienko_estimate::Pace;
use okienko_kernel::{Id, Moment, Span};
use std::collections::BTreeMap;

/// How many wishes the holder of one ticket may make.
pub const WISHES: u32 = 3;
/// The earliest a notice may be, in minutes before the call.
pub const AHEAD_MOST: u32 = 60;

/// A wish and its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The id under which the phone is kept.
    pub subject: Id,
    /// Minutes before the call.
    pub ahead_min: u32,
    /// Whether it has become due: that happens only once.
    pub told: bool,
    /// How many wishes this ticket has had so far.
    pub count: u32,
}

/// All wishes of a hall's day, and what is needed to tell when they are due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Notices {
    pub pace: Pace<Id>,
    wishes: BTreeMap<Id, Wish>,
    /// The tickets whose wish is still open: few, even at the end of a long day.
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
            // A ticket served again after a mistake was called before: there is nothing left to announce.
            _ => {}
        }
    }
}

/// A wish that is due, or becomes due at a known moment.
struct Due<'a> {
    at: Option<Moment>,
    ticket: &'a Ticket,
    wish: &'a Wish,
    ahead: u64,
    minutes: u32,
    counter: Option<&'a str>,
}

impl HallDay {
    /// The wish of a ticket's holder, notified or not.
    pub fn wish_of(&self, ticket: Id) -> Option<&Wish> {
        self.notices.wishes.get(&ticket)
    }

    /// Whether the holder may make a new wish.
    pub fn may_wish(&self, id: Id) -> Result<(), HallRefusal> {
        let ticket = self.tickets.get(&id).ok_or(HallRefusal::Unknown)?;
        match ticket.state {
            TicketState::Waiting | TicketState::Expected => {}
            _ => return Err(HallRefusal::NotWaiting),
        }
        let full = self.wish_of(id).is_some_and(|wish| wish.count >= WISHES);
        if full { Err(HallRefusal::LimitReached) } else { Ok(()) }
    }

    /// Stores a wish. Repeating the same one changes nothing, even after it was due.
    pub(super) fn notify(&self, id: Id, subject: Id, ahead_min: u32, now: Moment) -> Decision {
        if self.wish_of(id).is_some_and(|wish| wish.subject == subject) {
            return Ok(Vec::new());
        }
        self.may_wish(id)?;
        let ahead_min = ahead_min.clamp(1, AHEAD_MOST);
        Ok(vec![HallEvent::NoticeAsked { at: now, ticket: id, subject, ahead_min }])
    }

    /// The first moment at which a wish is due; in the past if one is due already.
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

    /// A waiting ticket is notified when its expected wait has come down to the wish; a booked one not before the time
    /// to its hour has come down to it too. A ticket that is called before either is notified at once.
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
