//! The bodies of the screens of a hall and of one counter: the markup that `hall.js` works on, in one place. Knows no
//! hall: what is shown is passed in.

use okienko_web::waits::range_text;
use okienko_web::{Markup, Words, html};

/// One call on a board.
#[derive(Clone, Debug, Default)]
pub struct CallShown {
    /// The ticket's number, "A012".
    pub ticket: String,
    /// The counter's number.
    pub counter: String,
    /// 1 for the first call.
    pub attempt: u32,
    /// `called`, `serving`, `done` or `absent`.
    pub state: String,
}

/// One service's row of waiting visitors.
#[derive(Clone, Debug, Default)]
pub struct WaitShown {
    /// The service's name.
    pub name: String,
    /// How many people wait.
    pub waiting: u32,
    /// The next numbers, in calling order; at most six are shown.
    pub next: Vec<String>,
    /// Expected wait in minutes for a ticket taken now; `None` while no counter serves the service.
    pub range: Option<(u32, u32)>,
}

/// A hall's screen as of now; `hall.js` continues from there. Page: `Kind::Hall`, script `hall.js`.
#[derive(Clone, Debug, Default)]
pub struct Hall<'a> {
    /// Address of the snapshot, `/api/v1/halls/{office}/{location}`.
    pub snapshot: &'a str,
    /// Address of the events.
    pub events: &'a str,
    /// The office's IANA zone.
    pub zone: &'a str,
    /// The local time there, "14:05".
    pub clock: &'a str,
    /// The local date there, in words.
    pub date: &'a str,
    /// The office's name.
    pub office: &'a str,
    /// The location's name.
    pub place: &'a str,
    /// Newest first: the newest one called or served is shown large, six other tickets below it.
    pub calls: Vec<CallShown>,
    /// Who waits; only non-empty rows take space.
    pub waiting: Vec<WaitShown>,
    /// Notices of the office.
    pub notices: Vec<String>,
    /// The label of the button that lets the browser play announcements; `None` if there are no announcements.
    pub sound: Option<&'a str>,
}

fn recalled(words: &Words, attempt: u32) -> String {
    if attempt > 1 { words.n("hall-recall", attempt) } else { String::new() }
}

/// The message keys for a new ticket's wait, for [`range_text`]; and their short forms.
const RANGE: [&str; 4] = ["hall-range", "hall-range-soon", "hall-range-hours", "hall-range-long"];
const RANGE_SHORT: [&str; 4] =
    ["hall-range-short", "hall-range-short-soon", "hall-range-short-hours", "hall-range-short-long"];

/// The body of a hall's screen.
pub fn hall(words: &Words, hall: &Hall<'_>) -> Markup {
    let (last, earlier) = placed(&hall.calls);
    let waiting: Vec<&WaitShown> = hall.waiting.iter().filter(|line| line.waiting > 0).collect();
    // In a demo the office's time differs from the screen's.
    let clock = if words.is_demo() { "data" } else { "own" };
    html! {
        main .hall data-hall="" data-snapshot=(hall.snapshot) data-events=(hall.events) data-zone=(hall.zone)
            data-text-stale=(words.open("hall-stale", &["time"]))
            data-text-recall=(words.open("hall-recall", &["n"]))
            data-text-call=(words.open("hall-call", &["ticket", "counter"]))
            data-text-nobody=(words.t("hall-nobody")) data-text-between=(words.t("hall-between"))
            data-text-range=(words.open("hall-range", &["low", "high"]))
            data-text-soon=(words.open("hall-range-soon", &["high"]))
            data-text-range-short=(words.open("hall-range-short", &["low", "high"]))
            data-text-soon-short=(words.open("hall-range-short-soon", &["high"]))
            data-text-hours=(words.open("hall-range-hours", &["low", "high"]))
            data-text-hours-short=(words.open("hall-range-short-hours", &["low", "high"]))
            data-text-long=(words.open("hall-range-long", &["low"]))
            data-text-long-short=(words.open("hall-range-short-long", &["low"]))
            data-text-ranges=(words.t("hall-ranges")) data-text-more=(words.open("hall-more", &["n"])) {
            h1 .visually-hidden { (words.t("hall-title")) }
            p .visually-hidden role="status" data-live="" {}
            header .hall-head {
                p .hall-place { b { (hall.office) } " " (hall.place) }
                @if let Some(text) = hall.sound {
                    button .hall-sound type="button" data-sound="" hidden { (text) }
                }
                p .hall-date data-date="" { (hall.date) }
                div .hall-clock data-clock=(clock) { (hall.clock) }
            }
            section .hall-calls {
                div .hall-last .long[last.is_some_and(is_long)] {
                    p .nobody data-last-empty="" hidden[last.is_some()] {
                        (words.t(if hall.calls.is_empty() { "hall-nobody" } else { "hall-between" }))
                    }
                    span .caption data-last="" hidden[last.is_none()] { (words.t("ticket-number-caption")) }
                    span .caption.right data-last="" hidden[last.is_none()] { (words.t("hall-counter")) }
                    span .ticket-no data-last="" data-last-ticket="" { (last.map_or("", |c| &c.ticket)) }
                    " "
                    span .arrow aria-hidden="true" data-last="" hidden[last.is_none()] { "→" }
                    span .counter-no data-last="" data-last-counter="" { (last.map_or("", |c| &c.counter)) }
                    span .attempt data-last="" data-last-attempt="" {
                        (recalled(words, last.map_or(1, |c| c.attempt)))
                    }
                }
                ul .hall-earlier aria-label=(words.t("hall-earlier")) data-earlier="" {
                    @for call in earlier {
                        (call_row(&call.ticket, &recalled(words, call.attempt), &call.counter, &call.state))
                    }
                }
            }
            div .hall-side {
                section {
                    @let total: u32 = waiting.iter().map(|line| line.waiting).sum();
                    h2 { span { (words.t("hall-waiting")) } " " span data-waiting-total="" { (total) } }
                    p .hall-note data-ranges="" { (ranges_note(words, &waiting)) }
                    p .muted data-waiting-empty="" hidden[!waiting.is_empty()] { (words.t("desk-nobody-waiting")) }
                    ul .hall-waiting data-waiting="" {
                        @for line in &waiting {
                            @let own = line.range.filter(|_| common_range(&waiting).is_none());
                            @let range = own.map_or(String::new(), |range| {
                                range_text(words, range, RANGE_SHORT)
                            });
                            (wait_row(&line.name, &line.waiting.to_string(), &line.next, &range))
                        }
                    }
                    p .hall-note data-more="" {}
                }
                @if !hall.notices.is_empty() {
                    div .hall-notices { @for text in &hall.notices { p { (text) } } }
                }
            }
            p .hall-stale role="alert" data-stale="" hidden {}
            (super::comes_again())
            template data-call-row="" { (call_row("", "", "", "")) }
            template data-waiting-row="" { (wait_row("", "", &[], "")) }
        }
    }
}

