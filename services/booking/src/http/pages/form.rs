//! The step "who are you?": the office's form with its consents. Errors are shown at the field and on top; what was
//! typed is kept with the hold, complete or not. With no questions and the account as the proof, its button confirms.

use super::confirm;
use super::hold::{RunningHold, changed, opened};
use super::questions::{CONSENT, Fault, VERSION, agree, ask, asked, consent_fault, fault};
use crate::service::Booking;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use okienko_frame::{document_as, see, step_line};
use okienko_office::Step;
use okienko_office::form::Answer;
use okienko_web::components::error_summary;
use okienko_web::{ClientAddr, Code, Form, Path, Problem, Words, html};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Answers by the names of the page's fields.
pub type Answers = BTreeMap<String, String>;

/// The form, with the answers saved or typed before.
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
    let mut answers: Answers = saved.fields.into_iter().chain(agreed).collect();
    // The draft is newer than the saved form: saving the form deletes the draft.
    answers.extend(booking.draft(held.id).await);
    show(&words, &held, &answers, None)
}

/// Saves the form and leads on; or shows it again with the errors, and keeps what was typed.
pub async fn save(
    State(booking): State<Arc<Booking>>,
    Path((office, hold)): Path<(String, String)>,
    client: ClientAddr,
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
    match booking.save_form(held.id, &held.state, &fields, consents, (words.locale().tag(), client)).await {
        Ok(()) => {
            booking.drop_draft(held.id, &held.state).await;
            // With the account as the proof, nothing is left to prove.
            let next = if booking.proved_by_account(&held.state) { "confirm" } else { "phone" };
            Ok(see(&format!("{}/{next}", held.path)))
        }
        Err(problem) if matches!(problem.code(), Code::Invalid | Code::RateLimited) => {
            // If saving the draft fails, the answers are still on the page.
            let _ = booking.save_draft(held.id, &held.state, &answers).await;
            show(&words, &held, &answers, Some(&problem))
        }
        Err(problem) if ended(&problem) => {
            // The hold just ended, and its own page says so; or the form was saved in another window, and this one's
            // answers are shown again.
            let _ = booking.save_draft(held.id, &held.state, &answers).await;
            Ok(see(&held.path))
        }
        Err(problem) => Err(problem),
    }
}

/// Saves a draft; sent by the page itself when it is left.
pub async fn draft(
    State(booking): State<Arc<Booking>>,
    Path((office, hold)): Path<(String, String)>,
    headers: HeaderMap,
    words: Words,
    Form(answers): Form<Answers>,
) -> Result<Response, Problem> {
    match changed(&booking, &words, (&office, &hold), &headers).await? {
        Ok(held) => booking.save_draft(held.id, &held.state, &answers).await?,
        Err(answer) => return Ok(answer),
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Opening the draft's address with GET leads to its form.
pub async fn to_form(Path((office, hold)): Path<(String, String)>) -> Response {
    see(&format!("/{office}/book/hold/{hold}"))
}

fn ended(problem: &Problem) -> bool {
    matches!(problem.code(), Code::HoldExpired | Code::Conflict)
}

fn show(
    words: &Words,
    held: &RunningHold,
    answers: &Answers,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let (office, service) = (&held.state.known.office, held.service()?);
    let questions = office.form_of(service);
    let no_keys = BTreeMap::new();
    let keys = problem.map_or(&no_keys, Problem::field_keys);
    // In the order of the page, so that the first link leads to the first error.
    let of_fields = questions.iter().map(|q| {
        let fault = keys.get(&q.id).map(|key| fault(words, q, key));
        (q.id.clone(), fault)
    });
    let of_consents = asked(office).map(|consent| {
        let fault = keys.get(&consent.id).map(|key| consent_fault(words, consent, key));
        (format!("{CONSENT}{}", consent.id), fault)
    });
    let wrong: Vec<(String, Fault)> =
        of_fields.chain(of_consents).filter_map(|(name, fault)| Some((name, fault?))).collect();
    let faults: Vec<(&str, &str)> =
        wrong.iter().map(|(name, fault)| (name.as_str(), fault.on_top.as_str())).collect();
    let error = |name: &str| wrong.iter().find(|(of, _)| of == name).map(|(_, fault)| &fault.at_field);
    let title = words.t(if questions.is_empty() { "form-empty-title" } else { "form-title" });
    // With nothing to fill in either, this is the last page: its button books the visit.
    let last = questions.is_empty() && confirm::by_account(service) && asked(office).next().is_none();
    let action = if last { format!("{}/confirm", held.path) } else { held.path.clone() };
    let draft = (!last).then(|| format!("{}/draft", held.path));
    let body = html! {
        (step_line(words, office, Step::Form))
        @if !faults.is_empty() { (error_summary(words, &faults)) }
        @else if let Some(problem) = problem { (okienko_frame::remark(words, problem)) }
        h1 { (title) }
        (held.about(words))
        @if last { (confirm::before(words, office, service, &held.come(words))) }
        form method="post" action=(action) data-draft=[draft] {
            @for question in &questions {
                (ask(words, question, &questions, answers, error(&question.id)))
            }
            @for consent in asked(office) {
                (agree(words, consent, answers, error(&format!("{CONSENT}{}", consent.id))))
            }
            div .actions {
                button .button type="submit" {
                    @if last { (confirm::button(words, office)) } @else { (words.t("next")) }
                }
            }
        }
        (held.give_back(words))
        (held.line(words))
    };
    let status = problem.map_or(StatusCode::OK, |problem| problem.code().status());
    Ok(document_as(status, words, office, &title, body))
}
