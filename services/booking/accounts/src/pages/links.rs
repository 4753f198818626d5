//! The pages that links in mails open: each shows a form, and only its button does something. Each asks for a password:
//! a new one where the link sets it, the account's own where its address changes, because anybody can cause a mail to
//! anybody. A link that no longer works says so and shows how to get a new one.

use super::{must_be_ours, password_field, password_label, signed_in, summary, with_session};
use crate::{Accounts, Purpose};
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use okienko_frame::{document_as, remark, see};
use okienko_office::{LoadedOffice, Office};
use okienko_web::components::{Weight, button_form};
use okienko_web::{ClientAddr, Code, Form, Markup, Path, Problem, Words, html};
use serde::Deserialize;
use std::sync::Arc;

/// Checks that a link of this kind still works; if not, returns the page that says so.
async fn opened(
    accounts: &Accounts,
    words: &Words,
    (office, token): (&str, &str),
    purpose: Purpose,
) -> Result<Option<Response>, Problem> {
    let known = accounts.office(office)?;
    let counts = accounts.link_counts(&known, purpose, token).await?;
    Ok((!counts).then(|| over(words, &known.office, purpose, None)))
}

/// The page for a link that no longer works, or whose action failed.
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

/// A page with a password field and one button that posts to the page's own address.
struct Asks {
    /// Message keys of its title, its explanation and its button.
    keys: [&'static str; 3],
    /// Whether the password becomes the account's.
    is_new: bool,
    /// Shown above the field, after the explanation.
    more: Markup,
}

fn asks(words: &Words, office: &Office, page: Asks, action: &str, problem: Option<&Problem>) -> Response {
    let wrong = problem.map(|problem| problem.fields(words)).unwrap_or_default();
    let [title, what, says] = page.keys.map(|key| words.t(key));
    let fault: Markup = match problem {
        Some(problem) if problem.code() != Code::Invalid => remark(words, problem),
        _ => summary(words, &wrong, &[password_label(words, page.is_new)]),
    };
    let body = html! {
        (fault)
        h1 { (title) }
        p { (what) }
        (page.more)
        form method="post" action=(action) {
            (password_field(words, page.is_new, &wrong))
            div .actions { button .button type="submit" { (says) } }
        }
    };
    let status = problem.map_or(StatusCode::OK, |problem| problem.code().status());
    document_as(status, words, office, &title, body)
}

/// Whether a problem means that the link no longer works.
fn is_over(problem: &Problem) -> bool {
    matches!(problem.code(), Code::CodeExpired | Code::Unknown | Code::Conflict)
}

/// Asks for the password of the account that the link activates.
pub async fn activate_page(
    State(accounts): State<Arc<Accounts>>,
    Path((office, token)): Path<(String, String)>,
    words: Words,
) -> Result<Response, Problem> {
    if let Some(over) = opened(&accounts, &words, (&office, &token), Purpose::Activation).await? {
        return Ok(over);
    }
    let known = accounts.office(&office)?;
    activation(&accounts, &words, &known, &token, None).await
}

async fn activation(
    accounts: &Accounts,
    words: &Words,
    known: &LoadedOffice,
    token: &str,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let office = &known.office;
    let given = accounts.consents_of_link(known, token).await?;
    let given: Vec<_> = office.consents.iter().filter(|it| given.contains_key(&it.id)).collect();
    let more = html! {
        @if !given.is_empty() {
            p { (words.t("account-activate-consents")) }
            ul {
                @for consent in given {
                    li {
                        (consent.label.in_locale(words.locale().tag())) " "
                        a href=(consent.url) target="_blank" rel="noopener" { (words.t("consent-read")) }
                    }
                }
            }
        }
    };
    let keys = ["account-activate-title", "account-activate-what", "account-activate-yes"];
    let action = format!("/{}/account/activate/{token}", office.id);
    Ok(asks(words, office, Asks { keys, is_new: true, more }, &action, problem))
}

/// Activates an account.
pub async fn activate(
    State(accounts): State<Arc<Accounts>>,
    Path((office, token)): Path<(String, String)>,
    client: ClientAddr,
    headers: HeaderMap,
    words: Words,
    Form(typed): Form<PasswordForm>,
) -> Result<Response, Problem> {
    must_be_ours(&headers)?;
    let known = accounts.office(&office)?;
    match accounts.activate(&known, &token, Some(&typed.password), client).await {
        Ok(()) => Ok(see(&format!("/{office}/account?notice=active"))),
        Err(problem) if is_over(&problem) => {
            Ok(over(&words, &known.office, Purpose::Activation, Some(&problem)))
        }
        Err(problem) => activation(&accounts, &words, &known, &token, Some(&problem)).await,
    }
}

/// Asks for the password of the account whose address changes; its owner, if signed in, only has to confirm.
pub async fn address_page(
    State(accounts): State<Arc<Accounts>>,
    Path((office, token)): Path<(String, String)>,
    headers: HeaderMap,
    words: Words,
) -> Result<Response, Problem> {
    if let Some(over) = opened(&accounts, &words, (&office, &token), Purpose::Address).await? {
        return Ok(over);
    }
    let known = accounts.office(&office)?;
    if !is_owner(&accounts, &known, &headers, &token).await? {
        return Ok(new_address(&words, &known.office, &token, None));
    }
    let title = words.t("account-change-title");
    let action = format!("/{office}/account/address/{token}");
    let body = html! {
        h1 { (title) }
        p .lead { (words.t("account-change-what")) }
        (button_form(&action, &words.t("account-change-yes"), &[], Weight::Primary))
    };
    Ok(document_as(StatusCode::OK, &words, &known.office, &title, body))
}

/// Whether this browser is signed in to the account that the link belongs to.
async fn is_owner(
    accounts: &Accounts,
    known: &LoadedOffice,
    headers: &HeaderMap,
    token: &str,
) -> Result<bool, Problem> {
    let Ok(account) = accounts.moving_account(known, token) else { return Ok(false) };
    Ok(signed_in(accounts, known, headers).await? == Some(account))
}

fn new_address(words: &Words, office: &Office, token: &str, problem: Option<&Problem>) -> Response {
    let keys = ["account-change-title", "account-change-what", "account-change-yes"];
    let more = html! { p { (words.t("account-change-password")) } };
    let action = format!("/{}/account/address/{token}", office.id);
    asks(words, office, Asks { keys, is_new: false, more }, &action, problem)
}

/// Changes the address.
pub async fn address(
    State(accounts): State<Arc<Accounts>>,
    Path((office, token)): Path<(String, String)>,
    client: ClientAddr,
    headers: HeaderMap,
    words: Words,
    Form(typed): Form<PasswordForm>,
) -> Result<Response, Problem> {
    must_be_ours(&headers)?;
    let known = accounts.office(&office)?;
    let owner = is_owner(&accounts, &known, &headers, &token).await?;
    let password = (!owner).then_some(typed.password.as_str());
    match accounts.confirm_address(&known, &token, password, client).await {
        Ok(()) => Ok(see(&format!("/{office}/account?notice=address"))),
        Err(problem) if is_over(&problem) => {
            Ok(over(&words, &known.office, Purpose::Address, Some(&problem)))
        }
        Err(problem) => Ok(new_address(&words, &known.office, &token, Some(&problem))),
    }
}

/// Asks for the new password.
pub async fn password_page(
    State(accounts): State<Arc<Accounts>>,
    Path((office, token)): Path<(String, String)>,
    words: Words,
) -> Result<Response, Problem> {
    if let Some(over) = opened(&accounts, &words, (&office, &token), Purpose::Reset).await? {
        return Ok(over);
    }
    let known = accounts.office(&office)?;
    Ok(password_form(&words, &known.office, &token, None))
}

/// The form fields.
#[derive(Deserialize, Default)]
pub struct PasswordForm {
    #[serde(default)]
    password: String,
}

/// Sets the new password.
pub async fn password(
    State(accounts): State<Arc<Accounts>>,
    Path((office, token)): Path<(String, String)>,
    client: ClientAddr,
    headers: HeaderMap,
    words: Words,
    Form(typed): Form<PasswordForm>,
) -> Result<Response, Problem> {
    must_be_ours(&headers)?;
    let known = accounts.office(&office)?;
    match accounts.set_password(&known, &token, &typed.password, client).await {
        Ok(()) => {
            Ok(with_session(&accounts, &known.office, "", &format!("/{office}/account?notice=password")))
        }
        Err(problem) if is_over(&problem) => Ok(over(&words, &known.office, Purpose::Reset, Some(&problem))),
        Err(problem) => Ok(password_form(&words, &known.office, &token, Some(&problem))),
    }
}

fn password_form(words: &Words, office: &Office, token: &str, problem: Option<&Problem>) -> Response {
    let keys = ["account-password-title", "account-password-what", "account-password-save"];
    let action = format!("/{}/account/reset/{token}", office.id);
    asks(words, office, Asks { keys, is_new: true, more: html! {} }, &action, problem)
}
