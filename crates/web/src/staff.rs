//! Which member of staff or device sent a request: its token in a header or cookie, checked by [`SignIn`]. Knows no
//! accounts of citizens and no storage; whoever learns of revoked tokens registers them with [`SignIn`].

pub mod by_hand;
pub mod idle;
pub(crate) mod until_revoked;

use self::by_hand::ByHand;
use self::idle::IDLE;
use crate::cookies::Cookie;
use crate::extract::WantsHtml;
use crate::floor::Floor;
use crate::problem::{Code, Problem};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::response::{IntoResponse, Redirect, Response};
use http::request::Parts;
use http::{HeaderMap, Method, header};
pub use okienko_identity::{Claims, Revocations, TokenFault, sign, verify};
pub use okienko_kernel::Role;
use okienko_kernel::{Keys, Moment, Span, Tasks};
use parking_lot::RwLock;
use std::convert::Infallible;
use std::sync::Arc;

/// What it takes to recognise staff and devices. Shared by all services of a process.
pub struct SignIn {
    keys: Keys,
    real_now: Arc<dyn Fn() -> Moment + Send + Sync>,
    /// The lists of revoked tokens.
    revoked: RwLock<Vec<Arc<Revocations>>>,
    offices: RwLock<Vec<(String, String)>>,
    pub(crate) by_hand: ByHand,
    /// The state of the write limits.
    pub(crate) writes: Floor,
    /// People of the demo, offered on the sign-in page; empty in a real installation.
    pub demo_people: Vec<DemoPerson>,
    /// Runs to its end what a request has begun when its client hangs up; `None`: the work ends there.
    pub tasks: Option<Arc<dyn Tasks>>,
    /// Whether tokens of the demo's people are accepted: only in a demo or a drill.
    pub takes_demo: bool,
    /// Whether cookies are marked `Secure`: wherever pages are served over HTTPS.
    pub secure_cookie: bool,
    /// How long a person may stay away from the staff pages.
    pub idle: Span,
}

/// Somebody whom the demo offers to sign in as.
#[derive(Clone, Debug)]
pub struct DemoPerson {
    /// The person's or device's name.
    pub name: String,
    /// The login name; the password is the demo's. Empty for a device.
    pub login: String,
    /// The office's name.
    pub office: String,
    /// The name of their location; empty for somebody of the whole office.
    pub place: String,
    /// Their role.
    pub role: Role,
    /// Their counter, if any.
    pub counter: Option<String>,
    /// The token that signs them in.
    pub token: String,
    /// The page they start on, a local path.
    pub goes_to: String,
}

impl SignIn {
    /// With the installation's keys and the real clock (never the demo's).
    pub fn new(keys: Keys, real_now: Arc<dyn Fn() -> Moment + Send + Sync>) -> SignIn {
        let (revoked, offices) = (RwLock::default(), RwLock::default());
        let (by_hand, writes) = (ByHand::default(), Floor::default());
        SignIn {
            keys,
            real_now,
            revoked,
            offices,
            by_hand,
            writes,
            demo_people: vec![],
            tasks: None,
            takes_demo: false,
            secure_cookie: false,
            idle: IDLE,
        }
    }
    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }
    /// From now on refuses the tokens listed as revoked there.
    pub fn heed(&self, revoked: &Arc<Revocations>) {
        let mut all = self.revoked.write();
        if !all.iter().any(|known| Arc::ptr_eq(known, revoked)) {
            all.push(revoked.clone());
        }
    }
    /// Sets the offices (id, name) offered at sign-in.
    pub fn know_offices(&self, offices: Vec<(String, String)>) {
        *self.offices.write() = offices;
    }
    /// See [`SignIn::know_offices`].
    pub fn offices(&self) -> Vec<(String, String)> {
        self.offices.read().clone()
    }
    /// Now, in real time.
    pub(crate) fn now(&self) -> Moment {
        (self.real_now)()
    }
    /// The claims of a token that is genuine, current and not revoked.
    pub fn check(&self, token: &str) -> Result<Claims, TokenFault> {
        let claims = verify(&self.keys, token, (self.real_now)())?;
        // Made with a secret that a demo left behind, or seen on its sign-in page.
        if claims.id.ends_with(DEMO_TOKEN) && !self.takes_demo {
            return Err(TokenFault::Revoked);
        }
        let is_revoked = self.revoked.read().iter().any(|revoked| revoked.contains(&claims.id));
        if is_revoked { Err(TokenFault::Revoked) } else { Ok(claims) }
    }
}

