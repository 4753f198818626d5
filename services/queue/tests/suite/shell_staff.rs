//! A token revoked by booking opens no desk, not even after a restart or while booking is down.

use crate::common::world;

use http::StatusCode;
use okienko_kernel::Moment;
use okienko_proto::booking::StaffRevoked;
use okienko_proto::queue::RevokedRequest;
use okienko_proto::queue::queue_server::Queue as Contract;
use world::*;

const DAY: &str = "2026-12-01";

fn revoked(office: &str, token: &str) -> Fact {
    let claims = okienko_web::staff::verify(&keys(), token, Moment::default()).unwrap();
    let until = Moment::MAX.micros();
    fact("staff_revoked", StaffRevoked { office: office.into(), tokens: vec![claims.id], until })
}

#[tokio::test]
async fn a_revoked_clerk_is_refused_at_once_and_after_a_restart_and_the_others_work_on() {
    let town = Town::at(DAY, "07:30").await;
    let look =
        async |town: &Town, counter: &str| town.ask("GET", "/api/v1/desk", &clerk(counter), None).await.0;
    assert_eq!(look(&town, "1").await, StatusCode::OK);
    town.tell(revoked("torun", &clerk("1"))).await;
    assert_eq!(look(&town, "1").await, StatusCode::FORBIDDEN);
    let (status, to, _) = town.page("/desk", &clerk("1")).await;
    assert_eq!((status, to.as_str()), (StatusCode::FORBIDDEN, ""));
    let town = town.restarted(moment(DAY, "08:00")).await;
    assert_eq!(look(&town, "1").await, StatusCode::FORBIDDEN, "a restart forgets it");
    assert_eq!(look(&town, "2").await, StatusCode::OK);
}

#[tokio::test]
async fn queue_tells_display_what_is_revoked_when_asked_and_when_it_happens() {
    let town = Town::at(DAY, "07:30").await;
    town.tell(revoked("*", &clerk("1"))).await;
    town.tell(revoked("*", &clerk("1"))).await;
    town.tell(revoked("torun", &clerk("2"))).await;
    let grpc = okienko_queue::grpc::serving(town.queue.clone());
    let told = grpc.revoked(tonic::Request::new(RevokedRequest {})).await.unwrap().into_inner().revoked;
    let offices: Vec<_> = told.iter().map(|told| (told.office.as_str(), told.tokens.len())).collect();
    assert_eq!(offices, [("*", 1), ("torun", 1)]);
    assert_eq!(*town.heard.revoked.lock(), told, "a repeat is told once");
}

#[tokio::test]
async fn booking_is_told_of_a_key_made_by_hand_at_its_first_use_here_and_the_desk_works_while_it_is_away() {
    let town = Town::at(DAY, "07:30").await;
    let key = |id: &str| {
        let claims = okienko_web::Claims {
            id: id.into(),
            office: "torun".into(),
            roles: vec![okienko_web::Role::Clerk],
            location: Some("glowny".into()),
            counter: Some("2".into()),
            expires: Moment::MAX,
        };
        okienko_web::staff::sign(&keys(), &claims)
    };
    let look = async |id: &str| town.ask("GET", "/api/v1/desk", &key(id), None).await.0;
    let told = || town.cards.keys.lock().iter().map(|told| told.id.clone()).collect::<Vec<_>>();
    for _ in 0..3 {
        assert_eq!(look("0123abcd").await, StatusCode::OK);
    }
    assert_eq!(told(), ["0123abcd"]);
    let first = town.cards.keys.lock()[0].clone();
    assert_eq!(
        (first.office.as_str(), first.location.as_str(), first.counter.as_str()),
        ("torun", "glowny", "2")
    );
    assert_eq!(first.roles, ["clerk"]);
    town.cards.is_away(true);
    assert_eq!(look("4567abcd").await, StatusCode::OK, "nobody stands before a shut desk");
    assert_eq!(told(), ["0123abcd"]);
}
