//! Every gRPC method of the descriptors, called as an internal caller but with another office's name and our ids: none
//! of our data comes back, and nothing of ours is changed. A method not covered here fails the test, which names it.

use okienko_e2e::cluster::Role;
use okienko_e2e::house::{House, HouseOptions, MORNING, Shape};
use okienko_e2e::visit::{Wish, book};
use okienko_kernel::Keys;
use okienko_proto::booking::booking_client::BookingClient;
use okienko_proto::booking::{CardsRequest, PhoneRequest};
use okienko_proto::queue::hall_event::Change;
use okienko_proto::queue::queue_client::QueueClient;
use okienko_proto::queue::{HallEventsRequest, LeaveRequest, NoticeOfRequest, NotifyRequest};
use okienko_proto::replica::AskRequest;
use okienko_proto::replica::replica_client::ReplicaClient;
use okienko_proto::sms::address::Kind;
use okienko_proto::sms::sms_gateway_client::SmsGatewayClient;
use okienko_proto::sms::{
    Address, CheckCodeRequest, ProgressRequest, StartVerificationRequest, TallyRequest,
};
use okienko_rpc::{ServiceKey, far};
use prost::Message;
use std::collections::BTreeSet;
use std::time::Duration;

const DATE: &str = "2026-12-01";
const NAME: &str = "Zofia Tajemnicza";
const PHONE: &str = "+48605123987";
const OTHER_PHONE: &str = "+48605123988";
/// The longest that something written may take to appear in the hall's events.
const PATIENCE: Duration = Duration::from_secs(20);

/// Called below, with an office or an id in the request.
const ASKED: [&str; 9] = [
    "okienko.booking.v1.Booking/Cards",
    "okienko.booking.v1.Booking/Phone",
    "okienko.sms.v1.SmsGateway/CheckCode",
    "okienko.sms.v1.SmsGateway/Progress",
    "okienko.sms.v1.SmsGateway/Tally",
    "okienko.queue.v1.Queue/HallEvents",
    "okienko.queue.v1.Queue/Leave",
    "okienko.queue.v1.Queue/Notify",
    "okienko.queue.v1.Queue/NoticeOf",
];
/// Between replicas of one role.
const BETWEEN_REPLICAS: [&str; 1] = ["okienko.replica.v1.Replica/Ask"];
/// Names no id of anything that exists already: what it creates belongs to the office that it names.
const MAKES_ITS_OWN: [&str; 4] = [
    "okienko.booking.v1.Booking/KeyShown",
    "okienko.queue.v1.Queue/KeyShown",
    "okienko.sms.v1.SmsGateway/StartVerification",
    "okienko.sms.v1.SmsGateway/Send",
];
/// About the whole installation, without anything personal.
const OF_ALL: [&str; 2] = ["okienko.queue.v1.Queue/Offices", "okienko.queue.v1.Queue/Revoked"];

fn described() -> BTreeSet<String> {
    let described = prost_types::FileDescriptorSet::decode(okienko_proto::DESCRIPTORS).unwrap();
    let services = described.file.iter().flat_map(|file| file.service.iter().map(move |it| (file, it)));
    let named = services.flat_map(|(file, service)| {
        let name = format!("{}.{}", file.package(), service.name());
        service.method.iter().map(move |method| format!("{name}/{}", method.name()))
    });
    named.collect()
}

