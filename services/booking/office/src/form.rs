//! Forms: which fields a service asks for, and whether the answers are valid. Reports faults by message key; must not
//! know the texts, nor where the answers are stored.

mod answer;
mod meaning;
mod rules;

pub use answer::{check_answer, typed_otherwise};
pub use meaning::Means;
pub use rules::{Dates, check_on};

use crate::data::{AskedAt, Consent, Office, Service};
use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Maximum length of an answer, in characters.
pub const MAX_TEXT: usize = 200;

/// A question of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Unique in the office.
    pub id: String,
    /// The type of the answer.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// The text of the question.
    pub label: Text,
    /// Whether it must be answered (if it is asked).
    pub required: bool,
    /// The options of a choice.
    #[serde(default)]
    pub options: Vec<Choice>,
    /// A pattern for the whole answer, see [`crate::pattern::Pattern`].
    #[serde(default)]
    pub pattern: Option<String>,
    /// A valid answer.
    pub example: String,
    /// Where to find the answer, and what it is for.
    #[serde(default)]
    pub help: Text,
    /// Asked only if another field of the form has that answer.
    #[serde(default)]
    pub only_if: Option<OnlyIf>,
    /// What the answer is to the office, if the file states it; see [`Office::meant`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub means: Option<Means>,
    /// For a date: must be today or earlier. If absent, true for a birth date only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub past: Option<bool>,
    /// For a birth date or a PESEL: minimum age on the day of the visit, in whole years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_min: Option<u8>,
    /// The field of the form that must agree with it; empty: none. If absent, a PESEL must agree with the birth date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agrees_with: Option<String>,
}

/// One option of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The value sent by the form.
    pub id: String,
    /// The text shown.
    pub label: Text,
}

/// Condition under which a field is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnlyIf {
    /// Id of the other field.
    pub field: String,
    /// The required answer, as the form sends it: an option's id, `true` or `false`, a text.
    pub equals: String,
}

/// Types of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// One line.
    Text,
    /// A mail address.
    Email,
    /// A local day, `YYYY-MM-DD`.
    Date,
    /// One of the options.
    Choice,
    /// A whole number.
    Number,
    /// Yes or no.
    Bool,
    /// A PESEL, the number in the Polish population register.
    Pesel,
    /// Series and number of an identity document: 5 to 20 letters and digits, spaces and hyphens not counted.
    Document,
    /// A case number: letters, digits and `. / -`.
    Case,
}

impl FieldType {
    /// All types with their words.
    pub const ALL: [(FieldType, &'static str); 9] = [
        (FieldType::Text, "text"),
        (FieldType::Email, "email"),
        (FieldType::Date, "date"),
        (FieldType::Choice, "choice"),
        (FieldType::Number, "number"),
        (FieldType::Bool, "bool"),
        (FieldType::Pesel, "pesel"),
        (FieldType::Document, "document"),
        (FieldType::Case, "case"),
    ];
    /// The word used in office files and the public API.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("text", |(_, word)| word)
    }
}

/// An answer as it was sent: a page sends text, an API client may send numbers and booleans.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// Yes or no.
    Bool(bool),
    /// A number.
    Number(i64),
    /// Anything else.
    Text(String),
}

impl Answer {
    /// The answer as text, as it was sent.
    pub fn text(&self) -> String {
        match self {
            Answer::Bool(yes) => yes.to_string(),
            Answer::Number(number) => number.to_string(),
            Answer::Text(text) => text.clone(),
        }
    }
}

/// Field id to the message key of its fault.
pub type Wrong = BTreeMap<String, &'static str>;

/// Checks the answers to a service's form. Returns the non-empty ones as normalized text (without invisible characters,
/// `true` or `false`, documents in capitals without spaces), or every faulty field.
pub fn check(
    office: &Office,
    service: &Service,
    answers: &BTreeMap<String, Answer>,
    dates: Dates,
) -> Result<BTreeMap<String, String>, Wrong> {
    let fields = office.form_of(service);
    let mut wrong = Wrong::new();
    let mut good: BTreeMap<String, String> = BTreeMap::new();
    for id in answers.keys().filter(|id| !fields.iter().any(|field| field.id == **id)) {
        wrong.insert(id.clone(), "field-unknown");
    }
    for field in fields {
        let asked = field.only_if.as_ref().is_none_or(|only| good.get(&only.field) == Some(&only.equals));
        let text = answers.get(&field.id).map(|given| field.kind.clean(&given.text())).unwrap_or_default();
        // Without scripts, a page also sends fields that it would hide; answers to questions that do not apply are
        // dropped.
        if !asked {
            continue;
        }
        let checked = match (text.is_empty(), field.required) {
            (false, _) => check_answer(field, &text),
            (true, true) => Err("field-required"),
            // An unchecked checkbox is not sent at all.
            (true, false) if field.kind == FieldType::Bool => Ok(false.to_string()),
            (true, false) => continue,
        };
        match checked {
            Ok(plain) => {
                good.insert(field.id.clone(), plain);
            }
            Err(key) => {
                wrong.insert(field.id.clone(), key);
            }
        }
    }
    rules::check(office, service, &good, dates, &mut wrong);
    if wrong.is_empty() { Ok(good) } else { Err(wrong) }
}

/// Checks the consents given at one of the moments of asking, `{id: version}`: consent id to message key. A consent
/// that belongs to another moment may be given, but need not be.
pub fn check_consents(
    consents: &[Consent],
    at: AskedAt,
    given: &BTreeMap<String, String>,
) -> Result<(), Wrong> {
    let mut wrong = Wrong::new();
    for id in given.keys().filter(|id| !consents.iter().any(|consent| consent.id == **id)) {
        wrong.insert(id.clone(), "consent-unknown");
    }
    for consent in consents {
        match given.get(&consent.id) {
            None if consent.required && consent.asked == at => {
                wrong.insert(consent.id.clone(), "consent-required");
            }
            Some(version) if *version != consent.version => {
                wrong.insert(consent.id.clone(), "consent-version");
            }
            _ => {}
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

#[cfg(test)]
mod rules_tests;
#[cfg(test)]
mod tests;
