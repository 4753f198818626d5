//! The account pages without scripts: from "create an account" to a visit and its end, and that viewing a link does
//! nothing.

use crate::support::Town;
use crate::support::browser::Browser;
use axum::body::Body;
use http::{Request, StatusCode};
use okienko_office::{AccountRule, AskedAt, Consent, Office, Proof};
use serde_json::json;
use tower::ServiceExt;

const EMAIL: &str = "anna.nowak@example.org";
const PASSWORD: &str = "kilka zwykłych słów";
const HOURS: &str = "/torun/book?service=meldunek&location=glowny&date=2026-12-02";

fn with_accounts(office: &mut Office) {
    office.account = AccountRule::Required;
    let consent = |id: &str, asked| Consent {
        id: id.into(),
        version: "2026-01".into(),
        required: true,
        label: office.name.clone(),
        url: "https://example.org/tekst".into(),
        asked,
    };
    office.consents = vec![consent("regulamin", AskedAt::Account)];
    office.services.iter_mut().find(|it| it.id == "meldunek").unwrap().proof = vec![Proof::Account];
}

async fn town() -> Town {
    Town::with(with_accounts).await
}

/// A browser whose user has an active account but is not signed in.
async fn citizen(town: &Town) -> Browser {
    let mut browser = town.browser();
    browser.open("/torun/account").await.follow("Utwórz konto").await;
    browser.press("Utwórz konto", &[("email", EMAIL), ("consent-regulamin", "true")]).await;
    assert_eq!(browser.title(), "Sprawdź pocztę");
    let link = town.link(EMAIL).await;
    browser.open(&link).await;
    assert_eq!(browser.title(), "Aktywuj konto");
    browser.press("Aktywuj konto", &[("password", PASSWORD)]).await;
    assert!(browser.says("Konto jest aktywne"));
    browser
}

