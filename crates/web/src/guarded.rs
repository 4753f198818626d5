//! What a connection allows its requests: a body too large is refused before it is awaited, one too slow afterwards;
//! event streams are counted per client; a crowded process answers health checks only. What the server knows of a
//! connection travels with the request; without that (in tests) none of these limits apply. Knows no route but those of
//! health.

use crate::client::{ClientAddr, TrustedProxies, forwarded_lines};
use crate::extract::BODY_LIMIT;
use crate::problem::{Code, Problem};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, Version, header};
use http_body::{Frame, SizeHint};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

/// Routes answered whatever else is going on: monitoring must learn that a process is crowded.
const HEALTH: [&str; 3] = ["/healthz", "/readyz", "/metrics"];
/// `Retry-After`, in seconds, when the process is crowded.
const CROWDED_S: u32 = 5;
/// `Retry-After`, in seconds, for a client with too many streams: they end when pages are closed.
const STREAMS_S: u32 = 30;

/// What the server knows of a connection; each of its requests carries it.
#[derive(Debug)]
pub struct Connection {
    /// The address at its other end.
    pub peer: SocketAddr,
    /// The process's event streams.
    pub streams: Arc<Streams>,
    /// Whether there is no room for it.
    pub is_crowded: bool,
}

/// Marks an event stream as counted, for a surface around this one.
#[derive(Clone, Copy, Debug)]
struct IsCounted;

/// What the server attaches to a request: its connection and, for a body, whether it came in time.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// The connection on which the request arrived.
    pub connection: Arc<Connection>,
    /// Set by the server if the body comes too slowly.
    pub late: Option<Late>,
}

/// Whether the rest of this request's body failed to arrive in time.
#[derive(Clone, Debug, Default)]
pub struct Late(Arc<AtomicBool>);

impl Late {
    /// Marks the body as late.
    pub fn is_late(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// The event streams of a process, counted.
#[derive(Debug)]
pub struct Streams {
    of_one_client: usize,
    of_all: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    by_client: HashMap<IpAddr, usize>,
    all: usize,
}

/// A counted stream; it counts until this is dropped.
struct StreamGuard {
    streams: Arc<Streams>,
    client: Option<IpAddr>,
    has_connection: bool,
}

impl Streams {
    /// At most `of_one_client` per client, and `of_all` that each occupy a connection of their own.
    pub fn new(of_one_client: usize, of_all: usize) -> Streams {
        Streams { of_one_client, of_all, open: Mutex::default() }
    }

    fn count(self: &Arc<Streams>, client: Option<IpAddr>, has_connection: bool) -> Option<StreamGuard> {
        let mut open = self.open.lock();
        let theirs = client.map_or(0, |client| open.by_client.get(&client).copied().unwrap_or_default());
        if theirs >= self.of_one_client || (has_connection && open.all >= self.of_all) {
            return None;
        }
        open.all += usize::from(has_connection);
        if let Some(client) = client {
            open.by_client.insert(client, theirs + 1);
        }
        Some(StreamGuard { streams: self.clone(), client, has_connection })
    }
}

impl Drop for StreamGuard {
    fn drop(&mut self) {
        let mut open = self.streams.open.lock();
        open.all -= usize::from(self.has_connection);
        if let Some(client) = self.client
            && let Some(count) = open.by_client.get_mut(&client)
        {
            *count -= 1;
            if *count == 0 {
                open.by_client.remove(&client);
            }
        }
    }
}

/// What the answer needs to know of the connection.
pub(crate) struct Guard {
    given: Option<RequestContext>,
    /// The `X-Forwarded-For` lines; evaluated only when a stream begins.
    forwarded: Vec<HeaderValue>,
    has_connection: bool,
}

/// Checks whether the request's connection allows it.
pub(crate) fn allowed(request: &Request) -> Result<Guard, Problem> {
    let given = request.extensions().get::<RequestContext>();
    if given.is_some_and(|it| it.connection.is_crowded) && !HEALTH.contains(&request.uri().path()) {
        return Err(Problem::unavailable(CROWDED_S));
    }
    if announced(request.headers()) > BODY_LIMIT as u64 {
        return Err(Problem::new(Code::TooLarge));
    }
    Ok(Guard {
        given: given.cloned(),
        // Only a GET can begin a stream.
        forwarded: match *request.method() {
            Method::GET => forwarded_lines(request.headers()),
            _ => Vec::new(),
        },
        has_connection: request.version() < Version::HTTP_2,
    })
}

impl Guard {
    /// The answer if it is allowed, otherwise the refusal in its place.
    pub(crate) fn passed(self, mut response: Response, trusted: &TrustedProxies) -> Response {
        let Some(RequestContext { connection, late }) = self.given else { return response };
        if late.is_some_and(|late| late.0.load(Ordering::Acquire)) {
            return Problem::new(Code::TooSlow).into_response();
        }
        let kind = response.headers().get(header::CONTENT_TYPE);
        let is_stream = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
        if !is_stream || response.extensions().get::<IsCounted>().is_some() {
            return response;
        }
        let client = trusted.client_of(connection.peer.ip(), self.forwarded.iter());
        // A trusted proxy that names no client asks on its own behalf.
        let client = (!trusted.trusts(client)).then(|| ClientAddr(client).network());
        match connection.streams.count(client, self.has_connection) {
            Some(counted) => {
                response.extensions_mut().insert(IsCounted);
                response.map(|body| Body::new(Listened { body, _counted: counted }))
            }
            None => Problem::new(Code::RateLimited).retry_after(STREAMS_S).into_response(),
        }
    }
}

/// The body length announced by a request; 0 if none is.
fn announced(headers: &HeaderMap) -> u64 {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    length.and_then(|length| length.trim().parse().ok()).unwrap_or_default()
}

/// The body of a counted event stream.
struct Listened {
    body: Body,
    _counted: StreamGuard,
}

impl http_body::Body for Listened {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }
    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "routes of a test")]
