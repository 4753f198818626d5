//! What handlers take from a request: axum's extractors, except that every rejection is a problem document. Knows no
//! service; how strict a body is (`deny_unknown_fields`) is up to its type.

use crate::problem::{Code, Problem};
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FormRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::convert::Infallible;

/// The largest body, in bytes.
pub const BODY_LIMIT: usize = 64 * 1024;

/// Initial capacity of an answer's buffer, in bytes; most answers fit.
const USUAL_ANSWER: usize = 1024;

/// A JSON body or answer. An empty body without a content type is read as `{}`.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).map(is_json);
        let mut body = Bytes::from_request(request, state).await.map_err(unread)?;
        match kind {
            None if body.is_empty() => body = Bytes::from_static(b"{}"),
            Some(true) => {}
            _ => return Err(Problem::invalid("body", "body-not-json")),
        }
        serde_json::from_slice(&body).map(Json).map_err(|error| malformed(&error))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let mut body = Vec::with_capacity(USUAL_ANSWER);
        if let Err(error) = serde_json::to_writer(&mut body, &self.0) {
            tracing::error!(%error, "an answer has no JSON");
            return Problem::new(Code::Internal).into_response();
        }
        ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
    }
}

fn is_json(value: &http::HeaderValue) -> bool {
    let kind = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let kind = kind.to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn unread(rejection: BytesRejection) -> Problem {
    match rejection.status() {
        http::StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Code::TooLarge),
        _ => Problem::invalid("body", "body-unreadable"),
    }
}

/// Names the field if serde does, so that a form can show the fault in place.
fn malformed(error: &serde_json::Error) -> Problem {
    let said = error.to_string();
    let named = |prefix: &str| said.strip_prefix(prefix).and_then(|rest| rest.split('`').next());
    let problem = if let Some(field) = named("missing field `") {
        Problem::invalid(field, "field-missing")
    } else if let Some(field) = named("unknown field `") {
        Problem::invalid(field, "field-unknown")
    } else if error.is_data() {
        Problem::invalid("body", "field-wrong")
    } else {
        Problem::invalid("body", "body-unreadable")
    };
    problem.hint(said)
}

/// The body of a posted HTML form.
#[derive(Debug, Clone, Copy)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Form::<T>::from_request(request, state).await {
            Ok(axum::Form(form)) => Ok(Form(form)),
            Err(FormRejection::BytesRejection(rejection)) => Err(unread(rejection)),
            Err(FormRejection::InvalidFormContentType(_)) => Err(Problem::new(Code::Unsupported)),
            Err(other) => Err(Problem::invalid("body", "field-wrong").hint(other.body_text())),
        }
    }
}

/// Path parameters. If they cannot be parsed, nothing has that address: `unknown`.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Path(path)| Path(path)).map_err(|_| Problem::new(Code::Unknown))
    }
}

/// Query parameters. The requested language (`lang`) is not part of any handler's query.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let kept: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("lang=")).collect();
        let bare: http::Uri = format!("/?{}", kept.join("&")).parse().map_err(|_| unreadable())?;
        axum::extract::Query::<T>::try_from_uri(&bare)
            .map(|axum::extract::Query(query)| Query(query))
            .map_err(|error| unreadable().hint(error.body_text()))
    }
}

fn unreadable() -> Problem {
    Problem::invalid("query", "field-wrong")
}

/// The header `Idempotency-Key`, 1 to 128 printable ASCII characters, if sent. Strangers may choose the same key, so
/// its value is only given out bound to an owner.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IdempotencyKey(Option<String>);

/// Keys of at least this length, that of a UUID, collide with nobody's by chance.
const UNIQUE: usize = 36;

/// What the answer to a stranger's request reveals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disclosure {
    /// Something that grants access: only ever told to the network that asked first.
    Secret,
    /// Nothing of use to another stranger.
    Nothing,
}

