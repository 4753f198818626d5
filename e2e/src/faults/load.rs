//! Several clients at once, each repeating one thing and noting what it was told: citizens who hold and book, a kiosk,
//! clerks, a screen. Between two rounds a client passes a gate, so that the checker can bring all of them to rest.
//! Knows no fault.

use super::insist::{insist, want};
use super::told::{Book, Kind};
use crate::client::Client;
use crate::kill::{DATE, HOURS};
use crate::visit::Wish;
use anyhow::Result;
use http::Method;
use okienko_address::town;
use okienko_fake_provider::FakeProvider;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::RwLock;
use tokio::task::JoinSet;

/// Pause between two rounds of one client.
const PACE: Duration = Duration::from_millis(25);
/// The longest wait for a code.
const CODE: Duration = Duration::from_secs(120);

/// The person of the town with this number.
fn person(n: u64) -> u32 {
    u32::try_from(n % u64::from(town::PEOPLE)).unwrap_or_default()
}

/// What all clients share.
#[derive(Clone)]
pub struct Load {
    /// The client to the ingress.
    pub client: Client,
    /// The provider at which codes arrive.
    pub provider: FakeProvider,
    /// The ledger of what they were told.
    pub book: Book,
    /// Read-locked by every client in the middle of a round.
    pub gate: Arc<RwLock<()>>,
}

/// The tokens of devices and clerks.
pub struct Staff {
    /// The kiosk.
    pub kiosk: String,
    /// Clerks, by counter.
    pub desks: Vec<(String, String)>,
}

impl Load {
    /// Starts the clients; they run until the set is dropped.
    pub fn start(&self, staff: &Staff) -> JoinSet<()> {
        let mut clients = JoinSet::new();
        for _ in 0..2 {
            clients.spawn(self.clone().for_ever(|load| async move { load.hold_once().await.map(drop) }));
            clients.spawn(self.clone().for_ever(|load| async move { load.book_once().await }));
        }
        let kiosk = staff.kiosk.clone();
        clients.spawn(self.clone().for_ever(move |load| {
            let kiosk = kiosk.clone();
            async move { load.take_ticket(&kiosk).await }
        }));
        for (counter, desk) in staff.desks.clone() {
            clients.spawn(self.clone().for_ever(move |load| {
                let (counter, desk) = (counter.clone(), desk.clone());
                async move { load.call_once(&counter, &desk).await }
            }));
        }
        clients.spawn(self.clone().for_ever(|load| async move { load.look_once().await }));
        clients
    }

    async fn for_ever<F: Future<Output = Option<()>>>(self, round: impl Fn(Load) -> F) {
        loop {
            let inside = self.gate.read().await;
            round(self.clone()).await;
            drop(inside);
            tokio::time::sleep(PACE).await;
        }
    }

    /// A citizen with an address of their own.
    fn citizen(&self) -> (u64, Client) {
        let n = self.book.next();
        (n, self.client.from(&town::network(person(n))))
    }

    /// Holds an hour; returns its id, its secret, and the holder.
    pub async fn hold_once(&self) -> Option<(String, String, Client)> {
        let (n, citizen) = self.citizen();
        let time = HOURS[usize::try_from(n).unwrap_or_default() % HOURS.len()];
        let wish = Wish::new("test", "hall", "visit", DATE, time);
        let answer = want(&self.book, &citizen, Method::POST, &wish.path(), Some(wish.body()), 201).await?;
        let (id, secret) = (answer.at("/hold").ok()?, answer.at("/secret").ok()?);
        self.book.lock().holds.insert(id.clone(), time.to_owned());
        self.book.done(Kind::Hold);
        Some((id, secret, citizen))
    }

