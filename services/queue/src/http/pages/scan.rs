//! Whatever a scanner reads at the ticket machine, on any of its pages: a code, the address of a visit, a ticket.
//! Contains no rule; the text is interpreted elsewhere.

use super::check_in;
use super::kiosk::{HOME, here_all};
use crate::http::kiosk::KIOSK;
use crate::service::Queue;
use axum::extract::State;
use axum::response::{Redirect, Response};
use okienko_web::{Form, Problem, Staff, Words};
use serde::Deserialize;
use std::sync::Arc;

/// A scan as the browser read it.
#[derive(Deserialize)]
pub struct Scan {
    /// The text from the characters produced.
    #[serde(default)]
    scanned: String,
    /// The text from the physical keys pressed.
    #[serde(default)]
    typed: String,
    /// The service chosen before, if any.
    #[serde(default)]
    service: String,
}

/// Leads to the ticket, or says why there is none.
pub async fn scan(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    words: Words,
    Form(scan): Form<Scan>,
) -> Result<Response, Problem> {
    let here = queue.here(&claims, KIOSK)?;
    let service = here_all(&here).find(|it| it.id == scan.service);
    let arrived = match queue.open_here(&claims, KIOSK).await {
        Ok(here) => {
            let texts = [scan.scanned.as_str(), scan.typed.as_str()];
            queue.arrive(&here, &texts, service.map(|it| it.id.clone()), None).await
        }
        Err(problem) => Err(problem),
    };
    Ok(check_in::told(&words, &here, service, &scan.scanned, arrived, true))
}

/// Somebody comes back to the address of a scan: redirects to the first screen.
pub async fn again() -> Redirect {
    Redirect::to(HOME)
}
