//! How the events of questions to a holder are stored. Must not know of journals.

use super::{Codec, json, read};
use crate::domain::inquiry::InquiryEvent;

impl Codec for InquiryEvent {
    const KINDS: &'static [&'static str] =
        &["inquiry_asked", "inquiry_answered", "inquiry_read", "inquiry_settled"];

    fn kind(&self) -> &'static str {
        match self {
            InquiryEvent::Asked(_) => "inquiry_asked",
            InquiryEvent::Answered(_) => "inquiry_answered",
            InquiryEvent::Read(_) => "inquiry_read",
            InquiryEvent::Settled(_) => "inquiry_settled",
        }
    }

    fn encode(&self) -> Vec<u8> {
        match self {
            InquiryEvent::Asked(it) => json(it),
            InquiryEvent::Answered(it) => json(it),
            InquiryEvent::Read(it) => json(it),
            InquiryEvent::Settled(it) => json(it),
        }
    }

    fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String> {
        match kind {
            "inquiry_asked" => Ok(InquiryEvent::Asked(read(kind, schema, data)?)),
            "inquiry_answered" => Ok(InquiryEvent::Answered(read(kind, schema, data)?)),
            "inquiry_read" => Ok(InquiryEvent::Read(read(kind, schema, data)?)),
            "inquiry_settled" => Ok(InquiryEvent::Settled(read(kind, schema, data)?)),
            other => Err(format!("no event of questions is called {other}")),
        }
    }
}

impl okienko_actor::Stored for InquiryEvent {
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
        <InquiryEvent as Codec>::decode(kind, schema, data)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::inquiry::{Answered, Asked, Read, Settled};
    use okienko_kernel::world::SeededEntropy;
    use okienko_kernel::{Day, Id, IdKind, Moment, Way};
    use std::collections::BTreeSet;
    use std::path::Path;

    pub(crate) fn events() -> Vec<InquiryEvent> {
        let way = Way { office: 3, place: 1, day: Day::from_number(20_788) };
        let reservation = Id::new(IdKind::Reservation, way, &SeededEntropy::new(7));
        let (round, at) = (1, Moment::from_micros(1_796_106_600_000_000));
        let questions = vec!["name".to_owned(), "own".to_owned()];
        vec![
            InquiryEvent::Asked(Asked { reservation, round, questions, at }),
            InquiryEvent::Answered(Answered { round, at }),
            InquiryEvent::Read(Read { round, at }),
            InquiryEvent::Settled(Settled { round, at }),
        ]
    }

    #[test]
    fn what_is_written_of_questions_is_what_the_samples_say_and_is_read_back() {
        let kinds: BTreeSet<_> = events().iter().map(Codec::kind).collect();
        assert_eq!(kinds, InquiryEvent::KINDS.iter().copied().collect());
        for event in events() {
            let name = format!("samples/{}.{}.json", Codec::kind(&event), super::super::SCHEMA);
            let stored = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(&name)).unwrap_or_default();
            let json = |data: &[u8]| serde_json::from_slice::<serde_json::Value>(data).unwrap_or_default();
            assert_eq!(json(&stored), json(&Codec::encode(&event)), "{name}");
            let read = <InquiryEvent as Codec>::decode(Codec::kind(&event), Codec::schema(&event), &stored);
            assert_eq!(read, Ok(event));
        }
        assert!(<InquiryEvent as Codec>::decode("inquiry_lost", 1, b"{}").is_err());
    }
}
