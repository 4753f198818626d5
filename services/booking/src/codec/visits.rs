//! How the counter of visits is stored. Must not know of journals.

use super::{Codec, json, read};
use crate::domain::visits::VisitsEvent;

impl Codec for VisitsEvent {
    const KINDS: &'static [&'static str] = &["visits_counted"];

    fn kind(&self) -> &'static str {
        "visits_counted"
    }

    fn encode(&self) -> Vec<u8> {
        match self {
            VisitsEvent::Counted(it) => json(it),
        }
    }

    fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String> {
        match kind {
            "visits_counted" => Ok(VisitsEvent::Counted(read(kind, schema, data)?)),
            other => Err(format!("no event of a counter is called {other}")),
        }
    }
}

impl okienko_actor::Stored for VisitsEvent {
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
        <VisitsEvent as Codec>::decode(kind, schema, data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::visits::VisitsCounted;

    #[test]
    fn the_stored_sample_is_what_is_written_now_and_is_read_back() {
        let event = VisitsEvent::Counted(VisitsCounted { added: 3, total: 262_805 });
        let sample = include_bytes!("../../samples/visits_counted.1.json");
        assert_eq!(<VisitsEvent as Codec>::decode("visits_counted", 1, sample), Ok(event));
        let value = |data: &[u8]| serde_json::from_slice::<serde_json::Value>(data).unwrap();
        assert_eq!(value(&Codec::encode(&event)), value(sample));
        assert!(<VisitsEvent as Codec>::decode("visits_counted", 2, sample).is_err());
    }
}
