//! The citizens' pages without scripts: links, forms, redirects, and a phone that receives codes.

use crate::support::Town;
use crate::support::browser::Browser;
use crate::support::crowd::SERVICE;
use http::StatusCode;
use serde_json::json;

const PHONE: &str = "601 234 567";
const E164: &str = "+48601234567";
const HOURS: &str = "/torun/book?service=dzialalnosc-gospodarcza&location=glowny&date=2026-12-02";

/// A browser at the form of a held hour.
async fn held(town: &Town) -> Browser {
    let mut browser = town.browser();
    browser.open(HOURS).await.press("09:00", &[]).await;
    assert_eq!(browser.title(), "Kto przyjdzie?");
    browser
}

/// A browser at the page where the code is entered.
async fn waiting_for_code(town: &Town) -> Browser {
    let mut browser = held(town).await;
    browser.press("Dalej", &[("name", "Anna Nowak")]).await.press("Wyślij kod", &[("phone", PHONE)]).await;
    assert_eq!(browser.title(), "Wpisz kod z SMS-a");
    browser
}

/// A browser at the page of a confirmed visit.
async fn confirmed(town: &Town) -> Browser {
    let mut browser = waiting_for_code(town).await;
    let code = town.code(E164).await;
    browser.press("Potwierdź wizytę", &[("code", &code)]).await;
    assert_eq!(browser.title(), "Wizyta potwierdzona");
    browser
}

#[tokio::test]
async fn a_visit_is_booked_seen_and_cancelled_by_links_and_forms_alone() {
    let town = Town::start().await;
    let mut browser = town.browser();
    browser.open("/").await.follow("Urząd Miasta Torunia").await;
    assert!(browser.says("środa–piątek 07:30–15:30") && browser.says("W części sal usłyszysz też zapowiedź"));
    browser.follow("Umów wizytę").await;
    assert!(browser.says("Krok 1 z 5"));
    browser.press("Szukaj", &[("q", "dowodu")]).await.follow("Wniosek o dowód osobisty").await;
    assert!(browser.says("Krok 2 z 5") && browser.says("Najbliższy wolny dzień: wtorek, 1 grudnia 2026"));
    browser.follow("Urząd Miasta – budynek główny").await;
    assert!(browser.says("Krok 3 z 5") && browser.says("Najbliższe wolne terminy"));
    browser.press("środa, 2 grudnia 2026", &[]).await.press("09:15", &[]).await;
    assert!(browser.says("Krok 4 z 5") && browser.says("środa, 2 grudnia 2026, godz. 09:15"));
    assert!(browser.says("Trzymamy dla Ciebie tę godzinę jeszcze 10:00"));
    browser.press("Dalej", &[("name", "Anna Nowak")]).await;
    assert!(browser.says("Krok 5 z 5"));
    browser.press("Wyślij kod", &[("phone", PHONE)]).await;
    assert!(browser.says("+48 601 *** 567") && browser.says("Kod jest ważny do 07:10"));
    let code = town.code(E164).await;
    browser.press("Potwierdź wizytę", &[("code", &format!("Kod: {} {}", &code[..3], &code[3..]))]).await;
    assert_eq!((browser.status, browser.title().as_str()), (StatusCode::OK, "Wizyta potwierdzona"));
    assert!(browser.at.starts_with("/torun/visit/"), "{}", browser.at);
    for said in [
        "środa, 2 grudnia 2026, godz. 09:15",
        "Wały gen. Sikorskiego 8",
        "Przyjdź 5–10 minut",
        "R001",
        "Weź dotychczasowy dowód",
    ] {
        assert!(browser.says(said), "{said}");
    }
    let address = browser.at.clone();
    browser.follow("Odwołaj wizytę").await;
    // Viewing is not cancelling.
    assert!(browser.says("Czy odwołać wizytę?"));
    browser.open(&address).await;
    assert_eq!(browser.title(), "Wizyta potwierdzona");
    browser.follow("Odwołaj wizytę").await.press("Tak, odwołaj wizytę", &[]).await;
    assert_eq!((browser.at.as_str(), browser.title().as_str()), (address.as_str(), "Wizyta odwołana"));
    browser.open(&format!("{address}/cancel")).await;
    assert_eq!(browser.at, address);
}

