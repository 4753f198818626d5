//! Keys from the command line: nobody sees them being made, so each is listed from its first use on, and can be revoked
//! by its id, whatever it allows and wherever it was used.

use crate::support::Town;
use crate::support::staff::ask;
use http::StatusCode;
use okienko_host::WallClock;
use okienko_kernel::{Clock, Span};
use okienko_web::Role;
use okienko_web::staff::{Claims, sign};
use serde_json::{Value, json};

/// A location, and optionally one of its counters.
type Place<'a> = Option<(&'a str, Option<&'a str>)>;

fn key(town: &Town, id: &str, office: &str, roles: &[Role], place: Place) -> String {
    let claims = Claims {
        id: id.into(),
        office: office.into(),
        roles: roles.to_vec(),
        location: place.map(|(location, _)| location.into()),
        counter: place.and_then(|(_, counter)| counter).map(Into::into),
        expires: WallClock.now() + Span::from_hours(24 * 30),
    };
    sign(&town.world.keys, &claims)
}

async fn listed(town: &Town, office: &str, token: &str) -> Vec<Value> {
    let answer = ask(town, "GET", &format!("/api/v1/offices/{office}/staff"), token, None).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let all = answer.json()["staff"].as_array().unwrap().clone();
    all.into_iter().filter(|it| it["by_hand"] == true).collect()
}

#[tokio::test]
async fn every_kind_of_key_is_listed_from_its_first_use_and_is_refused_once_its_id_was_taken_back() {
    use Role::*;
    let glowny = |counter| Some(("glowny", counter));
    let kinds: [(&str, &[Role], Place); 11] = [
        ("torun", &[Clerk], glowny(Some("3"))),
        ("torun", &[Clerk, Supervisor], glowny(Some("4"))),
        ("torun", &[Reception], glowny(None)),
        ("torun", &[Kiosk], glowny(None)),
        ("torun", &[Screen], glowny(None)),
        ("torun", &[Supervisor], None),
        ("torun", &[Admin], None),
        ("torun", &[Auditor], None),
        ("*", &[Operator], None),
        ("*", &[Operator, Admin], None),
        ("*", &[Admin], None),
    ];
    let town = Town::start().await;
    let admin = key(&town, "zerothadm1n", "torun", &[Admin], None);
    let operator = key(&town, "zerothoperat0r", "*", &[Operator], None);
    let boss = |office: &str| if office == "*" { operator.clone() } else { admin.clone() };
    for (n, (office, roles, place)) in kinds.into_iter().enumerate() {
        let id = format!("k{n}");
        let token = key(&town, &id, office, roles, place);
        let known = |all: &[Value]| all.iter().any(|it| it["id"] == *id);
        assert!(!known(&listed(&town, office, &boss(office)).await), "{id}: not used yet");
        // Any staff page will do; it does not matter that the key may not open this one.
        ask(&town, "GET", "/api/v1/offices/torun/reservations", &token, None).await;
        let all = listed(&town, office, &boss(office)).await;
        let found = all.iter().find(|it| it["id"] == *id).unwrap_or_else(|| panic!("{id} in {all:?}"));
        let words: Vec<&str> = roles.iter().map(|role| role.word()).collect();
        let mut told: Vec<&str> =
            found["roles"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        told.sort_unstable();
        let mut wanted = words.clone();
        wanted.sort_unstable();
        assert_eq!(told, wanted, "{id}");
        assert_eq!(found["tokens"][0]["id"], *id);
        assert!(!found.to_string().contains(&token), "the key itself is shown nowhere");
        let path = format!("/api/v1/offices/{office}/staff/{id}/revoke");
        let revoked = ask(&town, "POST", &path, &boss(office), Some(json!({}))).await;
        assert_eq!((revoked.status, revoked.json()["revoked"].clone()), (StatusCode::OK, json!(1)), "{id}");
        assert_eq!(town.sign_in.check(&token), Err(okienko_web::staff::TokenFault::Revoked), "{id}");
        let refused = ask(&town, "GET", "/api/v1/offices/torun/reservations", &token, None).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{id}");
        assert!(!known(&listed(&town, office, &boss(office)).await), "{id}: gone, and stays gone");
    }
    // The callers' own keys are listed too, since their first request.
    for (office, id) in [("torun", "zerothadm1n"), ("*", "zerothoperat0r")] {
        assert!(listed(&town, office, &boss(office)).await.iter().any(|it| it["id"] == id), "{id}");
    }
}

#[tokio::test]
async fn the_page_of_people_and_devices_shows_keys_with_a_button_that_takes_them_back() {
    let town = Town::start().await;
    for (office, id, boss) in [
        ("torun", "straykey", key(&town, "pageadm1n", "torun", &[Role::Admin], None)),
        ("*", "stray0perator", key(&town, "page0perator", "*", &[Role::Operator], None)),
    ] {
        let role = if office == "*" { Role::Operator } else { Role::Supervisor };
        let stray = key(&town, id, office, &[role], None);
        ask(&town, "GET", "/api/v1/offices/torun/reservations", &stray, None).await;
        let mut browser = town.browser();
        browser.cookies.push(("okienko_staff".into(), boss, "/".into()));
        browser.open(&format!("/admin/staff?office={office}")).await;
        assert!(browser.says("Klucze z wiersza poleceń") && browser.html.contains(id), "{}", browser.words());
        assert!(!browser.html.contains(&stray));
        // The button of its own row: the newest key is first, and that is the boss's own.
        let at = browser.html.find(&format!("/admin/staff/{id}/revoke")).unwrap();
        let only = browser.html[browser.html[..at].rfind("<form").unwrap()..].to_owned();
        browser.html = only[..only.find("</form>").unwrap() + 7].to_owned();
        browser.press("Odbierz klucz", &[]).await;
        assert_eq!(browser.status, StatusCode::OK, "{}", browser.words());
        assert!(!browser.html.contains(&format!("/admin/staff/{id}/revoke")), "{office}");
        assert!(town.sign_in.check(&stray).is_err());
    }
}

#[tokio::test]
async fn an_admin_sees_and_takes_back_no_key_of_another_office_or_of_all() {
    let town = Town::start().await;
    let operator = key(&town, "operat0r", "*", &[Role::Operator], None);
    listed(&town, "*", &operator).await;
    let admin = key(&town, "adm1n", "torun", &[Role::Admin], None);
    assert!(listed(&town, "torun", &admin).await.iter().all(|it| it["id"] != "operat0r"));
    for office in ["*", "wroclaw"] {
        let list = ask(&town, "GET", &format!("/api/v1/offices/{office}/staff"), &admin, None).await;
        assert_eq!(list.status, StatusCode::FORBIDDEN, "{office}");
        let path = format!("/api/v1/offices/{office}/staff/operat0r/revoke");
        assert_eq!(ask(&town, "POST", &path, &admin, Some(json!({}))).await.status, StatusCode::FORBIDDEN);
    }
    let path = "/api/v1/offices/torun/staff/operat0r/revoke";
    assert_eq!(ask(&town, "POST", path, &admin, Some(json!({}))).await.status, StatusCode::NOT_FOUND);
    assert!(town.sign_in.check(&operator).is_ok());
}
