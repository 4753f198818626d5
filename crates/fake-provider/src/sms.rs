//! SMSAPI's form and its answers, as its own clients know them: errors come under a good status.

use crate::FakeProvider;
use crate::behave::Mode;
use crate::book::{AcceptedMessage, Channel};
use crate::reports::{Report, To};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// What goes back.
pub(crate) enum Answer {
    /// A status and a body.
    Body(u16, String),
    /// Nothing: the connection ends.
    HangUp,
}

/// The fields of a form or query.
pub(crate) fn fields(text: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

fn error(number: u32, message: &str) -> Answer {
    Answer::Body(200, json!({"error": number, "message": message}).to_string())
}

impl FakeProvider {
    /// `POST /sms.do`.
    pub(crate) async fn take_sms(&self, bearer: Option<&str>, body: &str) -> Answer {
        let form = fields(body);
        let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        if bearer.is_none() || self.0.token.as_deref().is_some_and(|token| bearer != Some(token)) {
            return error(101, "Authorization failed");
        }
        let mode = self.0.behaviour.lock().next();
        match mode {
            Mode::Status { status } => return Answer::Body(status, String::new()),
            Mode::Error { number } => return error(number, "As told"),
            Mode::Nonsense => return Answer::Body(200, "<html><body>Maintenance</body></html>".into()),
            Mode::Fine | Mode::Slow { .. } | Mode::Lose | Mode::HangUp | Mode::Mixed => {}
        }
        let to = field("to");
        if !(9..=15).contains(&to.len()) || !to.bytes().all(|b| b.is_ascii_digit()) {
            let number = json!({"number": to, "submitted_number": to, "message": "Invalid phone number"});
            let body =
                json!({"invalid_numbers": [number], "error": 13, "message": "No correct phone numbers"});
            return Answer::Body(200, body.to_string());
        }
        if field("message").is_empty() {
            return error(11, "No message");
        }
        let accepted = self.accept(&form, mode != Mode::Lose);
        match mode {
            Mode::HangUp => return Answer::HangUp,
            Mode::Slow { ms } => tokio::time::sleep(Duration::from_millis(ms)).await,
            _ => {}
        }
        match accepted {
            Some(list) => Answer::Body(200, json!({"count": 1, "list": [list]}).to_string()),
            None => error(53, "Not unique idx"),
        }
    }

    /// Keeps the message, unless it was accepted before under a key that is to be checked.
    fn accept(&self, form: &BTreeMap<String, String>, arrived: bool) -> Option<Value> {
        let field = |name: &str| form.get(name).cloned().unwrap_or_default();
        let (idx, to) = (field("idx"), field("to"));
        let mut book = self.0.book.lock();
        if field("check_idx") == "1" && book.has(&idx) {
            return None;
        }
        let phone = format!("+{to}");
        let id = book.keep(AcceptedMessage {
            id: String::new(),
            idx: idx.clone(),
            at: self.now(),
            channel: Channel::Sms,
            to: format!("+{to}"),
            sender: field("from"),
            subject: None,
            text: field("message"),
            arrived,
            by_key: field("check_idx") == "1",
            asked: 1,
        });
        drop(book);
        if let Some(url) = form.get("notify_url").filter(|url| !url.is_empty()).cloned() {
            self.report(Report { to: To::SmsApi { url, idx: idx.clone() }, id: id.clone(), phone, arrived });
        }
        let idx = (!idx.is_empty()).then_some(idx);
        Some(json!({
            "id": id, "points": 0.1, "number": to, "date_sent": 0, "submitted_number": to, "status": "QUEUE",
            "idx": idx, "error": null,
        }))
    }
}
