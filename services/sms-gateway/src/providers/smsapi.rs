//! SMSAPI.pl over HTTP: one form, a bearer token, our message id as their `idx`, so that a message sent twice is one SMS.
//! What an answer means is in `smsapi_answer`. The token and the text are in no log and no error.

use super::BadAddress;
use super::smsapi_answer::read;
use crate::domain::Reason;
use crate::provider::{OutMessage, Provider, ProviderFault, ProviderReceipt};
use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderValue, Request, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::time::Duration;

/// How long an answer is waited for; what became of a message without one is told by the next try with the same `idx`.
const PATIENCE: Duration = Duration::from_secs(10);
/// Answers are a few hundred bytes; more is not from SMSAPI.
const LONGEST: usize = 64 * 1024;

/// An account at SMSAPI.
pub struct SmsApi {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    send: Uri,
    bearer: HeaderValue,
}

impl SmsApi {
    /// Its name as a provider.
    pub const NAME: &'static str = "smsapi";
    /// Where accounts at smsapi.pl send to.
    pub const ADDRESS: &'static str = "https://api.smsapi.pl";

    /// An account by its token, at `address` (`https://api.smsapi.pl`; other countries and tests have others).
    pub fn new(address: &str, token: &str) -> Result<SmsApi, BadAddress> {
        let send = format!("{}/sms.do", address.trim_end_matches('/'));
        let send: Uri = send.parse().map_err(|_| BadAddress(format!("{address} is no address")))?;
        if !matches!(send.scheme_str(), Some("http" | "https")) || send.host().is_none() {
            return Err(BadAddress(format!("{address} does not begin with https:// and a host")));
        }
        let mut bearer = HeaderValue::from_str(&format!("Bearer {token}"))
            .map_err(|_| BadAddress("the token has signs that no token has".to_owned()))?;
        bearer.set_sensitive(true);
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(PATIENCE / 2));
        let connector = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        Ok(SmsApi { client: Client::builder(TokioExecutor::new()).build(connector), send, bearer })
    }

    async fn ask(&self, form: String) -> Result<(u16, Bytes), ProviderFault> {
        let request = Request::post(self.send.clone())
            .header(header::AUTHORIZATION, self.bearer.clone())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::from(form))
            .map_err(|_| again("no request"))?;
        let response = self
            .client
            .request(request)
            .await
            .map_err(|error| again(if error.is_connect() { "not reached" } else { "connection lost" }))?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), LONGEST).collect().await;
        Ok((status, body.map_err(|_| again("answer lost"))?.to_bytes()))
    }
}

fn again(why: &str) -> ProviderFault {
    ProviderFault::Again(Reason::new(why))
}

/// The form of one message.
fn form(message: &OutMessage) -> String {
    let id = message.id.to_string();
    let fields = [
        ("to", message.to.trim_start_matches('+')),
        ("message", &message.text),
        ("from", &message.sender),
        ("format", "json"),
        ("encoding", "utf-8"),
        ("idx", &id),
        ("check_idx", "1"),
    ];
    let encoded =
        fields.map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
    encoded.join("&")
}

#[async_trait]
impl Provider for SmsApi {
    fn name(&self) -> &str {
        Self::NAME
    }
    async fn send(&self, message: OutMessage) -> Result<ProviderReceipt, ProviderFault> {
        let answered = tokio::time::timeout(PATIENCE, self.ask(form(&message))).await;
        let (status, body) = answered.map_err(|_| again("no answer in time"))??;
        read(status, &body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_scheme_or_a_token_with_a_line_is_refused() {
        assert!(SmsApi::new(SmsApi::ADDRESS, "abc").is_ok());
        assert!(SmsApi::new("http://127.0.0.1:8001/", "abc").is_ok());
        for bad in ["api.smsapi.pl", "ftp://api.smsapi.pl", "https://", ""] {
            assert!(SmsApi::new(bad, "abc").is_err(), "{bad}");
        }
        let fault = SmsApi::new(SmsApi::ADDRESS, "secret\nline").err().unwrap();
        assert!(!fault.0.contains("secret"), "{fault}");
    }
}
