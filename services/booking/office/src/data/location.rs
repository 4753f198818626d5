//! Where people go, and how many at once: locations, the rules of their halls, pools. Must not know of services' texts.

use crate::calendar::{Interval, WeekHours};
use crate::text::Text;
use okienko_kernel::civil::Weekday;
use okienko_kernel::{Day, TimeOfDay};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A building or hall with counters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// Unique in the office, `[a-z0-9-]{1,32}`.
    pub id: String,
    /// 1 to 65,535, never given to another location of the office.
    pub number: u16,
    /// Name.
    pub name: Text,
    /// Street, number and town.
    pub address: Text,
    /// Whether calls are announced by voice in its hall.
    pub voice: bool,
    /// A page with a map.
    #[serde(default)]
    pub map_url: Option<String>,
    /// When it is open.
    pub hours: WeekHours,
    /// Days on which it is closed regardless of the weekly hours.
    #[serde(default)]
    pub closed_days: BTreeSet<Day>,
    /// Its counters.
    pub counters: Vec<Counter>,
    /// The rules of its queue.
    pub queue: QueueRules,
}

/// A counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// Its number on the wall, e.g. `3`.
    pub number: String,
    /// Ids of the services that it serves; empty: all.
    #[serde(default)]
    pub services: Vec<String>,
}

/// The rules of a hall's queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueRules {
    /// How booked visitors and walk-ins become one queue.
    pub merge: Merge,
    /// How often a visitor is called before the ticket leaves the queue.
    pub calls: u8,
    /// With nobody else waiting, seconds before an absent visitor is called again.
    pub absent_pause_s: u32,
    /// True: a booked visitor enters the queue at the booked hour. False: only after check-in.
    pub placed_at_hour: bool,
    /// Check-in is possible from this many minutes before the hour.
    pub check_in_opens_min: i32,
    /// … until this many minutes before the hour; negative: after it.
    pub check_in_closes_min: i32,
    /// A booked visitor who has not checked in is struck off this many minutes before the hour (negative: after it),
    /// once that minute is over; `None`: only the calls decide.
    #[serde(default)]
    pub cancel_at_min: Option<i32>,
    /// Whether the kiosk asks for the service before it takes a check-in code.
    #[serde(default)]
    pub check_in_asks_service: bool,
    /// Whether the clerk compares code and name before serving a booked visitor.
    #[serde(default)]
    pub verify: bool,
    /// Walk-in tickets are issued from this many minutes before opening until closing; `None`: half an hour.
    #[serde(default)]
    pub tickets_before_min: Option<u16>,
    /// Label of the kiosk's button for booked visitors, if the office has its own.
    #[serde(default)]
    pub check_in_label: Option<Text>,
}

/// How many minutes before the machine stops taking a code people should be at the office: it takes time to get to the
/// machine, and there may be a line.
const TO_THE_MACHINE_MIN: i32 = 5;

impl QueueRules {
    /// When somebody who has to check in should come, in minutes before the hour: from the machine's first minute to a
    /// little before its last one, and never after the hour. `None` where the hall queues people by itself.
    pub fn come_between(&self) -> Option<(i32, i32)> {
        let (opens, closes) = (self.check_in_opens_min, self.check_in_closes_min);
        let slack = TO_THE_MACHINE_MIN.min(opens.saturating_sub(closes) / 3);
        let last = closes.saturating_add(slack).max(0);
        (!self.placed_at_hour && opens > last).then_some((opens, last))
    }

    /// Until how many minutes before its hour (negative: after it) a visit can be used: as long as the machine takes
    /// its code. Where visitors are queued automatically, at least until the hour.
    pub fn used_until_min(&self) -> i32 {
        let closes = self.check_in_closes_min;
        if self.placed_at_hour { closes.min(0) } else { closes }
    }
}

/// How booked visitors and walk-ins become one queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Merge {
    /// By the time at which the ticket was taken, or the booked hour.
    ByTime,
    /// Booked visitors whose hour has come go first.
    BookedFirst,
}

/// Capacity of one location shared by some services.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    /// Unique in the office, `[a-z0-9-]{1,32}`.
    pub id: String,
    /// 1 to 65,535, unique in the office, never given to another pool.
    pub number: u16,
    /// Id of its location.
    pub location: String,
    /// Minutes from slot to slot: from one start to the next of services without a step of their own.
    pub slot_minutes: u16,
    /// Places of each slot: how many people serve at once. With shifts, these say it.
    pub capacity: u32,
    /// Who serves when; empty: `capacity` people in all of the hours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shifts: Vec<Shift>,
    /// Places of each start that only staff may book until `reserved_until`: whatever is booked, so many are left for staff.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub reserved: u32,
    /// When everybody may book the reserved places too; `None`: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserved_until: Option<DaysBefore>,
    /// Hours of its slots, if different from the location's.
    #[serde(default)]
    pub hours: Option<WeekHours>,
    /// Letters before the numbers of booked tickets.
    pub prefix: String,
    /// First digit of its check-in codes, 0 to 9, or the first two, 10 to 99; at a location, no pool's codes begin like
    /// another's.
    pub code_digit: u8,
    /// Minutes after which a cancelled place may be booked again.
    #[serde(default)]
    pub reappear_after_min: u32,
    /// Ids of the services that share it.
    pub services: Vec<String>,
}

/// A local time on a day before the visit, or on its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaysBefore {
    /// Days before the visit's; 0 for the same day.
    pub days_before: u16,
    /// Local time of that day.
    pub at: TimeOfDay,
}

/// People who serve a pool's visits at the same times of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// How many, 1 to 10,000.
    pub people: u32,
    /// From when to when, as far as the pool is open.
    pub hours: Interval,
    /// When they are away in between; in order, without overlap.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<Interval>,
    /// On which weekdays; empty: on all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Weekday>,
}

impl Shift {
    /// Whether it is worked on that weekday.
    pub fn is_on(&self, weekday: Weekday) -> bool {
        self.days.is_empty() || self.days.contains(&weekday)
    }
    /// The times that are left of it between its breaks, in order.
    pub fn without_breaks(&self) -> Vec<Interval> {
        let mut worked = Vec::with_capacity(self.breaks.len() + 1);
        let mut open = self.hours.open;
        for away in &self.breaks {
            worked.push(Interval { open, close: away.open.min(self.hours.close) });
            open = open.max(away.close);
        }
        worked.push(Interval { open, close: self.hours.close });
        worked.retain(|interval| interval.open < interval.close);
        worked
    }
}
