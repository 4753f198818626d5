//! The pages of display: halls, counters, e-tickets. Each shows the current state without a script and updates live
//! with one. Knows boards only through `view`.

mod hall;
mod hall_body;
mod notify;
mod ticket;
mod ticket_body;

pub use hall::{counter, hall};
pub use notify::notify;
pub use ticket::{leave, ticket};

use crate::offices::Place;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use okienko_web::{Code, Markup, OfficeLook, Problem, Script, html};

static HALL_JS: Script = Script::new("hall.js", include_str!("../../assets/hall.js"));
static TICKET_JS: Script = Script::new("ticket.js", include_str!("../../assets/ticket.js"));
/// The scripts of these pages.
pub static SCRIPTS: [&Script; 2] = [&HALL_JS, &TICKET_JS];

/// The office's branding of a page.
fn look(place: &Place) -> OfficeLook {
    let href = format!("/{}", place.office.id);
    OfficeLook { name: place.office.name.clone(), href, ..OfficeLook::default() }
}

/// Without a script the page reloads itself.
fn comes_again() -> Markup {
    html! { noscript { meta http-equiv="refresh" content="10"; } }
}

/// A refusal as a page. While a service is down it reloads itself: nobody is at a hall's screen to reload it.
fn refused(problem: Problem) -> Response {
    let wait = problem.code() == Code::Unavailable;
    let mut response = problem.into_response();
    if wait {
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("5"));
    }
    response
}
