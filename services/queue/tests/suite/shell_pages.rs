//! The pages of ticket machine and desk as used by a browser without scripts, and their texts.

use crate::common::world;

use http::StatusCode;
use serde_json::json;
use world::*;

const DAY: &str = "2026-12-01";

#[test]
fn every_text_is_there_in_every_language() {
    okienko_web::check_same_keys(&okienko_queue::texts());
}

#[test]
fn the_description_names_every_route_of_the_api() {
    let told = serde_json::to_value(okienko_queue::openapi()).unwrap();
    let paths: Vec<&str> = told["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "/api/v1/desk",
            "/api/v1/desk/{act}",
            "/api/v1/kiosk/check-ins",
            "/api/v1/kiosk/tickets",
            "/api/v1/reception/admit",
            "/api/v1/reception/find",
            "/api/v1/reception/refuse"
        ]
    );
}

#[tokio::test]
async fn a_ticket_is_taken_with_forms_alone_and_a_form_sent_twice_gives_one() {
    let town = Town::at(DAY, "07:30").await;
    let (_, _, home) = town.page("/kiosk", &kiosk()).await;
    assert!(home.contains("href=\"/kiosk/code\"") && home.contains("href=\"/kiosk/services\""));
    let (_, _, services) = town.page("/kiosk/services", &kiosk()).await;
    assert!(services.contains("Meldunek") && !services.contains("Ślub"));
    let key = services.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let wish = format!("service=dowod&key={key}");
    let (status, to, _) = town.form("/kiosk/tickets", &kiosk(), &wish).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(town.form("/kiosk/tickets", &kiosk(), &wish).await.1, to);
    let (status, _, ticket) = town.page(&to, &kiosk()).await;
    assert!(
        status == StatusCode::OK
            && ticket.contains("A001")
            && ticket.contains("data-return=\"30\"")
            && ticket.contains("data-printed=\"10\"")
    );
    let (status, _, forged) = town.page("/kiosk/ticket/forged", &kiosk()).await;
    assert!(status == StatusCode::NOT_FOUND && forged.contains("Nie ma dziś takiego biletu"), "{forged}");
    assert!(!ticket.contains("minut"), "no counter is open: nothing is said of the wait");
    assert!(
        ticket.contains("żadne stanowisko nie przyjmuje") && !ticket.contains("Następny numer"),
        "{ticket}"
    );
    assert!(!ticket.contains("Weź bilet"), "nobody knows of a printer");
    assert_eq!(town.desk("1", "open", json!({})).await, "free");
    let (_, _, next) = town.page(&to, &kiosk()).await;
    assert!(next.contains("Następny numer to Twój") && next.contains("do 5 minut"), "{next}");
    let wait = town.walk_in().await;
    let (low, high) = (&wait["expected_wait"]["low_min"], &wait["expected_wait"]["high_min"]);
    let (_, _, second) =
        town.page(&format!("/kiosk/ticket/{}", wait["token"].as_str().unwrap()), &kiosk()).await;
    let told = if low == 0 { format!("do {high} minut") } else { format!("około {low}–{high} minut") };
    assert!(second.contains("Przed Tobą 1 osoba") && second.contains(&told), "{told}: {second}");
}

#[tokio::test]
async fn a_wrong_code_leads_back_to_an_empty_entry_that_says_why() {
    let town = Town::at(DAY, "07:30").await;
    town.book(1, DAY, "08:00", "40000001").await;
    let (status, _, page) = town.form("/kiosk/code", &kiosk(), "code=41111111").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(page.contains("Na dziś nie ma tu rezerwacji") && !page.contains("41111111"));
    let (status, to, _) = town.form("/kiosk/code", &kiosk(), "code=40000001").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(town.page(&to, &kiosk()).await.2.contains("R001"));
}

#[tokio::test]
async fn a_clerk_works_with_forms_alone_and_is_told_what_was_refused() {
    let town = Town::at(DAY, "07:30").await;
    town.walk_in().await;
    let (status, to, _) = town.form("/desk/do/open", &clerk("1"), "").await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/desk"));
    assert_eq!(town.form("/desk/do/call-next", &clerk("1"), "").await.0, StatusCode::SEE_OTHER);
    let (status, _, page) = town.form("/desk/do/call-next", &clerk("1"), "").await;
    assert!(status == StatusCode::CONFLICT && page.contains("Przy stanowisku jest już klient"));
    let (_, _, page) = town.page("/desk", &clerk("1")).await;
    assert!(page.contains("A001") && page.contains("data-state=\"called\"") && page.contains("/assets/desk"));
    assert_eq!(
        town.form("/desk/do/transfer", &clerk("1"), "service=meldunek").await.0,
        StatusCode::SEE_OTHER
    );
    assert_eq!(town.desk("1", "call-next", json!({})).await, "called A001 1");
}

