//! The plan of one pool on one local day: its slots and what may be booked in them. A day opens with its plan as an
//! event, so a plan contains everything that the day will ever need of the office. Must not know of what is booked.

use crate::data::{Office, Proof};
use okienko_kernel::{Day, Moment, Span, TimeOfDay, Zone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The slots of one pool on one local day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayPlan {
    /// Id of the office.
    pub office: String,
    /// Number of the office.
    pub office_number: u32,
    /// Id of the location.
    pub location: String,
    /// Number of the location.
    pub location_number: u16,
    /// Id of the pool.
    pub pool: String,
    /// Number of the pool.
    pub pool_number: u16,
    /// The local day.
    pub day: Day,
    /// The office's zone.
    pub zone: Zone,
    /// The first moment of the next local day.
    pub ends_at: Moment,
    /// In time order, each time once.
    pub slots: Vec<PlannedSlot>,
    /// The services that may be booked.
    pub services: Vec<PlannedService>,
    /// Letters before the numbers of booked tickets.
    pub booked_prefix: String,
    /// First digit of check-in codes, 0 to 9.
    pub code_digit: u8,
    /// Minutes after which a cancelled place may be booked again.
    pub reappear_after_min: u32,
    /// When people are reminded of their visits, if they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind: Option<Remind>,
    /// A visit can be used until this many minutes before its hour (negative: after it): until then its code is
    /// accepted, or it is queued automatically. Absent in days opened before plans had this value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_until_min: Option<i32>,
}

/// When people are reminded of their visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remind {
    /// This moment, on the day before.
    pub at: Moment,
    /// Only visits booked before this moment: a later booking is made on that same day and needs no reminder.
    pub booked_before: Moment,
}

/// One slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedSlot {
    /// Local time.
    pub time: TimeOfDay,
    /// When that is.
    pub at: Moment,
    /// How many people may come.
    pub places: u32,
}

/// What a day needs to know of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedService {
    /// Its id.
    pub id: String,
    /// Whether a form must be saved before the proof.
    pub form: bool,
    /// Proofs that are accepted.
    pub proof: Vec<Proof>,
    /// Until how many minutes before the hour it can be cancelled, that minute included.
    pub cancel_until_min: u32,
}

impl DayPlan {
    /// Key of the stream of this day.
    pub fn stream(&self) -> String {
        stream_key(self.office_number, self.pool_number, self.day)
    }
    /// The last moment at which a visit can be used, `until_min` minutes before its hour: nothing is promised after it.
    /// If unknown, the hour itself.
    pub fn used_until(until_min: Option<i32>, hour: Moment) -> Moment {
        hour - Span::from_mins(i64::from(until_min.unwrap_or(0)))
    }
    /// The planned service with this id.
    pub fn service(&self, id: &str) -> Option<&PlannedService> {
        self.services.iter().find(|service| service.id == id)
    }
}

/// Key of the stream of a pool's day. Built from numbers, because ids contain these: no lookup table is needed.
pub fn stream_key(office_number: u32, pool_number: u16, day: Day) -> String {
    format!("day/{office_number}/{pool_number}/{day}")
}

/// Key of the stream of a hold or reservation.
pub fn stream_of(id: okienko_kernel::Id) -> String {
    let way = id.way();
    stream_key(way.office, way.place, way.day)
}

impl Office {
    fn remind(&self, day: Day) -> Option<Remind> {
        let eve = day.plus_days(-1);
        let at = self.zone.moment(eve, self.remind_at?)?;
        Some(Remind { at, booked_before: self.zone.start_of(eve) })
    }

    /// The plan of a pool on a local day; `None` if there is no such pool or nothing can be booked that day. A slot
    /// whose local time does not exist that night is left out; one that occurs twice is used once.
    pub fn plan(&self, pool: &str, day: Day) -> Option<DayPlan> {
        let pool = self.pool(pool)?;
        let location = self.location(&pool.location)?;
        let mut slots = BTreeMap::new();
        for interval in self.pool_hours_on(location, pool, day) {
            let (open, close) = (interval.open.minutes(), interval.close.minutes());
            let starts = (open..close).step_by(usize::from(pool.slot_minutes.max(1)));
            for time in starts.filter(|start| start.saturating_add(pool.slot_minutes) <= close) {
                let time = TimeOfDay::from_minutes(time)?;
                if let Some(at) = self.zone.moment(day, time) {
                    slots.insert(time, PlannedSlot { time, at, places: pool.capacity });
                }
            }
        }
        if slots.is_empty() {
            return None;
        }
        let services = pool.services.iter().filter_map(|id| self.service(id)).map(|service| PlannedService {
            id: service.id.clone(),
            form: !service.form.is_empty(),
            proof: service.proof.clone(),
            cancel_until_min: service.cancel_until_min.unwrap_or(0),
        });
        Some(DayPlan {
            office: self.id.clone(),
            office_number: self.number,
            location: location.id.clone(),
            location_number: location.number,
            pool: pool.id.clone(),
            pool_number: pool.number,
            day,
            zone: self.zone.clone(),
            ends_at: self.zone.start_of(day.plus_days(1)),
            slots: slots.into_values().collect(),
            services: services.collect(),
            booked_prefix: pool.prefix.clone(),
            code_digit: pool.code_digit,
            reappear_after_min: pool.reappear_after_min,
            remind: self.remind(day),
            used_until_min: Some(location.queue.used_until_min()),
        })
    }
}
