//! `kill -9` at random moments under load, a restart on the same data, and a comparison of what every client was told
//! with what is there: nothing acknowledged is lost, nothing is duplicated, and a retry gets the answer of the first
//! attempt. Knows only the outside surface.

use crate::client::{Answer, Client};
use crate::house::{House, MORNING, Shape};
use crate::offices;
use crate::visit::{Wish, confirm, fill, hold, read_code, send_code};
use anyhow::{Context, ensure};
use http::Method;
use okienko_address::town;
use okienko_kernel::Entropy;
use okienko_kernel::world::SeededEntropy;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinSet;

/// Places of each hour: more than any run takes.
pub(crate) const PLACES: u32 = 10_000;
/// The hours that are held.
pub(crate) const HOURS: [&str; 7] = ["09:00", "09:15", "10:00", "11:30", "13:00", "15:45", "16:30"];
pub(crate) const DATE: &str = "2026-12-03";
/// People with numbers from here on make bookings; those below only hold.
const BOOKING: u32 = 1_000_000;
/// Pause between two requests of one client: enough load that each kill interrupts some of each kind, and little enough
/// that a hundred kills do not fill the hours.
const PACE: Duration = Duration::from_millis(4);

/// What the clients were told, across all restarts.
#[derive(Clone, Default)]
pub(crate) struct Acknowledged {
    /// Holds acknowledged by 201, by id, with their secret and hour.
    holds: BTreeMap<String, (String, String)>,
    /// Holds whose answer never came: key and hour, for the retry.
    open_holds: Vec<(String, String)>,
    /// Reservations by token: number and ticket.
    reservations: BTreeMap<String, (String, String)>,
    /// Walk-in tickets by token, with their number.
    tickets: BTreeMap<String, String>,
    /// Tickets whose answer never came, by key.
    open_tickets: Vec<String>,
    /// Tokens of tickets that a clerk was told to have called.
    called: BTreeSet<String>,
    /// The numbers of all tickets, booked and walk-in.
    numbers: BTreeSet<String>,
    next: u64,
}

impl Acknowledged {
    /// The numbers of acknowledged holds, reservations, tickets and calls.
    pub(crate) fn counts(&self) -> [usize; 4] {
        [self.holds.len(), self.reservations.len(), self.tickets.len(), self.called.len()]
    }
}

pub(crate) type Book = Arc<Mutex<Acknowledged>>;

pub(crate) fn lock(book: &Book) -> std::sync::MutexGuard<'_, Acknowledged> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The result of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Kills.
    pub kills: u32,
    /// Acknowledged holds, reservations, tickets and calls.
    pub holds: usize,
    /// See `holds`.
    pub reservations: usize,
    /// See `holds`.
    pub tickets: usize,
    /// See `holds`.
    pub calls: usize,
}

/// Kills the program `kills` times.
pub async fn run(kills: u32, seed: u64) -> anyhow::Result<Outcome> {
    let random = SeededEntropy::new(seed);
    let folder = tempfile::tempdir()?;
    offices::write(folder.path(), PLACES, 15)?;
    let mut house = House::start(Some(folder.path()), Some(MORNING)).await?;
    let devices = Devices::of(&house).await?;
    let book = Book::default();
    // With more processes a booking takes longer.
    let longest = if Shape::chosen()? == Shape::Demo { 700 } else { 3_000 };
    for kill in 0..kills {
        let mut load = devices.load(&house, &book);
        let until = Duration::from_millis(80 + random.number() % longest);
        let booked = book_for_ever(&house, &book, kill);
        let _ = tokio::time::timeout(until, booked).await;
        house = house.kill_and_restart().await?;
        load.shutdown().await;
        resolve(&house, &devices.kiosk, &book)
            .await
            .with_context(|| format!("after kill {kill}, seed {seed}"))?;
        compare(&house, &book).await.with_context(|| format!("after kill {kill}, seed {seed}"))?;
    }
    let told = lock(&book);
    Ok(Outcome {
        kills,
        holds: told.holds.len(),
        reservations: told.reservations.len(),
        tickets: told.tickets.len(),
        calls: told.called.len(),
    })
}

/// The tokens of the kiosk and the desks.
pub(crate) struct Devices {
    kiosk: String,
    desks: Vec<String>,
}

