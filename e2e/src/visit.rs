//! The steps of a visit as calls: hold, form, code, confirmation; and reading the code from the phone. Knows no test.

use crate::client::{Answer, Client};
use crate::house::House;
use anyhow::Context;
use serde_json::{Value, json};
use std::time::Duration;

/// The longest wait for a message.
const MESSAGE: Duration = Duration::from_secs(20);

/// What to book.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The office's id.
    pub office: String,
    /// The location's id.
    pub location: String,
    /// The service's id.
    pub service: String,
    /// Local day.
    pub date: String,
    /// Local hour.
    pub time: String,
}

impl Wish {
    /// A wish for an hour.
    pub fn new(office: &str, location: &str, service: &str, date: &str, time: &str) -> Wish {
        let own = str::to_owned;
        Wish {
            office: own(office),
            location: own(location),
            service: own(service),
            date: own(date),
            time: own(time),
        }
    }
    /// The body of a hold.
    pub fn body(&self) -> Value {
        json!({"location": self.location, "service": self.service, "date": self.date, "time": self.time})
    }
    /// The path where holds are requested.
    pub fn path(&self) -> String {
        format!("/api/v1/offices/{}/holds", self.office)
    }
}

/// A held place.
#[derive(Clone, Debug)]
pub struct Hold {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
    /// Its form.
    pub form: Value,
}

/// Asks for a hold.
pub async fn ask_hold(client: &Client, wish: &Wish) -> anyhow::Result<Answer> {
    client.post(&wish.path(), wish.body()).await
}

/// Holds a place.
pub async fn hold(client: &Client, wish: &Wish) -> anyhow::Result<Hold> {
    let answer = ask_hold(client, wish).await?.expect(201)?;
    Ok(Hold { id: answer.at("/hold")?, secret: answer.at("/secret")?, form: answer.json["form"].clone() })
}

/// Fills in the form with its own examples, except for the name.
pub async fn fill(client: &Client, hold: &Hold, name: &str) -> anyhow::Result<()> {
    let fields = hold.form.as_array().context("no form")?.iter().filter_map(|field| {
        let id = field["id"].as_str()?;
        let value = if id == "name" { name } else { field["example"].as_str()? };
        Some((id.to_owned(), json!(value)))
    });
    let body = json!({"fields": fields.collect::<serde_json::Map<_, _>>(), "consents": {}});
    client.with(&hold.secret).put(&format!("/api/v1/holds/{}/form", hold.id), body).await?.expect(204)?;
    Ok(())
}

/// Asks for a code.
pub async fn send_code(client: &Client, hold: &Hold, phone: &str) -> anyhow::Result<Answer> {
    let body = json!({"phone": phone, "locale": "pl"});
    client.with(&hold.secret).post(&format!("/api/v1/holds/{}/code", hold.id), body).await
}

/// Sends a code back.
pub async fn confirm(client: &Client, hold: &Hold, code: &str) -> anyhow::Result<Answer> {
    client.with(&hold.secret).post(&format!("/api/v1/holds/{}/confirm", hold.id), json!({"code": code})).await
}

/// The newest code on a phone; waits until at least `count` messages have arrived.
pub async fn read_code(house: &House, phone: &str, count: usize) -> anyhow::Result<String> {
    let text = message(house, phone, count).await?;
    let code = text.rsplit('#').next().map(str::trim).filter(|code| code.len() == 6);
    Ok(code.with_context(|| format!("no code in: {text}"))?.to_owned())
}

/// Message number `count` (from 1) on a phone, as soon as it has arrived.
pub async fn message(house: &House, phone: &str, count: usize) -> anyhow::Result<String> {
    let come = async {
        loop {
            let messages = house.outbox(phone).await?;
            if let Some(text) = messages.into_iter().nth(count - 1) {
                return Ok(text);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(MESSAGE, come).await.with_context(|| format!("message {count} never came"))?
}

/// A whole booking; returns the confirmed reservation.
pub async fn book(
    house: &House,
    client: &Client,
    wish: &Wish,
    name: &str,
    phone: &str,
) -> anyhow::Result<Value> {
    let hold = hold(client, wish).await?;
    fill(client, &hold, name).await?;
    let before = house.outbox(phone).await?.len();
    send_code(client, &hold, phone).await?.expect(202)?;
    let code = read_code(house, phone, before + 1).await?;
    let confirmed = confirm(client, &hold, &code).await?.expect(200)?;
    Ok(confirmed.json["reservation"].clone())
}

/// A whole booking with the session of an account as the proof; returns the confirmed reservation.
pub async fn book_by_account(person: &Client, wish: &Wish, name: &str) -> anyhow::Result<Value> {
    let hold = hold(person, wish).await?;
    if hold.form.as_array().is_some_and(|form| !form.is_empty()) {
        fill(person, &hold, name).await?;
    }
    let path = format!("/api/v1/holds/{}/confirm", hold.id);
    let confirmed = person.with(&hold.secret).post(&path, json!({})).await?.expect(200)?;
    Ok(confirmed.json["reservation"].clone())
}
