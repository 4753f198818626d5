//! A month of days and a day of hours, as real buttons that submit the choice. Knows no office's rules: what is free is
//! passed in.

use crate::components::hidden_fields;
use crate::texts::Value;
use crate::words::{Words, weekday};
use maud::{Markup, html};
use okienko_kernel::{Day, TimeOfDay};

/// What a day offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayState {
    /// The number of free hours.
    Free(u32),
    /// No free hours.
    Full,
    /// The office is closed.
    Closed,
    /// Booking has not begun; the text says when it will ("we wtorek o 08:00").
    NotReleased(Option<String>),
    /// In the past.
    Past,
}

/// A month with what its days offer; days not listed are closed.
#[derive(Clone, Debug)]
pub struct Month {
    /// The year.
    pub year: i16,
    /// The month, 1–12.
    pub month: i8,
    /// States of this month's days.
    pub days: Vec<(Day, DayState)>,
    /// The address of the month before, if there is a reason to go there.
    pub previous: Option<String>,
    /// The address of the month after, likewise.
    pub next: Option<String>,
}

/// Where a choice is submitted: the form's method, address and hidden values.
#[derive(Clone, Copy, Debug)]
pub struct Choosing<'a> {
    /// `get` or `post`.
    pub method: &'a str,
    /// The form's address.
    pub action: &'a str,
    /// Further values (name, value), sent as hidden inputs.
    pub hidden: &'a [(&'a str, &'a str)],
}

/// The month as a table of buttons named `date`.
pub fn calendar(words: &Words, month: &Month, selected: Option<Day>, to: Choosing<'_>) -> Markup {
    let title = words.month(month.year, month.month);
    let link = |key: &str, href: &Option<String>, shift: i8, arrow: &str| {
        let (year, number) = shifted(month.year, month.month, shift);
        let label = words.ta(key, &[("month", words.month(year, number).into())]);
        html! {
            @if let Some(href) = href { a .month-link href=(href) aria-label=(label) { (arrow) } }
            @else { span .month-link.off aria-hidden="true" { (arrow) } }
        }
    };
    html! {
        form .calendar method=(to.method) action=(to.action) {
            (hidden_fields(to.hidden))
            div .calendar-head {
                (link("month-previous", &month.previous, -1, "←"))
                h2 #calendar-title { (title) }
                (link("month-next", &month.next, 1, "→"))
            }
            table aria-labelledby="calendar-title" {
                thead { tr { @for day in week() {
                    th scope="col" abbr=(words.t(&format!("weekday-{day}"))) {
                        (words.t(&format!("weekday-short-{day}")))
                    }
                } } }
                tbody { @for week in weeks(month) { tr { @for day in week { td {
                    @if let Some(day) = day { (cell(words, month, day, selected == Some(day))) }
                } } } } }
            }
        }
    }
}

fn cell(words: &Words, month: &Month, day: Day, selected: bool) -> Markup {
    let closed = DayState::Closed;
    let state = month.days.iter().find(|(d, _)| *d == day).map_or(&closed, |(_, state)| state);
    let number = day.parts().2.to_string();
    // The spoken label begins with the visible one, so that voice control understands "press two": "2, środa, 2 grudnia
    // 2026: …".
    let date = ("date", Value::from(words.date(day)));
    let short = |class: &str, note: Option<&str>, label: String| {
        html! {
            span class={ "day " (class) } {
                span .day-number { (number) }
                span .visually-hidden { ", " (label) }
                @if let Some(note) = note { span .day-note aria-hidden="true" { (note) } }
            }
        }
    };
    match state {
        DayState::Free(n) => {
            let label = words.ta("day-free", &[date, ("n", Value::from(*n))]);
            // The number of hours comes after the date's colon, in some languages with a word before it.
            let count = n.to_string();
            let colon = label.find(':').unwrap_or_default();
            let at = label[colon..].find(&count).map_or(label.len(), |found| colon + found);
            let (before, after) = (&label[..at], label.get(at + count.len()..).unwrap_or_default());
            html! {
                button .day.free type="submit" name="date" value=(day) aria-current=[selected.then_some("date")] {
                    span .day-number { (number) }
                    span .visually-hidden { ", " (before) }
                    span .day-note { (n) }
                    span .visually-hidden { (after) }
                }
            }
        }
        DayState::Full => short("full", None, words.ta("day-full", &[date])),
        DayState::Closed => short("closed", Some("–"), words.ta("day-closed", &[date])),
        DayState::Past => short("past", None, words.ta("day-past", &[date])),
        DayState::NotReleased(None) => short("later", None, words.ta("day-not-released-plain", &[date])),
        DayState::NotReleased(Some(opens)) => {
            let values = [date, ("opens", Value::from(opens.as_str()))];
            short("later", None, words.ta("day-not-released", &values))
        }
    }
}

fn week() -> [&'static str; 7] {
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
}

fn shifted(year: i16, month: i8, by: i8) -> (i16, i8) {
    match month + by {
        0 => (year - 1, 12),
        13 => (year + 1, 1),
        within => (year, within),
    }
}

/// The days of the month in rows from Monday to Sunday.
fn weeks(month: &Month) -> Vec<[Option<Day>; 7]> {
    let mut rows: Vec<[Option<Day>; 7]> = Vec::new();
    for number in 1..=31 {
        let Some(day) = Day::new(month.year, month.month, number) else { break };
        let at = week().iter().position(|name| *name == weekday(day)).unwrap_or_default();
        if rows.is_empty() || at == 0 {
            rows.push([None; 7]);
        }
        if let Some(row) = rows.last_mut() {
            row[at] = Some(day);
        }
    }
    rows
}