/// The suffix of token ids of the demo's people, and of no others.
pub const DEMO_TOKEN: &str = "-demo";

/// The cookie that holds a signed-in person's token.
pub(crate) const COOKIE: Cookie<'_> = Cookie::new("okienko_staff");

/// The person or device that asks, by `Authorization: Bearer` or the sign-in cookie. A browser that is not signed in is
/// sent to the sign-in page; everybody else gets `forbidden`.
#[derive(Clone, Debug)]
pub struct Staff(pub Claims);

impl<S: Send + Sync> FromRequestParts<S> for Staff {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let Some(sign_in) = parts.extensions.get::<Arc<SignIn>>().cloned() else {
            tracing::error!("a staff handler stands on a surface without sign-in");
            return Err(Problem::new(Code::Forbidden).into_response());
        };
        if let Some(token) = bearer(&parts.headers) {
            let claims = sign_in.check(token).map_err(|fault| refused(fault).into_response())?;
            sign_in.seen(&claims).await;
            return Ok(Staff(claims));
        }
        let there = |claims| sign_in.still_there(claims, &parts.headers);
        let checked = COOKIE.read(&parts.headers).map(|token| sign_in.check(token).and_then(there));
        match checked {
            Some(Ok(_)) if changes(&parts.method) && !same_origin(&parts.headers) => {
                Err(Problem::new(Code::Forbidden).hint("the request comes from another site").into_response())
            }
            Some(Ok(claims)) => {
                sign_in.seen(&claims).await;
                Ok(Staff(claims))
            }
            _ if WantsHtml::of(&parts.headers, parts.uri.path()).0 && parts.method == Method::GET => {
                let idle = matches!(checked, Some(Err(TokenFault::Idle)));
                Err(to_sign_in(parts, idle).into_response())
            }
            Some(Err(fault)) => Err(refused(fault).into_response()),
            None => Err(Problem::new(Code::Forbidden).hint("no token was sent").into_response()),
        }
    }
}

/// For handlers that also serve others: `None` where [`Staff`] would refuse.
impl<S: Send + Sync> OptionalFromRequestParts<S> for Staff {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(<Staff as FromRequestParts<S>>::from_request_parts(parts, state).await.ok())
    }
}

fn refused(fault: TokenFault) -> Problem {
    Problem::new(Code::Forbidden).explained(said(fault))
}

/// The key of the message that says why a token is not accepted.
pub(crate) fn said(fault: TokenFault) -> &'static str {
    match fault {
        TokenFault::Forged => "sign-in-wrong",
        TokenFault::Expired => "sign-in-expired",
        TokenFault::Revoked => "sign-in-revoked",
        TokenFault::Idle => "sign-in-idle",
    }
}

fn to_sign_in(parts: &Parts, idle: bool) -> Redirect {
    let here = parts.uri.path_and_query().map_or("/", |p| p.as_str());
    let to = percent_encoding::utf8_percent_encode(here, percent_encoding::NON_ALPHANUMERIC);
    let why = if idle { "&why=idle" } else { "" };
    Redirect::to(&format!("/sign-in?to={to}{why}"))
}

/// The token of `Authorization: Bearer …`; also a hold's secret or an account's session.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let line = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = line.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The token in `Authorization: Bearer …`, for handlers that need no other header.
#[derive(Clone, Debug)]
pub struct Bearer(Option<String>);

