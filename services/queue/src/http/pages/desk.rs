//! The clerk's desk as a page: forms that work on their own, and better with `desk.js`.

use super::desk_body::{self as body, QueueShown};
use super::{DESK_JS, look, refused, said, way_out};
use crate::http::answer::{DeskAnswer, DeskTicket};
use crate::http::desk::{Act, ActBody, DESK};
use crate::http::door::Here;
use crate::service::Queue;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use okienko_web::components::{Tone, notice};
use okienko_web::{Form, IdempotencyKey, Kind, Markup, Page, Path, Problem, Staff, Words, html};
use std::sync::Arc;

/// The desk of the signed-in clerk.
pub async fn desk(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    words: Words,
) -> Result<Response, Problem> {
    let here = queue.here(&claims, DESK)?;
    let counter = claims.counter()?;
    let open = match queue.open_here(&claims, DESK).await {
        Ok(here) => queue.counter(&here, counter).await,
        Err(problem) => Err(problem),
    };
    Ok(match open {
        Ok(answer) => page(&words, &here, &answer, None).into_response(),
        Err(problem) => refused(&problem, closed(&words, &here, counter, &problem)),
    })
}

/// An act posted by a form; then shows the desk again, with any refusal at the top.
pub async fn act(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    words: Words,
    Path(act): Path<Act>,
    Form(body): Form<ActBody>,
) -> Result<Response, Problem> {
    let here = queue.here(&claims, DESK)?;
    let counter = claims.counter()?;
    let told = match queue.perform(&claims, act, &body, &IdempotencyKey::default()).await {
        Ok(Some(_)) => return Ok(Redirect::to("/desk").into_response()),
        Ok(None) => None,
        Err(problem) => Some(problem),
    };
    let text = told.as_ref().map_or_else(|| words.t("desk-none"), |problem| said(problem, &words));
    Ok(match (queue.counter(&here, counter).await, told) {
        (Ok(answer), None) => page(&words, &here, &answer, Some(&text)).into_response(),
        (Ok(answer), Some(problem)) => refused(&problem, page(&words, &here, &answer, Some(&text))),
        (Err(_), Some(problem)) | (Err(problem), None) => {
            refused(&problem, closed(&words, &here, counter, &problem))
        }
    })
}

fn page(words: &Words, here: &Here, answer: &DeskAnswer, remark: Option<&str>) -> Markup {
    let place = &here.hall.location;
    let services = here.office.services.iter().filter(|service| service.locations.contains(place));
    let parked = answer.absent.iter().filter(|ticket| ticket.parked);
    let absent = answer.absent.iter().filter(|ticket| !ticket.parked);
    let desk = body::Desk {
        counter: &answer.counter,
        state: answer.state.name(),
        zone: here.office.zone.name(),
        clerk: here.clerk(),
        current: answer.current.as_ref().map(|ticket| shown(words, ticket)),
        compare: answer.current.as_ref().is_some_and(|ticket| ticket.verify == Some("needed")),
        waiting: answer.waiting.iter().map(|ticket| shown(words, ticket)).collect(),
        waiting_total: answer.waiting_total,
        absent: absent.map(|ticket| shown(words, ticket)).collect(),
        parked: parked.map(|ticket| shown(words, ticket)).collect(),
        others: answer.others.clone(),
        services: services.map(|service| (service.id.clone(), service.name.clone())).collect(),
        action: "/desk/do",
        visitor: if here.rules().is_some_and(|rules| rules.verify) {
            super::verify::section(words, answer)
        } else {
            html! {}
        },
    };
    frame(
        words,
        here,
        &answer.counter,
        html! {
            @if let Some(remark) = remark { (notice(Tone::Warn, html! { p role="alert" { (remark) } })) }
            (body::desk(words, &desk))
        },
    )
}

fn closed(words: &Words, here: &Here, counter: &str, problem: &Problem) -> Markup {
    frame(
        words,
        here,
        counter,
        html! {
            h1 { (words.ta("desk-title", &[("n", counter.into())])) }
            (notice(Tone::Warn, html! { p role="alert" data-fault="" { (problem.detail(words)) } }))
            p { a .button href="/desk" { (words.t("queue-again")) } }
        },
    )
}

fn frame(words: &Words, here: &Here, counter: &str, body: Markup) -> Markup {
    let office = look(here);
    let title = words.ta("desk-title", &[("n", counter.into())]);
    Page::new(words, &title)
        .kind(Kind::Desk)
        .office(&office)
        .aside(way_out(words))
        .script(&DESK_JS)
        .render(body)
}

fn shown(words: &Words, ticket: &DeskTicket) -> QueueShown {
    let mut about = vec![ticket.service_name.clone()];
    about.extend(
        ticket.booked.as_ref().map(|time| words.ta("desk-booked", &[("time", time.as_str().into())])),
    );
    if ticket.attempt > 1 {
        about.push(words.n("desk-calls", ticket.attempt));
    }
    let wait = ticket.waited_min.map_or(String::new(), |minutes| words.n("desk-waits", minutes));
    let since = ticket.since.as_ref().map_or(String::new(), |time| {
        let minutes = ticket.since_min.unwrap_or_default();
        words.ta("desk-since-min", &[("time", time.as_str().into()), ("n", minutes.into())])
    });
    QueueShown { ticket: ticket.ticket.clone(), about: about.join(" · "), wait, late: ticket.late, since }
}
