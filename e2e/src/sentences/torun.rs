//! The sentences of Toruń and their checks. Knows only the outside surface.

use super::{Row, table_of};
use crate::scene::{Scene, act, called, says, walk_in, words};
use crate::visit::{Wish, book, fill, hold, message, send_code};
use anyhow::{Context, ensure};
use serde_json::{Value, json};

const MORNING: &str = "2026-12-01T07:30:00+01:00";
const PHONE: &str = "+48601234567";
const OFFICE: &str = "torun";
const HALL: &str = "glowny";
const SERVICE: &str = "dowod-wniosek";

type Evidence = anyhow::Result<String>;

/// The rows, in the order of the text.
pub fn rows() -> Vec<Row> {
    table_of!["torun";
        "Rezerwacja wizyty System rezerwacji wizyt dostępny jest pod adresem: <https://rezerwacja.um.torun.pl> [1]" => codes_name_the_address,
        "Jak działa system kolejkowy?" => "a heading",
        "1. Pobierz w automacie biletowym bilet z numerem w kolejce i liczbą osób oczekujących na załatwienie swojej sprawy." => a_kiosk_ticket_says_how_many_wait,
        "2. Idź do sali obsługi, gdzie na ekranach grupowych wyświetlane są numery biletów oczekujących na obsługę." => the_hall_shows_who_waits,
        "3. Czekaj na wezwanie do właściwego okienka – gdy pracownik wywoła twój numer, wyświetli się on na ekranie grupowym i stanowiskowym oraz usłyszysz zapowiedź słowną." => a_call_is_on_both_screens_and_spoken,
        "W dwóch lokalizacjach, tj. w PIUM-ach w centrach handlowych Plaza i Copernicus, nie są generowane zapowiedzi słowne." => nothing_is_spoken_in_the_shopping_centres,
        "W celu umożliwienia **rezerwacji wizyty przez Internet** został udostępniony mieszkańcom serwis rezerwacja.um.torun.pl [1], w którym w pięciu prostych krokach można umówić się na wizytę w urzędzie:" => booking_has_five_steps,
        "1. Wskaż rodzaj sprawy, jaką chcesz załatwić." => first_comes_the_matter,
        "2. Wybierz lokalizację, gdzie chcesz się zgłosić." => then_the_place,
        "3. Wybierz termin i godzinę załatwienia sprawy (dostępne są terminy na 30 dni do przodu)." => thirty_days_ahead_are_open,
        "4. Uzupełnij pola niezbędne do przeprowadzenia rezerwacji (imię i nazwisko/nazwa firmy, numer telefonu komórkowego lub adres e-mail)." => name_and_phone_or_mail_are_asked_for,
        "5. Potwierdź swoją rejestrację, wprowadzając kod otrzymany sms-em, a otrzymasz kolejnego sms-a z informacją o zarezerwowanym terminie wizyty oraz numerze biletu." => the_second_sms_has_hour_and_ticket,
        "Należy pamiętać, aby we wskazanym dniu być 5-10 minut przed umówionym terminem wizyty." => people_are_told_to_come_early,
        "System automatycznie umieszcza klienta na liście osób do obsłużenia we wskazanej przez klienta godzinie." => the_hour_places_the_visitor,
        "W przypadku, gdy klient nie pojawił się w urzędzie w momencie wywoływania przez system, następuje wywołanie numeru klienta zgodnie z kolejnością pobrania biletu lub godzin rezerwacji." => tickets_and_hours_make_one_order,
        "Klient nie stawiał się, więc pracownik wybiera na terminalu przycisk „Nie zgłosił się” i przechodzi do wyboru kolejnego klienta." => the_clerk_presses_did_not_come,
        "Po jego obsłużeniu, ponownie automatycznie wywoływany jest klient, który nie stawiał się o czasie." => after_the_next_visit_the_absent_one_is_called,
        "Jeśli sytuacja się powtórzy, to znów następuje wezwanie kolejnego klienta." => a_second_absence_lets_the_next_one_in,
        "Następnie wykonane jest trzecie wezwanie klienta." => there_is_a_third_call,
        "Jeśli również wtedy klient nie stawia się, system automatycznie usuwa go z kolejki." => after_the_third_call_the_ticket_is_gone,
        "Niezależnie od tego, czy zapiszemy się do kolejki bieżącej, czy też internetowej, możemy skorzystać z tzw. biletu elektronicznego." => both_queues_have_e_tickets,
        "Wystarczy przy użyciu urządzenia mobilnego zeskanować umieszczony na bilecie QR-kod, który przekieruje nas na stronę e-biletu, gdzie będziemy mieli bieżącą informację o stanie kolejki oraz szacowanym czasie oczekiwania na wezwanie." => the_qr_leads_to_state_and_estimate,
        "W ramach e-biletu istnieje możliwość otrzymywania z wyprzedzeniem powiadomień np. SMS o konieczności stawienia się w urzędzie w celu załatwienia sprawy." => an_sms_comes_before_the_call,
        "Odnośniki: [1] <https://rezerwacja.um.torun.pl>" => "the list of links",
    ]
}

