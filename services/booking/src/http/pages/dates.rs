//! The step "when?": a month of days, then the hours of one day. Beside the month the next free hours, for people who
//! just want the earliest.

use super::book::Chosen;
use super::nearest;
use crate::citizen::DayState as Free;
use crate::service::Booking;
use axum::response::Response;
use okienko_frame::{challenged, document_that, form_key, remark, see, step_line};
use okienko_kernel::{Day, TimeOfDay};
use okienko_office::{LoadedOffice, Location, Release, Service, Step};
use okienko_web::calendar::{Choosing, DayState, Hour, Month, calendar, hour_grid};
use okienko_web::components::{Tone, back_link, hidden_fields, notice, refused};
use okienko_web::{Code, Markup, Problem, Words, html};

/// How many of the next free hours are listed.
const NEAREST: usize = 10;

/// What the pages of this step need.
#[derive(Clone, Copy)]
pub struct DatesContext<'a> {
    /// The booking role, for queries.
    pub booking: &'a Booking,
    /// The office with its plans.
    pub known: &'a LoadedOffice,
    /// The visitor's language.
    pub words: &'a Words,
    /// The chosen service and location.
    pub chosen: Chosen<'a>,
    /// Whether this browser must do the proof of work before it gets an hour.
    pub works: bool,
}

impl<'a> DatesContext<'a> {
    fn both(&self) -> Result<(&'a Service, &'a Location), Problem> {
        let both = self.chosen.service.zip(self.chosen.location);
        both.ok_or_else(|| Problem::new(Code::Unknown))
    }
    /// The choices so far, in one line.
    fn so_far(&self) -> Markup {
        let locale = self.words.locale().tag();
        html! {
            p .muted {
                @if let Some(service) = self.chosen.service { (service.name.in_locale(locale)) }
                @if let Some(location) = self.chosen.location { br; (location.name.in_locale(locale)) }
            }
        }
    }
}

/// Parses a month, `2026-12`.
pub fn month(text: &str) -> Option<(i16, i8)> {
    let first: Day = format!("{text}-01").parse().ok()?;
    let (year, month, _) = first.parts();
    Some((year, month))
}

/// The page of a month; by default the month with the first free hour.
pub async fn days(
    seen: DatesContext<'_>,
    month: Option<(i16, i8)>,
    told_before: Option<&str>,
) -> Result<Response, Problem> {
    let DatesContext { booking, known, words, chosen, .. } = seen;
    let (service, location) = seen.both()?;
    let today = booking.today(known);
    let last = today.plus_days(i64::from(known.office.horizon_days));
    let free = nearest::free_hours(booking, known, &location.id, &service.id, NEAREST).await?;
    let (first_month, last_month) = (month_of(today), month_of(last));
    let shown = month.unwrap_or_else(|| month_of(free.first().map_or(today, |(day, _)| *day)));
    if !(first_month..=last_month).contains(&shown) {
        return Ok(see(&chosen.address()));
    }
    let days = states(seen, shown).await?;
    let any_full = days.iter().any(|(_, state)| *state == DayState::Full);
    let link = |by: i8| {
        let to = moved(shown, by);
        (first_month..=last_month)
            .contains(&to)
            .then(|| chosen.with("month", format!("{}-{:02}", to.0, to.1)))
    };
    let month = Month { year: shown.0, month: shown.1, days, previous: link(-1), next: link(1) };
    let hidden = [("service", service.id.as_str()), ("location", location.id.as_str())];
    let action = format!("/{}/book", known.office.id);
    let title = words.t("book-date-title");
    let body = html! {
        (back_link(words, &chosen.back_from(Step::Time)))
        (step_line(words, &known.office, Step::Time))
        h1 { (title) }
        (chosen.door(words))
        (seen.so_far())
        (told(words, told_before))
        @if free.is_empty() {
            (notice(Tone::Warn, html! { p { (words.t("dates-none")) } }))
        } @else {
            p { a href="#nearest" { (words.t("nearest-link")) } }
        }
        (calendar(words, &month, None, Choosing { method: "get", action: &action, hidden: &hidden }))
        @if any_full { p { (words.t("dates-full")) } }
        p .muted { (words.t("dates-legend")) " " (words.ta("dates-released", &[
            ("n", known.office.horizon_days.into()), ("last", words.date(last).into()),
        ])) }
        @if !free.is_empty() { (challenged(words, &known.office, seen.works, next_ones(seen, &free, service, location))) }
    };
    Ok(document_that(words, &known.office, &title, seen.works, body))
}

