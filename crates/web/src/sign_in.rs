//! The page where staff sign in, with a password or with a token from the office. The password goes to the service that
//! owns the staff (`POST /sign-in/password`); a token is checked here, without a database. Knows no list of staff.

use crate::components::{Field, FieldKind, error_summary, field, refused};
use crate::extract::Json;
use crate::extract::{Form, Query};
use crate::page::Page;
use crate::problem::{Code, Problem};
use crate::staff::{COOKIE, DemoPerson, SignIn, Staff, said, same_origin};
use crate::words::Words;
use crate::writes::{Writing, post};
use axum::Router;
use axum::extract::Extension;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use http::{HeaderMap, StatusCode, header};
use maud::{Markup, html};
use okienko_kernel::Span;
use serde::Deserialize;
use std::sync::Arc;

/// `GET|POST /sign-in`; belongs under a [`crate::Surface`] that has a [`SignIn`].
pub fn sign_in_router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/sign-in", get(ask).merge(post(Writing::Door, enter)))
        .route("/sign-in/here", get(left).merge(post(Writing::Desk, here)))
        .route("/sign-in/back", get(back))
}

/// A failed attempt to show again, without the password typed.
#[derive(Clone, Copy, Default)]
pub struct Tried<'a> {
    /// Where signing in leads.
    pub to: &'a str,
    /// The office's id.
    pub office: &'a str,
    /// The login name.
    pub login: &'a str,
    /// The counter chosen.
    pub counter: &'a str,
    /// Faulty fields, each with what is wrong, in the reader's language.
    pub faults: &'a [(&'a str, &'a str)],
    /// Why sign-in failed, when no single field is to blame.
    pub refused: Option<&'a str>,
}

#[derive(Deserialize)]
struct Way {
    #[serde(default)]
    to: String,
    /// `idle` when the person was signed out for being away too long.
    #[serde(default)]
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    token: String,
    #[serde(default)]
    to: String,
}

async fn ask(words: Words, Query(way): Query<Way>, Extension(known): Extension<Arc<SignIn>>) -> Markup {
    let idle = (way.why == "idle").then(|| words.t("sign-in-idle"));
    sign_in_page(&words, &known, &Tried { to: &way.to, refused: idle.as_deref(), ..Tried::default() })
}

/// Shown in the tab opened from a page locked for idleness, once signed in.
async fn back(words: Words) -> Markup {
    let title = words.t("idle-signed-in");
    Page::new(&words, &title).render(html! { h1 { (title) } p .lead { (words.t("idle-signed-in-what")) } })
}

/// Seconds until the person counts as away, for a page that is open; `null` where that does not apply.
async fn left(
    Staff(claims): Staff,
    Extension(known): Extension<Arc<SignIn>>,
    headers: HeaderMap,
) -> Response {
    told_left(known.left(&claims, &headers))
}

/// Reports activity: a page's script calls it when the page is touched.
async fn here(
    Staff(claims): Staff,
    Extension(known): Extension<Arc<SignIn>>,
    headers: HeaderMap,
) -> Response {
    told_left(known.left(&claims, &headers).map(|_| known.idle))
}

fn told_left(left: Option<Span>) -> Response {
    Json(serde_json::json!({"left_s": left.map(|left| left.micros() / 1_000_000)})).into_response()
}

async fn enter(
    words: Words,
    Extension(known): Extension<Arc<SignIn>>,
    headers: HeaderMap,
    Form(entry): Form<Entry>,
) -> Response {
    if told_foreign(&headers) {
        return Problem::new(Code::Forbidden).into_response();
    }
    let token = entry.token.trim();
    if let Err(fault) = known.check(token) {
        let error = words.t(said(fault));
        let tried = Tried { to: &entry.to, faults: &[("token", &error)], ..Tried::default() };
        return (StatusCode::UNPROCESSABLE_ENTITY, sign_in_page(&words, &known, &tried)).into_response();
    }
    signed_in(&known, token, &entry.to)
}

