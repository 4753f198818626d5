//! The language of pages that many people look at: screens on a wall, machines that one visitor uses after the other.
//! Unlike in a reader's own browser, one visitor's choice must not stay for the next. Knows no route: services say
//! which of theirs are shared.

use crate::cookies::Cookie;
use crate::locale::{Locale, accepted};
use crate::staff::SignIn;
use crate::words::Words;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::MethodRouter;
use std::sync::Arc;

/// The language a visitor chose at a machine. Separate from the cookie of readers, which a machine neither reads nor
/// sets.
const CHOSEN: Cookie<'_> = Cookie::new("visitor_lang");
/// How long that lasts without a touch, in seconds, unless a script ends it with the visit.
const LASTS_S: u32 = 180;

/// Attached to an answer: the words it was made with; nothing of its language is to be remembered.
#[derive(Clone)]
pub(crate) struct Spoken(pub Words);

/// A wall screen: its language comes from its address or its browser's settings, and is not remembered.
pub fn wall<S: Clone + Send + Sync + 'static>(routes: MethodRouter<S>) -> MethodRouter<S> {
    routes.layer(from_fn(async |request: Request, next: Next| {
        let locale = Locale::wished(request.uri().query()).or_else(|| accepted(request.headers()));
        speak(request, next, locale.unwrap_or_default()).await
    }))
}

/// A machine: it uses the office's language until a visitor chooses another, which ends with the visit.
pub fn machine<S: Clone + Send + Sync + 'static>(routes: MethodRouter<S>) -> MethodRouter<S> {
    routes.layer(from_fn(async |request: Request, next: Next| {
        let chosen = CHOSEN.read(request.headers()).and_then(Locale::parse);
        let locale = Locale::wished(request.uri().query()).or(chosen).unwrap_or_default();
        // The cookie is limited to the machine's own pages, the first segment of the path.
        let own = request.uri().path().split('/').nth(1).unwrap_or_default().to_owned();
        let is_https = request.extensions().get::<Arc<SignIn>>().is_some_and(|known| known.secure_cookie);
        let mut response = speak(request, next, locale).await;
        if chosen.is_some() || locale != Locale::default() {
            let path = format!("/{own}");
            CHOSEN.at("", &path).set(&mut response, is_https, locale.tag(), Some(LASTS_S));
        }
        response
    }))
}

async fn speak(mut request: Request, next: Next, locale: Locale) -> Response {
    let Some(words) = request.extensions().get::<Words>().map(|words| words.in_language(locale)) else {
        return next.run(request).await;
    };
    request.extensions_mut().insert(words.clone());
    let mut response = next.run(request).await;
    response.extensions_mut().insert(Spoken(words));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Code, Problem, Surface, Texts};
    use axum::Router;
    use axum::routing::get;
    use std::sync::Arc;
    use tower::ServiceExt;

    /// The language used, and the cookies set.
    async fn spoken(path: &str, cookies: &str, accepts: &str) -> (String, Vec<String>) {
        let said = async |words: Words| words.locale().tag();
        let refused = async || Problem::new(Code::Unknown);
        let routes: Router = Router::new()
            .route("/wall", wall(get(said)))
            .route("/wall/none", wall(get(refused)))
            .route("/machine", machine(get(said)))
            .route("/machine/none", machine(get(refused)))
            .route("/page", get(said));
        let surface = Surface::new(Arc::new(Texts::new(&[], &[])));
        let request = Request::get(path).header("cookie", cookies).header("accept-language", accepts);
        let request = request.body(axum::body::Body::empty()).unwrap();
        // As a service's routes are mounted in the program: inside a surface of their own.
        let routes = surface.whole(surface.dress(routes));
        let response = routes.oneshot(request).await.unwrap();
        let kept = response.headers().get_all("set-cookie").iter();
        let kept = kept.map(|line| line.to_str().unwrap().to_owned()).collect();
        let language = response.headers().get("content-language").map(|tag| tag.to_str().unwrap().to_owned());
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        (language.unwrap_or_else(|| String::from_utf8(body.to_vec()).unwrap()), kept)
    }

    #[tokio::test]
    async fn a_wall_keeps_no_visits_wish_and_reads_none_that_a_reader_left() {
        for (path, cookies, accepts, language) in [
            ("/wall", "", "pl", "pl"),
            ("/wall", "", "", "pl"),
            ("/wall", "", "fr", "pl"),
            ("/wall?lang=uk", "", "pl", "uk"),
            ("/wall", "lang=uk", "pl", "pl"),
            ("/wall", "lang=ru; visitor_lang=en", "", "pl"),
            ("/wall", "lang=uk", "en", "en"),
            ("/wall?lang=xx", "lang=uk", "pl", "pl"),
            ("/wall?a=1&lang=en", "lang=uk", "pl", "en"),
            ("/wall/none", "lang=uk", "pl", "pl"),
            ("/wall/none?lang=ru", "", "pl", "ru"),
        ] {
            assert_eq!(
                spoken(path, cookies, accepts).await,
                (language.to_owned(), vec![]),
                "{path} {cookies:?} {accepts}"
            );
        }
    }

    #[tokio::test]
    async fn a_machine_speaks_a_visitors_language_for_minutes_on_its_own_pages_alone() {
        let kept =
            |tag: &str| format!("visitor_lang={tag}; Path=/machine; HttpOnly; SameSite=Lax; Max-Age=180");
        for (path, cookies, language, left) in [
            ("/machine", "", "pl", vec![]),
            ("/machine", "lang=uk", "pl", vec![]),
            ("/machine?lang=uk", "", "uk", vec![kept("uk")]),
            ("/machine?lang=uk", "lang=ru", "uk", vec![kept("uk")]),
            ("/machine", "visitor_lang=uk", "uk", vec![kept("uk")]),
            ("/machine", "lang=ru; visitor_lang=en", "en", vec![kept("en")]),
            ("/machine/none", "visitor_lang=uk", "uk", vec![kept("uk")]),
            // The first screen, as the next visitor finds it.
            ("/machine?lang=pl", "visitor_lang=uk", "pl", vec![kept("pl")]),
            ("/machine?lang=pl", "lang=uk", "pl", vec![]),
            ("/machine?lang=xx", "visitor_lang=xx", "pl", vec![]),
        ] {
            // Whatever language the machine's browser was set up for.
            for accepts in ["pl", "en", "uk"] {
                assert_eq!(
                    spoken(path, cookies, accepts).await,
                    (language.to_owned(), left.clone()),
                    "{path} {cookies:?}"
                );
            }
        }
    }

    #[tokio::test]
    async fn a_reader_keeps_the_wish_as_before() {
        let (language, kept) = spoken("/page?lang=uk", "", "pl").await;
        assert_eq!((language.as_str(), kept.len()), ("uk", 1));
        assert_eq!(spoken("/page", "lang=uk", "pl").await, ("uk".to_owned(), vec![]));
    }
}
