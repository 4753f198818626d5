//! The owner's pages: signing in, visits, signing out, changing the address, deleting the account.

use super::{
    email_field, email_label, must_be_ours, password_field, password_label, remember_way, remembered_way,
    signed_in, summary, way_back, with_session,
};
use crate::{Accounts, OwnVisit};
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use okienko_frame::{document_as, remark, see};
use okienko_kernel::Id;
use okienko_office::{LoadedOffice, Office};
use okienko_web::components::{Tone, Weight, back_link, button_form, error_summary, hidden_fields, notice};
use okienko_web::{ClientAddr, Code, Form, Markup, Path, Problem, Query, Words, html};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Query parameters of the page.
#[derive(Deserialize, Default)]
pub struct AccountQuery {
    /// Where to go after signing in.
    to: Option<String>,
    /// The notice to show.
    notice: Option<String>,
}

/// The form fields.
#[derive(Deserialize, Default)]
pub struct CredentialsForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    to: Option<String>,
}

/// The owner's visits, or the sign-in form.
pub async fn page(
    State(accounts): State<Arc<Accounts>>,
    Path(office): Path<String>,
    Query(asked): Query<AccountQuery>,
    headers: HeaderMap,
    words: Words,
) -> Result<Response, Problem> {
    let known = accounts.office(&office)?;
    match signed_in(&accounts, &known, &headers).await? {
        Some(_) if way_back(&office, asked.to.as_deref()).is_some() => Ok(see(&asked.to.unwrap_or_default())),
        Some(account) => own(&accounts, &known, &words, account, asked.notice.as_deref()).await,
        None => {
            let to = asked.to.or_else(|| remembered_way(&office, &headers).map(str::to_owned));
            let typed = CredentialsForm { to, ..CredentialsForm::default() };
            let mut response = door(&words, &known.office, &typed, asked.notice.as_deref(), None);
            if let Some(way) = way_back(&office, typed.to.as_deref()) {
                remember_way(&accounts, &office, Some(way), &mut response);
            }
            Ok(response)
        }
    }
}

/// Signs in and redirects to where the user wanted to go.
pub async fn sign_in(
    State(accounts): State<Arc<Accounts>>,
    Path(office): Path<String>,
    client: ClientAddr,
    headers: HeaderMap,
    words: Words,
    Form(typed): Form<CredentialsForm>,
) -> Result<Response, Problem> {
    must_be_ours(&headers)?;
    let known = accounts.office(&office)?;
    match accounts.sign_in(&known, (&typed.email, &typed.password), client).await {
        Ok(entered) => {
            let home = format!("/{office}/account");
            let to = way_back(&office, typed.to.as_deref()).unwrap_or(&home);
            let mut response = with_session(&accounts, &known.office, &entered.session, to);
            remember_way(&accounts, &office, None, &mut response);
            Ok(response)
        }
        Err(problem) => Ok(door(&words, &known.office, &typed, None, Some(&problem))),
    }
}

/// The sign-in form.
fn door(
    words: &Words,
    office: &Office,
    typed: &CredentialsForm,
    told: Option<&str>,
    problem: Option<&Problem>,
) -> Response {
    let title = words.t("account-sign-in-title");
    let wrong = problem.map(|problem| problem.fields(words)).unwrap_or_default();
    let way = way_back(&office.id, typed.to.as_deref());
    let body = html! {
        @match problem {
            // The problem's own title, "no access", would be misleading here. Which of the two is wrong is not
            // revealed.
            Some(problem) if problem.code() == Code::Forbidden => {
                (error_summary(words, &[("email", problem.detail(words).as_str())]))
            }
            Some(problem) if problem.code() != Code::Invalid => (remark(words, problem)),
            _ => (summary(words, &wrong, &[email_label(words), password_label(words, false)])),
        }
        h1 { (title) }
        @if way.is_some() { p .lead { (words.t("account-needed")) } }
        (happened(words, told))
        form method="post" action={ "/" (office.id) "/account" } {
            @if let Some(way) = way { (hidden_fields(&[("to", way)])) }
            (email_field(words, &typed.email, &wrong))
            (password_field(words, false, &wrong))
            div .actions { button .button type="submit" { (words.t("account-sign-in")) } }
        }
        p { a href={ "/" (office.id) "/account/reset" } { (words.t("account-forgot")) } }
        h2 { (words.t("account-none-yet")) }
        p { a .button.secondary href={ "/" (office.id) "/account/new" } { (words.t("account-create")) } }
    };
    let status = problem.map_or(StatusCode::OK, |problem| problem.code().status());
    document_as(status, words, office, &title, body)
}