fn wish(time: &str) -> Wish {
    Wish::new(OFFICE, HALL, SERVICE, "2026-12-01", time)
}

async fn opened() -> anyhow::Result<Scene> {
    Scene::at("2026-12-01T08:00:00+01:00").await
}

async fn codes_name_the_address() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let client = &scene.house.client;
    let held = hold(client, &wish("10:00")).await?;
    fill(client, &held, "Anna Nowak").await?;
    send_code(client, &held, PHONE).await?.expect(202)?;
    let sms = message(&scene.house, PHONE, 1).await?;
    says(&sms, &["@rezerwacja.um.torun.pl #"])?;
    Ok(format!("the code's SMS is bound to the address: {}", sms.lines().last().unwrap_or_default()))
}

async fn a_kiosk_ticket_says_how_many_wait() -> Evidence {
    let scene = opened().await?;
    let kiosk = scene.role("kiosk", OFFICE, HALL).await?;
    let (first, _, before_first) = walk_in(&kiosk, SERVICE).await?;
    let (second, _, before_second) = walk_in(&kiosk, SERVICE).await?;
    ensure!(
        first != second && (before_first, before_second) == (0, 1),
        "{before_first} and {before_second} wait"
    );
    Ok(format!("{first} with 0 and {second} with 1 waiting before it"))
}

async fn the_hall_shows_who_waits() -> Evidence {
    let scene = opened().await?;
    let kiosk = scene.role("kiosk", OFFICE, HALL).await?;
    let (number, _, _) = walk_in(&kiosk, SERVICE).await?;
    let board = scene.board(OFFICE, HALL).await?;
    ensure!(board["waiting"].to_string().contains(&number), "{board}");
    says(&scene.words("/hall/torun/glowny").await?, &[&number])?;
    Ok(format!("{number} on the hall's board and page"))
}

async fn one_called() -> anyhow::Result<(Scene, String, Value)> {
    let scene = opened().await?;
    let kiosk = scene.role("kiosk", OFFICE, HALL).await?;
    let clerk = scene.clerk(OFFICE, HALL, "3").await?;
    let (number, _, _) = walk_in(&kiosk, SERVICE).await?;
    let seq = scene.board(OFFICE, HALL).await?["seq"].as_u64().context("no seq")?;
    let path = "/api/v1/halls/torun/glowny/events";
    let mut screen = scene.house.client.listen(path, Some(seq)).await?;
    act(&clerk, "call-next").await?;
    let call = loop {
        let event = screen.next().await?;
        if event.name == "call" {
            break event.data;
        }
    };
    Ok((scene, number, call))
}

async fn a_call_is_on_both_screens_and_spoken() -> Evidence {
    let (scene, number, call) = one_called().await?;
    ensure!(call["ticket"] == json!(number) && call["counter"] == json!("3"), "{call}");
    says(&scene.words("/hall/torun/glowny").await?, &[&number])?;
    says(&scene.words("/counter/torun/glowny/3").await?, &[&number])?;
    let text = call["announce"]["text"].as_str().context("no announcement")?;
    let audio = call["announce"]["audio"].as_str().context("no audio: is espeak-ng installed?")?;
    let sound =
        scene.house.client.get(audio.trim_start_matches(scene.house.client.base())).await?.expect(200)?;
    ensure!(sound.headers["content-type"].to_str()?.starts_with("audio/"), "{:?}", sound.headers);
    Ok(format!("{number} on both screens; said: {text}"))
}