/// An hour that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hour {
    /// The hour's start.
    pub time: TimeOfDay,
    /// The number of free places.
    pub free: u32,
    /// Sent back when the hold is made; empty where none is needed.
    pub token: String,
}

/// The hours of a day, morning and afternoon, as buttons named `time` with the value `HH:MM` or `HH:MM/token`.
pub fn hour_grid(words: &Words, hours: &[Hour], to: Choosing<'_>) -> Markup {
    if hours.is_empty() {
        return html! { p { (words.t("hours-none")) } };
    }
    let noon = 12 * 60;
    let (morning, afternoon): (Vec<&Hour>, Vec<&Hour>) = hours.iter().partition(|h| h.time.minutes() < noon);
    html! {
        form .hours method=(to.method) action=(to.action) {
            (hidden_fields(to.hidden))
            @for (key, hours) in [("hours-morning", morning), ("hours-afternoon", afternoon)] {
                @if !hours.is_empty() {
                    h3 { (words.t(key)) }
                    ul .hour-grid { @for hour in hours { li {
                        @let time = words.time(hour.time);
                        @let value = if hour.token.is_empty() { time.clone() } else { format!("{time}/{}", hour.token) };
                        @let said = [("time", Value::from(time.as_str())), ("n", Value::from(hour.free))];
                        button .hour type="submit" name="time" value=(value) aria-label=(words.ta("hour-free", &said)) {
                            (time)
                        }
                    } } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locale;

    #[test]
    fn a_month_begins_on_its_weekday_and_holds_all_its_days() {
        let month = |year, month| Month { year, month, days: vec![], previous: None, next: None };
        let december = weeks(&month(2026, 12));
        assert_eq!(december[0][1], Day::new(2026, 12, 1));
        assert_eq!(december.iter().flatten().flatten().count(), 31);
        assert_eq!(weeks(&month(2027, 2)).len(), 4);
    }

    #[test]
    fn only_free_days_are_buttons_and_every_day_says_what_it_is() {
        let words = Words::common(Locale::Pl);
        let day = |n| Day::new(2026, 12, n).unwrap();
        let days = vec![
            (day(1), DayState::Free(12)),
            (day(2), DayState::Full),
            (day(3), DayState::NotReleased(Some("jutro o 08:00".into()))),
        ];
        let month = Month { year: 2026, month: 12, days, previous: None, next: None };
        let to = Choosing { method: "get", action: "/x", hidden: &[("service", "d")] };
        let html = calendar(&words, &month, Some(day(1)), to).into_string();
        assert_eq!(html.matches("<button").count(), 1);
        let said = heard(&html);
        assert!(said.contains("1, wtorek, 1 grudnia 2026: 12 wolnych godzin"), "{said}");
        assert!(said.contains("2, środa, 2 grudnia 2026: brak miejsc"), "{said}");
        assert!(said.contains("zapisy ruszą jutro o 08:00"), "{said}");
    }

    /// The text of a page without its tags.
    fn heard(html: &str) -> String {
        html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect()
    }

    #[test]
    fn in_every_language_what_is_heard_of_a_day_begins_with_the_number_that_is_seen() {
        let day = |n| Day::new(2026, 12, n).unwrap();
        let states = [
            (day(1), DayState::Free(1)),
            (day(2), DayState::Free(2)),
            (day(5), DayState::Free(5)),
            (day(11), DayState::Free(11)),
            (day(12), DayState::Full),
            (day(13), DayState::Closed),
            (day(21), DayState::Past),
            (day(22), DayState::NotReleased(None)),
            (day(31), DayState::NotReleased(Some("X".into()))),
        ];
        for locale in Locale::ALL {
            let words = Words::common(locale);
            let days = states.to_vec();
            let month = Month { year: 2026, month: 12, days, previous: None, next: None };
            let to = Choosing { method: "get", action: "/x", hidden: &[] };
            let html = calendar(&words, &month, None, to).into_string();
            assert!(!html.contains("aria-label="), "the name is the content: {html}");
            for (day, state) in &states {
                let said = heard(&cell(&words, &month, *day, false).into_string());
                let number = day.parts().2.to_string();
                assert!(said.starts_with(&format!("{number}, ")), "{locale:?} {state:?}: {said}");
                let weekday = words.t(&format!("weekday-{}", weekday(*day)));
                assert!(said.contains(&weekday) && said.contains("2026"), "{locale:?}: {said}");
                if let DayState::Free(n) = state {
                    let after = said.split_once(": ").unwrap().1;
                    assert!(after.split(' ').any(|word| word == n.to_string()), "{locale:?}: {said}");
                }
            }
        }
    }

    #[test]
    fn hours_are_grouped_and_carry_their_token() {
        let words = Words::common(Locale::Pl);
        let hour =
            |h, token: &str| Hour { time: TimeOfDay::new(h, 0).unwrap(), free: 1, token: token.into() };
        let to = Choosing { method: "post", action: "/x", hidden: &[] };
        let html = hour_grid(&words, &[hour(9, ""), hour(13, "tk")], to).into_string();
        assert!(html.contains("Przed południem") && html.contains("Po południu"));
        assert!(html.contains("value=\"09:00\"") && html.contains("value=\"13:00/tk\""));
    }
}
