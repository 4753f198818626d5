//! The plan of one pool on one local day: its starts, the people who serve, and what may be booked. A day opens with its plan as an
//! event, so a plan contains everything that the day will ever need of the office. Must not know of what is booked.

use crate::data::Proof;
use okienko_kernel::{Day, Moment, Span, TimeOfDay, Zone};
use serde::{Deserialize, Serialize};

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
    /// The starts at which visits may begin, in time order, each time once.
    pub slots: Vec<PlannedSlot>,
    /// The people who serve, each visit by one of them from beginning to end. Empty where every visit takes one slot and
    /// each slot has places of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Presence>,
    /// What citizens cannot book yet; absent where everybody may book everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserved: Option<Reserved>,
    /// The services that may be booked.
    pub services: Vec<PlannedService>,
    /// Letters before the numbers of booked tickets.
    pub booked_prefix: String,
    /// First digit of check-in codes, 0 to 9, or the first two, 10 to 99.
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

/// People who are there from `from` to `to` without a break. A person with a break is in two of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Presence {
    /// From this moment.
    pub from: Moment,
    /// Until this moment, exclusive.
    pub to: Moment,
    /// How many.
    pub people: u32,
}

/// Places that only the office's staff may give. A level, not a part: places booked by anybody count first towards those of
/// all, so that citizens get what is left above the level and staff all that is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reserved {
    /// Places of each start.
    pub people: u32,
    /// From this moment on everybody may book them.
    pub until: Moment,
}

/// How long a visit keeps its person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Length {
    /// Minutes of the visit.
    pub minutes: u16,
    /// Minutes after it in which the person serves nobody; they need not lie within the person's presence.
    pub pause_min: u16,
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
    /// How long its visits are; absent where they take one slot ([`DayPlan::people`] is empty).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<Length>,
    /// Minutes from one start to the next; absent as `length` is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_min: Option<u16>,
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
    /// Whether visits of a service may begin at this slot, whatever is booked.
    pub fn offers(&self, service: &PlannedService, slot: &PlannedSlot) -> bool {
        let (Some(length), Some(step)) = (service.length, service.step_min) else { return true };
        let end = slot.at + Span::from_mins(i64::from(length.minutes));
        let step = Span::from_mins(i64::from(step.max(1))).micros();
        let is_step = |block: &Presence| slot.at.since(block.from).micros() % step == 0;
        let in_block = |block: &&Presence| block.from <= slot.at && slot.at < block.to;
        self.blocks().iter().find(in_block).is_some_and(is_step)
            && self.people.iter().any(|it| it.people > 0 && it.from <= slot.at && end <= it.to)
    }
    /// The times in which anybody is there, in order, each without a moment at which all people change; starts are counted
    /// from the beginning of each.
    pub fn blocks(&self) -> Vec<Presence> {
        blocks(&self.people)
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

/// As [`DayPlan::blocks`].
pub(crate) fn blocks(people: &[Presence]) -> Vec<Presence> {
    let mut people: Vec<Presence> = people.iter().filter(|it| it.people > 0).copied().collect();
    people.sort_unstable();
    let mut blocks: Vec<Presence> = Vec::new();
    for it in people {
        match blocks.last_mut() {
            Some(last) if it.from < last.to => last.to = last.to.max(it.to),
            _ => blocks.push(it),
        }
    }
    blocks
}
