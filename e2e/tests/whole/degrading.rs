//! What continues while a part is away, and what is said about what does not: each part is really taken away from four
//! processes, and comes back.

use http::Method;
use okienko_e2e::client::{Answer, Client};
use okienko_e2e::cluster::{Cluster, Role};
use okienko_e2e::house::{HouseOptions, MORNING, Shape};
use okienko_e2e::scene::{Scene, act, called, says, walk_in, words};
use okienko_e2e::visit::{self, Wish};
use okienko_e2e::{House, visit::book};
use okienko_fake_provider::Mode;
use serde_json::{Value, json};
use std::time::Duration;

const SERVICE: &str = "dowod-wniosek";
const DATE: &str = "2026-12-01";
const HALL: &str = "/api/v1/halls/torun/glowny";
const PHONE: &str = "+48601222333";
/// Codes per phone in ten minutes, as configured in the gate; with a single booking process its share is the whole
/// limit.
const CODES: usize = 10;
/// A timeout for a hang, not a measurement.
const HANG: Duration = Duration::from_secs(60);

async fn four() -> Scene {
    Scene { house: House::shaped(Shape::Roles, HouseOptions::at(MORNING)).await.unwrap() }
}

fn cluster(scene: &mut Scene) -> &mut Cluster {
    scene.house.cluster().unwrap()
}

fn at(time: &str) -> Wish {
    Wish::new("torun", "glowny", SERVICE, DATE, time)
}

