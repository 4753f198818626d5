//! The pages: the right words in each language, the current state without a script, nothing inline.

use crate::support::*;
use okienko_display::texts;
use okienko_proto::queue::TicketChanged;
use okienko_proto::queue::counter_changed::State as Counter;
use okienko_proto::queue::hall_event::Change;
use okienko_proto::queue::ticket_changed::State;
use okienko_web::{Locale, Value, check_same_keys};

async fn hall() -> Town {
    let mut changes = vec![opened(), counter("1", Counter::Free), counter("2", Counter::Free)];
    changes.extend((1..=16).map(|n| waits(&format!("A{n:03}"))));
    changes.extend([waits("C021"), calls("A001", "1", 1), becomes("A001", State::Absent, "1")]);
    changes.extend([calls("A002", "2", 1), calls("A001", "1", 2)]);
    changes.push(counter("10", Counter::Paused));
    Town::with(changes).await
}

fn says(answer: &Answer, words: &[&str]) {
    let text = answer.text();
    for word in words {
        assert!(text.contains(word), "{word} is missing in: {text}");
    }
}

fn has_nothing_inline(answer: &Answer) {
    let html = &answer.body;
    assert!(!html.contains(" style=") && !html.contains("<style"), "{html}");
    assert!(!html.contains(" on") || !html.contains("onclick"), "{html}");
    for script in html.split("<script").skip(1) {
        let (tag, rest) = script.split_once('>').unwrap();
        assert!(tag.contains("src=") && rest.starts_with("</script>"), "{tag}");
    }
    assert!(!html.contains('['), "a message is missing: {html}");
}

#[test]
fn the_messages_are_whole_in_every_language_and_numbers_of_people_decline() {
    check_same_keys(&texts());
    let ahead = |n: i32| texts().ta(Locale::Pl, "leave-ahead", &[("n", Value::from(n))]);
    assert_eq!(ahead(1), "Przed Tobą jest tylko 1 osoba.");
    assert_eq!(ahead(2), "Przed Tobą są 2 osoby.");
    assert_eq!(ahead(5), "Przed Tobą jest 5 osób.");
    assert_eq!(ahead(22), "Przed Tobą są 22 osoby.");
}

