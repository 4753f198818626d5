//! What of a day's events somebody beyond it has to hear: one reading for all who listen to booking's journal. Must not
//! know who they are.

use okienko_day::DayEvent;
use okienko_journal::Recorded;

/// Steps on the way to a visit. Nobody beyond the day is told of them: in a rush they are nearly all that happens, and
/// reading each for every listener would cost more than deciding it.
const UNDER_WAY: [&str; 4] = ["day_opened", "hold_placed", "form_saved", "code_sent"];

/// The event of a day that somebody may have to be told of; `None` for all others, and for what cannot be read.
pub fn of_day(event: &Recorded) -> Option<DayEvent> {
    let is_heard = event.stream.starts_with("day/") && !UNDER_WAY.contains(&&*event.kind);
    if is_heard { event.read() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_kernel::Stored;
    use okienko_office::samples::small_office;

    #[test]
    fn what_is_passed_over_is_of_a_day_and_is_told_to_nobody() {
        assert!(UNDER_WAY.iter().all(|kind| DayEvent::KINDS.contains(kind)));
        let plan = small_office().plan("pool", "2026-12-01".parse().unwrap()).unwrap();
        let events = okienko_day::samples::day_events(plan);
        let passed_over = events.iter().filter(|event| UNDER_WAY.contains(&event.kind()));
        assert!(passed_over.clone().count() >= UNDER_WAY.len());
        for event in passed_over {
            assert_eq!(crate::publish::day_event(event), None, "{event:?}");
        }
    }
}
