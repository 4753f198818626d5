//! The layers around every handler: who asks and in which language, refusals put into words, security headers, panics
//! turned into answers. Knows no route.

mod around;

use crate::client::TrustedProxies;
use crate::extract::BODY_LIMIT;
use crate::locale::Locale;
use crate::measured;
use crate::page::Page;
use crate::problem::{Code, Problem};
use crate::staff::SignIn;
use crate::texts::Texts;
use crate::words::{Demo, DemoClock, Words};
use around::Around;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use maud::html;
use okienko_kernel::Zone;
use std::any::Any;
use std::sync::{Arc, LazyLock};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;

/// What the handlers of one service share: `Surface::new(texts).sign_in(…).dress(router)`.
#[derive(Clone)]
pub struct Surface {
    texts: Arc<Texts>,
    trusted: Arc<TrustedProxies>,
    sign_in: Option<Arc<SignIn>>,
    demo: Option<Arc<Demo>>,
}

impl Surface {
    /// A surface with these `texts` that trusts no proxy and recognises no staff.
    pub fn new(texts: Arc<Texts>) -> Surface {
        Surface { texts, trusted: Arc::default(), sign_in: None, demo: None }
    }
    /// Sets the proxies whose `X-Forwarded-For` is believed.
    pub fn trusted(mut self, proxies: Arc<TrustedProxies>) -> Surface {
        self.trusted = proxies;
        self
    }
    /// Sets how staff and devices are recognised; without it every [`crate::staff::Staff`] is refused.
    pub fn sign_in(mut self, sign_in: Arc<SignIn>) -> Surface {
        self.sign_in = Some(sign_in);
        self
    }
    /// How staff and devices are recognised, if they are.
    pub fn staff(&self) -> Option<&Arc<SignIn>> {
        self.sign_in.as_ref()
    }
    /// Makes pages show that this is a demo, and its clock in `zone`.
    pub fn demo(mut self, clock: DemoClock, zone: Zone) -> Surface {
        self.demo = Some(Arc::new(Demo { clock, zone }));
        self
    }

    /// Puts the layers around the routes that `router` has now. Dress each service's router with its own texts, merge
    /// them, then call [`Surface::whole`] once on the result.
    pub fn dress<S: Clone + Send + Sync + 'static>(&self, router: Router<S>) -> Router<S> {
        let surface = Arc::new(self.clone());
        // As one layer: a router boxes each layer separately, around every request.
        let layers = ServiceBuilder::new()
            .layer_fn(move |inner| Around { surface: surface.clone(), inner })
            .layer(DefaultBodyLimit::max(BODY_LIMIT))
            .layer(CatchPanicLayer::custom(on_panic));
        router.layer(layers)
    }
    /// Like [`Surface::dress`], plus an answer for addresses that nobody serves. Call it once, last.
    pub fn whole<S: Clone + Send + Sync + 'static>(&self, router: Router<S>) -> Router<S> {
        self.dress(router.fallback(|| async { Problem::new(Code::Unknown) }))
    }

    /// Whether pages are served over HTTPS.
    fn is_https(&self) -> bool {
        self.sign_in.as_ref().is_some_and(|sign_in| sign_in.secure_cookie)
    }

    fn words(&self, request: &Request) -> Words {
        let uri = request.uri();
        let here = uri.path_and_query().map_or("/", |p| p.as_str());
        let locale = Locale::negotiate(request.headers(), uri.query());
        Words::new(self.texts.clone(), locale).at(here, self.demo.clone())
    }
}

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// Permanently redirects to the right address of the same page.
fn redirect(path: &str, query: Option<&str>) -> Response {
    let to = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    Redirect::permanent(&to).into_response()
}