/// The next free hours as buttons that hold one directly.
fn next_ones(
    seen: DatesContext<'_>,
    free: &[(Day, TimeOfDay)],
    service: &Service,
    location: &Location,
) -> Markup {
    let DatesContext { booking, known, words, .. } = seen;
    let key = form_key(&*booking.service.world.entropy);
    html! {
        h2 #nearest { (words.t("nearest-title")) }
        ul .rows {
            @for (day, time) in free { li {
                form method="post" action={ "/" (known.office.id) "/book/hold" } {
                    (hidden_fields(&[("service", &service.id), ("location", &location.id), ("key", &key)]))
                    @if seen.works { (hidden_fields(&[("challenge", "")])) }
                    input type="hidden" name="date" value=(day);
                    button .row type="submit" name="time" value=(time) {
                        strong { (words.time(*time)) }
                        span { (words.date(*day)) }
                    }
                }
            } }
        }
    }
}

/// The page of a day's hours.
pub async fn hours(seen: DatesContext<'_>, day: Day, told_before: Option<&str>) -> Result<Response, Problem> {
    let DatesContext { booking, known, words, chosen, .. } = seen;
    let (service, location) = seen.both()?;
    let times = booking.places.times(known, &location.id, &service.id, day).await?;
    let free: Vec<Hour> = times
        .iter()
        .filter(|hour| hour.free > 0)
        .map(|hour| Hour { time: hour.time, free: hour.free, token: String::new() })
        .collect();
    let (year, month, _) = day.parts();
    let back = chosen.with("month", format!("{year}-{month:02}"));
    let (date, key) = (day.to_string(), form_key(&*booking.service.world.entropy));
    let mut hidden =
        vec![("service", service.id.as_str()), ("location", &location.id), ("date", &date), ("key", &key)];
    if seen.works {
        hidden.push(("challenge", ""));
    }
    let action = format!("/{}/book/hold", known.office.id);
    let title = words.t("book-hour-title");
    let body = html! {
        (back_link(words, &back))
        (step_line(words, &known.office, Step::Time))
        h1 { (title) }
        (chosen.door(words))
        (seen.so_far())
        (told(words, told_before))
        h2 { (words.date(day)) }
        @if free.is_empty() {
            (notice(Tone::Warn, html! { p { (why_none(seen, day, times.is_empty()).await?) } }))
            p { a .button href=(back) { (words.t("choose-other-day")) } }
        } @else {
            @let choosing = Choosing { method: "post", action: &action, hidden: &hidden };
            (challenged(words, &known.office, seen.works, hour_grid(words, &free, choosing)))
            p .muted { (words.t(if chosen.signs_in_first { "hours-hint-account" } else { "hours-hint" })) }
        }
    };
    Ok(document_that(words, &known.office, &title, seen.works, body))
}

/// Why a day has no hour to choose.
async fn why_none(seen: DatesContext<'_>, day: Day, none_planned: bool) -> Result<String, Problem> {
    let DatesContext { booking, known, words, .. } = seen;
    let (service, location) = seen.both()?;
    let today = booking.today(known);
    Ok(match known.release(day, today) {
        Release::Past => words.t("day-is-past"),
        Release::NotReleased => {
            words.ta("day-is-not-released", &[("opens", opens(words, day, known.office.horizon_days).into())])
        }
        Release::Open => {
            let state = booking.places.days(known, &location.id, &service.id, day, 1).await?;
            let closed = state.first().is_some_and(|day| day.state == Free::Closed);
            words.t(match (closed, none_planned) {
                (true, _) => "day-is-closed",
                (false, true) => "day-is-over",
                (false, false) => "day-is-full",
            })
        }
    })
}