/// The notice about what just happened, as given in the page's address.
fn happened(words: &Words, what: Option<&str>) -> Markup {
    let key = match what {
        Some("active") => "account-is-active",
        Some("password") => "account-password-is-set",
        Some("asked") => "account-address-is-asked",
        Some("address") => "account-address-is-changed",
        Some("out") => "account-signed-out",
        Some("deleted") => "account-is-deleted",
        _ => return html! {},
    };
    notice(Tone::Good, html! { p { (words.t(key)) } })
}

async fn own(
    accounts: &Accounts,
    known: &LoadedOffice,
    words: &Words,
    account: Id,
    told: Option<&str>,
) -> Result<Response, Problem> {
    let office = &known.office;
    let visits = accounts.visits_of(known, account).await?;
    let mail = accounts.mail_of(account).await?.unwrap_or_default();
    let home = format!("/{}/account", office.id);
    let title = words.t("account-own-title");
    let body = html! {
        h1 { (title) }
        p .muted { (words.ta("account-signed-in-as", &[("email", mail.into())])) }
        (happened(words, told))
        h2 { (words.t("account-visits")) }
        @if visits.is_empty() { p { (words.t("account-no-visits")) } }
        ul .rows { @for visit in &visits { li { (row(words, office, visit)) } } }
        p { a .button href={ "/" (office.id) "/book" } { (words.t("office-book")) } }
        h2 { (words.t("account-manage")) }
        ul {
            li { a href={ (home) "/address" } { (words.t("account-address-link")) } }
            li { a href={ (home) "/reset" } { (words.t("account-password-link")) } }
            li { a href={ (home) "/delete" } { (words.t("account-delete-link")) } }
        }
        (button_form(&format!("{home}/sign-out"), &words.t("account-sign-out"), &[], Weight::Secondary))
        p .muted { (words.t("account-sign-out-hint")) }
    };
    Ok(document_as(StatusCode::OK, words, office, &title, body))
}

fn row(words: &Words, office: &Office, visit: &OwnVisit) -> Markup {
    let service = office.service(&visit.service);
    let name = service.map(|service| service.name.in_locale(words.locale().tag())).unwrap_or_default();
    let state = words.t(&format!("visit-title-{}", visit.state));
    html! {
        p {
            a href=(visit.path) { strong { (words.date_time(visit.day, visit.time)) } } br;
            (name) br;
            span .muted { (state) }
            @if visit.is_ahead {
                " · " a href={ (visit.path) "/cancel" } { (words.t("visit-cancel")) }
            }
        }
    }
}

/// Ends all sessions.
pub async fn sign_out(
    State(accounts): State<Arc<Accounts>>,
    Path(office): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    must_be_ours(&headers)?;
    let known = accounts.office(&office)?;
    if let Some(account) = signed_in(&accounts, &known, &headers).await? {
        accounts.sign_out(&known, account).await?;
    }
    Ok(with_session(&accounts, &known.office, "", &format!("/{office}/account?notice=out")))
}

/// The form that requests another address; changes nothing.
pub async fn address_page(
    State(accounts): State<Arc<Accounts>>,
    Path(office): Path<String>,
    headers: HeaderMap,
    words: Words,
) -> Result<Response, Problem> {
    let known = accounts.office(&office)?;
    match signed_in(&accounts, &known, &headers).await? {
        Some(_) => Ok(address_form(&words, &known.office, &CredentialsForm::default(), None)),
        None => Ok(see(&format!("/{office}/account"))),
    }
}

