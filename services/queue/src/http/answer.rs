//! Response bodies: tickets as people get them, counters as clerks see them. Tokens are derived here and stored
//! nowhere. Contains no rule.

use super::door::Here;
use crate::offices::service_name;
use okienko_estimate::Range;
use okienko_hall::{CounterState, CounterView, StateName, TicketView};
use okienko_kernel::{Keys, Moment};
use serde::Serialize;
use utoipa::ToSchema;

/// From this many minutes on a wait is shown as long.
const LATE_MIN: i64 = 30;

/// A ticket that was given.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TicketAnswer {
    /// The ticket.
    pub ticket: IssuedTicket,
    /// The booked hour, `HH:MM`; only for booked visitors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booked: Option<String>,
}

/// A ticket in the hands of its holder.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IssuedTicket {
    /// As it is on paper and screens, e.g. `A012`.
    pub number: String,
    /// Proves to be the holder.
    pub token: String,
    /// How many people are called before.
    pub waiting: u64,
    /// How long that may take; `null` while nothing can be said.
    pub expected_wait: Option<ExpectedWait>,
    /// The e-ticket's address on this server.
    pub url: String,
    /// RFC 3339.
    pub issued_at: String,
    /// The booked hour, `HH:MM`; only for booked visitors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booked: Option<String>,
}

/// A range of minutes.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ExpectedWait {
    /// Hardly sooner.
    pub low_min: u32,
    /// Hardly later.
    pub high_min: u32,
}

impl TicketAnswer {
    /// The ticket as given at `at`, with the number of people ahead and the expected wait.
    pub fn new(
        here: &Here,
        keys: &Keys,
        ticket: &TicketView,
        place: (u64, Option<Range>),
        at: Moment,
    ) -> TicketAnswer {
        let token = ticket.ticket.token(keys);
        let booked = ticket.booked.map(|time| time.to_string());
        TicketAnswer {
            ticket: IssuedTicket {
                number: ticket.number.clone(),
                waiting: place.0,
                expected_wait: place.1.map(|Range { low_min, high_min }| ExpectedWait { low_min, high_min }),
                url: format!("/t/{token}"),
                token,
                issued_at: here.office.zone.rfc3339(at),
                booked: booked.clone(),
            },
            booked,
        }
    }
}

/// A counter as its clerk sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeskAnswer {
    /// Its number.
    pub counter: String,
    /// What it shows.
    pub state: DeskState,
    /// Who is called or served.
    pub current: Option<DeskTicket>,
    /// Whom it will call again, the earliest first; then, marked `parked`, whom it has set aside: both are not at the
    /// counter and both are called from here.
    pub absent: Vec<DeskTicket>,
    /// Who waits for it, in the order of calling; at most twenty.
    pub waiting: Vec<DeskTicket>,
    /// How many wait for it in all.
    pub waiting_total: u64,
    /// The other counters that are open now: where a visitor may be sent.
    pub others: Vec<String>,
}

/// What a counter shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeskState {
    Closed,
    Free,
    Called,
    Serving,
    Paused,
}

impl DeskState {
    /// The name used in scripts and pages.
    pub fn name(self) -> &'static str {
        match self {
            DeskState::Closed => "closed",
            DeskState::Free => "free",
            DeskState::Called => "called",
            DeskState::Serving => "serving",
            DeskState::Paused => "paused",
        }
    }
}

/// A ticket on the desk.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeskTicket {
    /// Its number, e.g. `A012`.
    pub ticket: String,
    /// Names it where numbers might be mistaken.
    pub token: String,
    /// The service's id.
    pub service: String,
    /// The service's name.
    pub service_name: String,
    /// How often it was called; a recall does not count.
    pub attempt: u32,
    /// The booked hour, `HH:MM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booked: Option<String>,
    /// Since when it is called or served, `HH:MM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The same in whole minutes up to now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since_min: Option<i64>,
    /// Minutes since the booked hour or since the ticket was taken; only of those who wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waited_min: Option<i64>,
    /// Whether that is long.
    pub late: bool,
    /// Set aside by the clerk; not counted as absent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub parked: bool,
    /// Of a booked visitor who is called or served, where the office asks for it: `needed` or `done`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify: Option<&'static str>,
    /// Whom the clerk expects; only with `verify`, and only while it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Children that come along, as the person wrote it; with `name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children: Option<String>,
}

impl DeskAnswer {
    /// The counter as it was at `at`.
    pub fn new(here: &Here, keys: &Keys, view: &CounterView, at: Moment) -> DeskAnswer {
        let one = |ticket: &TicketView| desk_ticket(here, keys, ticket, at);
        DeskAnswer {
            counter: view.counter.clone(),
            state: match view.state {
                CounterState::Closed => DeskState::Closed,
                CounterState::Free => DeskState::Free,
                CounterState::Called => DeskState::Called,
                CounterState::Serving => DeskState::Serving,
                CounterState::Paused => DeskState::Paused,
            },
            current: view.current.as_ref().map(one),
            absent: view.absent.iter().chain(&view.parked).map(one).collect(),
            waiting: view.waiting.iter().map(one).collect(),
            waiting_total: view.waiting_total,
            others: view.others.clone(),
        }
    }
}

fn desk_ticket(here: &Here, keys: &Keys, ticket: &TicketView, at: Moment) -> DeskTicket {
    let waits = ticket.state == StateName::Waiting;
    let since = at.since(Moment::from_micros(ticket.order)).micros() / 60_000_000;
    let waited_min = waits.then_some(since.max(0));
    DeskTicket {
        ticket: ticket.number.clone(),
        token: ticket.ticket.token(keys),
        service: ticket.service.clone(),
        service_name: service_name(&here.office, &ticket.service).to_owned(),
        attempt: ticket.attempt,
        booked: ticket.booked.map(|time| time.to_string()),
        since: ticket.since.map(|moment| here.office.zone.local(moment).1.to_string()),
        since_min: ticket.since.map(|moment| (at.since(moment).micros() / 60_000_000).max(0)),
        waited_min,
        parked: ticket.state == StateName::Parked,
        late: waited_min.is_some_and(|minutes| minutes >= LATE_MIN),
        verify: None,
        name: None,
        children: None,
    }
}
