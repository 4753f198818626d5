//! Every sample of every schema ever written is still read, and every kind has one of the present schema.

use super::*;
use crate::domain::account::AccountEvent;
use crate::domain::day::{
    Attendance, Attended, Cancelled, CodeSent, Command, Confirmed, DayOpened, FormSaved, HoldExpired,
    HoldPlaced, HoldReleased, Place, Reminded, Removed,
};
use crate::domain::inquiry::InquiryEvent;
use crate::domain::office::Proof;
use crate::domain::office::tests_support::small_office;
use crate::domain::office_log::OfficeImported;
use crate::domain::staff::{Duty, Enrolled, Issued, KeyShown, Moved, Noted, Post, StaffEvent, Withdrawn};
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Day, Id, IdKind, Moment, Span, Way};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The file of a sample: `{kind}.{schema}.json` with the stored bytes.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

fn samples() -> Vec<(String, u16, Vec<u8>)> {
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let (kind, schema) = name.strip_suffix(".json").unwrap().split_once('.').unwrap();
        (kind.to_owned(), schema.parse().unwrap(), std::fs::read(&path).unwrap())
    };
    std::fs::read_dir(folder()).unwrap().map(read).collect()
}

/// One event of each kind of an office's staff.
pub(crate) fn staff_events() -> Vec<StaffEvent> {
    let (member, at) = ("8f3k2m9x4q7t1v5w".to_owned(), Moment::from_micros(1_796_104_800_000_000));
    let token = format!("{member}-0123456789abcdef");
    let expires = at + Span::from_hours(12);
    let duties = BTreeSet::from([Duty::Clerk, Duty::Supervisor]);
    let post = Post { duties, location: Some("main".into()), counter: Some("3".into()) };
    let noted = || Noted { member: member.clone(), at };
    let tokens = vec![token.clone()];
    vec![
        StaffEvent::Enrolled(Enrolled { member: member.clone(), post: post.clone(), at }),
        StaffEvent::Moved(Moved { member: member.clone(), post: post.clone(), at }),
        StaffEvent::PasswordSet(noted()),
        StaffEvent::Disabled(noted()),
        StaffEvent::Enabled(noted()),
        StaffEvent::Issued(Issued { member, token, expires, at }),
        StaffEvent::Withdrawn(Withdrawn { office: "small".into(), tokens, until: expires, at }),
        StaffEvent::KeyShown(KeyShown { token: "0123456789abcdef".into(), post, expires, at }),
    ]
}

/// One event of each kind, with nothing left out.
pub(crate) fn day_events() -> Vec<DayEvent> {
    let plan = small_office().plan("pool", "2026-12-01".parse().unwrap()).unwrap();
    let way = Way { office: plan.office_number, place: plan.pool_number, day: plan.day };
    let hold = Id::new(IdKind::Hold, way, &SeededEntropy::new(7));
    let reservation = hold.as_kind(IdKind::Reservation);
    let at = plan.slots[6].at;
    let now = at - Span::from_hours(1);
    let place = Place { office: plan.office.clone(), location: plan.location.clone(), day: plan.day };
    let (time, claims) = (plan.slots[6].time, vec!["person".to_owned()]);
    let confirmed = Confirmed {
        place: place.clone(),
        reservation,
        hold,
        time,
        at,
        service: "card".into(),
        number: "3-261201-001".into(),
        serial: 1,
        ticket: hold.as_kind(IdKind::Ticket),
        ticket_number: "R001".into(),
        check_in_code: "40000123".into(),
        subject: Some(hold.as_kind(IdKind::Subject)),
        verification: Some("verification".into()),
        claims: claims.clone(),
        claims_until: plan.ends_at,
        confirmed_at: now,
        account: None,
    };
    let service = "card".to_owned();
    let ends_at = now + Span::from_mins(10);
    let verification = "verification".to_owned();
    vec![
        DayEvent::DayOpened(DayOpened { plan: plan.into() }),
        DayEvent::HoldPlaced(HoldPlaced {
            hold,
            service,
            time,
            placed_at: now,
            ends_at,
            account: false,
            account_id: None,
        }),
        DayEvent::FormSaved(FormSaved { hold, subject: hold.as_kind(IdKind::Subject) }),
        DayEvent::CodeSent(CodeSent {
            hold,
            verification,
            channel: Proof::Sms,
            claims: claims.clone(),
            ends_at,
        }),
        DayEvent::Confirmed(Box::new(confirmed)),
        DayEvent::HoldReleased(HoldReleased { hold }),
        DayEvent::HoldExpired(HoldExpired { hold }),
        DayEvent::Cancelled(Cancelled {
            place: place.clone(),
            reservation,
            claims: claims.clone(),
            free_from: now,
            at: now,
        }),
        DayEvent::Removed(Removed {
            place,
            reservation,
            reason: "false_data".into(),
            claims: claims.clone(),
            free_from: now,
            at: now,
        }),
        DayEvent::Attended(Attended { reservation, state: Attendance::CheckedIn, at: now, claims }),
        DayEvent::Reminded(Reminded { reservations: vec![reservation], at: now }),
    ]
}

