//! Reception as a page: looking up who is behind a code, letting a booked visitor in, turning one away. Forms only; no
//! script is needed. Nothing typed or found ever appears in an address.

use super::{look, refused, said, way_out};
use crate::http::answer::TicketAnswer;
use crate::http::door::Here;
use crate::http::reception::{FoundReservation, REASONS, RECEPTION, Refusal};
use crate::service::Queue;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use okienko_hall::StateName;
use okienko_web::components::{
    Field, FieldKind, Tone, Weight, button_form, definitions, error_summary, field, hidden_fields, notice,
};
use okienko_web::{Form, Kind, Markup, Page, Problem, Staff, Words, html};
use serde::Deserialize;
use std::sync::Arc;

/// A code posted by a form, with a reason if one is needed.
#[derive(Deserialize)]
pub struct ReceptionForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    reason: String,
}

/// The code entry.
pub async fn entry(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    words: Words,
) -> Result<Markup, Problem> {
    let here = queue.here(&claims, RECEPTION)?;
    Ok(page(&words, &here, None, html! {}))
}

/// Shows who is behind a code.
pub async fn find(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    words: Words,
    Form(typed): Form<ReceptionForm>,
) -> Result<Response, Problem> {
    let here = queue.here(&claims, RECEPTION)?;
    let found = match queue.open_here(&claims, RECEPTION).await {
        Ok(here) => queue.find(&here, &typed.code).await,
        Err(problem) => Err(problem),
    };
    Ok(match found {
        Ok(found) => person(&words, &here, None, &found, &typed.code).into_response(),
        Err(problem) => refused(&problem, page(&words, &here, Some(&problem), html! {})),
    })
}

/// Lets in the visitor with a code.
pub async fn admit(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    words: Words,
    Form(typed): Form<ReceptionForm>,
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

/// Turns away the visitor with a code; without a reason the person is shown again.
pub async fn refuse(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    words: Words,
    Form(typed): Form<ReceptionForm>,
) -> Result<Response, Problem> {
    let here = queue.here(&claims, RECEPTION)?;
    let asked = Refusal { code: typed.code, reason: typed.reason };
    let turned = match queue.open_here(&claims, RECEPTION).await {
        Ok(here) if asked.reason.is_empty() => {
            let found = queue.find(&here, &asked.code).await?;
            let fault = Problem::invalid("reason", "reception-reason-unknown");
            return Ok(refused(&fault, person(&words, &here, Some(&fault), &found, &asked.code)));
        }
        Ok(here) => queue.turn_away(&here, &asked, None).await,
        Err(problem) => Err(problem),
    };
    let done = notice(Tone::Good, html! { p role="status" { (words.t("reception-refused")) } });
    Ok(match turned {
        Ok(_) => page(&words, &here, None, done).into_response(),
        Err(problem) => refused(&problem, page(&words, &here, Some(&problem), html! {})),
    })
}

fn frame(words: &Words, here: &Here, body: Markup) -> Markup {
    let office = look(here);
    let title = words.t("reception-title");
    Page::new(words, &title).kind(Kind::Office).office(&office).aside(way_out(words)).render(body)
}

/// The code entry, focused, below the result of the last one.
fn page(words: &Words, here: &Here, problem: Option<&Problem>, result: Markup) -> Markup {
    let body = html! {
        h1 { (words.t("reception-title")) }
        (result)
        @if let Some(problem) = problem {
            (notice(Tone::Warn, html! { p #code-error role="alert" data-fault="" { (said(problem, words)) } }))
        }
        form method="post" action="/reception" {
            div .field .has-error[problem.is_some()] {
                label for="f-code" { (words.t("reception-code")) }
                input .input-mid #f-code name="code" type="text" inputmode="numeric" autocomplete="off" autofocus
                    maxlength="32" spellcheck="false" aria-describedby=[problem.map(|_| "code-error")];
            }
            button .button type="submit" { (words.t("search")) }
        }
    };
    frame(words, here, body)
}

/// The person found, with what may be done.
fn person(
    words: &Words,
    here: &Here,
    fault: Option<&Problem>,
    found: &FoundReservation,
    code: &str,
) -> Markup {
    let body = html! {
        h1 { (words.t("reception-title")) }
        @if let Some(text) = fault.and_then(|problem| problem.fields(words).remove("reason")) {
            (error_summary(words, &[("reason", &text)]))
        }
        @match &found.name {
            Some(name) => p .reception-name role="status" { (name) },
            None => p .lead role="status" { (words.t("reception-no-name")) },
        }
        (definitions(&about(words, found)))
        @if let Some(from) = &found.from {
            // Takes the time out of RFC 3339, in the office's zone.
            @let time = from.get(11..16).unwrap_or_default();
            (notice(Tone::Warn, html! { p { (words.ta("reception-from", &[("time", time.into())])) } }))
        }
        @if found.may("admit") {
            (button_form("/reception/admit", &words.t("reception-let-in"), &[("code", code)], Weight::Primary))
        }
        @if found.may("refuse") { (refusal(words, fault, code)) }
        div .actions { a .button.secondary href="/reception" { (words.t("reception-next")) } }
    };
    frame(words, here, body)
}

fn about(words: &Words, found: &FoundReservation) -> Vec<(String, Markup)> {
    let row = |key: &str, value: &str| (words.t(key), html! { (value) });
    // Let in before the hour: enters the queue at the hour.
    let is_in = found.checked_in && matches!(found.state, StateName::Expected);
    let state = words.t(&format!("reception-state-{}", if is_in { "in" } else { found.state_name() }));
    let mut rows = vec![
        row("reception-service", &found.service_name),
        row("reception-booked", found.booked.as_deref().unwrap_or_default()),
        row("reception-state", &state),
    ];
    let more = [
        ("reception-number", found.reservation_number.as_deref()),
        ("reception-children", found.children.as_deref()),
        ("reception-ticket", Some(found.number.as_str())),
    ];
    for (key, value) in more {
        rows.extend(value.filter(|value| !value.is_empty()).map(|value| row(key, value)));
    }
    rows
}

fn refusal(words: &Words, fault: Option<&Problem>, code: &str) -> Markup {
    let reasons = REASONS
        .iter()
        .map(|(word, _)| ((*word).to_owned(), words.t(&format!("reception-reason-{word}"))))
        .collect();
    let label = words.t("reception-why");
    let error = fault.and_then(|problem| problem.fields(words).remove("reason"));
    let why = Field { error: error.as_deref(), ..Field::new("reason", &label, FieldKind::Choice(reasons)) };
    html! {
        section .reception-refusal {
            h2 { (words.t("reception-refuse-title")) }
            form method="post" action="/reception/refuse" {
                (hidden_fields(&[("code", code)]))
                (field(words, &why))
                button .button.danger type="submit" { (words.t("reception-refuse")) }
            }
        }
    }
}

fn ticket(words: &Words, answer: &TicketAnswer) -> Markup {
    let number = answer.ticket.number.as_str();
    let text = words.ta("reception-admitted", &[("ticket", number.into())]);
    notice(
        Tone::Good,
        html! { p role="status" { (text) } p { a href=(answer.ticket.url) { (words.t("reception-ticket-phone")) } } },
    )
}
