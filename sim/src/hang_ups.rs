//! A walk through everything that a visit changes, by one person, one clerk and one administrator. Requests are hung up
//! on at one of their await points and then sent again. The result must equal that of a walk whose caller waited for
//! each answer and still sent each request twice. Knows only the outside surface, and compares what was written.

use crate::dice::Dice;
use crate::run::alone;
use crate::town::account::link_token;
use crate::town::person::Person;
use crate::town::{Town, token};
use crate::world::front::{Answer, Ask};
use http::Method;
use okienko_host::{Access, AccessLog};
use okienko_journal::Engine;
use okienko_kernel::{Id, IdKind, TimeOfDay};
use okienko_web::staff::Role;
use parking_lot::Mutex;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Everything is carried out within this time.
const SETTLED: Duration = Duration::from_secs(20);
const PHONE: &str = "+48601222333";

/// The results of a walk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Events of each kind that each service has written.
    pub events: BTreeMap<(&'static str, String), usize>,
    /// Lines of the access log, by act and outcome.
    pub noted: BTreeMap<(&'static str, &'static str), usize>,
    /// Messages that arrived at the phone and the mailbox.
    pub messages: usize,
    /// The final answer to each request: its path without ids, and the status.
    pub told: Vec<(&'static str, u16)>,
}

/// Which requests are sent twice, and at which await point the caller hangs up the first time.
#[derive(Clone, Copy, Debug)]
pub struct HangUp {
    /// Counted from 0 in the order of the walk; `None` for all of them.
    pub request: Option<usize>,
    /// How often the handler is polled before the hang-up; 0: the caller waits for the answer.
    pub polls: u32,
}

/// The outcome of a walk.
pub struct Walked {
    /// What it wrote and was told.
    pub left: Left,
    /// How many requests were hung up on; the others had answered before.
    pub hung_up: usize,
}

#[derive(Default)]
struct Lines(Mutex<BTreeMap<(&'static str, &'static str), usize>>);

impl AccessLog for Lines {
    fn note(&self, line: Access) {
        *self.0.lock().entry((line.act, line.outcome)).or_default() += 1;
    }
}

/// Does the whole walk.
pub fn walk(seed: u64, hang_up: HangUp) -> Result<Walked, String> {
    let lines = Arc::new(Lines::default());
    let walked = alone(seed, lines.clone(), |town| async move {
        let dice = Dice::new(seed).fork("walk");
        let person = Person { town: town.clone(), dice, address: "10.1.2.3".into(), bearer: None };
        let mut walk = Walk { town: town.clone(), hang_up, told: Vec::new(), hung_up: 0 };
        walk.whole(&person).await?;
        tokio::time::sleep(SETTLED).await;
        let mut events = BTreeMap::new();
        for (service, store) in &town.ground.stores {
            let written = store.read_after(0, usize::MAX).await.map_err(|error| error.to_string())?;
            for event in written {
                *events.entry((*service, event.kind.to_string())).or_default() += 1;
            }
        }
        let phones = &town.ground.phones;
        let messages = phones.inbox(PHONE).len() + phones.inbox(MAIL).len();
        Ok::<_, String>((events, messages, walk.told, walk.hung_up))
    });
    let (events, messages, told, hung_up) = walked??;
    let noted = lines.0.lock().clone();
    Ok(Walked { left: Left { events, noted, messages, told }, hung_up })
}

/// One network requests 48 holds in a row, none of them ever proved, and hangs up on each of the first 24 after this
/// many polls (0: never); returns the statuses of the other 24.
pub fn holds_of_one_network(seed: u64, polls: u32) -> Result<Vec<u16>, String> {
    alone(seed, Arc::new(Lines::default()), |town| async move {
        tokio::time::sleep(SETTLED).await;
        let day = town.days.first().ok_or("no day")?.to_string();
        let front = town.ground.front.clone();
        let mut told = Vec::new();
        for n in 0..48 {
            let time = format!("{:02}:{:02}", 8 + n / 4 % 6, n % 4 * 15);
            let service = if n < 24 { "meldunek" } else { "dowod-wniosek" };
            let body = json!({"location": "glowny", "service": service, "date": day, "time": time});
            let headers = vec![("x-forwarded-for", "10.9.9.9".to_owned())];
            let path = "/api/v1/offices/torun/holds".to_owned();
            let ask = Ask { method: Method::POST, path, headers, body: Some(body) };
            if n < 24 && polls > 0 {
                // A request answered before the hang-up has been counted anyway.
                let _ = front.ask_and_hang_up(ask, polls).await;
                tokio::time::sleep(Duration::from_secs(1)).await;
            } else {
                let answer = front.ask(ask).await.map_err(|_| "no answer")?;
                if n >= 24 {
                    told.push(answer.status);
                } else {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
        Ok::<_, String>(told)
    })?
}

struct Walk {
    town: Arc<Town>,
    hang_up: HangUp,
    told: Vec<(&'static str, u16)>,
    hung_up: usize,
}

const MAIL: &str = "ola@example.org";
const PASSWORD: &str = "okno na ratusz 7";

impl Walk {
    /// Sends a request; the chosen one twice. `name` stands for its path.
    async fn ask(
        &mut self,
        who: &Person,
        method: Method,
        (name, path): (&'static str, String),
        body: Option<Value>,
    ) -> Result<Answer, String> {
        let key = who.key();
        let mut headers = vec![("x-forwarded-for", who.address.clone()), ("idempotency-key", key)];
        headers.extend(who.bearer.iter().map(|bearer| ("authorization", format!("Bearer {bearer}"))));
        let ask = Ask { method, path, headers, body };
        let front = self.town.ground.front.clone();
        if self.is_asked_twice() {
            let first = match self.hang_up.polls {
                0 => front.ask(ask.clone()).await,
                polls => front.ask_and_hang_up(ask.clone(), polls).await,
            };
            match first {
                Err(_) => self.hung_up += 1,
                Ok(told) if told.status >= 300 => {
                    return Err(format!("{name}: {} {}", told.status, told.json));
                }
                Ok(_) => {}
            }
            tokio::time::sleep(SETTLED).await;
        }
        let told = front.ask(ask).await.map_err(|_| format!("{name}: no answer"))?;
        self.told.push((name, told.status));
        Ok(told)
    }

    fn is_asked_twice(&self) -> bool {
        self.hang_up.request.is_none_or(|request| request == self.told.len())
    }

    /// Like `ask`, but the request must succeed; the second answer may say that it is already done.
    async fn done(
        &mut self,
        who: &Person,
        method: Method,
        at: (&'static str, String),
        body: Option<Value>,
    ) -> Result<Answer, String> {
        let is_asked_twice = self.is_asked_twice();
        let told = self.ask(who, method, at.clone(), body).await?;
        if told.status >= 300 && !is_asked_twice {
            return Err(format!("{}: {} {}", at.0, told.status, told.json));
        }
        Ok(told)
    }

    async fn whole(&mut self, person: &Person) -> Result<(), String> {
        // Until the process has started.
        tokio::time::sleep(SETTLED).await;
        let first = self.book(person, "10:00", PHONE).await?;
        let second = self.book(person, "10:30", "+48601222444").await?;
        let third = self.book(person, "11:00", "+48601222555").await?;
        self.give_back(person).await?;
        self.account(person).await?;
        let text = |told: &Answer, at: &str| told.text(at).ok_or_else(|| format!("no {at} in {}", told.json));
        let cancel = format!("/api/v1/reservations/{}/cancel", text(&second, "/reservation/token")?);
        self.done(person, Method::POST, ("cancel", cancel), None).await?;
        let admin = self.staff(person, Role::Admin, None)?;
        let token = text(&third, "/reservation/token")?;
        let id =
            Id::from_token(IdKind::Reservation, &token, &self.town.ground.keys).map_err(|_| "no token")?;
        let remove = format!("/api/v1/offices/torun/reservations/{id}/remove");
        let body = json!({"reason": "bot", "note": ""});
        self.done(&admin, Method::POST, ("remove", remove), Some(body)).await?;
        self.enrol(&admin).await?;
        self.at_the_office(person, &text(&first, "/reservation/check_in_code")?).await
    }

    async fn book(&mut self, person: &Person, time: &str, phone: &str) -> Result<Answer, String> {
        let day = self.town.days.first().ok_or("no day")?.to_string();
        let body = json!({"location": "glowny", "service": "meldunek", "date": day, "time": time});
        let held = self
            .done(person, Method::POST, ("hold", "/api/v1/offices/torun/holds".into()), Some(body))
            .await?;
        let (hold, secret) = held.text("/hold").zip(held.text("/secret")).ok_or("no hold")?;
        let (holder, path) = (person.with(&secret), |what: &str| format!("/api/v1/holds/{hold}/{what}"));
        let fields = held.json["form"].as_array().cloned().unwrap_or_default();
        let fields: Map<String, Value> = fields
            .iter()
            .filter_map(|field| Some((field["id"].as_str()?.to_owned(), field["example"].clone())))
            .map(
                |(id, example)| {
                    if id == "name" { (id, json!(format!("Ola {phone}"))) } else { (id, example) }
                },
            )
            .collect();
        let form = json!({"fields": fields, "consents": {}});
        self.done(&holder, Method::PUT, ("form", path("form")), Some(form)).await?;
        let seen = self.town.ground.phones.inbox(phone).len();
        let wanted = json!({"phone": phone, "locale": "pl"});
        self.done(&holder, Method::POST, ("code", path("code")), Some(wanted)).await?;
        let patience = Duration::from_secs(120);
        let code = self.town.ground.phones.wait(phone, seen, patience, digits).await.ok_or("no code came")?;
        self.done(&holder, Method::POST, ("confirm", path("confirm")), Some(json!({"code": code}))).await
    }

    async fn give_back(&mut self, person: &Person) -> Result<(), String> {
        let day = self.town.days.first().ok_or("no day")?.to_string();
        let body = json!({"location": "glowny", "service": "meldunek", "date": day, "time": "12:00"});
        let held = self
            .done(person, Method::POST, ("hold", "/api/v1/offices/torun/holds".into()), Some(body))
            .await?;
        let (hold, secret) = held.text("/hold").zip(held.text("/secret")).ok_or("no hold")?;
        let release = ("release", format!("/api/v1/holds/{hold}"));
        self.done(&person.with(&secret), Method::DELETE, release, None).await.map(drop)
    }

    async fn account(&mut self, person: &Person) -> Result<(), String> {
        let office =
            self.town.ground.offices.iter().find(|office| office.id == "kalisz").ok_or("no kalisz")?;
        let consents: Map<String, Value> =
            office.consents.iter().map(|it| (it.id.clone(), json!(it.version))).collect();
        let base = "/api/v1/offices/kalisz/accounts".to_owned();
        let body = json!({"email": MAIL, "password": PASSWORD, "consents": consents});
        self.done(person, Method::POST, ("register", base.clone()), Some(body)).await?;
        let patience = Duration::from_secs(1800);
        let link = self.town.ground.phones.wait(MAIL, 0, patience, link_token).await.ok_or("no mail came")?;
        let body = json!({"token": link, "password": PASSWORD});
        self.done(person, Method::POST, ("activate", format!("{base}/activate")), Some(body)).await?;
        let body = json!({"email": MAIL, "password": PASSWORD});
        let sessions = "/api/v1/offices/kalisz/sessions".to_owned();
        self.done(person, Method::POST, ("session", sessions), Some(body)).await.map(drop)
    }

    fn staff(&self, person: &Person, role: Role, counter: Option<&str>) -> Result<Person, String> {
        let office = self.town.ground.offices.iter().find(|office| office.id == "torun").ok_or("no torun")?;
        let location = office.locations.first().ok_or("no location")?;
        let shown =
            token(&self.town.ground, &person.dice.fork(role.word()), role, (office, location), counter);
        Ok(Person { address: "10.0.0.7".into(), ..person.with(&shown) })
    }

    async fn enrol(&mut self, admin: &Person) -> Result<(), String> {
        let base = "/api/v1/offices/torun/staff".to_owned();
        let body = json!({"login": "ewa.nowa", "name": "Ewa Nowa", "roles": ["clerk"], "location": "glowny", "counter": "1"});
        let enrolled = self.done(admin, Method::POST, ("enrol", base.clone()), Some(body)).await?;
        let Some(id) = enrolled.text("/id") else { return Ok(()) };
        for act in ["disable", "enable", "revoke"] {
            self.done(admin, Method::POST, (act, format!("{base}/{id}/{act}")), Some(json!({}))).await?;
        }
        Ok(())
    }

    async fn at_the_office(&mut self, person: &Person, code: &str) -> Result<(), String> {
        let office = self.town.ground.offices.first().ok_or("no office")?;
        let (day, at) = self.town.days.first().copied().zip(TimeOfDay::new(9, 30)).ok_or("no day")?;
        let half_past_nine = office.zone.moment(day, at).ok_or("no such time")?;
        self.town.until(half_past_nine).await;
        let (kiosk, clerk) =
            (self.staff(person, Role::Kiosk, None)?, self.staff(person, Role::Clerk, Some("1"))?);
        let tickets = || ("ticket", "/api/v1/kiosk/tickets".to_owned());
        let mut tokens = Vec::new();
        for _ in 0..3 {
            let told =
                self.done(&kiosk, Method::POST, tickets(), Some(json!({"service": "meldunek"}))).await?;
            tokens.push(told.text("/ticket/token").ok_or("no token")?);
        }
        let check_in = ("check-in", "/api/v1/kiosk/check-ins".to_owned());
        self.done(&kiosk, Method::POST, check_in, Some(json!({"code": code}))).await?;
        let leave = |token: &str| ("leave", format!("/api/v1/tickets/{token}/leave"));
        self.done(person, Method::POST, leave(&tokens[2]), None).await?;
        let notify = ("notify", format!("/api/v1/tickets/{}/notify", tokens[1]));
        self.done(person, Method::POST, notify, Some(json!({"phone": PHONE, "ahead_min": 5}))).await?;
        for act in
            ["open", "call-next", "recall", "start", "finish", "call-next", "no-show", "pause", "close"]
        {
            self.done(&clerk, Method::POST, (act, format!("/api/v1/desk/{act}")), Some(json!({}))).await?;
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
        Ok(())
    }
}

/// The code in a message.
fn digits(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() == 6).map(str::to_owned)
}
