//! Forms: which fields a service asks for, and whether what somebody wrote is good. Says what is wrong by message
//! keys; must not know the texts, nor where the answers are kept.

use crate::domain::office::{AskedAt, Consent, Office, Service};
use crate::domain::pattern::Pattern;
use crate::domain::pesel;
use crate::domain::text::Text;
use okienko_kernel::Day;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The longest answer, in characters.
pub const MAX_TEXT: usize = 200;

/// A question of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Unique in the office.
    pub id: String,
    /// What kind of answer it wants.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// The question.
    pub label: Text,
    /// Whether it must be answered (where it is asked).
    pub required: bool,
    /// The answers of a choice.
    #[serde(default)]
    pub options: Vec<Choice>,
    /// What the whole answer must look like, see [`Pattern`].
    #[serde(default)]
    pub pattern: Option<String>,
    /// An answer that passes.
    pub example: String,
    /// Where to find the answer, what it is for.
    #[serde(default)]
    pub help: Text,
    /// Asked only when another field of the form has that answer.
    #[serde(default)]
    pub only_if: Option<OnlyIf>,
}

/// One answer of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Sent by the form.
    pub id: String,
    /// Shown.
    pub label: Text,
}

/// When a field is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnlyIf {
    /// Id of the other field.
    pub field: String,
    /// Its answer, written as in the form: an option's id, `true` or `false`, a text.
    pub equals: String,
}

/// Kinds of answers.
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
    /// A number of the population register.
    Pesel,
    /// Series and number of an identity document: 5 to 20 letters and digits, spaces and hyphens not counted.
    Document,
    /// The sign of a case: letters, digits and `. / -`.
    Case,
}

impl FieldType {
    /// All kinds with their words.
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
    /// The word of office files and of the outside surface.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("text", |(_, word)| word)
    }
}

/// An answer as it was sent: a page sends text, a program may send numbers and truth values.
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
    /// The answer as text, without blanks around it.
    pub fn text(&self) -> String {
        match self {
            Answer::Bool(yes) => yes.to_string(),
            Answer::Number(number) => number.to_string(),
            Answer::Text(text) => text.trim().to_owned(),
        }
    }
}

/// Field id to message key of what is wrong with it.
pub type Wrong = BTreeMap<String, &'static str>;

/// Checks the answers to a service's form. Gives them back as text in their plain form (blanks cut, `true` or
/// `false`, documents in capitals without blanks), without the empty ones; or every faulty field.
pub fn check(
    office: &Office,
    service: &Service,
    answers: &BTreeMap<String, Answer>,
) -> Result<BTreeMap<String, String>, Wrong> {
    let fields = office.form_of(service);
    let mut wrong = Wrong::new();
    let mut good: BTreeMap<String, String> = BTreeMap::new();
    for id in answers.keys().filter(|id| !fields.iter().any(|field| field.id == **id)) {
        wrong.insert(id.clone(), "field-unknown");
    }
    for field in fields {
        let asked = field.only_if.as_ref().is_none_or(|only| good.get(&only.field) == Some(&only.equals));
        let text = answers.get(&field.id).map(Answer::text).unwrap_or_default();
        // A page without scripts sends a field that it would hide; what was not asked is not kept.
        if !asked {
            continue;
        }
        let checked = match (text.is_empty(), field.required) {
            (false, _) => check_answer(field, &text),
            (true, true) => Err("field-required"),
            // A box that was not ticked is not sent at all.
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
    if wrong.is_empty() { Ok(good) } else { Err(wrong) }
}

/// Checks one answer that is not empty; gives its plain form or a message key.
pub fn check_answer(field: &Field, text: &str) -> Result<String, &'static str> {
    if text.chars().count() > MAX_TEXT {
        return Err("field-too-long");
    }
    if text.chars().any(char::is_control) {
        return Err("field-text");
    }
    let plain = match field.kind {
        FieldType::Text => Some(text.to_owned()),
        FieldType::Email => is_email(text).then(|| text.to_owned()),
        FieldType::Date => text.parse::<Day>().ok().map(|day| day.to_string()),
        FieldType::Choice => field.options.iter().any(|option| option.id == text).then(|| text.to_owned()),
        FieldType::Number => text.parse::<i64>().ok().map(|number| number.to_string()),
        FieldType::Bool => truth(text).map(|yes| yes.to_string()),
        FieldType::Pesel => pesel::birth_date(text).map(|_| text.to_owned()),
        FieldType::Document => document(text),
        FieldType::Case => is_case(text).then(|| text.to_owned()),
    };
    let plain = plain.ok_or(match field.kind {
        FieldType::Text => "field-text",
        FieldType::Email => "field-email",
        FieldType::Date => "field-date",
        FieldType::Choice => "field-choice",
        FieldType::Number => "field-number",
        FieldType::Bool => "field-bool",
        FieldType::Pesel => "field-pesel",
        FieldType::Document => "field-document",
        FieldType::Case => "field-case",
    })?;
    // A pattern that cannot be read is a fault of the office file; it must not lock people out.
    let pattern = field.pattern.as_deref().and_then(|pattern| Pattern::parse(pattern).ok());
    if pattern.is_some_and(|pattern| !pattern.matches(text)) { Err("field-pattern") } else { Ok(plain) }
}

/// Checks the consents that were given at one of the moments of asking, `{id: version}`: consent id to message key.
/// One that is asked for at another moment may be given, but need not.
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

/// Yes or no as pages and programs write it.
fn truth(text: &str) -> Option<bool> {
    match text {
        "true" | "on" | "1" => Some(true),
        "false" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// Whether it looks like a mail address that can be delivered over the internet; the code is the real proof.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let local_ok = (1..=64).contains(&local.len())
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|c| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c));
    let label_ok = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    local_ok && domain.contains('.') && domain.len() <= 253 && domain.split('.').all(label_ok)
}

fn document(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let fits = (5..=20).contains(&bare.len()) && bare.chars().all(|c| c.is_ascii_alphanumeric());
    (fits && bare.chars().any(|c| c.is_ascii_digit())).then(|| bare.to_ascii_uppercase())
}

fn is_case(text: &str) -> bool {
    let known = |c: char| c.is_alphanumeric() || matches!(c, '.' | '/' | '-' | ' ');
    (3..=60).contains(&text.chars().count())
        && text.chars().all(known)
        && text.chars().any(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests;
