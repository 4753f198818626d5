//! What the ingress answers itself, as the demo does: the messages that have arrived, and the clock. Knows no role.

use super::clock::Clocks;
use super::ingress::{Body, problem};
use super::upstream::whole;
use anyhow::Result;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use okienko_fake_provider::{AcceptedMessage, FakeProvider};
use okienko_kernel::civil::{Zone, parse_iso_span, parse_rfc3339};
use okienko_kernel::{Id, IdKind, Moment};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The data for these answers.
pub struct Dev {
    /// The provider that receives all messages.
    pub provider: FakeProvider,
    /// The clocks of all processes; `None` if time is real.
    pub clocks: Option<Arc<Clocks>>,
    /// Ids of offices by number.
    pub offices: BTreeMap<u32, String>,
}

impl Dev {
    /// Answers a request to `/dev/…`.
    pub async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let (parts, body) = request.into_parts();
        match (&parts.method, parts.uri.path()) {
            (&Method::GET, "/dev/outbox") => {
                let query = parts.uri.query().unwrap_or_default();
                let to = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "to");
                let arrived = self.provider.arrived(&to.map(|(_, to)| to).unwrap_or_default());
                let messages: Vec<Value> = arrived.iter().map(|sent| self.shown(sent)).collect();
                good(&json!({"messages": messages}))
            }
            (&Method::GET, "/dev/clock") => match &self.clocks {
                Some(clocks) => good(&json!({"now": clocks.told(clocks.now().await)})),
                None => problem(StatusCode::NOT_FOUND, "unknown"),
            },
            (&Method::POST, "/dev/clock") => {
                let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
                self.move_clock(serde_json::from_slice(&body).unwrap_or_default()).await
            }
            _ => problem(StatusCode::NOT_FOUND, "unknown"),
        }
    }

    async fn move_clock(&self, wanted: Value) -> Response<Body> {
        let Some(clocks) = &self.clocks else { return problem(StatusCode::NOT_FOUND, "unknown") };
        let instant = wanted["now"].as_str().map(parse_rfc3339).transpose();
        let span = wanted["advance"].as_str().map(parse_iso_span).transpose();
        let (Ok(instant), Ok(span)) = (instant, span) else {
            return problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        };
        if instant.is_some() == span.is_some() {
            return problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        }
        match clocks.move_to(instant, |now: Moment| span.map_or(now, |span| now.plus(span))).await {
            Ok(now) => good(&json!({"now": clocks.told(now)})),
            Err(error) => {
                eprintln!("the clock: {error:#}");
                problem(StatusCode::SERVICE_UNAVAILABLE, "unavailable")
            }
        }
    }

    /// The format of the contract. A provider knows no office: the id that we gave it tells the office.
    fn shown(&self, sent: &AcceptedMessage) -> Value {
        let number = Id::parse(IdKind::Message, &sent.idx).map(|id| id.way().office).unwrap_or_default();
        let mut shown = json!({
            "id": sent.idx, "at": sent.at, "channel": sent.channel, "to": sent.to, "sender": sent.sender,
            "text": sent.text, "office": self.offices.get(&number),
        });
        if let Some(subject) = &sent.subject {
            shown["subject"] = json!(subject);
        }
        shown
    }
}

fn good(body: &Value) -> Response<Body> {
    let mut response = Response::new(whole(body.to_string()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The arrival time of a message as the contract defines it: in domain time if that is simulated.
pub fn now(clocks: Option<&Clocks>) -> String {
    clocks.map(Clocks::shown).unwrap_or_else(|| {
        #[expect(clippy::disallowed_methods, reason = "this is the tests' World")]
        let real = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let real = Moment::from_micros(i64::try_from(real.as_micros()).unwrap_or_default());
        Zone::utc().rfc3339(real)
    })
}

/// Ids of offices by number, from the first lines of their files.
pub fn numbers(folder: &Path) -> Result<BTreeMap<u32, String>> {
    let mut offices = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let text = std::fs::read_to_string(entry?.path())?;
        let first = |name: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix('=').map(str::trim))
        };
        if let (Some(id), Some(number)) = (first("id"), first("number")) {
            offices.insert(number.parse()?, id.trim_matches('"').to_owned());
        }
    }
    Ok(offices)
}