mod tests {
    use super::*;
    use crate::sse::{EventStream, Listener, frame};
    use crate::{Surface, Texts};
    use axum::Router;
    use axum::routing::{get, post};
    use futures::{StreamExt, stream};
    use http::{Method, StatusCode};
    use tower::ServiceExt;

    fn app() -> Router {
        let trusted = Arc::new(TrustedProxies::parse(["10.0.0.0/8"]).unwrap());
        let surface = Surface::new(Arc::new(Texts::new(&[], &[]))).trusted(trusted);
        let events = || async {
            let frames = stream::iter([frame("a", None, "1")]).chain(stream::pending());
            let listener = Listener { office: "torun".into(), kind: "hall" };
            EventStream { frames, age: Arc::new(|| 0), listener }
        };
        let service = Router::new()
            .route("/events", get(events))
            .route("/healthz", get(|| async { "ok" }))
            .route("/body", post(|body: Bytes| async move { body.len().to_string() }))
            .route("/none", post(|| async { "ok" }));
        surface.whole(surface.dress(service))
    }

    fn connection(peer: SocketAddr, streams: &Arc<Streams>, is_crowded: bool) -> RequestContext {
        let connection = Arc::new(Connection { peer, streams: streams.clone(), is_crowded });
        RequestContext { connection, late: None }
    }

