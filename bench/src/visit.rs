//! Whole bookings of many people at once: hold, form and code in one go, then the codes are read from the phones with
//! the clock stopped, then all confirm in one go. Knows no goal.

use crate::crowd::at_once;
use crate::office;
use crate::program::Program;
use crate::wire::{Line, Question};
use anyhow::Context;
use okienko_address::town;
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

/// The longest wait for a message.
const MESSAGE: Duration = Duration::from_secs(120);
/// Interval between two polls of a phone.
const LOOK: Duration = Duration::from_millis(5);

/// The number of a person who belongs to no crowd.
const SOMEBODY_ELSE: u32 = 900_000;

/// The results of many bookings.
pub struct Booked {
    /// The time of everybody's four requests, without reading the codes.
    pub took: Duration,
    /// The same, including the reading of the codes.
    pub with_codes: Duration,
    /// Each confirmed booking: its four requests together.
    pub each: Vec<Duration>,
    /// Bookings that failed.
    pub failed: u64,
}

struct OpenHold {
    person: u32,
    hold: String,
    secret: String,
    took: Duration,
}

/// Books for somebody else before the clock starts, so that whatever is loaded once is loaded; returns how long it
/// took.
pub async fn warm_up(program: &Program) -> anyhow::Result<Duration> {
    let line = Line::open(&program.address).await?;
    let booked = book_all(program, vec![line], office::WIDE, SOMEBODY_ELSE).await?;
    anyhow::ensure!(booked.failed == 0, "the first booking failed");
    Ok(booked.took)
}

/// Everybody books a different slot of the service: person `n`, counted from `first`, takes slot `n`.
pub async fn book_all(
    program: &Program,
    lines: Vec<Line>,
    service: &str,
    first: u32,
) -> anyhow::Result<Booked> {
    let whole = Instant::now();
    let people = (first..).zip(lines).map(|(n, line)| (n, line, office::wish(service, n))).collect();
    let (held, until_codes) = at_once(people, |(person, mut line, wish), start| async move {
        let hold = Question::post(office::holds(), &wish).from(person);
        let held = match until_code(&mut line, person, hold).await {
            Ok((hold, secret)) => Some(OpenHold { person, hold, secret, took: start.elapsed() }),
            Err(_) => None,
        };
        Ok((line, held))
    })
    .await?;
    let count = held.len();
    let mut phones = Line::open(&program.address).await?;
    let mut ready = Vec::new();
    for (line, held) in held {
        let Some(held) = held else { continue };
        let code = read_code(&mut phones, &town::phone(held.person)).await?;
        ready.push((line, held, code));
    }
    let (each, confirms) = at_once(ready, |(mut line, held, code), start| async move {
        let path = format!("/api/v1/holds/{}/confirm", held.hold);
        let confirm = Question::post(path, &json!({"code": code})).from(held.person).with(&held.secret);
        let confirmed = line.ask(confirm).await.is_ok_and(|answer| answer.status == 200);
        Ok(confirmed.then(|| held.took + start.elapsed()))
    })
    .await?;
    let each: Vec<Duration> = each.into_iter().flatten().collect();
    let failed = (count - each.len()) as u64;
    Ok(Booked { took: until_codes + confirms, with_codes: whole.elapsed(), each, failed })
}

async fn until_code(line: &mut Line, person: u32, hold: Question) -> anyhow::Result<(String, String)> {
    let held = line.ask(hold).await?.expect(201)?;
    let (hold, secret) = (held.text("/hold")?, held.text("/secret")?);
    let fields = json!({"fields": {"name": format!("Osoba {person}")}, "consents": {}});
    let form = Question::put(format!("/api/v1/holds/{hold}/form"), &fields);
    line.ask(form.from(person).with(&secret)).await?.expect(204)?;
    let to = json!({"phone": town::phone(person), "locale": "pl"});
    let code = Question::post(format!("/api/v1/holds/{hold}/code"), &to);
    line.ask(code.from(person).with(&secret)).await?.expect(202)?;
    Ok((hold, secret))
}

async fn read_code(line: &mut Line, phone: &str) -> anyhow::Result<String> {
    let path = format!("/dev/outbox?to={}", phone.replace('+', "%2B"));
    let since = Instant::now();
    loop {
        let messages = line.ask(Question::get(path.as_str())).await?.expect(200)?;
        if let Ok(text) = messages.text("/messages/0/text") {
            let code = text.rsplit('#').next().map(str::trim).filter(|code| code.len() == 6);
            return Ok(code.with_context(|| format!("no code in: {text}"))?.to_owned());
        }
        anyhow::ensure!(since.elapsed() < MESSAGE, "the message to {phone} never came");
        tokio::time::sleep(LOOK).await;
    }
}
