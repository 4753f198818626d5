//! One answer: cleaned by its type and normalized, or refused with the message key of its fault. Knows nothing of the
//! other answers.

use super::{Answer, Field, FieldType, MAX_TEXT};
use crate::data::{Office, Service};
use crate::pattern::Pattern;
use crate::pesel;
use okienko_kernel::Day;
use std::collections::BTreeMap;

impl FieldType {
    /// What was typed, without invisible characters and in one form.
    pub(super) fn clean(self, text: &str) -> String {
        match self {
            FieldType::Text | FieldType::Choice | FieldType::Bool => okienko_typed::line(text),
            FieldType::Email => okienko_typed::mail(text),
            FieldType::Date | FieldType::Number | FieldType::Document => okienko_typed::code(text),
            FieldType::Pesel => okienko_typed::digits(text),
            FieldType::Case => okienko_typed::case(text),
        }
    }
}

/// Checks one non-empty answer by itself, without the calendar; returns its normalized form or a message key.
pub fn check_answer(field: &Field, typed: &str) -> Result<String, &'static str> {
    let text = field.kind.clean(typed);
    if text.chars().count() > MAX_TEXT {
        return Err("field-too-long");
    }
    if text.chars().any(char::is_control) {
        return Err("field-text");
    }
    let plain = match field.kind {
        FieldType::Text => Some(text.clone()),
        FieldType::Email => okienko_address::parse_email(&text).ok().map(|email| email.as_str().to_owned()),
        FieldType::Date => text.parse::<Day>().ok().map(|day| day.to_string()),
        FieldType::Choice => field.options.iter().any(|option| option.id == text).then(|| text.clone()),
        FieldType::Number => text.parse::<i64>().ok().map(|number| number.to_string()),
        FieldType::Bool => truth(&text).map(|yes| yes.to_string()),
        FieldType::Pesel => pesel::birth_date(&text).map(|_| text.clone()),
        FieldType::Document => return document(field, typed, &text),
        FieldType::Case => is_case(&text).then(|| text.clone()),
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
    if fits(field, typed, &[&text, &plain]) { Ok(plain) } else { Err("field-pattern") }
}

/// The documents of a form whose normalized form differs from what was typed: field id to what was typed, in capitals
/// and without spaces. Somebody who looks at the paper later must see what the person saw.
pub fn typed_otherwise(
    office: &Office,
    service: &Service,
    answers: &BTreeMap<String, Answer>,
    plain: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let documents = office.form_of(service).into_iter().filter(|field| field.kind == FieldType::Document);
    let otherwise = documents.filter_map(|field| {
        let typed = bare(&field.kind.clean(&answers.get(&field.id)?.text()));
        (plain.get(&field.id)? != &typed).then(|| (field.id.clone(), typed))
    });
    otherwise.collect()
}

/// Whether one of the answer's forms matches the field's pattern, or what was typed, spaces included. Marks that look
/// alike count as the same: an office that wrote `'` and `-` also means `’` and `–`.
fn fits(field: &Field, typed: &str, forms: &[&str]) -> bool {
    // An invalid pattern is a fault of the office file; it must not lock people out.
    let Some(pattern) = field.pattern.as_deref().and_then(|pattern| Pattern::parse(pattern).ok()) else {
        return true;
    };
    let typed = okienko_typed::case(typed);
    let capitals = typed.to_uppercase();
    let mut forms = forms.iter().copied().chain([typed.as_str(), capitals.as_str()]);
    forms.any(|text| pattern.matches(text) || pattern.matches(&okienko_typed::plain_marks(text)))
}

/// A boolean as pages and API clients write it.
fn truth(text: &str) -> Option<bool> {
    match text {
        "true" | "on" | "1" => Some(true),
        "false" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// Series and number in Latin letters if they can be read so; a series that is really Cyrillic or Greek is kept.
fn document(field: &Field, typed: &str, text: &str) -> Result<String, &'static str> {
    let bare = bare(text);
    let latin = okienko_typed::in_latin(&bare);
    let letters = || bare.chars().filter(|c| c.is_alphabetic());
    // A mixture that cannot be read as Latin is a typing error; no such document has other letters.
    let is_foreign = |c: char| matches!(c, '\u{370}'..='\u{52f}');
    if !latin.is_ascii() && letters().any(|c| !is_foreign(c)) && letters().any(|c| !c.is_ascii()) {
        return Err("field-document-letters");
    }
    let good = |plain: &&String| {
        let known = |c: char| c.is_ascii_digit() || (c.is_alphabetic() && (c.is_ascii() || is_foreign(c)));
        (5..=20).contains(&plain.chars().count())
            && plain.chars().all(known)
            && plain.chars().any(|c| c.is_ascii_digit())
    };
    let mut forms =
        [latin.is_ascii().then_some(&latin), Some(&bare)].into_iter().flatten().filter(good).peekable();
    if forms.peek().is_none() {
        return Err("field-document");
    }
    // What was typed is no evidence for a form in Latin letters.
    let own = |plain: &str| if plain == bare { typed } else { "" };
    forms.find(|plain| fits(field, own(plain), &[plain.as_str()])).cloned().ok_or("field-pattern")
}

/// Without the separators of a document number.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '-')).collect()
}

fn is_case(text: &str) -> bool {
    let known = |c: char| c.is_alphanumeric() || matches!(c, '.' | '/' | '-' | ' ');
    (3..=60).contains(&text.chars().count())
        && text.chars().all(known)
        && text.chars().any(|c| c.is_ascii_digit())
}
