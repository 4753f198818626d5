//! Two strangers who happen to send the same idempotency key and the same body: each gets a result of their own, and no
//! secret of the other's. A retry by the same person gets the first result. Knows only the outside surface.

use super::{Borne, DATE};
use crate::client::{Answer, Client};
use crate::house::House;
use crate::visit::Wish;
use anyhow::{Result, ensure};
use http::Method;
use serde_json::{Value, json};

/// Keys that careless programs send, and a strong one that was overheard.
const KEYS: [&str; 12] = [
    "0001",
    "1",
    "a",
    "test",
    "key",
    "retry",
    "2026-12-01",
    "booking-1",
    "00000000",
    "undefined",
    "0b0e4e3a-1f5c-4b8e-9a53",
    "0b0e4e3a-1f5c-4b8e-9a53-6f1d2c3b4a59",
];

/// Tries all keys on each route that returns a secret.
pub async fn run(house: &House) -> Result<Vec<Borne>> {
    let mut asked = 0;
    for (n, key) in KEYS.into_iter().enumerate() {
        let hour = format!("{:02}:{:02}", 11 + n / 4, n % 4 * 15);
        let wish = Wish::new("torun", "glowny", "dowod-odbior", DATE, &hour);
        strangers(house, &wish, key, n).await?;
        machines(house, key).await?;
        asked += 5;
    }
    Ok(vec![Borne::new(
        "the same key and body by strangers",
        format!("{asked} asked with {} keys; to each their own", KEYS.len()),
    )])
}

async fn with_key(client: &Client, path: &str, body: &Value, key: &str) -> Result<Answer> {
    client.ask(Method::POST, path, Some(body.to_string()), &[("idempotency-key", key)]).await
}

async fn strangers(house: &House, wish: &Wish, key: &str, n: usize) -> Result<()> {
    let (path, body) = (wish.path(), wish.body());
    let (one, other) =
        (house.client.from(&format!("198.51.101.{n}")), house.client.from(&format!("203.0.113.{n}")));
    let first = with_key(&one, &path, &body, key).await?.expect(201)?;
    let again = with_key(&one, &path, &body, key).await?.expect(201)?;
    ensure!(first.at("/hold")? == again.at("/hold")?, "{key}: asked again, another hold was given");
    let second = with_key(&other, &path, &body, key).await?;
    let same = second.json["hold"] == first.json["hold"] || second.json["secret"] == first.json["secret"];
    ensure!(!same, "{key}: a stranger was given somebody's hold: {}", second.text);
    ensure!(second.status < 500, "{key}: {} {}", second.status, second.text);
    for answer in [&first, &second] {
        if answer.status == 201 {
            let (hold, secret) = (answer.at("/hold")?, answer.at("/secret")?);
            house.client.with(&secret).delete(&format!("/api/v1/holds/{hold}")).await?.expect(204)?;
        }
    }
    Ok(())
}

async fn machines(house: &House, key: &str) -> Result<()> {
    let place = ["--role", "kiosk", "--office", "torun", "--location", "glowny"];
    let (one, other) = (house.token(&place).await?, house.token(&place).await?);
    let (one, other) = (house.client.with(&one), house.client.with(&other));
    let (path, body) = ("/api/v1/kiosk/tickets", json!({"service": "meldunek"}));
    let first = with_key(&one, path, &body, key).await?.expect(201)?.at("/ticket/token")?;
    let again = with_key(&one, path, &body, key).await?.expect(201)?.at("/ticket/token")?;
    ensure!(first == again, "{key}: one press gave two tickets");
    let second = with_key(&other, path, &body, key).await?.expect(201)?.at("/ticket/token")?;
    ensure!(first != second, "{key}: two visitors at two machines have one ticket");
    Ok(())
}
