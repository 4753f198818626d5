//! Questions of an office's form and its consents, as fields of a page. Knows no hold and saves nothing.

use super::form::Answers;
use crate::domain::form::{Field as Question, FieldType, Means};
use crate::domain::office::{AskedAt, Consent, Office};
use okienko_web::components::{Field, FieldKind, field};
use okienko_web::{Markup, Words, html};

/// Before the names of consents, so that none is taken for a field.
pub const CONSENT: &str = "consent-";
/// Before the versions of consents as the page showed them.
pub const VERSION: &str = "version-";

/// One question, among all of its form.
pub fn ask(
    words: &Words,
    question: &Question,
    all: &[&Question],
    answers: &Answers,
    error: Option<&String>,
) -> Markup {
    let locale = words.locale().tag();
    let hint = hint(words, question);
    let asked = Field {
        value: answers.get(&question.id).map(String::as_str).unwrap_or_default(),
        hint: (!hint.is_empty()).then_some(hint.as_str()),
        error: error.map(String::as_str),
        required: question.required,
        autocomplete: autocomplete(question),
        only_if: question.only_if.as_ref().map(|only| (only.field.as_str(), only.equals.as_str())),
        ..Field::new(&question.id, question.label.in_locale(locale), kind(question, locale))
    };
    html! {
        // Without scripts all questions are there, each with the words when to answer it.
        @if let Some(when) = when(words, question, all) { noscript { p .only-if { (when) } } }
        (field(words, &asked))
    }
}

fn kind(question: &Question, locale: &str) -> FieldKind {
    match question.kind {
        FieldType::Text => FieldKind::Text,
        FieldType::Email => FieldKind::Email,
        FieldType::Date => FieldKind::Date,
        FieldType::Number => FieldKind::Number,
        FieldType::Bool => FieldKind::Bool,
        FieldType::Pesel => FieldKind::Pesel,
        FieldType::Document => FieldKind::Document,
        FieldType::Case => FieldKind::Case,
        FieldType::Choice => {
            let options = question.options.iter();
            FieldKind::Choice(options.map(|o| (o.id.clone(), o.label.in_locale(locale).to_owned())).collect())
        }
    }
}

/// The office's help, and an example of what is typed.
fn hint(words: &Words, question: &Question) -> String {
    let help = question.help.in_locale(words.locale().tag());
    let typed = !matches!(question.kind, FieldType::Choice | FieldType::Bool | FieldType::Date);
    if !typed {
        return help.to_owned();
    }
    let example = words.ta("field-example", &[("example", question.example.as_str().into())]);
    if help.is_empty() { example } else { format!("{help} {example}") }
}

/// The fields that browsers know by their meaning.
fn autocomplete(question: &Question) -> Option<&'static str> {
    match (question.means, question.id.as_str()) {
        (Some(Means::Birth), _) | (None, "birth") => Some("bday"),
        // Parts of a name are no name.
        (_, "name") => Some("name"),
        _ => None,
    }
}

/// "Wypełnij, jeśli: Jak złożono wniosek? – Osobiście".
fn when(words: &Words, question: &Question, all: &[&Question]) -> Option<String> {
    let only = question.only_if.as_ref()?;
    let other = all.iter().find(|other| other.id == only.field)?;
    let locale = words.locale().tag();
    let option = other.options.iter().find(|option| option.id == only.equals);
    let answer = match (option, only.equals.as_str()) {
        (Some(option), _) => option.label.in_locale(locale).to_owned(),
        (None, "true") => words.t("answer-yes"),
        (None, "false") => words.t("answer-no"),
        (None, text) => text.to_owned(),
    };
    let values = [("question", other.label.in_locale(locale).into()), ("answer", answer.into())];
    Some(words.ta("only-if", &values))
}

/// One consent, with the text behind it.
pub fn agree(words: &Words, consent: &Consent, answers: &Answers, error: Option<&String>) -> Markup {
    let name = format!("{CONSENT}{}", consent.id);
    let asked = Field {
        value: answers.get(&name).map(String::as_str).unwrap_or_default(),
        error: error.map(String::as_str),
        required: consent.required,
        ..Field::new(&name, consent.label.in_locale(words.locale().tag()), FieldKind::Bool)
    };
    html! {
        div .consent {
            input type="hidden" name={ (VERSION) (consent.id) } value=(consent.version);
            (field(words, &asked))
            p { a href=(consent.url) target="_blank" rel="noopener" { (words.t("consent-read")) } }
        }
    }
}

/// The consents that a form asks for.
pub fn asked(office: &Office) -> impl Iterator<Item = &Consent> {
    office.consents.iter().filter(|consent| consent.asked == AskedAt::Form)
}
