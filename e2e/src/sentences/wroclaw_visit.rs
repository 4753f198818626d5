//! Checks about what citizens of Wrocław do and see: account, form, code, kiosk, call.

use crate::account::{self, signed_in};
use crate::house::Shape;
use crate::scene::{Scene, says, words};
use crate::visit::{Hold, Wish, confirm, message, read_code, send_code};
use crate::{Answer, Client, challenge};
use anyhow::{Context, ensure};
use serde_json::{Map, Value, json};

/// After this time hints are up to date in every process.
const HINTS: std::time::Duration = std::time::Duration::from_millis(250);

pub(super) type Evidence = anyhow::Result<String>;

pub(super) const MORNING: &str = "2026-12-01T07:00:00+01:00";
pub(super) const OFFICE: &str = "wroclaw";
pub(super) const HALL: &str = "wroclaw";
pub(super) const DAY: &str = "2026-12-01";
pub(super) const MAIL: &str = "olena@example.org";
pub(super) const PHONE: &str = "+48601234567";
pub(super) const NAME: &str = "Olena Kovalenko";

/// A person with a reservation, and the program they use.
pub(super) struct Booked {
    pub(super) scene: Scene,
    pub(super) person: Client,
    pub(super) wish: Wish,
    pub(super) visit: Value,
}

impl Booked {
    pub(super) fn text(&self, field: &str) -> anyhow::Result<&str> {
        self.visit[field].as_str().with_context(|| format!("no {field} in {}", self.visit))
    }
    /// Moves the clock to `minutes` minutes before the hour.
    pub(super) async fn before(&self, minutes: i64) -> anyhow::Result<()> {
        let (hour, minute) = self.wish.time.split_once(':').context("no hour")?;
        let at = hour.parse::<i64>()? * 60 + minute.parse::<i64>()? - minutes;
        self.scene.house.clock(&format!("{DAY}T{:02}:{:02}:00+01:00", at / 60, at % 60)).await
    }
    pub(super) async fn check_in(&self, service: &str) -> anyhow::Result<Answer> {
        let kiosk = self.scene.role("kiosk", OFFICE, HALL).await?;
        let body = json!({"code": self.text("check_in_code")?, "service": service});
        kiosk.post("/api/v1/kiosk/check-ins", body).await
    }
    pub(super) async fn state(&self) -> anyhow::Result<String> {
        let path = format!("/api/v1/reservations/{}", self.text("token")?);
        self.scene.house.client.get(&path).await?.expect(200)?.at("/state")
    }
    pub(super) async fn page(&self) -> anyhow::Result<String> {
        self.scene.page(&self.text("manage_url")?.replace(self.scene.house.client.base(), "")).await
    }
}

/// Ids of services whose name or category contains the word.
pub(super) async fn services(client: &Client, word: &str) -> anyhow::Result<Vec<String>> {
    let office = client.get(&format!("/api/v1/offices/{OFFICE}")).await?.expect(200)?.json;
    let word = word.to_lowercase();
    let mut found = Vec::new();
    for category in office["categories"].as_array().context("no categories")? {
        for service in category["services"].as_array().context("no services")? {
            let of =
                |value: &Value| value["name"].as_str().unwrap_or_default().to_lowercase().contains(&word);
            let here = service["locations"].as_array().is_some_and(|all| all.iter().any(|it| it == HALL));
            if here && (of(category) || of(service)) {
                found.push(service["id"].as_str().unwrap_or_default().to_owned());
            }
        }
    }
    ensure!(!found.is_empty(), "no service has {word:?} in its name: {office}");
    Ok(found)
}

pub(super) async fn wish(client: &Client, word: &str) -> anyhow::Result<Wish> {
    let service = services(client, word).await?.swap_remove(0);
    let path = format!("/api/v1/offices/{OFFICE}/locations/{HALL}/services/{service}/days/{DAY}/times");
    let times = client.get(&path).await?.expect(200)?.json;
    let free = |time: &&Value| time["free"].as_u64() > Some(0) && time["time"].as_str() >= Some("10:00");
    let time = times["times"].as_array().context("no hours")?.iter().find(free).context("no free hour")?;
    Ok(Wish::new(OFFICE, HALL, &service, DAY, time["time"].as_str().unwrap_or_default()))
}