/// The state of each day of a month for the calendar, with the number of free hours.
async fn states(seen: DatesContext<'_>, (year, month): (i16, i8)) -> Result<Vec<(Day, DayState)>, Problem> {
    let DatesContext { booking, known, words, .. } = seen;
    let (service, location) = seen.both()?;
    let today = booking.today(known);
    let Some(first) = Day::new(year, month, 1) else { return Ok(Vec::new()) };
    let count = u16::try_from((28..=31).rev().find(|n| Day::new(year, month, *n).is_some()).unwrap_or(28));
    let known_days =
        booking.places.days(known, &location.id, &service.id, first, count.unwrap_or(28)).await?;
    let mut days = Vec::with_capacity(known_days.len());
    for day in known_days {
        let state = match day.state {
            Free::Past => DayState::Past,
            Free::Closed => DayState::Closed,
            Free::NotReleased => {
                DayState::NotReleased(Some(opens(words, day.date, known.office.horizon_days)))
            }
            Free::Open | Free::Full => {
                let hours = booking.places.times(known, &location.id, &service.id, day.date).await?;
                match hours.iter().filter(|hour| hour.free > 0).count() {
                    // Today after its last hour: not full, just over.
                    0 if hours.is_empty() && day.date == today => DayState::Past,
                    0 => DayState::Full,
                    free => DayState::Free(u32::try_from(free).unwrap_or(u32::MAX)),
                }
            }
        };
        days.push((day.date, state));
    }
    Ok(days)
}

/// When a day can be booked: from the midnight at which it comes within the horizon.
fn opens(words: &Words, day: Day, horizon_days: u16) -> String {
    let from = day.plus_days(-i64::from(horizon_days));
    let time = words.time(TimeOfDay::MIDNIGHT);
    words.ta("opens-at", &[("date", words.date_plain(from).into()), ("time", time.into())])
}

/// The notice about what just happened, as given in the address: `released`, or the code of a refusal.
pub fn told(words: &Words, what: Option<&str>) -> Markup {
    let known = [
        Code::SlotFull,
        Code::TooLate,
        Code::RateLimited,
        Code::Unavailable,
        Code::HoldExpired,
        Code::ChallengeRequired,
    ];
    match what {
        Some("released") => notice(Tone::Good, html! { p { (words.t("hold-released")) } }),
        Some("account_required") => remark(words, &Problem::new(Code::AccountRequired)),
        Some(TOO_LATE_HOUR) => refused(html! { p { (words.t("hour-is-over")) } }),
        Some(code) => match known.into_iter().find(|known| known.as_str() == code) {
            Some(code) => remark(words, &Problem::new(code)),
            None => html! {},
        },
        None => html! {},
    }
}

/// The hour has begun while the page was open.
pub const TOO_LATE_HOUR: &str = "hour_over";

fn month_of(day: Day) -> (i16, i8) {
    let (year, month, _) = day.parts();
    (year, month)
}

fn moved((year, month): (i16, i8), by: i8) -> (i16, i8) {
    match month + by {
        0 => (year - 1, 12),
        13 => (year + 1, 1),
        within => (year, within),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_strictly_and_moved_over_the_years_end() {
        assert_eq!(month("2026-12"), Some((2026, 12)));
        assert_eq!([month("2026-13"), month("x"), month("2026-1"), month("")], [None; 4]);
        assert_eq!((moved((2026, 12), 1), moved((2027, 1), -1)), ((2027, 1), (2026, 12)));
    }
}
