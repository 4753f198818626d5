//! What people type, paste and scan, and how it is read: messages reach correctly read numbers, one person is one
//! person however the name is spelled, and nobody learns of another's visit.

use crate::support::Town;
use crate::support::api::Answer;
use http::StatusCode;
use okienko_journal::{Append, Engine};
use okienko_kernel::{ClaimChange, Clock, Span, base32};
use okienko_office::form::{Field, FieldType, Means};
use okienko_office::text::Text;
use serde_json::json;

const PHONE: &str = "+48601234567";
const DAYS: [&str; 8] = [
    "2026-12-02",
    "2026-12-03",
    "2026-12-04",
    "2026-12-07",
    "2026-12-08",
    "2026-12-09",
    "2026-12-10",
    "2026-12-11",
];

/// A hold with its form filled in: its path and secret.
async fn held(town: &Town, date: &str, name: &str) -> (String, String) {
    let place = json!({"location": "glowny", "service": "meldunek", "date": date, "time": "10:00"});
    let held = town.caller().post("/api/v1/offices/torun/holds", place).await;
    assert_eq!(held.status, StatusCode::CREATED, "{held:?}");
    let (path, secret) = (format!("/api/v1/holds/{}", held.text("hold")), held.text("secret"));
    let fields = json!({"fields": {"name": name}, "consents": {}});
    let saved = town.caller().with(&secret).call("PUT", &format!("{path}/form"), fields).await;
    assert_eq!(saved.status, StatusCode::NO_CONTENT, "{name:?}: {saved:?}");
    (path, secret)
}

/// From the hold to the answer of the confirmation; the code is requested as typed and read where it was delivered.
async fn booked(town: &Town, date: &str, name: &str, typed: serde_json::Value, to: &str) -> Answer {
    let (path, secret) = held(town, date, name).await;
    let caller = town.caller().with(&secret);
    let sent = caller.post(&format!("{path}/code"), typed.clone()).await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{typed}: {sent:?}");
    let code = town.code(to).await;
    caller.post(&format!("{path}/confirm"), json!({"code": code})).await
}

#[tokio::test]
async fn a_phone_that_is_right_gets_its_code_however_it_was_pasted() {
    let town = Town::start().await;
    for (n, typed) in [
        "\u{202a}+48 601 234 50N\u{202c}",
        "\u{2068}601 234 50N\u{2069}",
        "601\u{200b}234\u{200b}50N",
        "601\u{2011}234\u{2011}50N",
        "601\u{202f}234\u{2009}50N\t",
        "tel:+4860123450N",
        "601 234 50N,",
        "+48 (0) 601 234 50N",
    ]
    .into_iter()
    .enumerate()
    {
        let phone = typed.replace('N', &n.to_string());
        let to = format!("+4860123450{n}");
        let answer = booked(&town, DAYS[n], "Anna Nowak", json!({"phone": phone}), &to).await;
        assert_eq!(answer.status, StatusCode::OK, "{phone:?}: {answer:?}");
    }
    let (path, secret) = held(&town, DAYS[0], "Jan Kowalski").await;
    for (phone, says) in
        [("6O1 234 567", "litery"), ("601 234 567 wew. 12", "wewnętrznym"), ("601 234", "9 cyfr")]
    {
        let told = town.caller().with(&secret).post(&format!("{path}/code"), json!({"phone": phone})).await;
        let text = told.body["fields"]["phone"].as_str().unwrap_or_default();
        assert!(told.status == StatusCode::UNPROCESSABLE_ENTITY && text.contains(says), "{phone}: {told:?}");
    }
    let to = "jan@xn--toru-e2a.pl";
    let answer = booked(&town, DAYS[1], "Jan Kowalski", json!({"email": "mailto:jan@toruń.pl"}), to).await;
    assert_eq!(answer.status, StatusCode::OK, "mail goes to the ASCII form: {answer:?}");
}