#[tokio::test]
async fn a_browser_that_is_not_signed_in_is_led_to_sign_in() {
    let town = Town::at(DAY, "07:30").await;
    for path in ["/kiosk", "/desk"] {
        let (status, to, _) = town.page(path, "").await;
        assert!(status.is_redirection() && to.starts_with("/sign-in?to="), "{path}: {status} {to}");
    }
}

#[tokio::test]
async fn many_services_are_chosen_by_category_first() {
    let town = Town::at(DAY, "07:30").await;
    let mut office = office("torun", 1);
    office.version = 2;
    for n in 0..6 {
        let mut more = office.services[0].clone();
        (more.id, more.name) = (format!("auto-{n}"), format!("Pojazd {n}"));
        (more.category, more.category_name) = ("pojazdy/inne".into(), "Pojazdy".into());
        office.services.push(more);
    }
    let published = okienko_proto::booking::OfficePublished { office: Some(office) };
    town.tell(fact("office_published", published)).await;
    let (_, _, groups) = town.page("/kiosk/services", &kiosk()).await;
    assert!(groups.contains("Pojazdy") && groups.contains("6 spraw") && !groups.contains("Pojazd 1"));
    assert!(groups.contains("href=\"/kiosk/services?category=pojazdy%2Finne\""));
    let (_, _, list) = town.page("/kiosk/services?category=pojazdy%2Finne", &kiosk()).await;
    assert!(list.contains("Pojazd 1") && !list.contains("Meldunek"));
}

#[tokio::test]
async fn reception_finds_a_late_visitor_and_lets_them_in_with_forms_alone() {
    let town = Town::at(DAY, "07:30").await;
    town.book(1, DAY, "12:00", "40000001").await;
    assert_eq!(town.page("/reception", &kiosk()).await.0, StatusCode::FORBIDDEN);
    assert!(town.page("/reception", &reception()).await.2.contains("name=\"code\""));
    town.advance_to(moment(DAY, "11:30")).await;
    let (_, _, found) = town.form("/reception", &reception(), "code=40000001").await;
    assert!(found.contains("jeszcze się nie zgłosiła") && found.contains("12:00"));
    let (status, _, page) = town.form("/reception/admit", &reception(), "code=40000001").await;
    assert!(status == StatusCode::OK && page.contains("R001"));
    let (_, _, again) = town.form("/reception", &reception(), "code=40000001").await;
    assert!(!again.contains("/reception/admit"));
    assert!(again.contains("przyjęta, czeka na umówioną godzinę") && !again.contains("nie zgłosiła"));
    // A refusal without a reason shows the error summary first, with a link to the missing field.
    let (status, _, page) = town.form("/reception/refuse", &reception(), "code=40000001").await;
    let summary = page.find("data-error-summary").zip(page.find("12:00"));
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("href=\"#f-reason\""));
    assert!(summary.is_some_and(|(summary, person)| summary < person));
    let (status, _, page) = town.form("/reception", &reception(), "code=49999999").await;
    assert!(status == StatusCode::NOT_FOUND && page.contains("Na dziś nie ma tu rezerwacji"));
}

#[tokio::test]
async fn the_language_that_a_visitor_of_the_machine_chooses_ends_with_the_visitor() {
    let town = Town::at("2026-12-01", "08:00").await;
    let look = async |path: &str, cookie: &str| {
        let request =
            http::Request::builder().uri(path).header("accept", "text/html").header("cookie", cookie);
        let request = request.header("authorization", format!("Bearer {}", kiosk()));
        let request = request.body(axum::body::Body::empty()).unwrap();
        let response = tower::ServiceExt::oneshot(town.router.clone(), request).await.unwrap();
        let kept = response.headers().get("set-cookie").map_or("", |line| line.to_str().unwrap()).to_owned();
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        let page = String::from_utf8(body.to_vec()).unwrap();
        let language = page.split_once("<html lang=\"").unwrap().1[..2].to_owned();
        (language, kept)
    };
    for path in ["/kiosk", "/kiosk/services", "/kiosk/code"] {
        let (language, kept) = look(&format!("{path}?lang=uk"), "").await;
        assert_eq!(
            (language.as_str(), &*kept),
            ("uk", "visitor_lang=uk; Path=/kiosk; HttpOnly; SameSite=Lax; Max-Age=180")
        );
        assert_eq!(look(path, "visitor_lang=uk").await.0, "uk", "{path}: the same visitor goes on");
        // Left in the machine's browser by a citizens' page or an older version.
        assert_eq!(look(path, "lang=uk").await, ("pl".to_owned(), String::new()), "{path}");
        // The first screen, where each visit ends.
        let (language, kept) = look("/kiosk?lang=pl", "visitor_lang=uk").await;
        assert!(language == "pl" && kept.starts_with("visitor_lang=pl;"), "{kept}");
    }
}
