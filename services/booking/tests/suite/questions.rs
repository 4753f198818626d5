//! Questions to the holder before the visit, over the real router: asked by mail, answered once, corrected until read.

use crate::support::staff;

use crate::support::Town;
use http::StatusCode;
use okienko_web::Role;
use serde_json::json;
use staff::{Answer, ask, book, settled, token};

const MAIL: &str = "anna@example.org";
const LIST: &str = "/api/v1/offices/torun/reservations";

fn supervisor() -> String {
    token("torun", Role::Supervisor, None)
}

/// The API address of the day's only reservation.
async fn one(town: &Town) -> String {
    let list = ask(town, "GET", &format!("{LIST}?date=2026-12-02"), &supervisor(), None).await.json();
    format!("{LIST}/{}", list["reservations"][0]["id"].as_str().unwrap())
}

async fn asked(town: &Town, one: &str) -> Answer {
    let body = json!({"questions": ["name", "birth_date", "passport", "own"], "own": "Kto prowadzi sprawę?"});
    ask(town, "POST", &format!("{one}/questions"), &supervisor(), Some(body)).await
}

/// The path in the newest mail.
async fn link(town: &Town) -> String {
    settled(town).await;
    let text = town.phone.list(MAIL).pop().unwrap().text;
    let at = text.find("/torun/answer/").unwrap_or_else(|| panic!("{text}"));
    text[at..].split_whitespace().next().unwrap().to_owned()
}

#[tokio::test]
async fn questions_are_mailed_answered_corrected_read_beside_the_form_and_settled() {
    let town = Town::start().await;
    book(&town, "09:00", "Ewa Wilk", "email", MAIL).await;
    let one = one(&town).await;
    let first = asked(&town, &one).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    assert_eq!(first.json()["inquiry"]["state"], "asked");
    assert_eq!(asked(&town, &one).await.status, StatusCode::CONFLICT, "they wait for the answer");
    let path = link(&town).await;
    assert_eq!(town.phone.list(MAIL).iter().filter(|it| it.text.contains("/answer/")).count(), 1);
    // Viewing changes nothing, even twice and as mail scanners do it.
    for method in ["GET", "HEAD", "GET", "HEAD"] {
        assert_eq!(ask(&town, method, &path, "", None).await.status, StatusCode::OK);
    }
    assert_eq!(ask(&town, "GET", &one, &supervisor(), None).await.json()["inquiry"]["state"], "asked");
    let mut browser = town.browser();
    browser.open(&path).await;
    assert!(browser.says("Kto prowadzi sprawę?") && browser.says("O nic więcej nie zapytamy e-mailem"));
    browser.press("Wyślij odpowiedzi", &[("name", "Ewa Wilk"), ("passport", "?")]).await;
    assert_eq!(browser.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.says("Wypełnij to pole.") && browser.says("Wpisz serię i numer dokumentu"));
    let typed =
        [("name", "Ewa  WILK"), ("birth_date", "1990-05-17"), ("passport", "EK 5550001"), ("own", "Pan Lis")];
    browser.press("Wyślij odpowiedzi", &typed).await;
    assert!(browser.says("Odpowiedzi są zapisane") && !browser.html.contains("5550001"), "not shown again");
    let seen = ask(&town, "GET", &one, &supervisor(), None).await;
    assert_eq!(seen.json()["inquiry"]["state"], "answered");
    assert!(!seen.text.contains("5550001"), "shown to the office from reading on");
    let typed =
        [("name", "Ewa Kowal"), ("birth_date", "1990-05-17"), ("passport", "EK 7654321"), ("own", "Pan Lis")];
    browser.press("Wyślij odpowiedzi", &typed).await;
    let read = ask(&town, "POST", &format!("{one}/questions/read"), &supervisor(), None).await.json();
    let questions = read["inquiry"]["questions"].as_array().unwrap().clone();
    assert_eq!(
        questions[0],
        json!({"question": "name", "answer": "Ewa Kowal", "form": "Ewa Wilk", "differs": true})
    );
    assert_eq!(
        (&questions[2]["answer"], &questions[3]["text"]),
        (&json!("EK7654321"), &json!("Kto prowadzi sprawę?"))
    );
    browser.press("Wyślij odpowiedzi", &typed).await;
    assert_eq!(browser.status, StatusCode::CONFLICT, "read answers stay as they are");
    browser.open(&path).await;
    assert!(browser.says("Nie musisz robić nic więcej"));
    let settled = ask(&town, "POST", &format!("{one}/questions/settle"), &supervisor(), None).await.json();
    assert_eq!(settled["inquiry"]["state"], "settled");
    assert_eq!(asked(&town, &one).await.status, StatusCode::CREATED, "and may be asked anew");
    assert_ne!(link(&town).await, path);
}

