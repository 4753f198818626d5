//! What other services are told.

use super::*;
use okienko_office::samples::small_office;

#[test]
fn an_office_is_published_with_hours_rules_and_holidays() {
    let at = okienko_kernel::civil::parse_rfc3339("2026-12-01T07:30:00+01:00").unwrap();
    let mut data = small_office();
    data.closed_days.insert("2026-12-02".parse().unwrap());
    let told = office(&data, 5, at);
    assert_eq!((told.id.as_str(), told.number, told.version), ("small", 7, 5));
    let location = &told.locations[0];
    assert_eq!(location.hours.len(), 14);
    assert_eq!((location.hours[0].weekday, location.hours[0].open.as_str()), (1, "01:00"));
    assert!(location.closed_days.contains(&"2026-12-02".to_owned()));
    assert!(location.closed_days.contains(&"2027-03-28".to_owned()), "Easter of the next year");
    assert_eq!(location.rules.as_ref().map(|rules| (rules.calls, rules.check_in_closes_min)), Some((3, -60)));
    assert_eq!(told.services[0].category_name, "Sprawy");
    data.work_on_holidays = true;
    assert_eq!(office(&data, 5, at).locations[0].closed_days, ["2026-12-02"]);
}

#[test]
fn a_new_version_goes_out_under_the_offices_subject() {
    let imported = okienko_office::log::OfficeImported {
        version: 1,
        office: small_office().into(),
        at: Moment::default(),
    };
    let told = office_event(&OfficeEvent::OfficeImported(imported)).unwrap();
    assert_eq!(told.subject, "okienko.v1.small.booking.office_published");
    let back = proto::OfficePublished::decode(told.event.encode().as_slice()).unwrap();
    assert_eq!(back.office.map(|office| office.version), Some(1));
}

#[test]
fn only_confirmations_and_their_ends_go_out() {
    use okienko_kernel::Stored;
    let told: Vec<_> =
        okienko_day::samples::day_events(small_office().plan("pool", "2026-12-01".parse().unwrap()).unwrap())
            .iter()
            .filter_map(|event| day_event(event).map(|published| (event.kind(), published.subject)))
            .collect();
    let subject = |event: &str| format!("okienko.v1.small.booking.{event}");
    let expected = [
        ("confirmed", subject("reservation_confirmed")),
        ("cancelled", subject("reservation_ended")),
        ("removed", subject("reservation_ended")),
    ];
    assert_eq!(told, expected);
}

#[test]
fn only_tokens_that_were_taken_back_go_out_of_staff() {
    let told: Vec<_> = okienko_staff::samples::staff_events().iter().filter_map(staff_event).collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].subject, "okienko.v1.small.booking.staff_revoked");
    let back = proto::StaffRevoked::decode(told[0].event.encode().as_slice()).unwrap();
    assert_eq!((back.office.as_str(), back.tokens.len()), ("small", 1));
}