/// Sets the token's cookie and redirects to `to` if that is a page of this site.
pub fn signed_in(known: &SignIn, token: &str, to: &str) -> Response {
    let mut response = Redirect::to(local(to)).into_response();
    COOKIE.set(&mut response, known.secure_cookie, token, None);
    response
}

/// Clears the cookie and returns to the sign-in page.
pub fn signed_out(is_https: bool) -> Response {
    let mut response = Redirect::to("/sign-in").into_response();
    COOKIE.clear(&mut response, is_https);
    response
}

/// Whether the browser says that another site sent this. Nothing of ours is at stake yet, so a missing header is no
/// reason to refuse.
pub fn told_foreign(headers: &HeaderMap) -> bool {
    let says = headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN);
    says && !same_origin(headers)
}

/// `to` if it is a path on this site, else `/`. Browsers take `//host` and `/\host` to another site.
fn local(to: &str) -> &str {
    let second = to.as_bytes().get(1).copied();
    let plain = to.bytes().all(|b| b > 0x20 && b < 0x7f);
    if to.starts_with('/') && !matches!(second, Some(b'/' | b'\\')) && plain { to } else { "/" }
}

/// The page with both ways to sign in, and the demo's people below.
pub fn sign_in_page(words: &Words, known: &SignIn, tried: &Tried<'_>) -> Markup {
    let title = words.t("sign-in-title");
    let fault = |name: &str| tried.faults.iter().find(|(of, _)| *of == name).map(|(_, text)| *text);
    let (label, hint) = (words.t("sign-in-token"), words.t("sign-in-token-hint"));
    let token = Field {
        hint: Some(&hint),
        error: fault("token"),
        ..Field::new("token", &label, FieldKind::Password)
    };
    let body = html! {
        @if !tried.faults.is_empty() { (error_summary(words, tried.faults)) }
        @if let Some(text) = tried.refused { (refused(html! { p { (text) } })) }
        h1 { (title) }
        (demo(words, known))
        (with_password(words, known, tried))
        h2 { (words.t("sign-in-other")) }
        form method="post" action="/sign-in" {
            input type="hidden" name="to" value=(tried.to);
            (field(words, &token))
            button .button.secondary type="submit" { (words.t("sign-in-button")) }
        }
    };
    Page::new(words, &title).render(body)
}

fn with_password(words: &Words, known: &SignIn, tried: &Tried<'_>) -> Markup {
    let fault = |name: &str| tried.faults.iter().find(|(of, _)| *of == name).map(|(_, text)| *text);
    let offices = known.offices();
    let kind = if offices.is_empty() { FieldKind::Text } else { FieldKind::Choice(offices) };
    let says = |key: &str| words.t(key);
    let (office, login, password) = (says("sign-in-office"), says("sign-in-login"), says("sign-in-password"));
    let (counter, hint) = (says("sign-in-counter"), says("sign-in-counter-hint"));
    let office = Field { value: tried.office, error: fault("office"), ..Field::new("office", &office, kind) };
    let login = Field {
        value: tried.login,
        error: fault("login"),
        autocomplete: Some("username"),
        ..Field::new("login", &login, FieldKind::Text)
    };
    let password = Field {
        error: fault("password"),
        autocomplete: Some("current-password"),
        ..Field::new("password", &password, FieldKind::Password)
    };
    let counter = Field {
        value: tried.counter,
        hint: Some(&hint),
        error: fault("counter"),
        required: false,
        ..Field::new("counter", &counter, FieldKind::Number)
    };
    html! {
        form method="post" action="/sign-in/password" {
            input type="hidden" name="to" value=(tried.to);
            (field(words, &office))
            (field(words, &login))
            (field(words, &password))
            (field(words, &counter))
            button .button type="submit" { (words.t("sign-in-button")) }
        }
    }
}

