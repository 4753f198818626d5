//! How long somebody who waits will wait, from what is known of the day so far: the visits that have ended, the
//! counters that are open, and who is ahead. Knows nothing of who asks.

use super::counter::Mode;
use super::event::HallEvent;
use super::hall::HallDay;
use super::ticket::Ticket;
use okienko_kernel::{Id, Moment, Span};
use std::collections::BTreeMap;

/// The planned length of a line's visits counts as much as so many real ones.
const PLANNED_COUNTS: i64 = 3;
/// A visit that seems longer than this was left open by mistake.
const LONGEST: Span = Span::from_mins(120);
/// A service without a planned length.
const UNPLANNED: Span = Span::from_mins(10);

/// How long visits take: from the call to the end, because a counter is taken for that long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pace {
    /// Who is called or served, since when.
    since: BTreeMap<Id, Moment>,
    /// By service: how many visits have ended, and how many microseconds they took.
    ended: BTreeMap<String, (i64, i64)>,
}

/// What can be said of a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// People who are called before.
    pub ahead: u64,
    /// Minutes until the call, rounded up.
    pub minutes: u32,
}

impl Pace {
    pub fn see(&mut self, event: &HallEvent) {
        match event {
            HallEvent::Called { at, line, recall: false, .. } => {
                self.since.insert(line.ticket, *at);
            }
            HallEvent::Finished { at, line, .. } => {
                if let Some(since) = self.since.remove(&line.ticket) {
                    let (count, sum) = self.ended.entry(line.service.clone()).or_default();
                    *count += 1;
                    *sum += at.since(since).micros().clamp(0, LONGEST.micros());
                }
            }
            HallEvent::WentAbsent { line, .. }
            | HallEvent::Missed { line, .. }
            | HallEvent::Left { line, .. }
            | HallEvent::Transferred { line, .. }
            | HallEvent::Parked { line, .. }
            | HallEvent::Undone { line, .. } => {
                self.since.remove(&line.ticket);
            }
            _ => {}
        }
    }
}

/// The wait of one with `ahead` people before: each needs a visit's length of one of the `open` counters; those that
/// are free take the first at once. In microseconds; `None` while no counter is open.
fn expected_wait(ahead: u64, open: u64, free: u64, visit: Span) -> Option<i64> {
    if open == 0 {
        return None;
    }
    let turns = i64::try_from((ahead + 1).saturating_sub(free)).unwrap_or(i64::MAX);
    let open = i64::try_from(open).unwrap_or(i64::MAX);
    Some(turns.saturating_mul(visit.micros()) / open)
}

impl HallDay {
    /// What can be said of the wait of a ticket that waits or will wait; `None` while no counter is open for it, or
    /// where more than `most` minutes are sure.
    pub(super) fn wait_of(&self, ticket: &Ticket, most: u32) -> Option<Wait> {
        let mine = ticket.wanted_at.as_deref();
        let serving = self.counters.values().filter(|counter| {
            counter.mode == Mode::Open
                && mine.map_or(counter.plan.serves(&ticket.line.service), |own| own == counter.plan.number)
        });
        let (mut open, mut free) = (0u64, 0u64);
        for counter in serving {
            open += 1;
            free += u64::from(counter.current.is_none());
        }
        let visit = self.visit(&ticket.line.service);
        // Nobody is counted whose number would not matter any more.
        let limit = Span::from_mins(i64::from(most) + 1).micros().saturating_mul(i64::try_from(open).ok()?);
        let limit = u64::try_from(limit / visit.micros().max(1)).ok()? + free + 1;
        let ahead = self.ahead_at_most(ticket, limit);
        let wait = expected_wait(ahead, open, free, visit)?;
        let minutes = u32::try_from(wait.saturating_add(59_999_999) / 60_000_000).unwrap_or(u32::MAX);
        (minutes <= most).then_some(Wait { ahead, minutes })
    }

    /// How many wait before a ticket in the lines that share a counter with its service, counted up to `limit`.
    fn ahead_at_most(&self, ticket: &Ticket, limit: u64) -> u64 {
        let rank = self.rank(ticket);
        let services = self.lanes.services();
        let own = ticket.wanted_at.as_deref().and_then(|counter| self.lanes.wanted_at(counter));
        let lines = services.filter(|(other, _)| self.shares_counter(&ticket.line.service, other));
        let mut ahead = 0;
        for line in lines.map(|(_, line)| line).chain(own) {
            let left = usize::try_from(limit.saturating_sub(ahead)).unwrap_or(usize::MAX);
            ahead += line.range(..&rank).take(left).count() as u64;
        }
        ahead
    }

    /// How long a visit takes in the line that a service is called from: what was planned, moved by what was real.
    fn visit(&self, service: &str) -> Span {
        let plans = self.plan().map_or(&[][..], |plan| &plan.services);
        let (mut services, mut planned) = (0, 0i64);
        let (mut count, mut sum) = (PLANNED_COUNTS, 0i64);
        for plan in plans.iter().filter(|other| self.shares_counter(service, &other.id)) {
            let minutes = i64::from(plan.minutes);
            let length = if minutes == 0 { UNPLANNED } else { Span::from_mins(minutes) };
            (services, planned) = (services + 1, planned.saturating_add(length.micros()));
            let (ended, took) = self.notices.pace.ended.get(&plan.id).copied().unwrap_or_default();
            (count, sum) = (count + ended, sum.saturating_add(took));
        }
        let planned = if services == 0 { UNPLANNED.micros() } else { planned / services };
        Span::from_micros(planned.saturating_mul(PLANNED_COUNTS).saturating_add(sum) / count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_one_ahead_needs_a_visit_and_free_counters_take_the_first() {
        let minutes = |ahead, open, free| {
            expected_wait(ahead, open, free, Span::from_mins(10)).map(|wait| wait / 60_000_000)
        };
        assert_eq!(minutes(0, 0, 0), None, "nobody is there to call");
        assert_eq!(minutes(0, 1, 1), Some(0));
        assert_eq!(minutes(0, 1, 0), Some(10));
        assert_eq!(minutes(5, 2, 0), Some(30));
        assert_eq!(minutes(5, 2, 2), Some(20));
        assert_eq!(minutes(u64::MAX - 1, 1, 0), Some(i64::MAX / 60_000_000));
    }
}
