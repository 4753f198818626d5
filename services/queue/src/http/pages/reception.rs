//! Reception as a page: who is behind a code, and letting a booked visitor in. Forms alone; no script is needed.

use super::{look, refused, said};
use crate::http::answer::TicketAnswer;
use crate::http::door::Here;
use crate::http::reception::{FoundReservation, RECEPTION};
use crate::service::Queue;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use okienko_web::components::{Field, FieldKind, Tone, Weight, button_form, definitions, field, notice};
use okienko_web::{Form, Kind, Markup, Page, Problem, Staff, Words, html};
use serde::Deserialize;
use std::sync::Arc;

/// A code by a form.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    code: String,
}

/// The entry of a code.
pub async fn entry(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    words: Words,
) -> Result<Markup, Problem> {
    let here = queue.here(&claims, RECEPTION)?;
    Ok(page(&words, &here, None, html! {}))
}

/// Who is behind a code.
pub async fn find(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    words: Words,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let here = queue.here(&claims, RECEPTION)?;
    let found = match queue.open_here(&claims, RECEPTION).await {
        Ok(here) => queue.find(&here, &typed.code).await,
        Err(problem) => Err(problem),
    };
    Ok(match found {
        Ok(found) => page(&words, &here, None, reservation(&words, &found, &typed.code)).into_response(),
        Err(problem) => refused(&problem, page(&words, &here, Some(&problem), html! {})),
    })
}

/// Lets the visitor with a code in.
pub async fn admit(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    words: Words,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let here = queue.here(&claims, RECEPTION)?;
    let admitted = match queue.open_here(&claims, RECEPTION).await {
        Ok(here) => queue.let_in(&here, &typed.code, None).await,
        Err(problem) => Err(problem),
    };
    Ok(match admitted {
        Ok(answer) => page(&words, &here, None, ticket(&words, &answer)).into_response(),
        Err(problem) => refused(&problem, page(&words, &here, Some(&problem), html! {})),
    })
}

fn page(words: &Words, here: &Here, problem: Option<&Problem>, result: Markup) -> Markup {
    let office = look(here);
    let title = words.t("reception-title");
    let label = words.t("reception-code");
    let error = problem.map(|problem| said(problem, words));
    let code = Field { error: error.as_deref(), ..Field::new("code", &label, FieldKind::Number) };
    let body = html! {
        h1 { (title) }
        (result)
        form method="post" action="/reception" {
            (field(words, &code))
            button .button type="submit" { (words.t("search")) }
        }
    };
    Page::new(words, &title).kind(Kind::Office).office(&office).render(body)
}

fn reservation(words: &Words, found: &FoundReservation, code: &str) -> Markup {
    let row = |key: &str, value: &str| (words.t(key), html! { (value) });
    let state = words.t(&format!("reception-state-{}", found.state_name()));
    let booked = found.booked.as_deref().unwrap_or_default();
    let mut rows = vec![
        row("reception-service", &found.service_name),
        row("reception-booked", booked),
        row("reception-state", &state),
    ];
    if !found.number.is_empty() {
        rows.insert(0, row("ticket-number-caption", &found.number));
    }
    html! {
        (definitions(&rows))
        @if !found.checked_in {
            (button_form("/reception/admit", &words.t("reception-admit"), &[("code", code)], Weight::Secondary))
        }
    }
}

fn ticket(words: &Words, answer: &TicketAnswer) -> Markup {
    let number = answer.ticket.number.as_str();
    let text = words.ta("reception-admitted", &[("ticket", number.into())]);
    notice(Tone::Good, html! { p role="status" { (text) } p { a href=(answer.ticket.url) { (number) } } })
}
