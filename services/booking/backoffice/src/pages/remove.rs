//! Removing a reservation: first whom it affects and why, then a preview of the consequences, then the removal. The
//! note is sent in forms and never in an address.

use super::reservation::{ReservationContext, about, seen};
use super::{address, framed, refusal};
use crate::BackOffice;
use crate::{REASONS, Right};
use axum::extract::State;
use axum::response::Response;
use okienko_day::State as Became;
use okienko_day::{Contact, Subject};
use okienko_frame::see;
use okienko_web::components::{Field, FieldKind, Tone, definitions, field, hidden_fields, notice};
use okienko_web::{Form, Markup, Path, Problem, Staff, Words, html};
use serde::Deserialize;
use std::sync::Arc;

/// The form fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    note: String,
    /// `yes` once the consequences were shown.
    #[serde(default)]
    sure: String,
}

/// Shows whom it affects, and asks for a reason. Changes nothing.
pub async fn ask(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    Path(id): Path<String>,
    words: Words,
) -> Result<Response, Problem> {
    let work = async {
        let seen = seen(&backoffice, &claims, &id, Right::Change).await?;
        if seen.found.reservation.state != Became::Confirmed {
            return Ok(see(&address(&id)));
        }
        Ok(choose(&words, &seen, &id, None))
    };
    backoffice.noted(&claims, ("reservation.read", &id), work).await
}

fn choose(words: &Words, seen: &ReservationContext, id: &str, problem: Option<&Problem>) -> Response {
    let title = title(words, seen);
    let (reason, note) = (words.t("removal-reason-label"), words.t("removal-note-label"));
    let (reason_hint, note_hint) = (words.t("removal-reason-hint"), words.t("removal-note-hint"));
    let reasons = REASONS.iter().map(|code| ((*code).to_owned(), words.t(&format!("removal-{code}"))));
    let reasons = FieldKind::Choice(reasons.collect());
    let body = html! {
        h1 { (title) }
        @if let Some(problem) = problem { (refusal(words, problem)) }
        (whom(words, seen))
        form method="post" action={ (address(id)) "/remove" } {
            (field(words, &Field { hint: Some(&reason_hint), ..Field::new("reason", &reason, reasons) }))
            (field(words, &Field { hint: Some(&note_hint), required: false, ..Field::new("note", &note, FieldKind::Text) }))
            div .actions {
                button .button type="submit" { (words.t("removal-next")) }
                a .button.secondary href=(address(id)) { (words.t("removal-no")) }
            }
        }
    };
    framed(problem, words, (&seen.by, &seen.known.office), &title, body)
}

fn title(words: &Words, seen: &ReservationContext) -> String {
    let number = seen.found.reservation.confirmed.number.clone();
    words.ta("removal-title", &[("number", number.into())])
}

fn whom(words: &Words, seen: &ReservationContext) -> Markup {
    html! {
        h2 { (words.t("removal-whom")) }
        (definitions(&about(words, &seen.known.office, &seen.found)))
    }
}

/// Shows the consequences; with `sure`, removes the reservation.
pub async fn remove(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    Path(id): Path<String>,
    words: Words,
    Form(wish): Form<Wish>,
) -> Result<Response, Problem> {
    if wish.sure != "yes" {
        let work = async {
            let seen = seen(&backoffice, &claims, &id, Right::Change).await?;
            if !REASONS.contains(&wish.reason.as_str()) {
                let problem = Problem::invalid("reason", "removal-reason");
                return Ok(choose(&words, &seen, &id, Some(&problem)));
            }
            Ok(will(&words, &seen, &id, &wish))
        };
        return backoffice.noted(&claims, ("reservation.read", &id), work).await;
    }
    let work = async {
        let seen = seen(&backoffice, &claims, &id, Right::Change).await?;
        let why = (wish.reason.as_str(), wish.note.as_str());
        backoffice.remove(&claims, &seen.known, &seen.found.reservation, why, None).await
    };
    match backoffice.noted(&claims, ("reservation.remove", &id), work).await {
        Ok(_) => Ok(see(&address(&id))),
        Err(problem) => {
            let now = seen(&backoffice, &claims, &id, Right::Change).await?;
            Ok(choose(&words, &now, &id, Some(&problem)))
        }
    }
}

fn will(words: &Words, seen: &ReservationContext, id: &str, wish: &Wish) -> Response {
    let title = title(words, seen);
    let subject = seen.found.subject.as_ref();
    let reason = words.t(&format!("removal-{}", wish.reason));
    let to = |key: &str, to: &str| {
        words.ta(key, &[("to", to.to_owned().into()), ("reason", reason.clone().into())])
    };
    let phone = subject.and_then(|subject| match &subject.contact {
        Some(Contact::Phone(phone)) => Some(phone.as_str()),
        _ => None,
    });
    let told = match (subject.and_then(Subject::mail), phone) {
        (Some(mail), _) => to("removal-will-mail", mail),
        (None, Some(phone)) => to("removal-will-sms", phone),
        (None, None) => words.t("removal-will-nothing"),
    };
    let hidden = [("reason", wish.reason.as_str()), ("note", wish.note.as_str()), ("sure", "yes")];
    let body = html! {
        h1 { (title) }
        (whom(words, seen))
        h2 { (words.t("removal-will")) }
        ul { li { (words.t("removal-will-free")) } li { (told) } }
        (notice(Tone::Warn, html! { p { (words.t("removal-no-undo")) } }))
        form method="post" action={ (address(id)) "/remove" } {
            (hidden_fields(&hidden))
            div .actions {
                button .button.danger type="submit" { (words.t("removal-yes")) }
                a .button.secondary href=(address(id)) { (words.t("removal-no")) }
            }
        }
    };
    framed(None, words, (&seen.by, &seen.known.office), &title, body)
}