/// Repeats a request until the answer is as wanted.
async fn until(client: &Client, path: &str, wanted: impl Fn(&Answer) -> bool) -> Answer {
    let come = async {
        loop {
            if let Ok(answer) = client.get(path).await
                && wanted(&answer)
            {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(HANG, come).await.unwrap_or_else(|_| panic!("{path} is never as wanted"))
}

async fn keyed(client: &Client, path: &str, body: Value, key: &str) -> Answer {
    let headers = [("idempotency-key", key)];
    client.ask(Method::POST, path, Some(body.to_string()), &headers).await.unwrap()
}

fn retry_after(answer: &Answer) -> Option<u64> {
    answer.headers.get("retry-after")?.to_str().ok()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_booking_goes_on_and_codes_stay_limited() {
    let mut scene = four().await;
    cluster(&mut scene).servers.redis.kill();
    let house = &scene.house;
    book(house, &house.client.from("203.0.113.1"), &at("09:00"), "Anna Nowak", "+48601000111").await.unwrap();
    let mut sent = 0;
    for n in 0..=CODES {
        // Each from another address, so that only the phone is the same.
        let client = house.client.from(&format!("203.0.113.{}", 10 + n));
        let hold = visit::hold(&client, &at("12:00")).await.unwrap();
        visit::fill(&client, &hold, "Jan Kowalski").await.unwrap();
        let answer = visit::send_code(&client, &hold, PHONE).await.unwrap();
        if answer.status == 202 {
            sent += 1;
        } else {
            assert_eq!((answer.status, answer.code()), (429, "rate_limited"), "{}", answer.text);
            assert!(retry_after(&answer).is_some());
        }
        client.with(&hold.secret).delete(&format!("/api/v1/holds/{}", hold.id)).await.unwrap();
    }
    assert_eq!(sent, CODES);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_nats_commands_go_on_screens_ask_queue_and_facts_wait() {
    let mut scene = four().await;
    let clerk = scene.clerk("torun", "glowny", "3").await.unwrap();
    let kiosk = scene.role("kiosk", "torun", "glowny").await.unwrap();
    let reception = scene.role("reception", "torun", "glowny").await.unwrap();
    // A screen that had opened the board before.
    scene.board("torun", "glowny").await.unwrap();
    cluster(&mut scene).servers.nats.kill();
    let house = &scene.house;
    let (number, token, _) = walk_in(&kiosk, SERVICE).await.unwrap();
    assert_eq!(called(&act(&clerk, "call-next").await.unwrap()), (number.clone(), 1));
    let reservation = book(house, &house.client, &at("09:00"), "Anna Nowak", PHONE).await.unwrap();
    let board =
        until(&house.client, HALL, |answer| answer.json["calls"][0]["ticket"] == number.as_str()).await;
    assert_eq!(board.json["calls"][0]["counter"], "3");
    let ticket = until(&house.client, &format!("/api/v1/tickets/{token}"), |_| true).await;
    assert_eq!(ticket.json["state"], "called");
    // The event has waited, and reception knows the visitor as soon as it is delivered.
    let code = json!({"code": reservation["check_in_code"]});
    let unknown = reception.post("/api/v1/reception/find", code.clone()).await.unwrap();
    assert_eq!(unknown.status, 404, "{}", unknown.text);
    cluster(&mut scene).servers.nats.start_again().unwrap();
    scene.house.advance("PT0S").await.unwrap();
    reception.post("/api/v1/reception/find", code).await.unwrap().expect(200).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_provider_the_code_is_tried_again_and_the_hold_waits_for_it() {
    let mut scene = four().await;
    cluster(&mut scene).provider.behave(Mode::Status { status: 503 }, None);
    let client = scene.house.client.clone();
    let hold = visit::hold(&client, &at("09:00")).await.unwrap();
    visit::fill(&client, &hold, "Anna Nowak").await.unwrap();
    scene.house.advance("PT8M").await.unwrap();
    visit::send_code(&client, &hold, PHONE).await.unwrap().expect(202).unwrap();
    scene.house.advance("PT1S").await.unwrap();
    assert!(scene.house.outbox(PHONE).await.unwrap().is_empty());
    // The person is told that the code has not been sent.
    let page = format!("/torun/book/hold/{}/code", hold.id);
    let cookie = format!("hold={}", hold.secret);
    let headers = [("accept", "text/html"), ("accept-language", "pl"), ("cookie", cookie.as_str())];
    let shown = client.ask(Method::GET, &page, None, &headers).await.unwrap().expect(200).unwrap();
    says(&words(&shown.text), &["nie przyjął jeszcze SMS-a z kodem", "Próbujemy dalej"]).unwrap();
    scene.house.advance("PT1M").await.unwrap();
    assert!(scene.house.outbox(PHONE).await.unwrap().is_empty());
    cluster(&mut scene).provider.behave(Mode::Fine, None);
    // The hold would have ended ten minutes after it was placed; the code's lifetime has extended it.
    scene.house.advance("PT3M").await.unwrap();
    let code = visit::read_code(&scene.house, PHONE, 1).await.unwrap();
    visit::confirm(&client, &hold, &code).await.unwrap().expect(200).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_booking_kiosk_and_calling_go_on_from_the_roster() {
    let mut scene = four().await;
    let clerk = scene.clerk("torun", "glowny", "3").await.unwrap();
    let kiosk = scene.role("kiosk", "torun", "glowny").await.unwrap();
    let client = scene.house.client.clone();
    let reservation = book(&scene.house, &client, &at("08:00"), "Anna Nowak", PHONE).await.unwrap();
    scene.house.clock("2026-12-01T07:55:00+01:00").await.unwrap();
    let gone = cluster(&mut scene).of(Role::Booking);
    for at in gone {
        cluster(&mut scene).replicas[at].kill().await;
    }
    let path = format!("/api/v1/reservations/{}", reservation["token"].as_str().unwrap());
    assert!(client.get(&path).await.unwrap().status >= 500, "booking is away");
    let code = json!({"code": reservation["check_in_code"], "service": SERVICE});
    let arrived = kiosk.post("/api/v1/kiosk/check-ins", code).await.unwrap().expect(201).unwrap();
    let (walked_in, _, _) = walk_in(&kiosk, SERVICE).await.unwrap();
    let serve = async |number: &str| {
        assert_eq!(called(&act(&clerk, "call-next").await.unwrap()).0, number);
        until(&client, HALL, |answer| answer.json["calls"][0]["ticket"] == number).await;
        act(&clerk, "start").await.unwrap();
        act(&clerk, "finish").await.unwrap();
    };
    serve(&walked_in).await;
    cluster(&mut scene).start_all().await.unwrap();
    until(&client, &path, |answer| answer.json["state"] == "checked_in").await;
    // The ticket's turn comes at its hour.
    scene.house.clock("2026-12-01T08:00:00+01:00").await.unwrap();
    serve(&arrived.at("/ticket/number").unwrap()).await;
    until(&client, &path, |answer| answer.json["state"] == "served").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_postgres_the_answer_is_a_clear_503_and_nothing_is_half_done() {
    let mut scene = four().await;
    let clerk = scene.clerk("torun", "glowny", "3").await.unwrap();
    let kiosk = scene.role("kiosk", "torun", "glowny").await.unwrap();
    let client = scene.house.client.clone();
    let free = format!("/api/v1/offices/torun/locations/glowny/services/{SERVICE}/days/{DATE}/times");
    let free = async |client: &Client| -> u64 {
        let times = client.get(&free).await.unwrap().expect(200).unwrap().json;
        let times = times["times"].as_array().unwrap().clone();
        times.iter().filter_map(|time| time["free"].as_u64()).sum()
    };
    let before = free(&client).await;
    let bases: Vec<Client> = [Role::Booking, Role::Queue]
        .into_iter()
        .map(|role| {
            let at = cluster(&mut scene).of(role).start;
            Client::new(&cluster(&mut scene).replicas[at].base())
        })
        .collect();
    cluster(&mut scene).servers.postgres.stop_at_once();
    let wish = at("09:00");
    let asked = [
        keyed(&client, &wish.path(), wish.body(), "hold-1").await,
        keyed(&kiosk, "/api/v1/kiosk/tickets", json!({"service": SERVICE}), "ticket-1").await,
        keyed(&clerk, "/api/v1/desk/call-next", json!({}), "call-1").await,
    ];
    for answer in asked {
        assert_eq!((answer.status, answer.code()), (503, "unavailable"), "{}", answer.text);
        assert!(retry_after(&answer).is_some_and(|seconds| seconds > 0), "{:?}", answer.headers);
    }
    for base in &bases {
        until(base, "/readyz", |answer| answer.status == 503).await;
        assert_eq!(base.get("/healthz").await.unwrap().status, 200, "it lives and waits");
    }
    cluster(&mut scene).servers.postgres.start_again().unwrap();
    for base in &bases {
        until(base, "/readyz", |answer| answer.status == 200).await;
    }
    // Retries of the same requests are carried out, once.
    let insist = async |client: &Client, path: &str, body: Value, key: &str| -> Answer {
        let come = async {
            loop {
                let answer = keyed(client, path, body.clone(), key).await;
                if answer.status != 503 {
                    return answer;
                }
            }
        };
        tokio::time::timeout(HANG, come).await.expect("it goes on")
    };
    let hold = insist(&client, &wish.path(), wish.body(), "hold-1").await.expect(201).unwrap();
    let again = keyed(&client, &wish.path(), wish.body(), "hold-1").await.expect(201).unwrap();
    assert_eq!(hold.at("/hold").unwrap(), again.at("/hold").unwrap());
    assert_eq!(free(&client).await, before - 1);
    let body = json!({"service": SERVICE});
    let ticket = insist(&kiosk, "/api/v1/kiosk/tickets", body.clone(), "ticket-1").await.expect(201).unwrap();
    let again = keyed(&kiosk, "/api/v1/kiosk/tickets", body, "ticket-1").await.expect(201).unwrap();
    assert_eq!(ticket.at("/ticket/number").unwrap(), again.at("/ticket/number").unwrap());
    let desk = clerk.get("/api/v1/desk").await.unwrap().expect(200).unwrap().json;
    assert_eq!(
        (&desk["state"], desk["waiting"].as_array().map(Vec::len)),
        (&json!("free"), Some(1)),
        "{desk}"
    );
}