/// Holds a place with a proof of work.
pub(super) async fn hold(person: &Client, wish: &Wish) -> anyhow::Result<Hold> {
    let answer = ask_hold(person, wish).await?.expect(201)?;
    Ok(Hold { id: answer.at("/hold")?, secret: answer.at("/secret")?, form: answer.json["form"].clone() })
}

/// The answer to a hold requested with its proof of work.
async fn ask_hold(person: &Client, wish: &Wish) -> anyhow::Result<Answer> {
    let mut body = wish.body();
    body["challenge"] = json!(challenge::solved(person, OFFICE).await?);
    person.post(&wish.path(), body).await
}

/// The form's own examples, except for the name and the document.
pub(super) fn answers(hold: &Hold, name: &str, document: &str) -> Value {
    let fields = hold.form.as_array().into_iter().flatten();
    let written = fields.filter_map(|field| {
        let id = field["id"].as_str()?;
        let value = match field["type"].as_str() {
            Some("document") => document,
            _ if id == "name" => name,
            _ => field["example"].as_str()?,
        };
        Some((id.to_owned(), json!(value)))
    });
    Value::Object(written.collect::<Map<_, _>>())
}

pub(super) async fn save_form(person: &Client, hold: &Hold, fields: Value) -> anyhow::Result<Answer> {
    let consents = account::consents(person, OFFICE).await?;
    let body = json!({"fields": fields, "consents": consents});
    person.with(&hold.secret).put(&format!("/api/v1/holds/{}/form", hold.id), body).await
}

/// A whole booking.
pub(super) async fn book(
    scene: &Scene,
    person: &Client,
    wish: &Wish,
    who: [&str; 3],
) -> anyhow::Result<Value> {
    let [name, document, phone] = who;
    let held = hold(person, wish).await?;
    save_form(person, &held, answers(&held, name, document)).await?.expect(204)?;
    let before = scene.house.outbox(phone).await?.len();
    send_code(person, &held, phone).await?.expect(202)?;
    let code = read_code(&scene.house, phone, before + 1).await?;
    Ok(confirm(person, &held, &code).await?.expect(200)?.json["reservation"].clone())
}

pub(super) async fn booked(word: &str) -> anyhow::Result<Booked> {
    let scene = Scene::at(MORNING).await?;
    let person = signed_in(&scene.house, OFFICE, MAIL).await?;
    let wish = wish(&person, word).await?;
    let visit = book(&scene, &person, &wish, [NAME, "FA1234567", PHONE]).await?;
    Ok(Booked { scene, person, wish, visit })
}

pub(super) async fn a_reservation_is_activated_by_sms() -> Evidence {
    let booked = booked("paszport").await?;
    let sms = message(&booked.scene.house, PHONE, 2).await?;
    says(&sms, &[booked.text("check_in_code")?])?;
    Ok(format!("confirmed by the code of an SMS; then told by SMS: {}", sms.replace('\n', " ")))
}

pub(super) async fn every_process_has_its_form() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let person = signed_in(&scene.house, OFFICE, MAIL).await?;
    let mut forms = Vec::new();
    for word in ["paszport", "LP1", "LP2", "kierowni"] {
        let held = hold(&person, &wish(&person, word).await?).await?;
        let empty = save_form(&person, &held, json!({})).await?;
        ensure!(empty.code() == "invalid", "{word}: an empty form passes: {}", empty.text);
        save_form(&person, &held, answers(&held, NAME, "FA1234567")).await?.expect(204)?;
        forms.push(format!("{word}: {} fields", held.form.as_array().map_or(0, Vec::len)));
        let path = format!("/api/v1/holds/{}", held.id);
        person.with(&held.secret).delete(&path).await?.expect(204)?;
    }
    Ok(forms.join(", "))
}

