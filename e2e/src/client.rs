//! A small HTTP client that plays many people: each call names the address it comes from. Keeps its connections.

use anyhow::Context;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// The longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as JSON; null when it is not JSON.
    pub json: Value,
    /// The body as text.
    pub text: String,
}

impl Answer {
    /// The answer, if it has this status; otherwise an error that shows it.
    pub fn expect(self, status: u16) -> anyhow::Result<Answer> {
        anyhow::ensure!(self.status == status, "wanted {status}, got {}: {}", self.status, self.text);
        Ok(self)
    }
    /// The stable code of a problem document.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }
    /// A string in the body, by JSON pointer.
    pub fn at(&self, pointer: &str) -> anyhow::Result<String> {
        let found = self.json.pointer(pointer).and_then(Value::as_str);
        Ok(found.with_context(|| format!("no {pointer} in {}", self.text))?.to_owned())
    }
}

/// One person or device.
#[derive(Clone)]
pub struct Client {
    pool: Pool<HttpConnector, Full<Bytes>>,
    base: Arc<str>,
    from: Option<Arc<str>>,
    bearer: Option<Arc<str>>,
}

impl Client {
    /// A client on the server's own machine.
    pub fn new(base: &str) -> Client {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let pool = Pool::builder(TokioExecutor::new()).build(connector);
        Client { pool, base: base.into(), from: None, bearer: None }
    }
    /// The same connections from another address.
    pub fn from(&self, address: &str) -> Client {
        Client { from: Some(address.into()), ..self.clone() }
    }
    /// The same with a token.
    pub fn with(&self, token: &str) -> Client {
        Client { bearer: Some(token.into()), ..self.clone() }
    }
    /// The base URL.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.ask(Method::GET, path, None, &[]).await
    }
    /// `POST` with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> anyhow::Result<Answer> {
        self.ask(Method::POST, path, Some(body.to_string()), &[]).await
    }
    /// `PUT` with a JSON body.
    pub async fn put(&self, path: &str, body: Value) -> anyhow::Result<Answer> {
        self.ask(Method::PUT, path, Some(body.to_string()), &[]).await
    }
    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> anyhow::Result<Answer> {
        self.ask(Method::DELETE, path, None, &[]).await
    }

    /// Any request; `body` is sent as JSON unless `headers` give another content type.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
        headers: &[(&str, &str)],
    ) -> anyhow::Result<Answer> {
        let mut request = self.begun(method, path);
        if body.is_some() && headers.iter().all(|(name, _)| *name != "content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::from(body.unwrap_or_default()))?;
        let answered = tokio::time::timeout(PATIENCE, self.pool.request(request)).await;
        let (parts, body) = answered.context("no answer in time")??.into_parts();
        let body =
            tokio::time::timeout(PATIENCE, body.collect()).await.context("no end in time")??.to_bytes();
        let text = String::from_utf8_lossy(&body).into_owned();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Answer { status: StatusCode::as_u16(&parts.status), headers: parts.headers, json, text })
    }

    /// Starts a request with this client's address and token.
    fn begun(&self, method: Method, path: &str) -> http::request::Builder {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        if let Some(from) = &self.from {
            request = request.header("x-forwarded-for", &**from);
        }
        if let Some(bearer) = &self.bearer {
            request = request.header("authorization", format!("Bearer {bearer}"));
        }
        request
    }

    /// Opens an event stream; `after` is sent as `Last-Event-ID`, as by a screen that does not know about lives.
    pub async fn listen(&self, path: &str, after: Option<u64>) -> anyhow::Result<Events> {
        self.listen_after(path, after.map(|after| after.to_string()).as_deref()).await
    }
    /// Opens an event stream after the event with that id.
    pub async fn listen_after(&self, path: &str, after: Option<&str>) -> anyhow::Result<Events> {
        let mut request = self.begun(Method::GET, path);
        if let Some(after) = after {
            request = request.header("last-event-id", after);
        }
        let response = self.pool.request(request.body(Full::default())?).await?;
        anyhow::ensure!(response.status() == StatusCode::OK, NoStream(response.status().as_u16()));
        Ok(Events { body: response.into_body(), buffer: String::new() })
    }
}

/// A stream was refused with this status.
#[derive(Debug)]
pub struct NoStream(pub u16);

impl std::fmt::Display for NoStream {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "no event stream: {}", self.0)
    }
}

impl std::error::Error for NoStream {}

/// One event of a stream.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its number in its life.
    pub id: Option<u64>,
    /// Its life.
    pub life: Option<u64>,
    /// Its data.
    pub data: Value,
}

/// An open event stream.
pub struct Events {
    body: hyper::body::Incoming,
    buffer: String,
}

impl Events {
    /// The next event; comments are skipped.
    pub async fn next(&mut self) -> anyhow::Result<Event> {
        loop {
            while let Some(end) = self.buffer.find("\n\n") {
                let frame: String = self.buffer.drain(..end + 2).collect();
                if let Some(event) = parse(&frame) {
                    return Ok(event);
                }
            }
            let frame =
                tokio::time::timeout(PATIENCE, self.body.frame()).await.context("no event in time")?;
            let frame = frame.context("the stream has ended")??;
            if let Some(data) = frame.data_ref() {
                self.buffer.push_str(&String::from_utf8_lossy(data));
            }
        }
    }
}

fn parse(frame: &str) -> Option<Event> {
    let field = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name).map(str::trim));
    let (life, id) = field("id:").map_or((None, None), |id| match id.split_once('-') {
        Some((life, id)) => (life.parse().ok(), id.parse().ok()),
        None => (None, id.parse().ok()),
    });
    Some(Event {
        name: field("event:")?.to_owned(),
        id,
        life,
        data: serde_json::from_str(field("data:")?).ok()?,
    })
}
