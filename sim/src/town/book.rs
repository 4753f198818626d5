//! Booking an hour as people do: look at hours, hold one, fill in the form, wait for the code, type it, sometimes
//! wrong, sometimes not at all. Knows only the outside surface.

use crate::town::Place;
use crate::town::person::Person;
use crate::world::front::Answer;
use http::Method;
use okienko_kernel::{Day, Id};
use okienko_office::{AccountRule, Proof, Service};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// How many hours people try when their choice has just been taken.
const HOURS: usize = 3;
/// How long people wait for a message.
const PHONE: Duration = Duration::from_secs(420);

/// A confirmed visit.
#[derive(Clone, Debug)]
pub struct Booked {
    /// Its id.
    pub id: Id,
    /// The token that proves its holder.
    pub token: String,
    /// The check-in code typed at the kiosk.
    pub code: String,
    /// The ticket's number, if known.
    pub ticket: Option<String>,
    /// The e-ticket's token, if there is one.
    pub ticket_token: Option<String>,
    /// The local time of the visit.
    pub time: String,
}

/// How an attempt to book ended.
pub enum Tried {
    /// Confirmed.
    Booked(Box<Booked>),
    /// Ended without a visit, for this reason.
    Ended(&'static str),
}

use Tried::Ended;

impl Person {
    /// Books an hour of a service on a day.
    pub async fn book(&self, place: &Place, service: &Service, day: Day) -> Tried {
        let mut person = self.clone();
        if place.office.account == AccountRule::Required {
            match self.session(place).await {
                Some(session) => person = self.with(&session),
                None => return Ended("no account"),
            }
        }
        for _ in 0..HOURS {
            let Some(time) = person.hour(place, service, day).await else { return Ended("no free hour") };
            let body = json!({"location": place.location.id, "service": service.id, "date": day.to_string(),
                "time": time});
            let path = format!("/api/v1/offices/{}/holds", place.office.id);
            let held = if self.dice.chance(0.1) {
                person.press_twice(Method::POST, &path, Some(body)).await
            } else {
                person.insist(Method::POST, &path, Some(body)).await
            };
            let Some(held) = held else { return Ended("gave up holding") };
            match (held.status, held.code()) {
                (201, _) => return person.go_on(service, &held, &time).await,
                (409, "slot_full") => {}
                (422, _) => return Ended("hour is over"),
                _ => return Ended("hold refused"),
            }
        }
        Ended("hours were taken")
    }

    /// A free hour, often one of the first.
    async fn hour(&self, place: &Place, service: &Service, day: Day) -> Option<String> {
        let base = format!(
            "/api/v1/offices/{}/locations/{}/services/{}/days",
            place.office.id, place.location.id, service.id
        );
        if self.dice.chance(0.1) {
            self.insist(Method::GET, &format!("{base}?from={day}&count=3"), None).await?;
        }
        let told = self.insist(Method::GET, &format!("{base}/{day}/times"), None).await?;
        let free = |time: &&Value| time["free"].as_u64().unwrap_or(0) > 0;
        let times: Vec<&Value> = told.json["times"].as_array()?.iter().filter(free).collect();
        if self.town.rush {
            return times.first()?["time"].as_str().map(str::to_owned);
        }
        let popular = &times[..times.len().min(3)];
        let chosen = if self.dice.chance(0.4) { self.dice.pick(popular) } else { self.dice.pick(&times) };
        chosen?["time"].as_str().map(str::to_owned)
    }

    async fn go_on(&self, service: &Service, held: &Answer, time: &str) -> Tried {
        let (Some(hold), Some(secret)) = (held.text("/hold"), held.text("/secret")) else {
            self.town.ground.watch.broken(format!("a hold without id or secret: {}", held.json));
            return Ended("hold refused");
        };
        self.town.ledger.held(&hold);
        let holder = self.with(&secret);
        let path = format!("/api/v1/holds/{hold}");
        if self.dice.chance(0.03) {
            // A stranger's secret must open nothing.
            let stranger = self.with("AAAAAAAAAAAAAAAAAAAAAAAAAA");
            if let Ok(told) = stranger.once(Method::DELETE, &path, None, None).await
                && ![403, 404, 503].contains(&told.status)
            {
                self.town.ground.watch.broken(format!("a stranger at {path} was told {}", told.status));
            }
        }
        self.think().await;
        if self.dice.chance(0.04) {
            return Ended("wandered off");
        }
        if self.dice.chance(0.04) {
            let gone = holder.insist(Method::DELETE, &path, None).await;
            return Ended(if gone.is_some() { "gave the hour back" } else { "wandered off" });
        }
        if held.json["form"].as_array().is_some_and(|form| !form.is_empty()) {
            let body = json!({"fields": self.answers(&held.json["form"]), "consents": {}});
            match holder.insist(Method::PUT, &format!("{path}/form"), Some(body)).await.map(|it| it.status) {
                Some(204) => {}
                Some(404 | 409 | 410) => return Ended("hold expired"),
                Some(status) => {
                    self.town.ground.watch.broken(format!("{path}/form refused a good form: {status}"));
                    return Ended("form refused");
                }
                None => return Ended("gave up at the form"),
            }
        }
        if service.proof.contains(&Proof::Account) {
            return holder.confirm(&hold, &path, json!({}), time).await;
        }
        holder.prove(&hold, &path, time).await
    }

