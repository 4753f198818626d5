//! Cards over gRPC, as queue requests them, for somebody who really booked.

use crate::support::Town;
use crate::typed::children;
use async_trait::async_trait;
use okienko_bus::{Consumer, From, NotTaken, PublicEvent};
use okienko_office::form::Means;
use okienko_proto::booking::booking_client::BookingClient;
use okienko_proto::booking::{Card, CardsRequest, PhoneRequest, ReservationConfirmed};
use parking_lot::Mutex;
use prost::Message;
use std::sync::Arc;

#[derive(Default)]
struct Ear(Mutex<Vec<ReservationConfirmed>>);

#[async_trait]
impl Consumer for Ear {
    async fn take(&self, batch: Vec<PublicEvent>) -> Result<(), NotTaken> {
        let confirmed = batch.into_iter().filter(|event| event.name() == "reservation_confirmed");
        self.0.lock().extend(confirmed.map(|event| ReservationConfirmed::decode(event.payload).unwrap()));
        Ok(())
    }
}

async fn cards(town: &Town, asked: CardsRequest) -> Vec<Card> {
    let link = okienko_rpc::local(okienko_booking::grpc::server(town.booking.clone()));
    BookingClient::new(link).cards(asked).await.unwrap().into_inner().cards
}

#[tokio::test]
async fn a_card_says_who_comes_and_what_for_at_that_place_and_day_alone_until_the_visit_is_cancelled() {
    let town = Town::start().await;
    let ear = Arc::new(Ear::default());
    town.world.bus.consume("ear", "booking", From::Start, ear.clone()).await.unwrap();
    let mut browser = town.browser();
    browser.open("/torun/book?service=dzialalnosc-gospodarcza&location=glowny&date=2026-12-02").await;
    browser.press("09:00", &[]).await.press("Dalej", &[("name", "Anna Nowak")]).await;
    browser.press("Wyślij kod", &[("phone", "601 234 567")]).await;
    let code = town.code("+48601234567").await;
    browser.press("Potwierdź wizytę", &[("code", &code)]).await;
    town.world.settle.settled(&town.world.clock, &*town.world.bus).await;
    let booked = ear.0.lock()[0].clone();
    let asked = CardsRequest {
        office: booked.office,
        location: booked.location,
        day: booked.day,
        reservation: vec![booked.reservation.clone(), "nonsense".into()],
    };
    let found = cards(&town, asked.clone()).await;
    assert_eq!(found.len(), 1);
    assert_eq!((&*found[0].name, &found[0].reservation), ("Anna Nowak", &booked.reservation));
    assert!(found[0].matter.contains("CEIDG") && browser.says(&found[0].number), "{found:?}");
    for other in [
        CardsRequest { location: "plaza".into(), ..asked.clone() },
        CardsRequest { day: "2026-12-03".into(), ..asked.clone() },
    ] {
        assert_eq!(cards(&town, other).await, []);
    }
    let phone = async |office: &str, reservation: &str| {
        let link = okienko_rpc::local(okienko_booking::grpc::server(town.booking.clone()));
        let asked = PhoneRequest { office: office.into(), reservation: reservation.into() };
        BookingClient::new(link).phone(asked).await.map(|reply| reply.into_inner().phone).unwrap_or_default()
    };
    assert_eq!(phone("torun", &booked.reservation).await, "+48601234567");
    for (office, reservation) in [
        ("kalisz", booked.reservation.as_str()),
        ("", &booked.reservation),
        ("torun", "nonsense"),
        ("torun", ""),
    ] {
        assert_eq!(phone(office, reservation).await, "", "{office} {reservation}");
    }
    browser.follow("Odwołaj").await.press("Tak, odwołaj", &[]).await;
    assert_eq!(phone("torun", &booked.reservation).await, "", "nobody writes to who does not come");
    assert_eq!(cards(&town, asked).await, [], "who does not come has no card");
}

#[tokio::test]
async fn a_card_says_how_many_children_come_whatever_the_field_is_called() {
    for (id, means) in [
        ("children", None),
        ("children-count", None),
        ("kids", Some(Means::Children)),
        ("dzieci", Some(Means::Children)),
    ] {
        let town = Town::with(|office| {
            office.fields.push(children(id, means));
            office.services.iter_mut().for_each(|service| service.form.push(id.to_owned()));
        })
        .await;
        let ear = Arc::new(Ear::default());
        town.world.bus.consume("ear", "booking", From::Start, ear.clone()).await.unwrap();
        let mut browser = town.browser();
        browser.open("/torun/book?service=dzialalnosc-gospodarcza&location=glowny&date=2026-12-02").await;
        browser.press("09:00", &[]).await.press("Dalej", &[("name", "Anna Nowak"), (id, "3")]).await;
        browser.press("Wyślij kod", &[("phone", "601 234 567")]).await;
        let code = town.code("+48601234567").await;
        browser.press("Potwierdź wizytę", &[("code", &code)]).await;
        town.settled().await;
        let booked = ear.0.lock()[0].clone();
        let (office, location, day) = (booked.office, booked.location, booked.day);
        let found =
            cards(&town, CardsRequest { office, location, day, reservation: vec![booked.reservation] }).await;
        assert_eq!((&*found[0].name, &*found[0].children), ("Anna Nowak", "3"), "{id}");
    }
}

#[tokio::test]
async fn too_many_at_once_and_unknown_offices_are_refused() {
    let town = Town::start().await;
    let link = okienko_rpc::local(okienko_booking::grpc::server(town.booking.clone()));
    let asked = |office: &str, count| CardsRequest {
        office: office.into(),
        location: "glowny".into(),
        day: "2026-12-02".into(),
        reservation: vec![String::new(); count],
    };
    for (request, code) in [(asked("nowhere", 1), "unknown"), (asked("torun", 501), "invalid")] {
        let status = BookingClient::new(link.clone()).cards(request).await.unwrap_err();
        assert_eq!(okienko_rpc::refusal(&status).unwrap().code, code);
    }
}