#[tokio::test]
async fn a_landline_is_named_at_its_field_and_stays_there() {
    let town = Town::start().await;
    let mut browser = held(&town).await;
    browser.press("Dalej", &[("name", "Anna Nowak")]).await;
    for (typed, said) in
        [("56 611 86 66", "Na ten numer nie wyślemy SMS-a"), ("12", "9 cyfr"), ("", "9 cyfr")]
    {
        browser.press("Wyślij kod", &[("phone", typed)]).await;
        assert_eq!(browser.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(browser.says(said) && browser.html.contains("href=\"#f-phone\""), "{typed}");
        assert!(browser.html.contains(&format!("value=\"{typed}\"")));
    }
    browser.press("Wyślij kod", &[("phone", PHONE)]).await;
    assert_eq!(browser.title(), "Wpisz kod z SMS-a");
}

#[tokio::test]
async fn an_empty_form_says_what_to_write_and_a_saved_one_is_kept() {
    let town = Town::start().await;
    let mut browser = held(&town).await;
    browser.press("Dalej", &[("name", "  ")]).await;
    assert_eq!(browser.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.says("Wypełnij to pole.") && browser.html.contains("href=\"#f-name\""));
    browser.press("Dalej", &[("name", "Anna <Nowak>")]).await.follow("Wstecz").await;
    assert!(browser.html.contains("value=\"Anna &lt;Nowak&gt;\""));
}

#[tokio::test]
async fn a_wrong_code_shows_the_attempts_that_are_left_and_a_short_one_costs_none() {
    let town = Town::start().await;
    let mut browser = waiting_for_code(&town).await;
    let code = town.code(E164).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    browser.press("Potwierdź wizytę", &[("code", "12 34")]).await;
    assert_eq!(browser.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.says("Kod ma 6 cyfr."));
    browser.press("Potwierdź wizytę", &[("code", wrong)]).await;
    assert!(browser.says("Zostały 4 próby."), "{}", browser.words());
    assert!(browser.says("Kod się nie zgadza."), "that it was wrong is said: {}", browser.words());
    assert!(browser.html.contains("<title>Błąd: Wpisz kod z SMS-a"), "{}", browser.html);
    for _ in 0..4 {
        browser.press("Potwierdź wizytę", &[("code", wrong)]).await;
    }
    assert!(browser.title() == "Ten kod już nie działa" && browser.says("Wyślij nowy kod i wpisz go."));
    assert!(!browser.html.contains("name=\"code\""), "nothing can be typed in vain: {}", browser.words());
    browser.open(&browser.at.clone()).await.press("Potwierdź wizytę", &[("code", &code)]).await;
    assert_eq!(browser.status, StatusCode::GONE);
    assert!(browser.says("Poproś o nowy kod"));
    town.advance("PT31S").await;
    browser.press("Wyślij kod jeszcze raz", &[]).await;
    assert!(browser.says("Wysłaliśmy kod jeszcze raz."));
    let code = town.code(E164).await;
    browser.press("Potwierdź wizytę", &[("code", &code)]).await;
    assert_eq!(browser.title(), "Wizyta potwierdzona");
}

#[tokio::test]
async fn another_code_waits_its_pause_and_another_number_gets_its_own() {
    let town = Town::start().await;
    let mut browser = waiting_for_code(&town).await;
    assert!(browser.says("Nowy kod możesz wysłać za 30 sekund. Przycisk zadziała najpóźniej o 07:01."));
    let resend = browser.html.split("code/resend").nth(1).unwrap().split("</form>").next().unwrap();
    assert!(resend.contains(" disabled") && resend.contains("data-wait=\"30\""), "{resend}");
    assert!(browser.html.contains("<noscript>") && browser.says("Sprawdź, czy już można"));
    browser.press("Wyślij kod jeszcze raz", &[]).await;
    assert!(browser.at.ends_with("/code?notice=wait") && browser.says("30 sekund"));
    assert_eq!(town.phone.list(E164).len(), 1);
    // Back to the number, and the same one again: the code already sent stays valid.
    browser.follow("Zmień numer").await.press("Wyślij kod", &[]).await;
    assert_eq!(browser.title(), "Wpisz kod z SMS-a");
    browser.follow("Zmień numer").await.press("Wyślij kod", &[("phone", "602 345 678")]).await;
    assert!(browser.says("+48 602 *** 678"));
    let code = town.code("+48602345678").await;
    browser.press("Potwierdź wizytę", &[("code", &code)]).await;
    assert_eq!(browser.title(), "Wizyta potwierdzona");
}

#[tokio::test]
async fn a_code_may_come_by_mail() {
    let town = Town::start().await;
    let mut browser = held(&town).await;
    browser.press("Dalej", &[("name", "Anna Nowak")]).await.follow("e-mailem").await;
    browser.press("Wyślij kod", &[("email", "anna")]).await;
    assert!(browser.says("Wpisz adres e-mail") && browser.html.contains("href=\"#f-email\""));
    browser.press("Wyślij kod", &[("email", "anna@example.org")]).await;
    assert!(browser.says("a***@example.org"));
    let code = town.code("anna@example.org").await;
    browser.press("Potwierdź wizytę", &[("code", &code)]).await;
    assert_eq!(browser.title(), "Wizyta potwierdzona");
}

#[tokio::test]
async fn a_hold_that_is_over_leads_to_its_hours_from_every_page() {
    let town = Town::start().await;
    let mut browser = held(&town).await;
    let form = browser.at.clone();
    town.advance("PT10M").await;
    browser.press("Dalej", &[("name", "Anna Nowak")]).await;
    assert_eq!((browser.status, browser.title().as_str()), (StatusCode::GONE, "Czas na dokończenie minął"));
    for page in ["", "/phone", "/code"] {
        browser.open(&format!("{form}{page}")).await;
        assert_eq!(browser.status, StatusCode::GONE);
    }
    browser.follow("Wybierz godzinę").await;
    assert_eq!(browser.at, HOURS);
    browser.press("09:00", &[]).await;
    assert_eq!(browser.title(), "Kto przyjdzie?");
}

#[tokio::test]
async fn confirming_twice_is_one_visit_and_every_page_of_the_hold_leads_to_it() {
    let town = Town::start().await;
    let mut first = waiting_for_code(&town).await;
    let hold = first.at.trim_end_matches("/code").to_owned();
    // The same page in a second tab.
    let mut second = town.browser();
    second.cookies.clone_from(&first.cookies);
    second.open(&first.at).await;
    let code = town.code(E164).await;
    first.press("Potwierdź wizytę", &[("code", &code)]).await;
    second.press("Potwierdź wizytę", &[("code", &code)]).await;
    assert_eq!((second.at.as_str(), second.title().as_str()), (first.at.as_str(), "Wizyta potwierdzona"));
    for page in ["", "/phone", "/code", "/release"] {
        second.open(&format!("{hold}{page}")).await;
        assert_eq!(second.at, first.at, "{page}");
    }
}

#[tokio::test]
async fn days_without_hours_say_why() {
    let town = Town::start().await;
    let mut browser = town.browser();
    let day = |date: &str| HOURS.replace("2026-12-02", date);
    for (date, said) in [
        ("2026-11-30", "Ten dzień już minął."),
        ("2026-12-06", "W tym dniu nie przyjmujemy."),
        ("2027-01-20", "Zapisy na ten dzień ruszą 21 grudnia 2026 o 00:00."),
    ] {
        browser.open(&day(date)).await;
        assert!(browser.status == StatusCode::OK && browser.says(said), "{date}: {}", browser.words());
        assert!(!browser.html.contains("class=\"hour\""));
    }
    for hour in 15..31 {
        let time = format!("{:02}:{:02}", hour / 2, hour % 2 * 30);
        // Each from their own network: one network with so many holds would have to work for them.
        let wish = json!({"location": "glowny", "service": SERVICE, "date": "2026-12-02", "time": time});
        let network = format!("198.51.100.{hour}");
        let held = town.caller().from(&network).post("/api/v1/offices/torun/holds", wish).await;
        assert_eq!(held.status, StatusCode::CREATED, "{time}: {}", held.body);
    }
    browser.open(HOURS).await;
    assert!(browser.says("Limit miejsc na ten dzień jest wyczerpany."), "{}", browser.words());
    browser.follow("Wybierz inny dzień").await;
    assert!(browser.says("środa, 2 grudnia 2026: brak miejsc"));
    assert!(browser.says("Dzienny limit miejsc jest wyczerpany."));
    let hours =
        |date: &str| browser.html.matches(&format!("type=\"hidden\" name=\"date\" value=\"{date}\"")).count();
    let nearest = ["2026-12-01", "2026-12-03", "2026-12-04"].map(hours);
    assert_eq!(nearest, [3, 3, 3], "the next free hours are of several days");
    // The day is over when its last hour is.
    town.advance("PT11H").await;
    browser.open(&day("2026-12-01")).await;
    assert!(browser.says("Na dziś nie ma już godzin do wyboru."));
    browser.follow("Wybierz inny dzień").await;
    assert!(browser.says("wtorek, 1 grudnia 2026: dzień minął"));
}

#[tokio::test]
async fn an_hour_that_somebody_took_meanwhile_is_said_beside_the_others() {
    let town = Town::start().await;
    let (mut first, mut second) = (town.browser(), town.browser());
    first.open(HOURS).await;
    second.open(HOURS).await.press("09:00", &[]).await;
    first.press("09:00", &[]).await;
    assert!(first.says("Ta godzina jest już zajęta") && first.html.contains("class=\"hour\""));
    first.reload().await;
    assert!(first.status == StatusCode::OK && first.says("Wybierz inną godzinę"));
    second.press("Zrezygnuj z tej godziny", &[]).await;
    assert!(second.says("Godzina wróciła do puli wolnych."));
    first.open(HOURS).await.press("09:00", &[]).await;
    assert_eq!(first.title(), "Kto przyjdzie?");
}

#[tokio::test]
async fn the_same_button_pressed_twice_holds_one_place() {
    let town = Town::start().await;
    let mut browser = town.browser();
    browser.open(HOURS).await;
    let page = browser.html.clone();
    browser.press("09:00", &[]).await;
    let hold = browser.at.clone();
    browser.at = HOURS.into();
    browser.html.clone_from(&page);
    browser.press("09:00", &[]).await;
    assert_eq!(browser.at, hold);
    // After giving it back, the old page holds it again.
    browser.press("Zrezygnuj z tej godziny", &[]).await;
    browser.html = page;
    browser.press("09:00", &[]).await;
    assert!(browser.at != hold && browser.title() == "Kto przyjdzie?");
}

#[tokio::test]
async fn a_hold_belongs_to_the_browser_that_placed_it_and_its_forms_to_our_pages() {
    let town = Town::start().await;
    let mut browser = held(&town).await;
    let cookie = browser.cookies[0].clone();
    // Over HTTPS the cookie is bound to the host, and its name includes the hold.
    let own = format!("__Host-hold-{}", browser.at.rsplit('/').next().unwrap_or_default());
    assert_eq!((cookie.0.as_str(), cookie.2.as_str()), (own.as_str(), "/"));
    assert!(!browser.at.contains(&cookie.1), "the secret is in no address");
    let mut other = town.browser();
    other.open(&browser.at).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
    browser.origin = "https://elsewhere.example";
    let at = browser.at.clone();
    browser.press("Dalej", &[("name", "Anna Nowak")]).await;
    assert_eq!((browser.status, browser.at.as_str()), (StatusCode::FORBIDDEN, at.as_str()));
    browser.open(&at).await;
    assert!(!browser.html.contains("value=\"Anna Nowak\""));
}

#[tokio::test]
async fn what_an_address_says_wrongly_is_asked_again() {
    let town = Town::start().await;
    let mut browser = town.browser();
    for (asked, shown) in [
        ("/torun/book?service=nie-ma", "/torun/book"),
        ("/torun/book?service=meldunek&location=nie-ma", "/torun/book?service=meldunek"),
        (
            "/torun/book?service=meldunek&location=plaza&date=jutro",
            "/torun/book?service=meldunek&location=plaza",
        ),
        (
            "/torun/book?service=meldunek&location=plaza&month=2030-01",
            "/torun/book?service=meldunek&location=plaza",
        ),
        (
            "/torun/book?service=rejestracja-pojazdu",
            "/torun/book?service=rejestracja-pojazdu&location=glowny",
        ),
        ("/torun/book/hold", "/torun/book"),
    ] {
        browser.open(asked).await;
        assert_eq!((browser.status, browser.at.as_str()), (StatusCode::OK, shown));
    }
    for unknown in ["/nie-ma", "/nie-ma/book", "/torun/visit/abc", "/torun/book/hold/abc"] {
        browser.open(unknown).await;
        assert_eq!(browser.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn the_calendar_file_is_as_the_standard_wants_it() {
    let town = Town::start().await;
    let mut browser = confirmed(&town).await;
    let visit = browser.at.clone();
    browser.follow("Dodaj do kalendarza").await;
    let file = browser.html.clone();
    assert_eq!(browser.headers["content-type"], "text/calendar; charset=utf-8");
    assert!(file.lines().count() == file.matches("\r\n").count());
    assert!(file.split("\r\n").all(|line| line.len() <= 75));
    let unfolded = file.replace("\r\n ", "");
    for line in ["DTSTART:20261202T080000Z", "DTEND:20261202T083000Z", "STATUS:CONFIRMED", "BEGIN:VEVENT"] {
        assert!(unfolded.lines().any(|known| known == line), "{line} in {unfolded}");
    }
    assert!(unfolded.contains("Sikorskiego 8\\, 87-100 Toruń"));
    town.advance("PT5M").await;
    browser.open(&format!("{visit}/cancel")).await.press("Tak", &[]).await;
    let booked = unfolded;
    let of = |file: &str, name: &str| {
        let line = file.lines().find(|line| line.starts_with(name));
        line.unwrap_or_else(|| panic!("{name} in {file}")).to_owned()
    };
    assert_eq!(
        (of(&booked, "METHOD:"), of(&booked, "SEQUENCE:")),
        ("METHOD:PUBLISH".into(), "SEQUENCE:0".into())
    );
    // The page of a cancelled visit links to the file that removes it from a calendar.
    browser.open(&visit).await.follow("Usuń wizytę z kalendarza").await;
    let gone = browser.html.replace("\r\n ", "");
    for line in ["METHOD:CANCEL", "SEQUENCE:1", "STATUS:CANCELLED"] {
        assert!(gone.lines().any(|known| known == line), "{line} in {gone}");
    }
    assert_eq!(of(&gone, "UID:"), of(&booked, "UID:"), "the same entry");
    assert!(of(&gone, "ORGANIZER") == of(&booked, "ORGANIZER") && !gone.contains("VALARM"));
    assert!(of(&gone, "DTSTAMP:") > of(&booked, "DTSTAMP:"), "made when it was cancelled: {gone}");
}

#[tokio::test]
async fn it_is_too_late_to_cancel_once_the_hour_has_come() {
    let town = Town::start().await;
    let mut browser = confirmed(&town).await;
    let visit = browser.at.clone();
    browser.follow("Odwołaj wizytę").await;
    town.advance("PT27H").await;
    browser.press("Tak", &[]).await;
    assert_eq!(browser.status, StatusCode::CONFLICT);
    assert!(browser.says("można było odwołać najpóźniej: środa, 2 grudnia 2026, godz. 09:00"));
    browser.open(&visit).await;
    assert_eq!(browser.title(), "Wizyta potwierdzona");
}

#[tokio::test]
async fn somebody_with_a_visit_for_the_same_matter_is_told_so_after_the_proof_and_led_to_it() {
    let town = Town::start().await;
    let mut visit = confirmed(&town).await;
    town.advance("PT1S").await;
    let theirs = visit.at.clone();
    let mut again = town.browser();
    again.open(HOURS).await.press("10:00", &[]).await.press("Dalej", &[("name", "anna  NOWAK")]).await;
    again.press("Wyślij kod", &[("phone", PHONE)]).await;
    // Knowing a name and a phone reveals nothing: the page is the same as for everybody.
    assert_eq!(again.title(), "Wpisz kod z SMS-a");
    assert!(!again.says("Masz już taką rezerwację"));
    let code = town.code(E164).await;
    let codes = again.at.clone();
    again.press("Potwierdź", &[("code", &code)]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.says("Masz już taką rezerwację"), "{}", again.words());
    again.follow("Pokaż wizytę, którą już masz").await;
    assert_eq!(again.at, theirs, "to the visit that they have");
    visit.follow("Odwołaj wizytę").await.press("Tak", &[]).await;
    again.open(&codes).await.press("Potwierdź", &[("code", &code)]).await;
    assert_eq!(again.title(), "Wizyta potwierdzona", "the hold and its proof were not lost");
}

#[tokio::test]
async fn the_pages_speak_english_too() {
    let town = Town::start().await;
    let mut browser = town.browser();
    browser.language = "en";
    browser.open("/torun").await.follow("Book a visit").await.follow("Registering a vehicle").await;
    browser.press("Wednesday, 2 December 2026", &[]).await.press("09:10", &[]).await;
    browser.press("Continue", &[("name", "Anna Nowak")]).await.press("Send", &[("phone", PHONE)]).await;
    let code = town.code(E164).await;
    browser.press("Confirm", &[("code", &code)]).await;
    assert_eq!(browser.title(), "Visit confirmed");
}

#[tokio::test]
async fn an_hour_whose_code_could_not_be_used_in_time_is_not_given() {
    let town = Town::with(|office| {
        for location in &mut office.locations {
            (location.queue.placed_at_hour, location.queue.check_in_closes_min) = (false, 15);
        }
    })
    .await;
    // The machine takes codes until 15 minutes before; ten are for the confirmation.
    town.advance("PT1H5M").await;
    let times = "/api/v1/offices/torun/locations/glowny/services/meldunek/days/2026-12-01/times";
    let first =
        town.caller().call("GET", times, serde_json::Value::Null).await.body["times"][0]["time"].clone();
    assert_eq!(first, "08:45", "at 08:05");
    let near = serde_json::json!({"location": "glowny", "service": "meldunek", "date": "2026-12-01", "time": "08:15"});
    let refused = town.caller().post("/api/v1/offices/torun/holds", near).await;
    assert_eq!(refused.code(), "too_late", "{refused:?}");
}
