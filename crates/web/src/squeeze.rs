//! Answers made smaller on their way, for browsers that ask for it: pages, JSON, styles and scripts. Never an event stream,
//! whose lines must leave at once. Knows no route but that of the assets.
//!
//! How long a compressed page is tells what repeats in it (BREACH): whoever can make somebody's browser ask for a page with
//! words of their own choice in it, and can see its length on the way, guesses what else stands there. So what a browser
//! asks for with a cookie that says who one is goes out as it is. All else tells its asker nothing that the address, or a
//! bearer that no other site can send, does not have already: there is nothing to guess.

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderValue, header};
use std::convert::Infallible;
use tower::{Layer, ServiceExt, service_fn};
use tower_http::compression::predicate::{NotForContentType, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel, Predicate};

/// Below this a packet is a packet.
const WORTH_IT: u64 = 1_000;
/// What a cookie may be called that says nothing of who one is.
const HARMLESS: [&str; 2] = ["lang", "__Host-lang"];

/// What a request says that it takes, where its answer may be made smaller: nothing where its length could tell a secret.
pub(crate) fn wish(request: &Request) -> Option<HeaderValue> {
    let wish = request.headers().get(header::ACCEPT_ENCODING)?;
    let lines = request.headers().get_all(header::COOKIE).iter();
    let mut pairs = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    let secret = pairs.any(|pair| {
        let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii();
        !HARMLESS.iter().any(|harmless| harmless.as_bytes() == name)
    });
    (!secret || request.uri().path().starts_with("/assets/")).then(|| wish.clone())
}

/// The answer, made smaller in a way that the wish names, if it is worth it.
pub(crate) async fn squeezed(response: Response, wish: HeaderValue) -> Response {
    // gRPC, pictures and sounds are small already.
    let stream = NotForContentType::SSE.and(NotForContentType::const_new("audio/"));
    let worth = SizeAbove::new(WORTH_IT).and(NotForContentType::IMAGES).and(stream);
    // The layer works on a service and its request; here is the answer that one has given, and the wish of the other.
    let mut given = Some(response);
    let given = service_fn(move |_: http::Request<()>| {
        std::future::ready(Ok::<_, Infallible>(given.take().unwrap_or_default()))
    });
    let layer = CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth);
    let mut request = http::Request::new(());
    request.headers_mut().insert(header::ACCEPT_ENCODING, wish);
    match layer.layer(given).oneshot(request).await {
        Ok(response) => response.map(Body::new),
    }
}

#[cfg(test)]
mod tests {
    use crate::surface::Surface;
    use crate::texts::Texts;
    use axum::Router;
    use axum::body::Body;
    use axum::response::{IntoResponse, Response};
    use axum::routing::get;
    use http::header;
    use std::sync::Arc;
    use tower::ServiceExt;

    fn app() -> Router {
        let of = |kind: &'static str| {
            move || async move { ([(header::CONTENT_TYPE, kind)], "x ".repeat(2_000)).into_response() }
        };
        let router = Router::new()
            .route("/page", get(of("text/html; charset=utf-8")))
            .route("/json", get(of("application/json")))
            .route("/problem", get(of("application/problem+json")))
            .route("/csv", get(of("text/csv; charset=utf-8")))
            .route("/calendar", get(of("text/calendar; charset=utf-8")))
            .route("/events", get(of("text/event-stream")))
            .route("/png", get(of("image/png")))
            .route("/sound", get(of("audio/wav")))
            .route("/small", get(|| async { "small" }))
            .merge(crate::assets::assets_router(Vec::new()));
        let surface = Surface::new(Arc::new(Texts::new(&[], &[])));
        // Two around one another: what the inner one has made small is left so.
        surface.whole(surface.dress(router))
    }

    async fn small(path: &str, headers: &[(&str, &str)]) -> bool {
        let mut request = http::Request::get(path).header("accept-encoding", "gzip, br");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response: Response = app().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let hows: Vec<_> = response.headers().get_all("content-encoding").iter().collect();
        assert!(hows.len() < 2, "{path}: made small twice");
        hows.first().is_some_and(|how| *how == "gzip")
    }

    #[tokio::test]
    async fn text_becomes_small_and_streams_pictures_and_trifles_stay_as_they_are() {
        for path in
            ["/page", "/json", "/problem", "/csv", "/calendar", "/assets/okienko.css", "/assets/forms.js"]
        {
            assert!(small(path, &[]).await, "{path}");
        }
        for path in ["/events", "/png", "/sound", "/small"] {
            assert!(!small(path, &[]).await, "{path}");
        }
    }

    #[tokio::test]
    async fn what_is_asked_for_with_a_cookie_that_says_who_one_is_tells_nothing_by_its_length() {
        for (cookie, wanted) in [
            ("lang=pl", true),
            ("staff=abc", false),
            ("account=abc", false),
            ("hold=abc", false),
            ("__Host-staff=abc", false),
            ("lang=pl; account=abc", false),
            ("account=abc; lang=pl", false),
            ("language=pl", false),
            ("Lang=pl", false),
            ("x", false),
            ("lang=pl; x=", false),
        ] {
            for path in ["/page", "/json"] {
                assert_eq!(small(path, &[("cookie", cookie)]).await, wanted, "{cookie} at {path}");
            }
            assert!(small("/assets/okienko.css", &[("cookie", cookie)]).await, "a style has no secret");
        }
        assert!(
            !small("/page", &[("cookie", "lang=pl"), ("cookie", "account=abc")]).await,
            "two lines of cookies"
        );
        assert!(small("/json", &[("authorization", "Bearer abc")]).await, "no other site can send a bearer");
    }

    #[tokio::test]
    async fn who_did_not_ask_gets_it_as_it_is() {
        let response = app().oneshot(http::Request::get("/page").body(Body::empty()).unwrap()).await.unwrap();
        assert!(!response.headers().contains_key("content-encoding"));
    }
}
