//! Refusals as people and programs get them: problem documents (RFC 9457) with the stable codes of the public
//! interface. `surface` translates them, and renders a page for a browser. Knows no service's reasons.

use crate::texts::Value;
use crate::words::Words;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use okienko_identity::Beyond;
use okienko_kernel::{Fault, Moment, Zone};
use okienko_proto::common::Refusal;
use serde::Serialize;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal;)*) => {
        /// A stable code of the public interface, with the HTTP status that goes with it.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code.
            pub const ALL: &[Code] = &[$(Code::$name,)*];
            /// The code as written in answers.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code,)* }
            }
            /// The HTTP status of an answer with this code.
            pub fn status(self) -> StatusCode {
                let number: u16 = match self { $(Code::$name => $status,)* };
                StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    };
}

codes! {
    /// Data that must be corrected; `fields` says where.
    Invalid = "invalid", 422;
    /// No place left at that time.
    SlotFull = "slot_full", 409;
    /// The hold has ended.
    HoldExpired = "hold_expired", 410;
    /// Wrong code; `attempts_left` is the number of attempts that remain.
    CodeWrong = "code_wrong", 422;
    /// The code has expired.
    CodeExpired = "code_expired", 410;
    /// Before the window opens, at `from`.
    TooEarly = "too_early", 409;
    /// After the window has closed.
    TooLate = "too_late", 409;
    /// The reservation is for another service.
    WrongService = "wrong_service", 409;
    /// The reservation is at another location.
    WrongLocation = "wrong_location", 409;
    /// The reservation was cancelled.
    Cancelled = "cancelled", 410;
    /// The office only takes bookings from within its country.
    NotInTerritory = "not_in_territory", 403;
    /// The office only takes bookings from people who are signed in.
    AccountRequired = "account_required", 401;
    /// The person already has as many reservations as allowed.
    LimitReached = "limit_reached", 409;
    /// There is a visitor at that counter.
    CounterBusy = "counter_busy", 409;
    /// Too many requests; `Retry-After` says when to try again.
    RateLimited = "rate_limited", 429;
    /// The request must include a solved challenge.
    ChallengeRequired = "challenge_required", 403;
    /// The idempotency key was already used with another body.
    KeyReused = "key_reused", 422;
    /// No such thing exists.
    Unknown = "unknown", 404;
    /// The caller is not allowed to do this.
    Forbidden = "forbidden", 403;
    /// A required part is unavailable; nothing was changed.
    Unavailable = "unavailable", 503;
    /// The body exceeds the size limit.
    TooLarge = "too_large", 413;
    /// The rest of the body did not arrive in time.
    TooSlow = "too_slow", 408;
    /// The address does not support this method.
    Method = "method", 405;
    /// The address does not accept this content type.
    Unsupported = "unsupported", 415;
    /// The current state does not allow it.
    Conflict = "conflict", 409;
    /// A fault on our side.
    Internal = "internal", 500;
}

impl Code {
    /// Parses a code.
    pub fn parse(code: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|c| c.as_str() == code)
    }
}

/// A refusal on its way to a person or program. An answer in itself; inside `okienko_web::Surface` it is put into words.
#[derive(Clone, Debug)]
pub struct Problem(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    code: Code,
    attempts_left: Option<u32>,
    retry_after_s: Option<u32>,
    from: Option<(Moment, Zone)>,
    fields: BTreeMap<String, String>,
    detail: Option<String>,
    hint: Option<String>,
    extra: Map<String, Json>,
}

/// Nothing was promised: the caller may ask again.
impl From<Fault> for Problem {
    fn from(fault: Fault) -> Problem {
        match fault {
            Fault::KeyReused => Problem::new(Code::KeyReused),
            Fault::NotDone(what) | Fault::Damaged(what) => {
                tracing::warn!(error = what, "not carried out");
                Problem::unavailable(1)
            }
            Fault::Busy | Fault::Unknown => Problem::unavailable(1),
        }
    }
}

