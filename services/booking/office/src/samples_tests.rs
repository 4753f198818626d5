//! Everything that was ever stored about an office can still be read, and what is written now matches the sample.

use crate::log::{OfficeEvent, OfficeImported};
use crate::samples::small_office;
use okienko_kernel::Moment;
use okienko_kernel::samples::{Says, faults, write_missing};
use std::path::{Path, PathBuf};

fn office_events() -> Vec<OfficeEvent> {
    let mut office = small_office();
    // All optional data, so that the sample contains them.
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

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

#[test]
fn what_was_ever_written_is_still_read_and_what_is_written_now_is_what_its_sample_says() {
    assert_eq!(faults(&folder(), &office_events(), Says::AllButNewFields), Vec::<String>::new());
}

#[test]
#[ignore = "run by hand after a new kind or schema"]
fn write_samples() {
    write_missing(&folder(), &office_events()).unwrap();
}
