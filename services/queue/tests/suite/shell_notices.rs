//! "Tell me earlier" from the gRPC surface to sms-gateway, through journal, vault and relay.

use crate::common::world;

use http::StatusCode;
use okienko_kernel::{Id, IdKind};
use okienko_proto::common::Refusal;
use okienko_proto::queue::queue_client::QueueClient;
use okienko_proto::queue::{NoticeOfReply, NoticeOfRequest, NotifyReply, NotifyRequest};
use serde_json::{Value, json};
use world::*;

const DAY: &str = "2026-12-01";

async fn ticket(town: &Town) -> Id {
    let body = Some(json!({"service": "dowod"}));
    let (status, answer) = town.ask("POST", "/api/v1/kiosk/tickets", &kiosk(), body).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    Id::from_token(IdKind::Ticket, answer["ticket"]["token"].as_str().unwrap(), &keys()).unwrap()
}

async fn act(town: &Town, act: &str) -> Value {
    let (status, answer) =
        town.ask("POST", &format!("/api/v1/desk/{act}"), &clerk("1"), Some(json!({}))).await;
    assert!(status.is_success(), "{act}: {answer}");
    town.settled().await;
    answer
}

async fn visit(town: &Town) {
    act(town, "call-next").await;
    act(town, "start").await;
    town.advance(10).await;
    act(town, "finish").await;
}

async fn notify(town: &Town, ticket: Id, phone: &str, ahead_min: u32) -> Result<NotifyReply, Refusal> {
    let mut queue = QueueClient::new(okienko_rpc::local(okienko_queue::grpc::server(town.queue.clone())));
    let request = NotifyRequest {
        ticket: ticket.to_string(),
        phone: phone.into(),
        ahead_min,
        locale: "pl".into(),
        visits_phone: false,
    };
    let answer = queue.notify(request).await;
    town.settled().await;
    answer.map(|reply| reply.into_inner()).map_err(|status| okienko_rpc::refusal(&status).expect("a refusal"))
}

async fn wish(town: &Town, ticket: Id) -> NoticeOfReply {
    let mut queue = QueueClient::new(okienko_rpc::local(okienko_queue::grpc::server(town.queue.clone())));
    queue
        .notice_of(NoticeOfRequest { ticket: ticket.to_string(), about_phone: true })
        .await
        .unwrap()
        .into_inner()
}

#[tokio::test]
async fn the_phone_of_a_visit_comes_from_booking_and_is_told_to_nobody() {
    let town = Town::at(DAY, "08:00").await;
    let with = town.book(1, DAY, "09:00", "40000001").await;
    let without = town.book(2, DAY, "09:10", "40000002").await;
    town.cards.phones.lock().insert(with.to_string(), "+48601234567".into());
    let ticket_of = |n| ids(n, DAY).1;
    assert!(wish(&town, ticket_of(1)).await.has_phone);
    assert!(!wish(&town, ticket_of(2)).await.has_phone, "{without}");
    let mut queue = QueueClient::new(okienko_rpc::local(okienko_queue::grpc::server(town.queue.clone())));
    let mut ask = async |n| {
        let (phone, locale) = (String::new(), "pl".into());
        let asked = NotifyRequest {
            ticket: ticket_of(n).to_string(),
            phone,
            ahead_min: 15,
            locale,
            visits_phone: true,
        };
        queue.notify(asked).await.map(|reply| reply.into_inner().masked_phone)
    };
    assert_eq!(ask(1).await.unwrap(), "", "whoever has the ticket need not be who booked");
    let refused = okienko_rpc::refusal(&ask(2).await.unwrap_err()).unwrap();
    assert_eq!((refused.code.as_str(), refused.fields["phone"].as_str()), ("invalid", "notify-phone"));
    town.cards.is_away(true);
    assert!(!wish(&town, ticket_of(1)).await.has_phone, "without booking it is typed");
    assert!(ask(1).await.is_err());
    let journal = town.journal().await;
    assert!(journal.contains("notice_asked") && !journal.contains("601234567"), "{journal}");
}

#[tokio::test]
async fn a_visit_that_was_cancelled_before_its_day_opened_is_known_as_cancelled() {
    let town = Town::at(DAY, "08:00").await;
    for (n, day) in [(1, "2026-12-02"), (2, "2026-12-09"), (3, "2027-01-15")] {
        let gone = town.book(n, day, "09:00", &format!("4000000{n}")).await;
        let ticket = ids(n, day).1;
        assert!(!wish(&town, ticket).await.cancelled, "{day}");
        let ended = okienko_proto::booking::ReservationEnded {
            office: "torun".into(),
            location: "glowny".into(),
            day: day.into(),
            reservation: gone.to_string(),
            reason: okienko_proto::booking::reservation_ended::Reason::Cancelled.into(),
        };
        town.tell(fact("reservation_ended", ended)).await;
        assert!(wish(&town, ticket).await.cancelled, "{day}");
    }
}

