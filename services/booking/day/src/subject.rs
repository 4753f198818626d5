//! A person's data as sealed beside the events: the answers to the form, the consents, the contact. Events contain only
//! its subject id. Knows no key and no journal.

use okienko_address::parse_email;
use okienko_kernel::{Keys, Moment, base32};
use okienko_office::form::Means;
use okienko_office::{ClaimKey, Office, Service};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A person's contact, proved or to be proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contact {
    /// A mobile phone, E.164.
    Phone(String),
    /// A mail address.
    Email(String),
}

impl Contact {
    /// The key by which a person with this contact is counted: for a mail address, the mailbox behind it.
    pub fn key(&self) -> String {
        match self {
            Contact::Phone(phone) => phone.clone(),
            Contact::Email(email) => {
                parse_email(email).map_or_else(|_| email.to_lowercase(), |it| it.mailbox())
            }
        }
    }
    /// The phone or address itself.
    pub fn as_str(&self) -> &str {
        match self {
            Contact::Phone(text) | Contact::Email(text) => text,
        }
    }
}

/// By what a person is recognised towards `max_active`: keyed hashes, equal for the same person and useless without the
/// installation's secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonKeys {
    /// The key for new reservations.
    pub now: String,
    /// The key used before names were compared in normalized form. No new reservation takes it; one that holds it
    /// counts until its visit has passed.
    pub before: Option<String>,
    /// How many reservations one person may have.
    pub count: u8,
}

/// When a sent code expires, and when another may be requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentCode {
    /// The code is void from then on.
    pub expires_at: Moment,
    /// It may be sent again from then on.
    pub resend_after: Moment,
}

/// The sealed data.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Subject {
    /// Answers by field id, normalized.
    pub fields: BTreeMap<String, String>,
    /// What was typed, where normalizing changed it to other letters.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub typed: BTreeMap<String, String>,
    /// Consents by id, with the version agreed to.
    pub consents: BTreeMap<String, String>,
    /// How to reach them.
    pub contact: Option<Contact>,
    /// The verification in progress, by sms-gateway's id.
    pub verification: Option<String>,
    /// The latest sending of its code.
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
    /// Seconds from the hold to the first submission of the form.
    #[serde(default)]
    pub form_s: Option<u32>,
}

impl Subject {
    /// Whether a form with these answers would change nothing.
    pub fn says_the_same(
        &self,
        fields: &BTreeMap<String, String>,
        consents: &BTreeMap<String, String>,
        locale: &str,
    ) -> bool {
        (&self.fields, &self.consents, self.locale.as_str()) == (fields, consents, locale)
    }

    /// Where mails reach them: the account's address, or the one that was proved.
    pub fn mail(&self) -> Option<&str> {
        let proved = match &self.contact {
            Some(Contact::Email(address)) => Some(address.as_str()),
            _ => None,
        };
        self.email.as_deref().or(proved)
    }
    /// The keys that this person counts by towards `max_active` of a service; `None` if the service has no limit.
    pub fn person_keys(&self, office: &Office, service: &Service, keys: &Keys) -> Option<PersonKeys> {
        let max = service.max_active?;
        let account = self.account.as_deref().unwrap_or_default();
        // With the account as the proof, nobody was asked for a phone.
        let contact = self.contact.as_ref().map_or(account, Contact::as_str).to_lowercase();
        let contact_key = self.contact.as_ref().map_or_else(|| account.to_lowercase(), Contact::key);
        let said = |means| office.answer_meant(&service.id, means, &self.fields).unwrap_or_default();
        let (now, before) = match max.by {
            ClaimKey::PhoneAndName => {
                let name = said(Means::Name);
                ([contact_key, okienko_typed::key(&name)], [contact, plain(&name)])
            }
            ClaimKey::Document => {
                let document = said(Means::Document);
                let latin = okienko_typed::in_latin(&okienko_typed::code(&document)).replace('-', "");
                ([String::new(), latin.to_lowercase()], [String::new(), plain(&document)])
            }
            ClaimKey::Account if account.is_empty() => {
                ([contact_key, String::new()], [contact, String::new()])
            }
            ClaimKey::Account => {
                ([account.to_lowercase(), String::new()], [account.to_lowercase(), String::new()])
            }
        };
        let key = |parts: &[String; 2]| {
            let mac = keys.mac("person", &[office.id.as_bytes(), parts[0].as_bytes(), parts[1].as_bytes()]);
            format!("active/{}/{}/{}", office.id, service.id, base32::encode(&mac[..16]))
        };
        let (now, before) = (key(&now), key(&before));
        let before = Some(before).filter(|before| *before != now);
        Some(PersonKeys { now, before, count: max.count })
    }
}

/// How names used to be compared; only for finding what was stored that way.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_office::samples::small_office;

    fn keys_of(contact: Contact, name: &str) -> PersonKeys {
        let office = small_office();
        let fields = [("name".to_owned(), name.to_owned())].into();
        let subject = Subject { fields, contact: Some(contact), ..Subject::default() };
        subject.person_keys(&office, &office.services[0], &Keys::from_secret(b"one")).unwrap()
    }

    fn phone() -> Contact {
        Contact::Phone("+48601234567".into())
    }

    fn mail(address: &str) -> Contact {
        Contact::Email(address.into())
    }

    #[test]
    fn one_person_has_one_key_however_the_name_is_written() {
        let known = keys_of(phone(), "Józef Żak").now;
        for name in [
            "józef   ŻAK",
            "Jo\u{301}zef Z\u{307}ak",
            "Jo\u{301}zef\u{200b} Z\u{307}ak",
            "Józef\u{2060} Żak",
            "Jó\u{ad}zef Żak",
            "\u{202a}Józef Żak\u{202c}",
            "Józef\u{a0}Żak",
            "Jozef Zak",
            "Józef Żаk",
            "Ｊózef Żak",
            "Józef Żak.",
            "Józef-Żak",
        ] {
            assert_eq!(keys_of(phone(), name).now, known, "{name:?}");
        }
        assert_ne!(keys_of(phone(), "Józefa Żak").now, known);
        assert_ne!(keys_of(Contact::Phone("+48601234568".into()), "Józef Żak").now, known);
    }

    #[test]
    fn one_mailbox_has_one_key_whatever_its_address() {
        let known = keys_of(mail("jan@example.org"), "Jan Kowalski").now;
        for address in ["jan+1@example.org", "Jan+2@example.org", "JAN@example.org", "jan+a+b@example.org"] {
            assert_eq!(keys_of(mail(address), "jan kowalski").now, known, "{address}");
        }
        assert_ne!(keys_of(mail("ewa@example.org"), "Jan Kowalski").now, known);
    }

    #[test]
    fn what_was_counted_in_the_old_way_is_still_asked_for() {
        let plain = keys_of(phone(), "Jan Kowalski");
        assert_eq!(plain.before, None, "the same in both ways");
        let marked = keys_of(phone(), "Józef Żak");
        assert!(marked.before.as_ref().is_some_and(|before| *before != marked.now));
        assert!(keys_of(mail("jan+1@example.org"), "Jan Kowalski").before.is_some());
    }
}
