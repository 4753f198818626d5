//! Days that open and end automatically, closed days, and what the other services are told about them.

use crate::common::world;

use http::StatusCode;
use okienko_kernel::{Id, IdKind};
use okienko_proto::queue::hall_event::Change;
use okienko_proto::queue::queue_client::QueueClient;
use okienko_proto::queue::{HallEventsRequest, LeaveRequest, OfficesRequest};
use okienko_rpc::Link;
use serde_json::json;
use world::*;

fn client(town: &Town) -> QueueClient<Link> {
    QueueClient::new(okienko_rpc::local(okienko_queue::grpc::server(town.queue.clone())))
}

async fn seqs(town: &Town, after_seq: u64) -> Vec<u64> {
    let asked = HallEventsRequest { office: "torun".into(), location: "glowny".into(), after_seq, life: 0 };
    let told = client(town).hall_events(asked).await.unwrap().into_inner().events;
    told.iter().map(|event| event.seq).collect()
}

#[tokio::test]
async fn whoever_asks_after_a_number_of_another_life_is_told_the_whole_day_and_each_event_says_its_life() {
    let town = Town::at("2026-12-01", "07:30").await;
    for _ in 0..3 {
        town.walk_in().await;
    }
    let life = town.heard.halls.lock()[0].life;
    assert!(life > 0 && town.heard.halls.lock().iter().all(|event| event.life == life));
    // The (sequence number, life) requested, and the first number in the reply.
    for (asked, first) in [
        ((0, 0), 1),
        ((2, 0), 3),
        ((2, life), 3),
        ((0, life), 1),
        ((2, life + 1), 1),
        ((36, life + 1), 1),
        ((36, life + 900), 1),
        ((4, u64::MAX), 1),
        ((1, life), 2),
        ((3, 0), 4),
    ] {
        let (after_seq, of) = asked;
        let asked =
            HallEventsRequest { office: "torun".into(), location: "glowny".into(), after_seq, life: of };
        let told = client(&town).hall_events(asked).await.unwrap().into_inner();
        assert_eq!((told.life, told.events[0].seq), (life, first), "after {after_seq} of {of}");
        assert!(told.events.iter().all(|event| event.life == life));
    }
}

fn heard(town: &Town) -> Vec<(u64, String, bool)> {
    let heard = town.heard.halls.lock();
    let here = heard.iter().filter(|event| event.location == "glowny");
    here.map(|e| (e.seq, e.day.clone(), matches!(e.change, Some(Change::DayOpened(_))))).collect()
}

#[tokio::test]
async fn screen_events_are_numbered_without_a_gap_over_days_a_seal_and_a_restart() {
    let town = Town::at("2026-12-01", "07:30").await;
    town.book(1, "2026-12-01", "08:00", "40000001").await;
    town.book(2, "2026-12-02", "08:00", "40000002").await;
    town.walk_in().await;
    town.desk("1", "open", json!({})).await;
    town.desk("1", "call-next", json!({})).await;
    let first_day = heard(&town).len() as u64;
    // Without any request the next day opens, and the previous one is sealed.
    town.advance_to(moment("2026-12-02", "07:00")).await;
    let town = town.restarted(moment("2026-12-02", "07:30")).await;
    assert_eq!(town.look("1").await, "closed");
    assert_eq!(town.walk_in().await["number"], "A001");
    town.settled().await;
    let told = heard(&town);
    let all: Vec<u64> = told.iter().map(|(seq, ..)| *seq).collect();
    assert_eq!(all, (1..=told.len() as u64).collect::<Vec<_>>());
    let opened: Vec<&str> =
        told.iter().filter(|(.., opened)| *opened).map(|(_, day, _)| day.as_str()).collect();
    assert_eq!(opened, ["2026-12-01", "2026-12-02"]);
    let second = told.iter().position(|(_, day, _)| day == "2026-12-02").unwrap() as u64 + 1;
    assert!(second > first_day + 1, "the seal is told too");
    assert_eq!(seqs(&town, 0).await, (second..=told.len() as u64).collect::<Vec<_>>());
    assert_eq!(seqs(&town, 2).await, (3..=told.len() as u64).collect::<Vec<_>>());
    assert_eq!(seqs(&town, told.len() as u64).await, Vec::<u64>::new());
}

