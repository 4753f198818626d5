//! The office's staff over the real router: who may see what, what is removed and who is notified, what looks
//! suspicious.

use crate::support::staff;

use crate::support::Town;
use crate::support::browser::Browser;
use http::StatusCode;
use okienko_web::Role;
use serde_json::{Value, json};
use staff::{ask, book, prove, settled, token};

const LIST: &str = "/api/v1/offices/torun/reservations";
const DAY: &str = "/api/v1/offices/torun/reservations?date=2026-12-02";

fn supervisor() -> String {
    token("torun", Role::Supervisor, None)
}

/// A browser signed in with this token.
fn signed_in(town: &Town, token: &str) -> Browser {
    let mut browser = town.browser();
    browser.cookies.push(("okienko_staff".into(), token.into(), "/".into()));
    browser
}

async fn first_id(town: &Town) -> String {
    let list = ask(town, "GET", DAY, &supervisor(), None).await.json();
    list["reservations"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_day_is_listed_in_pages_by_hour_with_names_and_each_look_is_noted() {
    let town = Town::start().await;
    book(&town, "09:30", "Jan Kowalski", "email", "jan@example.org").await;
    book(&town, "09:00", "Anna Nowak", "phone", "+48601234567").await;
    let first = ask(&town, "GET", &format!("{DAY}&limit=1"), &supervisor(), None).await.json();
    let row = &first["reservations"][0];
    assert_eq!(
        (&row["name"], &row["proof"], &row["time"]),
        (&json!("Anna Nowak"), &json!("sms"), &json!("09:00"))
    );
    assert_eq!((&row["state"], &first["total"]), (&json!("confirmed"), &json!(2)));
    let next = first["next"].as_str().unwrap();
    let second = ask(&town, "GET", &format!("{DAY}&limit=1&after={next}"), &supervisor(), None).await.json();
    assert_eq!(second["reservations"][0]["name"], "Jan Kowalski");
    assert_eq!((&second["reservations"][0]["proof"], second.get("next")), (&json!("email"), None));
    let other = ask(&town, "GET", &format!("{DAY}&location=plaza"), &supervisor(), None).await.json();
    assert_eq!(other["total"], 0);
    for wrong in ["limit=0", "limit=201", "after=x", "date=x"] {
        let answer = ask(&town, "GET", &format!("{LIST}?{wrong}"), &supervisor(), None).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let lines = town.noted.0.lock();
    assert!(lines.iter().all(|line| line.act == "reservations.list" && line.who == "token-supervisor"));
    assert_eq!(lines.iter().filter(|line| line.outcome == "ok").count(), 3);
    assert_eq!(lines.iter().filter(|line| line.outcome == "invalid").count(), 4);
    let told = format!("{lines:?}");
    assert!(!told.contains("Nowak") && !told.contains("601234567"), "{told}");
}

#[tokio::test]
async fn only_staff_of_this_office_with_the_right_reach_anything() {
    let town = Town::start().await;
    book(&town, "09:00", "Anna Nowak", "email", "anna@example.org").await;
    let id = first_id(&town).await;
    let one = format!("{LIST}/{id}");
    let body = || Some(json!({"reason": "bot"}));
    let looks = [
        ("GET", DAY.to_owned(), None),
        ("GET", one.clone(), None),
        ("GET", "/api/v1/offices/torun/suspicious".to_owned(), None),
    ];
    let changes = [
        ("POST", format!("{one}/remove"), body()),
        ("POST", format!("{one}/questions"), Some(json!({"questions": ["name"]}))),
        ("POST", format!("{one}/questions/read"), None),
        ("POST", format!("{one}/questions/settle"), None),
    ];
    let pages = [
        ("GET", "/admin".to_owned()),
        ("GET", "/admin/reservations.csv".to_owned()),
        ("GET", format!("/admin/reservations/{id}")),
        ("GET", format!("/admin/reservations/{id}/remove")),
        ("GET", "/admin/suspicious".to_owned()),
    ];
    let strangers = [
        token("wroclaw", Role::Admin, None),
        token("torun", Role::Clerk, Some("glowny")),
        token("torun", Role::Kiosk, Some("glowny")),
        token("torun", Role::Screen, None),
        token("*", Role::Operator, None),
        String::new(),
    ];
    for token in &strangers {
        for (method, address, body) in looks.iter().chain(&changes) {
            let answer = ask(&town, method, address, token, body.clone()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {address} {}", answer.text);
        }
        for (method, address) in &pages {
            let answer = ask(&town, method, address, token, None).await;
            assert!(matches!(answer.status.as_u16(), 403 | 404), "{address} {}", answer.text);
        }
    }
    // An auditor may look but change nothing; staff of another location see nothing of this one.
    let auditor = token("torun", Role::Auditor, None);
    for (method, address, _) in &looks {
        assert_eq!(ask(&town, method, address, &auditor, None).await.status, StatusCode::OK, "{address}");
    }
    for (method, address, body) in &changes {
        assert_eq!(ask(&town, method, address, &auditor, body.clone()).await.status, StatusCode::FORBIDDEN);
    }
    let elsewhere = token("torun", Role::Supervisor, Some("plaza"));
    assert_eq!(ask(&town, "GET", DAY, &elsewhere, None).await.json()["total"], 0);
    for (method, address, body) in changes.iter().chain(&looks[1..2]) {
        assert_eq!(ask(&town, method, address, &elsewhere, body.clone()).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(ask(&town, "GET", &one, &supervisor(), None).await.json()["state"], "confirmed");
}

async fn free_at_nine(town: &Town) -> u64 {
    let address =
        "/api/v1/offices/torun/locations/glowny/services/dzialalnosc-gospodarcza/days/2026-12-02/times";
    let times = ask(town, "GET", address, "", None).await.json();
    let all = times["times"].as_array().unwrap();
    all.iter().find(|time| time["time"] == "09:00").map_or(0, |time| time["free"].as_u64().unwrap())
}

fn texts_to(town: &Town, to: &str, part: &str) -> usize {
    town.phone.list(to).iter().filter(|message| message.text.contains(part)).count()
}

#[tokio::test]
async fn a_removed_reservation_is_gone_for_its_holder_who_is_told_once() {
    let town = Town::start().await;
    let before = free_at_nine(&town).await;
    let theirs = book(&town, "09:00", "Anna Nowak", "email", "anna@example.org").await;
    let id = first_id(&town).await;
    let remove = format!("{LIST}/{id}/remove");
    let bad = ask(&town, "POST", &remove, &supervisor(), Some(json!({"reason": "dislike"}))).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let body = json!({"reason": "false_data", "note": "Zadzwonili w sprawie"});
    for _ in 0..2 {
        let done = ask(&town, "POST", &remove, &supervisor(), Some(body.clone())).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        let done = done.json();
        assert_eq!((&done["state"], &done["removed"]), (&json!("removed"), &json!("false_data")));
        assert_eq!(done["removal"]["by"], "token-supervisor");
        assert_eq!(done["removal"]["note"], "Zadzwonili w sprawie");
    }
    settled(&town).await;
    assert_eq!(texts_to(&town, "anna@example.org", "Dane w formularzu nie są prawdziwe"), 1);
    assert_eq!(texts_to(&town, "anna@example.org", "Zadzwonili"), 0, "the note stays in the office");
    let seen =
        ask(&town, "GET", &format!("/api/v1/reservations/{}", theirs["token"].as_str().unwrap()), "", None)
            .await;
    assert_eq!(seen.json()["state"], "removed");
    town.advance("PT3H").await;
    assert_eq!(free_at_nine(&town).await, before, "the place can be booked again");
    // If there is only a phone, the notice goes to the phone.
    book(&town, "10:00", "Jan Kowalski", "phone", "+48601234567").await;
    let list = ask(&town, "GET", DAY, &supervisor(), None).await.json();
    let other = list["reservations"][1]["id"].as_str().unwrap();
    let done =
        ask(&town, "POST", &format!("{LIST}/{other}/remove"), &supervisor(), Some(json!({"reason": "bot"})))
            .await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    settled(&town).await;
    assert_eq!(
        texts_to(&town, "+48601234567", "Rezerwacje zrobil program"),
        1,
        "{:?}",
        town.phone.list("+48601234567")
    );
}

#[tokio::test]
async fn a_page_shows_whom_a_removal_hits_before_it_happens() {
    let town = Town::start().await;
    book(&town, "09:00", "Anna Nowak", "email", "anna@example.org").await;
    let mut browser = signed_in(&town, &supervisor());
    browser.open("/admin?date=2026-12-02").await;
    assert_eq!((browser.status, browser.title().as_str()), (StatusCode::OK, "środa, 2 grudnia 2026"));
    assert!(browser.says("Anna Nowak") && browser.says("1 rezerwacja"));
    browser.press("Szukaj rezerwacji", &[("q", "kowal")]).await;
    assert!(!browser.says("Anna Nowak") && browser.says("nie ma takich rezerwacji"));
    browser.press("Szukaj rezerwacji", &[("q", "  NOWAK ")]).await;
    assert!(browser.says("Anna Nowak") && !browser.at.contains("NOWAK"));
    let number =
        ask(&town, "GET", DAY, &supervisor(), None).await.json()["reservations"][0]["number"].clone();
    browser.follow(number.as_str().unwrap()).await.follow("Usuń rezerwację").await;
    browser.press("Sprawdź, co się stanie", &[]).await;
    assert!(browser.says("Wybierz jeden z powodów"));
    browser.press("Sprawdź, co się stanie", &[("reason", "bot"), ("note", "telefon od sąsiada")]).await;
    assert!(
        browser.says("Anna Nowak")
            && browser.says("anna@example.org")
            && browser.says("nie da się przywrócić")
    );
    assert_eq!(
        ask(&town, "GET", DAY, &supervisor(), None).await.json()["reservations"][0]["state"],
        "confirmed"
    );
    browser.press("Usuń rezerwację", &[]).await;
    assert!(browser.says("usunięta") && browser.says("Usunął: token-supervisor"), "{}", browser.words());
    assert!(browser.says("telefon od sąsiada"));
    browser.language = "en";
    browser.reload().await;
    assert!(browser.says("Removed by token-supervisor"));
}

#[tokio::test]
async fn a_form_from_another_site_removes_nothing() {
    let town = Town::start().await;
    book(&town, "09:00", "Anna Nowak", "email", "anna@example.org").await;
    let mut browser = signed_in(&town, &supervisor());
    browser.open(&format!("/admin/reservations/{}/remove", first_id(&town).await)).await;
    browser.press("Sprawdź, co się stanie", &[("reason", "bot")]).await;
    browser.origin = "http://evil.test";
    browser.press("Usuń rezerwację", &[]).await;
    assert_eq!(browser.status, StatusCode::FORBIDDEN);
    assert_eq!(
        ask(&town, "GET", DAY, &supervisor(), None).await.json()["reservations"][0]["state"],
        "confirmed"
    );
}

#[tokio::test]
async fn a_file_for_spreadsheets_holds_no_formula_and_is_noted() {
    let town = Town::start().await;
    for (time, name) in [("09:00", "=HYPERLINK(1)"), ("09:30", "+1"), ("10:00", "-1"), ("10:30", "@SUM")] {
        let mail = format!("{}@example.org", time.replace(':', ""));
        book(&town, time, name, "email", &mail).await;
    }
    let file = ask(&town, "GET", "/admin/reservations.csv?date=2026-12-02", &supervisor(), None).await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(file.text.lines().count(), 5, "{}", file.text);
    let cells = file.text.trim_start_matches('\u{feff}').lines().flat_map(|line| line.split(';'));
    for cell in cells.map(|cell| cell.trim_matches('"')) {
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
    }
    assert!(file.text.contains("\"'=HYPERLINK(1)\""));
    assert_eq!(town.noted.0.lock().last().unwrap().act, "reservations.csv");
}

async fn suspicious(town: &Town) -> Value {
    ask(town, "GET", "/api/v1/offices/torun/suspicious", &supervisor(), None).await.json()
}

#[tokio::test]
async fn six_names_on_one_phone_are_found_and_a_household_is_not() {
    let town = Town::start().await;
    let times = ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"];
    for (n, time) in times.into_iter().enumerate() {
        if n == 4 {
            assert_eq!(suspicious(&town).await["total"], 0, "four people of one household");
        }
        prove(&town, time, &format!("Osoba {n}"), json!({"phone": "+48601234567"})).await;
        town.advance("PT1M").await;
    }
    let list = suspicious(&town).await;
    assert_eq!(list["total"], 6, "{list}");
    let first = &list["suspicious"][0];
    assert_eq!(
        (&first["stage"], &first["reasons"][0]),
        (&json!("held"), &json!({"code": "phone_names", "count": 6}))
    );
    let mut browser = signed_in(&town, &supervisor());
    browser.open("/admin/suspicious").await;
    assert!(browser.says("6 nazwisk z jednym telefonem"), "{}", browser.words());
    assert!(browser.says("formularz wypełniony w mniej niż sekundę"));
    browser.open("/admin").await.follow("6 rezerwacji wygląda podejrzanie").await;
    assert_eq!(browser.title(), "Podejrzane rezerwacje");
}
