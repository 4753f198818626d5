//! The page on which a holder answers the office's questions before the visit. Opened from a mail; viewing it changes
//! nothing, and given answers are not shown again.

use crate::BackOffice;
use crate::{AnswerState, HolderQuestions};
use axum::extract::State;
use axum::response::Response;
use okienko_frame::{document, document_as, remark, see};
use okienko_office::form::FieldType;
use okienko_web::components::{Field, FieldKind, Tone, definitions, error_summary, field, notice};
use okienko_web::{ClientAddr, Code, Form, Path, Problem, Words, html};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The questions.
pub async fn page(
    State(backoffice): State<Arc<BackOffice>>,
    Path((office, token)): Path<(String, String)>,
    words: Words,
) -> Result<Response, Problem> {
    let asked = behind(&backoffice, &office, &token).await?;
    Ok(show(&words, &asked, &BTreeMap::new(), None))
}

/// Saves the answers.
pub async fn save(
    State(backoffice): State<Arc<BackOffice>>,
    Path((office, token)): Path<(String, String)>,
    words: Words,
    client: ClientAddr,
    Form(answers): Form<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let asked = behind(&backoffice, &office, &token).await?;
    match backoffice.answer(&asked, &answers, client).await {
        Ok(()) => Ok(see(&format!("/{office}/answer/{token}"))),
        Err(problem) => Ok(show(&words, &asked, &answers, Some(&problem))),
    }
}

async fn behind(backoffice: &BackOffice, office: &str, token: &str) -> Result<HolderQuestions, Problem> {
    let asked = backoffice.asked(token).await?;
    if asked.known.office.id == office { Ok(asked) } else { Err(Problem::new(Code::Unknown)) }
}

fn show(
    words: &Words,
    asked: &HolderQuestions,
    typed: &BTreeMap<String, String>,
    problem: Option<&Problem>,
) -> Response {
    let (office, confirmed) = (&asked.known.office, &asked.reservation.confirmed);
    let title = words.t("answer-title");
    let faults = problem.map(|problem| problem.fields(words)).unwrap_or_default();
    let summary: Vec<(&str, &str)> = faults.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    let service = office.service(&confirmed.service);
    let visit = [
        (
            words.t("visit-service"),
            html! { (service.map(|it| it.name.in_locale(words.locale().tag())).unwrap_or_default()) },
        ),
        (words.t("done-number"), html! { span .num { (confirmed.number) } }),
    ];
    let open = matches!(asked.state, AnswerState::Asked | AnswerState::Answered);
    let body = html! {
        @if !summary.is_empty() { (error_summary(words, &summary)) }
        h1 { (title) }
        p .lead { (words.date_time(confirmed.place.day, confirmed.time)) }
        (definitions(&visit))
        @if let Some(problem) = problem.filter(|_| summary.is_empty()) { (remark(words, problem)) }
        @match asked.state {
            AnswerState::Asked => {}
            AnswerState::Answered => (notice(Tone::Good, html! {
                p { strong { (words.t("answer-saved")) } }
                p { (words.t("answer-again")) }
            })),
            AnswerState::Closed => (notice(Tone::Plain, html! { p { (words.t("answer-closed")) } })),
            AnswerState::Over => (notice(Tone::Plain, html! { p { (words.t("answer-over")) } })),
        }
        @if open {
            p { (words.t("answer-why")) }
            form method="post" {
                @for (question, own) in &asked.questions {
                    @let label = own.clone().unwrap_or_else(|| words.t(&format!("inquiry-{}", question.word)));
                    @let hint = words.ta("field-example", &[("example", question.example.into())]);
                    (field(words, &Field {
                        value: typed.get(question.word).map(String::as_str).unwrap_or_default(),
                        error: faults.get(question.word).map(String::as_str),
                        hint: (!question.example.is_empty() && question.kind != FieldType::Date).then_some(hint.as_str()),
                        ..Field::new(question.word, &label, kind(question.kind))
                    }))
                }
                p { (words.t("answer-only")) }
                button .button type="submit" { (words.t("answer-send")) }
            }
        }
    };
    match problem {
        Some(problem) => document_as(problem.code().status(), words, office, &title, body),
        None => document(words, office, &title, body),
    }
}

fn kind(of: FieldType) -> FieldKind {
    match of {
        FieldType::Date => FieldKind::Date,
        FieldType::Document => FieldKind::Document,
        FieldType::Case => FieldKind::Case,
        _ => FieldKind::Text,
    }
}