impl Devices {
    pub(crate) async fn of(house: &House) -> anyhow::Result<Devices> {
        let kiosk = house.token(&["--role", "kiosk", "--office", "test", "--location", "hall"]).await?;
        let mut desks = Vec::new();
        for counter in ["1", "2", "3"] {
            let arguments =
                ["--role", "clerk", "--office", "test", "--location", "hall", "--counter", counter];
            desks.push(house.token(&arguments).await?);
        }
        Ok(Devices { kiosk, desks })
    }

    /// Holds, tickets and calls, until the result is dropped.
    pub(crate) fn load(&self, house: &House, book: &Book) -> JoinSet<()> {
        let mut load = JoinSet::new();
        for _ in 0..4 {
            load.spawn(hold_for_ever(house.client.clone(), book.clone()));
        }
        load.spawn(take_tickets_for_ever(house.client.with(&self.kiosk), book.clone()));
        for desk in &self.desks {
            load.spawn(call_for_ever(house.client.with(desk), book.clone()));
        }
        load
    }
}

fn key(book: &Book) -> String {
    let mut told = lock(book);
    told.next += 1;
    format!("key-{}", told.next)
}

async fn post_keyed(
    client: &Client,
    path: &str,
    body: serde_json::Value,
    key: &str,
) -> anyhow::Result<Answer> {
    client.ask(Method::POST, path, Some(body.to_string()), &[("idempotency-key", key)]).await
}

fn wish(time: &str) -> Wish {
    Wish::new("test", "hall", "visit", DATE, time)
}

/// Each hold comes from an address of its own.
fn address(key: &str) -> String {
    let n: u32 = key.trim_start_matches("key-").parse().unwrap_or(0);
    town::network(n)
}

async fn hold_for_ever(client: Client, book: Book) {
    loop {
        let key = key(&book);
        let number: usize = key.trim_start_matches("key-").parse().unwrap_or(0);
        let time = HOURS[number % HOURS.len()].to_owned();
        lock(&book).open_holds.push((key.clone(), time.clone()));
        let asked = client.from(&address(&key));
        if let Ok(answer) = post_keyed(&asked, &wish(&time).path(), wish(&time).body(), &key).await {
            note_hold(&book, &key, &time, &answer);
        }
        tokio::time::sleep(PACE * 8).await;
    }
}

fn note_hold(book: &Book, key: &str, time: &str, answer: &Answer) {
    let mut told = lock(book);
    if let (201, Ok(id), Ok(secret)) = (answer.status, answer.at("/hold"), answer.at("/secret")) {
        told.holds.insert(id, (secret, time.to_owned()));
        told.open_holds.retain(|(open, _)| open != key);
    }
}

async fn take_tickets_for_ever(kiosk: Client, book: Book) {
    loop {
        let key = key(&book);
        lock(&book).open_tickets.push(key.clone());
        if let Ok(answer) =
            post_keyed(&kiosk, "/api/v1/kiosk/tickets", json!({"service": "visit"}), &key).await
        {
            let _ = note_ticket(&book, &key, &answer);
        }
        tokio::time::sleep(PACE).await;
    }
}

fn note_ticket(book: &Book, key: &str, answer: &Answer) -> anyhow::Result<()> {
    if answer.status == 429 {
        // Too many requests of one device at once: certainly no ticket was issued.
        lock(book).open_tickets.retain(|open| open != key);
    }
    if answer.status != 201 {
        return Ok(());
    }
    let (token, number) = (answer.at("/ticket/token")?, answer.at("/ticket/number")?);
    let mut told = lock(book);
    told.open_tickets.retain(|open| open != key);
    if told.tickets.insert(token, number.clone()).is_none() {
        ensure!(told.numbers.insert(number.clone()), "ticket number {number} was given twice");
    }
    Ok(())
}

async fn call_for_ever(desk: Client, book: Book) {
    let _ = desk.post("/api/v1/desk/open", json!({})).await;
    loop {
        if let Ok(answer) = desk.post("/api/v1/desk/call-next", json!({})).await
            && let Ok(token) = answer.at("/current/token")
        {
            lock(&book).called.insert(token);
        }
        let _ = desk.post("/api/v1/desk/finish", json!({})).await;
        tokio::time::sleep(PACE).await;
    }
}