fn office_events() -> Vec<OfficeEvent> {
    let mut office = small_office();
    // Everything that an office may say, so that the sample has it.
    let map_url = Some("https://example.pl/map".to_owned());
    office.locations[0].map_url = map_url;
    office.locations[0].closed_days.insert("2026-12-31".parse().unwrap());
    office.pools[0].hours = Some(office.locations[0].hours.clone());
    office.services[0].cancel_until_min = Some(60);
    office.fields[0].pattern = Some("[A-Z].+".into());
    office.fields[0].only_if =
        Some(crate::domain::form::OnlyIf { field: "whom".into(), equals: "child".into() });
    let consent = crate::domain::office::Consent {
        id: "rodo".into(),
        version: "2026-01".into(),
        required: true,
        label: office.name.clone(),
        url: "https://example.pl/rodo".into(),
        asked: crate::domain::office::AskedAt::Form,
    };
    office.consents.push(consent);
    let at = Moment::from_micros(1_796_106_600_000_000);
    vec![OfficeEvent::OfficeImported(OfficeImported { version: 1, office: office.into(), at })]
}

#[test]
fn every_stored_sample_is_still_read() {
    let mut read = 0;
    for (kind, schema, data) in samples() {
        let day = DayEvent::KINDS.contains(&kind.as_str());
        // Counters have their own test beside their codec.
        if crate::domain::visits::VisitsEvent::KINDS.contains(&kind.as_str()) {
            continue;
        }
        let result = if day {
            DayEvent::decode(&kind, schema, &data).map(drop)
        } else if InquiryEvent::KINDS.contains(&kind.as_str()) {
            <InquiryEvent as Codec>::decode(&kind, schema, &data).map(drop)
        } else if kind.starts_with("account_") {
            <AccountEvent as Codec>::decode(&kind, schema, &data).map(drop)
        } else if StaffEvent::KINDS.contains(&kind.as_str()) {
            StaffEvent::decode(&kind, schema, &data).map(drop)
        } else {
            OfficeEvent::decode(&kind, schema, &data).map(drop)
        };
        assert_eq!(result, Ok(()), "{kind} of schema {schema}");
        read += 1;
    }
    assert!(read >= DayEvent::KINDS.len() + OfficeEvent::KINDS.len() + StaffEvent::KINDS.len());
}