/// The wait of a new ticket, if it is the same for all services: then it is shown only once.
fn common_range(waiting: &[&WaitShown]) -> Option<(u32, u32)> {
    let first = waiting.first()?.range?;
    waiting.iter().all(|line| line.range == Some(first)).then_some(first)
}

fn ranges_note(words: &Words, waiting: &[&WaitShown]) -> String {
    match common_range(waiting) {
        Some(range) => range_text(words, range, RANGE),
        None if waiting.iter().any(|line| line.range.is_some()) => words.t("hall-ranges"),
        None => String::new(),
    }
}

/// Whether number and counter need smaller letters to fit side by side.
fn is_long(call: &CallShown) -> bool {
    call.ticket.chars().count() + call.counter.chars().count() > 6
}

/// The call shown large, and six of other tickets below it, newest first. Large is the newest one still called or
/// served: tickets that were served, removed or did not come are among the earlier ones. Each ticket appears once, with
/// its latest call.
fn placed(calls: &[CallShown]) -> (Option<&CallShown>, Vec<&CallShown>) {
    let mut seen: Vec<&str> = Vec::new();
    let newest = calls.iter().filter(|call| {
        let first = !seen.contains(&call.ticket.as_str());
        seen.push(&call.ticket);
        first
    });
    let newest: Vec<&CallShown> = newest.collect();
    let last = newest.iter().position(|call| matches!(call.state.as_str(), "called" | "serving"));
    let rest = newest.iter().enumerate().filter(|(at, _)| Some(*at) != last).map(|(_, call)| *call);
    (last.map(|at| newest[at]), rest.take(6).collect())
}

fn call_row(ticket: &str, recall: &str, counter: &str, state: &str) -> Markup {
    let state = (!state.is_empty()).then_some(state);
    html! { li data-state=[state] { span .no { (ticket) } small { (recall) } span .to { (counter) } } }
}

fn wait_row(name: &str, count: &str, next: &[String], range: &str) -> Markup {
    html! {
        li {
            span .name { (name) }
            " "
            span .count { (count) }
            " "
            span .next { @for number in next.iter().take(6) { span { (number) } " " } }
            span .range { (range) }
        }
    }
}

/// The body of one counter's screen. Page: `Kind::Counter`, script `hall.js`. `state` is as in the API, `shows` is the
/// called ticket.
pub fn counter(words: &Words, hall: &Hall<'_>, number: &str, state: &str, shows: &str) -> Markup {
    let shown = match state {
        "free" => words.t("counter-free"),
        "called" | "serving" => shows.to_owned(),
        "paused" => words.t("desk-state-paused"),
        _ => words.t("counter-closed"),
    };
    html! {
        main .counter data-hall="" data-counter=(number) data-state=(state)
            data-snapshot=(hall.snapshot) data-events=(hall.events) data-zone=(hall.zone)
            data-text-free=(words.t("counter-free")) data-text-closed=(words.t("counter-closed"))
            data-text-paused=(words.t("desk-state-paused"))
            data-text-stale=(words.open("hall-stale", &["time"])) {
            h1 .counter-own { span { (words.t("counter-number")) } " " b { (number) } }
            p .counter-shows role="status" data-shows="" { (shown) }
            p .hall-stale role="alert" data-stale="" hidden {}
            (super::comes_again())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_web::Locale;

    #[test]
    fn a_long_wait_of_a_new_ticket_is_said_in_hours_on_the_wall_too() {
        let words = Words::common(Locale::Pl);
        assert_eq!(range_text(&words, (1390, 1440), RANGE), "nowy bilet: ponad 4 godz.");
        assert_eq!(range_text(&words, (100, 150), RANGE_SHORT), "1–3 godz.");
    }
}