/// Whole bookings, one after another, until the program is killed.
pub(crate) async fn book_for_ever(house: &House, book: &Book, kill: u32) -> anyhow::Result<()> {
    for n in 0.. {
        let phone = town::phone(kill * 1000 + n);
        let client = house.client.from(&town::network(BOOKING + kill * 1000 + n));
        let time = HOURS[n as usize % HOURS.len()];
        let held = hold(&client, &wish(time)).await?;
        lock(book).holds.insert(held.id.clone(), (held.secret.clone(), time.to_owned()));
        fill(&client, &held, "Jan Kowalski").await?;
        send_code(&client, &held, &phone).await?.expect(202)?;
        let code = read_code(house, &phone, 1).await?;
        let answer = confirm(&client, &held, &code).await?.expect(200)?;
        let (token, number) = (answer.at("/reservation/token")?, answer.at("/reservation/number")?);
        let ticket = answer.at("/reservation/ticket")?;
        lock(book).reservations.insert(token, (number, ticket));
    }
    Ok(())
}

/// Retries every unanswered request with its key: afterwards each has an answer.
async fn resolve(house: &House, kiosk: &str, book: &Book) -> anyhow::Result<()> {
    let (holds, tickets) = {
        let told = lock(book);
        (told.open_holds.clone(), told.open_tickets.clone())
    };
    for (key, time) in holds {
        let client = house.client.from(&address(&key));
        let answer = post_keyed(&client, &wish(&time).path(), wish(&time).body(), &key).await?.expect(201)?;
        let again = post_keyed(&client, &wish(&time).path(), wish(&time).body(), &key).await?.expect(201)?;
        ensure!(answer.at("/hold")? == again.at("/hold")?, "a retry got another hold");
        note_hold(book, &key, &time, &answer);
    }
    for key in tickets {
        let kiosk = house.client.with(kiosk);
        let answer = post_keyed(&kiosk, "/api/v1/kiosk/tickets", json!({"service": "visit"}), &key)
            .await?
            .expect(201)?;
        note_ticket(book, &key, &answer)?;
    }
    Ok(())
}

/// Everything acknowledged is there, and no place is taken without somebody having been told.
pub(crate) async fn compare(house: &House, book: &Book) -> anyhow::Result<()> {
    let (reservations, tickets, called, holds) = {
        let told = lock(book);
        (told.reservations.clone(), told.tickets.clone(), told.called.clone(), told.holds.clone())
    };
    for (token, (number, ticket)) in &reservations {
        let there = house.client.get(&format!("/api/v1/reservations/{token}")).await?.expect(200)?;
        ensure!(
            there.at("/number")? == *number && there.at("/ticket")? == *ticket,
            "another number: {}",
            there.text
        );
        ensure!(there.at("/state")? == "confirmed", "not confirmed: {}", there.text);
    }
    let unique: BTreeSet<_> = reservations.values().map(|(_, ticket)| ticket).collect();
    ensure!(unique.len() == reservations.len(), "a booked ticket number was given twice");
    for (token, number) in &tickets {
        let there = house.client.get(&format!("/api/v1/tickets/{token}")).await?.expect(200)?;
        ensure!(there.at("/number")? == *number, "ticket {number} became {}", there.text);
        if called.contains(token) {
            let state = there.at("/state")?;
            ensure!(
                state != "waiting" && state != "expected",
                "ticket {number} was called and is {state} again"
            );
        }
    }
    let sample = holds.iter().rev().step_by(1 + holds.len() / 40);
    for (id, (secret, _)) in sample {
        let body = json!({"fields": {"name": "Jan Kowalski"}, "consents": {}});
        let answer = house.client.with(secret).put(&format!("/api/v1/holds/{id}/form"), body).await?;
        ensure!(matches!(answer.status, 204 | 409), "hold {id} is gone: {}", answer.text);
    }
    let path = format!("/api/v1/offices/test/locations/hall/services/visit/days/{DATE}/times");
    let times = house.client.get(&path).await?.expect(200)?;
    let free: BTreeMap<String, u64> = times.json["times"]
        .as_array()
        .context("no times")?
        .iter()
        .filter_map(|time| Some((time["time"].as_str()?.to_owned(), time["free"].as_u64()?)))
        .collect();
    for hour in HOURS {
        let told = holds.values().filter(|(_, time)| time == hour).count() as u64;
        let taken = u64::from(PLACES) - free.get(hour).copied().context("an hour is missing")?;
        ensure!(taken >= told, "{hour}: {told} holds were acknowledged, {taken} are there");
        // The booking clients do not retry: per kill, at most one of their holds may be there unacknowledged.
        ensure!(taken <= told + 200, "{hour}: {taken} places are taken, {told} were acknowledged");
    }
    Ok(())
}