async fn nothing_is_spoken_in_the_shopping_centres() -> Evidence {
    let scene = Scene::at("2026-12-01T10:30:00+01:00").await?;
    for place in ["plaza", "copernicus"] {
        let kiosk = scene.role("kiosk", OFFICE, place).await?;
        let clerk = scene.clerk(OFFICE, place, "1").await?;
        walk_in(&kiosk, SERVICE).await?;
        let seq = scene.board(OFFICE, place).await?["seq"].as_u64().context("no seq")?;
        let path = format!("/api/v1/halls/torun/{place}/events");
        let mut screen = scene.house.client.listen(&path, Some(seq)).await?;
        act(&clerk, "call-next").await?;
        let call = loop {
            let event = screen.next().await?;
            if event.name == "call" {
                break event.data;
            }
        };
        ensure!(call["announce"].is_null(), "{place}: {call}");
    }
    Ok("calls at Plaza and Copernicus carry no announcement".into())
}

async fn step(path: &str, number: u8, question: &str) -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let text = scene.words(path).await?;
    says(&text, &[&format!("krok {number} z 5"), question])?;
    Ok(format!("\"krok {number} z 5\", \"{question}\""))
}

async fn booking_has_five_steps() -> Evidence {
    step("/torun/book", 1, "z 5").await
}

async fn first_comes_the_matter() -> Evidence {
    step("/torun/book", 1, "jaką sprawę chcesz załatwić").await
}

async fn then_the_place() -> Evidence {
    step(&format!("/torun/book?service={SERVICE}"), 2, "gdzie").await
}

async fn thirty_days_ahead_are_open() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let path =
        format!("/api/v1/offices/torun/locations/{HALL}/services/{SERVICE}/days?from=2026-12-01&count=40");
    let days = scene.house.client.get(&path).await?.expect(200)?.json;
    let days = days["days"].as_array().context("no days")?.clone();
    let state = |date: &str| {
        days.iter().find(|day| day["date"] == date).and_then(|day| day["state"].as_str()).map(str::to_owned)
    };
    ensure!(state("2026-12-31").as_deref() == Some("open"), "the thirtieth day: {:?}", state("2026-12-31"));
    ensure!(state("2027-01-02").as_deref() != Some("open"), "behind it: {:?}", state("2027-01-02"));
    Ok("1 to 31 December open, later days not released".into())
}

async fn name_and_phone_or_mail_are_asked_for() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let client = &scene.house.client;
    let held = hold(client, &wish("10:00")).await?;
    let form = held.form.as_array().context("no form")?;
    ensure!(form.len() == 1 && form[0]["id"] == "name" && form[0]["required"] == true, "{form:?}");
    fill(client, &held, "Piekarnia Nowak").await?;
    let path = format!("/api/v1/holds/{}/code", held.id);
    let mail = json!({"email": "biuro@example.org", "locale": "pl"});
    client.with(&held.secret).post(&path, mail).await?.expect(202)?;
    message(&scene.house, "biuro@example.org", 1).await?;
    Ok("the form asks for the name; the code goes to a phone or a mail address".into())
}

async fn the_second_sms_has_hour_and_ticket() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let visit = book(&scene.house, &scene.house.client, &wish("09:30"), "Anna Nowak", PHONE).await?;
    let sms = message(&scene.house, PHONE, 2).await?;
    let ticket = visit["ticket"].as_str().context("no ticket number")?;
    says(&sms, &[ticket, "9:30"])?;
    Ok(sms.replace('\n', " "))
}

async fn people_are_told_to_come_early() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    book(&scene.house, &scene.house.client, &wish("09:30"), "Anna Nowak", PHONE).await?;
    let sms = message(&scene.house, PHONE, 2).await?;
    says(&sms, &["5-10"])?;
    Ok("the SMS says 5-10 min".into())
}

async fn the_hour_places_the_visitor() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let visit = book(&scene.house, &scene.house.client, &wish("09:30"), "Anna Nowak", PHONE).await?;
    let number = visit["ticket"].as_str().context("no ticket number")?.to_owned();
    scene.house.clock("2026-12-01T09:29:00+01:00").await?;
    let before = scene.board(OFFICE, HALL).await?;
    ensure!(before["waiting_total"] == 0, "{before}");
    scene.house.clock("2026-12-01T09:30:00+01:00").await?;
    let after = scene.board(OFFICE, HALL).await?;
    ensure!(after["waiting"].to_string().contains(&number), "{after}");
    Ok(format!("{number} is in the queue at 9:30, not at 9:29"))
}

