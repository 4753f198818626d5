//! The step "proof", first half: to which phone (or mail address, if the service accepts it) the code goes.

use super::hold::{RunningHold, changed, opened};
use crate::citizen::CodeRequest;
use crate::service::Booking;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use okienko_address::{parse_email, parse_mobile, served};
use okienko_day::{Contact, Subject};
use okienko_frame::{document_as, form_key, plain_key, remark, see, step_line};
use okienko_kernel::base32;
use okienko_office::{Proof, Step};
use okienko_web::components::{
    Field, FieldKind, Tone, back_link, error_summary, field, hidden_fields, notice,
};
use okienko_web::{ClientAddr, Code, Form, Markup, Path, Problem, Query, Words, html};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Query parameters of the page.
#[derive(Deserialize, Default)]
pub struct PhoneQuery {
    /// `email` to use a mail address.
    by: Option<String>,
}

/// The form fields.
#[derive(Deserialize, Default)]
pub struct PhoneForm {
    phone: Option<String>,
    email: Option<String>,
    /// The page's form key, see [`okienko_frame::form_key`].
    key: Option<String>,
}

/// Asks for the phone.
pub async fn page(
    State(booking): State<Arc<Booking>>,
    Path((office, hold)): Path<(String, String)>,
    Query(asked): Query<PhoneQuery>,
    headers: HeaderMap,
    words: Words,
) -> Result<Response, Problem> {
    let held = match opened(&booking, &words, (&office, &hold), &headers).await? {
        Ok(held) => held,
        Err(answer) => return Ok(answer),
    };
    let Some(subject) = booking.subject(&held.state).await? else { return Ok(see(&held.path)) };
    let typed = match subject.contact.clone() {
        Some(Contact::Phone(phone)) => PhoneForm { phone: Some(phone), ..PhoneForm::default() },
        Some(Contact::Email(email)) => PhoneForm { email: Some(email), ..PhoneForm::default() },
        None => PhoneForm::default(),
    };
    let channel = channel(held.service()?.proof.as_slice(), asked.by.as_deref() == Some("email"));
    let read = read_otherwise(&words, &subject.typed, &subject.fields);
    show(&booking, &words, &held, channel, (&typed, read), None)
}

/// Answers that were read with other letters than typed, so that an error is noticed before the visit.
fn read_otherwise(
    words: &Words,
    typed: &BTreeMap<String, String>,
    plain: &BTreeMap<String, String>,
) -> Option<Markup> {
    let read = typed.keys().find_map(|id| plain.get(id))?;
    let says = words.ta("document-read", &[("document", read.as_str().into())]);
    Some(notice(Tone::Plain, html! { p { (says) } }))
}

/// Sends the code and leads to where it is entered; or asks again, with the error.
pub async fn send(
    State(booking): State<Arc<Booking>>,
    Path((office, hold)): Path<(String, String)>,
    client: ClientAddr,
    headers: HeaderMap,
    words: Words,
    Form(typed): Form<PhoneForm>,
) -> Result<Response, Problem> {
    let held = match changed(&booking, &words, (&office, &hold), &headers).await? {
        Ok(held) => held,
        Err(answer) => return Ok(answer),
    };
    let channel = channel(held.service()?.proof.as_slice(), typed.email.is_some());
    let address = if channel == Proof::Email { &typed.email } else { &typed.phone };
    let address = address.as_deref().unwrap_or_default().trim();
    if address.is_empty() {
        let (name, key) =
            if channel == Proof::Email { ("email", "field-email") } else { ("phone", "field-phone") };
        return show(&booking, &words, &held, channel, (&typed, None), Some(&Problem::invalid(name, key)));
    }
    let request = CodeRequest {
        phone: (channel == Proof::Sms).then_some(address),
        email: (channel == Proof::Email).then_some(address),
        locale: words.locale().tag(),
        client,
        request_key: request_key(&booking, &held, typed.key.as_deref(), address),
    };
    match booking.send_code(held.id, &held.state, request).await {
        Ok(_) => Ok(see(&format!("{}/code", held.path))),
        Err(problem) => match problem.code() {
            Code::HoldExpired | Code::Conflict => Ok(see(&held.path)),
            Code::RateLimited
                if has_code(
                    booking.subject(&held.state).await?.as_ref(),
                    address,
                    &held.state.known.office.sms_dial_codes,
                ) =>
            {
                Ok(see(&format!("{}/code?notice=wait", held.path)))
            }
            Code::Invalid if problem.fields(&words).contains_key("form") => Ok(see(&held.path)),
            _ => show(&booking, &words, &held, channel, (&typed, None), Some(&problem)),
        },
    }
}

