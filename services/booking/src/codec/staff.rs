//! How the events of an office's staff are stored. Must not know of journals.

use super::{Codec, json, read};
use crate::domain::staff::StaffEvent;

impl Codec for StaffEvent {
    const KINDS: &'static [&'static str] = &[
        "staff_enrolled",
        "staff_moved",
        "staff_password_set",
        "staff_disabled",
        "staff_enabled",
        "staff_token_issued",
        "staff_tokens_withdrawn",
        "staff_key_shown",
    ];

    fn kind(&self) -> &'static str {
        match self {
            StaffEvent::Enrolled(_) => "staff_enrolled",
            StaffEvent::Moved(_) => "staff_moved",
            StaffEvent::PasswordSet(_) => "staff_password_set",
            StaffEvent::Disabled(_) => "staff_disabled",
            StaffEvent::Enabled(_) => "staff_enabled",
            StaffEvent::Issued(_) => "staff_token_issued",
            StaffEvent::Withdrawn(_) => "staff_tokens_withdrawn",
            StaffEvent::KeyShown(_) => "staff_key_shown",
        }
    }

    fn encode(&self) -> Vec<u8> {
        match self {
            StaffEvent::Enrolled(it) => json(it),
            StaffEvent::Moved(it) => json(it),
            StaffEvent::PasswordSet(it) | StaffEvent::Disabled(it) | StaffEvent::Enabled(it) => json(it),
            StaffEvent::Issued(it) => json(it),
            StaffEvent::Withdrawn(it) => json(it),
            StaffEvent::KeyShown(it) => json(it),
        }
    }

    fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String> {
        Ok(match kind {
            "staff_enrolled" => StaffEvent::Enrolled(read(kind, schema, data)?),
            "staff_moved" => StaffEvent::Moved(read(kind, schema, data)?),
            "staff_password_set" => StaffEvent::PasswordSet(read(kind, schema, data)?),
            "staff_disabled" => StaffEvent::Disabled(read(kind, schema, data)?),
            "staff_enabled" => StaffEvent::Enabled(read(kind, schema, data)?),
            "staff_token_issued" => StaffEvent::Issued(read(kind, schema, data)?),
            "staff_tokens_withdrawn" => StaffEvent::Withdrawn(read(kind, schema, data)?),
            "staff_key_shown" => StaffEvent::KeyShown(read(kind, schema, data)?),
            other => return Err(format!("no event of staff is called {other}")),
        })
    }
}

impl okienko_actor::Stored for StaffEvent {
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
        <StaffEvent as Codec>::decode(kind, schema, data)
    }
}
