//! Asking, reading and settling questions from the page of a reservation.

use super::address;
use super::reservation::{seen, show};
use crate::BackOffice;
use crate::Right;
use crate::domain::inquiry::{OWN, QUESTIONS};
use axum::extract::State;
use axum::response::Response;
use okienko_frame::see;
use okienko_web::{Form, Path, Problem, Staff, Words};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Sends the ticked questions.
pub async fn ask(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    Path(id): Path<String>,
    words: Words,
    Form(ticked): Form<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let work = async {
        let before = seen(&backoffice, &claims, &id, Right::Change).await?;
        let own = ticked.get(OWN).map(|text| text.trim()).unwrap_or_default();
        let wanted = QUESTIONS.iter().filter(|question| match question.word {
            OWN => !own.is_empty(),
            word => ticked.get(word).is_some_and(|value| value == "true"),
        });
        let wanted = wanted.map(|question| question.word.to_owned()).collect();
        backoffice.ask_holder(&claims, &before.known, &before.found, (wanted, own), None).await
    };
    match backoffice.noted(&claims, ("questions.ask", &id), work).await {
        Ok(()) => Ok(see(&format!("{}#questions", address(&id)))),
        Err(problem) => {
            let now = seen(&backoffice, &claims, &id, Right::Change).await?;
            show(&backoffice, &claims, &words, &now, Some(&problem)).await
        }
    }
}

/// Marks the answers as read, so that they are shown from now on.
pub async fn read(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let work = async {
        let seen = seen(&backoffice, &claims, &id, Right::Change).await?;
        let reservation = seen.found.reservation.confirmed.reservation;
        seen.found.round.as_ref().ok_or(okienko_web::Code::Unknown)?;
        backoffice.read_answers(&claims, &seen.known, reservation).await
    };
    backoffice.noted(&claims, ("questions.read", &id), work).await?;
    Ok(see(&format!("{}#questions", address(&id))))
}

/// Settles the questions.
pub async fn settle(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let work = async {
        let seen = seen(&backoffice, &claims, &id, Right::Change).await?;
        let reservation = seen.found.reservation.confirmed.reservation;
        seen.found.round.as_ref().ok_or(okienko_web::Code::Unknown)?;
        backoffice.settle(&claims, &seen.known, reservation).await
    };
    backoffice.noted(&claims, ("questions.settle", &id), work).await?;
    Ok(see(&format!("{}#questions", address(&id))))
}