#[test]
fn what_is_written_now_is_what_the_sample_of_this_schema_says() {
    let written = day_events().iter().map(|it| (it.kind(), it.encode())).collect::<Vec<_>>();
    let offices = office_events().iter().map(|it| (it.kind(), it.encode())).collect::<Vec<_>>();
    let json = |data: &[u8]| serde_json::from_slice::<Value>(data).unwrap();
    let staff = staff_events().iter().map(|it| (it.kind(), it.encode())).collect::<Vec<_>>();
    for (kind, data) in written.into_iter().chain(offices).chain(staff) {
        let sample = samples().into_iter().find(|(name, schema, _)| name == kind && *schema == SCHEMA);
        let (_, _, stored) =
            sample.unwrap_or_else(|| panic!("{kind} has no sample: cargo test write_samples -- --ignored"));
        assert!(
            within(&json(&stored), &json(&data)),
            "{kind}: a changed shape needs a new schema and an upcast; a new field needs a default"
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

#[test]
fn events_are_read_back_as_they_were() {
    for event in day_events() {
        assert_eq!(DayEvent::decode(event.kind(), event.schema(), &event.encode()), Ok(event));
    }
    for event in office_events() {
        assert_eq!(OfficeEvent::decode(event.kind(), event.schema(), &event.encode()), Ok(event));
    }
}

/// Stored and on its way to another replica, in words of before there was such an outcome.
#[test]
fn who_was_not_called_is_written_as_having_left_with_a_word_beside_it() {
    let json = |state| serde_json::to_value(state).unwrap();
    for (state, written) in [
        (Attendance::CheckedIn, serde_json::json!({"state": "checked_in"})),
        (Attendance::Served, serde_json::json!({"state": "served"})),
        (Attendance::Missed, serde_json::json!({"state": "missed"})),
        (Attendance::Refused, serde_json::json!({"state": "refused"})),
        (Attendance::Left, serde_json::json!({"state": "left"})),
        (Attendance::NotCalled, serde_json::json!({"state": "left", "not_called": true})),
    ] {
        assert_eq!(json(state), written);
        let reservation = Id::new(
            IdKind::Reservation,
            Way { office: 1, place: 1, day: Day::from_number(1) },
            &SeededEntropy::new(1),
        );
        let at = Moment::from_micros(5);
        let event = DayEvent::Attended(Attended { reservation, state, at, claims: vec!["a".into()] });
        assert_eq!(DayEvent::decode("attended", 1, &event.encode()), Ok(event.clone()));
        let stored: Value = serde_json::from_slice(&event.encode()).unwrap();
        assert_eq!(stored["state"], written["state"]);
        assert_eq!(stored.get("not_called"), written.get("not_called"));
        let command = Command::Attend { reservation, state, at };
        let sent = serde_json::to_vec(&command).unwrap();
        assert!(
            matches!(serde_json::from_slice(&sent), Ok(Command::Attend { state: read, .. }) if read == state)
        );
    }
}

#[test]
fn staff_events_are_read_back_and_every_kind_is_among_them() {
    for event in staff_events() {
        assert_eq!(StaffEvent::decode(event.kind(), event.schema(), &event.encode()), Ok(event));
    }
    let kinds: BTreeSet<_> = staff_events().iter().map(Codec::kind).collect();
    assert_eq!(kinds, StaffEvent::KINDS.iter().copied().collect());
}

#[test]
fn every_kind_has_an_event_here_and_unknown_ones_are_refused() {
    let kinds: BTreeSet<_> = day_events().iter().map(Codec::kind).collect();
    assert_eq!(kinds, DayEvent::KINDS.iter().copied().collect());
    for (kind, schema, data) in
        [("no_such", 1, "{}"), ("form_saved", 0, "{}"), ("form_saved", 2, "{}"), ("form_saved", 1, "{")]
    {
        assert!(DayEvent::decode(kind, schema, data.as_bytes()).is_err(), "{kind} {schema} {data}");
    }
}

/// Writes the samples that are missing; never over one that is there.
#[test]
#[ignore = "run by hand after a new kind or schema"]
fn write_samples() {
    let mut day = day_events().into_iter().map(|it| (it.kind(), it.encode())).collect::<Vec<_>>();
    day.extend(super::inquiry::tests::events().iter().map(|it| (Codec::kind(it), Codec::encode(it))));
    day.extend(staff_events().iter().map(|it| (it.kind(), it.encode())));
    for (kind, data) in day.into_iter().chain(office_events().into_iter().map(|it| (it.kind(), it.encode())))
    {
        let path = folder().join(format!("{kind}.{SCHEMA}.json"));
        if !path.exists() {
            let value: Value = serde_json::from_slice(&data).unwrap();
            std::fs::write(path, serde_json::to_string_pretty(&value).unwrap() + "\n").unwrap();
        }
    }
}
