//! An office as data: everything in one office file. Stored as a version in booking's journal, so old versions must
//! stay readable. Must not know of files, the network, or what is booked.

mod find;
mod guide;
mod location;
mod service;
mod waking;

pub use guide::Guide;
pub use location::{Counter, DaysBefore, Location, Merge, Pool, QueueRules, Shift};
pub use service::{AskedAt, Category, ClaimKey, Consent, MaxActive, Proof, Service};
pub use waking::WAKING;

use crate::form::Field;
use crate::text::Text;
use okienko_kernel::{Day, TimeOfDay, Zone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A city office; it owns all its data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// Its name in addresses: `[a-z0-9-]`, 1 to 32 characters.
    pub id: String,
    /// 1 to 16,777,215; part of every id; never given to another office.
    pub number: u32,
    /// Full name.
    pub name: Text,
    /// Sender name of text messages: at most 11 letters and digits of the Latin alphabet.
    pub sender: String,
    /// Host name at the end of code messages, by which phones fill in the code.
    pub host: String,
    /// Time zone of every local day and time of the office.
    pub zone: Zone,
    /// Languages in which it writes to people; the first is used for readers of any other. Pages exist in every
    /// language.
    pub locales: Vec<String>,
    /// Today and this many days after it are open for booking.
    pub horizon_days: u16,
    /// Order of the pages on the way to a reservation.
    pub steps: Vec<Step>,
    /// Whether booking requires an account.
    pub account: AccountRule,
    /// Countries (ISO 3166, two capitals) from which booking is allowed; empty: from anywhere.
    #[serde(default)]
    pub territory: Vec<String>,
    /// Whether a browser must do a proof of work before it gets a place.
    #[serde(default)]
    pub proof_of_work: bool,
    /// Whether the office's page counts and shows its visits.
    #[serde(default)]
    pub visit_counter: bool,
    /// What it tells people about their visits.
    #[serde(default)]
    pub guide: Guide,
    /// Maximum text messages in one local day.
    pub sms_daily_budget: u32,
    /// Dial codes of the countries whose numbers it writes to, without the plus; empty if not stated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sms_dial_codes: Vec<u16>,
    /// Maximum parts of each of its text messages; 0 if not stated.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sms_max_parts: u32,
    /// What a part of a text message costs the office, in grosze; 0 if not stated.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sms_part_price_gr: u32,
    /// Whether its text messages keep Polish letters, which makes them more expensive.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sms_letters: bool,
    /// Local time on the day before a visit at which people are reminded of it; `None`: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_at: Option<TimeOfDay>,
    /// Whether it works on public holidays.
    #[serde(default)]
    pub work_on_holidays: bool,
    /// Days on which every location is closed.
    #[serde(default)]
    pub closed_days: BTreeSet<Day>,
    /// What people agree to.
    pub consents: Vec<Consent>,
    /// All fields used in the forms of its services.
    pub fields: Vec<Field>,
    /// Where people go; in the order of the pages.
    pub locations: Vec<Location>,
    /// Capacity that services share.
    pub pools: Vec<Pool>,
    /// Groups of services; in the order of the pages.
    pub categories: Vec<Category>,
    /// What people come for; in the order of the pages.
    pub services: Vec<Service>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A page on the way to a reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// What is it about?
    Service,
    /// Where?
    Location,
    /// Which day and hour?
    Time,
    /// Who are you?
    Form,
    /// The code.
    Proof,
}

impl Step {
    /// All of them, in the default order.
    pub const ALL: [Step; 5] = [Step::Service, Step::Location, Step::Time, Step::Form, Step::Proof];

    /// The word used in the office file.
    pub fn word(self) -> &'static str {
        match self {
            Step::Service => "service",
            Step::Location => "location",
            Step::Time => "time",
            Step::Form => "form",
            Step::Proof => "proof",
        }
    }
}

/// Whether an office requires an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountRule {
    /// Anybody may book.
    #[default]
    None,
    /// Booking requires an account session.
    Required,
}

/// Whether a day is open for booking, regardless of its hours and places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// It is over.
    Past,
    /// It may be booked.
    Open,
    /// It is beyond the horizon.
    NotReleased,
}

#[cfg(test)]
mod tests;