#[test]
fn every_method_of_the_descriptors_is_looked_at() {
    let known = ASKED.iter().chain(&BETWEEN_REPLICAS).chain(&MAKES_ITS_OWN).chain(&OF_ALL);
    let known: BTreeSet<String> = known.map(|name| (*name).to_owned()).collect();
    assert_eq!(described(), known, "say above what a new method must not tell strangers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_method_tells_one_office_of_another() {
    let mut house = House::shaped(Shape::Roles, HouseOptions::at(MORNING)).await.unwrap();
    let wish = Wish::new("torun", "glowny", "meldunek", DATE, "09:00");
    let visit = book(&house, &house.client, &wish, NAME, PHONE).await.unwrap();
    let ticket = visit["ticket_token"].as_str().unwrap().to_owned();
    let supervisor = house.token(&["--role", "supervisor", "--office", "torun"]).await.unwrap();
    let (supervisor, day) =
        (house.client.with(&supervisor), format!("/api/v1/offices/torun/reservations?date={DATE}"));
    let list = supervisor.get(&day).await.unwrap().expect(200).unwrap().json;
    let reservation = list["reservations"][0]["id"].as_str().unwrap().to_owned();

    let cluster = house.cluster().unwrap();
    let keys = Keys::from_secret(&std::fs::read(cluster.data().join("secret")).unwrap());
    let key = ServiceKey::of(&keys);
    let way = |role| far(&[cluster.replicas[cluster.of(role).start].grpc()], &key, None).unwrap();

    let mut booking = BookingClient::new(way(Role::Booking));
    let mut sms = SmsGatewayClient::new(way(Role::SmsGateway));
    let mut queue = QueueClient::new(way(Role::Queue));
    let mut replica = ReplicaClient::new(way(Role::Queue));
    // The ticket is waiting.
    house.advance("PT90M").await.unwrap();

    // Booking: the names behind reservations.
    for (office, location, expected) in
        [("torun", "glowny", 1), ("torun", "plaza", 0), ("kalisz", "glowny", 0), ("kalisz", "komunikacja", 0)]
    {
        let asked = CardsRequest {
            office: office.to_owned(),
            location: location.to_owned(),
            day: DATE.to_owned(),
            reservation: vec![reservation.clone()],
        };
        let told = booking.cards(asked).await.map(|reply| reply.into_inner().cards).unwrap_or_default();
        let named = told.iter().filter(|card| card.name.contains("Tajemnicza")).count();
        assert_eq!(named, expected, "{office} {location}: {told:?}");
    }

    // And the phone that proved one of them.
    for (office, expected) in [("torun", PHONE), ("kalisz", ""), ("wroclaw", ""), ("torun/", ""), ("", "")] {
        let asked = PhoneRequest { office: office.to_owned(), reservation: reservation.clone() };
        let told = booking.phone(asked).await.map(|reply| reply.into_inner().phone).unwrap_or_default();
        assert_eq!(told, expected, "{office}");
    }

    // The gateway: a verification of ours, with its right code, under another office's name.
    let started = StartVerificationRequest {
        office: "torun".into(),
        office_number: 1,
        subject: "somebody".into(),
        to: Some(Address { kind: Some(Kind::Phone(OTHER_PHONE.into())) }),
        locale: "pl".into(),
        sender: "UM Torun".into(),
        host: "rezerwacja.example".into(),
        day: DATE.into(),
        request_key: "methods-1".into(),
        not_after: i64::MAX / 2,
        budget: 100,
        dial_codes: vec![],
    };
    let verification = sms.start_verification(started).await.unwrap().into_inner().verification;
    let progress =
        |office: &str| ProgressRequest { office: office.to_owned(), verification: verification.clone() };
    assert!(sms.progress(progress("torun")).await.is_ok(), "the office itself is told");
    let told = sms.progress(progress("kalisz")).await;
    assert!(told.is_err(), "another office is told how a message of ours goes: {told:?}");

    // How many messages an office sent is visible to that office only.
    for (office, expected) in [("torun", true), ("kalisz", false), ("torun/", false), ("", false)] {
        let asked = TallyRequest { office: office.to_owned(), day: vec![DATE.to_owned()] };
        let told = sms.tally(asked).await.map(|reply| reply.into_inner().days).unwrap_or_default();
        let codes = told.iter().flat_map(|day| &day.rows).filter(|row| row.template == "sms-code").count();
        assert_eq!(codes > 0, expected, "{office}: {told:?}");
    }

    // Queue: the hall's events, and what only the holder of a ticket may do: nothing that others may know about the
    // ticket stands in for its token, which display has read.
    let events = |office: &str, location: &str| HallEventsRequest {
        office: office.to_owned(),
        location: location.to_owned(),
        after_seq: 0,
        life: 0,
    };
    let seen = async {
        loop {
            let told = queue.hall_events(events("torun", "glowny")).await.unwrap().into_inner().events;
            let ours = told.into_iter().find_map(|event| match event.change {
                Some(Change::Ticket(ticket)) if ticket.service == "meldunek" => Some(ticket.ticket),
                _ => None,
            });
            if let Some(ticket) = ours {
                return ticket;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let id = tokio::time::timeout(PATIENCE, seen).await.expect("the hall itself sees the visit");
    for (office, location) in [("kalisz", "glowny"), ("kalisz", "komunikacja"), ("torun", "plaza")] {
        let told = queue.hall_events(events(office, location)).await;
        let told = told.map(|reply| reply.into_inner().events).unwrap_or_default();
        let ours = told.iter().filter(|event| {
            (event.office.as_str(), event.location.as_str()) != (office, location)
                || format!("{event:?}").contains("meldunek")
        });
        assert_eq!(ours.count(), 0, "{office} {location}: {told:?}");
    }
    let asked = |ticket: &str| NoticeOfRequest { ticket: ticket.to_owned(), about_phone: false };
    let notify = |ticket: &str| {
        let (phone, locale) = (OTHER_PHONE.to_owned(), "pl".to_owned());
        NotifyRequest { ticket: ticket.to_owned(), phone, ahead_min: 3, locale, visits_phone: false }
    };
    let wished = queue.notify(notify(&id)).await;
    assert!(wished.is_ok(), "display asks for whoever showed the ticket's token: {wished:?}");
    assert!(queue.notice_of(asked(&id)).await.is_ok(), "and is told of it");
    for guess in
        [visit["ticket_number"].as_str().unwrap_or("R001"), &reservation, &ticket, &id[..id.len() - 1]]
    {
        assert!(queue.notice_of(asked(guess)).await.is_err(), "{guess} tells of a ticket");
        let leave = LeaveRequest { ticket: guess.to_owned() };
        assert!(queue.leave(leave).await.is_err(), "{guess} takes somebody out of the queue");
        assert!(queue.notify(notify(guess)).await.is_err(), "{guess} writes to a stranger about a ticket");
    }

    // Between replicas: anything but an order of that role is not carried out.
    for (role, prefix) in [("booking", "day/"), ("queue", "day/"), ("queue", "")] {
        let ask = AskRequest {
            role: role.to_owned(),
            prefix: prefix.to_owned(),
            office: "kalisz".into(),
            stream: format!("day/1/1/{DATE}"),
            order: b"{}".to_vec(),
        };
        let told = replica.ask(ask).await.map(|reply| reply.into_inner().answer);
        assert!(matches!(told, Ok(None) | Err(_)), "{role} {prefix}: {told:?}");
    }

    // The right code under another office's name confirms nothing; under its own it still counts.
    let code = okienko_e2e::visit::read_code(&house, OTHER_PHONE, 1).await.unwrap();
    let check = |office: &str, n: u32| CheckCodeRequest {
        office: office.to_owned(),
        verification: verification.clone(),
        subject: "somebody".into(),
        code: code.clone(),
        request_key: format!("methods-check-{n}"),
    };
    let told = sms.check_code(check("kalisz", 1)).await;
    assert!(told.is_err(), "another office's check is answered: {told:?}");
    assert!(sms.check_code(check("torun", 2)).await.is_ok(), "the office's own check");
}