    /// Asks for a code, reads it and types it.
    async fn prove(&self, hold: &str, path: &str, time: &str) -> Tried {
        let phone = format!("+4860{:07}", self.dice.range(0..10_000_000));
        let phones = self.town.ground.phones.clone();
        for _ in 0..2 {
            let seen = phones.inbox(&phone).len();
            let body = json!({"phone": phone, "locale": if self.dice.chance(0.8) { "pl" } else { "en" }});
            let sent = match self.dice.chance(0.1) {
                true => self.press_twice(Method::POST, &format!("{path}/code"), Some(body)).await,
                false => self.insist(Method::POST, &format!("{path}/code"), Some(body)).await,
            };
            match sent.as_ref().map(|told| (told.status, told.code())) {
                Some((202, _)) => {}
                Some((404 | 410, _)) => return Ended("hold expired"),
                Some((_, "limit_reached")) => return Ended("limit reached"),
                Some(_) => return Ended("code refused"),
                None => return Ended("gave up at the code"),
            }
            let Some(code) = phones.wait(&phone, seen, PHONE, code_in).await else { continue };
            self.think().await;
            if self.dice.chance(0.03) {
                return Ended("wandered off");
            }
            if self.dice.chance(0.08) {
                let wrong = format!("{:06}", (code.parse::<u32>().unwrap_or(0) + 1) % 1_000_000);
                let told =
                    self.insist(Method::POST, &format!("{path}/confirm"), Some(json!({"code": wrong}))).await;
                if told.is_some_and(|told| told.status == 200) {
                    self.town.ground.watch.broken(format!("{hold} was confirmed with a wrong code"));
                }
            }
            return self.confirm(hold, path, json!({"code": code}), time).await;
        }
        Ended("no code came")
    }

    async fn confirm(&self, hold: &str, path: &str, body: Value, time: &str) -> Tried {
        let path = format!("{path}/confirm");
        let told = match self.dice.chance(0.1) {
            true => self.press_twice(Method::POST, &path, Some(body)).await,
            false => self.insist(Method::POST, &path, Some(body)).await,
        };
        let Some(told) = told else { return Ended("gave up confirming") };
        if told.status != 200 {
            return Ended(match told.code() {
                "limit_reached" => "limit reached",
                "hold_expired" => "hold expired",
                "code_wrong" | "code_expired" => "code void",
                _ => "confirm refused",
            });
        }
        let Some(id) = self.town.ledger.confirmed(hold, time) else { return Ended("confirm refused") };
        let of = |field: &str| told.text(&format!("/reservation/{field}"));
        Tried::Booked(Box::new(Booked {
            id,
            token: of("token").unwrap_or_default(),
            code: of("check_in_code").unwrap_or_default(),
            ticket: of("ticket"),
            ticket_token: of("ticket_token"),
            time: time.to_owned(),
        }))
    }

    /// Answers to a form: the examples, except in fields that identify the person.
    fn answers(&self, form: &Value) -> Value {
        let number = self.dice.number();
        let fields = form.as_array().into_iter().flatten().filter_map(|field| {
            let (id, example) = (field["id"].as_str()?, field["example"].as_str()?);
            let value = match (id, field["type"].as_str()) {
                ("name", _) => format!("Osoba {}", number % 1_000_000),
                (_, Some("document")) => format!("AB{:07}", number % 10_000_000),
                _ => example.to_owned(),
            };
            Some((id.to_owned(), json!(value)))
        });
        Value::Object(fields.collect::<Map<_, _>>())
    }

    /// Waits as long as people take between two pages.
    pub async fn think(&self) {
        tokio::time::sleep(self.dice.around(Duration::from_secs(25))).await;
    }
}

/// The six digits at the end of a code message.
fn code_in(text: &str) -> Option<String> {
    let code = text.rsplit('#').next()?.trim();
    (code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())).then(|| code.to_owned())
}