/// Renders a refusal in the visitor's language; axum's bare error answers become problems too.
fn said(mut response: Response, words: &Words, html: bool) -> Response {
    let bare = !response.headers().contains_key(header::CONTENT_TYPE);
    let problem = match (response.extensions_mut().remove::<Problem>(), response.status()) {
        (Some(problem), _) => problem,
        (None, StatusCode::METHOD_NOT_ALLOWED) if bare => Problem::new(Code::Method),
        _ => return response,
    };
    measured::refused(problem.code());
    let mut words_answer = if html { page(&problem, words) } else { problem.response(words) };
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH && name != header::CONTENT_LANGUAGE
        {
            words_answer.headers_mut().insert(name.clone(), value.clone());
        }
    }
    words_answer
}

/// A refusal as a page of its own, for handlers that have none.
fn page(problem: &Problem, words: &Words) -> Response {
    let title = problem.title(words);
    let fields = problem.fields(words);
    let body = html! {
        h1 { (title) }
        p .lead data-fault="" { (problem.detail(words)) }
        @if !fields.is_empty() { ul { @for text in fields.values() { li { (text) } } } }
        p { a href="/" { (words.t("home")) } }
    };
    let mut response = (problem.code().status(), Page::new(words, &title).render(body)).into_response();
    problem.put_headers(response.headers_mut());
    response
}

fn on_panic(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("?");
    tracing::error!(error = text, "a handler panicked");
    Problem::new(Code::Internal).into_response()
}

/// HSTS for a year after each visit. Without `includeSubDomains`: what else an office hosts below this name is not ours
/// to decide.
const HTTPS_ALWAYS: &str = "max-age=31536000";

/// Referrers stay within the site; `no-referrer` would make browsers send `Origin: null` with our own forms.
static HEADERS: [(HeaderName, &str); 6] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; \
         connect-src 'self'; worker-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Copied as a whole into each answer, whose own headers take precedence.
static PROTECTED: LazyLock<HeaderMap> = LazyLock::new(|| {
    // With room for the answer's own headers, which each copy would otherwise have to allocate.
    let mut headers = HeaderMap::with_capacity(2 * HEADERS.len());
    headers.extend(HEADERS.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))));
    headers
});