async fn tickets_and_hours_make_one_order() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let visit = book(&scene.house, &scene.house.client, &wish("09:30"), "Anna Nowak", PHONE).await?;
    let booked = visit["ticket"].as_str().context("no ticket number")?.to_owned();
    let kiosk = scene.role("kiosk", OFFICE, HALL).await?;
    scene.house.clock("2026-12-01T09:20:00+01:00").await?;
    let (earlier, _, _) = walk_in(&kiosk, SERVICE).await?;
    scene.house.clock("2026-12-01T09:40:00+01:00").await?;
    let (later, _, _) = walk_in(&kiosk, SERVICE).await?;
    let clerk = scene.clerk(OFFICE, HALL, "1").await?;
    let mut order = Vec::new();
    for _ in 0..3 {
        order.push(called(&act(&clerk, "call-next").await?).0);
        act(&clerk, "start").await?;
        act(&clerk, "finish").await?;
    }
    ensure!(order == [earlier, booked, later], "{order:?}");
    Ok(format!("ticket of 9:20, hour 9:30, ticket of 9:40: {}", order.join(", ")))
}

/// An absent visitor and a clerk, after a number of calls without an answer.
struct Absent {
    scene: Scene,
    clerk: crate::Client,
    number: String,
    token: String,
    heard: Vec<(String, u64)>,
}

async fn absent_after(calls: u64) -> anyhow::Result<Absent> {
    let scene = opened().await?;
    let kiosk = scene.role("kiosk", OFFICE, HALL).await?;
    let clerk = scene.clerk(OFFICE, HALL, "1").await?;
    let (number, token, _) = walk_in(&kiosk, SERVICE).await?;
    for _ in 0..5 {
        walk_in(&kiosk, SERVICE).await?;
    }
    let mut heard = vec![called(&act(&clerk, "call-next").await?)];
    for round in 1..=calls {
        ensure!(heard.last() == Some(&(number.clone(), round)), "{heard:?}");
        act(&clerk, "no-show").await?;
        if round < calls {
            heard.push(called(&act(&clerk, "call-next").await?));
            act(&clerk, "start").await?;
            heard.push(called(&act(&clerk, "finish").await?));
        }
    }
    Ok(Absent { scene, clerk, number, token, heard })
}

async fn the_clerk_presses_did_not_come() -> Evidence {
    let absent = absent_after(1).await?;
    let desk = absent.clerk.ask(
        http::Method::GET,
        "/desk",
        None,
        &[("accept", "text/html"), ("accept-language", "pl")],
    );
    says(&words(&desk.await?.expect(200)?.text), &["nie zgłosił się"])?;
    let next = called(&act(&absent.clerk, "call-next").await?);
    ensure!(next.0 != absent.number && next.1 == 1, "{next:?}");
    Ok(format!("{} absent, then {}", absent.number, next.0))
}

async fn after_the_next_visit_the_absent_one_is_called() -> Evidence {
    let absent = absent_after(2).await?;
    Ok(format!("heard: {:?}", absent.heard))
}

async fn a_second_absence_lets_the_next_one_in() -> Evidence {
    let absent = absent_after(2).await?;
    let next = called(&act(&absent.clerk, "call-next").await?);
    ensure!(next.0 != absent.number, "{next:?}");
    Ok(format!("after the second absence of {}: {}", absent.number, next.0))
}

async fn there_is_a_third_call() -> Evidence {
    let absent = absent_after(3).await?;
    ensure!(absent.heard.last() == Some(&(absent.number.clone(), 3)), "{:?}", absent.heard);
    Ok(format!("heard: {:?}", absent.heard))
}

async fn after_the_third_call_the_ticket_is_gone() -> Evidence {
    let absent = absent_after(3).await?;
    let ticket = absent.scene.ticket(&absent.token).await?;
    ensure!(ticket["state"] == "missed", "{ticket}");
    let desk = absent.clerk.get("/api/v1/desk").await?.expect(200)?;
    ensure!(!desk.text.contains(&absent.number), "{}", desk.text);
    Ok(format!("{} is missed and in no list", absent.number))
}