#[tokio::test]
async fn staff_ask_read_and_settle_on_the_page_of_the_reservation() {
    let town = Town::start().await;
    book(&town, "09:00", "Ewa Wilk", "email", MAIL).await;
    let id = one(&town).await.rsplit('/').next().unwrap().to_owned();
    let mut staff = town.browser();
    staff.cookies.push(("okienko_staff".into(), supervisor(), "/".into()));
    staff.open(&format!("/admin/reservations/{id}")).await.press("Wyślij pytania", &[]).await;
    assert!(staff.says("Zaznacz co najmniej jedno pytanie"), "{}", staff.words());
    staff.press("Wyślij pytania", &[("name", "true"), ("own", "")]).await;
    assert!(staff.says("Pytania wysłane wtorek, 1 grudnia 2026"), "{}", staff.words());
    let path = link(&town).await;
    town.browser().open(&path).await.press("Wyślij odpowiedzi", &[("name", "Kto Inny")]).await;
    staff.open("/admin?date=2026-12-02").await;
    assert!(staff.says("1 odpowiedź na pytania czeka") && staff.says("są odpowiedzi do przeczytania"));
    staff.open(&format!("/admin/reservations/{id}")).await;
    assert!(!staff.says("Kto Inny"));
    staff.press("Przeczytaj odpowiedzi", &[]).await;
    assert!(staff.says("Kto Inny") && staff.says("Inaczej niż w formularzu"));
    staff.press("Oznacz jako wyjaśnione", &[]).await;
    assert!(staff.says("Sprawa pytań jest wyjaśniona"));
}

#[tokio::test]
async fn only_the_address_of_the_mail_opens_the_questions_and_only_before_the_visit() {
    let town = Town::start().await;
    book(&town, "09:00", "Ewa Wilk", "email", MAIL).await;
    let one = one(&town).await;
    asked(&town, &one).await;
    let path = link(&town).await;
    let token = path.rsplit('/').next().unwrap();
    let id = one.rsplit('/').next().unwrap();
    let mut other = token.to_owned();
    other.replace_range(40..41, if &token[40..41] == "0" { "1" } else { "0" });
    for wrong in [id, &other, &token[..50], "x", "%00"] {
        for address in [format!("/torun/answer/{wrong}"), format!("/api/v1/offices/torun/answers/{wrong}")] {
            assert_eq!(
                ask(&town, "GET", &address, "", None).await.status,
                StatusCode::NOT_FOUND,
                "{address}"
            );
        }
    }
    assert_eq!(
        ask(&town, "GET", &format!("/wroclaw/answer/{token}"), "", None).await.status,
        StatusCode::NOT_FOUND
    );
    let address = format!("/api/v1/offices/torun/answers/{token}");
    let seen = ask(&town, "GET", &address, "", None).await.json();
    assert_eq!((&seen["state"], &seen["questions"][1]["type"]), (&json!("asked"), &json!("date")));
    assert!(!seen.to_string().contains("Wilk"), "the address shows nothing of the person");
    town.advance("PT27H").await;
    let late =
        json!({"answers": {"name": "A B", "birth_date": "1990-05-17", "passport": "AB1234567", "own": "x"}});
    assert_eq!(ask(&town, "POST", &address, "", Some(late)).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn nobody_without_a_mail_address_is_asked() {
    let town = Town::start().await;
    book(&town, "09:00", "Ewa Wilk", "phone", "+48601234567").await;
    let one = one(&town).await;
    let refused = asked(&town, &one).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    for body in [json!({"questions": []}), json!({"questions": ["pin"]}), json!({"questions": ["own"]})] {
        let refused = ask(&town, "POST", &format!("{one}/questions"), &supervisor(), Some(body)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let read = ask(&town, "POST", &format!("{one}/questions/read"), &supervisor(), None).await;
    assert_eq!(read.status, StatusCode::NOT_FOUND);
}