#[tokio::test]
async fn a_hall_shows_calls_and_the_numbers_that_wait_without_a_script() {
    let town = hall().await;
    let page = town.page("/hall/torun/glowny", "pl").await;
    says(
        &page,
        &["A001 → 1 2. wezwanie", "A002", "09:00", "Czekają 15", "wtorek, 1 grudnia 2026", "Urząd Miasta"],
    );
    says(&page, &["Dowody osobiste 14 A003 A004 A005 A006 A007 A008"]);
    says(&page, &["Rejestracja pojazdów 1 C021", "Wzywamy do", "Włącz"]);
    assert!(page.text().matches("nowy bilet").count() <= 1, "said once: {}", page.text());
    assert!(!page.text().contains("Meldunki"), "nobody waits for it");
    assert_eq!(page.text().matches("A001").count(), 1, "an overtaken call is not shown again");
    assert!(page.body.contains(r#"<noscript><meta http-equiv="refresh" content="10"></noscript>"#));
    assert!(page.body.contains(r#"data-events="/api/v1/halls/torun/glowny/events""#));
    has_nothing_inline(&page);
    says(&town.page("/hall/torun/glowny", "en").await, &["call 2", "Waiting", "Calls – Urząd Miasta"]);
}

#[tokio::test]
async fn a_counter_shows_whom_it_called_or_that_it_is_free_or_closed() {
    let town = hall().await;
    for (number, pl, en) in [("1", "A001", "A001"), ("10", "Przerwa", "Paused")] {
        let path = format!("/counter/torun/glowny/{number}");
        let page = town.page(&path, "pl").await;
        says(&page, &[&format!("Stanowisko {number} {pl}")]);
        has_nothing_inline(&page);
        says(&town.page(&path, "en").await, &[&format!("Counter {number} {en}")]);
    }
    town.tell(vec![becomes("A002", State::Served, "2")]).await;
    says(&town.page("/counter/torun/glowny/2", "pl").await, &["Stanowisko 2 Wolne"]);
    town.tell(vec![counter("2", Counter::Closed)]).await;
    says(&town.page("/counter/torun/glowny/2", "en").await, &["Counter 2 Closed"]);
    assert_eq!(town.page("/counter/torun/glowny/99", "pl").await.status, 404);
}

async fn ticket_page(town: &Town, number: u64, language: &str) -> Answer {
    let page = town.page(&format!("/t/{}", town.token(id(DAY, number))), language).await;
    assert_eq!(page.status, 200);
    has_nothing_inline(&page);
    page
}

#[tokio::test]
async fn an_e_ticket_says_the_one_sentence_that_matters() {
    let town = hall().await;
    let waiting = ticket_page(&town, 5, "pl").await;
    says(&waiting, &["Twój numer A005 Przed Tobą 2 osoby", "Sprawa Dowody osobiste", "Wychodzę z kolejki"]);
    says(&waiting, &["Wały gen. Sikorskiego 8, 87-100 Toruń", "Dzień wtorek, 1 grudnia 2026"]);
    let wait = town.get(&format!("/api/v1/tickets/{}", town.token(id(DAY, 5)))).await.json();
    let (low, high) = (&wait["expected_wait"]["low_min"], &wait["expected_wait"]["high_min"]);
    says(&waiting, &[&format!("Przed Tobą 2 osoby, około {low}–{high} minut")]);
    says(&ticket_page(&town, 5, "en").await, &[&format!("about {low}–{high} minutes")]);
    says(&ticket_page(&town, 3, "pl").await, &["Następny numer to Twój, "]);
    says(&ticket_page(&town, 8, "pl").await, &["Przed Tobą 5 osób"]);
    says(&ticket_page(&town, 4, "en").await, &["Your number A004 1 person"]);
    says(&ticket_page(&town, 1, "pl").await, &["A001 Podejdź do stanowiska 1"]);
    says(&ticket_page(&town, 1, "en").await, &["Go to counter 1"]);
    assert!(!ticket_page(&town, 1, "pl").await.text().contains("Wychodzę"), "who is called does not leave");
    for (state, words) in [
        (State::Serving, "Trwa obsługa"),
        (State::Served, "Wizyta zakończona. Dziękujemy."),
        (State::Absent, "wezwiemy jeszcze raz"),
        (State::Missed, "Numer usunięty z kolejki"),
        (State::Left, "Ten numer opuścił kolejkę."),
    ] {
        town.tell(vec![becomes("A002", state, "2")]).await;
        says(&ticket_page(&town, 2, "pl").await, &["A002", words]);
    }
    // Was here, and nobody called: the page says exactly that, in the reader's language.
    let mut left = ticket("A002", State::Left);
    left.not_called = true;
    town.tell(vec![okienko_proto::queue::hall_event::Change::Ticket(left)]).await;
    for (language, words) in
        [("pl", "Przepraszamy"), ("en", "We are sorry"), ("uk", "Перепрошуємо"), ("ru", "Приносим извинения")]
    {
        says(&ticket_page(&town, 2, language).await, &["A002", words]);
    }
    let told = town.get(&format!("/api/v1/tickets/{}", town.token(id(DAY, 2)))).await.json();
    assert_eq!(told["state"], "not_called");
}

#[tokio::test]
async fn an_e_ticket_says_that_no_counter_serves_the_matter_and_how_soon_a_free_one_calls() {
    let town = hall().await;
    assert!(!ticket_page(&town, 21, "pl").await.text().contains("około"), "no estimate is invented");
    says(&ticket_page(&town, 21, "pl").await, &["Teraz żadne stanowisko nie obsługuje tej sprawy."]);
    says(&ticket_page(&town, 21, "en").await, &["No counter serves this matter now."]);
    town.tell(vec![counter("10", Counter::Free)]).await;
    says(&ticket_page(&town, 21, "pl").await, &["Następny numer to Twój, do 5 minut"]);
    says(&ticket_page(&town, 21, "en").await, &["up to 5 minutes"]);
}

#[tokio::test]
async fn an_e_ticket_of_another_day_says_which_day_and_what_happens_then() {
    let town = hall().await;
    let of = async |day: &str| town.page(&format!("/t/{}", town.token(id(day, 99))), "pl").await;
    says(
        &of("2026-12-03").await,
        &["Ten bilet jest na dzień: czwartek, 3 grudnia 2026. Tego dnia zobaczysz tu"],
    );
    says(&of(DAY).await, &["Ten bilet jest na dziś."]);
    says(&of("2026-11-30").await, &["Ten bilet był na dzień: poniedziałek, 30 listopada 2026."]);
    assert!(!of("2026-12-03").await.text().contains("Wychodzę"));
}

#[tokio::test]
async fn a_booked_visitor_is_told_when_to_check_in() {
    let town = hall().await;
    let booked = TicketChanged { booked: "09:20".into(), ..ticket("A030", State::Expected) };
    town.tell(vec![Change::Ticket(booked)]).await;
    let page = ticket_page(&town, 30, "pl").await;
    says(&page, &["Potwierdź przybycie w automacie biletowym od 09:05 do 09:25.", "Umówiona godzina 09:20"]);
    says(&page, &["Odwołaj wizytę na jej stronie"]);
    assert!(!page.text().contains("Wychodzę"), "a visit is cancelled, not left: {}", page.text());
}

#[tokio::test]
async fn an_e_ticket_of_a_cancelled_visit_says_so_on_the_day_and_before_it_in_every_language() {
    let town = hall().await;
    for (language, words) in [
        ("pl", "Ta wizyta jest odwołana: wtorek, 1 grudnia 2026."),
        ("en", "This visit is cancelled: Tuesday, 1 December 2026."),
        ("uk", "Цей візит скасовано: вівторок, 1 грудня 2026"),
        ("ru", "Этот визит отменён: вторник, 1 декабря 2026"),
    ] {
        let gone = TicketChanged { cancelled: true, booked: "09:20".into(), ..ticket("A030", State::Left) };
        town.tell(vec![Change::Ticket(gone)]).await;
        let page = ticket_page(&town, 30, language).await;
        says(&page, &[words]);
        assert!(!page.text().contains("opuścił"), "{}", page.text());
    }
    let api = town.get(&format!("/api/v1/tickets/{}", town.token(id(DAY, 30)))).await;
    assert_eq!(api.json()["state"], "cancelled");
    // Cancelled before its day opened: no board ever has it, and its page is the same before and after the day.
    for day in ["2026-12-03", "2027-01-15", "2026-11-30", DAY] {
        let gone = id(day, 99);
        let path = format!("/t/{}", town.token(gone));
        assert!(!town.page(&path, "pl").await.text().contains("odwołana"), "{day}");
        town.told.lock().cancelled.push(gone.to_string());
        let page = town.page(&path, "pl").await;
        says(&page, &["Ta wizyta jest odwołana:", "Nie przychodź na nią."]);
        assert!(!page.text().contains("zobaczysz tu swoje miejsce"), "{}", page.text());
    }
    // While queue is down nothing is known of it, and the page claims nothing.
    town.told.lock().away = true;
    let page = town.page(&format!("/t/{}", town.token(id("2026-12-03", 99))), "pl").await;
    assert!(!page.text().contains("odwołana"), "{}", page.text());
}

#[tokio::test]
async fn leaving_without_a_script_asks_first_and_then_shows_the_ticket() {
    let town = hall().await;
    let path = format!("/t/{}", town.token(id(DAY, 5)));
    let ask = town.page(&format!("{path}?leave=1"), "pl").await;
    says(&ask, &["Wyjść z kolejki?", "Przed Tobą są 2 osoby.", "numeru A005 już nie wezwiemy", "Zostaję"]);
    assert!(ask.body.contains(r#"<form class="button-form" method="post""#));
    has_nothing_inline(&ask);
    assert!(town.told.lock().left.is_empty(), "asking changes nothing");

    let leaving = async {
        while town.told.lock().left.is_empty() {
            tokio::task::yield_now().await;
        }
        town.tell(vec![becomes("A005", State::Left, "")]).await;
    };
    let (left, ()) = tokio::join!(town.ask("POST", &path, &[("accept", "text/html")]), leaving);
    assert_eq!((left.status.as_u16(), left.headers["location"].to_str().unwrap()), (303, path.as_str()));
    says(&town.page(&path, "pl").await, &["Ten numer opuścił kolejkę."]);
}

#[tokio::test]
async fn who_is_called_while_leaving_sees_the_call() {
    let town = hall().await;
    town.told.lock().refuse_leave = true;
    let path = format!("/t/{}", town.token(id(DAY, 1)));
    let answer = town.ask("POST", &path, &[("accept", "text/html")]).await;
    assert_eq!(answer.status, 303);
    // The confirmation step is refused too: the page shows the call instead.
    says(&town.page(&format!("{path}?leave=1"), "pl").await, &["Podejdź do stanowiska 1"]);
}

#[tokio::test]
async fn what_is_unknown_or_away_is_said_on_a_page() {
    let town = hall().await;
    for path in ["/hall/torun/nowhere", "/t/nothing", "/counter/nowhere/glowny/1"] {
        let page = town.page(path, "pl").await;
        assert_eq!(page.status, 404);
        assert!(page.body.starts_with("<!DOCTYPE html>"), "{}", page.body);
    }
    let away = Town::with(vec![]).await;
    away.told.lock().away = true;
    for path in ["/hall/torun/glowny", "/counter/torun/glowny/1", &format!("/t/{}", away.token(id(DAY, 1)))] {
        let page = away.page(path, "pl").await;
        assert_eq!((page.status.as_u16(), page.headers["refresh"].to_str().unwrap()), (503, "5"), "{path}");
        assert!(page.headers.contains_key("retry-after"));
    }
}

#[tokio::test]
async fn a_wall_keeps_no_language_of_a_visit_and_the_phone_of_a_reader_does() {
    let town = hall().await;
    for path in ["/hall/torun/glowny", "/counter/torun/glowny/2"] {
        let visit = town.ask("GET", &format!("{path}?lang=uk"), &[("accept", "text/html")]).await;
        assert!(!visit.headers.contains_key("set-cookie"), "{path}");
        for cookie in ["lang=uk", "lang=ru; x=1", "visitor_lang=en"] {
            let headers = [("accept", "text/html"), ("accept-language", "pl"), ("cookie", cookie)];
            let page = town.ask("GET", path, &headers).await;
            assert!(page.body.contains("<html lang=\"pl\">"), "{path} with {cookie}");
        }
    }
    let ticket = format!("/t/{}?lang=uk", town.token(id(DAY, 5)));
    let visit = town.ask("GET", &ticket, &[("accept", "text/html")]).await;
    assert!(visit.headers["set-cookie"].to_str().unwrap().starts_with("lang=uk;"));
}

/// The ticket shown large, and those below it, on a screen without scripts.
async fn on_the_wall(town: &Town) -> (String, Vec<String>) {
    let page = town.page("/hall/torun/glowny", "pl").await.body;
    let between = |text: &str, from: &str, to: &str| {
        let (_, rest) = text.split_once(from).unwrap();
        rest.split_once(to).unwrap().0.rsplit('>').next().unwrap().to_owned()
    };
    let list = page.split_once("data-earlier").unwrap().1.split_once("</ul>").unwrap().0.to_owned();
    let rows = list.split("class=\"no\">").skip(1).map(|row| row.split('<').next().unwrap().to_owned());
    (between(&page, "data-last-ticket=\"\"", "</span>"), rows.collect())
}

#[tokio::test]
async fn a_number_that_was_served_removed_or_did_not_come_stands_large_no_more() {
    for (state, large) in [
        (State::Serving, "A002"),
        (State::Called, "A002"),
        (State::Served, "A001"),
        (State::Left, "A001"),
        (State::Missed, "A001"),
        (State::Absent, "A001"),
        (State::Waiting, "A001"),
    ] {
        let mut changes = vec![opened()];
        changes.extend(["A001", "A002"].map(waits));
        changes.extend([calls("A001", "1", 1), calls("A002", "2", 1), becomes("A002", state, "2")]);
        let town = Town::with(changes).await;
        let (stands, below) = on_the_wall(&town).await;
        assert_eq!(stands, large, "{state:?}");
        assert_eq!(below, [if large == "A002" { "A001" } else { "A002" }], "{state:?}");
        town.tell(vec![becomes("A001", State::Served, "1"), becomes("A002", State::Served, "2")]).await;
        let (stands, below) = on_the_wall(&town).await;
        assert_eq!((stands.as_str(), below), ("", vec!["A002".to_owned(), "A001".to_owned()]), "{state:?}");
        says(&town.page("/hall/torun/glowny", "pl").await, &["Teraz nikogo nie wzywamy"]);
    }
}
