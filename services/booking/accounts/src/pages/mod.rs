//! The pages of an account: signing in and out, the owner's visits, registration, and the pages behind the links in
//! mails. A link's page shows a button and does nothing by itself, because mail scanners open every link.

mod links;
mod new;
mod own;

use crate::Accounts;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use http::HeaderMap;
use okienko_frame::see;
use okienko_kernel::Id;
use okienko_office::{LoadedOffice, Office};
use okienko_web::components::{Field, FieldKind, Tone, error_summary, field, notice};
use okienko_web::cookies::Cookie;
use okienko_web::staff::same_origin;
use okienko_web::writes::{Writing, post};
use okienko_web::{Code, Markup, Problem, Words, html};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

/// The session cookie; one per office.
const COOKIE: Cookie<'_> = Cookie::new("session");
/// The cookie that remembers where to return, for the account pages only: it outlasts the mail that activates an
/// account.
const WAY: Cookie<'_> = Cookie::new("way");
/// As long as the link in that mail is valid.
const WAY_SECONDS: u32 = 24 * 3600;
/// As long as a session lasts.
const COOKIE_SECONDS: u32 = 12 * 3600;

/// The routes of these pages.
pub(crate) fn routes() -> Router<Arc<Accounts>> {
    Router::new()
        .route("/{office}/account", get(own::page).merge(post(Writing::Door, own::sign_in)))
        .route("/{office}/account/sign-out", post(Writing::Door, own::sign_out))
        .route(
            "/{office}/account/address",
            get(own::address_page).merge(post(Writing::Door, own::ask_address)),
        )
        .route("/{office}/account/delete", get(own::delete_page).merge(post(Writing::Door, own::delete)))
        .route("/{office}/account/new", get(new::page).merge(post(Writing::Door, new::register)))
        .route("/{office}/account/reset", get(new::reset_page).merge(post(Writing::Door, new::reset)))
        .route(
            "/{office}/account/activate/{token}",
            get(links::activate_page).merge(post(Writing::Door, links::activate)),
        )
        .route(
            "/{office}/account/reset/{token}",
            get(links::password_page).merge(post(Writing::Door, links::password)),
        )
        .route(
            "/{office}/account/address/{token}",
            get(links::address_page).merge(post(Writing::Door, links::address)),
        )
}

/// The account that is signed in at this office; an expired session counts as none.
pub async fn signed_in(
    accounts: &Accounts,
    known: &LoadedOffice,
    headers: &HeaderMap,
) -> Result<Option<Id>, Problem> {
    match accounts.signed_in(known, session(known, headers)).await {
        Err(problem) if problem.code() == Code::AccountRequired => Ok(None),
        other => other,
    }
}

/// Whose session the browser presents, by its signature alone: for counting, never for authorization.
pub fn counted_as(accounts: &Accounts, known: &LoadedOffice, headers: &HeaderMap) -> Option<String> {
    accounts.counted_as(&known.office, session(known, headers))
}

/// The sign-in address that returns to `way` afterwards, an address of this office.
pub fn address_with_way(office: &str, way: &str) -> String {
    let mut to = String::new();
    for byte in way.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_./".contains(&byte) {
            to.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(to, "%{byte:02X}");
        }
    }
    format!("/{office}/account?to={to}")
}

/// The return address, if it is a page of this office; `//host` and the like lead elsewhere and are rejected.
fn way_back<'a>(office: &str, to: Option<&'a str>) -> Option<&'a str> {
    let to = to.filter(|to| to.len() <= 512 && to.bytes().all(|b| b > 0x20 && b < 0x7f && b != b'\\'))?;
    let rest = to.strip_prefix('/')?.strip_prefix(office)?;
    (rest.starts_with("/book") || rest.starts_with("/account")).then_some(to)
}

/// The return address that this browser stored before it came to the account pages.
fn remembered_way<'a>(office: &str, headers: &'a HeaderMap) -> Option<&'a str> {
    way_back(office, WAY.at(office, "").read(headers))
}

/// Stores a return address in the browser; `None` deletes it.
fn remember_way(accounts: &Accounts, office: &str, way: Option<&str>, response: &mut Response) {
    // None of our own addresses contains a character that a cookie cannot hold.
    let way = way.filter(|way| !way.contains([';', ',', '"'])).unwrap_or_default();
    let path = format!("/{office}/account");
    keep(accounts, response, WAY.at(office, &path), way, WAY_SECONDS);
}