impl From<Beyond> for Problem {
    fn from(beyond: Beyond) -> Problem {
        let forbidden = Problem::new(Code::Forbidden);
        match beyond {
            Beyond::Reach => forbidden,
            Beyond::NoLocation => forbidden.hint("the token names no location"),
            Beyond::NoCounter => forbidden.hint("the token names no counter"),
        }
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Problem {
        Problem::new(code)
    }
}

impl Problem {
    /// A problem with nothing but its code.
    pub fn new(code: Code) -> Problem {
        Problem(Box::new(Inner {
            code,
            attempts_left: None,
            retry_after_s: None,
            from: None,
            fields: BTreeMap::new(),
            detail: None,
            hint: None,
            extra: Map::new(),
        }))
    }
    /// `invalid` because of one field; `message` is a message's key, or the text itself if there is no such key.
    pub fn invalid(field: &str, message: &str) -> Problem {
        Problem::new(Code::Invalid).field(field, message)
    }
    /// `unavailable`, worth retrying after that many seconds.
    pub fn unavailable(retry_after_s: u32) -> Problem {
        Problem::new(Code::Unavailable).retry_after(retry_after_s)
    }
    /// A refusal from another service. `zone` is the office's, to give `from` the right offset. A code unknown to this
    /// version becomes `conflict`.
    pub fn of(refusal: &Refusal, zone: &Zone) -> Problem {
        let code = Code::parse(&refusal.code).unwrap_or_else(|| {
            tracing::error!(code = refusal.code, "a refusal with an unknown code");
            Code::Conflict
        });
        let mut problem = Problem::new(code);
        problem.0.attempts_left = refusal.attempts_left;
        problem.0.retry_after_s = refusal.retry_after_s;
        problem.0.from = refusal.from.map(|at| (Moment::from_micros(at), zone.clone()));
        problem.0.fields = refusal.fields.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        problem
    }
    /// The number of attempts left (`code_wrong`).
    pub fn attempts_left(mut self, n: u32) -> Problem {
        self.0.attempts_left = Some(n);
        self
    }
    /// Seconds until a retry is worthwhile; also sent as `Retry-After`.
    pub fn retry_after(mut self, seconds: u32) -> Problem {
        self.0.retry_after_s = Some(seconds);
        self
    }
    /// The moment from which it is possible (`too_early`, or another code whose explanation uses it as `from` and
    /// `date`), in the office's zone.
    pub fn from_moment(mut self, at: Moment, zone: &Zone) -> Problem {
        self.0.from = Some((at, zone.clone()));
        self
    }
    /// Adds a faulty field; `message` as in [`Problem::invalid`].
    pub fn field(mut self, name: &str, message: &str) -> Problem {
        self.0.fields.insert(name.to_owned(), message.to_owned());
        self
    }
    /// Replaces the code's own explanation: a message's key, or text.
    pub fn explained(mut self, message: &str) -> Problem {
        self.0.detail = Some(message.to_owned());
        self
    }
    /// A line in English for the client's developer.
    pub fn hint(mut self, hint: impl Into<String>) -> Problem {
        self.0.hint = Some(hint.into());
        self
    }
    /// Adds a member to the document.
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Problem {
        self.0.extra.insert(name.to_owned(), value.into());
        self
    }
    /// A member added by [`Problem::with`].
    pub fn extra(&self, name: &str) -> Option<&Json> {
        self.0.extra.get(name)
    }
    /// The code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// Whether that was the last attempt: the SMS code is no longer valid.
    pub fn is_used_up(&self) -> bool {
        self.0.code == Code::CodeWrong && self.0.attempts_left == Some(0)
    }

    /// What happened, in short.
    pub fn title(&self, words: &Words) -> String {
        // An explanation may have its own title: "not found" means something else for a code than for a page.
        let own = self.0.detail.as_ref().map(|key| format!("{key}-title"));
        let own = own.filter(|key| words.texts().has(words.locale(), key));
        own.map_or_else(|| words.t(&format!("problem-{}", self.0.code.as_str())), |key| words.t(&key))
    }
    /// What it means and what to do.
    pub fn detail(&self, words: &Words) -> String {
        let inner = &self.0;
        // Looked up only when nothing is filled in: a message that names a moment has no text without one.
        let plain = || match &inner.detail {
            Some(key) => words.text_or_key(key),
            None => words.t(&format!("problem-{}-detail", inner.code.as_str())),
        };
        if self.is_used_up() {
            return words.t("problem-code_wrong-used-up");
        }
        if let (Code::CodeWrong, Some(left)) = (inner.code, inner.attempts_left) {
            return format!("{} {}", plain(), words.n("attempts-left", left));
        }
        if let Some((at, zone)) = &inner.from {
            let (day, time) = zone.local(*at);
            let said = inner
                .detail
                .as_deref()
                .or((inner.code == Code::TooEarly).then_some("problem-too_early-from"));
            if let Some(key) = said {
                let values =
                    [("from", Value::from(words.time(time))), ("date", Value::from(words.date(day)))];
                return words.ta(key, &values);
            }
        }
        if let (Code::RateLimited, Some(seconds)) = (inner.code, inner.retry_after_s) {
            let wait = match seconds {
                0..=90 => words.n("seconds-for", seconds),
                _ => words.n("minutes-for", seconds.div_ceil(60)),
            };
            return words.ta("problem-rate_limited-wait", &[("wait", Value::from(wait))]);
        }
        plain()
    }
    /// The faulty fields, each with what to write instead.
    pub fn fields(&self, words: &Words) -> BTreeMap<String, String> {
        self.0.fields.iter().map(|(name, key)| (name.clone(), words.text_or_key(key))).collect()
    }

    /// The faulty fields with their messages' keys, for a page that words them itself.
    pub fn field_keys(&self) -> &BTreeMap<String, String> {
        &self.0.fields
    }

