//! How a booked visitor checks in at the ticket machine: the service, where the office asks for it, the code, the ticket;
//! and what to do when it is too early, too late or another service. Knows no rule.

use super::kiosk::{HOME, LIST_AT_MOST, categories, frame, groups, here_all, in_address, said};
use super::refused;
use crate::domain::ServiceData;
use crate::http::door::Here;
use crate::http::kiosk::KIOSK;
use crate::service::Queue;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use okienko_web::components::{back_link, hidden_fields};
use okienko_web::kiosk::{kiosk_choices, kiosk_keypad};
use okienko_web::{Code, Form, Markup, Problem, Query, Staff, Words, html};
use serde::Deserialize;
use std::sync::Arc;

/// Digits of a check-in code.
const CODE_DIGITS: u8 = 8;
const PATH: &str = "/kiosk/code";

/// What was chosen before the code.
#[derive(Deserialize)]
pub struct Chosen {
    category: Option<String>,
    service: Option<String>,
}

impl Chosen {
    /// The chosen service, where there is such a one here.
    fn service<'a>(&self, here: &'a Here) -> Option<&'a ServiceData> {
        let id = self.service.as_deref()?;
        here_all(here).find(|service| service.id == id)
    }
}

/// The choice of the service, where the office asks for it first; then the entry of a code, always empty.
pub async fn code(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    words: Words,
    Query(chosen): Query<Chosen>,
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

/// A code by a form.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    code: String,
}

/// Checks in and leads to the ticket; a code that does not do leads back to an empty entry. The code of another service
/// can be used at once for that one.
pub async fn check_in(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    words: Words,
    Query(chosen): Query<Chosen>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let here = queue.here(&claims, KIOSK)?;
    let service = chosen.service(&here);
    let checked = match queue.open_here(&claims, KIOSK).await {
        Ok(here) => queue.check_in(&here, &typed.code, service.map(|it| it.id.clone()), None).await,
        Err(problem) => Err(problem),
    };
    let problem = match checked {
        Ok(answer) => {
            return Ok(Redirect::to(&format!("/kiosk/ticket/{}", answer.ticket.token)).into_response());
        }
        Err(problem) => problem,
    };
    if let Some(right) = problem.extra("service").and_then(|id| id.as_str()) {
        return Ok(refused(&problem, another(&words, &here, &problem, right, &typed.code)));
    }
    let why = match problem.code() {
        Code::Invalid => words.n("kiosk-code-short", CODE_DIGITS),
        Code::TooEarly => format!("{} {}", super::said(&problem, &words), words.t("kiosk-early-hint")),
        _ => super::said(&problem, &words),
    };
    Ok(refused(&problem, keypad(&words, &here, service, Some(&why))))
}

fn choices(words: &Words, here: &Here, chosen: &Chosen) -> Markup {
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
        (back_link(words, back))
        h1 { (words.t("kiosk-booked-service")) }
        (kiosk_choices(&listed, false))
    };
    frame(words, here, None, body)
}

fn keypad(words: &Words, here: &Here, service: Option<&ServiceData>, error: Option<&str>) -> Markup {
    let action = service.map_or(PATH.to_owned(), |it| format!("{PATH}?service={}", in_address(&it.id)));
    let back = if service.is_some() { PATH } else { HOME };
    let body = html! {
        (back_link(words, back))
        @if let Some(service) = service { p .lead { (service.name) } }
        (kiosk_keypad(words, &action, CODE_DIGITS, error))
    };
    frame(words, here, None, body)
}

/// The code is another service's: which, and one button to go on with it. The typed code stays on this page alone, which
/// clears itself like the others.
fn another(words: &Words, here: &Here, problem: &Problem, right: &str, code: &str) -> Markup {
    let name = crate::offices::service_name(&here.office, right);
    let body = html! {
        (back_link(words, PATH))
        h1 { (problem.title(words)) }
        p .kiosk-message role="alert" data-fault="" { (words.ta("kiosk-right-service", &[("service", name.into())])) }
        form method="post" action={ (PATH) "?service=" (in_address(right)) } {
            (hidden_fields(&[("code", code)]))
            button .kiosk-choice.first type="submit" { (words.t("kiosk-right-service-take")) }
        }
    };
    frame(words, here, None, body)
}
