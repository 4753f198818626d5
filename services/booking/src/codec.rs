//! How journal events are stored: a kind, a schema number and JSON. Old schemas are read for ever: what a sample of
//! any version ever written looks like lies in `samples/`. Must not know of journals.

mod account;
mod inquiry;
mod visits;

use crate::domain::day::DayEvent;
use crate::domain::office_log::OfficeEvent;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The schema that is written now, of every kind.
pub const SCHEMA: u16 = 1;

/// An event that can be stored and read back.
pub trait Codec: Sized {
    /// All kinds that are written.
    const KINDS: &'static [&'static str];
    /// The kind, for good.
    fn kind(&self) -> &'static str;
    /// The schema that is written.
    fn schema(&self) -> u16 {
        SCHEMA
    }
    /// As JSON.
    fn encode(&self) -> Vec<u8>;
    /// Reads what any version has written; says what is wrong otherwise.
    fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String>;
}

impl Codec for DayEvent {
    const KINDS: &'static [&'static str] = &[
        "day_opened",
        "hold_placed",
        "form_saved",
        "code_sent",
        "confirmed",
        "hold_released",
        "hold_expired",
        "cancelled",
        "removed",
        "attended",
        "reminded",
    ];

    fn kind(&self) -> &'static str {
        match self {
            DayEvent::DayOpened(_) => "day_opened",
            DayEvent::HoldPlaced(_) => "hold_placed",
            DayEvent::FormSaved(_) => "form_saved",
            DayEvent::CodeSent(_) => "code_sent",
            DayEvent::Confirmed(_) => "confirmed",
            DayEvent::HoldReleased(_) => "hold_released",
            DayEvent::HoldExpired(_) => "hold_expired",
            DayEvent::Cancelled(_) => "cancelled",
            DayEvent::Removed(_) => "removed",
            DayEvent::Attended(_) => "attended",
            DayEvent::Reminded(_) => "reminded",
        }
    }

    fn encode(&self) -> Vec<u8> {
        match self {
            DayEvent::DayOpened(it) => json(it),
            DayEvent::HoldPlaced(it) => json(it),
            DayEvent::FormSaved(it) => json(it),
            DayEvent::CodeSent(it) => json(it),
            DayEvent::Confirmed(it) => json(it),
            DayEvent::HoldReleased(it) => json(it),
            DayEvent::HoldExpired(it) => json(it),
            DayEvent::Cancelled(it) => json(it),
            DayEvent::Removed(it) => json(it),
            DayEvent::Attended(it) => json(it),
            DayEvent::Reminded(it) => json(it),
        }
    }

    fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String> {
        Ok(match kind {
            "day_opened" => DayEvent::DayOpened(read(kind, schema, data)?),
            "hold_placed" => DayEvent::HoldPlaced(read(kind, schema, data)?),
            "form_saved" => DayEvent::FormSaved(read(kind, schema, data)?),
            "code_sent" => DayEvent::CodeSent(read(kind, schema, data)?),
            "confirmed" => DayEvent::Confirmed(read(kind, schema, data)?),
            "hold_released" => DayEvent::HoldReleased(read(kind, schema, data)?),
            "hold_expired" => DayEvent::HoldExpired(read(kind, schema, data)?),
            "cancelled" => DayEvent::Cancelled(read(kind, schema, data)?),
            "removed" => DayEvent::Removed(read(kind, schema, data)?),
            "attended" => DayEvent::Attended(read(kind, schema, data)?),
            "reminded" => DayEvent::Reminded(read(kind, schema, data)?),
            other => return Err(format!("no event of a day is called {other}")),
        })
    }
}

impl Codec for OfficeEvent {
    const KINDS: &'static [&'static str] = &["office_imported"];

    fn kind(&self) -> &'static str {
        match self {
            OfficeEvent::OfficeImported(_) => "office_imported",
        }
    }

    fn encode(&self) -> Vec<u8> {
        match self {
            OfficeEvent::OfficeImported(it) => json(it),
        }
    }

    fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String> {
        match kind {
            "office_imported" => Ok(OfficeEvent::OfficeImported(read(kind, schema, data)?)),
            other => Err(format!("no event of an office is called {other}")),
        }
    }
}

fn json<T: serde::Serialize>(value: &T) -> Vec<u8> {
    // Events are structs of texts, numbers and lists with text keys: there is nothing in them that JSON refuses.
    serde_json::to_vec(value).unwrap_or_default()
}

fn read<T: DeserializeOwned>(kind: &str, schema: u16, data: &[u8]) -> Result<T, String> {
    let wrong = |e: serde_json::Error| format!("{kind} of schema {schema}: {e}");
    match schema {
        SCHEMA => serde_json::from_slice(data).map_err(wrong),
        0 => Err(format!("{kind}: no schema is numbered 0")),
        newer if newer > SCHEMA => Err(format!("{kind} of schema {newer} was written by a newer version")),
        older => {
            let value = serde_json::from_slice(data).map_err(wrong)?;
            serde_json::from_value(upcast(kind, older, value)?).map_err(wrong)
        }
    }
}

/// Lifts an event of an older schema, step by step, to the one that is written now. There is none yet: the first
/// change adds `(kind, 1) => …` here and a sample of what schema 1 looked like stays in `samples/`.
fn upcast(kind: &str, schema: u16, value: Value) -> Result<Value, String> {
    let _ = value;
    Err(format!("{kind}: nothing is known of schema {schema}"))
}

impl okienko_actor::Stored for DayEvent {
    fn kind(&self) -> &'static str {
        Codec::kind(self)
    }
    fn schema(&self) -> u16 {
        Codec::schema(self)
    }
    fn encode(&self) -> Vec<u8> {
        Codec::encode(self)
    }
    fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String> {
        <DayEvent as Codec>::decode(kind, schema, data)
    }
}

impl okienko_actor::Stored for OfficeEvent {
    fn kind(&self) -> &'static str {
        Codec::kind(self)
    }
    fn schema(&self) -> u16 {
        Codec::schema(self)
    }
    fn encode(&self) -> Vec<u8> {
        Codec::encode(self)
    }
    fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String> {
        <OfficeEvent as Codec>::decode(kind, schema, data)
    }
}

mod staff;

#[cfg(test)]
pub(crate) mod tests;
