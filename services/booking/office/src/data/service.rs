//! What people come for, what they agree to, and how they prove who they are. Must not know of places or hours.

use crate::text::Text;
use serde::{Deserialize, Serialize};

/// A group of services on the pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Unique in the office.
    pub id: String,
    /// Name.
    pub name: Text,
}

/// What somebody comes for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Unique in the office, `[a-z0-9-]{1,32}`.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Id of its category.
    pub category: String,
    /// Ids of the locations where it is offered.
    pub locations: Vec<String>,
    /// Usual length of a visit.
    pub minutes: u16,
    /// Proofs that are accepted; one of them is needed.
    pub proof: Vec<Proof>,
    /// What people call it in everyday life, in any language, apart by commas: found by a search, never shown.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub keywords: Text,
    /// How many reservations one person may have at a time; `None`: any number.
    #[serde(default)]
    pub max_active: Option<MaxActive>,
    /// Until how many minutes before the hour one may cancel, that minute included; `None`: until the hour.
    #[serde(default)]
    pub cancel_until_min: Option<u32>,
    /// What to bring.
    #[serde(default)]
    pub bring: Text,
    /// What it costs.
    #[serde(default)]
    pub cost: Text,
    /// What happens to those who are late.
    #[serde(default)]
    pub late: Text,
    /// Where in the building, e.g. hall and floor.
    #[serde(default)]
    pub place: Text,
    /// What to do in the building on the day, e.g. where to show the code.
    #[serde(default)]
    pub on_the_day: Text,
    /// What holds for its visits, beside the office's rules.
    #[serde(default)]
    pub rules: Vec<Text>,
    /// Letters before the numbers of walk-in tickets; `None`: only with a reservation.
    #[serde(default)]
    pub walk_in_prefix: Option<String>,
    /// Ids of the fields of its form, in order; empty: no form.
    pub form: Vec<String>,
}

/// How a person proves that the reservation is theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Proof {
    /// A code sent to a phone.
    Sms,
    /// A code sent to a mail address.
    Email,
    /// The session of an account.
    Account,
}

impl Proof {
    /// The word of the office file and of the outside surface.
    pub fn word(self) -> &'static str {
        match self {
            Proof::Sms => "sms",
            Proof::Email => "email",
            Proof::Account => "account",
        }
    }
}

/// How many reservations of a service somebody may have at a time, and by what one is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaxActive {
    /// At most so many, at least 1.
    pub count: u8,
    /// By what a person is recognised.
    pub by: ClaimKey,
}

/// By what a person is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKey {
    /// The proved phone (or mail address) together with the name.
    PhoneAndName,
    /// The number of a document.
    Document,
    /// The account.
    Account,
}

/// Something that people agree to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Unique in the office.
    pub id: String,
    /// The version of the text behind the link; the form sends it back.
    pub version: String,
    /// Whether nothing goes on without it.
    pub required: bool,
    /// What stands beside the box.
    pub label: Text,
    /// The full text.
    pub url: String,
    /// When it is asked.
    #[serde(default)]
    pub asked: AskedAt,
}

/// When people are asked for a consent. What is not asked may still be given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AskedAt {
    /// With the form of a reservation.
    #[default]
    Form,
    /// Once, when an account is made.
    Account,
}
