//! Signing in with a password, and signing out, by forms. The page itself is shared by all services
//! (`okienko_web::sign_in`).

use crate::StaffTry;
use crate::roll::StaffRoll;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use okienko_web::sign_in::{Tried, sign_in_page, signed_in, signed_out, told_foreign};
use okienko_web::{ClientAddr, Code, Form, Problem, SignIn, Staff, Words};
use serde::Deserialize;
use std::sync::Arc;

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    // A list without a selection is not sent at all: the page then reports what is missing beside its field.
    #[serde(default)]
    office: String,
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    counter: String,
    #[serde(default)]
    to: String,
}

/// Signs in: sets a cookie and redirects to where the user wanted to go, or to the first page of the role.
pub async fn enter(
    State(roll): State<Arc<StaffRoll>>,
    known: Option<Extension<Arc<SignIn>>>,
    client: ClientAddr,
    headers: HeaderMap,
    words: Words,
    Form(entry): Form<Entry>,
) -> Response {
    let Some(Extension(known)) = known.filter(|_| !told_foreign(&headers)) else {
        return Problem::new(Code::Forbidden).into_response();
    };
    let Entry { office, login, password, counter, to } = &entry;
    let empty = [("office", office), ("login", login), ("password", password)];
    let empty: Vec<(&str, String)> = empty
        .into_iter()
        .filter(|(_, text)| text.trim().is_empty())
        .map(|(name, _)| (name, words.t(&format!("sign-in-{name}-empty"))))
        .collect();
    if !empty.is_empty() {
        let faults: Vec<(&str, &str)> = empty.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let tried = Tried { to, office, login, counter, faults: &faults, refused: None };
        return (StatusCode::UNPROCESSABLE_ENTITY, sign_in_page(&words, &known, &tried)).into_response();
    }
    match roll.sign_in(StaffTry { office, login, password, counter, client }).await {
        Ok(signed) => signed_in(&known, &signed.token, if to.is_empty() { signed.goes_to } else { to }),
        Err(problem) => {
            let faults: Vec<(String, String)> = problem.fields(&words).into_iter().collect();
            let refused = match problem.code() {
                // The detail with the waiting time needs the title that says what happened too often.
                Code::RateLimited => format!("{}. {}", problem.title(&words), problem.detail(&words)),
                _ => problem.detail(&words),
            };
            let refused = Some(refused.as_str()).filter(|_| faults.is_empty());
            let faults: Vec<_> = faults.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
            let tried = Tried { to, office, login, counter, faults: &faults, refused };
            (problem.code().status(), sign_in_page(&words, &known, &tried)).into_response()
        }
    }
}

/// Signs out: the token is no longer accepted, wherever it is presented.
pub async fn leave(State(roll): State<Arc<StaffRoll>>, headers: HeaderMap, staff: Option<Staff>) -> Response {
    if told_foreign(&headers) {
        return Problem::new(Code::Forbidden).into_response();
    }
    match staff {
        Some(Staff(claims)) => match roll.sign_out(&claims).await {
            Ok(()) => signed_out(roll.is_https),
            Err(problem) => problem.into_response(),
        },
        None => signed_out(roll.is_https),
    }
}
