//! What the links of mails open: a page with a button, which alone does something. A link that is over says so and
//! shows the way to a new one.

use super::super::{document_as, remark, see};
use super::{accounts_of, must_be_ours, password_field, password_label, summary, with_session};
use crate::accounts::Purpose;
use crate::domain::office::Office;
use crate::service::Booking;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use okienko_web::components::{Weight, button_form};
use okienko_web::{ClientAddr, Code, Form, Markup, Path, Problem, Words, html};
use serde::Deserialize;
use std::sync::Arc;

/// Whether a link of this kind still does something; if not, the page that says so.
async fn opened(
    booking: &Booking,
    words: &Words,
    (office, token): (&str, &str),
    purpose: Purpose,
) -> Result<Option<Response>, Problem> {
    let known = accounts_of(booking, office)?;
    let counts = booking.link_counts(&known, purpose, token).await?;
    Ok((!counts).then(|| over(words, &known.office, purpose, None)))
}

/// The page of a link that is over, or of what kept it from its work.
fn over(words: &Words, office: &Office, purpose: Purpose, problem: Option<&Problem>) -> Response {
    let home = format!("/{}/account", office.id);
    let (way, key) = match purpose {
        Purpose::Activation => (format!("{home}/new"), "account-create"),
        Purpose::Reset => (format!("{home}/reset"), "account-reset-send"),
        Purpose::Address => (format!("{home}/address"), "account-address-link"),
    };
    let title = words.t("account-link-title");
    let body = html! {
        h1 { (title) }
        @match problem {
            Some(problem) if !matches!(problem.code(), Code::CodeExpired | Code::Unknown) => (remark(words, problem)),
            _ => p .lead { (words.t("account-link-over")) },
        }
        @if purpose == Purpose::Activation { p { (words.t("account-link-maybe-active")) } }
        p { a .button href=(home) { (words.t("account-to-sign-in")) } }
        p { a href=(way) { (words.t(key)) } }
    };
    let status = problem.map_or(StatusCode::GONE, |problem| problem.code().status());
    document_as(status, words, office, &title, body)
}

/// A page with one button that posts to its own address.
fn button(words: &Words, office: &Office, [title, what, says]: [&str; 3], action: &str) -> Response {
    let title = words.t(title);
    let body = html! {
        h1 { (title) }
        p .lead { (words.t(what)) }
        (button_form(action, &words.t(says), &[], Weight::Primary))
    };
    document_as(StatusCode::OK, words, office, &title, body)
}

/// Shows the button that makes an account alive.
pub async fn activate_page(
    State(booking): State<Arc<Booking>>,
    Path((office, token)): Path<(String, String)>,
    words: Words,
) -> Result<Response, Problem> {
    if let Some(over) = opened(&booking, &words, (&office, &token), Purpose::Activation).await? {
        return Ok(over);
    }
    let known = accounts_of(&booking, &office)?;
    let keys = ["account-activate-title", "account-activate-what", "account-activate-yes"];
    Ok(button(&words, &known.office, keys, &format!("/{office}/account/activate/{token}")))
}

/// Makes an account alive.
pub async fn activate(
    State(booking): State<Arc<Booking>>,
    Path((office, token)): Path<(String, String)>,
    headers: HeaderMap,
    words: Words,
) -> Result<Response, Problem> {
    must_be_ours(&headers)?;
    let known = accounts_of(&booking, &office)?;
    match booking.activate(&known, &token).await {
        Ok(()) => Ok(see(&format!("/{office}/account?notice=active"))),
        Err(problem) => Ok(over(&words, &known.office, Purpose::Activation, Some(&problem))),
    }
}

/// Shows the button that takes a new address.
pub async fn address_page(
    State(booking): State<Arc<Booking>>,
    Path((office, token)): Path<(String, String)>,
    words: Words,
) -> Result<Response, Problem> {
    if let Some(over) = opened(&booking, &words, (&office, &token), Purpose::Address).await? {
        return Ok(over);
    }
    let known = accounts_of(&booking, &office)?;
    let keys = ["account-change-title", "account-change-what", "account-change-yes"];
    Ok(button(&words, &known.office, keys, &format!("/{office}/account/address/{token}")))
}

/// Takes the new address.
pub async fn address(
    State(booking): State<Arc<Booking>>,
    Path((office, token)): Path<(String, String)>,
    headers: HeaderMap,
    words: Words,
) -> Result<Response, Problem> {
    must_be_ours(&headers)?;
    let known = accounts_of(&booking, &office)?;
    match booking.confirm_address(&known, &token).await {
        Ok(()) => Ok(see(&format!("/{office}/account?notice=address"))),
        Err(problem) => Ok(over(&words, &known.office, Purpose::Address, Some(&problem))),
    }
}

/// Asks for the new password.
pub async fn password_page(
    State(booking): State<Arc<Booking>>,
    Path((office, token)): Path<(String, String)>,
    words: Words,
) -> Result<Response, Problem> {
    if let Some(over) = opened(&booking, &words, (&office, &token), Purpose::Reset).await? {
        return Ok(over);
    }
    let known = accounts_of(&booking, &office)?;
    Ok(password_form(&words, &known.office, &token, None))
}

/// What was typed.
#[derive(Deserialize, Default)]
pub struct Typed {
    #[serde(default)]
    password: String,
}

/// Sets the new password.
pub async fn password(
    State(booking): State<Arc<Booking>>,
    Path((office, token)): Path<(String, String)>,
    client: ClientAddr,
    headers: HeaderMap,
    words: Words,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    must_be_ours(&headers)?;
    let known = accounts_of(&booking, &office)?;
    match booking.set_password(&known, &token, &typed.password, client).await {
        Ok(()) => {
            Ok(with_session(&booking, &known.office, "", &format!("/{office}/account?notice=password")))
        }
        Err(problem) if matches!(problem.code(), Code::CodeExpired | Code::Unknown) => {
            Ok(over(&words, &known.office, Purpose::Reset, Some(&problem)))
        }
        Err(problem) => Ok(password_form(&words, &known.office, &token, Some(&problem))),
    }
}

fn password_form(words: &Words, office: &Office, token: &str, problem: Option<&Problem>) -> Response {
    let wrong = problem.map(|problem| problem.fields(words)).unwrap_or_default();
    let title = words.t("account-password-title");
    let fault: Markup = match problem {
        Some(problem) if problem.code() != Code::Invalid => remark(words, problem),
        _ => summary(words, &wrong, &[password_label(words, true)]),
    };
    let body = html! {
        (fault)
        h1 { (title) }
        p { (words.t("account-password-what")) }
        form method="post" action={ "/" (office.id) "/account/reset/" (token) } {
            (password_field(words, true, &wrong))
            div .actions { button .button type="submit" { (words.t("account-password-save")) } }
        }
    };
    let status = problem.map_or(StatusCode::OK, |problem| problem.code().status());
    document_as(status, words, office, &title, body)
}
