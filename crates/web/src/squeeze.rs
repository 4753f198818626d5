//! Compresses answers for browsers that accept it: pages, JSON, styles and scripts. Never an event stream, whose lines
//! must leave at once. Knows no route but that of the assets.
//!
//! The compressed length of a page reveals repetitions in it (BREACH): an attacker who can make a browser request a
//! page containing chosen words, and who sees the length on the wire, can guess what else it contains. So what a
//! browser requests with an identifying cookie goes out uncompressed. Any other answer holds nothing that its address,
//! or a bearer that no other site can send, would not already give: there is nothing to guess.

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderValue, header};
use std::convert::Infallible;
use tower::{Layer, ServiceExt, service_fn};
use tower_http::compression::predicate::{NotForContentType, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel, Predicate};

/// Smaller answers fit into one packet anyway.
const WORTH_IT: u64 = 1_000;
/// Cookies that identify nobody.
const HARMLESS: [&str; 2] = ["lang", "__Host-lang"];

/// The request's `Accept-Encoding` if its answer may be compressed: `None` where its length could reveal a secret.
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

/// Compresses the answer with an encoding that the client accepts, if it is worth it.
pub(crate) async fn squeezed(response: Response, wish: HeaderValue) -> Response {
    // gRPC, images and audio are compressed already.
    let stream = NotForContentType::SSE.and(NotForContentType::const_new("audio/"));
    let worth = SizeAbove::new(WORTH_IT).and(NotForContentType::IMAGES).and(stream);
    // The layer wants a service and a request; here is the answer of the one and the header of the other.
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
        // Two surfaces, one around the other: what the inner one compressed is left alone.
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