async fn signed_in(town: &Town) -> Browser {
    let mut browser = citizen(town).await;
    browser.press("Zaloguj się", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(browser.title(), "Moje konto");
    browser
}

#[tokio::test]
async fn whoever_is_not_signed_in_signs_in_on_the_way_and_comes_back_to_the_same_hours() {
    let town = town().await;
    let mut browser = citizen(&town).await;
    browser.open(HOURS).await.press("09:00", &[]).await;
    assert!(browser.title() == "Zaloguj się" && browser.says("wrócisz do wyboru terminu"));
    browser.press("Zaloguj się", &[("email", EMAIL), ("password", "nie to hasło wcale")]).await;
    assert_eq!(browser.status, StatusCode::FORBIDDEN);
    assert!(!browser.says("Brak dostępu"), "a wrong password is no shut door");
    assert!(browser.says("Adres albo hasło się nie zgadza") && !browser.html.contains("nie to has"));
    // Announced at once to screen readers, and focused.
    assert!(
        browser.html.contains("role=\"alert\" tabindex=\"-1\"")
            && browser.html.contains("data-error-summary")
    );
    browser.press("Zaloguj się", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(browser.at, HOURS);
    browser.open("/torun/account?to=/torun/book%3Fservice%3Dmeldunek").await;
    assert!(
        browser.at.starts_with("/torun/book?service=meldunek"),
        "who is signed in goes on: {}",
        browser.at
    );
    browser.open(HOURS).await;
    browser.press("09:00", &[]).await.press("Dalej", &[("name", "Anna Nowak")]).await;
    assert_eq!(browser.title(), "Sprawdź i zatwierdź wizytę");
    browser.press("OK", &[]).await;
    assert_eq!(browser.title(), "Wizyta potwierdzona", "no phone, no code");
    town.settled().await;
    assert!(town.phone.list(EMAIL).pop().unwrap().subject.unwrap().contains("rezerwacja"));
    browser.open("/torun/account").await;
    assert!(browser.says("środa, 2 grudnia 2026, godz. 09:00") && browser.says("Wizyta potwierdzona"));
    browser.follow("Odwołaj wizytę").await.press("Tak, odwołaj wizytę", &[]).await;
    town.settled().await;
    browser.open("/torun/account").await;
    assert!(browser.says("Wizyta odwołana") && !browser.says("Odwołaj wizytę"));
}

#[tokio::test]
async fn where_one_needs_an_account_the_first_step_says_so_and_a_new_one_leads_back_to_where_it_was_asked_for()
 {
    let town = town().await;
    let mut browser = town.browser();
    browser.open("/torun/book").await;
    assert!(browser.says("trzeba mieć konto"), "{}", browser.words());
    browser.open(HOURS).await.press("09:00", &[]).await.follow("Utwórz konto").await;
    browser.press("Utwórz konto", &[("email", EMAIL), ("consent-regulamin", "true")]).await;
    let link = town.link(EMAIL).await;
    browser.open(&link).await.press("Aktywuj konto", &[("password", PASSWORD)]).await;
    assert!(browser.says("Konto jest aktywne") && browser.says("wrócisz do wyboru terminu"));
    browser.press("Zaloguj się", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(browser.at, HOURS);
    assert!(!browser.says("trzeba mieć konto"), "who is signed in is not told");
    let way = browser.cookies.iter().find(|(name, ..)| name == "way");
    assert!(way.is_none_or(|(_, value, _)| value.is_empty()), "the way was gone once: {way:?}");
}

#[tokio::test]
async fn a_link_that_is_only_looked_at_does_nothing_however_often_and_by_whom() {
    let town = town().await;
    town.browser()
        .open("/torun/account/new")
        .await
        .press("Utwórz konto", &[("email", EMAIL), ("consent-regulamin", "true")])
        .await;
    let activation = town.link(EMAIL).await;
    looked_at(&town, &activation).await;
    let caller = town.caller();
    let entry = json!({ "email": EMAIL, "password": PASSWORD });
    let sessions = "/api/v1/offices/torun/sessions";
    assert_eq!(caller.post(sessions, entry.clone()).await.code(), "forbidden");
    let mut browser = town.browser();
    browser.open(&activation).await.press("Aktywuj konto", &[("password", PASSWORD)]).await;
    let session = caller.post(sessions, entry.clone()).await.text("session");
    browser.open("/torun/account/reset").await.press("Wyślij link", &[("email", EMAIL)]).await;
    let reset = town.link(EMAIL).await;
    looked_at(&town, &reset).await;
    let body = json!({ "email": "nowa@example.org", "password": PASSWORD });
    let asked = caller.with(&session).post("/api/v1/offices/torun/accounts/address", body).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "the session lives on");
    looked_at(&town, &town.link("nowa@example.org").await).await;
    assert_eq!(caller.post(sessions, entry).await.status, StatusCode::OK);
    browser.open(&reset).await.press("Zapisz hasło", &[("password", "całkiem nowe hasło")]).await;
    assert!(browser.says("Nowe hasło jest zapisane"));
    browser.open(&reset).await;
    assert_eq!((browser.status, browser.title().as_str()), (StatusCode::GONE, "Ten link już nie działa"));
}

/// Opens an address twice by GET and twice by HEAD; the journal must stay unchanged.
async fn looked_at(town: &Town, path: &str) {
    town.settled().await;
    let before = town.booking.positions();
    for method in ["GET", "HEAD", "GET", "HEAD"] {
        let request = Request::builder().method(method).uri(path).header("accept", "text/html");
        let answer = town.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{method} {path}");
        assert!(!answer.headers().contains_key("set-cookie"));
    }
    town.settled().await;
    assert_eq!(town.booking.positions(), before, "{path}");
}

#[tokio::test]
async fn the_session_is_a_cookie_of_this_office_that_scripts_cannot_read_and_other_sites_cannot_use() {
    let town = town().await;
    let mut browser = signed_in(&town).await;
    let session = browser.cookies.iter().find(|(name, _, _)| name.contains("session")).unwrap();
    // Over HTTPS the cookie is bound to the host, and its name includes the office.
    assert_eq!((session.0.as_str(), session.2.as_str()), ("__Host-session-torun", "/"));
    browser.origin = "http://evil.test";
    browser.press("Wyloguj się", &[]).await;
    assert_eq!(browser.status, StatusCode::FORBIDDEN);
    browser.origin = "http://town.test";
    browser.open("/torun/account").await.press("Wyloguj się", &[]).await;
    assert!(browser.says("Wylogowaliśmy Cię"));
    // A copy of the cookie is invalid too.
    let mut copy = town.browser();
    copy.cookies = browser.cookies.iter().filter(|(_, value, _)| !value.is_empty()).cloned().collect();
    copy.open("/torun/account").await;
    assert_eq!(copy.title(), "Zaloguj się");
}

#[tokio::test]
async fn a_form_with_faults_names_each_and_keeps_the_address_but_never_the_password() {
    let town = town().await;
    let mut browser = town.browser();
    browser.open("/torun/account/new").await;
    browser.press("Utwórz konto", &[("email", EMAIL)]).await;
    assert_eq!(browser.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.html.contains("href=\"#f-consent-regulamin\""));
    assert!(browser.html.contains(&format!("value=\"{EMAIL}\"")));
    browser.press("Utwórz konto", &[("consent-regulamin", "true")]).await;
    let link = town.link(EMAIL).await;
    browser.open(&link).await;
    assert!(browser.says("Od 10 do 128 znaków"));
    browser.press("Aktywuj konto", &[("password", "krótkie")]).await;
    assert_eq!(browser.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.says("Wpisz co najmniej 10") && browser.html.contains("href=\"#f-password\""));
    assert!(!browser.html.contains("krótkie"));
    browser.press("Aktywuj konto", &[("password", PASSWORD)]).await;
    assert!(browser.says("Konto jest aktywne"), "the page of the fault is a way on: {}", browser.words());
}

#[tokio::test]
async fn an_account_is_deleted_only_with_its_password_and_says_so() {
    let town = town().await;
    let mut browser = signed_in(&town).await;
    browser.follow("Usuń konto").await.press("Usuń konto", &[("password", "nie to hasło wcale")]).await;
    assert_eq!(browser.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.press("Usuń konto", &[("password", PASSWORD)]).await;
    assert!(browser.says("Konto jest usunięte"));
    browser.press("Zaloguj się", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(browser.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_office_without_accounts_has_no_such_pages() {
    let town = Town::start().await;
    for path in ["/torun/account", "/torun/account/new", "/torun/account/reset", "/torun/account/activate/x"]
    {
        let mut browser = town.browser();
        browser.open(path).await;
        assert_eq!(browser.status, StatusCode::NOT_FOUND, "{path}");
    }
}