/// Submits the request for another address.
pub async fn ask_address(
    State(accounts): State<Arc<Accounts>>,
    Path(office): Path<String>,
    client: ClientAddr,
    headers: HeaderMap,
    words: Words,
    Form(typed): Form<CredentialsForm>,
) -> Result<Response, Problem> {
    must_be_ours(&headers)?;
    let known = accounts.office(&office)?;
    let Some(account) = signed_in(&accounts, &known, &headers).await? else {
        return Ok(see(&format!("/{office}/account")));
    };
    let asked = (typed.email.as_str(), typed.password.as_str(), words.locale().tag());
    match accounts.ask_address(&known, account, asked, client).await {
        Ok(()) => Ok(see(&format!("/{office}/account?notice=asked"))),
        Err(problem) => Ok(address_form(&words, &known.office, &typed, Some(&problem))),
    }
}

fn address_form(
    words: &Words,
    office: &Office,
    typed: &CredentialsForm,
    problem: Option<&Problem>,
) -> Response {
    let wrong = problem.map(|problem| problem.fields(words)).unwrap_or_default();
    let fields = html! {
        p { (words.t("account-address-what")) }
        (email_field(words, &typed.email, &wrong))
        (password_field(words, false, &wrong))
    };
    let keys = ["account-address-title", "account-address-send"];
    form(words, office, ("address", keys, "button"), fields, (problem, &wrong))
}

/// Asks for confirmation before deleting the account; changes nothing.
pub async fn delete_page(
    State(accounts): State<Arc<Accounts>>,
    Path(office): Path<String>,
    headers: HeaderMap,
    words: Words,
) -> Result<Response, Problem> {
    let known = accounts.office(&office)?;
    match signed_in(&accounts, &known, &headers).await? {
        Some(_) => Ok(delete_form(&words, &known.office, None)),
        None => Ok(see(&format!("/{office}/account"))),
    }
}

/// Deletes the account.
pub async fn delete(
    State(accounts): State<Arc<Accounts>>,
    Path(office): Path<String>,
    client: ClientAddr,
    headers: HeaderMap,
    words: Words,
    Form(typed): Form<CredentialsForm>,
) -> Result<Response, Problem> {
    must_be_ours(&headers)?;
    let known = accounts.office(&office)?;
    let Some(account) = signed_in(&accounts, &known, &headers).await? else {
        return Ok(see(&format!("/{office}/account")));
    };
    match accounts.delete_account(&known, account, &typed.password, client).await {
        Ok(()) => {
            Ok(with_session(&accounts, &known.office, "", &format!("/{office}/account?notice=deleted")))
        }
        Err(problem) => Ok(delete_form(&words, &known.office, Some(&problem))),
    }
}

fn delete_form(words: &Words, office: &Office, problem: Option<&Problem>) -> Response {
    let wrong = problem.map(|problem| problem.fields(words)).unwrap_or_default();
    let fields = html! {
        p { (words.t("account-delete-what")) }
        (password_field(words, false, &wrong))
    };
    let keys = ["account-delete-title", "account-delete-yes"];
    form(words, office, ("delete", keys, "button danger"), fields, (problem, &wrong))
}

/// An account page with one form: the last part of its address, its title and button, and the style of the button.
fn form(
    words: &Words,
    office: &Office,
    (action, [title, button], class): (&str, [&str; 2], &str),
    fields: Markup,
    (problem, wrong): (Option<&Problem>, &BTreeMap<String, String>),
) -> Response {
    let home = format!("/{}/account", office.id);
    let title = words.t(title);
    let body = html! {
        (back_link(words, &home))
        @match problem {
            Some(problem) if problem.code() != Code::Invalid => (remark(words, problem)),
            _ => (summary(words, wrong, &[email_label(words), password_label(words, false)])),
        }
        h1 { (title) }
        form method="post" action={ (home) "/" (action) } {
            (fields)
            div .actions { button class=(class) type="submit" { (words.t(button)) } }
        }
    };
    let status = problem.map_or(StatusCode::OK, |problem| problem.code().status());
    document_as(status, words, office, &title, body)
}
