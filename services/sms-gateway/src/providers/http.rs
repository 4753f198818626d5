//! Posts forms over HTTPS to a provider's account: one client each, no redirects, and only the status and a short body
//! of an answer are kept. Neither the content sent nor the secret appears in any log or error.

use super::BadAddress;
use bytes::Bytes;
use http::{HeaderValue, Request, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::time::Duration;

/// How long to wait for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Answers are a few hundred bytes; anything longer is not from the provider.
const LONGEST: usize = 64 * 1024;

/// Why there is no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum NoAnswer {
    /// The provider was not reached: nothing was accepted.
    NotReached,
    /// It may have been accepted; the text says what went wrong.
    Unknown(&'static str),
}

/// Posts forms to one address, with one secret.
pub(super) struct Account {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    address: Uri,
    secret: HeaderValue,
}

impl Account {
    /// `base` (`https://host[:port]`) and `path` form the address, `secret` is the value of the `Authorization` header.
    pub(super) fn new(base: &str, path: &str, secret: &str) -> Result<Account, BadAddress> {
        let address: Uri = format!("{}{path}", base.trim_end_matches('/'))
            .parse()
            .map_err(|_| BadAddress(format!("{base} is no address")))?;
        if !matches!(address.scheme_str(), Some("http" | "https")) || address.host().is_none() {
            return Err(BadAddress(format!("{base} does not begin with https:// and a host")));
        }
        let mut secret = HeaderValue::from_str(secret)
            .map_err(|_| BadAddress("the token has signs that no token has".to_owned()))?;
        secret.set_sensitive(true);
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(PATIENCE / 2));
        let connector = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        Ok(Account { client: Client::builder(TokioExecutor::new()).build(connector), address, secret })
    }

    /// Posts a form; returns the answer's status and body.
    pub(super) async fn post(&self, fields: &[(&str, &str)]) -> Result<(u16, Bytes), NoAnswer> {
        let answered = tokio::time::timeout(PATIENCE, self.ask(form(fields))).await;
        answered.unwrap_or(Err(NoAnswer::Unknown("no answer in time")))
    }

    async fn ask(&self, form: String) -> Result<(u16, Bytes), NoAnswer> {
        let request = Request::post(self.address.clone())
            .header(header::AUTHORIZATION, self.secret.clone())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::from(form))
            .map_err(|_| NoAnswer::NotReached)?;
        let response = self.client.request(request).await.map_err(|error| {
            if error.is_connect() { NoAnswer::NotReached } else { NoAnswer::Unknown("connection lost") }
        })?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), LONGEST).collect().await;
        Ok((status, body.map_err(|_| NoAnswer::Unknown("answer lost"))?.to_bytes()))
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let encoded =
        fields.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
    encoded.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_scheme_or_a_token_with_a_line_is_refused() {
        assert!(Account::new("https://api.smsapi.pl", "/sms.do", "Bearer abc").is_ok());
        assert!(Account::new("http://127.0.0.1:8001/", "/sms.do", "Bearer abc").is_ok());
        for bad in ["api.smsapi.pl", "ftp://api.smsapi.pl", "https://", ""] {
            assert!(Account::new(bad, "/sms.do", "abc").is_err(), "{bad}");
        }
        let fault = Account::new("https://api.smsapi.pl", "/sms.do", "secret\nline").err().unwrap();
        assert!(!fault.0.contains("secret"), "{fault}");
    }

    #[test]
    fn a_form_keeps_every_sign() {
        assert_eq!(form(&[("a", "ż &=+"), ("b", "")]), "a=%C5%BC%20%26%3D%2B&b=");
    }
}
