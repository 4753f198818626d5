//! How people ask: they retry with the same key when no answer came, press twice, and compare the answers. Knows
//! nothing of what is asked.

use crate::dice::Dice;
use crate::town::Town;
use crate::world::front::{Answer, Ask, Lost};
use http::Method;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// The longest pause before a retry.
const LONGEST_PAUSE_S: u64 = 90;
/// The fields in which the answers to a retry must agree.
const SAME: [&str; 8] = [
    "/hold",
    "/secret",
    "/reservation/number",
    "/reservation/check_in_code",
    "/ticket/number",
    "/ticket/token",
    "/current/ticket",
    "/current/attempt",
];

/// A person who sends requests.
#[derive(Clone)]
pub struct Person {
    /// The town they live in.
    pub town: Arc<Town>,
    /// Their own draws.
    pub dice: Dice,
    /// Their network address.
    pub address: String,
    /// The value of `Authorization`.
    pub bearer: Option<String>,
}

impl Person {
    /// The same person with another secret, session or token.
    pub fn with(&self, bearer: &str) -> Person {
        Person { bearer: Some(bearer.to_owned()), ..self.clone() }
    }

    /// A fresh idempotency key.
    pub fn key(&self) -> String {
        format!("{:016x}", self.dice.number())
    }

    /// Asks once.
    pub async fn once(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Option<Value>,
    ) -> Result<Answer, Lost> {
        let mut headers = vec![("x-forwarded-for", self.address.clone())];
        headers.extend(self.bearer.iter().map(|bearer| ("authorization", format!("Bearer {bearer}"))));
        headers.extend(key.map(|key| ("idempotency-key", key.to_owned())));
        let ask = Ask { method, path: path.to_owned(), headers, body };
        let told = self.town.ground.front.ask(ask).await?;
        self.town.ground.watch.answered(path, told.status, &told.json.to_string());
        if told.status == 500 {
            self.town.ground.watch.broken(format!("{path} answered {}: {}", told.status, told.json));
        }
        Ok(told)
    }

    /// Asks until an answer other than 429 and 503 comes, 13 times at most.
    pub async fn insist(&self, method: Method, path: &str, body: Option<Value>) -> Option<Answer> {
        let key = (method == Method::POST).then(|| self.key());
        let first = self.until_told(&method, path, key.as_deref(), body.clone()).await?;
        // Sometimes presses once more after success: the answer must be the first one.
        if let Some(key) = key.filter(|_| first.status < 300 && self.dice.chance(0.05)) {
            let again = self.until_told(&method, path, Some(&key), body).await;
            again.into_iter().for_each(|again| self.compare(path, &first, &again));
        }
        Some(first)
    }

    /// Like `insist`, but pressed twice at the same moment.
    pub async fn press_twice(&self, method: Method, path: &str, body: Option<Value>) -> Option<Answer> {
        let key = self.key();
        let one = self.until_told(&method, path, Some(&key), body.clone());
        let two = self.until_told(&method, path, Some(&key), body);
        let (one, two) = futures::future::join(one, two).await;
        match (one, two) {
            (Some(one), Some(two)) => {
                if one.status < 300 && two.status < 300 {
                    self.compare(path, &one, &two);
                }
                Some(if one.status < 300 { one } else { two })
            }
            (one, two) => one.or(two),
        }
    }

    async fn until_told(
        &self,
        method: &Method,
        path: &str,
        key: Option<&str>,
        body: Option<Value>,
    ) -> Option<Answer> {
        for nth in 0..self.dice.range(6..14) {
            let pause_s = match self.once(method.clone(), path, key, body.clone()).await {
                Ok(told) if told.status == 503 || told.status == 429 => told.retry_after_s.unwrap_or(5),
                Ok(told) => return Some(told),
                Err(Lost) => 1 + nth,
            };
            let pause = Duration::from_secs(pause_s.min(LONGEST_PAUSE_S)) + self.dice.millis(0..1_500);
            tokio::time::sleep(pause).await;
        }
        None
    }

    fn compare(&self, path: &str, first: &Answer, again: &Answer) {
        for pointer in SAME {
            let (one, two) = (first.json.pointer(pointer), again.json.pointer(pointer));
            if one != two {
                let what = format!("{path}: a retry was told {two:?} at {pointer}, before it was {one:?}");
                return self.town.ground.watch.broken(what);
            }
        }
    }
}
