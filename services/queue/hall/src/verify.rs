//! The clerk compares a booked visitor's code with the person at the counter. Knows no names: those are looked up
//! elsewhere; this only records whether it was done.

use super::command::HallRefusal;
use super::counter::Counter;
use super::draft::Draft;
use super::event::HallEvent;
use super::hall::HallDay;
use super::ticket::Ticket;

/// The outcome of a visit where the person who came is not the one who booked.
pub const OTHER_PERSON: &str = "other_person";

impl HallDay {
    /// Whether the code belongs to the visitor called or served here; a wrong code changes nothing.
    pub(super) fn verify(
        &self,
        counter: &Counter,
        code: &str,
        draft: &mut Draft<'_>,
    ) -> Result<(), HallRefusal> {
        let ticket = self.visitor(counter)?;
        if ticket.line.booked.is_none() || self.codes.get(code) != Some(&ticket.line.ticket) {
            return Err(HallRefusal::Unknown);
        }
        if !ticket.verified {
            let (at, number) = (draft.now, counter.plan.number.clone());
            draft.push(HallEvent::Verified { at, line: ticket.line.clone(), counter: number });
        }
        Ok(())
    }

    /// Refuses while the office requires this visitor to be compared first.
    pub(super) fn compared_first(&self, ticket: &Ticket) -> Result<(), HallRefusal> {
        if self.verified(ticket) == Some(false) { Err(HallRefusal::NotCompared) } else { Ok(()) }
    }

    /// Whether code and person were compared; `None` if the office does not require it, and for walk-ins.
    pub(super) fn verified(&self, ticket: &Ticket) -> Option<bool> {
        let asked = self.plan().is_some_and(|plan| plan.rules.verify) && ticket.line.booked.is_some();
        asked.then_some(ticket.verified)
    }
}