pub(super) async fn the_phone_gets_a_code() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let person = signed_in(&scene.house, OFFICE, MAIL).await?;
    let held = hold(&person, &wish(&person, "paszport").await?).await?;
    save_form(&person, &held, answers(&held, NAME, "FA1234567")).await?.expect(204)?;
    send_code(&person, &held, PHONE).await?.expect(202)?;
    let code = read_code(&scene.house, PHONE, 1).await?;
    Ok(format!("an SMS with a code of {} digits", code.len()))
}

pub(super) async fn the_last_step_is_code_and_activate() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let person = signed_in(&scene.house, OFFICE, MAIL).await?;
    let held = hold(&person, &wish(&person, "paszport").await?).await?;
    save_form(&person, &held, answers(&held, NAME, "FA1234567")).await?.expect(204)?;
    send_code(&person, &held, PHONE).await?.expect(202)?;
    let code = read_code(&scene.house, PHONE, 1).await?;
    let other = if code == "000000" { "000001" } else { "000000" };
    ensure!(confirm(&person, &held, other).await?.code() == "code_wrong", "a wrong code passes");
    confirm(&person, &held, &code).await?.expect(200)?;
    Ok("a wrong code is refused, the right one activates; the button is in the browser test".into())
}

/// No account without accepting the rules, no place without an account; four places to choose from.
pub(super) async fn rules_then_account_then_place() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let client = &scene.house.client;
    let body = json!({"email": MAIL, "password": account::PASSWORD, "consents": {}});
    let refused = client.post("/api/v1/offices/wroclaw/accounts", body).await?;
    ensure!(refused.code() == "invalid", "an account without the rules: {}", refused.text);
    let any = Wish::new(OFFICE, HALL, &services(client, "paszport").await?[0], DAY, "10:00");
    let refused = client.post(&any.path(), any.body()).await?;
    ensure!(refused.code() == "account_required", "a place without an account: {}", refused.text);
    let person = signed_in(&scene.house, OFFICE, MAIL).await?;
    wish(&person, "paszport").await?;
    says(&scene.words("/wroclaw").await?, &["Wrocław", "Legnica", "Jelenia Góra", "Wałbrzych"])?;
    Ok("no account without the rules, no place without an account; four places to choose from".into())
}

pub(super) async fn the_confirmation_can_be_kept() -> Evidence {
    let booked = booked("paszport").await?;
    let page = booked.page().await?;
    says(&page, &[".ics", "barcode"])?;
    let mail = message(&booked.scene.house, MAIL, 2).await?;
    says(&mail, &[booked.text("number")?, booked.text("check_in_code")?])?;
    Ok("page with print view and calendar file; mail and SMS".into())
}

fn day_button<'a>(page: &'a str, date: &str) -> Option<&'a str> {
    let at = page.find(&format!("date={date}")).or_else(|| page.find(&format!("value=\"{date}\"")))?;
    let start = page[..at].rfind('<')?;
    page[start..].split('>').next()
}

async fn calendar() -> anyhow::Result<(Scene, String)> {
    let scene = Scene::at(MORNING).await?;
    let person = signed_in(&scene.house, OFFICE, MAIL).await?;
    let wish = wish(&person, "paszport").await?;
    let path = format!("/{OFFICE}/book?location={HALL}&service={}", wish.service);
    let page = scene.page(&path).await?;
    Ok((scene, page))
}

pub(super) async fn days_with_places_are_dark() -> Evidence {
    let (_scene, page) = calendar().await?;
    let tag = day_button(&page, "2026-12-02").context("2 December is no button")?;
    ensure!(tag.starts_with("<a") || tag.starts_with("<button"), "{tag}");
    Ok(format!("a working day is a link of the dark kind: {tag}>"))
}

pub(super) async fn other_days_cannot_be_chosen() -> Evidence {
    let (_scene, page) = calendar().await?;
    ensure!(day_button(&page, "2026-12-06").is_none(), "Sunday can be chosen");
    Ok("6 December, a Sunday, is no link".into())
}

