//! The pages where staff sign in with their token, and out again. Knows no passwords: a token is made by the office.

use crate::components::{Field, FieldKind, error_summary, field};
use crate::extract::{Form, Query};
use crate::page::Page;
use crate::problem::{Code, Problem};
use crate::staff::{COOKIE, DemoPerson, Role, SignIn, same_origin};
use crate::words::Words;
use axum::Router;
use axum::extract::Extension;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// `GET|POST /sign-in`, `POST /sign-out`; under a [`crate::Surface`] that knows a [`SignIn`].
pub fn sign_in_router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/sign-in", get(ask).post(enter)).route("/sign-out", post(leave))
}

#[derive(Deserialize)]
struct Way {
    #[serde(default)]
    to: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    token: String,
    #[serde(default)]
    to: String,
}

async fn ask(words: Words, Query(way): Query<Way>, Extension(known): Extension<Arc<SignIn>>) -> Markup {
    page(&words, &known, &way.to, None)
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
        let error = words.t(fault.message());
        let answer = page(&words, &known, &entry.to, Some(&error));
        return (StatusCode::UNPROCESSABLE_ENTITY, answer).into_response();
    }
    let secure = if known.secure_cookie { "; Secure" } else { "" };
    let line = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax{secure}");
    with_cookie(Redirect::to(local(&entry.to)), &line)
}

async fn leave(headers: HeaderMap) -> Response {
    if told_foreign(&headers) {
        return Problem::new(Code::Forbidden).into_response();
    }
    with_cookie(Redirect::to("/sign-in"), &format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"))
}

/// Whether the browser says that another site sent this. Nothing of ours is at stake yet, so silence is no reason.
fn told_foreign(headers: &HeaderMap) -> bool {
    let says = headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN);
    says && !same_origin(headers)
}

fn with_cookie(to: Redirect, line: &str) -> Response {
    let mut response = to.into_response();
    if let Ok(line) = HeaderValue::from_str(line) {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
    response
}

/// The path if it is one of this site. `//host` and `/\host` lead elsewhere in a browser.
fn local(to: &str) -> &str {
    let second = to.as_bytes().get(1).copied();
    let plain = to.bytes().all(|b| b > 0x20 && b < 0x7f);
    if to.starts_with('/') && !matches!(second, Some(b'/' | b'\\')) && plain { to } else { "/" }
}

fn page(words: &Words, known: &SignIn, to: &str, error: Option<&str>) -> Markup {
    let title = words.t("sign-in-title");
    let label = words.t("sign-in-token");
    let hint = words.t("sign-in-token-hint");
    let token = Field { hint: Some(&hint), error, ..Field::new("token", &label, FieldKind::Password) };
    let body = html! {
        @if let Some(error) = error { (error_summary(words, &[("token", error)])) }
        h1 { (title) }
        form method="post" action="/sign-in" {
            input type="hidden" name="to" value=(to);
            (field(words, &token))
            button .button type="submit" { (words.t("sign-in-button")) }
        }
        @if !known.demo_people.is_empty() {
            h2 { (words.t("sign-in-demo")) }
            p .hint { (words.t("sign-in-demo-hint")) }
            ul .rows {
                @for person in &known.demo_people {
                    li {
                        form method="post" action="/sign-in" {
                            input type="hidden" name="to" value=(person.goes_to);
                            button .row type="submit" name="token" value=(person.token) {
                                strong { (who(words, person)) }
                                span .muted { (person.place) }
                            }
                        }
                    }
                }
            }
        }
    };
    Page::new(words, &title).render(body)
}

/// Whom one would be, e.g. "Okienko 3".
fn who(words: &Words, person: &DemoPerson) -> String {
    let key = if person.role == Role::Kiosk { "demo-role-kiosk" } else { "demo-role-clerk" };
    words.ta(key, &[("counter", person.counter.as_deref().unwrap_or_default().into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staff::{Claims, sign};
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
            place: "Anna".into(),
            role: Role::Clerk,
            counter: Some("3".into()),
            token: token(),
            goes_to: "/desk".into(),
        }];
        let surface = Surface::new(Arc::new(Texts::new(&[]))).sign_in(Arc::new(known));
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
