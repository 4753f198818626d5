//! The ingress in front of real HTTP servers: how paths are routed, what a replica learns of the caller, what happens
//! when a replica is gone.
#![expect(clippy::disallowed_methods, reason = "a test's own servers run on its own runtime")]

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{any, get, post};
use http::Method;
use okienko_e2e::Client;
use okienko_e2e::cluster::{Dev, Ingress, Role, ingress};
use okienko_fake_provider::FakeProvider;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// Starts a replica; returns its port.
async fn replica(router: Router) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

/// A port on which nothing listens.
async fn nobody() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

async fn before(roles: BTreeMap<Role, Vec<u16>>) -> Client {
    let provider = FakeProvider::new(None, Box::new(|| "now".into()));
    let dev = Dev { provider, clocks: None, offices: BTreeMap::new() };
    let (listener, base) = ingress::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    tokio::spawn(Arc::new(Ingress::new(roles, dev)).serve(listener));
    Client::new(&base)
}

fn says(name: &'static str) -> Router {
    Router::new().fallback(any(move |headers: HeaderMap, method: Method, uri: axum::http::Uri| async move {
        let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("-").to_owned();
        format!("{name} {method} {uri} from {} at {}", header("x-forwarded-for"), header("host"))
    }))
}

#[tokio::test]
async fn a_path_leads_to_its_role_with_the_address_of_whoever_asks() {
    let mut roles = BTreeMap::new();
    for (role, name) in [(Role::Booking, "b"), (Role::Queue, "q"), (Role::Display, "d")] {
        roles.insert(role, vec![replica(says(name)).await]);
    }
    let client = before(roles).await;
    let host = client.base().trim_start_matches("http://").to_owned();
    let told = client.from("203.0.113.9").get("/desk?x=1").await.unwrap().text;
    assert_eq!(told, format!("q GET /desk?x=1 from 203.0.113.9, 127.0.0.1 at {host}"));
    let told = client.get("/torun/book").await.unwrap().text;
    assert_eq!(told, format!("b GET /torun/book from 127.0.0.1 at {host}"));
    assert!(client.get("/t/abc").await.unwrap().text.starts_with("d GET /t/abc"));
    // No replica has that role here.
    assert_eq!(client.get("/callbacks/sms/smsapi/torun/x").await.unwrap().status, 404);
}

#[tokio::test]
async fn replicas_take_turns_and_one_that_is_gone_is_passed_over() {
    let (one, two, gone) = (replica(says("one")).await, replica(says("two")).await, nobody().await);
    let client = before(BTreeMap::from([(Role::Booking, vec![one, gone, two])])).await;
    let mut seen = BTreeMap::<String, u32>::new();
    for _ in 0..30 {
        let answer = client.get("/x").await.unwrap().expect(200).unwrap();
        *seen.entry(answer.text.split(' ').next().unwrap().to_owned()).or_default() += 1;
    }
    assert_eq!(seen.keys().cloned().collect::<BTreeSet<_>>(), BTreeSet::from(["one".into(), "two".into()]));
    assert!(seen.values().all(|times| *times >= 10), "{seen:?}");
    let alone = before(BTreeMap::from([(Role::Booking, vec![gone])])).await;
    let answer = alone.get("/x").await.unwrap();
    assert_eq!((answer.status, answer.code()), (503, "unavailable"));
    assert!(answer.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn what_may_have_been_done_is_never_asked_of_another_replica() {
    let asked = Arc::new(AtomicUsize::new(0));
    let dies = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = dies.local_addr().unwrap().port();
    let count = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = dies.accept().await {
            // Reads the request and closes without an answer, like a process that is killed.
            let _ = stream.read(&mut [0; 1024]).await;
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    let client = before(BTreeMap::from([(Role::Booking, vec![port, replica(says("other")).await])])).await;
    let mut statuses = Vec::new();
    for _ in 0..10 {
        statuses.push(client.post("/x", serde_json::json!({})).await.unwrap().status);
    }
    let lost = statuses.iter().filter(|status| **status == 502).count();
    assert_eq!((lost, asked.load(Ordering::SeqCst)), (5, 5), "{statuses:?}");
}

#[tokio::test]
async fn an_event_passes_as_soon_as_it_is_said() {
    let go_on = Arc::new(Notify::new());
    let heard = go_on.clone();
    let stream = get(move || async move {
        let (first, second) = ("event: call\nid: 1\ndata: {}\n\n", "event: call\nid: 2\ndata: {}\n\n");
        let events = futures::stream::unfold(0, move |n| {
            let heard = heard.clone();
            async move {
                match n {
                    0 => Some((Ok::<_, std::io::Error>(first), 1)),
                    1 => {
                        heard.notified().await;
                        Some((Ok(second), 2))
                    }
                    _ => None,
                }
            }
        });
        ([("content-type", "text/event-stream")], Body::from_stream(events)).into_response()
    });
    let router = Router::new().route("/api/v1/halls/torun/glowny/events", stream);
    let client = before(BTreeMap::from([(Role::Display, vec![replica(router).await])])).await;
    let mut events = client.listen("/api/v1/halls/torun/glowny/events", None).await.unwrap();
    assert_eq!(events.next().await.unwrap().id, Some(1));
    // The second event is sent only now: had the stream been buffered, the first would not have arrived.
    go_on.notify_one();
    assert_eq!(events.next().await.unwrap().id, Some(2));
}

#[tokio::test]
async fn large_bodies_and_refusals_pass_as_they_are() {
    let count =
        |body: axum::body::Bytes| async move { (StatusCode::PAYLOAD_TOO_LARGE, body.len().to_string()) };
    let router = Router::new().route("/x", post(count).layer(axum::extract::DefaultBodyLimit::disable()));
    let client = before(BTreeMap::from([(Role::Booking, vec![replica(router).await])])).await;
    let body = "x".repeat(5_000_000);
    let answer = client.ask(Method::POST, "/x", Some(body), &[]).await.unwrap();
    assert_eq!((answer.status, answer.text.as_str()), (413, "5000000"));
}
