//! Everything that was ever stored about accounts can still be read, and what is written now matches the samples.

use crate::domain::{
    AccountEvent, Activated, AddressAsked, AddressChanged, Booked, Deleted, Link, PasswordSet, Registered,
    Reminded, ResetAsked, SignedOut, StrangerAsked, VisitEnded,
};
use okienko_kernel::samples::{Says, faults, write_missing};
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Id, IdKind, Moment, Span, Stored, Way};
use std::path::{Path, PathBuf};

/// One event of each kind of an account.
fn account_events() -> Vec<AccountEvent> {
    let way = Way { office: 7, place: 0, day: "2026-12-01".parse().unwrap() };
    let account = Id::new(IdKind::Account, way, &SeededEntropy::new(3));
    let reservation = account.as_kind(IdKind::Reservation);
    let at = Moment::from_micros(1_796_106_600_000_000);
    let link = Link { n: 1, until: at + Span::from_hours(24) };
    let address = "0123456789abcdefghjkmnpqrs".to_owned();
    let (from, to) = (address.clone(), "1123456789abcdefghjkmnpqrs".to_owned());
    let consents = [("regulamin".to_owned(), "2026-01".to_owned())].into();
    let row = String::new();
    vec![
        AccountEvent::Registered(Registered { account, address: address.clone(), consents, link, row, at }),
        AccountEvent::Activated(Activated { account, address: address.clone(), link: 1, at }),
        AccountEvent::Reminded(Reminded { at }),
        AccountEvent::ResetAsked(ResetAsked { link, at }),
        AccountEvent::PasswordSet(PasswordSet { epoch: 1, at }),
        AccountEvent::AddressAsked(AddressAsked { address: to.clone(), link, at }),
        AccountEvent::AddressChanged(AddressChanged { account, from, to, link: 1, at }),
        AccountEvent::SignedOut(SignedOut { epoch: 2, at }),
        AccountEvent::Deleted(Deleted { account, address, at }),
        AccountEvent::Booked(Booked { reservation, at }),
        AccountEvent::VisitEnded(VisitEnded { reservation, at }),
        AccountEvent::StrangerAsked(StrangerAsked { letter: account.to_string(), at }),
    ]
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

#[test]
fn what_was_ever_written_is_still_read_and_what_is_written_now_is_what_its_sample_says() {
    assert_eq!(faults(&folder(), &account_events(), Says::All), Vec::<String>::new());
}

#[test]
#[ignore = "run by hand after a new kind or schema"]
fn write_samples() {
    write_missing(&folder(), &account_events()).unwrap();
}

#[test]
fn a_registration_names_its_sealed_row() {
    let AccountEvent::Registered(mut it) = account_events().remove(0) else { panic!("the first is one") };
    it.row = "0123456789abcdef".into();
    let event = AccountEvent::Registered(it);
    assert_eq!(AccountEvent::decode(event.kind(), event.schema(), &event.encode().unwrap()), Ok(event));
}