#[tokio::test]
async fn one_person_has_one_visit_however_the_name_is_written_and_is_told_after_the_proof_alone() {
    let town = Town::start().await;
    let first = booked(&town, DAYS[0], "Józef Żak", json!({"phone": PHONE}), PHONE).await;
    let address = first.body["reservation"]["manage_url"].as_str().unwrap().to_owned();
    for (n, name) in [
        "Jo\u{301}zef Z\u{307}ak",
        "Józef\u{200b} Żak",
        "Józef Ż\u{ad}ak",
        "\u{202a}józef \u{2060} ŻAK\u{202c}",
    ]
    .into_iter()
    .enumerate()
    {
        town.advance("PT61M").await;
        let told = booked(&town, DAYS[n + 1], name, json!({"phone": PHONE}), PHONE).await;
        assert_eq!((told.status.as_u16(), told.code()), (409, "limit_reached"), "{name:?}: {told:?}");
        assert_eq!(told.text("manage_url"), address, "proved: the way to their own visit");
    }
    let other = booked(&town, DAYS[6], "Józefa Żak", json!({"phone": "+48601234568"}), "+48601234568").await;
    assert_eq!(other.status, StatusCode::OK, "{other:?}");
}

#[tokio::test]
async fn the_aliases_of_a_mailbox_are_one_person() {
    let town = Town::start().await;
    let mail = |address: &str| json!({"email": address});
    let first = booked(&town, DAYS[0], "Jan Kowalski", mail("jan+1@example.org"), "jan+1@example.org").await;
    assert_eq!(first.status, StatusCode::OK, "{first:?}");
    let second = booked(&town, DAYS[1], "Jan Kowalski", mail("jan+2@example.org"), "jan+2@example.org").await;
    assert_eq!((second.status.as_u16(), second.code()), (409, "limit_reached"), "{second:?}");
}

#[tokio::test]
async fn a_visit_that_was_counted_in_the_old_way_counts_until_it_has_passed() {
    let town = Town::start().await;
    // As names used to be compared: in lowercase, with single spaces, diacritics kept.
    let mac = town.world.keys.mac("person", &[b"torun", PHONE.as_bytes(), "józef żak".as_bytes()]);
    let key = format!("active/torun/meldunek/{}/1", base32::encode(&mac[..16]));
    let until = town.world.clock.now().plus(Span::from_hours(48));
    let append = Append {
        office: "torun".into(),
        stream: "test/old".into(),
        expected: 0,
        at: town.world.clock.now(),
        events: Vec::new(),
        receipts: Vec::new(),
        claims: vec![ClaimChange::Take { key, holder: "an older visit".into(), until }],
        vault: Vec::new(),
        wake: None,
    };
    town.engine().append(&[&append], &[]).await.unwrap();
    let told = booked(&town, DAYS[1], "Józef Żak", json!({"phone": PHONE}), PHONE).await;
    assert_eq!((told.status.as_u16(), told.code()), (409, "limit_reached"), "{told:?}");
    assert!(told.body.get("manage_url").is_none(), "nobody knows whose it is");
    town.advance("PT49H").await;
    let later = booked(&town, DAYS[4], "Józef Żak", json!({"phone": PHONE}), PHONE).await;
    assert_eq!(later.status, StatusCode::OK, "{later:?}");
}

#[tokio::test]
async fn a_form_that_is_changed_after_the_code_counts_for_the_person_in_it() {
    let town = Town::start().await;
    let first = booked(&town, DAYS[0], "Anna Nowak", json!({"phone": PHONE}), PHONE).await;
    assert_eq!(first.status, StatusCode::OK);
    town.advance("PT61M").await;
    let (path, secret) = held(&town, DAYS[1], "Ewa Nowak").await;
    let caller = town.caller().with(&secret);
    caller.post(&format!("{path}/code"), json!({"phone": PHONE})).await;
    let code = town.code(PHONE).await;
    let fields = json!({"fields": {"name": "Anna Nowak"}, "consents": {}});
    caller.call("PUT", &format!("{path}/form"), fields).await;
    let told = caller.post(&format!("{path}/confirm"), json!({"code": code})).await;
    assert_eq!((told.status.as_u16(), told.code()), (409, "limit_reached"), "{told:?}");
    let fields = json!({"fields": {"name": "Ewa Nowak"}, "consents": {}});
    caller.call("PUT", &format!("{path}/form"), fields).await;
    let done = caller.post(&format!("{path}/confirm"), json!({"code": code})).await;
    assert_eq!(done.status, StatusCode::OK, "the proof is not lost: {done:?}");
}

/// A field for the number of children, with an id that means nothing to the program.
pub fn children(id: &str, means: Option<Means>) -> Field {
    Field {
        id: id.into(),
        kind: FieldType::Number,
        label: Text::polish("Ile dzieci?"),
        required: true,
        options: Vec::new(),
        pattern: None,
        example: "2".into(),
        help: Text::default(),
        only_if: None,
        means,
        past: None,
        age_min: None,
        agrees_with: None,
    }
}
