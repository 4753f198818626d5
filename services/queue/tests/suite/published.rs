//! What leaves the service: screen events, attendance, office data in both directions.

use crate::common;
use crate::common::{Driver, at, plan, reservation, reservation_id};
use okienko_hall::*;
use okienko_kernel::{Machine, Moment};
use okienko_proto::booking;
use okienko_proto::queue::attendance::State as Came;
use okienko_queue::publish::{attendance_subject, hall_subject, office_from_proto, office_to_proto, publish};

fn came(hall: &Driver) -> Vec<(String, Came)> {
    let key = HallKey::parse("hall/torun/glowny/2026-12-01").unwrap();
    let attendance = hall.events.iter().filter_map(|event| publish(&key, event).1);
    attendance.map(|a| (a.reservation.clone(), a.state())).collect()
}

#[test]
fn attendance_tells_what_became_of_each_reservation_and_of_no_walk_in() {
    let mut hall = Driver::open(plan(&[("1", &[])]));
    for (n, time) in [(1, "08:00"), (2, "08:10"), (3, "12:00"), (4, "12:00")] {
        hall.run(HallCommand::Expect(reservation(n, &format!("R{n}"), "a", time))).unwrap();
    }
    hall.run(HallCommand::CheckIn { code: "000001".into(), service: None }).unwrap();
    hall.until(at("08:10"));
    // Whoever is not here yet has a visit to cancel; whoever is here may leave.
    hall.play(&[("leave R4", "conflict")]);
    hall.until(at("11:00"));
    hall.run(HallCommand::CheckIn { code: "000004".into(), service: None }).unwrap();
    hall.play(&[
        ("ticket a", "A001 after 2"),
        ("leave R4", "done"),
        ("1 open", "free"),
        ("1 next", "called R1 1"),
        ("1 finish", "free"),
    ]);
    hall.play(&[("1 next", "called R2 1"), ("1 no-show", "free"), ("1 call R2", "called R2 2")]);
    hall.play(&[("1 no-show", "free"), ("1 call R2", "called R2 3"), ("1 no-show", "free")]);
    hall.play(&[("1 next", "called A001 1"), ("1 finish", "free")]);
    hall.run(HallCommand::Seal).unwrap();
    let of = |n| reservation_id(n).to_string();
    let expected = [
        (of(1), Came::CheckedIn),
        (of(4), Came::CheckedIn),
        (of(4), Came::Left),
        (of(1), Came::Served),
        (of(2), Came::Missed),
        (of(3), Came::Missed),
    ];
    assert_eq!(came(&hall), expected);
}

#[test]
fn subjects_name_the_office() {
    assert_eq!(hall_subject("torun"), "okienko.v1.torun.queue.hall");
    assert_eq!(attendance_subject("torun"), "okienko.v1.torun.queue.attendance");
}

#[test]
fn stream_keys_are_read_and_written() {
    let key = HallKey::parse("hall/torun/glowny/2026-12-01").unwrap();
    assert_eq!(key.to_string(), "hall/torun/glowny/2026-12-01");
    for wrong in
        ["hall/torun/glowny", "hall/torun/glowny/2026-13-01", "office/torun", "hall/a/b/2026-12-01/c"]
    {
        assert_eq!(HallKey::parse(wrong), None, "{wrong}");
    }
}

