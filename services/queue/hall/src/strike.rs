//! The office strikes off booked visitors who have not come: a timer of the day that also runs before the day is
//! opened. Knows nothing of calls to absent visitors; that is in `absent`.

use super::draft::Draft;
use super::event::HallEvent;
use super::hall::{HallDay, Phase};
use super::plan::strike_off;
use okienko_kernel::Moment;

impl HallDay {
    /// The office's rule: how many minutes before the hour. Before opening, as carried by the reservations.
    pub(super) fn cancel_at(&self) -> Option<i32> {
        self.plan().map_or(self.told_cancel_at, |plan| plan.rules.cancel_at_min)
    }

    /// When the next ticket is struck off, unless its holder comes before.
    pub(super) fn next_strike(&self) -> Option<Moment> {
        let minutes = self.cancel_at().filter(|_| self.phase != Phase::Sealed)?;
        self.unseen.first().map(|(hour, _)| strike_off(*hour, minutes))
    }

    /// Everything due by `now`: first the strike-offs, then what becomes due in the remaining line.
    pub(super) fn fall_due(&self, now: Moment) -> Vec<HallEvent> {
        let mut events = self.strikes(now);
        if events.is_empty() {
            return self.due_in_line(now);
        }
        let mut after = self.clone();
        events.iter().for_each(|event| after.take(event));
        events.extend(after.due_in_line(now));
        events
    }

    fn strikes(&self, now: Moment) -> Vec<HallEvent> {
        let mut draft = Draft::new(self, now);
        let Some(minutes) = self.cancel_at().filter(|_| self.phase != Phase::Sealed) else {
            return draft.events;
        };
        let due = self.unseen.iter().take_while(|(hour, _)| strike_off(*hour, minutes) <= now);
        for ticket in due.filter_map(|(_, id)| self.tickets.get(id)) {
            let seq = (self.phase == Phase::Open).then(|| draft.seq());
            draft.push(HallEvent::StruckOff { seq, at: now, line: ticket.line.clone() });
        }
        draft.events
    }
}
