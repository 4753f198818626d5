//! The response types of display, and how they are built from a board.

use crate::domain::{Board, CounterState, LineState, Outlook, TicketState};
use crate::offices::Place;
use crate::voice::VoiceMode;
use okienko_estimate::Range;
use serde::Serialize;
use utoipa::ToSchema;

/// How many waiting tickets a snapshot lists per service; the total is given separately.
const NEXT: usize = 12;
/// How many calls a snapshot lists.
const CALLS: usize = 12;

/// A hall as its screen needs it.
#[derive(Serialize, ToSchema)]
pub struct HallView {
    /// The life of what is shown: a greater one after a backup was restored, and then its lower numbers count. 0 while it is not
    /// known.
    pub life: u64,
    /// Number of the last change in this life; the event stream goes on from `<life>-<seq>`.
    pub seq: u64,
    /// When it happened, RFC 3339.
    pub at: String,
    /// The present domain time, RFC 3339; only in answers to a question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    /// `spoken`: a chime, then the words; `chime`: no voice is installed; `none`: this hall has no announcements. Only
    /// in answers to a question.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub voice: Option<VoiceMode>,
    /// How many seconds old this is, while nothing newer can be had; only in answers to a question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_s: Option<u64>,
    /// One entry per call, newest first, at least the last twelve.
    pub calls: Vec<CallView>,
    /// Who waits, by service in the office's order; services without waiting visitors too.
    pub waiting: Vec<WaitingView>,
    /// How many wait.
    pub waiting_total: usize,
    /// The counters in the order of their numbers.
    pub counters: Vec<CounterView>,
}

/// One call.
#[derive(Serialize, ToSchema)]
pub struct CallView {
    /// The ticket's number.
    pub ticket: String,
    /// The counter's number.
    pub counter: String,
    /// 1 to the office's number of calls.
    pub attempt: u32,
    /// `called`, `serving`, `done` or `absent`.
    #[schema(value_type = String)]
    pub state: LineState,
    /// When, RFC 3339.
    pub at: String,
}

/// Those who wait for one service.
#[derive(Serialize, ToSchema)]
pub struct WaitingView {
    /// The service's id.
    pub service: String,
    /// The service's name.
    pub name: String,
    /// How many wait.
    pub waiting: usize,
    /// The next numbers, in order; at most twelve.
    pub tickets: Vec<String>,
    /// Minutes that somebody who takes a ticket now will wait, hardly less; only while a counter serves the matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low_min: Option<u32>,
    /// The same, hardly more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high_min: Option<u32>,
}

/// One counter.
#[derive(Serialize, ToSchema)]
pub struct CounterView {
    /// Its number on the wall.
    pub counter: String,
    /// `closed`, `free`, `called`, `serving` or `paused`.
    #[schema(value_type = String)]
    pub state: CounterState,
    /// The ticket that is called to it or served there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
}

/// The board of a place.
pub fn hall(board: &Board, outlook: &Outlook, place: &Place) -> HallView {
    let there = board.at_counters();
    HallView {
        life: board.number().life,
        seq: board.seq(),
        at: place.zone.rfc3339(board.at()),
        now: None,
        voice: None,
        age_s: None,
        calls: board
            .calls()
            .take(CALLS)
            .map(|line| CallView {
                ticket: line.number.clone(),
                counter: line.counter.clone(),
                attempt: line.attempt,
                state: line.state,
                at: place.zone.rfc3339(line.at),
            })
            .collect(),
        waiting: waiting(board, outlook, place),
        waiting_total: board.waiting_total(),
        counters: board
            .counters()
            .map(|(counter, state)| CounterView {
                counter: counter.to_owned(),
                state,
                ticket: there.get(counter).map(|ticket| ticket.number.clone()),
            })
            .collect(),
    }
}

fn waiting(board: &Board, outlook: &Outlook, place: &Place) -> Vec<WaitingView> {
    let here = place.office.services.iter().filter(|s| s.locations.contains(&place.location.id));
    let row = |service: &str, name: &str| {
        let range = outlook.joining(service);
        WaitingView {
            service: service.to_owned(),
            name: name.to_owned(),
            waiting: 0,
            tickets: Vec::new(),
            low_min: range.map(|range| range.low_min),
            high_min: range.map(|range| range.high_min),
        }
    };
    let mut rows: Vec<WaitingView> = here.map(|s| row(&s.id, &s.name)).collect();
    for ticket in board.waiting() {
        let row = match rows.iter().position(|row| row.service == ticket.service) {
            Some(at) => &mut rows[at],
            None => {
                // A service that the office no longer offers: its visitors are shown all the same.
                rows.push_mut(row(&ticket.service, place.service_name(&ticket.service)))
            }
        };
        row.waiting += 1;
        if row.tickets.len() < NEXT {
            row.tickets.push(ticket.number.clone());
        }
    }
    rows
}

/// A ticket as its holder sees it.
#[derive(Serialize, ToSchema, Clone, PartialEq)]
pub struct TicketAnswer {
    /// `expected`, `waiting`, `called`, `serving`, `absent`, `served`, `missed`, `not_called` (was here, the office did not
    /// call), `left`, `cancelled`, or `over`: its day has passed and what became of it is not told here any more.
    #[schema(value_type = String)]
    pub state: TicketState,
    /// The ticket's number; absent before the day of the visit, and where it is given at check-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// How many are before it; only while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ahead: Option<usize>,
    /// Minutes until the call as a range; null while it does not wait, or no counter serves its
    /// matter.
    pub expected_wait: Option<ExpectedWait>,
    /// The counter, when called or served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counter: Option<String>,
    /// Number of the last call; 0 before the first.
    pub attempt: u32,
    /// The service's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The service's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_name: Option<String>,
    /// The booked hour, local `HH:MM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booked: Option<String>,
    /// The office's id.
    pub office: String,
    /// The location's id.
    pub location: String,
    /// The local day of the visit.
    pub day: String,
    /// The life of the hall's numbers, as on its board.
    pub life: u64,
    /// Number of the hall's last change.
    pub seq: u64,
    /// How many seconds old this is, while nothing newer can be had; only in answers to a question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_s: Option<u64>,
}

/// A range of minutes.
#[derive(Serialize, ToSchema, Clone, Copy, PartialEq)]
pub struct ExpectedWait {
    /// At least.
    pub low_min: u32,
    /// At most.
    pub high_min: u32,
}

impl From<Range> for ExpectedWait {
    fn from(range: Range) -> ExpectedWait {
        ExpectedWait { low_min: range.low_min, high_min: range.high_min }
    }
}
