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
    /// Length of a visit, in minutes. Without a step, it takes as many whole slots as it needs.
    pub minutes: u16,
    /// Minutes from one start to the next; `None`: the pool's slots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u16>,
    /// Minutes after a visit in which its clerk sees nobody; `None`: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause: Option<u16>,
    /// Accepted proofs; one of them is required.
    pub proof: Vec<Proof>,
    /// Everyday names for it, in any language, separated by commas: used by the search, never shown.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub keywords: Text,
    /// How many reservations one person may have at a time; `None`: any number.
    #[serde(default)]
    pub max_active: Option<MaxActive>,
    /// Until how many minutes before the hour it can be cancelled, that minute included; `None`: until the hour.
    #[serde(default)]
    pub cancel_until_min: Option<u32>,
    /// What to bring.
    #[serde(default)]
    pub bring: Text,
    /// What it costs.
    #[serde(default)]
    pub cost: Text,
    /// What happens to people who are late.
    #[serde(default)]
    pub late: Text,
    /// Where in the building, e.g. hall and floor.
    #[serde(default)]
    pub place: Text,
    /// What to do in the building on the day, e.g. where to show the code.
    #[serde(default)]
    pub on_the_day: Text,
    /// Rules of its visits, in addition to the office's.
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
    /// The word used in the office file and the public API.
    pub fn word(self) -> &'static str {
        match self {
            Proof::Sms => "sms",
            Proof::Email => "email",
            Proof::Account => "account",
        }
    }
}

/// How many reservations of a service a person may have at a time, and how a person is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaxActive {
    /// Maximum number, at least 1.
    pub count: u8,
    /// How a person is recognised.
    pub by: ClaimKey,
}

/// How a person is recognised.
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
    /// Whether it must be given to go on.
    pub required: bool,
    /// The text beside the checkbox.
    pub label: Text,
    /// Address of the full text.
    pub url: String,
    /// When it is asked for.
    #[serde(default)]
    pub asked: AskedAt,
}

/// When people are asked for a consent. One that is not asked for may still be given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AskedAt {
    /// With the form of a reservation.
    #[default]
    Form,
    /// Once, when an account is made.
    Account,
}
