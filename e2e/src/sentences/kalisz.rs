//! The sentences of Kalisz and their checks. Knows only the outside surface.

use super::{Row, table_of};
use crate::Client;
use crate::account::{self, activate, link, register, sign_in, signed_in};
use crate::scene::{Scene, act, called, says, words};
use crate::visit::{Wish, book_by_account, message};
use anyhow::{Context, ensure};
use serde_json::{Value, json};

const MORNING: &str = "2026-12-01T07:00:00+01:00";
const OFFICE: &str = "kalisz";
const HALL: &str = "komunikacja";
const MAIL: &str = "jan.kowalski@example.org";

type Evidence = anyhow::Result<String>;

/// The rows, in the order of the text.
pub fn rows() -> Vec<Row> {
    table_of!["kalisz";
        "Zasady rezerwacji wizyt" => "a heading",
        "Przed utworzeniem konta użytkownika należy zapoznać się [klauzulą informacyjną](#) dotyczącą ochrony danych osobowych, znajdującą się na stronie www.powiat.kalisz.pl/p,218,ochrona-danych-osobowych." => the_clause_comes_before_the_account,
        "Krok 1 --> Rejestracja konta" => "a heading",
        "W celu rejestracji bezpłatnego konta użytkownika proszę kliknąć w „[utwórz konto](#)”, a następnie wypełnić krótki formularz rejestracyjny." => the_form_of_an_account_is_short,
        "Po zatwierdzeniu formularza i zapoznaniu się z „Zasadami” rejestracji proszę wybrać przycisk „Utwórz konto”." => the_button_says_make_account,
        "Konto zostanie utworzone po aktywacji, którą dokonują Państwo poprzez sprawdzenie swojej skrzynki pocztowej i kliknięcie w przesłany link." => an_account_works_after_its_activation,
        "Krok 2 --> Logowanie i wybór usługi" => "a heading",
        "Proszę wpisać adres poczty mailowej oraz hasło podane przy rejestracji konta." => address_and_password_open_a_session,
        "Proszę przejść do Kategorii Usług podzielonych na: - Rejestracja - Wyrejestrowanie / Zgłoszenie sprzedaży - Wydanie / Wymiana / Dokonanie zmian w dowodzie rejestracyjnym" => there_are_the_three_categories,
        "Wybieramy jedną z interesujących nas usług oraz dzień i godzinę wizyty, następnie zatwierdzamy nasz wybór klikając „OK”." => service_day_hour_and_ok,
        "Otrzymają Państwo potwierdzenie z numerem rezerwacji na adres swojej poczty mailowej." => the_mail_has_the_number,
        "Rezerwacja jednej wizyty oznacza załatwienie tylko jednej sprawy." => one_reservation_is_one_matter,
        "W przypadku chęci załatwienia jednocześnie kilku spraw (np. rejestracja kilku pojazdów) należy zarezerwować kilka wizyt." => an_account_may_have_several,
        "UWAGA: możecie Państwo wydrukować dostępne w aplikacji potwierdzenie mające zarówno kod kreskowy jaki numer rezerwacji lub też spisać numer wygenerowanego kodu." => the_confirmation_has_barcode_number_and_code,
        "Krok 3 --> Wizyta w Wydziale Komunikacji" => "a heading",
        "Do urzędu zgłaszają się Państwo **nie wcześniej niż 15 minut przed umówioną rezerwacją**, w tym czasie na ekranie automatu biletowego należy wybrać przycisk \"Aktywacja rezerwacji internetowej\"." => the_kiosk_opens_fifteen_minutes_before,
        "Następnie, po wprowadzeniu otrzymanego kodu, należy odebrać wydrukowany bilet (*Uwaga: Jeśli na ekranie będzie widoczny kod wprowadzony przez poprzednią osobę należy wcześniej go usunąć klawiszem strzałki*)." => the_code_gives_a_ticket_and_the_field_is_empty,
        "Po wydaniu biletu proszę oczekiwać na pojawienie się Państwa numeru na monitorze LCD." => the_number_appears_on_the_monitor,
        "UWAGA: Nie zgłoszenie się w podanym w wyżej czasie zarezerwowanej godziny powoduje anulowanie rezerwacji wizyty." => who_does_not_come_is_struck_off_and_told,
    ]
}

/// A wish for the first service, at its first free hour of the day from ten on.
async fn wish(client: &Client) -> anyhow::Result<Wish> {
    let office = client.get(&format!("/api/v1/offices/{OFFICE}")).await?.expect(200)?;
    let service = office.at("/categories/0/services/0/id")?;
    wish_for(client, &service).await
}

async fn wish_for(client: &Client, service: &str) -> anyhow::Result<Wish> {
    let path = format!("/api/v1/offices/{OFFICE}/locations/{HALL}/services/{service}/days/2026-12-01/times");
    let times = client.get(&path).await?.expect(200)?.json;
    let free = |time: &&Value| time["free"].as_u64() > Some(0) && time["time"].as_str() >= Some("10:00");
    let time = times["times"].as_array().context("no hours")?.iter().find(free).context("no free hour")?;
    Ok(Wish::new(OFFICE, HALL, service, "2026-12-01", time["time"].as_str().unwrap_or_default()))
}