    /// Holds an hour and fills in the form: only the proof is left.
    pub async fn fill_once(&self) -> Option<(String, Client)> {
        let (id, secret, citizen) = self.hold_once().await?;
        let (path, citizen) = (format!("/api/v1/holds/{id}"), citizen.with(&secret));
        let form = json!({"fields": {"name": "Jan Kowalski"}, "consents": {}});
        want(&self.book, &citizen, Method::PUT, &format!("{path}/form"), Some(form), 204).await?;
        Some((path, citizen))
    }

    /// A phone that nobody else has.
    pub fn phone(&self) -> String {
        town::phone(person(self.book.next()))
    }

    async fn book_once(&self) -> Option<()> {
        let (path, citizen) = self.fill_once().await?;
        let phone = self.phone();
        let body = json!({"phone": phone, "locale": "pl"});
        want(&self.book, &citizen, Method::POST, &format!("{path}/code"), Some(body), 202).await?;
        let code = self.code(&phone).await?;
        let body = json!({"code": code});
        let answer =
            want(&self.book, &citizen, Method::POST, &format!("{path}/confirm"), Some(body), 200).await?;
        let (token, number) = (answer.at("/reservation/token").ok()?, answer.at("/reservation/number").ok()?);
        self.book.lock().reservations.insert(token, (number, phone));
        self.book.done(Kind::Booking);
        Some(())
    }

    async fn code(&self, phone: &str) -> Option<String> {
        let come = async {
            loop {
                let text = self.provider.arrived(phone).into_iter().next().map(|sent| sent.text);
                if let Some(code) = text.as_deref().and_then(|text| text.rsplit('#').next()) {
                    return code.trim().to_owned();
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let come = tokio::time::timeout(CODE, come).await;
        if come.is_err() {
            self.book.lock().wrong.push(format!("no code came to {phone}"));
        }
        come.ok()
    }

    /// Takes a walk-in ticket.
    pub async fn take_ticket(&self, kiosk: &str) -> Option<()> {
        let kiosk = self.client.with(kiosk);
        let body = Some(json!({"service": "visit"}));
        let answer = want(&self.book, &kiosk, Method::POST, "/api/v1/kiosk/tickets", body, 201).await?;
        let (token, number) = (answer.at("/ticket/token").ok()?, answer.at("/ticket/number").ok()?);
        let mut told = self.book.lock();
        if told.tickets.values().any(|given| *given == number) {
            told.wrong.push(format!("ticket number {number} was given twice"));
        }
        told.tickets.insert(token, number);
        drop(told);
        self.book.done(Kind::Ticket);
        Some(())
    }

    async fn call_once(&self, counter: &str, desk: &str) -> Option<()> {
        let desk = self.client.with(desk);
        let key = format!("call-{}", self.book.next());
        let answer =
            insist(&self.book, &desk, Method::POST, "/api/v1/desk/call-next", Some(json!({})), &key).await?;
        match answer.status {
            200 => {}
            204 => return Some(()),
            _ => {
                self.book
                    .lock()
                    .wrong
                    .push(format!("call-next at {counter}: {} {}", answer.status, answer.text));
                return None;
            }
        }
        let number = answer.at("/current/ticket").ok()?;
        let attempt = answer.json["current"]["attempt"].as_u64().unwrap_or_default();
        self.book.call((counter.to_owned(), number, attempt));
        for act in ["start", "finish"] {
            want(&self.book, &desk, Method::POST, &format!("/api/v1/desk/{act}"), Some(json!({})), 200)
                .await?;
        }
        self.book.done(Kind::Call);
        Some(())
    }

    /// Views the board.
    pub async fn look_once(&self) -> Option<()> {
        let path = "/api/v1/halls/test/hall";
        want(&self.book, &self.client, Method::GET, path, None, 200).await?;
        self.book.done(Kind::Board);
        Some(())
    }
}

/// Opens the clerks' counters.
pub async fn open_counters(client: &Client, staff: &Staff) -> Result<()> {
    for (_, desk) in &staff.desks {
        client.with(desk).post("/api/v1/desk/open", json!({})).await?.expect(200)?;
    }
    Ok(())
}
