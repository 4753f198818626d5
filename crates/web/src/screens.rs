//! The bodies of the pages that scripts keep alive: hall, counter, e-ticket. They write, once, the markup that `hall.js`
//! and `ticket.js` work on; the desk has a file of its own. Knows no service: what is shown comes in.

use crate::texts::Value;
use crate::words::Words;
use maud::{Markup, html};
use std::collections::BTreeMap;

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

/// One line of those who wait.
#[derive(Clone, Debug, Default)]
pub struct WaitShown {
    /// The service's name.
    pub name: String,
    /// How many people wait.
    pub waiting: u32,
    /// The next numbers, in the order of calling; at most six are shown.
    pub next: Vec<String>,
    /// Expected wait in minutes of somebody who takes a ticket now; none while no counter serves the matter.
    pub range: Option<(u32, u32)>,
}

/// The screen of a hall as it is now; `hall.js` goes on from there. Page: `Kind::Hall`, script `hall.js`.
#[derive(Clone, Debug, Default)]
pub struct Hall<'a> {
    /// Address of the snapshot, `/api/v1/halls/{office}/{location}`.
    pub snapshot: &'a str,
    /// Address of the events.
    pub events: &'a str,
    /// The office's IANA zone.
    pub zone: &'a str,
    /// The hour there, "14:05".
    pub clock: &'a str,
    /// The day there, in words.
    pub date: &'a str,
    /// The office's name.
    pub office: &'a str,
    /// The location's name.
    pub place: &'a str,
    /// Newest first: the newest that is called or served is shown large, six other tickets below it.
    pub calls: Vec<CallShown>,
    /// Who waits; only rows with somebody take space.
    pub waiting: Vec<WaitShown>,
    /// Notices of the office.
    pub notices: Vec<String>,
    /// The button that lets the browser play announcements; none where there are no announcements.
    pub sound: Option<&'a str>,
}

