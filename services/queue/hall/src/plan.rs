//! What a day runs on: counters, services and rules, fixed when the day opens so that replay reads no office file.
//! Knows nothing of tickets.

use okienko_kernel::{Day, Moment, Span, Zone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The plan of one location on one local day; part of the `day_opened` event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The office's id, e.g. `torun`.
    pub office: String,
    /// The office's number, part of every id.
    pub office_number: u32,
    /// The location's id, e.g. `glowny`.
    pub location: String,
    /// The location's number within the office.
    pub location_number: u16,
    /// The office's zone.
    pub zone: Zone,
    /// The local day.
    pub day: Day,
    /// Counters in the order in which absent visitors are handed over.
    pub counters: Vec<CounterPlan>,
    /// Services of this location.
    pub services: Vec<ServicePlan>,
    /// How the queue behaves.
    pub rules: Rules,
}

/// One counter of the hall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterPlan {
    /// As written on the wall, e.g. `3`.
    pub number: String,
    /// Ids of services; empty means all.
    pub services: BTreeSet<String>,
}

/// One service of the location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePlan {
    /// The service's id.
    pub id: String,
    /// Letters before walk-in numbers; empty where there are no walk-ins.
    pub walk_in_prefix: String,
    /// Usual length of a visit in minutes.
    pub minutes: u32,
}

/// How booked visitors and walk-ins share one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Merge {
    /// By the booked hour, or for walk-ins by the moment the ticket was taken.
    ByTime,
    /// Booked visitors who wait go before walk-ins.
    BookedFirst,
}

/// The rules of a hall's queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// How the line is merged.
    pub merge: Merge,
    /// How often a visitor is called before the ticket leaves the queue; 0 is read as 1.
    pub calls: u32,
    /// If nobody else is waiting: how long after a no-show the absent visitor is called again.
    pub absent_pause: Span,
    /// Booked visitors enter the queue at their hour (otherwise only by check-in).
    pub placed_at_hour: bool,
    /// Check-in opens this many minutes before the hour (that minute included).
    pub check_in_opens_min: i32,
    /// Check-in closes this many minutes before the hour (that minute included; negative: after the hour).
    pub check_in_closes_min: i32,
    /// Booked visitors who have not checked in are struck off this many minutes before the hour, once that minute is
    /// over (negative: after the hour).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_at_min: Option<i32>,
    /// The clerk must compare code and name before serving a booked visitor.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub verify: bool,
    /// No walk-in tickets before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tickets_from: Option<Moment>,
    /// No walk-in tickets after this moment (which is still open itself).
    pub closes_at: Option<Moment>,
}

impl Plan {
    /// The service of that id.
    pub fn service(&self, id: &str) -> Option<&ServicePlan> {
        self.services.iter().find(|service| service.id == id)
    }
}

impl CounterPlan {
    /// Whether this counter serves that service.
    pub fn serves(&self, service: &str) -> bool {
        self.services.is_empty() || self.services.contains(service)
    }
}

impl Rules {
    /// How often a visitor is called; at least once.
    pub fn max_calls(&self) -> u32 {
        self.calls.max(1)
    }
    /// The check-in window of a booked hour: its first moment, and its end, which is the end of its last minute.
    pub fn check_in_window(&self, hour: Moment) -> (Moment, Moment) {
        (before(hour, self.check_in_opens_min), before(hour, self.check_in_closes_min) + A_MINUTE)
    }
}

const A_MINUTE: Span = Span::from_mins(1);

fn before(hour: Moment, minutes: i32) -> Moment {
    hour - Span::from_mins(i64::from(minutes))
}

/// The moment from which somebody booked for `hour` is struck off: the end of the minute that the rule names.
pub fn strike_off(hour: Moment, cancel_at_min: i32) -> Moment {
    before(hour, cancel_at_min) + A_MINUTE
}
