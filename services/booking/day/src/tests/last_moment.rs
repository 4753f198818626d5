//! No hold runs past the last moment at which its visit can be used. Must not know how a hold is requested.

use super::*;

#[test]
fn no_hold_outlives_the_use_of_its_visit_whatever_the_window() {
    // How many minutes before 08:00 the window closes, when the hold is placed, when its code is sent (valid for ten
    // minutes), and when the hold ends before and after the code.
    for (closes, placed, sent, first, then) in [
        (15, "07:35:00", "07:44:00", "07:45:00", "07:45:00"),
        (15, "07:30:00", "07:39:00", "07:40:00", "07:45:00"),
        (15, "07:20:00", "07:29:00", "07:30:00", "07:39:00"),
        (15, "07:44:59", "07:44:59", "07:45:00", "07:45:00"),
        (20, "07:25:00", "07:34:00", "07:35:00", "07:40:00"),
        (40, "07:15:00", "07:19:00", "07:20:00", "07:20:00"),
        (1, "07:50:00", "07:58:00", "07:59:00", "07:59:00"),
        (0, "07:55:00", "07:59:00", "08:00:00", "08:00:00"),
        (0, "07:45:00", "07:54:00", "07:55:00", "08:00:00"),
        (-5, "07:56:00", "08:04:00", "08:05:00", "08:05:00"),
        (-60, "07:59:00", "08:08:00", "08:09:00", "08:18:00"),
    ] {
        let mut desk = Desk::new();
        desk.plan = Arc::new(DayPlan { used_until_min: Some(closes), ..(*desk.plan).clone() });
        let hold = desk.hold("08:00", at(placed)).unwrap();
        assert_eq!(desk.day.wake(), Some(at(first)), "{closes} {placed}");
        desk.form(hold, at(placed)).unwrap();
        desk.code(hold, "v", at(sent) + Span::from_mins(10), at(sent)).unwrap();
        assert_eq!(desk.day.wake(), Some(at(then)), "{closes} {placed} {sent}");
        let confirm = Command::Confirm(desk.confirm_with(hold, Some("v")));
        assert_eq!(desk.run(&confirm, at(then)).map(drop), Err(Refusal::HoldExpired), "{closes} {placed}");
        let end = at("08:00:00") - Span::from_mins(closes.into());
        let late = desk.place("card", "08:00");
        assert_eq!(
            desk.run(&Command::PlaceHold(late), end).map(drop),
            Err(Refusal::Past),
            "{closes} at its end"
        );
    }
}

#[test]
fn a_day_that_was_opened_before_plans_knew_the_window_goes_by_the_offices_word() {
    let mut desk = Desk::new();
    let known = Arc::clone(&desk.plan);
    desk.plan = Arc::new(DayPlan { used_until_min: None, ..(*known).clone() });
    desk.hold("08:30", at("07:00:00")).unwrap();
    desk.plan = Arc::new(DayPlan { used_until_min: Some(15), ..(*known).clone() });
    assert_eq!(desk.hold("08:00", at("07:45:00")), Err(Refusal::Past));
    let hold = desk.hold("08:00", at("07:40:00")).unwrap();
    assert_eq!(desk.day.hold(hold).map(|hold| hold.ends_at), Some(at("07:45:00")));
}