/// The demo's people, folded by office: each office is one line that opens on a click.
fn demo(words: &Words, known: &SignIn) -> Markup {
    if known.demo_people.is_empty() {
        return html! {};
    }
    html! {
        section .demo-people {
            h2 { (words.t("sign-in-demo")) }
            p .hint { (words.t("sign-in-demo-hint")) }
            @for people in known.demo_people.chunk_by(|one, next| one.office == next.office) {
                details data-demo-office="" {
                    summary { strong { (people.first().map_or("", |person| &person.office)) } }
                    ul .rows { @for person in people { li { (demo_row(words, person)) } } }
                }
            }
        }
    }
}

fn demo_row(words: &Words, person: &DemoPerson) -> Markup {
    html! {
        form method="post" action="/sign-in" {
            input type="hidden" name="to" value=(person.goes_to);
            button .row type="submit" name="token" value=(person.token) {
                strong { (who(words, person)) }
                span .muted { (about(words, person)) }
            }
        }
    }
}

/// The title of a demo role, e.g. "Okienko 3".
fn who(words: &Words, person: &DemoPerson) -> String {
    let key = format!("demo-role-{}", person.role.word());
    words.ta(&key, &[("counter", person.counter.as_deref().unwrap_or_default().into())])
}

/// The demo person's name and place, and the login to type by hand.
fn about(words: &Words, person: &DemoPerson) -> String {
    let login = words.ta("sign-in-demo-login", &[("login", person.login.as_str().into())]);
    let (name, login) =
        if person.login.is_empty() { ("", "") } else { (person.name.as_str(), login.as_str()) };
    let parts = [name, person.place.as_str(), login];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" \u{b7} ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staff::{Claims, Role, sign};
    use crate::{Surface, Texts};
    use axum::body::Body;
    use okienko_kernel::{Keys, Moment};
    use tower::ServiceExt;

    fn token() -> String {
        let claims = Claims {
            id: "x".into(),
            office: "torun".into(),
            roles: vec![Role::Clerk],
            location: None,
            counter: None,
            expires: Moment::MAX,
        };
        sign(&Keys::from_secret(b"k"), &claims)
    }

    async fn post(body: String, origin: Option<&str>) -> Response {
        let mut known = SignIn::new(Keys::from_secret(b"k"), Arc::new(|| Moment::from_micros(1)));
        known.demo_people = vec![DemoPerson {
            name: "Anna".into(),
            login: "anna".into(),
            office: "Toruń".into(),
            place: "Ratusz".into(),
            role: Role::Clerk,
            counter: Some("3".into()),
            token: token(),
            goes_to: "/desk".into(),
        }];
        let surface = Surface::new(Arc::new(Texts::new(&[], &[]))).sign_in(Arc::new(known));
        let mut request = http::Request::post("/sign-in")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("host", "o.pl");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        surface.whole(sign_in_router()).oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn a_good_token_becomes_a_cookie_that_scripts_cannot_read_and_leads_only_to_this_site() {
        for (to, leads) in [
            ("/desk", "/desk"),
            ("//evil.pl", "/"),
            ("/%5Cevil.pl", "/"),
            ("https://evil.pl", "/"),
            ("", "/"),
            ("/a%0d%0ab", "/"),
        ] {
            let response = post(format!("to={to}&token={}", token()), Some("http://o.pl")).await;
            assert_eq!(response.status(), StatusCode::SEE_OTHER);
            assert_eq!(response.headers()["location"], leads, "{to}");
            let line = response.headers()["set-cookie"].to_str().unwrap().to_owned();
            assert!(line.contains("HttpOnly") && line.contains("SameSite=Lax"));
        }
    }

    #[tokio::test]
    async fn a_bad_token_and_another_sites_form_sign_nobody_in() {
        let response = post("token=nonsense".into(), None).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!response.headers().contains_key("set-cookie"));
        let response = post(format!("token={}", token()), Some("http://evil.pl")).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        assert!(!response.headers().contains_key("set-cookie"));
    }
}