pub(super) async fn a_day_shows_its_hours() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let person = signed_in(&scene.house, OFFICE, MAIL).await?;
    let wish = wish(&person, "paszport").await?;
    let path = format!("/{OFFICE}/book?location={HALL}&service={}&date={DAY}", wish.service);
    says(&scene.words(&path).await?, &[wish.time.trim_start_matches('0')])?;
    Ok(format!("{} among the hours of {DAY}", wish.time))
}

pub(super) async fn a_full_day_says_so() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let person = signed_in(&scene.house, OFFICE, MAIL).await?;
    let service = wish(&person, "kierowni").await?.service;
    let days = format!("/api/v1/offices/{OFFICE}/locations/{HALL}/services/{service}/days");
    let (mut taken, mut asked) = (0, 0);
    while let Some(time) = free_hour(&person, &days).await? {
        let somebody = person.from(&format!("10.7.{}.{}", asked / 200, asked % 200));
        let held = ask_hold(&somebody, &Wish::new(OFFICE, HALL, &service, DAY, &time)).await?;
        asked += 1;
        if held.status != 409 {
            held.expect(201)?;
            taken += 1;
        }
        // Another process may still show a place as free that is taken, and each hold counts towards the account's
        // limit.
        if Shape::chosen()? != Shape::Demo {
            tokio::time::sleep(HINTS).await;
        }
        ensure!(asked < 2_000, "the day never fills");
    }
    let day = person.get(&format!("{days}?from={DAY}&count=1")).await?.expect(200)?.at("/days/0/state")?;
    ensure!(day == "full", "{day}");
    let path = format!("/{OFFICE}/book?location={HALL}&service={service}&date={DAY}");
    says(&scene.words(&path).await?, &["limit miejsc", "inn"])?;
    Ok(format!("after {taken} holds the day is full and the page says so"))
}

async fn free_hour(person: &Client, days: &str) -> anyhow::Result<Option<String>> {
    let times = person.get(&format!("{days}/{DAY}/times")).await?.expect(200)?.json;
    let free = times["times"].as_array().context("no hours")?.iter().find(|it| it["free"].as_u64() > Some(0));
    Ok(free.and_then(|it| it["time"].as_str()).map(str::to_owned))
}

/// A visit's page names everything to bring: documents, photographs, copies, proofs of payment.
pub(super) async fn people_are_told_what_to_bring() -> Evidence {
    let page = words(&booked("paszport").await?.page().await?);
    says(&page, &["fotografi", "kopi", "przelew", "potwierdzeni"])?;
    Ok("documents, photographs, copies, fees by transfer with their proofs".into())
}

/// The forms of three matters ask whom the visit is for.
pub(super) async fn one_adult_or_a_parent_with_children() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let person = signed_in(&scene.house, OFFICE, MAIL).await?;
    let mut asked = Vec::new();
    for word in ["paszport", "LP1", "LP2"] {
        let held = hold(&person, &wish(&person, word).await?).await?;
        let form = held.form.as_array().context("no form")?;
        let choice = form.iter().find(|field| {
            field["type"] == "choice" && field["options"].to_string().to_lowercase().contains("dzie")
        });
        let choice = choice.with_context(|| format!("{word}: nobody asks for whom: {form:?}"))?;
        asked.push(format!("{word}: {}", choice["label"].as_str().unwrap_or_default()));
        person.with(&held.secret).delete(&format!("/api/v1/holds/{}", held.id)).await?.expect(204)?;
    }
    Ok(asked.join(", "))
}

pub(super) async fn a_visit_to_a_manager_asks_for_the_case() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let person = signed_in(&scene.house, OFFICE, MAIL).await?;
    let held = hold(&person, &wish(&person, "kierowni").await?).await?;
    let form = held.form.to_string().to_lowercase();
    let asked = [
        "pobyt czasowy",
        "pobyt stały",
        "zezwolenie na pracę",
        "\"date\"",
        "poczt",
        "legnic",
        "jeleni",
        "wałbrzych",
        "\"case\"",
        "inspektor",
    ];
    says(&form, &asked)?;
    Ok("kind of application, date, way and place of filing, case number, inspector".into())
}

