//! Every sample of every schema ever written is still read, and every kind is written now as its sample says.

use crate::domain::day::{
    Attendance, Attended, Cancelled, CodeSent, Command, Confirmed, DayEvent, DayOpened, FormSaved,
    HoldExpired, HoldPlaced, HoldReleased, Place, Reminded, Removed,
};
use crate::domain::inquiry::{self, InquiryEvent};
use crate::domain::visits::{VisitsCounted, VisitsEvent};
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Day, Id, IdKind, Moment, Span, Stored, Way};
use okienko_office::Proof;
use okienko_office::samples::small_office;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where the samples are: `{kind}.{schema}.json` with the stored bytes.
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

/// One event of each kind of questions to a holder.
fn inquiry_events() -> Vec<InquiryEvent> {
    let way = Way { office: 3, place: 1, day: Day::from_number(20_788) };
    let reservation = Id::new(IdKind::Reservation, way, &SeededEntropy::new(7));
    let (round, at) = (1, Moment::from_micros(1_796_106_600_000_000));
    let questions = vec!["name".to_owned(), "own".to_owned()];
    vec![
        InquiryEvent::Asked(inquiry::Asked { reservation, round, questions, at }),
        InquiryEvent::Answered(inquiry::Answered { round, at }),
        InquiryEvent::Read(inquiry::Read { round, at }),
        InquiryEvent::Settled(inquiry::Settled { round, at }),
    ]
}

/// One event of each kind of a day.
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

/// An event as it is written now, and whether it comes back from bytes as it was.
struct Written {
    kind: &'static str,
    schema: u16,
    data: Vec<u8>,
    comes_back: bool,
}

fn written<E: Stored + PartialEq>(events: &[E]) -> Vec<Written> {
    let kinds: BTreeSet<_> = events.iter().map(Stored::kind).collect();
    assert_eq!(kinds, E::KINDS.iter().copied().collect(), "one event of each kind");
    let of = |event: &E| {
        let (kind, schema, data) = (event.kind(), event.schema(), event.encode().unwrap());
        let comes_back = E::decode(kind, schema, &data).as_ref() == Ok(event);
        Written { kind, schema, data, comes_back }
    };
    events.iter().map(of).collect()
}

fn all() -> Vec<Written> {
    let counted = [VisitsEvent::Counted(VisitsCounted { added: 3, total: 262_805 })];
    let more = written(&inquiry_events()).into_iter().chain(written(&counted));
    written(&day_events()).into_iter().chain(more).collect()
}

fn read(kind: &str, schema: u16, data: &[u8]) -> Result<(), String> {
    match kind {
        day if DayEvent::KINDS.contains(&day) => DayEvent::decode(kind, schema, data).map(drop),
        asked if InquiryEvent::KINDS.contains(&asked) => InquiryEvent::decode(kind, schema, data).map(drop),
        _ => VisitsEvent::decode(kind, schema, data).map(drop),
    }
}

#[test]
fn every_stored_sample_is_still_read() {
    let samples = samples();
    for (kind, schema, data) in &samples {
        assert_eq!(read(kind, *schema, data), Ok(()), "{kind} of schema {schema}");
    }
    assert!(samples.len() >= all().len());
}

#[test]
fn what_is_written_now_is_what_the_sample_of_this_schema_says_and_comes_back() {
    let json = |data: &[u8]| serde_json::from_slice::<Value>(data).unwrap();
    for event in all() {
        let kind = event.kind;
        assert!(event.comes_back, "{kind}");
        let sample = samples().into_iter().find(|(name, schema, _)| name == kind && *schema == event.schema);
        let (_, _, stored) =
            sample.unwrap_or_else(|| panic!("{kind} has no sample: cargo test write_samples -- --ignored"));
        let (stored, now) = (json(&stored), json(&event.data));
        // A day's events may have got fields with defaults since; the samples of the others are whole.
        let same = if DayEvent::KINDS.contains(&kind) { within(&stored, &now) } else { stored == now };
        assert!(
            same,
            "{kind}: a changed shape needs a new schema and a step from the old one; a new field needs a default"
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
fn what_is_no_event_of_a_day_of_questions_or_of_a_counter_is_refused() {
    for (kind, schema, data) in
        [("no_such", 1, "{}"), ("form_saved", 0, "{}"), ("form_saved", 2, "{}"), ("form_saved", 1, "{")]
    {
        assert!(DayEvent::decode(kind, schema, data.as_bytes()).is_err(), "{kind} {schema} {data}");
    }
    assert!(InquiryEvent::decode("inquiry_lost", 1, b"{}").is_err());
    let counted = include_bytes!("../samples/visits_counted.1.json");
    assert!(VisitsEvent::decode("visits_counted", 2, counted).is_err());
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
        assert_eq!(DayEvent::decode("attended", 1, &event.encode().unwrap()), Ok(event.clone()));
        let stored: Value = serde_json::from_slice(&event.encode().unwrap()).unwrap();
        assert_eq!(stored["state"], written["state"]);
        assert_eq!(stored.get("not_called"), written.get("not_called"));
        let command = Command::Attend { reservation, state, at };
        let sent = serde_json::to_vec(&command).unwrap();
        assert!(
            matches!(serde_json::from_slice(&sent), Ok(Command::Attend { state: read, .. }) if read == state)
        );
    }
}

/// Writes the samples that are missing; never over one that is there.
#[test]
#[ignore = "run by hand after a new kind or schema"]
fn write_samples() {
    for event in all() {
        let path = folder().join(format!("{}.{}.json", event.kind, event.schema));
        if !path.exists() {
            let value: Value = serde_json::from_slice(&event.data).unwrap();
            std::fs::write(path, serde_json::to_string_pretty(&value).unwrap() + "\n").unwrap();
        }
    }
}
