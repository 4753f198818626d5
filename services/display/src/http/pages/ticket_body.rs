//! The body of an e-ticket: the markup that `ticket.js` works on, in one place. Knows no queue: what is shown is passed
//! in.

use okienko_web::waits::wait_text;
use okienko_web::{Markup, Words, html};
use std::collections::BTreeMap;

/// The e-ticket as of now. Page: `Kind::Ticket`, script `ticket.js`.
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
    /// Expected wait in minutes; `None` while no counter serves the service.
    pub wait: Option<(u32, u32)>,
    /// The counter, when called.
    pub counter: &'a str,
    /// Sentences (state, text) that replace the general one of that state.
    pub sentences: Vec<(&'a str, String)>,
}

/// The states of a ticket that have their own sentence, with its message key.
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

/// The upper part of an e-ticket's page: number, the one sentence, the call. The page adds the possible actions below.
pub fn ticket(words: &Words, ticket: &TicketShown<'_>) -> Markup {
    let mut told: BTreeMap<&str, String> = TOLD.iter().map(|(state, key)| (*state, words.t(key))).collect();
    told.extend(ticket.sentences.iter().map(|(state, text)| (*state, text.clone())));
    let own = told.get(ticket.state).cloned();
    let wait = match (&own, ticket.wait) {
        (Some(_), _) => String::new(),
        (None, Some(range)) => wait_text(words, range),
        (None, None) => words.t("wait-nobody"),
    };
    // One sentence across two lines: "4 people are ahead of you, about 15–25 minutes".
    let comma = if ticket.wait.is_some() { "," } else { "" };
    // Nobody is promised to be next unless a counter is open.
    let line = match (ticket.ahead, ticket.wait) {
        (0, None) => words.t("nobody-ahead"),
        (ahead, _) => words.n("ticket-ahead", ahead) + comma,
    };
    let sentence = own.unwrap_or(line);
    // One sample number per plural form; the script inserts the real numbers.
    let forms = [("0", 0), ("one", 1), ("few", 2), ("many", 5), ("other", 5)];
    html! {
        section .ticket data-ticket="" data-state=(ticket.state) data-api=(ticket.api) data-events=(ticket.events)
            data-zone=(ticket.zone) data-text-stale=(words.open("ticket-age", &["time"]))
            data-text-range=(words.open("ticket-wait", &["low", "high"]))
            data-text-hours=(words.open("ticket-wait-hours", &["low", "high"]))
            data-text-long=(words.open("ticket-wait-long", &["low"]))
            data-text-soon=(words.open("wait-soon", &["high"])) data-text-nobody=(words.t("wait-nobody"))
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
            (super::comes_again())
            @for (state, text) in &told {
                template data-state-text=(state) { (text) }
            }
            @for (form, n) in forms {
                template data-ahead=(form) { (words.n("ticket-ahead", n).replace(&n.to_string(), "{n}")) }
            }
        }
    }
}
