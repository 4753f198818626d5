//! Staff of the town, and people who book through the API.

use crate::support::Town;
use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use okienko_kernel::{Keys, Moment};
use okienko_web::staff::{Claims, Role, sign};
use serde_json::{Value, json};
use tower::ServiceExt;

/// A token with this role at an office.
pub fn token(office: &str, role: Role, location: Option<&str>) -> String {
    let claims = Claims {
        id: format!("token-{role:?}").to_lowercase(),
        office: office.into(),
        roles: vec![role],
        location: location.map(Into::into),
        counter: None,
        expires: Moment::MAX,
    };
    sign(&Keys::from_secret(b"town"), &claims)
}

pub struct Answer {
    pub status: StatusCode,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }
}

/// Sends a request with a bearer token; a body is JSON.
pub async fn ask(town: &Town, method: &str, address: &str, token: &str, body: Option<Value>) -> Answer {
    let mut request = Request::builder().method(method).uri(address);
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let body = match body {
        Some(body) => {
            request = request.header("content-type", "application/json");
            Body::from(body.to_string())
        }
        None => Body::empty(),
    };
    let response = town.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    Answer { status, text: String::from_utf8(bytes.to_vec()).unwrap() }
}

/// A hold with a form and a code sent: the hold's id and secret.
pub async fn prove(town: &Town, time: &str, name: &str, to: Value) -> (String, String) {
    let place = json!({"location": "glowny", "service": "dzialalnosc-gospodarcza", "date": "2026-12-02", "time": time});
    let held = ask(town, "POST", "/api/v1/offices/torun/holds", "", Some(place)).await;
    assert_eq!(held.status, StatusCode::CREATED, "{}", held.text);
    let held = held.json();
    let (hold, secret) =
        (held["hold"].as_str().unwrap().to_owned(), held["secret"].as_str().unwrap().to_owned());
    let form = json!({"fields": {"name": name}, "consents": {}});
    let put = ask(town, "PUT", &format!("/api/v1/holds/{hold}/form"), &secret, Some(form)).await;
    assert_eq!(put.status, StatusCode::NO_CONTENT, "{}", put.text);
    let sent = ask(town, "POST", &format!("/api/v1/holds/{hold}/code"), &secret, Some(to)).await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.text);
    (hold, secret)
}

/// A confirmed reservation, as its holder sees it.
pub async fn book(town: &Town, time: &str, name: &str, kind: &str, to: &str) -> Value {
    let (hold, secret) = prove(town, time, name, json!({kind: to})).await;
    let code = json!({"code": town.code(to).await});
    let done = ask(town, "POST", &format!("/api/v1/holds/{hold}/confirm"), &secret, Some(code)).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    done.json()["reservation"].clone()
}

/// Waits until everything sent has arrived.
pub async fn settled(town: &Town) {
    town.world.settle.settled(&town.world.clock, &*town.world.bus).await;
}
