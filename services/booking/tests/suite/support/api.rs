//! JSON calls as an API client makes them, each from a given network.

use super::Town;
use axum::body::Body;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use std::net::SocketAddr;
use tower::ServiceExt;

/// The response.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
    pub fn text(&self, name: &str) -> String {
        self.body[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.body)).to_owned()
    }
}

/// The caller.
#[derive(Clone, Copy)]
pub struct Caller<'a> {
    pub town: &'a Town,
    pub bearer: Option<&'a str>,
    pub network: &'a str,
    /// The idempotency key, for requests that may be repeated.
    pub key: Option<&'a str>,
}

impl Town {
    pub fn caller(&self) -> Caller<'_> {
        Caller { town: self, bearer: None, network: "198.51.100.7", key: None }
    }
}

impl<'a> Caller<'a> {
    pub fn with(self, bearer: &'a str) -> Caller<'a> {
        Caller { bearer: Some(bearer), ..self }
    }
    pub fn from(self, network: &'a str) -> Caller<'a> {
        Caller { network, ..self }
    }
    pub async fn call(&self, method: &str, path: &str, body: Value) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("accept-language", "pl")
            .header("content-type", "application/json");
        if let Some(bearer) = self.bearer {
            request = request.header("authorization", format!("Bearer {bearer}"));
        }
        if let Some(key) = self.key {
            request = request.header("idempotency-key", key);
        }
        let mut request = request.body(Body::from(body.to_string())).unwrap();
        request.extensions_mut().insert(SocketAddr::new(self.network.parse().unwrap(), 4711));
        let response = self.town.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, headers, body: serde_json::from_slice(&bytes).unwrap_or_default() }
    }
    pub async fn post_owned(self, path: &str, body: Value) -> Answer {
        self.call("POST", path, body).await
    }
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, body).await
    }
}
