//! What queue knows of an office (stream `office/{id}`), learned version by version from booking, and the plan of a day
//! derived from it. Knows nothing of the bus that carries it.

use super::plan::{CounterPlan, Merge, Plan, Rules, ServicePlan};
use okienko_kernel::civil::Weekday;
use okienko_kernel::{Day, Machine, Moment, Span, TimeOfDay, Zone, stored_events};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// An office at one version: everything that booking published of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of the published office")]
pub struct OfficeData {
    pub id: String,
    pub number: u32,
    pub name: String,
    pub zone: Zone,
    /// Increases with each change.
    pub version: u64,
    pub locations: Vec<LocationData>,
    pub services: Vec<ServiceData>,
    /// Sender name of its text messages.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sender: String,
    /// Budget of text message parts per local day.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sms_daily_budget: u32,
    /// Dial codes of the countries to which its messages go; empty if the office does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sms_dial_codes: Vec<u16>,
}

impl OfficeData {
    /// Dial codes of the countries to which its text messages go, in the type of the wire contract; empty means the
    /// default ones.
    pub fn dial_codes(&self) -> Vec<u32> {
        self.sms_dial_codes.iter().copied().map(u32::from).collect()
    }
}

/// A field that an older version of an office lacks is not written for a new one either while it is zero.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// One location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of the published location")]
pub struct LocationData {
    pub id: String,
    pub number: u16,
    pub name: String,
    pub address: String,
    /// Whether calls are announced by voice.
    pub voice: bool,
    pub counters: Vec<CounterPlan>,
    pub rules: LocationRules,
    pub hours: Vec<OpeningHours>,
    pub closed_days: BTreeSet<Day>,
}

/// The queue rules of a location, the same on every day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of Rules, where they are described")]
pub struct LocationRules {
    pub merge: Merge,
    pub calls: u32,
    pub absent_pause: Span,
    pub placed_at_hour: bool,
    pub check_in_opens_min: i32,
    pub check_in_closes_min: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_at_min: Option<i32>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub check_in_asks_service: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub verify: bool,
    /// How many minutes before opening walk-in tickets become available; if the office does not say,
    /// [`TICKETS_BEFORE_MIN`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tickets_before_min: Option<u32>,
    /// The label of the check-in button, by language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub check_in_label: BTreeMap<String, String>,
}

/// Lets people at the door before opening take a ticket, but nobody secure the first place by passing at night.
pub const TICKETS_BEFORE_MIN: u32 = 30;

/// Opening hours of a location on one weekday; a day may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct OpeningHours {
    pub weekday: Weekday,
    pub open: TimeOfDay,
    pub close: TimeOfDay,
}

/// One service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of the published service")]
pub struct ServiceData {
    pub id: String,
    pub name: String,
    pub category: String,
    pub category_name: String,
    pub locations: Vec<String>,
    /// Usual length of a visit.
    pub minutes: u32,
    /// Empty where there are no walk-ins.
    pub walk_in_prefix: String,
}

/// How many days ahead the next open day is searched for.
const NEXT_WITHIN_DAYS: i64 = 42;

/// First opening and last closing of a location on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Hours {
    pub opens: Moment,
    pub closes: Moment,
}

/// When the location is open on that day; `None` when it is closed all day or there is no such location. A local time
/// skipped by a clock change means the first one after it.
pub fn hours_of(office: &OfficeData, location: &str, day: Day) -> Option<Hours> {
    let location = office.locations.iter().find(|place| place.id == location)?;
    if location.closed_days.contains(&day) {
        return None;
    }
    let today = || location.hours.iter().filter(|hours| hours.weekday == day.weekday());
    let open = today().map(|hours| hours.open).min()?;
    let close = today().map(|hours| hours.close).max()?;
    Some(Hours { opens: moment(&office.zone, day, open)?, closes: moment(&office.zone, day, close)? })
}

fn moment(zone: &Zone, day: Day, time: TimeOfDay) -> Option<Moment> {
    let later = (time.minutes()..1440).filter_map(TimeOfDay::from_minutes);
    later.take(181).find_map(|time| zone.moment(day, time))
}

