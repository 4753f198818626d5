//! The step "proof", second half: entering the code, what became of it, when another may be requested.

use super::confirm as last;
use super::hold::{RunningHold, changed, opened};
use super::phone::request_key;
use crate::citizen::{CodeNews, CodeRequest};
use crate::service::Booking;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use okienko_day::{Contact, Subject};
use okienko_frame::{document_as, form_key, plain_key, remark, see, step_line};
use okienko_kernel::Span;
use okienko_office::Step;
use okienko_web::components::{
    Field, FieldKind, Tone, Weight, back_link, button_form, error_summary, field, hidden_fields, notice,
};
use okienko_web::{ClientAddr, Code, Form, Markup, Path, Problem, Query, Words, html};
use serde::Deserialize;
use std::sync::Arc;

/// Digits of a code.
const DIGITS: u8 = 6;

/// Query parameters of the page.
#[derive(Deserialize, Default)]
pub struct CodeQuery {
    /// `sent` after a code was sent, `wait` if it was too early for one.
    notice: Option<String>,
}

/// The form fields.
#[derive(Deserialize, Default)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
    key: Option<String>,
}

/// The page's form key, see [`okienko_frame::form_key`].
#[derive(Deserialize, Default)]
pub struct Key {
    key: Option<String>,
}

/// Why the page is shown (again).
enum Why<'a> {
    Asked(Option<&'a str>),
    /// Delivery news about the code.
    News(CodeNews),
    /// An error at the field.
    Wrong(StatusCode, String),
    /// The last attempt was wrong: only another code helps.
    UsedUp(&'a Problem),
    /// A refusal above the field.
    Refused(&'a Problem),
}

/// Asks for the code.
pub async fn page(
    State(booking): State<Arc<Booking>>,
    Path((office, hold)): Path<(String, String)>,
    Query(asked): Query<CodeQuery>,
    headers: HeaderMap,
    words: Words,
) -> Result<Response, Problem> {
    let held = match opened(&booking, &words, (&office, &hold), &headers).await? {
        Ok(held) => held,
        Err(answer) => return Ok(answer),
    };
    let subject = booking.subject(&held.state).await?;
    let why = match booking.code_news(&held.state, subject.as_ref()).await {
        Some(news) => Why::News(news),
        None => Why::Asked(asked.notice.as_deref()),
    };
    Ok(show(&booking, &words, &held, subject, why))
}

/// Opening a button's address with GET leads to its page.
pub async fn to_code(Path((office, hold)): Path<(String, String)>) -> Response {
    see(&format!("/{office}/book/hold/{hold}/code"))
}

/// Checks the code; a correct one books the visit and leads to it.
pub async fn confirm(
    State(booking): State<Arc<Booking>>,
    Path((office, hold)): Path<(String, String)>,
    headers: HeaderMap,
    words: Words,
    Form(typed): Form<CodeForm>,
) -> Result<Response, Problem> {
    let held = match changed(&booking, &words, (&office, &hold), &headers).await? {
        Ok(held) => held,
        Err(answer) => return Ok(answer),
    };
    let subject = booking.subject(&held.state).await?;
    // Accepts "Kod: 123 456", as pasted without scripts.
    let code: String = okienko_typed::code(&typed.code).chars().filter(char::is_ascii_digit).collect();
    if code.len() != usize::from(DIGITS) {
        // Input that cannot be a code uses up no attempt.
        let why = Why::Wrong(StatusCode::UNPROCESSABLE_ENTITY, words.n("code-digits", DIGITS));
        return Ok(show(&booking, &words, &held, subject, why));
    }
    // The key includes the code: somebody who goes back in the browser may try another one on the same page.
    let key = request_key(&booking, &held, typed.key.as_deref(), &code);
    match booking.confirm(held.id, &held.state, &code, key).await {
        Ok(reservation) => Ok(see(&booking.visit_path(&reservation.confirmed))),
        Err(problem) => match problem.code() {
            Code::HoldExpired | Code::Conflict => Ok(see(&held.path)),
            _ if problem.is_used_up() => Ok(show(&booking, &words, &held, subject, Why::UsedUp(&problem))),
            code @ (Code::CodeWrong | Code::CodeExpired) => {
                // Title and detail: the detail alone never says that the code was wrong.
                let said = format!("{}. {}", problem.title(&words), problem.detail(&words));
                let why = Why::Wrong(code.status(), said);
                Ok(show(&booking, &words, &held, subject, why))
            }
            Code::Invalid => Ok(see(&format!("{}/phone", held.path))),
            _ => Ok(show(&booking, &words, &held, subject, Why::Refused(&problem))),
        },
    }
}

/// Sends the code again, to the same address.
pub async fn resend(
    State(booking): State<Arc<Booking>>,
    Path((office, hold)): Path<(String, String)>,
    client: ClientAddr,
    headers: HeaderMap,
    words: Words,
    Form(Key { key }): Form<Key>,
) -> Result<Response, Problem> {
    let held = match changed(&booking, &words, (&office, &hold), &headers).await? {
        Ok(held) => held,
        Err(answer) => return Ok(answer),
    };
    let subject = booking.subject(&held.state).await?;
    let (phone, email) = match subject.as_ref().and_then(|subject| subject.contact.clone()) {
        Some(Contact::Phone(phone)) => (Some(phone), None),
        Some(Contact::Email(email)) => (None, Some(email)),
        None => return Ok(see(&format!("{}/phone", held.path))),
    };
    let request = CodeRequest {
        phone: phone.as_deref(),
        email: email.as_deref(),
        locale: words.locale().tag(),
        client,
        request_key: request_key(&booking, &held, plain_key(key.as_deref()), "again"),
    };
    match booking.send_code(held.id, &held.state, request).await {
        Ok(_) => Ok(see(&format!("{}/code?notice=sent", held.path))),
        Err(problem) => match problem.code() {
            Code::RateLimited => Ok(see(&format!("{}/code?notice=wait", held.path))),
            Code::HoldExpired | Code::Conflict => Ok(see(&held.path)),
            _ => Ok(show(&booking, &words, &held, subject, Why::Refused(&problem))),
        },
    }
}

fn show(
    booking: &Booking,
    words: &Words,
    held: &RunningHold,
    subject: Option<Subject>,
    why: Why<'_>,
) -> Response {
    let Some(subject) = subject.filter(|s| s.verification.is_some() && s.contact.is_some()) else {
        return see(&format!("{}/phone", held.path));
    };
    let office = &held.state.known.office;
    let (status, error) = match &why {
        Why::Asked(_) | Why::News(_) => (StatusCode::OK, None),
        Why::Wrong(status, text) => (*status, Some(text.as_str())),
        Why::Refused(problem) | Why::UsedUp(problem) => (problem.code().status(), None),
    };

    let (label, hint) = (words.t("code-label"), words.n("code-hint", DIGITS));
    let asked = Field { hint: Some(&hint), error, ..Field::new("code", &label, FieldKind::Code(DIGITS)) };
    let by_phone = matches!(subject.contact, Some(Contact::Phone(_)));
    let title = words.t(match (&why, by_phone) {
        (Why::UsedUp(_), _) => "code-used-up-title",
        (_, true) => "code-title",
        (_, false) => "code-title-email",
    });
    let body = html! {
        (back_link(words, &format!("{}/phone", held.path)))
        (step_line(words, office, Step::Proof))
        @if let Some(error) = error { (error_summary(words, &[("code", error)])) }
        @match &why {
            Why::Refused(problem) => (remark(words, problem)),
            Why::Asked(Some("sent")) => (notice(Tone::Good, html! { p { (words.t("code-sent-again")) } })),
            Why::News(news) => {
                @let (tone, key) = match news {
                    CodeNews::Delayed if by_phone => (Tone::Warn, "code-delayed-phone"),
                    CodeNews::Delayed => (Tone::Warn, "code-delayed-email"),
                    CodeNews::Failed => (Tone::Warn, "code-failed"),
                    CodeNews::Undelivered => (Tone::Warn, "code-undelivered"),
                    CodeNews::Delivered => (Tone::Good, "code-delivered"),
                };
                (notice(tone, html! { p { (words.t(key)) } }))
            }
            _ => {}
        }
        h1 { (title) }
        @if let Why::UsedUp(problem) = &why {
            p .lead { (problem.detail(words)) }
        } @else {
            (sent(booking, words, held, &subject))
            form method="post" action={ (held.path) "/code" } {
                input type="hidden" name="key" value=(form_key(&*booking.service.world.entropy));
                (field(words, &asked))
                div .actions { button .button type="submit" { (last::button(words, office)) } }
            }
            h2 { (words.t("code-missing")) }
            p { (words.t(if by_phone { "code-missing-phone" } else { "code-missing-email" })) }
        }
        (again(booking, words, held, &subject, matches!(why, Why::UsedUp(_))))
        (held.line(words))
    };
    document_as(status, words, office, &title, body)
}

/// Where the code was sent and how long it is valid.
fn sent(booking: &Booking, words: &Words, held: &RunningHold, subject: &Subject) -> Markup {
    let (key, to) = match &subject.contact {
        Some(Contact::Phone(phone)) => ("code-sent-phone", masked_phone(phone)),
        Some(Contact::Email(email)) => ("code-sent-email", masked_email(email)),
        None => return html! {},
    };
    html! {
        p { (words.ta(key, &[("to", to.into())])) }
        @if let Some(sent) = subject.sent {
            @if booking.service.now() < sent.expires_at {
                @let (_, until) = held.state.known.office.zone.local(sent.expires_at);
                p { (words.ta("code-until", &[("time", words.time(until).into())])) }
            } @else {
                (notice(Tone::Warn, html! { p { (words.t("problem-code_expired-detail")) } }))
            }
        }
    }
}

/// The ways to get another code.
fn again(
    booking: &Booking,
    words: &Words,
    held: &RunningHold,
    subject: &Subject,
    is_only_way: bool,
) -> Markup {
    let by_phone = matches!(subject.contact, Some(Contact::Phone(_)));
    let weight = if is_only_way { Weight::Primary } else { Weight::Secondary };
    let key = form_key(&*booking.service.world.entropy);
    let wait = subject.sent.map_or(0, |sent| sent.resend_after.since(booking.service.now()).secs_up());
    let (resend, text) =
        (format!("{}/code/resend", held.path), if is_only_way { "code-new" } else { "code-again" });
    html! {
        @if wait > 0 { (waiting(booking, words, held, wait)) }
        div .actions {
            @if wait > 0 {
                // A button that does not work yet is disabled; `code.js` enables it in time.
                form .button-form method="post" action=(resend) {
                    (hidden_fields(&[("key", &key)]))
                    button .button.secondary type="submit" disabled data-wait=(wait) aria-describedby="code-wait" {
                        (words.t(text))
                    }
                }
            } @else {
                (button_form(&resend, &words.t(text), &[("key", &key)], weight))
            }
            a .button.secondary href={ (held.path) "/phone" } {
                (words.t(if by_phone { "code-change-phone" } else { "code-change-email" }))
            }
        }
    }
}

/// How long until another code may be requested, and at what time. Without scripts, a link reloads the page.
fn waiting(booking: &Booking, words: &Words, held: &RunningHold, seconds: i64) -> Markup {
    let full_minute = booking.service.now().plus(Span::from_secs(seconds + 59));
    let (_, time) = held.state.known.office.zone.local(full_minute);
    html! {
        p #code-wait role="status" data-wait-over=(words.t("code-wait-over")) {
            (words.ta("code-wait", &[("wait", pause(words, seconds).into())])) " "
            (words.ta("code-wait-until", &[("time", words.time(time).into())]))
        }
        noscript { p { a .button.secondary href={ (held.path) "/code" } { (words.t("code-wait-look")) } } }
    }
}

fn pause(words: &Words, seconds: i64) -> String {
    if seconds <= 90 { words.n("seconds-for", seconds) } else { words.n("minutes-for", (seconds + 59) / 60) }
}

/// "+48 601 *** 567": enough to recognise one's own number.
fn masked_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    let text = |part: &[char]| part.iter().collect::<String>();
    match digits.len() {
        11 if phone.starts_with("+48") => {
            format!("+48 {} *** {}", text(&digits[2..5]), text(&digits[8..]))
        }
        n if n > 6 => format!("+{} *** {}", text(&digits[..2]), text(&digits[n - 3..])),
        _ => "***".to_owned(),
    }
}

/// "a***@example.org".
fn masked_email(email: &str) -> String {
    let (name, host) = email.split_once('@').unwrap_or((email, ""));
    format!("{}***@{host}", name.chars().next().map(String::from).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_only_as_far_as_its_owner_needs() {
        assert_eq!(masked_phone("+48601234567"), "+48 601 *** 567");
        assert_eq!(masked_phone("+4915112345678"), "+49 *** 678");
        assert_eq!(masked_phone("+4"), "***");
        assert_eq!(masked_email("anna@example.org"), "a***@example.org");
    }
}
