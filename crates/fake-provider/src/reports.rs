//! What becomes of messages, told to whoever sent them: SMSAPI's reports by GET until the answer is `OK`, Twilio's by a
//! signed POST. Can be told to report twice, in the wrong order or never. Knows nothing of who sends.

use crate::FakeProvider;
use bytes::Bytes;
use data_encoding::BASE64;
use http::{Request, header};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use ring::hmac;
use serde::Deserialize;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Reports on their way at once.
const AT_ONCE: usize = 32;
/// How often SMSAPI's is tried, and the pause between two.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(250);
/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// How messages are reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reports {
    /// First that it is on its way, then its end.
    #[default]
    Fine,
    /// Its end twice.
    Twice,
    /// Its end before it is on its way.
    Backwards,
    /// Not at all.
    Never,
}

/// Whom a report goes to, in whose form.
#[derive(Clone, Debug)]
pub(crate) enum To {
    /// SMSAPI's `notify_url`, with the sender's own key.
    SmsApi { url: String, idx: String },
    /// Twilio's `StatusCallback`, signed with the account's token.
    Twilio { url: String, account: String, token: String },
}

/// A message of which is to be told.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) to: To,
    pub(crate) id: String,
    pub(crate) phone: String,
    pub(crate) arrived: bool,
}

#[derive(Clone, Copy)]
enum What {
    OnItsWay,
    End,
}

/// Tells for as long as it is polled.
pub(crate) async fn tell(provider: FakeProvider, mut due: mpsc::Receiver<Report>) {
    let client: Client<HttpConnector, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let mut telling = JoinSet::new();
    while let Some(report) = due.recv().await {
        let steps: &[What] = match *provider.0.reports.lock() {
            Reports::Fine => &[What::OnItsWay, What::End],
            Reports::Twice => &[What::End, What::End],
            Reports::Backwards => &[What::End, What::OnItsWay],
            Reports::Never => &[],
        };
        while telling.len() >= AT_ONCE {
            telling.join_next().await;
        }
        let client = client.clone();
        telling.spawn(async move {
            for step in steps {
                report.tell(&client, *step).await;
            }
        });
    }
}

impl Report {
    async fn tell(&self, client: &Client<HttpConnector, Full<Bytes>>, what: What) {
        // SMSAPI comes again until it reads `OK`; Twilio says it once.
        let tries = if matches!(self.to, To::SmsApi { .. }) { TRIES } else { 1 };
        for _ in 0..tries {
            let Some(request) = self.request(what) else { return };
            let answered = async {
                let response = client.request(request).await.ok()?;
                let status = response.status().as_u16();
                Some((status, response.into_body().collect().await.ok()?.to_bytes()))
            };
            match tokio::time::timeout(PATIENCE, answered).await {
                Ok(Some((200, body))) if matches!(self.to, To::Twilio { .. }) || body == "OK" => return,
                answer => tracing::debug!(error = ?answer, "a report was not taken"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn request(&self, what: What) -> Option<Request<Full<Bytes>>> {
        match &self.to {
            To::SmsApi { url, idx } => {
                let (status, name) = match (what, self.arrived) {
                    (What::OnItsWay, _) => ("403", "SENT"),
                    (What::End, true) => ("404", "DELIVERED"),
                    (What::End, false) => ("405", "UNDELIVERED"),
                };
                let fields = [
                    ("MsgId", self.id.as_str()),
                    ("status", status),
                    ("status_name", name),
                    ("idx", idx),
                    ("points", "0.1"),
                    ("to", self.phone.trim_start_matches('+')),
                    ("sent_at", "1625650925"),
                    ("donedate", "1625650938"),
                    ("from", "Test"),
                ];
                let sep = if url.contains('?') { '&' } else { '?' };
                Request::get(format!("{url}{sep}{}", form(&fields))).body(Full::default()).ok()
            }
            To::Twilio { url, account, token } => {
                let status = match (what, self.arrived) {
                    (What::OnItsWay, _) => "sent",
                    (What::End, true) => "delivered",
                    (What::End, false) => "undelivered",
                };
                let fields = [
                    ("AccountSid", account.as_str()),
                    ("ApiVersion", "2010-04-01"),
                    ("From", "+48732000000"),
                    ("MessageSid", &self.id),
                    ("MessageStatus", status),
                    ("RawDlrDoneDate", "2611250830"),
                    ("SmsSid", &self.id),
                    ("SmsStatus", status),
                    ("To", &self.phone),
                ];
                let signed: String = fields.iter().flat_map(|(name, value)| [*name, *value]).collect();
                let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
                let signature = BASE64.encode(hmac::sign(&key, format!("{url}{signed}").as_bytes()).as_ref());
                Request::post(url)
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8")
                    .header("x-twilio-signature", signature)
                    .body(Full::from(form(&fields)))
                    .ok()
            }
        }
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let encoded =
        fields.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
    encoded.collect::<Vec<_>>().join("&")
}