impl IdempotencyKey {
    /// A key that did not come in the header, e.g. from a page's form.
    pub fn typed(key: Option<&str>) -> IdempotencyKey {
        IdempotencyKey(key.map(str::to_owned))
    }
    /// The key of a caller who presented a bearer; the receipt's route must include what the bearer stands for.
    pub fn shown(self) -> Option<String> {
        self.0
    }
    /// The key of a caller who presented nothing: bound to `network`, a keyed hash of where they are, unless the key is
    /// as long as a UUID, hence theirs alone, and the answer reveals nothing.
    pub fn of_stranger(self, network: impl FnOnce() -> String, told: Disclosure) -> Option<String> {
        let key = self.0?;
        let anywhere = told == Disclosure::Nothing && key.len() >= UNIQUE;
        // Always with a suffix of ours, so that no key can imitate another's.
        Some(if anywhere { format!("{key} from anywhere") } else { format!("{key} from {}", network()) })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(IdempotencyKey(None)) };
        let key = value.to_str().unwrap_or_default();
        let plain = key.bytes().all(|b| (0x20..0x7f).contains(&b));
        if plain && (1..=128).contains(&key.len()) {
            return Ok(IdempotencyKey(Some(key.to_owned())));
        }
        Err(Problem::invalid("Idempotency-Key", "key-unreadable"))
    }
}

/// Whether the answer should be a page: for browsers, outside `/api/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WantsHtml(pub bool);

impl WantsHtml {
    /// Decides by the request's headers and path.
    pub fn of(headers: &HeaderMap, path: &str) -> WantsHtml {
        let accept = headers.get(header::ACCEPT).and_then(|a| a.to_str().ok()).unwrap_or_default();
        WantsHtml(!path.starts_with("/api/") && accept.contains("text/html"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for WantsHtml {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(WantsHtml::of(&parts.headers, parts.uri.path()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use serde::Deserialize;

    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Ask {
        #[serde(rename = "code")]
        _code: Option<String>,
    }

    async fn read(kind: Option<&str>, body: &'static str) -> Result<Json<Ask>, Problem> {
        let mut request = Request::builder().method("POST").uri("/");
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        Json::from_request(request.body(Body::from(body)).unwrap(), &()).await
    }

    #[tokio::test]
    async fn bodies_that_are_not_as_agreed_are_invalid_and_name_the_field() {
        let json = Some("application/json; charset=utf-8");
        assert!(read(json, r#"{"code":"1"}"#).await.is_ok());
        assert!(read(None, "").await.is_ok(), "nothing is an empty object");
        for (kind, body, field) in [
            (json, r#"{"code":"#, "body"),
            (json, r#"{"cdoe":"1"}"#, "cdoe"),
            (json, r#"{"code":7}"#, "body"),
            (Some("text/plain"), r#"{"code":"1"}"#, "body"),
            (None, r#"{"code":"1"}"#, "body"),
        ] {
            let problem = read(kind, body).await.unwrap_err();
            assert_eq!(problem.code(), Code::Invalid, "{body}");
            let words = crate::Words::common(crate::Locale::En);
            assert!(problem.fields(&words).contains_key(field), "{body}: {problem:?}");
        }
    }

    #[tokio::test]
    async fn idempotency_keys_outside_their_alphabet_are_invalid() {
        let long = "x".repeat(129);
        for (value, good) in [("abc 1", true), ("", false), (long.as_str(), false), ("ż", false)] {
            let request =
                http::Request::builder().header("idempotency-key", value.as_bytes()).body(()).unwrap();
            let mut parts = request.into_parts().0;
            let read = IdempotencyKey::from_request_parts(&mut parts, &()).await;
            assert_eq!(read.is_ok(), good, "{value}");
        }
    }

    #[tokio::test]
    async fn the_language_in_the_address_is_no_unknown_field_of_a_query() {
        let request = http::Request::builder().uri("/x?lang=en&code=7").body(()).unwrap();
        let mut parts = request.into_parts().0;
        assert!(Query::<Ask>::from_request_parts(&mut parts, &()).await.is_ok());
    }
}
