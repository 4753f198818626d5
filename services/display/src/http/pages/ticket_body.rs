//! The body of an e-ticket: the markup that `ticket.js` works on, written once. Knows no queue: what is shown comes in.

use okienko_web::waits::wait_text;
use okienko_web::{Markup, Words, html};
use std::collections::BTreeMap;

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