/// A text with its `{name}` left open for a script.
pub(crate) fn open(words: &Words, key: &str, names: &[&str]) -> String {
    let marks: Vec<String> = names.iter().map(|name| format!("{{{name}}}")).collect();
    let values: Vec<(&str, Value<'_>)> =
        names.iter().zip(&marks).map(|(name, mark)| (*name, Value::from(mark.as_str()))).collect();
    words.ta(key, &values)
}

/// From this lower bound on, in minutes, a wait is said in hours.
const IN_HOURS: u32 = 90;
/// From this one on, in minutes, nobody can say more than that it is longer.
const LONG: u32 = 240;

/// A wait in minutes as a sentence says it: "about 15–25 minutes", "up to 5 minutes", "about 2–3 hours", "over 4 hours".
pub fn wait_text(words: &Words, range: (u32, u32)) -> String {
    range_text(words, range, ["ticket-wait", "wait-soon", "ticket-wait-hours", "ticket-wait-long"])
}

/// A range by one of the texts for two bounds, for those who may be called at once, for hours, and for very long. `stream.js`
/// says the same.
fn range_text(words: &Words, (low, high): (u32, u32), texts: [&str; 4]) -> String {
    let [between, soon, hours, long] = texts;
    let (text, low, high) = match low {
        0 => (soon, low, high),
        _ if low < IN_HOURS => (between, low, high),
        _ if low < LONG => (hours, low / 60, high.div_ceil(60)),
        _ => (long, LONG / 60, high),
    };
    words.ta(text, &[("low", low.into()), ("high", high.into())])
}

fn recalled(words: &Words, attempt: u32) -> String {
    if attempt > 1 { words.n("hall-recall", attempt) } else { String::new() }
}

/// The wait of a new ticket, for [`range_text`]; and the same in few letters.
const RANGE: [&str; 4] = ["hall-range", "hall-range-soon", "hall-range-hours", "hall-range-long"];
const RANGE_SHORT: [&str; 4] =
    ["hall-range-short", "hall-range-short-soon", "hall-range-short-hours", "hall-range-short-long"];

/// The body of a hall's screen.
pub fn hall(words: &Words, hall: &Hall<'_>) -> Markup {
    let (last, earlier) = placed(&hall.calls);
    let waiting: Vec<&WaitShown> = hall.waiting.iter().filter(|line| line.waiting > 0).collect();
    // In a demo the office's time is not the screen's.
    let clock = if words.is_demo() { "data" } else { "own" };
    html! {
        main .hall data-hall="" data-snapshot=(hall.snapshot) data-events=(hall.events) data-zone=(hall.zone)
            data-text-stale=(open(words, "hall-stale", &["time"]))
            data-text-recall=(open(words, "hall-recall", &["n"]))
            data-text-call=(open(words, "hall-call", &["ticket", "counter"]))
            data-text-nobody=(words.t("hall-nobody")) data-text-between=(words.t("hall-between"))
            data-text-range=(open(words, "hall-range", &["low", "high"]))
            data-text-soon=(open(words, "hall-range-soon", &["high"]))
            data-text-range-short=(open(words, "hall-range-short", &["low", "high"]))
            data-text-soon-short=(open(words, "hall-range-short-soon", &["high"]))
            data-text-hours=(open(words, "hall-range-hours", &["low", "high"]))
            data-text-hours-short=(open(words, "hall-range-short-hours", &["low", "high"]))
            data-text-long=(open(words, "hall-range-long", &["low"]))
            data-text-long-short=(open(words, "hall-range-short-long", &["low"]))
            data-text-ranges=(words.t("hall-ranges")) data-text-more=(open(words, "hall-more", &["n"])) {
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
            (comes_again())
            template data-call-row="" { (call_row("", "", "", "")) }
            template data-waiting-row="" { (wait_row("", "", &[], "")) }
        }
    }
}

/// The wait of a new ticket, where it is the same for all who wait: it is said once.
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

/// Whether number and counter need smaller letters to stand beside each other.
fn is_long(call: &CallShown) -> bool {
    call.ticket.chars().count() + call.counter.chars().count() > 6
}

/// Which call stands large, and the six of other tickets below it, newest first. Large stands the newest that is still a call:
/// whoever was served, removed or did not come is among the earlier ones. Each ticket once: an earlier call of it has been
/// overtaken.
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

/// Without a script the page comes again by itself.
fn comes_again() -> Markup {
    html! { noscript { meta http-equiv="refresh" content="10"; } }
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

/// The body of one counter's screen. Page: `Kind::Counter`, script `hall.js`. `state` is that of the API, `shows` the
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
            data-text-stale=(open(words, "hall-stale", &["time"])) {
            h1 .counter-own { span { (words.t("counter-number")) } " " b { (number) } }
            p .counter-shows role="status" data-shows="" { (shown) }
            p .hall-stale role="alert" data-stale="" hidden {}
            (comes_again())
        }
    }
}

/// The e-ticket as it is now. Page: `Kind::Ticket`, script `ticket.js`.
#[derive(Clone, Debug, Default)]
pub struct TicketShown<'a> {
    /// Address of its state, `/api/v1/tickets/{token}`.
    pub api: &'a str,
    /// Address of its events.
    pub events: &'a str,
    /// The office's IANA zone.
    pub zone: &'a str,
    /// Its number; empty where it has none yet.
    pub number: &'a str,
    /// `waiting`, `called`, `serving`, `absent`, `served`, `missed`, `not_called`, `left`, `cancelled`, `expected` or `over`.
    pub state: &'a str,
    /// People ahead.
    pub ahead: u32,
    /// Expected wait in minutes; none while no counter serves the matter.
    pub wait: Option<(u32, u32)>,
    /// The counter, when called.
    pub counter: &'a str,
    /// Sentences (state, text) that say more than the common one of that state.
    pub sentences: Vec<(&'a str, String)>,
}