/// A person with a session and a reservation for that day.
async fn booked() -> anyhow::Result<(Scene, Client, Wish, Value)> {
    let scene = Scene::at(MORNING).await?;
    let person = signed_in(&scene.house, OFFICE, MAIL).await?;
    let wish = wish(&person).await?;
    let visit = book_by_account(&person, &wish, "Jan Kowalski").await?;
    Ok((scene, person, wish, visit))
}

fn text<'a>(visit: &'a Value, field: &str) -> anyhow::Result<&'a str> {
    visit[field].as_str().with_context(|| format!("no {field} in {visit}"))
}

async fn the_clause_comes_before_the_account() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let page = scene.page("/kalisz/account/new").await?;
    says(&page, &["powiat.kalisz.pl/p,218,ochrona-danych-osobowych"])?;
    let body = json!({"email": MAIL, "password": account::PASSWORD, "consents": {}});
    let refused = scene.house.client.post("/api/v1/offices/kalisz/accounts", body).await?;
    ensure!(refused.status == 422 && refused.code() == "invalid", "{}", refused.text);
    Ok("the page links the clause; without it no account is made".into())
}

async fn the_form_of_an_account_is_short() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    says(&scene.words("/kalisz/account").await?, &["utwórz konto"])?;
    let page = scene.page("/kalisz/account/new").await?;
    let fields = page.matches("<input").count() - page.matches("type=\"hidden\"").count();
    ensure!(fields <= 6, "{fields} fields");
    Ok(format!("{fields} fields: address, password, consents"))
}

async fn the_button_says_make_account() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let page = scene.page("/kalisz/account/new").await?;
    let buttons: Vec<String> =
        page.split("<button").skip(1).map(|part| words(&format!("<button{part}"))).collect();
    ensure!(buttons.iter().any(|button| button.to_lowercase().starts_with("utwórz konto")), "{buttons:?}");
    Ok("\"Utwórz konto\"".into())
}

async fn an_account_works_after_its_activation() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let client = &scene.house.client;
    register(client, OFFICE, MAIL).await?;
    ensure!(sign_in(client, OFFICE, MAIL).await.is_err(), "signed in before the activation");
    let link = link(&scene.house, MAIL, 1).await?;
    scene.page(&link.replace(client.base(), "")).await?;
    ensure!(sign_in(client, OFFICE, MAIL).await.is_err(), "opening the link was enough");
    activate(client, OFFICE, &link).await?;
    sign_in(client, OFFICE, MAIL).await?;
    Ok("no session before the activation, one after it".into())
}

async fn address_and_password_open_a_session() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    signed_in(&scene.house, OFFICE, MAIL).await?;
    let wrong = json!({"email": MAIL, "password": "not this one 123"});
    let refused = scene.house.client.post("/api/v1/offices/kalisz/sessions", wrong).await?;
    ensure!(refused.status >= 400, "{}", refused.text);
    Ok("the right password opens a session, another does not".into())
}

async fn there_are_the_three_categories() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let office = scene.house.client.get("/api/v1/offices/kalisz").await?.expect(200)?.json;
    let names: Vec<&str> = office["categories"]
        .as_array()
        .context("none")?
        .iter()
        .filter_map(|it| it["name"].as_str())
        .collect();
    let wanted = [
        "Rejestracja",
        "Wyrejestrowanie / Zgłoszenie sprzedaży",
        "Wydanie / Wymiana / Dokonanie zmian w dowodzie rejestracyjnym",
    ];
    ensure!(names == wanted, "{names:?}");
    Ok(names.join("; "))
}

async fn service_day_hour_and_ok() -> Evidence {
    let (_scene, _, wish, visit) = booked().await?;
    Ok(format!(
        "{} at {} confirmed with the session alone: {}",
        wish.service,
        wish.time,
        text(&visit, "number")?
    ))
}

async fn the_mail_has_the_number() -> Evidence {
    let (scene, _, wish, visit) = booked().await?;
    let mail = message(&scene.house, MAIL, 2).await?;
    says(
        &mail,
        &[text(&visit, "number")?, text(&visit, "check_in_code")?, wish.time.trim_start_matches('0')],
    )?;
    Ok(format!("number {} and code in the mail", text(&visit, "number")?))
}

async fn one_reservation_is_one_matter() -> Evidence {
    let (scene, _, _, visit) = booked().await?;
    let path = text(&visit, "manage_url")?.replace(scene.house.client.base(), "");
    says(&scene.words(&path).await?, &["jedn", "spraw"])?;
    Ok("the confirmation says that it is for one matter; it names one service".into())
}

async fn an_account_may_have_several() -> Evidence {
    let (scene, person, first, _) = booked().await?;
    let second = wish_for(&person, &first.service).await?;
    book_by_account(&person, &second, "Jan Kowalski").await?;
    let third = wish_for(&person, &first.service).await?;
    book_by_account(&person, &third, "Jan Kowalski").await?;
    drop(scene);
    Ok("three reservations of one service by one account".into())
}

