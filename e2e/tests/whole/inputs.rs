//! The answers to bad input: a problem document with a stable code, never a stack trace, never a half-made reservation.

use http::Method;
use okienko_e2e::House;
use okienko_e2e::visit::{Wish, ask_hold, confirm, fill, hold, message, read_code, send_code};
use serde_json::json;

const PHONE: &str = "+48602345678";

fn wish(date: &str, time: &str) -> Wish {
    Wish::new("torun", "glowny", "meldunek", date, time)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_bad_request_has_its_defined_answer() {
    let house = House::demo().await.unwrap();
    let client = &house.client;
    let place = "/api/v1/offices/torun/holds";
    let good = wish("2026-12-01", "10:00").body();
    let with = |field: &str, value: serde_json::Value| {
        let mut body = good.clone();
        body[field] = value;
        body
    };
    for (what, body, status, code, field) in [
        ("a date in the past", with("date", json!("2026-11-30")), 422, "invalid", "date"),
        ("a date behind the horizon", with("date", json!("2027-03-01")), 422, "invalid", "date"),
        ("no date at all", with("date", json!("1.12.2026")), 422, "invalid", "date"),
        ("no hour at all", with("time", json!("25:00")), 422, "invalid", "time"),
        ("an unknown field", with("colour", json!("red")), 422, "invalid", "colour"),
        ("an hour that is not served", with("time", json!("03:00")), 404, "unknown", ""),
        ("an hour that is over", with("time", json!("07:30")), 409, "too_late", ""),
        ("an unknown service", with("service", json!("nothing")), 404, "unknown", ""),
    ] {
        let answer = client.post(place, body).await.unwrap();
        assert_eq!((answer.status, answer.code()), (status, code), "{what}: {}", answer.text);
        if !field.is_empty() {
            assert!(answer.json["fields"][field].is_string(), "{what} names {field}: {}", answer.text);
        }
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{what}");
    }
    let large = json!({"location": "x".repeat(70_000)}).to_string();
    let answer = client.ask(Method::POST, place, Some(large), &[]).await.unwrap();
    assert_eq!((answer.status, answer.code()), (413, "too_large"), "{}", answer.text);
    let answer = client.ask(Method::POST, place, Some("{".into()), &[]).await.unwrap();
    assert_eq!((answer.status, answer.code()), (422, "invalid"), "{}", answer.text);
    let answer = client.get("/api/v1/nothing/here").await.unwrap();
    assert_eq!((answer.status, answer.code()), (404, "unknown"));
    let polish =
        client.ask(Method::GET, "/api/v1/nothing", None, &[("accept-language", "pl")]).await.unwrap();
    let english =
        client.ask(Method::GET, "/api/v1/nothing", None, &[("accept-language", "en")]).await.unwrap();
    assert_ne!(polish.json["title"], english.json["title"], "in the reader's language");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hold_answers_to_its_secret_alone_and_a_form_names_every_faulty_field() {
    let house = House::demo().await.unwrap();
    let held = hold(&house.client, &wish("2026-12-01", "10:00")).await.unwrap();
    let path = format!("/api/v1/holds/{}/form", held.id);
    let body = json!({"fields": {"name": "Jan"}, "consents": {}});
    assert_eq!(house.client.put(&path, body.clone()).await.unwrap().status, 403);
    assert_eq!(house.client.with("guess").put(&path, body).await.unwrap().status, 403);
    let own = house.client.with(&held.secret);
    let wrong = own.put(&path, json!({"fields": {"name": "", "shoe": "42"}, "consents": {}})).await.unwrap();
    assert_eq!((wrong.status, wrong.code()), (422, "invalid"), "{}", wrong.text);
    assert!(
        wrong.json["fields"]["name"].is_string() && wrong.json["fields"]["shoe"].is_string(),
        "{}",
        wrong.text
    );
    let early = send_code(&house.client, &held, PHONE).await.unwrap();
    assert_eq!((early.status, early.code()), (422, "invalid"), "the form comes first: {}", early.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_that_cannot_receive_sms_is_named_and_uses_up_no_attempt() {
    let house = House::demo().await.unwrap();
    let held = hold(&house.client, &wish("2026-12-01", "10:00")).await.unwrap();
    fill(&house.client, &held, "Jan Kowalski").await.unwrap();
    // The German number would be accepted by an office without its own list of countries.
    for phone in ["22 123 45 67", "701234567", "+1 202 555 0123", "+49 1512 3456789", "abc", ""] {
        for _ in 0..4 {
            let answer = send_code(&house.client, &held, phone).await.unwrap();
            assert_eq!((answer.status, answer.code()), (422, "invalid"), "{phone}: {}", answer.text);
            assert!(answer.json["fields"]["phone"].is_string(), "{phone}: {}", answer.text);
        }
    }
    send_code(&house.client, &held, "601 234 567").await.unwrap().expect(202).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_codes_are_counted_a_second_confirm_gives_the_same_visit_and_one_sms() {
    let house = House::demo().await.unwrap();
    let held = hold(&house.client, &wish("2026-12-01", "10:00")).await.unwrap();
    fill(&house.client, &held, "Jan Kowalski").await.unwrap();
    send_code(&house.client, &held, PHONE).await.unwrap().expect(202).unwrap();
    let code = read_code(&house, PHONE, 1).await.unwrap();
    let other = if code == "000000" { "000001" } else { "000000" };
    let wrong = confirm(&house.client, &held, other).await.unwrap();
    assert_eq!((wrong.status, wrong.code(), &wrong.json["attempts_left"]), (422, "code_wrong", &json!(4)));
    let first = confirm(&house.client, &held, &code).await.unwrap().expect(200).unwrap();
    let second = confirm(&house.client, &held, &code).await.unwrap().expect(200).unwrap();
    assert_eq!(first.json, second.json);
    message(&house, PHONE, 2).await.unwrap();
    house.advance("PT5M").await.unwrap();
    assert_eq!(house.outbox(PHONE).await.unwrap().len(), 2, "one code and one confirmation");
    let again = hold(&house.client, &wish("2026-12-02", "10:00")).await.unwrap();
    fill(&house.client, &again, "jan  KOWALSKI").await.unwrap();
    // Before the proof nobody learns that the person has a visit.
    send_code(&house.client, &again, PHONE).await.unwrap().expect(202).unwrap();
    let code = read_code(&house, PHONE, 3).await.unwrap();
    let limit = confirm(&house.client, &again, &code).await.unwrap();
    assert_eq!((limit.status, limit.code()), (409, "limit_reached"), "{}", limit.text);
    assert_eq!(limit.json["manage_url"], first.json["reservation"]["manage_url"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_code_that_is_sent_again_with_its_key_uses_up_no_other_try() {
    let house = House::demo().await.unwrap();
    let held = hold(&house.client, &wish("2026-12-01", "10:00")).await.unwrap();
    fill(&house.client, &held, "Jan Kowalski").await.unwrap();
    send_code(&house.client, &held, PHONE).await.unwrap().expect(202).unwrap();
    let right = read_code(&house, PHONE, 1).await.unwrap();
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let (own, path) = (house.client.with(&held.secret), format!("/api/v1/holds/{}/confirm", held.id));
    let sent = async |code: &str, key: &str| {
        let body = Some(json!({"code": code}).to_string());
        own.ask(Method::POST, &path, body, &[("idempotency-key", key)]).await.unwrap()
    };
    let first = sent(wrong, "one").await;
    assert_eq!((first.status, first.code(), &first.json["attempts_left"]), (422, "code_wrong", &json!(4)));
    for _ in 0..6 {
        let again = sent(wrong, "one").await;
        assert_eq!((again.status, &again.json), (first.status, &first.json), "the answer of the first try");
    }
    assert_eq!(sent(wrong, "two").await.json["attempts_left"], json!(3));
    assert_eq!(sent(&right, "two").await.code(), "key_reused", "another code is another request");
    let visit = sent(&right, "three").await.expect(200).unwrap();
    assert_eq!(sent(&right, "three").await.expect(200).unwrap().json, visit.json);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hold_ends_by_the_clock_and_its_place_is_free_again() {
    let house = House::demo().await.unwrap();
    let wish = wish("2026-12-01", "10:00");
    let path = "/api/v1/offices/torun/locations/glowny/services/meldunek/days/2026-12-01/times";
    let free = |json: &serde_json::Value| {
        let times = json["times"].as_array().unwrap().clone();
        times.iter().find(|t| t["time"] == "10:00").unwrap()["free"].as_u64().unwrap()
    };
    let before = free(&house.client.get(path).await.unwrap().json);
    let held = hold(&house.client, &wish).await.unwrap();
    // Lists are a hint: a process may show a moment later what another one has acknowledged.
    house.advance("PT0S").await.unwrap();
    assert_eq!(free(&house.client.get(path).await.unwrap().json), before - 1);
    house.advance("PT9M59S").await.unwrap();
    fill(&house.client, &held, "Jan Kowalski").await.unwrap();
    house.advance("PT1S").await.unwrap();
    assert_eq!(free(&house.client.get(path).await.unwrap().json), before);
    let late = send_code(&house.client, &held, PHONE).await.unwrap();
    assert_eq!((late.status, late.code()), (410, "hold_expired"), "{}", late.text);
    let given = hold(&house.client, &wish).await.unwrap();
    let delete = format!("/api/v1/holds/{}", given.id);
    house.client.with(&given.secret).delete(&delete).await.unwrap().expect(204).unwrap();
    house.client.with(&given.secret).delete(&delete).await.unwrap().expect(204).unwrap();
    house.advance("PT0S").await.unwrap();
    assert_eq!(free(&house.client.get(path).await.unwrap().json), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_key_gets_the_same_hold_and_another_body_is_refused() {
    let house = House::demo().await.unwrap();
    let body = wish("2026-12-01", "10:00").body().to_string();
    let key = [("idempotency-key", "one")];
    let path = "/api/v1/offices/torun/holds";
    let first =
        house.client.ask(Method::POST, path, Some(body.clone()), &key).await.unwrap().expect(201).unwrap();
    let second = house.client.ask(Method::POST, path, Some(body), &key).await.unwrap().expect(201).unwrap();
    assert_eq!(first.json["hold"], second.json["hold"]);
    assert_eq!(first.json["secret"], second.json["secret"]);
    let other = wish("2026-12-01", "10:15").body().to_string();
    let reused = house.client.ask(Method::POST, path, Some(other), &key).await.unwrap();
    assert_eq!((reused.status, reused.code()), (422, "key_reused"), "{}", reused.text);
    let taken = ask_hold(&house.client, &wish("2026-12-01", "10:15")).await.unwrap();
    assert_eq!(taken.status, 201);
}
