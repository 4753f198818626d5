//! When to come, in one short sentence: the hours, where the machine takes codes within a window; the office's own
//! text, where the hall queues people automatically. The same on pages, in messages and calendars. Knows no page.

use okienko_kernel::{Moment, Span};
use okienko_office::{Location, Office};
use okienko_web::{Locale, Texts};
use std::sync::{Arc, LazyLock};

static TEXTS: LazyLock<Arc<Texts>> = LazyLock::new(crate::service::texts);

/// "Przyjdź między 08:00 a 08:40.", for a visit at that moment; empty if the office states nothing.
pub fn come(office: &Office, location: Option<&Location>, at: Moment, locale: &str) -> String {
    let Some((first, last)) = location.and_then(|location| location.queue.come_between()) else {
        return office.guide.come.in_locale(locale).to_owned();
    };
    let hour = |minutes: i32| office.zone.local(at.minus(Span::from_mins(i64::from(minutes)))).1.to_string();
    let values = [("from", hour(first).into()), ("by", hour(last).into())];
    TEXTS.ta(Locale::parse(locale).unwrap_or_default(), "come-between", &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_office::samples::small_office;
    use okienko_office::text::Text;

    /// The sentence for a visit at 09:00 where the machine takes codes within these minutes before it.
    fn said(opens: i32, closes: i32, placed: bool, locale: &str) -> String {
        let mut office = small_office();
        office.guide.come = Text::polish("Przyjdź wcześniej.");
        let queue = &mut office.locations[0].queue;
        (queue.placed_at_hour, queue.check_in_opens_min, queue.check_in_closes_min) = (placed, opens, closes);
        let day = "2026-12-02".parse().unwrap();
        let at = office.zone.moment(day, "09:00".parse().unwrap()).unwrap();
        come(&office, office.locations.first(), at, locale)
    }

    #[test]
    fn who_must_check_in_is_told_hours_that_the_machine_really_has() {
        for (opens, closes, from, by) in [
            (60, 15, "08:00", "08:40"),
            (15, 0, "08:45", "08:55"),
            (30, 10, "08:30", "08:45"),
            (120, 20, "07:00", "08:35"),
            (45, 30, "08:15", "08:25"),
            (60, -60, "08:00", "09:00"),
            (60, -3, "08:00", "08:58"),
            (10, 4, "08:50", "08:54"),
            (20, 17, "08:40", "08:42"),
            (90, 60, "07:30", "07:55"),
            (5, 0, "08:55", "08:59"),
            (600, 15, "23:00", "08:40"),
        ] {
            let wanted = format!("Przyjdź między {from} a {by}.");
            assert_eq!(said(opens, closes, false, "pl"), wanted, "{opens} to {closes}");
        }
    }

    #[test]
    fn it_is_said_in_every_language() {
        assert_eq!(said(60, 15, false, "en"), "Come between 08:00 and 08:40.");
        assert_eq!(said(60, 15, false, "uk"), "Приходьте між 08:00 і 08:40.");
        assert_eq!(said(60, 15, false, "ru"), "Приходите между 08:00 и 08:40.");
    }

    #[test]
    fn where_no_window_counts_the_office_has_the_word() {
        for (opens, closes, placed) in [(60, -60, true), (15, 15, false), (0, 15, false)] {
            assert_eq!(said(opens, closes, placed, "pl"), "Przyjdź wcześniej.", "{opens} {closes} {placed}");
        }
    }
}
