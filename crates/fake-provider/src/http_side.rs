//! The HTTP side: SMSAPI's one route, Twilio's, and the routes by which a test looks and tells.

use crate::FakeProvider;
use crate::behave::Mode;
use crate::reports::Reports;
use crate::sms::{Answer, fields};
use crate::twilio::account;
use bytes::Bytes;
use http::{Method, Request, Response, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// The connection is to end without an answer.
#[derive(Debug, thiserror::Error)]
#[error("hangs up, as told")]
struct HangsUp;

pub(crate) async fn serve(provider: FakeProvider, listener: TcpListener) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        while connections.try_join_next().is_some() {}
        let _ = stream.set_nodelay(true);
        let provider = provider.clone();
        let service = service_fn(move |request| {
            let provider = provider.clone();
            async move { answer(&provider, request).await }
        });
        connections.spawn(async move {
            let served =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            if let Err(error) = served.await {
                tracing::debug!(%error, "a connection has ended");
            }
        });
    }
}

#[derive(Deserialize)]
struct ReportsRequest {
    reports: Reports,
}

#[derive(Deserialize)]
struct BehaveRequest {
    #[serde(flatten)]
    mode: Mode,
    times: Option<u32>,
}

async fn answer(
    provider: &FakeProvider,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, HangsUp> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| HangsUp)?.to_bytes();
    let body = String::from_utf8_lossy(&body);
    let told = |answer| match answer {
        Answer::Body(status, text) => Ok((status, text)),
        Answer::HangUp => Err(HangsUp),
    };
    let authorization = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (status, text) = match (&parts.method, parts.uri.path()) {
        (&Method::POST, "/sms.do") => {
            let bearer = authorization.and_then(|value| value.strip_prefix("Bearer "));
            told(provider.take_sms(bearer, &body).await)?
        }
        (&Method::POST, path) if account(path).is_some() => {
            let sid = account(path).unwrap_or_default();
            told(provider.take_twilio(sid, authorization, &body).await)?
        }
        (&Method::POST, "/admin/reports") => match serde_json::from_str::<ReportsRequest>(&body) {
            Ok(told) => {
                provider.reports(told.reports);
                (204, String::new())
            }
            Err(error) => (422, error.to_string()),
        },
        (&Method::GET, "/admin/messages") => {
            let query = fields(parts.uri.query().unwrap_or_default());
            let messages = match query.get("to") {
                Some(to) => provider.arrived(to),
                None => provider.accepted(),
            };
            (200, json!({"messages": messages}).to_string())
        }
        (&Method::DELETE, "/admin/messages") => {
            provider.0.book.lock().forget();
            (204, String::new())
        }
        (&Method::POST, "/admin/behave") => match serde_json::from_str::<BehaveRequest>(&body) {
            Ok(BehaveRequest { mode: Mode::Status { status }, .. }) if !(400..600).contains(&status) => {
                (422, "a status is 400 to 599".to_owned())
            }
            Ok(told) => {
                provider.behave(told.mode, told.times);
                (204, String::new())
            }
            Err(error) => (422, error.to_string()),
        },
        _ => {
            let ways = "POST /sms.do or …/Messages.json, GET or DELETE /admin/messages, POST /admin/behave or /admin/reports";
            (404, ways.to_owned())
        }
    };
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    Ok(response)
}