impl Bearer {
    /// The token, if one was sent.
    pub fn token(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Bearer {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Bearer, Infallible> {
        Ok(Bearer(bearer(&parts.headers).map(str::to_owned)))
    }
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// The staff token of a request: the bearer, else the cookie.
pub(crate) fn shown(headers: &HeaderMap) -> Option<&str> {
    bearer(headers).or_else(|| COOKIE.read(headers))
}

/// Whether the browser says that a page of its own site sent this; without such a header, no. For every handler that
/// changes something on the authority of a cookie.
pub fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    match (text("sec-fetch-site"), text("origin"), text("host")) {
        (Some(site), _, _) => site == "same-origin",
        (None, Some(origin), Some(host)) => {
            let theirs = origin.split_once("://").map(|(_, rest)| rest);
            theirs.is_some_and(|theirs| theirs.eq_ignore_ascii_case(host))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::from_secret(b"one")
    }
    fn claims() -> Claims {
        Claims {
            id: "c1".into(),
            office: "torun".into(),
            roles: vec![Role::Clerk],
            location: Some("glowny".into()),
            counter: Some("3".into()),
            expires: Moment::from_micros(1_000),
        }
    }
    const BEFORE: Moment = Moment::from_micros(999);

    #[test]
    fn a_key_of_the_demo_opens_nothing_elsewhere() {
        for (id, takes_demo, opens) in
            [("anna-demo", true, true), ("anna-demo", false, false), ("anna-demo2", false, true)]
        {
            let mut sign_in = SignIn::new(keys(), Arc::new(|| BEFORE));
            sign_in.takes_demo = takes_demo;
            let checked = sign_in.check(&sign(&keys(), &Claims { id: id.into(), ..claims() }));
            assert_eq!(checked.is_ok(), opens, "{id}, in a demo: {takes_demo}");
        }
    }

    async fn ask(method: Method, lines: &[(&str, &str)]) -> Result<Staff, Response> {
        let now = Arc::new(|| BEFORE);
        let sign_in = Arc::new(SignIn::new(keys(), now));
        let revoked = Revocations::new(Arc::new(|| BEFORE));
        revoked.add(&["gone".to_owned()], Moment::MAX);
        sign_in.heed(&revoked);
        let mut request = http::Request::builder().method(method).uri("/desk?x=1").extension(sign_in);
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        let mut parts = request.body(()).unwrap().into_parts().0;
        <Staff as FromRequestParts<()>>::from_request_parts(&mut parts, &()).await
    }

    #[tokio::test]
    async fn a_bearer_token_needs_no_origin_and_a_revoked_one_is_refused() {
        let bearer = format!("Bearer {}", sign(&keys(), &claims()));
        assert!(ask(Method::POST, &[("authorization", &bearer)]).await.is_ok());
        let gone = sign(&keys(), &Claims { id: "gone".into(), ..claims() });
        let refused = ask(Method::GET, &[("authorization", &format!("Bearer {gone}"))]).await.unwrap_err();
        assert_eq!(refused.status(), 403);
    }

    #[tokio::test]
    async fn a_cookie_changes_nothing_unless_our_own_page_sent_it() {
        let cookie = format!("a=b; {}={}", COOKIE.name, sign(&keys(), &claims()));
        let with = |extra: &'static [(&'static str, &'static str)]| {
            let mut lines = vec![("cookie", cookie.as_str())];
            lines.extend(extra);
            lines
        };
        assert!(ask(Method::GET, &with(&[])).await.is_ok());
        for (extra, good) in [
            (&[][..], false),
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "cross-site"), ("origin", "http://o.pl"), ("host", "o.pl")][..], false),
            (&[("sec-fetch-site", "same-site")][..], false),
            (&[("origin", "https://o.pl"), ("host", "o.pl")][..], true),
            (&[("origin", "https://evil.pl"), ("host", "o.pl")][..], false),
            (&[("origin", "null"), ("host", "null")][..], false),
        ] {
            assert_eq!(ask(Method::POST, &with(extra)).await.is_ok(), good, "{extra:?}");
        }
    }

    #[tokio::test]
    async fn a_browser_without_a_token_is_sent_to_sign_in_and_comes_back() {
        let sent = ask(Method::GET, &[("accept", "text/html")]).await.unwrap_err();
        assert_eq!(sent.headers()["location"], "/sign-in?to=%2Fdesk%3Fx%3D1");
        assert_eq!(ask(Method::GET, &[]).await.unwrap_err().status(), 403);
    }
}