fn protect(headers: &mut HeaderMap) {
    let own = std::mem::replace(headers, PROTECTED.clone());
    headers.extend(own);
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "routes of a test")]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::routing::{get, post};
    use tower::ServiceExt;

    fn app() -> Router {
        let surface = Surface::new(Arc::new(Texts::new(&[], &[])));
        let service = Router::new()
            .route("/fine", get(|words: Words| async move { words.t("back") }))
            .route("/taken", get(|| async { Problem::new(Code::SlotFull) }))
            .route("/body", post(|_: crate::Json<serde_json::Value>| async { "ok" }))
            .route(
                "/panic",
                get(|| async {
                    if true {
                        panic!("secret")
                    }
                }),
            );
        surface.whole(surface.dress(service))
    }

    async fn ask(request: http::request::Builder, body: &str) -> (Response<()>, String) {
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let (parts, body) = app().oneshot(request).await.unwrap().into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        (Response::from_parts(parts, ()), String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_refusal_speaks_the_visitors_language_and_is_a_page_for_a_browser() {
        let (response, body) = ask(Request::get("/taken").header("accept-language", "en"), "").await;
        assert_eq!(response.status(), StatusCode::CONFLICT);
        assert!(body.contains("This hour has just been taken") && body.contains("\"code\":\"slot_full\""));
        let (response, body) = ask(Request::get("/taken").header("accept", "text/html"), "").await;
        assert_eq!(response.status(), StatusCode::CONFLICT);
        assert!(body.contains("<h1>Ta godzina jest już zajęta</h1>"), "{body}");
    }

    #[tokio::test]
    async fn a_panic_is_an_answer_that_tells_nothing() {
        let (response, body) = ask(Request::get("/panic"), "").await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(body.contains("\"code\":\"internal\"") && !body.contains("secret"));
    }

    #[tokio::test]
    async fn a_page_that_is_asked_for_as_it_was_pasted_is_found_and_nothing_else_is_moved() {
        for (path, to) in [
            ("/fine/", "/fine"),
            ("/FINE", "/fine"),
            ("/fine.", "/fine"),
            ("/fine)?lang=en", "/fine?lang=en"),
            ("/fine%20", "/fine"),
        ] {
            let (response, _) = ask(Request::get(path), "").await;
            assert_eq!(response.status(), StatusCode::PERMANENT_REDIRECT, "{path}");
            assert_eq!(response.headers()["location"], to, "{path}");
        }
        let (response, _) =
            ask(Request::post("/body/").header("content-type", "application/json"), "{}").await;
        assert_eq!(
            response.status(),
            StatusCode::NOT_FOUND,
            "what changes something is not repeated elsewhere"
        );
        let (response, _) = ask(Request::get("/fine"), "").await;
        assert!(response.status().is_success() && !response.headers().contains_key("x-robots-tag"));
        let (response, _) = ask(Request::get("/torun/visit/x"), "").await;
        assert_eq!(response.headers()["x-robots-tag"], "noindex");
    }

    #[tokio::test]
    async fn unknown_addresses_wrong_methods_and_large_bodies_are_problems() {
        let (response, body) = ask(Request::get("/nowhere"), "").await;
        assert!(response.status() == StatusCode::NOT_FOUND && body.contains("\"unknown\""), "{body}");
        let (response, body) = ask(Request::delete("/fine"), "").await;
        assert!(response.status() == StatusCode::METHOD_NOT_ALLOWED && body.contains("\"method\""), "{body}");
        assert!(response.headers().contains_key("allow"));
        let large = format!("\"{}\"", "x".repeat(BODY_LIMIT));
        let (response, body) =
            ask(Request::post("/body").header("content-type", "application/json"), &large).await;
        assert!(response.status() == StatusCode::PAYLOAD_TOO_LARGE && body.contains("too_large"), "{body}");
    }

    #[tokio::test]
    async fn over_https_browsers_are_told_to_stay_there_and_cookies_are_the_hosts_own() {
        for is_https in [false, true] {
            let mut sign_in = SignIn::new(
                okienko_kernel::Keys::from_secret(b"k"),
                Arc::new(|| okienko_kernel::Moment::MAX),
            );
            sign_in.secure_cookie = is_https;
            let surface = Surface::new(Arc::new(Texts::new(&[], &[]))).sign_in(Arc::new(sign_in));
            let service = Router::new().route("/fine", get(|| async { "fine" }));
            for path in ["/fine?lang=en", "/nowhere?lang=en"] {
                let request = Request::get(path).body(Body::empty()).unwrap();
                let app = surface.whole(surface.dress(service.clone()));
                let answer = app.oneshot(request).await.unwrap();
                let told = answer.headers().get("strict-transport-security");
                assert_eq!(told.is_some(), is_https, "{path}");
                if let Some(told) = told {
                    assert!(
                        told.to_str().unwrap().starts_with("max-age=")
                            && !told.to_str().unwrap().to_lowercase().contains("subdomain")
                    );
                }
                let cookie = answer.headers()["set-cookie"].to_str().unwrap();
                assert_eq!(cookie.starts_with("__Host-lang=en;"), is_https, "{cookie}");
            }
        }
    }

    #[tokio::test]
    async fn every_answer_carries_the_protecting_headers_and_a_wish_is_remembered() {
        let (response, body) = ask(Request::get("/fine?lang=en"), "").await;
        assert_eq!(body, "Back");
        assert!(response.headers()["set-cookie"].to_str().unwrap().starts_with("lang=en;"));
        for (name, _) in &HEADERS {
            assert_eq!(response.headers().get_all(name).iter().count(), 1, "{name}");
        }
        let csp = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(!csp.contains("unsafe") && csp.contains("frame-ancestors 'none'"));
    }
}
