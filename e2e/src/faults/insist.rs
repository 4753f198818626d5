//! A client that retries with the same key until it gets a conclusive answer, as every good client of ours does. A
//! request that was not answered may have been carried out. Knows no fault.

use super::told::Book;
use crate::client::{Answer, Client};
use http::Method;
use serde_json::Value;
use std::time::Duration;
use tokio::time::Instant;

/// The longest that one attempt may take.
pub const TRY: Duration = Duration::from_secs(4);
/// How long a client keeps retrying: longer than any fault lasts.
const PATIENCE: Duration = Duration::from_secs(150);
/// The first pause and the longest; each is double the one before.
const PAUSES: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(500));

/// Asks until there is a conclusive answer; `None` when it has given up, which is noted in the book.
pub async fn insist(
    book: &Book,
    client: &Client,
    method: Method,
    path: &str,
    body: Option<Value>,
    key: &str,
) -> Option<Answer> {
    let (start, mut pause) = (Instant::now(), PAUSES.0);
    loop {
        let body = body.as_ref().map(Value::to_string);
        let headers = [("idempotency-key", key)];
        let asked = client.ask(method.clone(), path, body, &headers);
        let last = match tokio::time::timeout(TRY, asked).await {
            Ok(Ok(answer)) if answer.status < 500 && answer.status != 429 => return Some(answer),
            Ok(Ok(answer)) => format!("{} {}", answer.status, answer.text),
            Ok(Err(error)) => format!("{error:#}"),
            Err(_) => "no answer in time".to_owned(),
        };
        book.lock().retries += 1;
        if start.elapsed() > PATIENCE {
            book.lock().given_up.push(format!("{method} {path} {key}: {last}"));
            return None;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSES.1);
    }
}

/// The same, where only this status is right: any other is noted as wrong.
pub async fn want(
    book: &Book,
    client: &Client,
    method: Method,
    path: &str,
    body: Option<Value>,
    status: u16,
) -> Option<Answer> {
    let key = format!("want-{}", book.next());
    let answer = insist(book, client, method.clone(), path, body, &key).await?;
    if answer.status != status {
        book.lock().wrong.push(format!("{method} {path}: {} {}", answer.status, answer.text));
        return None;
    }
    Some(answer)
}