/// The states of a ticket that have a sentence of their own, and the message with it.
const TOLD: &[(&str, &str)] = &[
    ("called", "ticket-called"),
    ("serving", "ticket-serving"),
    ("absent", "ticket-absent"),
    ("served", "ticket-done"),
    ("missed", "ticket-missed"),
    ("not_called", "ticket-not_called"),
    ("left", "ticket-left"),
    ("cancelled", "ticket-cancelled"),
    ("expected", "ticket-expected"),
];

/// The upper part of an e-ticket's page: number, the one sentence, the call. The page adds what can be done below.
pub fn ticket(words: &Words, ticket: &TicketShown<'_>) -> Markup {
    let mut told: BTreeMap<&str, String> = TOLD.iter().map(|(state, key)| (*state, words.t(key))).collect();
    told.extend(ticket.sentences.iter().map(|(state, text)| (*state, text.clone())));
    let own = told.get(ticket.state).cloned();
    let wait = match (&own, ticket.wait) {
        (Some(_), _) => String::new(),
        (None, Some(range)) => wait_text(words, range),
        (None, None) => words.t("wait-nobody"),
    };
    // One sentence over two lines: "4 people are ahead of you, about 15–25 minutes".
    let comma = if ticket.wait.is_some() { "," } else { "" };
    // Whose turn is next depends on a counter that is open.
    let line = match (ticket.ahead, ticket.wait) {
        (0, None) => words.t("nobody-ahead"),
        (ahead, _) => words.n("ticket-ahead", ahead) + comma,
    };
    let sentence = own.unwrap_or(line);
    // One number of each plural form; the script puts its own in their place.
    let forms = [("0", 0), ("one", 1), ("few", 2), ("many", 5), ("other", 5)];
    html! {
        section .ticket data-ticket="" data-state=(ticket.state) data-api=(ticket.api) data-events=(ticket.events)
            data-zone=(ticket.zone) data-text-stale=(open(words, "ticket-age", &["time"]))
            data-text-range=(open(words, "ticket-wait", &["low", "high"]))
            data-text-hours=(open(words, "ticket-wait-hours", &["low", "high"]))
            data-text-long=(open(words, "ticket-wait-long", &["low"]))
            data-text-soon=(open(words, "wait-soon", &["high"])) data-text-nobody=(words.t("wait-nobody"))
            data-text-first=(words.t("nobody-ahead")) {
            div .window hidden[ticket.number.is_empty()] {
                h1 .big-label { (words.t("ticket-your-number")) }
                p .ticket-number data-number="" { (ticket.number) }
            }
            div role="status" {
                p .ticket-sentence data-sentence="" { (sentence) }
                p .ticket-counter data-counter-no="" { (ticket.counter) }
                p .ticket-wait data-wait="" { (wait) }
            }
            p .stale data-stale="" hidden {}
            button .button.secondary type="button" data-sound="" hidden { (words.t("ticket-sound")) }
            (comes_again())
            @for (state, text) in &told {
                template data-state-text=(state) { (text) }
            }
            @for (form, n) in forms {
                template data-ahead=(form) { (words.n("ticket-ahead", n).replace(&n.to_string(), "{n}")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locale;

    #[test]
    fn a_wait_is_said_in_minutes_then_in_hours_and_at_last_as_longer() {
        let words = Words::common(Locale::Pl);
        for (range, said) in [
            ((0, 5), "do 5 minut"),
            ((1, 10), "około 1–10 minut"),
            ((89, 140), "około 89–140 minut"),
            ((90, 120), "około 1–2 godz."),
            ((119, 121), "około 1–3 godz."),
            ((180, 239), "około 3–4 godz."),
            ((239, 300), "około 3–5 godz."),
            ((240, 300), "ponad 4 godz."),
            ((1390, 1440), "ponad 4 godz."),
        ] {
            assert_eq!(wait_text(&words, range), said, "{range:?}");
        }
        assert_eq!(range_text(&words, (1390, 1440), RANGE), "nowy bilet: ponad 4 godz.");
        assert_eq!(range_text(&words, (100, 150), RANGE_SHORT), "1–3 godz.");
    }
}