#[tokio::test]
async fn on_a_closed_day_kiosk_and_desk_say_so_and_boards_keep_the_last_day() {
    let town = Town::at("2026-12-04", "07:30").await;
    town.walk_in().await;
    town.advance_to(moment("2026-12-05", "09:00")).await;
    for (method, path, token) in
        [("POST", "/api/v1/kiosk/tickets", kiosk()), ("GET", "/api/v1/desk", clerk("1"))]
    {
        let body = (method == "POST").then(|| json!({"service": "dowod"}));
        let (status, told) = town.ask(method, path, &token, body).await;
        assert_eq!((status.as_u16(), &told["code"]), (409, &json!("conflict")), "{path}");
        assert!(told["detail"].as_str().unwrap().contains("nieczynny"), "{told}");
    }
    let (status, _, page) = town.page("/desk", &clerk("1")).await;
    assert!(status == StatusCode::CONFLICT && page.contains("nieczynny"));
    // Friday was sealed at midnight: its last event reports the ticket as missed.
    assert_eq!(seqs(&town, 0).await, [1, 2, 3]);
    town.advance_to(moment("2026-12-07", "08:00")).await;
    assert_eq!(seqs(&town, 0).await, [4]);
    // A date on which the office is closed, in the middle of a week.
    town.advance_to(moment("2026-12-24", "09:00")).await;
    assert_eq!(town.ask("GET", "/api/v1/desk", &clerk("1"), None).await.0, StatusCode::CONFLICT);
}

#[tokio::test]
async fn after_closing_time_no_more_tickets_are_given_but_calling_goes_on() {
    let town = Town::at("2026-12-01", "15:29").await;
    town.walk_in().await;
    town.desk("1", "open", json!({})).await;
    town.advance_to(moment("2026-12-01", "15:31")).await;
    let (status, told) =
        town.ask("POST", "/api/v1/kiosk/tickets", &kiosk(), Some(json!({"service": "dowod"}))).await;
    assert_eq!((status.as_u16(), &told["code"]), (409, &json!("conflict")));
    assert_eq!(town.desk("1", "call-next", json!({})).await, "called A001 1");
}

#[tokio::test]
async fn days_missed_while_the_program_was_away_are_sealed_at_the_start() {
    let town = Town::at("2026-12-01", "07:30").await;
    town.walk_in().await;
    town.book(7, "2026-12-02", "08:00", "40000007").await;
    let town = town.restarted(moment("2026-12-10", "08:00")).await;
    // One missed ticket of the first day; nothing for the day that never opened; then the new day.
    let told = heard(&town);
    assert_eq!(told.iter().map(|(seq, ..)| *seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(told.last().unwrap().1, "2026-12-10");
}

#[tokio::test]
async fn the_holder_of_a_ticket_leaves_once_and_offices_are_told() {
    let town = Town::at("2026-12-01", "07:30").await;
    let token = town.walk_in().await["token"].as_str().unwrap().to_owned();
    let ticket = Id::from_token(IdKind::Ticket, &token, &keys()).unwrap().to_string();
    for _ in 0..2 {
        client(&town).leave(LeaveRequest { ticket: ticket.clone() }).await.unwrap();
    }
    town.desk("1", "open", json!({})).await;
    assert_eq!(town.desk("1", "call-next", json!({})).await, "nobody");
    let stranger = LeaveRequest { ticket: ids(9, "2026-12-01").1.to_string() };
    let status = client(&town).leave(stranger).await.unwrap_err();
    assert_eq!(okienko_rpc::refusal(&status).unwrap().code, "unknown");
    let offices = client(&town).offices(OfficesRequest {}).await.unwrap().into_inner().offices;
    assert_eq!(offices, [office("torun", 1)]);
    let asked = HallEventsRequest { office: "torun".into(), location: "moon".into(), after_seq: 0, life: 0 };
    assert!(client(&town).hall_events(asked).await.is_err());
}

#[tokio::test]
async fn a_damaged_hall_keeps_no_other_closed() {
    let town = Town::at("2026-12-01", "07:30").await;
    town.damage("hall/torun/glowny/2026-12-02").await;
    // It is retried forever, so the work is never all done.
    let morning = town.advance_to(moment("2026-12-02", "07:30"));
    let _ = tokio::time::timeout(std::time::Duration::from_secs(3), morning).await;
    let days = |location: &str| -> Vec<String> {
        let heard = town.heard.halls.lock();
        heard.iter().filter(|event| event.location == location).map(|event| event.day.clone()).collect()
    };
    assert!(!days("glowny").contains(&"2026-12-02".to_owned()), "{:?}", days("glowny"));
    assert!(days("plaza").contains(&"2026-12-02".to_owned()), "{:?}", days("plaza"));
}