/// For every change: the browser must state that our own page sent the request.
fn must_be_ours(headers: &HeaderMap) -> Result<(), Problem> {
    if same_origin(headers) {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden).hint("the request comes from another site"))
}

fn session<'a>(known: &LoadedOffice, headers: &'a HeaderMap) -> Option<&'a str> {
    COOKIE.at(&known.office.id, "").read(headers)
}

/// Redirects to `to` and sets this session; an empty one deletes the cookie.
fn with_session(accounts: &Accounts, office: &Office, session: &str, to: &str) -> Response {
    let mut response = see(to);
    let path = format!("/{}", office.id);
    keep(accounts, &mut response, COOKIE.at(&office.id, &path), session, COOKIE_SECONDS);
    response
}

/// Sets a cookie for `seconds`; an empty value deletes it.
fn keep(accounts: &Accounts, response: &mut Response, cookie: Cookie<'_>, value: &str, seconds: u32) {
    match value {
        "" => cookie.clear(response, accounts.is_https()),
        _ => cookie.set(response, accounts.is_https(), value, Some(seconds)),
    }
}

/// Tells people to sign in first, where an office takes bookings only with an account, before they fill in anything.
pub fn first(words: &Words, office: &Office, way: &str) -> Markup {
    let address = address_with_way(&office.id, way);
    let link = html! { a href=(address) { (words.t("account-first-link")) } };
    notice(Tone::Plain, html! { p { (words.t("account-first")) " " (link) } })
}

/// The mail address's id and label, for [`summary`].
fn email_label(words: &Words) -> (&'static str, String) {
    ("email", words.t("email-label"))
}

/// The password's id and label, for [`summary`].
fn password_label(words: &Words, is_new: bool) -> (&'static str, String) {
    ("password", words.t(if is_new { "account-password-new" } else { "account-password" }))
}

/// A field for the mail address.
fn email_field(words: &Words, value: &str, wrong: &BTreeMap<String, String>) -> Markup {
    let label = words.t("email-label");
    let asked = Field {
        value,
        error: wrong.get("email").map(String::as_str),
        autocomplete: Some("username"),
        ..Field::new("email", &label, FieldKind::Email)
    };
    field(words, &asked)
}

/// A field for a password; for a new one with its requirements.
fn password_field(words: &Words, is_new: bool, wrong: &BTreeMap<String, String>) -> Markup {
    let label = words.t(if is_new { "account-password-new" } else { "account-password" });
    let rules = words.ta(
        "account-password-rules",
        &[
            ("least", (okienko_passwords::SHORTEST as u64).into()),
            ("most", (okienko_passwords::LONGEST as u64).into()),
        ],
    );
    let asked = Field {
        hint: is_new.then_some(rules.as_str()),
        error: wrong.get("password").map(String::as_str),
        autocomplete: Some(if is_new { "new-password" } else { "current-password" }),
        ..Field::new("password", &label, FieldKind::Password)
    };
    field(words, &asked)
}

/// The faults in the order of the fields, each named by its label.
fn summary(words: &Words, wrong: &BTreeMap<String, String>, fields: &[(&str, String)]) -> Markup {
    let named = |(name, label): &(&str, String)| {
        let values = [("field", label.as_str().into()), ("fault", wrong.get(*name)?.as_str().into())];
        Some((name.to_string(), words.ta("fault-of-field", &values)))
    };
    let faults: Vec<(String, String)> = fields.iter().filter_map(named).collect();
    let faults: Vec<(&str, &str)> =
        faults.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    html! { @if !faults.is_empty() { (error_summary(words, &faults)) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_leads_only_to_this_offices_own_pages() {
        let good = "/kalisz/book?service=x&location=y&date=2026-12-01";
        assert_eq!(way_back("kalisz", Some(good)), Some(good));
        for bad in [
            "//evil.pl/book",
            "/torun/book",
            "https://evil.pl",
            "/kalisz.evil/book",
            "/kalisz\\book",
            "/kalisz/book\n",
            "",
        ] {
            assert_eq!(way_back("kalisz", Some(bad)), None, "{bad}");
        }
        assert_eq!(
            address_with_way("kalisz", "/kalisz/book?a=b&c=d"),
            "/kalisz/account?to=/kalisz/book%3Fa%3Db%26c%3Dd"
        );
    }
}
