//! Everything ever written into a journal can still be read: one stored sample of each kind and schema. The current
//! samples are also what the current code writes, byte for byte.

use crate::common;
use crate::common::{plan, reservation_id, ticket_id};
use okienko_hall::*;
use okienko_kernel::{Moment, Span, Stored, TimeOfDay};
use std::collections::BTreeSet;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples")
}

/// (kind, schema, bytes) of one event of each kind, as written by the current code.
fn today() -> Vec<(&'static str, u16, Vec<u8>)> {
    let learned = OfficeEvent::OfficeLearned { office: Box::new(office()) };
    let hall = hall_events().iter().map(written).collect::<Vec<_>>();
    hall.into_iter().chain([written(&learned), written(&staff_event())]).collect()
}

fn written<E: Stored>(event: &E) -> (&'static str, u16, Vec<u8>) {
    (event.kind(), event.schema(), event.encode().unwrap())
}

fn name(kind: &str, schema: u16) -> String {
    format!("{kind}.{schema}.json")
}

#[test]
#[ignore = "writes the samples of new kinds and schemas; run by hand, never over an old one"]
fn write_missing_samples() {
    for (kind, schema, bytes) in today() {
        let path = folder().join(name(kind, schema));
        if !path.exists() {
            std::fs::write(path, bytes).unwrap();
        }
    }
}

#[test]
fn every_kind_has_a_sample_and_is_written_like_it_today() {
    let kinds: BTreeSet<_> = today().iter().map(|(kind, _, _)| *kind).collect();
    assert_eq!(
        kinds,
        [HallEvent::KINDS, OfficeEvent::KINDS, StaffEvent::KINDS].concat().into_iter().collect()
    );
    for (kind, schema, bytes) in today() {
        let stored = std::fs::read(folder().join(name(kind, schema)));
        let stored = stored.unwrap_or_else(|_| panic!("no sample of {kind} in schema {schema}"));
        assert_eq!(String::from_utf8_lossy(&stored), String::from_utf8_lossy(&bytes), "{kind}");
    }
}

#[test]
fn every_stored_sample_is_read() {
    for file in std::fs::read_dir(folder()).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let (kind, schema) = name.rsplit_once('.').unwrap();
        let (schema, data) = (schema.parse().unwrap(), std::fs::read(&path).unwrap());
        let read = match OfficeEvent::KINDS.contains(&kind) {
            _ if StaffEvent::KINDS.contains(&kind) => StaffEvent::decode(kind, schema, &data).map(drop),
            true => OfficeEvent::decode(kind, schema, &data).map(drop),
            false => HallEvent::decode(kind, schema, &data).map(drop),
        };
        read.unwrap();
    }
}

#[test]
fn what_is_no_event_is_refused_by_name() {
    let sample = HallEvent::DaySealed { at: Moment::default() }.encode().unwrap();
    assert!(HallEvent::decode("left", 1, &sample).unwrap_err().contains("day_sealed"));
    assert!(HallEvent::decode("day_sealed", 2, &sample).unwrap_err().contains("schema 2"));
    assert!(HallEvent::decode("day_sealed", 1, b"{").is_err());
}

fn staff_event() -> StaffEvent {
    let at = Moment::from_micros(1_796_110_000_000_000);
    StaffEvent::StaffRevoked { tokens: vec!["8f3k2m9x-0123".into()], until: at + Span::from_hours(12), at }
}

fn line(booked: bool) -> Line {
    let at = Moment::from_micros(1_796_112_000_000_000);
    let time = TimeOfDay::new(9, 20).unwrap();
    let booked = booked.then(|| Booked { reservation: reservation_id(1), at, time });
    let number = if booked.is_some() { "R012" } else { "A012" }.into();
    Line { ticket: ticket_id(1), number, service: "a".into(), order: at.micros(), booked }
}

fn subject() -> okienko_kernel::Id {
    common::id(okienko_kernel::IdKind::Subject, 1)
}

