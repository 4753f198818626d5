//! Pages of the ticket machine, reception and the desk.

pub mod check_in;
pub mod desk;
mod desk_body;
pub mod kiosk;
mod kiosk_body;
pub mod reception;
pub mod scan;
mod verify;

use super::door::Here;
use axum::response::{IntoResponse, Response};
use okienko_web::{Markup, OfficeLook, Problem, Script, Words, html};

static DESK_JS: Script = Script::new("desk.js", include_str!("../../../assets/desk.js"));
static KIOSK_JS: Script = Script::new("kiosk.js", include_str!("../../../assets/kiosk.js"));
/// The scripts of these pages.
pub static SCRIPTS: [&Script; 2] = [&DESK_JS, &KIOSK_JS];

fn look(here: &Here) -> OfficeLook {
    OfficeLook {
        name: here.office.name.clone(),
        href: format!("/{}", here.office.id),
        ..OfficeLook::default()
    }
}

/// Sign-out at the right of the header: people share these workplaces.
fn way_out(words: &Words) -> Markup {
    html! {
        nav .office-nav {
            ul { li { form method="post" action="/sign-out" { button type="submit" { (words.t("sign-out-button")) } } } }
        }
    }
}

/// A page that explains a refusal, with the refusal's status.
fn refused(problem: &Problem, page: Markup) -> Response {
    (problem.code().status(), page).into_response()
}

/// What happened and what to do, in two sentences.
fn said(problem: &Problem, words: &Words) -> String {
    format!("{}. {}", problem.title(words), problem.detail(words))
}
