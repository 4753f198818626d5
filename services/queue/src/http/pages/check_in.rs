//! How a booked visitor checks in at the ticket machine: the service, if the office asks for it, the code, the ticket;
//! and what to do when it is too early, too late or another service. Contains no rule.

use super::kiosk::{HOME, LIST_AT_MOST, categories, frame, groups, here_all, in_address, said};
use super::kiosk_body::{Frame, kiosk_choices, kiosk_keypad};
use super::refused;
use crate::http::answer::TicketAnswer;
use crate::http::door::Here;
use crate::http::kiosk::KIOSK;
use crate::http::scan::{CODE_DIGITS, is_code};
use crate::service::Queue;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use okienko_hall::ServiceData;
use okienko_web::components::hidden_fields;
use okienko_web::{Code, Form, Markup, Problem, Query, Staff, Words, html};
use serde::Deserialize;
use std::sync::Arc;

const PATH: &str = "/kiosk/code";

/// The choices made before the code.
#[derive(Deserialize)]
pub struct CheckInQuery {
    category: Option<String>,
    service: Option<String>,
}

impl CheckInQuery {
    /// The chosen service, if this location has it.
    fn service<'a>(&self, here: &'a Here) -> Option<&'a ServiceData> {
        let id = self.service.as_deref()?;
        here_all(here).find(|service| service.id == id)
    }
}

/// The choice of the service, if the office asks for it first; then the entry of a code, always empty.
pub async fn code(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    words: Words,
    Query(chosen): Query<CheckInQuery>,
) -> Result<Response, Problem> {
    let here = queue.here(&claims, KIOSK)?;
    if let Err(problem) = queue.open_here(&claims, KIOSK).await {
        return Ok(said(&words, &here, &problem, false));
    }
    let asks = here.rules().is_some_and(|rules| rules.check_in_asks_service);
    let service = chosen.service(&here);
    Ok(match (asks, service) {
        (true, None) => choices(&words, &here, &chosen).into_response(),
        (_, service) => keypad(&words, &here, service, None).into_response(),
    })
}

/// A code posted by a form.
#[derive(Deserialize)]
pub struct CheckInForm {
    #[serde(default)]
    code: String,
}

/// Checks in and leads to the ticket; a code that is not accepted leads back to an empty entry. A code for another
/// service can be used for that service at once.
pub async fn check_in(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    words: Words,
    Query(chosen): Query<CheckInQuery>,
    Form(typed): Form<CheckInForm>,
) -> Result<Response, Problem> {
    let here = queue.here(&claims, KIOSK)?;
    let service = chosen.service(&here);
    let checked = match queue.open_here(&claims, KIOSK).await {
        Ok(here) => queue.arrive(&here, &[&typed.code], service.map(|it| it.id.clone()), None).await,
        Err(problem) => Err(problem),
    };
    Ok(told(&words, &here, service, &typed.code, checked, false))
}

/// The result of an arrival: the ticket, or the entry again with what was wrong. `code` is what was typed or scanned;
/// `scanned` means that nobody typed it.
pub(super) fn told(
    words: &Words,
    here: &Here,
    service: Option<&ServiceData>,
    code: &str,
    arrived: Result<TicketAnswer, Problem>,
    scanned: bool,
) -> Response {
    let problem = match arrived {
        Ok(answer) => return Redirect::to(&format!("/kiosk/ticket/{}", answer.ticket.token)).into_response(),
        Err(problem) => problem,
    };
    if let Some(right) = problem.extra("service").and_then(|id| id.as_str()) {
        return refused(&problem, another(words, here, &problem, right, code));
    }
    let day = problem.extra("date").and_then(|day| day.as_str()).and_then(|day| day.parse().ok());
    let why = match (problem.code(), day) {
        (_, Some(day)) => words.ta("kiosk-scan-day", &[("date", words.date(day).into())]),
        (Code::Invalid, _) if !scanned => words.n("kiosk-code-short", CODE_DIGITS),
        (Code::Unknown | Code::Invalid, _) if scanned && !is_code(code) => words.t("kiosk-scan-foreign"),
        // An unknown code is explained in one sentence.
        (Code::Unknown, _) => problem.detail(words),
        (Code::TooEarly, _) => format!("{} {}", super::said(&problem, words), words.t("kiosk-early-hint")),
        _ => super::said(&problem, words),
    };
    refused(&problem, keypad(words, here, service, Some(&why)))
}

fn choices(words: &Words, here: &Here, chosen: &CheckInQuery) -> Markup {
    let all: Vec<&ServiceData> = here_all(here).collect();
    let categories = categories(&all);
    let grouped = chosen.category.is_none() && all.len() > LIST_AT_MOST && categories.len() > 1;
    let of_category = |service: &&&ServiceData| {
        chosen.category.as_ref().is_none_or(|category| service.category == *category)
    };
    let one = |service: &&ServiceData| {
        let href = format!("{PATH}?service={}", in_address(&service.id));
        (href, service.name.clone(), String::new())
    };
    let listed = if grouped {
        groups(words, PATH, &all, &categories)
    } else {
        all.iter().filter(of_category).map(one).collect()
    };
    let back = if chosen.category.is_some() { PATH } else { HOME };
    let body = html! {
        h1 { (words.t("kiosk-booked-service")) }
        (kiosk_choices(&listed, false))
    };
    frame(words, here, Frame { back: Some(back), ..Frame::default() }, body)
}

fn keypad(words: &Words, here: &Here, service: Option<&ServiceData>, error: Option<&str>) -> Markup {
    let action = service.map_or(PATH.to_owned(), |it| format!("{PATH}?service={}", in_address(&it.id)));
    let back = if service.is_some() { PATH } else { HOME };
    let body = html! {
        @if let Some(service) = service { p .lead { (service.name) } }
        (kiosk_keypad(words, &action, CODE_DIGITS, error))
    };
    frame(words, here, Frame { back: Some(back), ..Frame::default() }, body)
}

/// The code is for another service: says which, with one button to continue with it. The typed code stays on this page
/// only, which clears itself like the others.
fn another(words: &Words, here: &Here, problem: &Problem, right: &str, code: &str) -> Markup {
    let name = crate::offices::service_name(&here.office, right);
    let body = html! {
        h1 { (problem.title(words)) }
        p .kiosk-message role="alert" data-fault="" { (words.ta("kiosk-right-service", &[("service", name.into())])) }
        form method="post" action={ (PATH) "?service=" (in_address(right)) } {
            (hidden_fields(&[("code", code)]))
            button .kiosk-choice.first type="submit" { (words.t("kiosk-right-service-take")) }
        }
    };
    frame(words, here, Frame { back: Some(PATH), ..Frame::default() }, body)
}
