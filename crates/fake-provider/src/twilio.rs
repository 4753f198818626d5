//! Twilio's form and its answers, as its own clients know them: errors come under a bad status, with a code. No key makes
//! two messages one.

use crate::FakeProvider;
use crate::behave::Mode;
use crate::book::{AcceptedMessage, Channel};
use crate::reports::{Report, To};
use crate::sms::{Answer, fields};
use data_encoding::BASE64;
use serde_json::{Value, json};
use std::time::Duration;

fn error(status: u16, code: u32, message: &str) -> Answer {
    let more = format!("https://www.twilio.com/docs/errors/{code}");
    let body = json!({"code": code, "message": message, "more_info": more, "status": status});
    Answer::Body(status, body.to_string())
}

/// The account of `/2010-04-01/Accounts/{sid}/Messages.json`.
pub(crate) fn account(path: &str) -> Option<&str> {
    path.strip_prefix("/2010-04-01/Accounts/")?
        .strip_suffix("/Messages.json")
        .filter(|sid| !sid.contains('/'))
}

impl FakeProvider {
    /// `POST …/Messages.json`; `authorization` is the header's value.
    pub(crate) async fn take_twilio(&self, sid: &str, authorization: Option<&str>, body: &str) -> Answer {
        let form = fields(body);
        let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        let Some(token) = self.password(sid, authorization) else {
            return error(401, 20003, "Authenticate");
        };
        let mode = self.0.behaviour.lock().next();
        match mode {
            Mode::Status { status } => return Answer::Body(status, String::new()),
            Mode::Error { number } => return error(400, number, "As told"),
            Mode::Nonsense => return Answer::Body(200, "<html><body>Maintenance</body></html>".into()),
            Mode::Fine | Mode::Slow { .. } | Mode::Lose | Mode::HangUp | Mode::Mixed => {}
        }
        let to = field("To");
        let digits = to.strip_prefix('+').unwrap_or_default();
        if !(9..=15).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return error(400, 21211, &format!("Invalid 'To' Phone Number: {to}"));
        }
        if field("From").is_empty() && field("MessagingServiceSid").is_empty() {
            return error(400, 21603, "A 'From' phone number is required.");
        }
        if field("Body").is_empty() {
            return error(400, 21602, "Message body is required.");
        }
        let arrived = mode != Mode::Lose;
        let url = field("StatusCallback");
        let own = url.split_once("message=").map(|(_, id)| id.to_owned()).unwrap_or_default();
        let number = self.0.book.lock().keep(AcceptedMessage {
            id: String::new(),
            idx: own,
            at: self.now(),
            channel: Channel::Sms,
            to: to.to_owned(),
            sender: field("From").to_owned(),
            subject: None,
            text: field("Body").to_owned(),
            arrived,
            by_key: false,
            asked: 1,
        });
        let id = format!("SM{:0>32}", number.to_lowercase());
        if !url.is_empty() {
            let to = To::Twilio { url: url.to_owned(), account: sid.to_owned(), token };
            self.report(Report { to, id: id.clone(), phone: field("To").to_owned(), arrived });
        }
        match mode {
            Mode::HangUp => return Answer::HangUp,
            Mode::Slow { ms } => tokio::time::sleep(Duration::from_millis(ms)).await,
            _ => {}
        }
        let from = (!field("From").is_empty()).then(|| field("From"));
        let service = (!field("MessagingServiceSid").is_empty()).then(|| field("MessagingServiceSid"));
        let body = json!({
            "account_sid": sid, "api_version": "2010-04-01", "body": field("Body"), "date_created": null,
            "date_sent": null, "date_updated": null, "direction": "outbound-api", "error_code": Value::Null,
            "error_message": null, "from": from, "messaging_service_sid": service, "num_media": "0",
            "num_segments": "1", "price": null, "price_unit": "USD", "sid": id, "status": "queued",
            "subresource_uris": {}, "to": field("To"), "uri": format!("/2010-04-01/Accounts/{sid}/Messages/{id}.json"),
        });
        Answer::Body(201, body.to_string())
    }

    /// The password of this account, where it is the right one.
    fn password(&self, sid: &str, authorization: Option<&str>) -> Option<String> {
        let plain = BASE64.decode(authorization?.strip_prefix("Basic ")?.as_bytes()).ok()?;
        let plain = String::from_utf8(plain).ok()?;
        let (user, password) = plain.split_once(':')?;
        let right = self.0.token.as_deref().is_none_or(|token| token == password);
        (user == sid && right).then(|| password.to_owned())
    }
}