async fn the_confirmation_has_barcode_number_and_code() -> Evidence {
    let (scene, _, _, visit) = booked().await?;
    let path = text(&visit, "manage_url")?.replace(scene.house.client.base(), "");
    let page = scene.page(&path).await?;
    says(&page, &["barcode", "<svg"])?;
    let code = text(&visit, "check_in_code")?;
    let shown = words(&page);
    says(&shown.replace(' ', ""), &[code, &text(&visit, "number")?.replace(' ', "")])?;
    Ok(format!("barcode, number {} and code of {} digits", text(&visit, "number")?, code.len()))
}

/// Checks in `before` minutes before the hour.
async fn at_minute(before: i64) -> anyhow::Result<crate::Answer> {
    let (scene, _, wish, visit) = booked().await?;
    let kiosk = scene.role("kiosk", OFFICE, HALL).await?;
    let (hours, minutes) = wish.time.split_once(':').context("no hour")?;
    let at = hours.parse::<i64>()? * 60 + minutes.parse::<i64>()? - before;
    scene.house.clock(&format!("2026-12-01T{:02}:{:02}:00+01:00", at / 60, at % 60)).await?;
    kiosk.post("/api/v1/kiosk/check-ins", json!({"code": text(&visit, "check_in_code")?})).await
}

async fn the_kiosk_opens_fifteen_minutes_before() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let kiosk = scene.role("kiosk", OFFICE, HALL).await?;
    let page =
        kiosk.ask(http::Method::GET, "/kiosk", None, &[("accept", "text/html"), ("accept-language", "pl")]);
    says(&words(&page.await?.expect(200)?.text), &["Aktywacja rezerwacji internetowej"])?;
    let early = at_minute(16).await?;
    ensure!(early.code() == "too_early", "16 minutes before: {}", early.text);
    for minute in [15, 14, 0] {
        let ok = at_minute(minute).await?;
        ensure!(ok.status == 201, "{minute} minutes before: {}", ok.text);
    }
    Ok("16: too_early; 15, 14, 0: a ticket; the button has its name".into())
}

async fn the_code_gives_a_ticket_and_the_field_is_empty() -> Evidence {
    let ok = at_minute(10).await?.expect(201)?;
    let scene = Scene::at(MORNING).await?;
    let kiosk = scene.role("kiosk", OFFICE, HALL).await?;
    let headers = [("accept", "text/html"), ("accept-language", "pl")];
    let page = kiosk.ask(http::Method::GET, "/kiosk/code", None, &headers).await?;
    let field = page.text.split("<input").find(|part| part.contains("name=\"code\""));
    let field = field.with_context(|| format!("no field for the code: {}", page.text))?;
    let tag = field.split('>').next().unwrap_or_default();
    ensure!(!tag.contains("value=\"") || tag.contains("value=\"\""), "{tag}");
    ensure!(tag.contains("autocomplete=\"off\""), "{tag}");
    Ok(format!("ticket {}; the field is empty for everybody", ok.at("/ticket/number")?))
}

async fn the_number_appears_on_the_monitor() -> Evidence {
    let (scene, _, wish, visit) = booked().await?;
    let kiosk = scene.role("kiosk", OFFICE, HALL).await?;
    let (hours, minutes) = wish.time.split_once(':').context("no hour")?;
    let at = hours.parse::<i64>()? * 60 + minutes.parse::<i64>()? - 10;
    scene.house.clock(&format!("2026-12-01T{:02}:{:02}:00+01:00", at / 60, at % 60)).await?;
    let code = json!({"code": text(&visit, "check_in_code")?});
    let number = kiosk.post("/api/v1/kiosk/check-ins", code).await?.expect(201)?.at("/ticket/number")?;
    let clerk = scene.clerk(OFFICE, HALL, "1").await?;
    ensure!(called(&act(&clerk, "call-next").await?).0 == number, "another was called");
    let board = scene.board(OFFICE, HALL).await?;
    ensure!(board["calls"][0]["ticket"] == json!(number), "{board}");
    says(&scene.words("/hall/kalisz/komunikacja").await?, &[&number])?;
    Ok(format!("{number} on the hall's monitor"))
}

async fn who_does_not_come_is_struck_off_and_told() -> Evidence {
    let late = at_minute(-1).await?;
    ensure!(late.code() == "cancelled", "a minute after: {}", late.text);
    let (scene, _, wish, visit) = booked().await?;
    scene.house.clock(&format!("2026-12-01T{}:00+01:00", wish.time)).await?;
    scene.house.advance("PT2M").await?;
    let path = format!("/api/v1/reservations/{}", text(&visit, "token")?);
    let state = scene.house.client.get(&path).await?.expect(200)?.at("/state")?;
    ensure!(state == "missed" || state == "cancelled", "{state}");
    let mail = message(&scene.house, MAIL, 3).await?;
    Ok(format!(
        "a minute after: cancelled; the reservation is {state}; told by mail: {}",
        mail.lines().next().unwrap_or_default()
    ))
}
