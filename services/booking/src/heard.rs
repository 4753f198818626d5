//! Which of a day's events concern listeners outside the day: one shared filter for all that read booking's journal.
//! Must not know who they are.

use okienko_day::DayEvent;
use okienko_journal::Recorded;

/// Steps before a visit is booked. Nobody outside the day is told of them: in a rush they are nearly all events, and
/// decoding each for every listener would cost more than deciding it.
const UNDER_WAY: [&str; 4] = ["day_opened", "hold_placed", "form_saved", "code_sent"];

/// The event of a day that a listener may need; `None` for all others, and for events that cannot be read.
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