fn office(version: u64) -> booking::Office {
    let hours = |weekday, open: &str, close: &str| booking::OpeningHours {
        weekday,
        open: open.into(),
        close: close.into(),
    };
    booking::Office {
        id: "torun".into(),
        number: 1,
        name: "Toruń".into(),
        zone: "Europe/Warsaw".into(),
        version,
        locations: vec![booking::Location {
            id: "glowny".into(),
            number: 1,
            name: "Główny".into(),
            address: "Wały 10".into(),
            voice: true,
            counters: vec![booking::Counter { number: "1".into(), services: vec!["a".into()] }],
            rules: Some(booking::QueueRules {
                merge: booking::queue_rules::Merge::BookedFirst.into(),
                calls: 3,
                absent_pause_s: 300,
                placed_at_hour: true,
                check_in_opens_min: 60,
                check_in_closes_min: -60,
                ..booking::QueueRules::default()
            }),
            hours: vec![hours(2, "13:00", "15:30"), hours(2, "07:30", "12:00"), hours(7, "02:30", "05:00")],
            closed_days: vec!["2026-12-08".into()],
        }],
        services: vec![
            booking::Service {
                id: "a".into(),
                name: "Dowód".into(),
                category: "k".into(),
                category_name: "Dokumenty".into(),
                locations: vec!["glowny".into()],
                minutes: 10,
                walk_in_prefix: "A".into(),
            },
            booking::Service {
                id: "elsewhere".into(),
                locations: vec!["plaza".into()],
                ..Default::default()
            },
        ],
        sender: "UM Torun".into(),
        sms_daily_budget: 500,
        sms_dial_codes: vec![48, 380],
    }
}

#[test]
fn an_offices_data_goes_there_and_back() {
    let public = office(7);
    assert_eq!(office_to_proto(&office_from_proto(&public).unwrap()), public);
    for (field, wrong) in [
        ("zone", booking::Office { zone: "Mars/Base".into(), ..office(1) }),
        ("rules", {
            let mut office = office(1);
            office.locations[0].rules = None;
            office
        }),
        ("weekdays", {
            let mut office = office(1);
            office.locations[0].hours[0].weekday = 8;
            office
        }),
        ("closed day", {
            let mut office = office(1);
            office.locations[0].closed_days[0] = "8.12.".into();
            office
        }),
    ] {
        let error = office_from_proto(&wrong).unwrap_err();
        assert!(error.contains(field), "{error}");
    }
}

#[test]
fn a_days_plan_follows_from_the_office_and_there_is_none_when_it_is_closed() {
    let office = office_from_proto(&office(7)).unwrap();
    let day = |text: &str| text.parse().unwrap();
    let plan = plan_for(&office, "glowny", day("2026-12-01")).unwrap();
    assert_eq!(plan.rules.closes_at, Some(at("15:30")), "the last closing of the day");
    assert_eq!(plan.services.len(), 1, "only what this location does");
    assert_eq!((plan.rules.calls, plan.rules.merge), (3, Merge::BookedFirst));
    let hours = hours_of(&office, "glowny", day("2026-12-01")).unwrap();
    assert_eq!((hours.opens, hours.closes), (at("07:30"), at("15:30")));
    assert_eq!(plan_for(&office, "glowny", day("2026-12-08")), None, "a closed day");
    assert_eq!(plan_for(&office, "glowny", day("2026-12-02")), None, "no hours on that weekday");
    assert_eq!(plan_for(&office, "nowhere", day("2026-12-01")), None);
}

#[test]
fn opening_hours_on_nights_when_the_clock_is_changed() {
    let office = office_from_proto(&office(7)).unwrap();
    let opens = |day: &str| {
        let hours = hours_of(&office, "glowny", day.parse().unwrap()).unwrap();
        common::warsaw().rfc3339(hours.opens)
    };
    assert_eq!(opens("2026-10-25"), "2026-10-25T02:30:00+02:00", "the first of the two");
    assert_eq!(opens("2027-03-28"), "2027-03-28T03:00:00+02:00", "02:30 does not exist");
}

#[test]
fn an_offices_log_learns_newer_versions_alone() {
    let mut log = OfficeLog::new("office/torun");
    let learn = |version| OfficeCommand::Learn(Box::new(office_from_proto(&office(version)).unwrap()));
    for (version, events) in [(2, 1), (2, 0), (1, 0), (3, 1)] {
        let decided = log.decide(&learn(version), Moment::default()).unwrap();
        assert_eq!(decided.len(), events, "version {version}");
        decided.iter().for_each(|event| log.apply(event));
    }
    assert_eq!(log.office().unwrap().version, 3);
    let other = OfficeLog::new("office/kalisz");
    assert_eq!(other.decide(&learn(9), Moment::default()), Err(OfficeRefusal::WrongOffice));
}
