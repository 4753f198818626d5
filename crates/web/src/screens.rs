//! The bodies of the pages that scripts keep alive: hall, counter, desk, e-ticket. They write, once, the markup that
//! `hall.js`, `desk.js` and `ticket.js` work on. Knows no service: what is shown comes in.

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

/// A wait in minutes as a sentence says it: "about 15–25 minutes", "up to 5 minutes".
pub(crate) fn wait_text(words: &Words, range: (u32, u32)) -> String {
    range_text(words, range, "ticket-wait", "wait-soon")
}

/// A range by the text for two bounds, or by the one for those who may be called at once.
fn range_text(words: &Words, (low, high): (u32, u32), between: &str, soon: &str) -> String {
    match low {
        0 => words.ta(soon, &[("high", high.into())]),
        low => words.ta(between, &[("low", low.into()), ("high", high.into())]),
    }
}

fn recalled(words: &Words, attempt: u32) -> String {
    if attempt > 1 { words.n("hall-recall", attempt) } else { String::new() }
}

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
            data-text-soon=(open(words, "hall-range-soon", &["high"])) {
            h1 .visually-hidden { (words.t("hall-title")) }
            p .visually-hidden role="status" data-live="" {}
            section .hall-calls {
                div .hall-last {
                    p .nobody data-last-empty="" hidden[last.is_some()] {
                        (words.t(if hall.calls.is_empty() { "hall-nobody" } else { "hall-between" }))
                    }
                    span .caption data-last="" hidden[last.is_none()] { (words.t("ticket-number-caption")) }
                    span .caption.right data-last="" hidden[last.is_none()] { (words.t("hall-counter")) }
                    span .ticket-no data-last="" data-last-ticket="" { (last.map_or("", |c| &c.ticket)) }
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
            aside .hall-side {
                div .hall-clock data-clock=(clock) { (hall.clock) }
                section {
                    h2 { (words.t("hall-waiting")) }
                    p .muted data-waiting-empty="" hidden[!waiting.is_empty()] { (words.t("desk-nobody-waiting")) }
                    ul .hall-waiting data-waiting="" {
                        @for line in &waiting {
                            @let range = line.range.map_or(String::new(), |range| {
                                range_text(words, range, "hall-range", "hall-range-soon")
                            });
                            (wait_row(&line.name, &line.waiting.to_string(), &line.next, &range))
                        }
                    }
                }
                @if !hall.notices.is_empty() {
                    div .hall-notices { @for text in &hall.notices { p { (text) } } }
                }
            }
            @if let Some(text) = hall.sound {
                button .hall-sound type="button" data-sound="" hidden { (text) }
            }
            p .hall-stale role="alert" data-stale="" hidden {}
            (comes_again())
            template data-call-row="" { (call_row("", "", "", "")) }
            template data-waiting-row="" { (wait_row("", "", &[], "")) }
        }
    }
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
            span .count { (count) }
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
    /// `waiting`, `called`, `serving`, `absent`, `served`, `missed`, `not_called`, `left`, `expected` or `over`.
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
    let sentence = own.unwrap_or_else(|| words.n("ticket-ahead", ticket.ahead) + comma);
    // One number of each plural form; the script puts its own in their place.
    let forms = [("0", 0), ("one", 1), ("few", 2), ("many", 5), ("other", 5)];
    html! {
        section .ticket data-ticket="" data-state=(ticket.state) data-api=(ticket.api) data-events=(ticket.events)
            data-zone=(ticket.zone) data-text-stale=(open(words, "ticket-age", &["time"]))
            data-text-wait=(open(words, "ticket-wait", &["low", "high"]))
            data-text-soon=(open(words, "wait-soon", &["high"])) data-text-nobody=(words.t("wait-nobody")) {
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

/// What somebody in a list of the desk shows.
#[derive(Clone, Debug, Default)]
pub struct QueueShown {
    /// The ticket's number.
    pub ticket: String,
    /// Service, booked hour, wait: one line.
    pub about: String,
    /// Whether the wait is over what the rule allows.
    pub late: bool,
}

/// The clerk's desk as it is now. Page: `Kind::Desk`, script `desk.js`.
#[derive(Clone, Debug, Default)]
pub struct Desk<'a> {
    /// The counter's number.
    pub counter: &'a str,
    /// `closed`, `free`, `called`, `serving` or `paused`.
    pub state: &'a str,
    /// The office's IANA zone.
    pub zone: &'a str,
    /// The ticket that is called or served, and one line about it.
    pub current: Option<QueueShown>,
    /// Who waits, in the order of calling.
    pub waiting: Vec<QueueShown>,
    /// Who did not come, with the count of calls in `about`.
    pub absent: Vec<QueueShown>,
    /// Where one may transfer to: services (id, name).
    pub services: Vec<(String, String)>,
    /// Where the forms post without a script: `<action>/<act>`, e.g. `/desk/do`.
    pub action: &'a str,
    /// What the service shows of the present visitor beside the ticket; its forms with `data-act` work like the others.
    pub visitor: Markup,
}

struct Act {
    name: &'static str,
    key: &'static str,
    possible_in: &'static str,
    primary_in: &'static str,
}

const ACTS: &[Act] = &[
    Act { name: "call-next", key: "N", possible_in: "free", primary_in: "free" },
    Act { name: "start", key: "S", possible_in: "called", primary_in: "called" },
    Act { name: "finish", key: "F", possible_in: "serving", primary_in: "serving" },
    Act { name: "open", key: "O", possible_in: "closed paused", primary_in: "closed paused" },
    Act { name: "recall", key: "R", possible_in: "called", primary_in: "" },
    Act { name: "no-show", key: "A", possible_in: "called", primary_in: "" },
    Act { name: "park", key: "P", possible_in: "called serving", primary_in: "" },
    Act { name: "undo", key: "Z", possible_in: "free called serving", primary_in: "" },
    Act { name: "pause", key: "", possible_in: "free", primary_in: "" },
    Act { name: "close", key: "", possible_in: "free paused", primary_in: "" },
];

/// The body of the clerk's desk.
pub fn desk(words: &Words, desk: &Desk<'_>) -> Markup {
    html! {
        p .desk-bar role="alert" data-bar="" hidden {}
        div .desk data-desk="" data-api="/api/v1/desk" data-state=(desk.state) data-zone=(desk.zone)
            data-text-sending=(words.t("desk-sending")) data-text-lost=(open(words, "desk-lost", &["time"]))
            data-text-retrying=(open(words, "desk-retrying", &["act"]))
            data-text-busy=(open(words, "desk-busy", &["act"]))
            data-text-unsure=(open(words, "desk-unsure", &["act"]))
            data-text-none=(words.t("desk-none")) data-text-booked=(open(words, "desk-booked", &["time"]))
            data-text-calls=(open(words, "desk-calls", &["n"])) data-text-waits=(open(words, "desk-waits", &["n"]))
            data-text-call-this=(open(words, "desk-call-this", &["ticket"]))
            data-text-empty=(words.t("desk-nobody")) {
            @for state in ["closed", "free", "called", "serving", "paused"] {
                template data-state-word-of=(state) { (words.t(&format!("desk-state-{state}"))) }
            }
            (desk_now(words, desk))
            (desk_side(words, desk))
        }
    }
}

fn desk_now(words: &Words, desk: &Desk<'_>) -> Markup {
    let current = desk.current.as_ref();
    let number = current.map_or_else(|| words.t("desk-nobody"), |c| c.ticket.clone());
    html! {
        section .desk-now {
            div .desk-head {
                h1 { (words.ta("desk-title", &[("n", desk.counter.into())])) }
                span .desk-state role="status" data-state-word="" {
                    (words.t(&format!("desk-state-{}", desk.state)))
                }
            }
            div .desk-current {
                p .number .empty[current.is_none()] data-number="" { (number) }
                p data-about="" { (current.map_or("", |c| &c.about)) }
            }
            (desk.visitor)
            p .desk-said role="status" data-said="" {}
            div .desk-actions {
                @for act in ACTS { (act_form(words, desk, act)) }
            }
        }
    }
}

fn act_form(words: &Words, desk: &Desk<'_>, act: &Act) -> Markup {
    let has = |states: &str| states.split(' ').any(|state| state == desk.state);
    let label = words.t(&format!("desk-act-{}", act.name));
    html! {
        form .primary[has(act.primary_in)] method="post" action={ (desk.action) "/" (act.name) } data-many=""
            data-act=(act.name) data-in=(act.possible_in) data-primary-in=(act.primary_in) {
            button .act type="submit" data-keys=(act.key) data-label=(label) disabled[!has(act.possible_in)] {
                span { (label) }
                kbd .space aria-hidden="true" { (words.t("key-space")) }
                @if !act.key.is_empty() { kbd aria-hidden="true" { (act.key) } }
            }
        }
    }
}

fn desk_side(words: &Words, desk: &Desk<'_>) -> Markup {
    html! {
        section .desk-side {
            h2 { span { (words.t("desk-waiting")) } span data-waiting-count="" { (desk.waiting.len()) } }
            ul .queue data-waiting="" { @for item in &desk.waiting { (queue_row(words, desk, item)) } }
            h2 { (words.t("desk-absent")) }
            ul .queue data-absent="" { @for item in &desk.absent { (queue_row(words, desk, item)) } }
            template data-queue-row="" { (queue_row(words, desk, &QueueShown::default())) }
            div .field {
                label for="desk-search" { (words.t("desk-search")) " " kbd { "/" } }
                input .input-mid #desk-search type="search" autocomplete="off" data-search="";
            }
            @if !desk.services.is_empty() { (transfer(words, desk)) }
            p .hint { kbd { "?" } " " (words.t("desk-key-help")) }
            dl .desk-keys data-keys-help="" hidden {
                dt { kbd { (words.t("key-space")) } } dd { (words.t("desk-key-primary")) }
                @for act in ACTS.iter().filter(|act| !act.key.is_empty()) {
                    dt { kbd { (act.key) } } dd { (words.t(&format!("desk-act-{}", act.name))) }
                }
                dt { kbd { "T" } } dd { (words.t("desk-act-transfer")) }
                dt { kbd { "/" } } dd { (words.t("desk-key-search")) }
            }
        }
    }
}

fn transfer(words: &Words, desk: &Desk<'_>) -> Markup {
    let possible = matches!(desk.state, "called" | "serving");
    let label = words.t("desk-act-transfer");
    html! {
        form method="post" action={ (desk.action) "/transfer" } data-many="" data-act="transfer"
            data-in="called serving" data-body-from="" {
            div .field {
                label for="desk-transfer" { (words.t("desk-transfer-to")) }
                select #desk-transfer name="service" {
                    @for (id, name) in &desk.services { option value=(id) { (name) } }
                }
            }
            button .act type="submit" data-keys="T" data-label=(label) disabled[!possible] {
                span { (label) } kbd aria-hidden="true" { "T" }
            }
        }
    }
}

fn queue_row(words: &Words, desk: &Desk<'_>, item: &QueueShown) -> Markup {
    let call = words.ta("desk-call-this", &[("ticket", item.ticket.as_str().into())]);
    html! {
        li {
            span .number { (item.ticket) }
            span .about .late[item.late] { (item.about) }
            button type="button" aria-label=(call) disabled[desk.state != "free"] { (words.t("desk-call-short")) }
        }
    }
}
