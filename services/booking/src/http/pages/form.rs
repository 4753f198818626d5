//! The step "who are you?": the office's form with its consents. What is wrong stands at its field and on top.

use super::hold::{Held, changed, opened};
use super::{document_as, see, step_line};
use crate::domain::form::{Answer, Field as Question, FieldType};
use crate::domain::office::{AskedAt, Consent, Office, Step};
use crate::service::Booking;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use okienko_web::components::{Field, FieldKind, error_summary, field};
use okienko_web::{Code, Form, Markup, Path, Problem, Words, html};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Answers by the names of the page's fields.
type Answers = BTreeMap<String, String>;

/// Before the names of consents, so that none is taken for a field.
const CONSENT: &str = "consent-";
/// Before the versions of consents as the page showed them.
const VERSION: &str = "version-";

/// The form, with what was saved before.
pub async fn page(
    State(booking): State<Arc<Booking>>,
    Path((office, hold)): Path<(String, String)>,
    headers: HeaderMap,
    words: Words,
) -> Result<Response, Problem> {
    let held = match opened(&booking, &words, (&office, &hold), &headers).await? {
        Ok(held) => held,
        Err(answer) => return Ok(answer),
    };
    let saved = booking.subject(&held.state).await?.unwrap_or_default();
    let agreed = saved.consents.into_keys().map(|id| (format!("{CONSENT}{id}"), "true".to_owned()));
    let answers: Answers = saved.fields.into_iter().chain(agreed).collect();
    show(&words, &held, &answers, &BTreeMap::new(), StatusCode::OK)
}

/// Saves the form and leads to the phone; or shows it again with what is wrong.
pub async fn save(
    State(booking): State<Arc<Booking>>,
    Path((office, hold)): Path<(String, String)>,
    headers: HeaderMap,
    words: Words,
    Form(answers): Form<Answers>,
) -> Result<Response, Problem> {
    let held = match changed(&booking, &words, (&office, &hold), &headers).await? {
        Ok(held) => held,
        Err(answer) => return Ok(answer),
    };
    let mut fields = BTreeMap::new();
    let mut consents = BTreeMap::new();
    for (name, value) in &answers {
        if let Some(id) = name.strip_prefix(CONSENT) {
            let version = answers.get(&format!("{VERSION}{id}")).cloned().unwrap_or_default();
            consents.insert(id.to_owned(), version);
        } else if !name.starts_with(VERSION) {
            fields.insert(name.clone(), Answer::Text(value.clone()));
        }
    }
    match booking.save_form(held.id, &held.state, &fields, consents, words.locale().tag()).await {
        // Where the account is the proof there is nothing left to prove.
        Ok(()) if booking.proved_by_account(&held.state) => Ok(see(&format!("{}/confirm", held.path))),
        Ok(()) => Ok(see(&format!("{}/phone", held.path))),
        Err(problem) if problem.code() == Code::Invalid => {
            let wrong = problem.fields(&words);
            show(&words, &held, &answers, &wrong, problem.code().status())
        }
        // It ended just now: its own page says so.
        Err(problem) if matches!(problem.code(), Code::HoldExpired | Code::Conflict) => Ok(see(&held.path)),
        Err(problem) => Err(problem),
    }
}

fn show(
    words: &Words,
    held: &Held,
    answers: &Answers,
    wrong: &BTreeMap<String, String>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let office = &held.state.known.office;
    let questions = office.form_of(held.service()?);
    // In the order of the page, so that the first link is the first fault.
    let locale = words.locale().tag();
    let of_fields = questions.iter().map(|q| (q.id.clone(), &q.label, wrong.get(&q.id)));
    let of_consents = asked(office).map(|c| (format!("{CONSENT}{}", c.id), &c.label, wrong.get(&c.id)));
    let faults = of_fields.chain(of_consents).filter_map(|(name, label, text)| {
        let values = [("field", label.in_locale(locale).into()), ("fault", text?.as_str().into())];
        Some((name, words.ta("fault-of-field", &values)))
    });
    let faults: Vec<(String, String)> = faults.collect();
    let faults: Vec<(&str, &str)> =
        faults.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let title = words.t(if questions.is_empty() { "form-empty-title" } else { "form-title" });
    let body = html! {
        (step_line(words, office, Step::Form))
        @if !faults.is_empty() { (error_summary(words, &faults)) }
        h1 { (title) }
        (held.about(words))
        form method="post" action=(held.path) {
            @for question in &questions {
                (ask(words, question, answers, wrong.get(&question.id)))
            }
            @for consent in asked(office) {
                (agree(words, consent, answers, wrong.get(&consent.id)))
            }
            div .actions { button .button type="submit" { (words.t("next")) } }
        }
        (held.give_back(words))
        (held.line(words))
    };
    Ok(document_as(status, words, office, &title, body))
}

fn ask(words: &Words, question: &Question, answers: &Answers, error: Option<&String>) -> Markup {
    let locale = words.locale().tag();
    let kind = match question.kind {
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
    };
    let typed = !matches!(question.kind, FieldType::Choice | FieldType::Bool | FieldType::Date);
    let example = words.ta("field-example", &[("example", question.example.as_str().into())]);
    let asked = Field {
        value: answers.get(&question.id).map(String::as_str).unwrap_or_default(),
        hint: typed.then_some(example.as_str()),
        error: error.map(String::as_str),
        required: question.required,
        // The one field that browsers know by its meaning.
        autocomplete: (question.id == "name").then_some("name"),
        only_if: question.only_if.as_ref().map(|only| (only.field.as_str(), only.equals.as_str())),
        ..Field::new(&question.id, question.label.in_locale(locale), kind)
    };
    field(words, &asked)
}

fn agree(words: &Words, consent: &Consent, answers: &Answers, error: Option<&String>) -> Markup {
    let name = format!("{CONSENT}{}", consent.id);
    let asked = Field {
        value: answers.get(&name).map(String::as_str).unwrap_or_default(),
        error: error.map(String::as_str),
        required: consent.required,
        ..Field::new(&name, consent.label.in_locale(words.locale().tag()), FieldKind::Bool)
    };
    html! {
        input type="hidden" name={ (VERSION) (consent.id) } value=(consent.version);
        (field(words, &asked))
        p { a href=(consent.url) target="_blank" rel="noopener" { (words.t("consent-read")) } }
    }
}

/// The consents that this page asks for.
fn asked(office: &Office) -> impl Iterator<Item = &Consent> {
    office.consents.iter().filter(|consent| consent.asked == AskedAt::Form)
}
