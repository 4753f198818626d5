//! The service's events as the journal's: which codec belongs to which. Knows no rule and no engine.

use crate::codec;
use crate::domain::{HallEvent, OfficeEvent, StaffEvent};
use okienko_actor::Stored;

impl Stored for HallEvent {
    fn kind(&self) -> &'static str {
        codec::hall_kind(self)
    }
    fn schema(&self) -> u16 {
        codec::hall_schema(self)
    }
    fn encode(&self) -> Vec<u8> {
        codec::encode_hall(self)
    }
    fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String> {
        codec::decode_hall(kind, schema, data)
    }
}

impl Stored for OfficeEvent {
    fn kind(&self) -> &'static str {
        codec::office_kind(self)
    }
    fn schema(&self) -> u16 {
        codec::office_schema(self)
    }
    fn encode(&self) -> Vec<u8> {
        codec::encode_office(self)
    }
    fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String> {
        codec::decode_office(kind, schema, data)
    }
}

impl Stored for StaffEvent {
    fn kind(&self) -> &'static str {
        codec::staff_kind(self)
    }
    fn schema(&self) -> u16 {
        codec::staff_schema(self)
    }
    fn encode(&self) -> Vec<u8> {
        codec::encode_staff(self)
    }
    fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String> {
        codec::decode_staff(kind, schema, data)
    }
}