async fn both_queues_have_e_tickets() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let visit = book(&scene.house, &scene.house.client, &wish("09:30"), "Anna Nowak", PHONE).await?;
    let path = visit["manage_url"].as_str().context("no address")?.replace(scene.house.client.base(), "");
    let page = scene.page(&path).await?;
    let start = page.find("/t/").context("the visit's page leads to no e-ticket")?;
    let booked: String =
        page[start..].chars().take_while(|c| c.is_ascii_alphanumeric() || "/.-_".contains(*c)).collect();
    scene.words(&booked).await?;
    scene.house.clock("2026-12-01T08:00:00+01:00").await?;
    let kiosk = scene.role("kiosk", OFFICE, HALL).await?;
    let (number, token, _) = walk_in(&kiosk, SERVICE).await?;
    says(&scene.words(&format!("/t/{token}")).await?, &[&number])?;
    Ok("the booked visitor's and the walk-in's e-tickets open".into())
}

async fn the_qr_leads_to_state_and_estimate() -> Evidence {
    let scene = opened().await?;
    let kiosk = scene.role("kiosk", OFFICE, HALL).await?;
    walk_in(&kiosk, SERVICE).await?;
    let printed = kiosk.post("/api/v1/kiosk/tickets", json!({"service": SERVICE})).await?.expect(201)?;
    let (url, token) = (printed.at("/ticket/url")?, printed.at("/ticket/token")?);
    ensure!(url.contains(&token), "{url}");
    let page = url.replace(scene.house.client.base(), "");
    let shut = scene.ticket(&token).await?;
    ensure!(shut["ahead"] == 1 && shut["expected_wait"].is_null(), "a wait without a counter: {shut}");
    says(&scene.words(&page).await?, &["Przed Tobą 1 osoba", "żadne stanowisko nie obsługuje tej sprawy"])?;

    let clerk = scene.clerk(OFFICE, HALL, "1").await?;
    act(&clerk, "call-next").await?;
    walk_in(&kiosk, SERVICE).await?;
    let printed = kiosk.post("/api/v1/kiosk/tickets", json!({"service": SERVICE})).await?.expect(201)?;
    let token = printed.at("/ticket/token")?;
    let ticket = scene.ticket(&token).await?;
    let bound = |name: &str| ticket["expected_wait"][name].as_u64().context(format!("no {name}: {ticket}"));
    let (low, high) = (bound("low_min")?, bound("high_min")?);
    ensure!(ticket["ahead"] == 2 && 0 < low && low < high && high <= 240, "{ticket}");
    ensure!(
        printed.json["ticket"]["expected_wait"] == ticket["expected_wait"],
        "the paper says another wait"
    );
    let said = format!("Przed Tobą 2 osoby, około {low}–{high} minut");
    let page = printed.at("/ticket/url")?.replace(scene.house.client.base(), "");
    says(&scene.words(&page).await?, &[&said])?;
    let open = scene.house.client.get("/api/v1/open/queues?office=torun").await?.expect(200)?.json;
    let here = open["queues"].as_array().and_then(|all| all.iter().find(|queue| queue["location"] == HALL));
    let joining = here.map_or(Value::Null, |queue| queue["expected_wait"][SERVICE].clone());
    ensure!(joining["high_min"].as_u64().is_some(), "open data: {joining}");
    for _ in 0..2 {
        scene.house.advance("PT10M").await?;
        act(&clerk, "finish").await?;
        act(&clerk, "call-next").await?;
    }
    let later = scene.ticket(&token).await?["expected_wait"]["high_min"].as_u64();
    ensure!(later.is_some_and(|later| later < high), "after two visits: {later:?}, before {high}");
    Ok(format!(
        "without a counter none; then: {said}; two visits later at most {}",
        later.unwrap_or_default()
    ))
}

async fn an_sms_comes_before_the_call() -> Evidence {
    let scene = opened().await?;
    let kiosk = scene.role("kiosk", OFFICE, HALL).await?;
    let clerk = scene.clerk(OFFICE, HALL, "1").await?;
    for _ in 0..8 {
        walk_in(&kiosk, SERVICE).await?;
    }
    let (number, token, _) = walk_in(&kiosk, SERVICE).await?;
    let wish = json!({"phone": PHONE, "ahead_min": 20, "locale": "pl"});
    scene.house.client.post(&format!("/api/v1/tickets/{token}/notify"), wish).await?.expect(202)?;
    for _ in 0..8 {
        act(&clerk, "call-next").await?;
        act(&clerk, "start").await?;
        scene.house.advance("PT10M").await?;
        act(&clerk, "finish").await?;
    }
    let sms = message(&scene.house, PHONE, 1).await?;
    says(&sms, &[&number])?;
    ensure!(scene.house.outbox(PHONE).await?.len() == 1, "more than one");
    Ok(sms.replace('\n', " "))
}