pub(super) async fn people_are_told_of_the_legal_stay() -> Evidence {
    let page = words(&booked("LP1").await?.page().await?);
    says(&page, &["legaln"])?;
    Ok("said with what to bring".into())
}

pub(super) async fn the_hour_is_said_to_be_approximate() -> Evidence {
    let page = words(&booked("LP1").await?.page().await?);
    says(&page, &["orientacyjn"])?;
    Ok("said on the confirmation".into())
}

pub(super) async fn one_document_has_one_reservation() -> Evidence {
    let booked = booked("paszport").await?;
    let other = signed_in(&booked.scene.house, OFFICE, "second@example.org").await?;
    let again = wish(&other, "paszport").await?;
    let held = hold(&other, &again).await?;
    save_form(&other, &held, answers(&held, NAME, "fa 1234567")).await?.expect(204)?;
    // Before the proof nobody learns whether a document already has a visit.
    send_code(&other, &held, "+48602345678").await?.expect(202)?;
    let code = read_code(&booked.scene.house, "+48602345678", 1).await?;
    let limit = confirm(&other, &held, &code).await?;
    ensure!(limit.code() == "limit_reached", "{}", limit.text);
    ensure!(limit.json.get("manage_url").is_none(), "another phone: no way to a stranger's visit");
    Ok("the same document by another account: limit_reached".into())
}

pub(super) async fn booking_is_from_poland_only() -> Evidence {
    let scene = Scene::with_geography(MORNING).await?;
    let person = signed_in(&scene.house, OFFICE, MAIL).await?;
    let wish = wish(&person, "paszport").await?;
    let abroad = person.from("2.125.160.216");
    let refused = abroad.post(&wish.path(), wish.body()).await?;
    ensure!(refused.code() == "not_in_territory", "{}", refused.text);
    hold(&person, &wish).await?;
    Ok("from a British address: not_in_territory; from a Polish one: a place".into())
}

pub(super) async fn a_place_costs_a_proof_of_work() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let person = signed_in(&scene.house, OFFICE, MAIL).await?;
    let wish = wish(&person, "paszport").await?;
    let bare = person.post(&wish.path(), wish.body()).await?;
    ensure!(bare.code() == "challenge_required", "{}", bare.text);
    let mut body = wish.body();
    body["challenge"] = json!(challenge::solved(&person, OFFICE).await?);
    person.post(&wish.path(), body.clone()).await?.expect(201)?;
    let twice = person.post(&wish.path(), body).await?;
    ensure!(twice.code() == "challenge_required", "the same proof twice: {}", twice.text);
    Ok("no place without a proof of work, none twice for one".into())
}

pub(super) async fn visits_are_counted() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let count = |text: &str| -> Option<u64> {
        let at = text.to_lowercase().find("liczba wejść")?;
        let digits: String = text[at..]
            .chars()
            .skip_while(|c| !c.is_ascii_digit())
            .take_while(|c| c.is_ascii_digit() || *c == ' ')
            .filter(char::is_ascii_digit)
            .collect();
        digits.parse().ok()
    };
    let first = count(&scene.words("/wroclaw").await?).context("no counter on the page")?;
    let (mut second, mut visits) = (first, 1);
    // Each process counts on its own, and sends its counts to the others after a moment.
    while second <= first && visits < 20 {
        second = count(&scene.words("/wroclaw").await?).context("no counter on the page")?;
        visits += 1;
        ensure!(second < first + visits, "{first}, then {second} after {visits} visits");
        scene.house.advance("PT5S").await?;
    }
    ensure!(second > first, "{first}, then {second} after {visits} visits");
    Ok(format!("{first}, then {second}"))
}
