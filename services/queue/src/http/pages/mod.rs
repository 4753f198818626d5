//! Pages of the ticket machine, reception and the desk.

pub mod check_in;
pub mod desk;
pub mod kiosk;
pub mod reception;
mod verify;

use super::door::Here;
use axum::response::{IntoResponse, Response};
use okienko_web::{Markup, OfficeLook, Problem, Words};

fn look(here: &Here) -> OfficeLook {
    OfficeLook {
        name: here.office.name.clone(),
        href: format!("/{}", here.office.id),
        ..OfficeLook::default()
    }
}

/// A page that says what was refused, under the refusal's status.
fn refused(problem: &Problem, page: Markup) -> Response {
    (problem.code().status(), page).into_response()
}

/// What happened and what to do, in two sentences.
fn said(problem: &Problem, words: &Words) -> String {
    format!("{}. {}", problem.title(words), problem.detail(words))
}
