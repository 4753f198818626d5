//! Both shapes of records: a vendor's own test database, and flat records in a file written here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable, reason = "tests")]

mod writer;

use okienko_territory::{Mmdb, Territory, Whereabouts};
use std::path::Path;
use writer::{Value, database};

fn vendor() -> Mmdb {
    Mmdb::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/GeoIP2-Country-Test.mmdb")).unwrap()
}

fn country(territory: &dyn Territory, address: &str) -> String {
    match territory.of(address.parse().unwrap()) {
        Whereabouts::In(country) => country.code().to_owned(),
        other => format!("{other:?}"),
    }
}

fn map(pairs: &[(&str, Value)]) -> Value {
    Value::Map(pairs.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn the_vendors_own_test_addresses_are_in_the_countries_that_it_names() {
    let territory = vendor();
    for (address, code) in [
        ("2a02:d100::1", "PL"),
        ("2a02:fbc0:1::7", "PL"),
        ("2a02:d300::1", "UA"),
        ("2a02:d180::1", "DE"),
        // Used in one country, registered in another: where it is used counts.
        ("81.2.69.142", "GB"),
        ("2.125.160.216", "GB"),
        ("89.160.20.112", "SE"),
        ("216.160.83.56", "US"),
        ("175.16.199.1", "CN"),
        ("::ffff:89.160.20.112", "SE"),
        ("8.8.8.8", "Unknown"),
        ("127.0.0.1", "Unknown"),
    ] {
        assert_eq!(country(&territory, address), code, "{address}");
    }
}

#[test]
fn flat_records_and_those_with_a_registered_country_alone_are_read_too() {
    for (record, code) in [
        (map(&[("country_code", text("PL"))]), "PL"),
        (map(&[("country", text("pl"))]), "PL"),
        (map(&[("country", text("Poland")), ("country_code", text("PL"))]), "PL"),
        (map(&[("registered_country", map(&[("iso_code", text("PL"))]))]), "PL"),
        (map(&[("country", map(&[])), ("registered_country", map(&[("iso_code", text("UA"))]))]), "UA"),
        (map(&[("country", text("Poland"))]), "Unknown"),
        (map(&[("continent", text("EU"))]), "Unknown"),
        (map(&[]), "Unknown"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("flat.mmdb");
        std::fs::write(&path, database(&record)).unwrap();
        assert_eq!(country(&Mmdb::open(&path).unwrap(), "2a02:d100::1"), code, "{record:?}");
    }
}

#[test]
fn a_newer_file_is_taken_and_a_broken_one_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("geo.mmdb");
    let record = |code: &str| database(&map(&[("country_code", text(code)), ("note", text(code))]));
    std::fs::write(&path, record("PL")).unwrap();
    let territory = Mmdb::open(&path).unwrap();
    assert!(!territory.refresh().unwrap());
    std::fs::write(&path, database(&map(&[("country", text("DE"))]))).unwrap();
    assert!(territory.refresh().unwrap());
    assert_eq!(country(&territory, "2a02:d100::1"), "DE");
    std::fs::write(&path, b"half a file").unwrap();
    assert!(territory.refresh().is_err());
    assert!(!territory.refresh().unwrap(), "told once");
    assert_eq!(country(&territory, "2a02:d100::1"), "DE");
    std::fs::remove_file(&path).unwrap();
    assert!(territory.refresh().is_err());
    assert_eq!(country(&territory, "2a02:d100::1"), "DE");
    std::fs::write(&path, record("PL")).unwrap();
    assert!(territory.refresh().unwrap());
    assert_eq!(country(&territory, "2a02:d100::1"), "PL");
}

#[test]
fn a_file_that_is_none_is_refused_at_the_start() {
    assert!(Mmdb::open(Path::new("/nowhere/geo.mmdb")).is_err());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("text.mmdb");
    std::fs::write(&path, b"PL").unwrap();
    assert!(Mmdb::open(&path).unwrap_err().to_string().contains("no MMDB database"));
}
