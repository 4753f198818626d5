//! Accounts of citizens: created, activated by the link in a mail, signed in; families share one. Knows only the
//! outside surface.

use crate::town::Place;
use crate::town::person::Person;
use http::Method;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// People per account.
const SHARE: usize = 6;
const PASSWORD: &str = "okno na ratusz 7";

/// An account with a session.
#[derive(Clone)]
pub struct Account {
    /// The value of `Authorization`.
    pub session: String,
    /// How many people use it.
    pub used: usize,
}

impl Person {
    /// A session at an office, of a known account or a new one; `None` when there is none to be had.
    pub async fn session(&self, place: &Place) -> Option<String> {
        let office = &place.office.id;
        {
            let mut accounts = self.town.accounts.lock();
            let known = accounts.entry(office.clone()).or_default();
            if let Some(account) = known.iter_mut().find(|account| account.used < SHARE) {
                account.used += 1;
                return Some(account.session.clone());
            }
        }
        let session = self.sign_up(place).await?;
        let account = Account { session: session.clone(), used: 1 };
        self.town.accounts.lock().entry(office.clone()).or_default().push(account);
        Some(session)
    }

    async fn sign_up(&self, place: &Place) -> Option<String> {
        let office = &place.office.id;
        let email = format!("p{:x}@example.org", self.dice.number());
        let asked = place.office.consents.iter().map(|it| (it.id.clone(), json!(it.version)));
        let consents: Map<String, Value> = asked.collect();
        let path = format!("/api/v1/offices/{office}/accounts");
        let body = json!({"email": email, "password": PASSWORD, "consents": consents});
        if self.insist(Method::POST, &path, Some(body)).await?.status != 202 {
            return None;
        }
        let phones = &self.town.ground.phones;
        let token = phones.wait(&email, 0, Duration::from_secs(1800), link_token).await?;
        // A registration that was sent twice is pending twice: the password that counts is the one given here.
        let body = json!({"token": token, "password": PASSWORD});
        let activated = self.insist(Method::POST, &format!("{path}/activate"), Some(body)).await?;
        if activated.status != 204 {
            // Probably activated by an earlier attempt whose answer was lost; signing in will tell.
            self.dice.number();
        }
        let path = format!("/api/v1/offices/{office}/sessions");
        let signed = self.insist(Method::POST, &path, Some(json!({"email": email, "password": PASSWORD})));
        signed.await?.text("/session")
    }
}

/// The token in the first link of a mail.
pub(crate) fn link_token(mail: &str) -> Option<String> {
    let link = mail[mail.find("http")?..].split_whitespace().next()?;
    let token = link.trim_end_matches(['.', ',']).rsplit('/').next()?;
    Some(token.split('?').next().unwrap_or(token).to_owned())
}
