//! How this service's events are written into the journal and read back: kind, schema, JSON.
//! Knows nothing of the journal itself.

use crate::domain::{HallEvent, OfficeEvent, StaffEvent};
use serde_json::Value;

/// Kinds of a hall's events, in the order of a day.
pub const HALL_KINDS: [&str; 26] = [
    "expected",
    "unexpected",
    "day_opened",
    "listed",
    "walk_in_issued",
    "checked_in",
    "placed",
    "counter_opened",
    "counter_paused",
    "counter_closed",
    "called",
    "started",
    "finished",
    "went_absent",
    "missed",
    "left",
    "handed_over",
    "transferred",
    "parked",
    "undone",
    "notice_asked",
    "notice_due",
    "struck_off",
    "refused",
    "verified",
    "day_sealed",
];

/// Kind of a hall's event: the tag of its JSON.
pub fn hall_kind(event: &HallEvent) -> &'static str {
    match event {
        HallEvent::Expected { .. } => "expected",
        HallEvent::Unexpected { .. } => "unexpected",
        HallEvent::DayOpened { .. } => "day_opened",
        HallEvent::Listed { .. } => "listed",
        HallEvent::WalkInIssued { .. } => "walk_in_issued",
        HallEvent::CheckedIn { .. } => "checked_in",
        HallEvent::Placed { .. } => "placed",
        HallEvent::CounterOpened { .. } => "counter_opened",
        HallEvent::CounterPaused { .. } => "counter_paused",
        HallEvent::CounterClosed { .. } => "counter_closed",
        HallEvent::Called { .. } => "called",
        HallEvent::Started { .. } => "started",
        HallEvent::Finished { .. } => "finished",
        HallEvent::WentAbsent { .. } => "went_absent",
        HallEvent::Missed { .. } => "missed",
        HallEvent::Left { .. } => "left",
        HallEvent::HandedOver { .. } => "handed_over",
        HallEvent::Transferred { .. } => "transferred",
        HallEvent::Parked { .. } => "parked",
        HallEvent::Undone { .. } => "undone",
        HallEvent::NoticeAsked { .. } => "notice_asked",
        HallEvent::NoticeDue { .. } => "notice_due",
        HallEvent::StruckOff { .. } => "struck_off",
        HallEvent::Refused { .. } => "refused",
        HallEvent::Verified { .. } => "verified",
        HallEvent::DaySealed { .. } => "day_sealed",
    }
}

/// Schema that a hall's events are written in today.
pub fn hall_schema(_event: &HallEvent) -> u16 {
    1
}

/// Bytes of a hall's event.
pub fn encode_hall(event: &HallEvent) -> Vec<u8> {
    encode(event)
}

/// A hall's event as it was written under any schema ever; says what is wrong with bytes that never were one.
pub fn decode_hall(kind: &str, schema: u16, data: &[u8]) -> Result<HallEvent, String> {
    let event: HallEvent = decode(kind, schema, data)?;
    if hall_kind(&event) == kind { Ok(event) } else { Err(format!("{kind} holds {}", hall_kind(&event))) }
}

/// Kinds of an office log's events.
pub const OFFICE_KINDS: [&str; 1] = ["office_learned"];

/// Kind of an office log's event.
pub fn office_kind(event: &OfficeEvent) -> &'static str {
    match event {
        OfficeEvent::OfficeLearned { .. } => "office_learned",
    }
}

/// Schema that an office log's events are written in today.
pub fn office_schema(_event: &OfficeEvent) -> u16 {
    1
}

/// Bytes of an office log's event.
pub fn encode_office(event: &OfficeEvent) -> Vec<u8> {
    encode(event)
}

/// An office log's event as it was written under any schema ever.
pub fn decode_office(kind: &str, schema: u16, data: &[u8]) -> Result<OfficeEvent, String> {
    let event: OfficeEvent = decode(kind, schema, data)?;
    if office_kind(&event) == kind { Ok(event) } else { Err(format!("{kind} holds {}", office_kind(&event))) }
}

/// Kinds of events of revoked tokens.
pub const STAFF_KINDS: [&str; 1] = ["staff_revoked"];

/// Kind of an event of revoked tokens.
pub fn staff_kind(event: &StaffEvent) -> &'static str {
    match event {
        StaffEvent::StaffRevoked { .. } => "staff_revoked",
    }
}

/// Schema that events of revoked tokens are written in today.
pub fn staff_schema(_event: &StaffEvent) -> u16 {
    1
}

/// Bytes of an event of revoked tokens.
pub fn encode_staff(event: &StaffEvent) -> Vec<u8> {
    encode(event)
}

/// An event of revoked tokens as it was written under any schema ever.
pub fn decode_staff(kind: &str, schema: u16, data: &[u8]) -> Result<StaffEvent, String> {
    let event: StaffEvent = decode(kind, schema, data)?;
    if staff_kind(&event) == kind { Ok(event) } else { Err(format!("{kind} holds {}", staff_kind(&event))) }
}

fn encode<E: serde::Serialize>(event: &E) -> Vec<u8> {
    match serde_json::to_vec(event) {
        Ok(bytes) => bytes,
        // Every field is a string, a number or a struct of such, and every map key a string.
        Err(error) => unreachable!("an event is always JSON: {error}"),
    }
}

fn decode<E: serde::de::DeserializeOwned>(kind: &str, schema: u16, data: &[u8]) -> Result<E, String> {
    let wrong = |error: serde_json::Error| format!("{kind} in schema {schema}: {error}");
    if schema == 1 {
        return serde_json::from_slice(data).map_err(wrong);
    }
    let old: Value = serde_json::from_slice(data).map_err(wrong)?;
    serde_json::from_value(upcast(kind, schema, old)?).map_err(wrong)
}

/// Lifts an older schema to today's, one step at a time. There is none yet; a new schema adds its arm here.
fn upcast(kind: &str, schema: u16, _old: Value) -> Result<Value, String> {
    Err(format!("{kind} in schema {schema} is unknown to this version"))
}
