//! "Tell me earlier" as the holder of an e-ticket uses it: JSON for programs, a form that works without a script.

use crate::support::*;
use okienko_proto::common::Refusal;
use okienko_proto::queue::ticket_changed::State;
use serde_json::json;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

async fn queue() -> (Town, String) {
    let town = Town::with(vec![opened(), waits("A001"), waits("A002")]).await;
    let token = town.token(id(DAY, 2));
    (town, token)
}

async fn asks(town: &Town, token: &str, body: serde_json::Value) -> Answer {
    town.post(&format!("/api/v1/tickets/{token}/notify"), JSON, JSON, &body.to_string()).await
}

#[tokio::test]
async fn a_wish_is_handed_on_to_queue_and_no_number_is_shown_back() {
    let (town, token) = queue().await;
    let answer = asks(&town, &token, json!({"phone": "601 234 567", "ahead_min": 10, "locale": "en"})).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert_eq!(answer.json(), json!({"phone": "+48 601 *** 567", "ahead_min": 10}));
    let wishes = town.told.lock().wishes.clone();
    assert_eq!(wishes.len(), 1);
    assert_eq!((wishes[0].ticket.as_str(), wishes[0].ahead_min), (id(DAY, 2).to_string().as_str(), 10));
    assert_eq!((wishes[0].phone.as_str(), wishes[0].locale.as_str()), ("601 234 567", "en"));
    assert_eq!(asks(&town, "nobody", json!({"phone": "601234567", "ahead_min": 10})).await.status, 404);
}

#[tokio::test]
async fn refusals_of_queue_become_problems_that_say_what_to_do() {
    let (town, token) = queue().await;
    let refuse = |refusal: Refusal| town.told.lock().refuse_wish = Some(refusal);
    let body = json!({"phone": "12", "ahead_min": 10});
    refuse(Refusal { code: "too_late".into(), ..Refusal::default() });
    let late = asks(&town, &token, body.clone()).await;
    assert_eq!((late.status.as_u16(), late.json()["code"].clone()), (409, json!("too_late")));
    assert!(late.json()["detail"].as_str().unwrap().contains("nie czeka już w kolejce"), "{}", late.body);
    let fields = [("phone".to_owned(), "notify-phone".to_owned())].into();
    refuse(Refusal { code: "invalid".into(), fields, ..Refusal::default() });
    let wrong = asks(&town, &token, body).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.json()["fields"]["phone"].as_str().unwrap().contains("9 cyfr"), "{}", wrong.body);
    assert_eq!(asks(&town, &token, json!({"phone": "12"})).await.json()["code"], "invalid");
}

#[tokio::test]
async fn one_network_may_not_ask_for_ever() {
    let (town, token) = queue().await;
    let body = json!({"phone": "601234567", "ahead_min": 10});
    let mut last = asks(&town, &token, body.clone()).await;
    for _ in 0..30 {
        last = asks(&town, &token, body.clone()).await;
    }
    assert_eq!((last.status.as_u16(), last.json()["code"].clone()), (429, json!("rate_limited")));
    assert!(last.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn the_page_asks_promises_and_changes_without_a_script() {
    let (town, token) = queue().await;
    let path = format!("/t/{token}");
    let before = town.page(&path, "pl").await;
    assert!(before.text().contains("Powiadom mnie SMS-em"), "{}", before.text());
    let sent =
        town.post(&format!("{path}/notify"), FORM, "text/html", "phone=601+234+567&ahead_min=20").await;
    assert_eq!(
        (sent.status.as_u16(), sent.headers["location"].to_str().unwrap()),
        (303, &*format!("{path}#notify"))
    );
    let after = town.page(&path, "pl").await;
    assert!(after.text().contains("Wyślemy SMS około 20 minut przed wezwaniem."), "{}", after.text());
    assert!(after.body.contains(r#"value="20""#) && !after.body.contains("601"));
    let english = town.page(&path, "en").await;
    assert!(english.text().contains("about 20 minutes before your call"), "{}", english.text());

    let fields = [("ahead_min".to_owned(), "notify-minutes".to_owned())].into();
    town.told.lock().refuse_wish = Some(Refusal { code: "invalid".into(), fields, ..Refusal::default() });
    let wrong = town.post(&format!("{path}/notify"), FORM, "text/html", "phone=601&ahead_min=never").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("Wpisz liczbę od 1 do 60."), "{}", wrong.text());
    assert!(wrong.body.contains(r#"value="never""#), "what was typed stays");
}

#[tokio::test]
async fn the_phone_of_the_visit_is_used_by_one_touch_and_shown_nowhere() {
    let (town, token) = queue().await;
    let path = format!("/t/{token}");
    assert!(
        !town.page(&path, "pl").await.text().contains("z rezerwacji"),
        "who has not booked types a phone"
    );
    town.told.lock().has_phone = true;
    let page = town.page(&path, "pl").await;
    assert!(page.text().contains("Napisz 15 min wcześniej na numer z rezerwacji"), "{}", page.text());
    for (typed, phone, ahead, visits) in [
        ("known=yes&ahead_min=15", "", 15, true),
        ("known=yes&phone=&ahead_min=30", "", 30, true),
        ("known=yes&phone=++&ahead_min=5", "  ", 5, true),
        ("known=yes&phone=601+234+567&ahead_min=5", "601 234 567", 5, false),
        ("phone=601+234+567&ahead_min=5", "601 234 567", 5, false),
        ("phone=&ahead_min=5", "", 5, false),
    ] {
        let sent = town.post(&format!("{path}/notify"), FORM, "text/html", typed).await;
        assert_eq!(sent.status, 303, "{typed}: {}", sent.body);
        let wish = town.told.lock().wishes.last().cloned().unwrap();
        assert_eq!(
            (wish.phone.as_str(), wish.ahead_min, wish.visits_phone),
            (phone, ahead, visits),
            "{typed}"
        );
    }
    // A program that asks for it in JSON gets an error as the contract defines: a phone is required.
    let body = json!({"phone": "601234567", "ahead_min": 5, "visits_phone": true});
    assert_eq!(asks(&town, &token, body).await.status, 422);
}

#[tokio::test]
async fn who_is_called_has_no_form_and_who_was_called_meanwhile_reads_it() {
    let (town, token) = queue().await;
    town.tell(vec![calls("A002", "1", 1)]).await;
    let page = town.page(&format!("/t/{token}"), "pl").await;
    assert!(!page.text().contains("Powiadom mnie"), "{}", page.text());
    town.told.lock().refuse_wish = Some(Refusal { code: "too_late".into(), ..Refusal::default() });
    let path = format!("/t/{token}/notify");
    let late = town.post(&path, FORM, "text/html", "phone=601234567&ahead_min=5").await;
    assert_eq!(late.status, 409);
    assert!(late.text().contains("Podejdź do stanowiska"), "{}", late.text());
    assert!(late.text().contains("nie czeka już w kolejce"), "{}", late.text());
    town.tell(vec![becomes("A002", State::Served, "1")]).await;
}
