//! Registration, and asking for a new password. Both end with "look into your mail", whatever the address. No password
//! is asked for here: whoever opens the mail sets it there.

use super::{email_field, email_label, must_be_ours, summary};
use crate::{Accounts, NewAccount};
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use okienko_frame::{document, document_as, form_key, plain_key, remark, see};
use okienko_office::{AskedAt, Consent, Office};
use okienko_web::components::{Field, FieldKind, back_link, field, hidden_fields};
use okienko_web::{
    ClientAddr, Code, Disclosure, Form, IdempotencyKey, Markup, Path, Problem, Query, Words, html,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Prefix of the field names of consents.
const CONSENT: &str = "consent-";
/// Prefix of the field names of consents' versions, as the page showed them.
const VERSION: &str = "version-";

type Answers = BTreeMap<String, String>;

/// Query parameters of the page.
#[derive(Deserialize, Default)]
pub struct NoticeQuery {
    /// `sent` once the mail is on its way.
    notice: Option<String>,
}

/// The registration form.
pub async fn page(
    State(accounts): State<Arc<Accounts>>,
    Path(office): Path<String>,
    Query(asked): Query<NoticeQuery>,
    words: Words,
) -> Result<Response, Problem> {
    let known = accounts.office(&office)?;
    if asked.notice.as_deref() == Some("sent") {
        return Ok(sent(&words, &known.office, ["account-new-sent-title", "account-new-sent"]));
    }
    Ok(show(&accounts, &words, &known.office, &Answers::new(), None))
}

/// Submits the registration.
pub async fn register(
    State(accounts): State<Arc<Accounts>>,
    Path(office): Path<String>,
    client: ClientAddr,
    headers: HeaderMap,
    words: Words,
    Form(answers): Form<Answers>,
) -> Result<Response, Problem> {
    must_be_ours(&headers)?;
    let known = accounts.office(&office)?;
    let text = |name: &str| answers.get(name).map(String::as_str).unwrap_or_default();
    let given = answers.keys().filter_map(|name| name.strip_prefix(CONSENT));
    let consents = given.map(|id| (id.to_owned(), text(&format!("{VERSION}{id}")).to_owned())).collect();
    let new = NewAccount {
        email: text("email"),
        password: None,
        consents,
        locale: words.locale().tag(),
        client,
        request_key: IdempotencyKey::typed(plain_key(answers.get("key").map(String::as_str)))
            .of_stranger(|| accounts.gate.network_id(client), Disclosure::Nothing),
    };
    match accounts.register(&known, new).await {
        Ok(()) => Ok(see(&format!("/{office}/account/new?notice=sent"))),
        Err(problem) => Ok(show(&accounts, &words, &known.office, &answers, Some(&problem))),
    }
}

fn show(
    accounts: &Accounts,
    words: &Words,
    office: &Office,
    answers: &Answers,
    problem: Option<&Problem>,
) -> Response {
    let wrong = problem.map(|problem| problem.fields(words)).unwrap_or_default();
    // Consents are fields with names of their own on the page.
    let named = |(name, text): (&String, &String)| {
        let consent = office.consents.iter().any(|consent| consent.id == *name);
        (if consent { format!("{CONSENT}{name}") } else { name.clone() }, text.clone())
    };
    let on_page: BTreeMap<String, String> = wrong.iter().map(named).collect();
    let consents: Vec<&Consent> = asked(office).collect();
    let of_consents: Vec<(String, String)> = consents
        .iter()
        .map(|it| (format!("{CONSENT}{}", it.id), it.label.in_locale(words.locale().tag()).to_owned()))
        .collect();
    let of_consents = of_consents.iter().map(|(name, label)| (name.as_str(), label.clone()));
    let fields: Vec<(&str, String)> = [email_label(words)].into_iter().chain(of_consents).collect();
    let title = words.t("account-new-title");
    let home = format!("/{}/account", office.id);
    let key = form_key(&*accounts.service.world.entropy);
    let body = html! {
        (back_link(words, &home))
        @match problem {
            Some(problem) if problem.code() != Code::Invalid => (remark(words, problem)),
            _ => (summary(words, &on_page, &fields)),
        }
        h1 { (title) }
        p { (words.t("account-new-what")) }
        form method="post" action={ (home) "/new" } {
            (hidden_fields(&[("key", &key)]))
            (email_field(words, answers.get("email").map(String::as_str).unwrap_or_default(), &wrong))
            @for consent in consents { (agree(words, consent, answers, &on_page)) }
            div .actions { button .button type="submit" { (words.t("account-create")) } }
        }
    };
    let status = problem.map_or(StatusCode::OK, |problem| problem.code().status());
    document_as(status, words, office, &title, body)
}

fn agree(words: &Words, consent: &Consent, answers: &Answers, wrong: &BTreeMap<String, String>) -> Markup {
    let name = format!("{CONSENT}{}", consent.id);
    let asked = Field {
        value: answers.get(&name).map(String::as_str).unwrap_or_default(),
        error: wrong.get(&name).map(String::as_str),
        required: consent.required,
        ..Field::new(&name, consent.label.in_locale(words.locale().tag()), FieldKind::Bool)
    };
    html! {
        div .consent {
            input type="hidden" name={ (VERSION) (consent.id) } value=(consent.version);
            (field(words, &asked))
            p { a href=(consent.url) target="_blank" rel="noopener" { (words.t("consent-read")) } }
        }
    }
}

/// The consents asked for with an account.
fn asked(office: &Office) -> impl Iterator<Item = &Consent> {
    office.consents.iter().filter(|consent| consent.asked == AskedAt::Account)
}

/// The form fields.
#[derive(Deserialize, Default)]
pub struct ForgottenPasswordForm {
    #[serde(default)]
    email: String,
}

/// The form that asks for a new password.
pub async fn reset_page(
    State(accounts): State<Arc<Accounts>>,
    Path(office): Path<String>,
    Query(asked): Query<NoticeQuery>,
    words: Words,
) -> Result<Response, Problem> {
    let known = accounts.office(&office)?;
    if asked.notice.as_deref() == Some("sent") {
        return Ok(sent(&words, &known.office, ["account-reset-sent-title", "account-reset-sent"]));
    }
    Ok(reset_form(&words, &known.office, "", None))
}

/// Submits the request for a new password.
pub async fn reset(
    State(accounts): State<Arc<Accounts>>,
    Path(office): Path<String>,
    client: ClientAddr,
    headers: HeaderMap,
    words: Words,
    Form(typed): Form<ForgottenPasswordForm>,
) -> Result<Response, Problem> {
    must_be_ours(&headers)?;
    let known = accounts.office(&office)?;
    match accounts.forgot(&known, (&typed.email, words.locale().tag()), client).await {
        Ok(()) => Ok(see(&format!("/{office}/account/reset?notice=sent"))),
        Err(problem) => Ok(reset_form(&words, &known.office, &typed.email, Some(&problem))),
    }
}

fn reset_form(words: &Words, office: &Office, email: &str, problem: Option<&Problem>) -> Response {
    let wrong = problem.map(|problem| problem.fields(words)).unwrap_or_default();
    let title = words.t("account-reset-title");
    let home = format!("/{}/account", office.id);
    let body = html! {
        (back_link(words, &home))
        @match problem {
            Some(problem) if problem.code() != Code::Invalid => (remark(words, problem)),
            _ => (summary(words, &wrong, &[email_label(words)])),
        }
        h1 { (title) }
        p { (words.t("account-reset-what")) }
        form method="post" action={ (home) "/reset" } {
            (email_field(words, email, &wrong))
            div .actions { button .button type="submit" { (words.t("account-reset-send")) } }
        }
    };
    let status = problem.map_or(StatusCode::OK, |problem| problem.code().status());
    document_as(status, words, office, &title, body)
}

/// "Look into your mail", the same for every address.
fn sent(words: &Words, office: &Office, [title, what]: [&str; 2]) -> Response {
    let title = words.t(title);
    let body = html! {
        h1 { (title) }
        p .lead { (words.t(what)) }
        p { (words.t("account-mail-missing")) }
        p { a href={ "/" (office.id) "/account" } { (words.t("account-to-sign-in")) } }
    };
    document(words, office, &title, body)
}