fn hall_events() -> Vec<HallEvent> {
    use HallEvent::*;
    let at = Moment::from_micros(1_796_110_000_000_000);
    let (seq, counter, attempt) = (42, "3".to_owned(), 2);
    let series = Series { prefix: "A".into(), serial: 12 };
    let back = Back::Absent { turn: 40, since: at, due: true };
    let one = || (line(true), counter.clone());
    let mut events = vec![
        Expected { seq: None, at, line: line(true), code: "123456".into(), cancel_at_min: None },
        Unexpected { seq: Some(seq), at, reservation: reservation_id(1), line: Some(line(true)) },
        DayOpened { seq, at, plan: Box::new(plan(&[("1", &[]), ("2", &["a", "b"])])) },
        Listed { seq, at, line: line(true) },
        WalkInIssued { seq, at, line: line(false), series: series.clone() },
        CheckedIn { at, line: line(true), series: Some(series) },
        Placed { seq, at, line: line(true), series: None },
    ];
    for event in [
        CounterOpened { seq, at, counter: counter.clone() },
        CounterPaused { seq, at, counter: counter.clone() },
        CounterClosed { seq, at, counter: counter.clone() },
        HandedOver { at, ticket: ticket_id(1), to: Some(counter.clone()), due: true },
        Left { seq, at, line: line(false), not_called: false },
        NoticeAsked { at, ticket: ticket_id(1), subject: subject(), ahead_min: 15 },
        NoticeDue {
            at,
            ticket: ticket_id(1),
            subject: subject(),
            minutes: 12,
            ahead: 3,
            counter: Some(counter.clone()),
        },
        DaySealed { at },
    ] {
        events.push(event);
    }
    let (line, counter) = one();
    events.push(Called { seq, at, line, counter, attempt, recall: false });
    let (line, counter) = one();
    events.push(Started { seq, at, line, counter, attempt });
    let (line, counter) = one();
    events.push(Finished { seq, at, line, counter, attempt, outcome: Some("done".into()), verified: None });
    let (line, counter) = one();
    events.push(WentAbsent { seq, at, line, counter, attempt });
    let (line, _) = one();
    events.push(StruckOff { seq: Some(seq), at, line });
    let (line, counter) = one();
    events.push(Refused { seq, at, line, reason: Reason::OtherPerson });
    events.push(Verified { at, line: one().0, counter });
    let (line, counter) = one();
    events.push(Missed { seq, at, line, counter: Some(counter), attempt });
    let (line, counter) = one();
    events.push(Transferred { seq, at, line, counter, to: Some("4".into()) });
    let (line, counter) = one();
    events.push(Parked { seq, at, line, counter });
    let (line, counter) = one();
    events.push(Undone { seq, at, line, counter, attempt, back });
    events
}

fn office() -> OfficeData {
    OfficeData {
        id: "torun".into(),
        number: 1,
        name: "Toruń".into(),
        zone: common::warsaw(),
        version: 7,
        locations: vec![LocationData {
            id: "glowny".into(),
            number: 1,
            name: "Główny".into(),
            address: "Wały 10".into(),
            voice: true,
            counters: plan(&[("1", &["a"])]).counters,
            rules: LocationRules {
                merge: Merge::ByTime,
                calls: 3,
                absent_pause: Span::from_mins(5),
                placed_at_hour: true,
                check_in_opens_min: 60,
                check_in_closes_min: -60,
                cancel_at_min: None,
                check_in_asks_service: false,
                verify: false,
                tickets_before_min: None,
                check_in_label: std::collections::BTreeMap::new(),
            },
            hours: vec![OpeningHours {
                weekday: okienko_kernel::civil::Weekday::Monday,
                open: TimeOfDay::new(7, 30).unwrap(),
                close: TimeOfDay::new(15, 30).unwrap(),
            }],
            closed_days: BTreeSet::from(["2026-12-24".parse().unwrap()]),
        }],
        services: vec![ServiceData {
            id: "a".into(),
            name: "Dowód".into(),
            category: "k".into(),
            category_name: "Dokumenty".into(),
            locations: vec!["glowny".into()],
            minutes: 10,
            walk_in_prefix: "A".into(),
        }],
        sender: String::new(),
        sms_daily_budget: 0,
        sms_dial_codes: vec![],
    }
}