/// Identifies a sending: the page's key with what was typed, so that another number is another sending. Hashed, because
/// keys are kept longer than people's data.
pub fn request_key(booking: &Booking, held: &RunningHold, key: Option<&str>, address: &str) -> String {
    let Some(key) = plain_key(key) else { return String::new() };
    let mac = booking.service.world.keys.mac("page", &[key.as_bytes(), address.as_bytes()]);
    format!("{}/{}", held.id, base32::encode(&mac[..12]))
}

/// Whether a code was already sent to that address.
fn has_code(subject: Option<&Subject>, address: &str, dial_codes: &[u16]) -> bool {
    let Some(subject) = subject.filter(|subject| subject.verification.is_some()) else { return false };
    match &subject.contact {
        Some(Contact::Phone(known)) => {
            parse_mobile(address, "PL", served(dial_codes)).is_ok_and(|phone| phone.as_str() == known)
        }
        Some(Contact::Email(known)) => parse_email(address).is_ok_and(|email| email.as_str() == known),
        None => false,
    }
}

/// The requested channel, if the service accepts it; otherwise the one that it accepts.
fn channel(accepted: &[Proof], by_email: bool) -> Proof {
    let email = accepted.contains(&Proof::Email) && (by_email || !accepted.contains(&Proof::Sms));
    if email { Proof::Email } else { Proof::Sms }
}

fn show(
    booking: &Booking,
    words: &Words,
    held: &RunningHold,
    channel: Proof,
    (typed, read): (&PhoneForm, Option<Markup>),
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let office = &held.state.known.office;
    let accepted = &held.service()?.proof;
    let wrong = problem.map(|problem| problem.fields(words)).unwrap_or_default();
    let (name, kind, value, keys) = match channel {
        Proof::Email => {
            ("email", FieldKind::Email, &typed.email, ["email-title", "email-label", "email-hint"])
        }
        _ => ("phone", FieldKind::Phone, &typed.phone, ["phone-title", "phone-label", "phone-hint"]),
    };
    let [title, label, hint] = keys.map(|key| words.t(key));
    let error = wrong.get(name).or_else(|| wrong.values().next());
    let asked = Field {
        value: value.as_deref().unwrap_or_default(),
        hint: Some(&hint),
        error: error.map(String::as_str),
        ..Field::new(name, &label, kind)
    };
    let action = format!("{}/phone", held.path);
    let key = form_key(&*booking.service.world.entropy);
    let body = html! {
        (back_link(words, &held.path))
        (step_line(words, office, Step::Proof))
        @if let Some(error) = error { (error_summary(words, &[(name, error)])) }
        @else if let Some(problem) = problem { (remark(words, problem)) }
        @if let Some(read) = read { (read) }
        h1 { (title) }
        p { (words.t("phone-why")) }
        form method="post" action=(action) {
            (hidden_fields(&[("key", &key)]))
            (field(words, &asked))
            div .actions { button .button type="submit" { (words.t("code-send")) } }
        }
        @if channel == Proof::Sms && accepted.contains(&Proof::Email) {
            p { a href={ (action) "?by=email" } { (words.t("by-email")) } }
        } @else if channel == Proof::Email && accepted.contains(&Proof::Sms) {
            p { a href=(action) { (words.t("by-phone")) } }
        }
        (held.line(words))
    };
    let status = problem.map_or(StatusCode::OK, |problem| problem.code().status());
    Ok(document_as(status, words, office, &title, body))
}
