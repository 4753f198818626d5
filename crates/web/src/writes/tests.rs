//! Who is held back and who is not, through a router.

use super::*;
use crate::staff::{Claims, Role, sign};
use crate::{Surface, Texts};
use axum::Router;
use axum::body::Body;
use http::StatusCode;
use okienko_kernel::{Keys, Moment};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use tower::ServiceExt;

struct Town {
    router: Router,
    seconds: Arc<AtomicI64>,
    keys: Keys,
}

/// The caller.
#[derive(Clone, Copy)]
struct By<'a> {
    network: &'a str,
    bearer: Option<&'a str>,
}

fn from(network: &str) -> By<'_> {
    By { network, bearer: None }
}

impl Town {
    fn new() -> Town {
        let (seconds, keys) = (Arc::new(AtomicI64::new(1_000)), Keys::from_secret(b"writes"));
        let shown = seconds.clone();
        let now = move || Moment::from_micros(shown.load(Ordering::Relaxed) * 1_000_000);
        let surface = Surface::new(Arc::new(Texts::new(&[], &[])))
            .sign_in(Arc::new(SignIn::new(keys.clone(), Arc::new(now))));
        let ok = || async { "ok" };
        let router = Router::new()
            .route("/visit/{id}", put(Writing::Visit, ok).merge(delete(Writing::Visit, ok)))
            .route("/holds", post(Writing::Visit, ok))
            .route("/door", post(Writing::Door, ok))
            .route("/tickets", post(Writing::Device, ok))
            .route("/desk/{act}", post(Writing::Desk, ok))
            .route("/office/{id}", post(Writing::Office, ok))
            .route("/reports/{office}", get_that_writes(Writing::Provider, ok))
            .route("/read", axum::routing::get(ok));
        Town { router: surface.whole(router), seconds, keys }
    }
    fn token(&self, id: &str) -> String {
        let claims = Claims {
            id: id.into(),
            office: "torun".into(),
            roles: vec![Role::Kiosk],
            location: None,
            counter: None,
            expires: Moment::MAX,
        };
        sign(&self.keys, &claims)
    }
    async fn ask(&self, method: &str, path: &str, by: By<'_>) -> (StatusCode, Option<u32>) {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(bearer) = by.bearer {
            request = request.header("authorization", format!("Bearer {bearer}"));
        }
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(SocketAddr::new(by.network.parse().unwrap(), 4711));
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let after = answer.headers().get("retry-after").map(|it| it.to_str().unwrap().parse().unwrap());
        (answer.status(), after)
    }
    /// How many of `count` requests are let in.
    async fn let_in(&self, count: usize, method: &str, path: &str, by: By<'_>) -> usize {
        let mut good = 0;
        for _ in 0..count {
            let (status, after) = self.ask(method, path, by).await;
            assert_eq!(status == StatusCode::TOO_MANY_REQUESTS, after.is_some_and(|after| after > 0));
            good += usize::from(status == StatusCode::OK);
        }
        good
    }
}

#[tokio::test]
async fn a_loop_on_one_thing_is_held_back_whatever_it_is() {
    let town = Town::new();
    let kiosk = town.token("k1");
    for (n, (method, path, bearer, most)) in [
        ("PUT", "/visit/1", None, 120),
        ("DELETE", "/visit/2", None, 120),
        ("PUT", "/visit/3", Some("secret"), 120),
        ("PUT", "/visit/4", Some("no.token"), 120),
        ("POST", "/holds", None, 6_000),
        ("POST", "/door", None, 300),
        ("POST", "/tickets", Some(kiosk.as_str()), 600),
        ("POST", "/tickets", None, 6_000),
        ("POST", "/desk/open", None, 6_000),
        ("POST", "/office/1", Some("made up"), 60),
        ("GET", "/reports/torun", None, 60_000),
    ]
    .into_iter()
    .enumerate()
    {
        let (network, kind) = (format!("198.51.100.{n}"), format!("{method} {path} {bearer:?}"));
        let by = By { network: &network, bearer };
        assert_eq!(town.let_in(most + 40, method, path, by).await, most, "{kind}");
        let (_, after) = town.ask(method, path, by).await;
        town.seconds.fetch_add(i64::from(after.unwrap()), Ordering::Relaxed);
        assert_eq!(town.ask(method, path, by).await.0, StatusCode::OK, "{kind}: after the told time");
    }
}

#[tokio::test]
async fn honest_crowds_are_let_in() {
    let town = Town::new();
    let kiosk = town.token("k1");
    // A machine gives five hundred tickets in one burst, and so does another beside it.
    for token in [&kiosk, &town.token("k2")] {
        let by = By { network: "192.0.2.1", bearer: Some(token) };
        assert_eq!(town.let_in(500, "POST", "/tickets", by).await, 500);
    }
    // A household of five, each of whom sends every form six times.
    for person in 0..5 {
        let path = format!("/visit/{person}");
        assert_eq!(town.let_in(30, "PUT", &path, from("192.0.2.2")).await, 30);
    }
    // A library of forty behind one address, and two thousand people behind a phone company's, three steps each.
    for (people, network) in [(40, "192.0.2.3"), (2_000, "192.0.2.4")] {
        for person in 0..people {
            let path = format!("/visit/{network}-{person}");
            assert_eq!(town.let_in(3, "PUT", &path, from(network)).await, 3, "{person} of {people}");
        }
    }
    // Forty counters of one office behind one address, for an hour.
    for minute in 0..60 {
        for counter in 0..40 {
            let token = town.token(&format!("c{counter}"));
            let by = By { network: "192.0.2.5", bearer: Some(&token) };
            assert_eq!(town.let_in(30, "POST", "/desk/call-next", by).await, 30, "minute {minute}");
        }
        town.seconds.fetch_add(60, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn nobody_uses_up_what_is_anothers() {
    let town = Town::new();
    let (owner, kiosk) = (By { network: "192.0.2.9", bearer: Some("secret") }, town.token("k1"));
    let others =
        ["guess", "Secret", "secret2", ""].map(|bearer| By { network: "203.0.113.1", bearer: Some(bearer) });
    for other in others {
        town.let_in(200, "PUT", "/visit/1", other).await;
    }
    town.let_in(200, "PUT", "/visit/1", from("203.0.113.2")).await;
    assert_eq!(town.ask("PUT", "/visit/1", owner).await.0, StatusCode::OK);
    // A forged token counts as no token: it uses up neither the machine's limit nor another network's.
    let forged = format!("{}x", kiosk);
    town.let_in(7_000, "POST", "/tickets", By { network: "203.0.113.3", bearer: Some(&forged) }).await;
    let machine = By { network: "192.0.2.9", bearer: Some(&kiosk) };
    assert_eq!(town.let_in(500, "POST", "/tickets", machine).await, 500);
    // A new secret for each request does not help one network beyond its own limit.
    let mut good = 0;
    for n in 0..7_000 {
        let bearer = format!("made-up-{n}");
        let by = By { network: "203.0.113.4", bearer: Some(&bearer) };
        good += usize::from(town.ask("PUT", &format!("/visit/{n}"), by).await.0 == StatusCode::OK);
    }
    assert_eq!(good, 6_000);
    // All addresses of one IPv6 /64 count as one network.
    let mut good = 0;
    for n in 0..400 {
        let network = format!("2001:db8:1:2::{n:x}");
        good += usize::from(town.ask("POST", "/door", from(&network)).await.0 == StatusCode::OK);
    }
    assert_eq!(good, 300);
    // Reads are not limited.
    assert_eq!(town.let_in(10_000, "GET", "/read", from("203.0.113.4")).await, 10_000);
}
