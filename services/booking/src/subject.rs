//! A person's data as it lies sealed beside the events: the answers to the form, the consents, how to reach them. Only its
//! subject id is ever in an event. Knows no key and no journal.

use crate::domain::office::{ClaimKey, Office, Service};
use okienko_kernel::{Keys, Moment, base32};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a person can be reached, proved or to be proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contact {
    /// A mobile phone, E.164.
    Phone(String),
    /// A mail address.
    Email(String),
}

/// When a sent code ends, and when another may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentCode {
    /// From then on the code is void.
    pub expires_at: Moment,
    /// From then on it may be sent again.
    pub resend_after: Moment,
}

/// What is sealed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Subject {
    /// Answers by field id.
    pub fields: BTreeMap<String, String>,
    /// Consents by id, with the version agreed to.
    pub consents: BTreeMap<String, String>,
    /// How to reach them.
    pub contact: Option<Contact>,
    /// The proving under way, as sms-gateway calls it.
    pub verification: Option<String>,
    /// The newest sending of its code.
    #[serde(default)]
    pub sent: Option<SentCode>,
    /// Their language.
    pub locale: String,
    /// The account that booked, by its id.
    #[serde(default)]
    pub account: Option<String>,
    /// The mail address of that account.
    #[serde(default)]
    pub email: Option<String>,
    /// Seconds from the hold to the first form.
    #[serde(default)]
    pub form_s: Option<u32>,
}

impl Subject {
    /// Where a mail reaches them: the account's address, or the one that was proved.
    pub fn mail(&self) -> Option<&str> {
        let proved = match &self.contact {
            Some(Contact::Email(address)) => Some(address.as_str()),
            _ => None,
        };
        self.email.as_deref().or(proved)
    }
    /// What this person counts by towards `max_active` of a service: a keyed hash, equal for the same person and
    /// useless without the installation's secret. `None` where the service has no limit.
    pub fn person_key(&self, office: &Office, service: &Service, keys: &Keys) -> Option<(String, u8)> {
        let max = service.max_active?;
        let contact = match &self.contact {
            Some(Contact::Phone(text) | Contact::Email(text)) => text.as_str(),
            // Proved by the account: nobody was asked for a phone.
            None => self.account.as_deref().unwrap_or_default(),
        };
        let field = |id: &str| self.fields.get(id).map(|text| plain(text)).unwrap_or_default();
        let parts: [String; 2] = match max.by {
            ClaimKey::PhoneAndName => [contact.to_lowercase(), field("name")],
            ClaimKey::Document => [String::new(), field("document")],
            ClaimKey::Account => [self.account.as_deref().unwrap_or(contact).to_lowercase(), String::new()],
        };
        let mac = keys.mac("person", &[office.id.as_bytes(), parts[0].as_bytes(), parts[1].as_bytes()]);
        Some((format!("active/{}/{}/{}", office.id, service.id, base32::encode(&mac[..16])), max.count))
    }
}

/// The same name for everybody who writes it: case and runs of blanks do not count.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_blanks() {
        assert_eq!(plain("  Jan   KOWALSKI "), plain("jan kowalski"));
        assert_ne!(plain("Jan Kowalski"), plain("Jan Kowalska"));
    }
}