#[tokio::test]
async fn one_message_leaves_when_the_wait_has_come_down_and_nothing_personal_is_in_the_journal() {
    let town = Town::at(DAY, "08:00").await;
    act(&town, "open").await;
    let mut tickets = Vec::new();
    for _ in 0..5 {
        tickets.push(ticket(&town).await);
    }
    let last = tickets[4];
    let told = notify(&town, last, "601 234 567", 20).await.unwrap();
    assert_eq!(told.masked_phone, "+48 601 *** 567");
    assert_eq!(notify(&town, last, "601234567", 20).await, Ok(told), "the same wish");
    assert_eq!(wish(&town, last).await, NoticeOfReply { ahead_min: 20, ..NoticeOfReply::default() });
    visit(&town).await;
    assert_eq!(town.sms.lock().len(), 0, "three ahead and a visit of ten minutes");
    visit(&town).await;
    let sent = town.sms.lock().clone();
    assert_eq!(sent.len(), 1);
    let value = |name: &str| sent[0].arguments[name].clone();
    assert_eq!((value("ticket"), value("minutes"), value("ahead")), ("A005".into(), "20".into(), "2".into()));
    assert_eq!(value("url"), format!("https://wizyty.example.pl/t/{}", last.token(&keys())));
    assert_eq!((sent[0].template.as_str(), sent[0].sender.as_str()), ("soon", "UM Torun"));
    assert_eq!((sent[0].budget, sent[0].day.as_str()), (500, DAY));
    assert_eq!(
        wish(&town, last).await,
        NoticeOfReply { ahead_min: 20, told: true, ..NoticeOfReply::default() }
    );
    for _ in 0..3 {
        visit(&town).await;
    }
    assert_eq!(town.sms.lock().len(), 1);
    let journal = town.journal().await;
    assert!(journal.contains("notice_asked") && !journal.contains("601"), "{journal}");

    let town = town.restarted(moment(DAY, "09:30")).await;
    town.settled().await;
    assert_eq!(town.sms.lock().len(), 0, "a restart sends nothing again");
}

#[tokio::test]
async fn a_changed_wish_goes_to_the_new_phone_alone() {
    let town = Town::at(DAY, "08:00").await;
    act(&town, "open").await;
    let (_, _, last) = (ticket(&town).await, ticket(&town).await, ticket(&town).await);
    notify(&town, last, "601234567", 5).await.unwrap();
    notify(&town, last, "602345678", 15).await.unwrap();
    visit(&town).await;
    let sent = town.sms.lock().clone();
    let to = sent.iter().map(|sent| format!("{:?}", sent.to)).collect::<String>();
    assert_eq!(sent.len(), 1, "{to}");
    assert!(to.contains("+48602345678"), "{to}");
}

#[tokio::test]
async fn what_cannot_be_promised_is_refused_with_its_reason() {
    let town = Town::at(DAY, "08:00").await;
    act(&town, "open").await;
    let (first, second) = (ticket(&town).await, ticket(&town).await);
    // The last one would be accepted for an office without its own list of countries.
    for phone in ["123", "+1 202 555 0123", "22 123 45 67", "+49 1512 3456789"] {
        let refused = notify(&town, second, phone, 10).await.unwrap_err();
        let named = refused.fields.contains_key("phone");
        assert_eq!((refused.code.as_str(), named), ("invalid", true), "{phone}");
    }
    for minutes in [0, 61] {
        let refused = notify(&town, second, "601234567", minutes).await.unwrap_err();
        assert!(refused.fields.contains_key("ahead_min"));
    }
    act(&town, "call-next").await;
    assert_eq!(notify(&town, first, "601234567", 10).await.unwrap_err().code, "too_late");
    let nobody = ids(9, DAY).1;
    assert_eq!(notify(&town, nobody, "601234567", 10).await.unwrap_err().code, "unknown");
    for minutes in [1, 2, 3] {
        notify(&town, second, "601234567", minutes).await.unwrap();
    }
    assert_eq!(notify(&town, second, "601234567", 4).await.unwrap_err().code, "limit_reached");
    let third = ticket(&town).await;
    for minutes in [1, 2, 3] {
        notify(&town, third, "601234567", minutes).await.unwrap();
    }
    let fourth = ticket(&town).await;
    let refused = notify(&town, fourth, "601234567", 1).await.unwrap_err();
    assert_eq!(refused.code, "rate_limited", "one phone, whatever the ticket");
}
