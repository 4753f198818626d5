//! Two strangers who choose the same idempotency key: neither gets anything of the other's, and a retry gets the first
//! answer.

use crate::support::Town;
use crate::support::api::{Answer, Caller};
use crate::support::crowd::SERVICE;
use http::StatusCode;
use serde_json::{Value, json};

const HOME: &str = "198.51.100.7";
const AWAY: &str = "203.0.113.9";
/// Likely keys of programs and people; without a scope each would give one hold and its secret to everybody.
const KEYS: [&str; 14] = [
    "0001",
    "1",
    "a",
    " ",
    "test",
    "retry-1",
    "hold",
    "2026-12-02T09:00",
    "torun/glowny/09:00",
    "deadbeefdeadbeef",
    "00000000000000000000000000000000",
    "550e8400-e29b-41d4-a716-44665544000",
    "550e8400-e29b-41d4-a716-446655440000",
    "00000000-0000-0000-0000-000000000000 and more of it, all zeros",
];

fn wish() -> Value {
    json!({"location": "glowny", "service": SERVICE, "date": "2026-12-02", "time": "09:00"})
}

async fn hold(caller: Caller<'_>) -> Answer {
    let held = caller.post("/api/v1/offices/torun/holds", wish()).await;
    assert_eq!(held.status, StatusCode::CREATED, "{:?}: {}", caller.key, held.body);
    held
}

async fn roomy() -> Town {
    Town::with(|office| office.pools.iter_mut().for_each(|pool| pool.capacity = 100)).await
}

#[tokio::test]
async fn the_same_key_from_another_network_is_another_hold_with_another_secret() {
    let town = roomy().await;
    for (at, key) in KEYS.into_iter().enumerate() {
        // Unrelated networks, neighbours, IPv6 neighbours, and an address embedded in another.
        let pairs = [
            (format!("198.51.{at}.7"), format!("203.0.{at}.9")),
            (format!("198.51.{at}.17"), format!("198.51.{at}.18")),
            (format!("2001:db8:{at}:2::7"), format!("2001:db8:{at}:3::7")),
            (format!("10.0.{at}.1"), format!("2001:db8:ff{at:02}::a00:1")),
        ];
        for (n, (one, other)) in pairs.iter().enumerate() {
            let (one, other) = (one.as_str(), other.as_str());
            let key = format!("{key}{}", ["", "x", "y", "z"][n]);
            let of = |network| Caller { key: Some(&key), ..town.caller().from(network) };
            let (mine, theirs) = (hold(of(one)).await, hold(of(other)).await);
            assert_ne!(mine.text("hold"), theirs.text("hold"), "{key:?}");
            assert_ne!(mine.text("secret"), theirs.text("secret"), "{key:?}");
            // A retry from the same network gets the first answer, for both of them.
            for (network, first) in [(one, &mine), (other, &theirs), (one, &mine)] {
                let again = hold(of(network)).await;
                assert_eq!(again.text("hold"), first.text("hold"), "{key:?}");
                assert_eq!(again.text("secret"), first.text("secret"), "{key:?}");
            }
            for held in [mine, theirs] {
                let path = format!("/api/v1/holds/{}", held.text("hold"));
                town.caller().with(&held.text("secret")).call("DELETE", &path, json!({})).await;
            }
        }
    }
}

#[tokio::test]
async fn a_key_tells_a_stranger_nothing_about_whoever_used_it() {
    let town = roomy().await;
    let of = |network| Caller { key: Some("0001"), ..town.caller().from(network) };
    hold(of(HOME)).await;
    // The same key with another body is a conflict for its owner, and means nothing for a stranger.
    let mut other = wish();
    other["time"] = "10:00".into();
    let mine = of(HOME).post("/api/v1/offices/torun/holds", other.clone()).await;
    assert_eq!(mine.code(), "key_reused");
    let theirs = of(AWAY).post("/api/v1/offices/torun/holds", other).await;
    assert_eq!(theirs.status, StatusCode::CREATED, "{}", theirs.body);
    // Nor can a key be written so that it becomes another's.
    let written = Caller { key: Some("0001 from anywhere"), ..town.caller().from(AWAY) };
    assert_ne!(hold(written).await.text("hold"), hold(of(HOME)).await.text("hold"));
}

#[tokio::test]
async fn two_browsers_with_one_key_of_a_page_hold_an_hour_each() {
    let town = roomy().await;
    let mut seen = Vec::new();
    for key in ["aaaaaaaa", "00000000", "ABCDEFGHIJKLMNOP"] {
        for network in [HOME, AWAY, HOME] {
            let body = format!("service={SERVICE}&location=glowny&date=2026-12-02&time=09%3A00&key={key}");
            seen.push(post_form(&town, network, body).await);
        }
        let [mine, theirs, again] = &seen[seen.len() - 3..] else { panic!() };
        assert_eq!(mine, again, "the same button pressed twice");
        assert_ne!(mine, theirs, "{key}");
    }
}

/// Submits the form for an hour; returns the cookie with the hold's secret.
async fn post_form(town: &Town, network: &str, body: String) -> String {
    use tower::ServiceExt;
    let mut request = http::Request::builder()
        .method("POST")
        .uri("/torun/book/hold")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from(body))
        .unwrap();
    request.extensions_mut().insert(std::net::SocketAddr::new(network.parse().unwrap(), 4711));
    let response = town.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}
