//! The answers of the plain server: the program's own, word for word where the benchmarks read them. Knows no SQL.

use super::store::{Store, Wish};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

type Of = State<Arc<Store>>;

/// The place that is requested.
#[derive(Deserialize)]
pub struct Place {
    service: String,
    date: String,
    time: String,
}

/// The phone that a code goes to.
#[derive(Deserialize)]
pub struct To {
    phone: String,
}

/// The code that was entered.
#[derive(Deserialize)]
pub struct CodeBody {
    code: String,
}

/// The first day and the number of days.
#[derive(Deserialize)]
pub struct Days {
    from: String,
    count: u32,
}

/// The phone whose messages are asked for.
#[derive(Deserialize)]
pub struct Phone {
    to: String,
}

/// Turns a result into a response: `None` is a refusal.
fn told<T>(
    done: anyhow::Result<Option<T>>,
    answer: impl FnOnce(T) -> Response,
    refusal: impl FnOnce() -> Response,
) -> Response {
    match done {
        Ok(Some(done)) => answer(done),
        Ok(None) => refusal(),
        Err(fault) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{fault:#}")).into_response(),
    }
}

fn problem(status: StatusCode, code: &str, title: &str, detail: &str) -> Response {
    let document = json!({
        "type": format!("urn:okienko:problem:{code}"), "title": title, "status": status.as_u16(), "detail": detail,
        "code": code,
    });
    (status, [(CONTENT_TYPE, "application/problem+json")], document.to_string()).into_response()
}

fn unknown() -> Response {
    problem(StatusCode::NOT_FOUND, "unknown", "Not found", "There is nothing at this address.")
}

fn bearer(headers: &HeaderMap) -> &str {
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    value.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default()
}

pub async fn hold(State(store): Of, Json(place): Json<Place>) -> Response {
    let wish = Wish { service: &place.service, date: &place.date, time: &place.time };
    let held = |(hold, secret)| {
        let form = json!([{
            "id": "name", "type": "text", "label": "Nazwisko", "required": true, "example": "Jan Kowalski",
        }]);
        let expires = format!("{}T09:10:00+01:00", place.date);
        let body = json!({
            "hold": hold, "secret": secret, "expires_at": expires, "remaining_s": 600, "form": form,
        });
        (StatusCode::CREATED, Json(body)).into_response()
    };
    let full = || {
        let detail = "Somebody took the last place a moment ago. Choose another hour.";
        problem(StatusCode::CONFLICT, "slot_full", "This hour has just been taken", detail)
    };
    told(store.hold(wish).await, held, full)
}

pub async fn form(
    State(store): Of,
    Path(hold): Path<String>,
    headers: HeaderMap,
    Json(form): Json<Value>,
) -> Response {
    let saved = store.form(&hold, bearer(&headers), &form.to_string()).await;
    told(saved, |()| StatusCode::NO_CONTENT.into_response(), unknown)
}

pub async fn code(
    State(store): Of,
    Path(hold): Path<String>,
    headers: HeaderMap,
    Json(to): Json<To>,
) -> Response {
    let sent = store.code(&hold, bearer(&headers), &to.phone).await;
    let answer =
        |()| (StatusCode::ACCEPTED, Json(json!({"to": to.phone, "resend_after_s": 30}))).into_response();
    told(sent, answer, unknown)
}

pub async fn confirm(
    State(store): Of,
    Path(hold): Path<String>,
    headers: HeaderMap,
    Json(typed): Json<CodeBody>,
) -> Response {
    let confirmed = |(number, token)| {
        Json(json!({"reservation": {"number": format!("R{number:03}"), "token": token}})).into_response()
    };
    let wrong = || problem(StatusCode::UNPROCESSABLE_ENTITY, "code_wrong", "Wrong code", "Look again.");
    told(store.confirm(&hold, bearer(&headers), &typed.code).await, confirmed, wrong)
}

pub async fn outbox(State(store): Of, Query(phone): Query<Phone>) -> Response {
    let texts =
        |text: Option<String>| Json(json!({"messages": text.map(|text| json!({"text": text})).as_slice()}));
    told(store.message(&phone.to).await.map(Some), |text| texts(text).into_response(), unknown)
}

pub async fn days(
    State(store): Of,
    Path((_, _, service)): Path<(String, String, String)>,
    Query(days): Query<Days>,
) -> Response {
    let shown = |days: Vec<super::store::DayOf>| {
        let day = |day: &super::store::DayOf| {
            let state = if day.free > 0 { "free" } else { "full" };
            json!({"date": day.date, "state": state, "free": day.free})
        };
        Json(json!({"days": days.iter().map(day).collect::<Vec<_>>()})).into_response()
    };
    told(store.days(&service, &days.from, days.count).await.map(Some), shown, unknown)
}

pub async fn ticket(State(store): Of) -> Response {
    let given = |(number, token)| {
        let ticket = json!({"number": format!("A{number:03}"), "token": token, "url": format!("/t/{token}")});
        (StatusCode::CREATED, Json(json!({"ticket": ticket}))).into_response()
    };
    told(store.ticket().await, given, unknown)
}

pub async fn call_next(State(store): Of, headers: HeaderMap) -> Response {
    let called = |(number, token): (i64, String)| {
        Json(json!({"current": {"ticket": format!("A{number:03}"), "token": token}})).into_response()
    };
    told(store.call_next(bearer(&headers)).await, called, || StatusCode::NO_CONTENT.into_response())
}

pub async fn finish(State(store): Of, headers: HeaderMap) -> Response {
    told(store.finish(bearer(&headers)).await, |()| Json(json!({"current": null})).into_response(), unknown)
}