fn tickets_from(rules: &LocationRules, hours: Hours) -> Moment {
    hours.opens - Span::from_mins(i64::from(rules.tickets_before_min.unwrap_or(TICKETS_BEFORE_MIN)))
}

/// The moment from which the location gives walk-in tickets on its first open day after `day`; `None` if there is none
/// within the next weeks.
pub fn next_tickets(office: &OfficeData, location: &str, day: Day) -> Option<Moment> {
    let place = office.locations.iter().find(|place| place.id == location)?;
    let mut days = (1..=NEXT_WITHIN_DAYS).map(|n| day.plus_days(n));
    days.find_map(|day| hours_of(office, location, day)).map(|hours| tickets_from(&place.rules, hours))
}

/// The plan of a location's day; `None` when it is closed that day or there is no such location.
pub fn plan_for(office: &OfficeData, location: &str, day: Day) -> Option<Plan> {
    let hours = hours_of(office, location, day)?;
    let place = office.locations.iter().find(|place| place.id == location)?;
    let here = office.services.iter().filter(|service| service.locations.contains(&place.id));
    let rules = &place.rules;
    Some(Plan {
        office: office.id.clone(),
        office_number: office.number,
        location: place.id.clone(),
        location_number: place.number,
        zone: office.zone.clone(),
        day,
        counters: place.counters.clone(),
        services: here
            .map(|service| ServicePlan {
                id: service.id.clone(),
                walk_in_prefix: service.walk_in_prefix.clone(),
                minutes: service.minutes,
            })
            .collect(),
        rules: Rules {
            merge: rules.merge,
            calls: rules.calls,
            absent_pause: rules.absent_pause,
            placed_at_hour: rules.placed_at_hour,
            check_in_opens_min: rules.check_in_opens_min,
            check_in_closes_min: rules.check_in_closes_min,
            cancel_at_min: rules.cancel_at_min,
            verify: rules.verify,
            tickets_from: Some(tickets_from(rules, hours)),
            closes_at: Some(hours.closes),
        },
    })
}

/// What queue has learned of one office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeLog {
    id: Option<String>,
    office: Option<OfficeData>,
}

impl OfficeLog {
    /// The newest version, if one is known.
    pub fn office(&self) -> Option<&OfficeData> {
        self.office.as_ref()
    }
}

/// A command to an office's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OfficeCommand {
    /// A version arrived; older ones and repeats change nothing.
    Learn(Box<OfficeData>),
}

/// The events of an office's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfficeEvent {
    /// A version newer than all before.
    OfficeLearned {
        /// The whole office at that version.
        office: Box<OfficeData>,
    },
}

stored_events! {
    OfficeEvent as whole {
        OfficeLearned = "office_learned",
    }
}

/// Why a version was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum OfficeRefusal {
    /// It belongs to another office.
    #[error("another office's data")]
    WrongOffice,
}

impl Machine for OfficeLog {
    type Command = OfficeCommand;
    type Event = OfficeEvent;
    type Refusal = OfficeRefusal;
    /// The version known afterwards.
    type Reply = u64;

    fn new(stream: &str) -> OfficeLog {
        OfficeLog { id: stream.strip_prefix("office/").map(str::to_owned), office: None }
    }

    fn decide(&self, command: &OfficeCommand, _now: Moment) -> Result<Vec<OfficeEvent>, OfficeRefusal> {
        let OfficeCommand::Learn(office) = command;
        if self.id.as_deref() != Some(office.id.as_str()) {
            return Err(OfficeRefusal::WrongOffice);
        }
        let newer = self.office.as_ref().is_none_or(|known| office.version > known.version);
        Ok(newer.then(|| OfficeEvent::OfficeLearned { office: office.clone() }).into_iter().collect())
    }

    fn apply(&mut self, event: &OfficeEvent) {
        let OfficeEvent::OfficeLearned { office } = event;
        self.office = Some((**office).clone());
    }

    fn reply(&self, _command: &OfficeCommand, _events: &[OfficeEvent], _now: Moment) -> u64 {
        self.office.as_ref().map_or(0, |office| office.version)
    }
}