    /// The whole answer in these words. Handlers return the problem itself instead.
    pub fn response(&self, words: &Words) -> Response {
        let inner = &self.0;
        let has_fields = inner.code == Code::Invalid || !inner.fields.is_empty();
        let document = Document {
            r#type: format!("urn:okienko:problem:{}", inner.code.as_str()),
            title: self.title(words),
            status: inner.code.status().as_u16(),
            detail: self.detail(words),
            code: inner.code.as_str(),
            attempts_left: inner.attempts_left,
            from: inner.from.as_ref().map(|(at, zone)| zone.rfc3339(*at)),
            fields: has_fields.then(|| self.fields(words)),
            hint: inner.hint.as_deref(),
            extra: &inner.extra,
        };
        let json = [(header::CONTENT_TYPE, "application/problem+json")];
        // Maps with text keys always serialize.
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = (inner.code.status(), json, body).into_response();
        self.put_headers(response.headers_mut());
        if let Ok(language) = HeaderValue::from_str(words.locale().tag()) {
            response.headers_mut().insert(header::CONTENT_LANGUAGE, language);
        }
        response
    }

    /// Sets `Retry-After` if the problem has one; `rate_limited` and `unavailable` always do.
    pub fn put_headers(&self, headers: &mut http::HeaderMap) {
        let must = matches!(self.0.code, Code::RateLimited | Code::Unavailable);
        let seconds = self.0.retry_after_s.or(must.then_some(5));
        if let Some(seconds) = seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
}

/// A problem document as in RFC 9457, with the members of our contract.
#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: String,
    status: u16,
    detail: String,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts_left: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    #[serde(flatten)]
    extra: &'a Map<String, Json>,
}

/// Without text: the surface around the handler adds it, knowing the visitor's language and the service's messages.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.code().status().into_response();
        self.put_headers(response.headers_mut());
        response.extensions_mut().insert(self);
        response
    }
}

/// The shape of a problem document, for the OpenAPI description.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ProblemDocument {
    /// `urn:okienko:problem:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, in the visitor's language.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What it means and what to do, in the visitor's language.
    pub detail: String,
    /// The stable code.
    pub code: String,
    /// With `code_wrong`: how many tries are left.
    pub attempts_left: Option<u32>,
    /// With `too_early`: from when, RFC 3339.
    pub from: Option<String>,
    /// With `invalid`: field to what to write instead.
    pub fields: Option<BTreeMap<String, String>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locale;
    use serde_json::json;

    fn words() -> Words {
        Words::common(Locale::Pl)
    }

    #[test]
    fn every_code_has_its_texts_in_every_language() {
        for locale in Locale::ALL {
            let words = Words::common(locale);
            for code in Code::ALL {
                let problem = Problem::new(*code);
                assert!(!problem.title(&words).starts_with('['), "{code:?}");
                assert!(!problem.detail(&words).starts_with('['), "{code:?}");
                assert_eq!(Code::parse(code.as_str()), Some(*code));
            }
        }
    }

    async fn json(response: Response) -> Json {
        let bytes = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[tokio::test]
    async fn a_refusal_becomes_a_document_with_its_own_members() {
        let zone = Zone::named("Europe/Warsaw").unwrap();
        let at = okienko_kernel::civil::parse_rfc3339("2026-12-01T09:05:00+01:00").unwrap();
        let refusal = Refusal { code: "too_early".into(), from: Some(at.micros()), ..Default::default() };
        let response = Problem::of(&refusal, &zone).response(&words());
        assert_eq!(response.status(), StatusCode::CONFLICT);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let body = json(response).await;
        assert_eq!(body["code"], "too_early");
        assert_eq!(body["from"], "2026-12-01T09:05:00+01:00");
        assert_eq!(body["detail"], "Możesz to zrobić od 09:05.");

        let wrong = Refusal { code: "code_wrong".into(), attempts_left: Some(2), ..Default::default() };
        let body = json(Problem::of(&wrong, &zone).response(&words())).await;
        assert_eq!((&body["attempts_left"], &body["status"]), (&json!(2), &json!(422)));

        let strange = Refusal { code: "from_the_future".into(), ..Default::default() };
        assert_eq!(Problem::of(&strange, &zone).code(), Code::Conflict);
    }

    #[tokio::test]
    async fn faulty_fields_are_said_in_words_and_invalid_always_has_fields() {
        let body = json(Problem::invalid("name", "field-missing").response(&words())).await;
        assert_eq!(body["fields"]["name"], "To pole jest wymagane. Wpisz brakującą treść.");
        let body = json(Problem::new(Code::Invalid).response(&words())).await;
        assert!(body["fields"].as_object().unwrap().is_empty());
    }

    #[test]
    fn too_often_and_unavailable_say_when_to_try_again() {
        let retry = |p: Problem| p.response(&words()).headers()["retry-after"].to_str().unwrap().to_owned();
        assert_eq!(retry(Problem::new(Code::RateLimited).retry_after(30)), "30");
        assert_eq!(retry(Problem::new(Code::RateLimited)), "5");
        assert_eq!(retry(Problem::unavailable(2)), "2");
    }
}
