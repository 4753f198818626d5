//! What was ever written of an office is still read, and what is written now is what the sample says.

use crate::log::{OfficeEvent, OfficeImported};
use crate::samples::small_office;
use okienko_kernel::{Moment, Stored};
use serde_json::Value;

fn office_events() -> Vec<OfficeEvent> {
    let mut office = small_office();
    // Everything that an office may say, so that the sample has it.
    let map_url = Some("https://example.pl/map".to_owned());
    office.locations[0].map_url = map_url;
    office.locations[0].closed_days.insert("2026-12-31".parse().unwrap());
    office.pools[0].hours = Some(office.locations[0].hours.clone());
    office.services[0].cancel_until_min = Some(60);
    office.fields[0].pattern = Some("[A-Z].+".into());
    office.fields[0].only_if = Some(crate::form::OnlyIf { field: "whom".into(), equals: "child".into() });
    let consent = crate::Consent {
        id: "rodo".into(),
        version: "2026-01".into(),
        required: true,
        label: office.name.clone(),
        url: "https://example.pl/rodo".into(),
        asked: crate::AskedAt::Form,
    };
    office.consents.push(consent);
    let at = Moment::from_micros(1_796_106_600_000_000);
    vec![OfficeEvent::OfficeImported(OfficeImported { version: 1, office: office.into(), at })]
}

#[test]
fn what_is_written_now_is_what_the_sample_of_this_schema_says_and_comes_back() {
    let sample: &[u8] = include_bytes!("../samples/office_imported.1.json");
    let json = |data: &[u8]| serde_json::from_slice::<Value>(data).unwrap();
    for event in office_events() {
        assert!(OfficeEvent::decode(event.kind(), event.schema(), sample).is_ok());
        let data = event.encode().unwrap();
        assert_eq!(OfficeEvent::decode(event.kind(), event.schema(), &data), Ok(event));
        assert!(
            within(&json(sample), &json(&data)),
            "a changed shape needs a new schema and a step from the old one; a new field needs a default"
        );
    }
}

/// Whether all of `old` is still written; what is new stands beside it and has a default for those who lack it.
fn within(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            old.iter().all(|(key, value)| new.get(key).is_some_and(|other| within(value, other)))
        }
        (Value::Array(old), Value::Array(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| within(old, new))
        }
        _ => old == new,
    }
}