    async fn listen(streams: &Arc<Streams>, peer: &str, forwarded: &str) -> Response {
        let peer: SocketAddr = format!("{peer}:1").parse().unwrap();
        let mut request = Request::get("/events").extension(connection(peer, streams, false));
        if !forwarded.is_empty() {
            request = request.header("x-forwarded-for", forwarded);
        }
        app().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn streams_are_counted_by_who_stands_behind_the_proxy_and_a_proxy_itself_has_no_cap() {
        for (peer, forwarded, capped) in [
            ("203.0.113.9", "", true),
            ("203.0.113.9", "198.51.100.1", true),
            ("10.0.0.1", "198.51.100.1", true),
            ("10.0.0.1", "198.51.100.7, 198.51.100.1", true),
            ("10.0.0.1", "198.51.100.1, 10.0.0.2", true),
            ("10.0.0.1", "198.51.100.1:4711", true),
            ("10.0.0.1", "[2001:db8::1]:443", true),
            ("[::ffff:203.0.113.9]", "", true),
            ("10.0.0.1", "", false),
            ("10.0.0.1", "10.0.0.2", false),
            ("10.0.0.1", "nonsense", false),
        ] {
            let streams = Arc::new(Streams::new(2, 100));
            let (one, two) =
                (listen(&streams, peer, forwarded).await, listen(&streams, peer, forwarded).await);
            assert_eq!((one.status(), two.status()), (StatusCode::OK, StatusCode::OK), "{peer} {forwarded}");
            let three = listen(&streams, peer, forwarded).await;
            assert_eq!(three.status() == StatusCode::TOO_MANY_REQUESTS, capped, "{peer} {forwarded}");
            assert_eq!(three.headers().contains_key("retry-after"), capped, "{peer} {forwarded}");
            let other = listen(&streams, "10.0.0.1", "192.0.2.44").await;
            assert_eq!(other.status(), StatusCode::OK, "{peer} {forwarded}: another one");
            drop(one);
            assert_eq!(listen(&streams, peer, forwarded).await.status(), StatusCode::OK, "one has ended");
        }
    }

    #[tokio::test]
    async fn one_household_of_ipv6_is_one_client() {
        let streams = Arc::new(Streams::new(1, 100));
        let first = listen(&streams, "10.0.0.1", "2001:db8:1:2::1").await;
        let same = listen(&streams, "10.0.0.1", "2001:db8:1:2:9::7").await;
        let other = listen(&streams, "10.0.0.1", "2001:db8:1:3::1").await;
        let told = (first.status(), same.status(), other.status());
        assert_eq!(told, (StatusCode::OK, StatusCode::TOO_MANY_REQUESTS, StatusCode::OK));
    }

    #[tokio::test]
    async fn streams_of_all_together_leave_room_for_those_who_ask_something() {
        let streams = Arc::new(Streams::new(100, 2));
        let held = [listen(&streams, "192.0.2.1", "").await, listen(&streams, "192.0.2.2", "").await];
        assert!(held.iter().all(|it| it.status() == StatusCode::OK));
        assert_eq!(listen(&streams, "192.0.2.3", "").await.status(), StatusCode::TOO_MANY_REQUESTS);
    }

    #[tokio::test]
    async fn what_is_announced_too_large_is_refused_before_any_of_it_is_awaited() {
        let over = (BODY_LIMIT + 1).to_string();
        for (method, path, length, refused) in [
            (Method::POST, "/body", "10737418240", true),
            (Method::POST, "/body", "18446744073709551615", true),
            (Method::POST, "/body", over.as_str(), true),
            (Method::POST, "/none", "10737418240", true),
            (Method::GET, "/healthz", "10737418240", true),
            (Method::PUT, "/body", "10737418240", true),
            (Method::POST, "/nowhere", "10737418240", true),
            (Method::DELETE, "/none", over.as_str(), true),
            (Method::POST, "/body", "0", false),
            (Method::POST, "/none", "65536", false),
        ] {
            // A body that never yields: a handler that awaits it never answers.
            let body = if refused {
                Body::from_stream(stream::pending::<Result<Bytes, axum::Error>>())
            } else {
                Body::empty()
            };
            let request = Request::builder().method(&method).uri(path).header("content-length", length);
            let answer = app().oneshot(request.body(body).unwrap());
            let answer = tokio::time::timeout(std::time::Duration::from_secs(20), answer).await;
            let answer = answer.expect("it is answered at once").unwrap();
            assert_eq!(answer.status() == StatusCode::PAYLOAD_TOO_LARGE, refused, "{method} {path} {length}");
        }
    }

    #[tokio::test]
    async fn where_there_is_no_room_health_is_told_and_all_else_is_asked_to_come_again() {
        for (path, status) in [
            ("/healthz", StatusCode::OK),
            ("/events", StatusCode::SERVICE_UNAVAILABLE),
            ("/nowhere", StatusCode::SERVICE_UNAVAILABLE),
            ("/healthz/x", StatusCode::SERVICE_UNAVAILABLE),
        ] {
            let crowded = connection(([192, 0, 2, 1], 1).into(), &Arc::new(Streams::new(1, 1)), true);
            let request = Request::get(path).extension(crowded).body(Body::empty()).unwrap();
            let answer = app().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), status, "{path}");
            assert_eq!(answer.headers().contains_key("retry-after"), status != StatusCode::OK, "{path}");
        }
    }
}
