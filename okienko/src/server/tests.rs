//! Every kind of malicious connection, over real sockets with short limits: none of them stays, none takes the place of
//! others, and well-behaved ones notice nothing.

mod early;

use super::frames::spoken::{block, preface, two};
use super::*;
use axum::body::Bytes;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use futures::{StreamExt, stream};
use okienko_web::sse::{EventStream, Listener, frame};
use okienko_web::{Surface, Texts};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{sleep, timeout};

/// Everything here takes a fraction of this; it ends a test that would wait forever.
const PATIENCE: Duration = Duration::from_secs(30);

fn short() -> Limits {
    Limits {
        head: Duration::from_millis(400),
        body: Duration::from_millis(700),
        silent: Duration::from_millis(1_500),
        ..Limits::with_room_for(1_000)
    }
}

/// Long enough that nothing times out.
fn long() -> Limits {
    let far = Duration::from_secs(600);
    Limits { head: far, body: far, silent: far, ..Limits::with_room_for(1_000) }
}

fn events() -> impl IntoResponse {
    let frames = stream::iter([frame("call", Some("1"), "{}")]);
    let frames = frames.chain(stream::unfold((), |()| async {
        sleep(Duration::from_millis(100)).await;
        Some((frame("call", None, "{}"), ()))
    }));
    let listener = Listener { office: "torun".into(), kind: "hall" };
    EventStream { frames, age: Arc::new(|| 0), listener }
}

/// How many requests are being held.
static HELD: AtomicUsize = AtomicUsize::new(0);

async fn held() -> &'static str {
    HELD.fetch_add(1, Ordering::Relaxed);
    std::future::pending().await
}

#[expect(clippy::disallowed_methods, reason = "routes of a test")]
fn routes(trusted: &Arc<TrustedProxies>) -> Router {
    let large = || async { vec![b'x'; 64 << 20] };
    let slow = || async {
        sleep(Duration::from_secs(3)).await;
        "slow"
    };
    let routes = Router::new()
        .route("/fast", get(|| async { "fast" }))
        .route("/slow", get(slow))
        .route("/held", get(held))
        .route("/large", get(large))
        .route("/body", post(|body: Bytes| async move { body.len().to_string() }))
        .route("/events", get(|| async { events() }))
        .route("/healthz", get(|| async { "well" }));
    let surface = Surface::new(Arc::new(Texts::new(&[], &[]))).trusted(trusted.clone());
    surface.whole(routes)
}

/// A server that runs until dropped.
struct Served {
    at: SocketAddr,
    _close: tokio::sync::oneshot::Sender<()>,
}

fn served(limits: Limits, trusted: TrustedProxies) -> Served {
    let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let (at, trusted) = (listener.local_addr().unwrap(), Arc::new(trusted));
    let (close, closed) = tokio::sync::oneshot::channel::<()>();
    let server = Server::new(routes(&trusted), trusted, limits);
    let closing = async {
        let _ = closed.await;
    };
    tokio::task::spawn_local(server.serve_until(listener, closing, std::future::pending()));
    Served { at, _close: close }
}

impl Served {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.at).await.unwrap()
    }
    async fn say(&self, words: impl AsRef<[u8]>) -> TcpStream {
        let mut stream = self.connect().await;
        // The server may close it while it is still sending.
        let _ = stream.write_all(words.as_ref()).await;
        stream
    }
    /// Sends a request and reads the answer to its end.
    async fn ask(&self, words: &str) -> String {
        let mut stream = self.say(words).await;
        heard(&mut stream).await
    }
    async fn is_well(&self) -> bool {
        self.ask("GET /fast HTTP/1.1\r\nhost: o\r\nconnection: close\r\n\r\n").await.ends_with("fast")
    }
}

/// Everything received on a connection until it ends; it must end.
async fn heard(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    // A reset connection has ended too.
    let ended = timeout(PATIENCE, stream.read_to_end(&mut all)).await;
    assert!(ended.is_ok(), "it lives: {}", String::from_utf8_lossy(&all));
    String::from_utf8_lossy(&all).into_owned()
}

/// Reads until `wanted` has arrived.
async fn until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut all = String::new();
    let mut part = [0; 4096];
    while !all.contains(wanted) {
        let count = timeout(PATIENCE, stream.read(&mut part)).await.expect("it comes").unwrap_or(0);
        assert!(count > 0, "it ended: {all}");
        all.push_str(&String::from_utf8_lossy(&part[..count]));
    }
    all
}

/// Runs on one thread, so that a test's values may be local to it.
async fn here<F: Future<Output = ()>>(test: F) {
    tokio::task::LocalSet::new().run_until(test).await;
}

#[tokio::test]
async fn no_half_head_half_body_or_silent_connection_lives_on() {
    here(async {
        let served = served(short(), TrustedProxies::none());
        let post = "POST /body HTTP/1.1\r\nhost: o\r\n";
        let chunked = format!("{post}transfer-encoding: chunked\r\n\r\n");
        let headers = |flags| two(1, flags, 1, &block("POST", "/body"));
        let kinds: Vec<(&str, Vec<u8>)> = vec![
            ("silent", vec![]),
            ("one byte", b"G".to_vec()),
            ("half a line of request", b"GET /fa".to_vec()),
            ("a line of request", b"GET /fast HTTP/1.1\r\n".to_vec()),
            ("half the headers", b"GET /fast HTTP/1.1\r\nhost: o\r\nx: y".to_vec()),
            ("headers without the last line", b"GET /fast HTTP/1.1\r\nhost: o\r\n".to_vec()),
            ("an empty line and nothing", b"\r\n".to_vec()),
            ("half a body", format!("{post}content-length: 10\r\n\r\n12345").into_bytes()),
            ("no body", format!("{post}content-length: 10\r\n\r\n").into_bytes()),
            (
                "a body after `continue`",
                format!("{post}expect: 100-continue\r\ncontent-length: 9\r\n\r\n").into_bytes(),
            ),
            ("chunks without end", format!("{chunked}3\r\nabc\r\n").into_bytes()),
            ("half a chunk", format!("{chunked}9\r\nabc").into_bytes()),
            ("no chunk", chunked.clone().into_bytes()),
            ("silent after an answer", b"GET /fast HTTP/1.1\r\nhost: o\r\n\r\n".to_vec()),
            ("half a head after an answer", b"GET /fast HTTP/1.1\r\nhost: o\r\n\r\nGET /".to_vec()),
            ("half the preface of HTTP/2", b"PRI * HTTP/2.0\r\n".to_vec()),
            ("the preface alone", frames::PREFACE.to_vec()),
            ("preface and settings", preface()),
            ("half a frame", [preface(), two(4, 0, 0, b"123456")[..12].to_vec()].concat()),
            ("headers without end", [preface(), headers(0)].concat()),
            ("continued without end", [preface(), headers(0), two(9, 0, 1, b"")].concat()),
            ("no body over HTTP/2", [preface(), headers(4)].concat()),
            ("half a body over HTTP/2", [preface(), headers(4), two(0, 0, 1, b"abc")].concat()),
            (
                "half a frame of a body",
                [preface(), headers(4), two(0, 0, 1, b"abcdef")[..12].to_vec()].concat(),
            ),
            (
                "an answer over HTTP/2, then silent",
                [preface(), two(1, 5, 1, &block("GET", "/fast"))].concat(),
            ),
            ("bytes that are no HTTP", vec![0x16, 3, 1, 0, 200]),
            (
                "an event stream asked for by half",
                b"GET /events HTTP/1.1\r\nhost: o\r\ncontent-length: 5\r\n\r\nab".to_vec(),
            ),
        ];
        let all = kinds.iter().map(|(name, words)| {
            let served = &served;
            async move {
                let mut stream = served.say(words).await;
                (name, heard(&mut stream).await)
            }
        });
        for (name, heard) in futures::future::join_all(all).await {
            if name.contains("answer") && !name.contains("HTTP/2") {
                assert!(heard.contains("fast"), "{name}: {heard}");
            }
        }
        assert!(served.is_well().await);
    })
    .await;
}

#[tokio::test]
async fn who_says_a_byte_now_and_then_is_no_less_slow() {
    here(async {
        let served = served(short(), TrustedProxies::none());
        let starts: Vec<(&str, Vec<u8>, &[u8])> = vec![
            ("a line of request", vec![], b"G"),
            ("headers", b"GET /fast HTTP/1.1\r\n".to_vec(), b"a"),
            ("whole headers, one after the other", b"GET /fast HTTP/1.1\r\n".to_vec(), b"a: b\r\n"),
            ("a body", b"POST /body HTTP/1.1\r\nhost: o\r\ncontent-length: 60000\r\n\r\n".to_vec(), b"a"),
            (
                "chunks",
                b"POST /body HTTP/1.1\r\nhost: o\r\ntransfer-encoding: chunked\r\n\r\n".to_vec(),
                b"1\r\na\r\n",
            ),
            ("a frame", [preface(), vec![0, 255, 0, 4, 0]].concat(), b"\0"),
            ("a block of headers", [preface(), two(1, 0, 1, b"")].concat(), b"\0\0\0\x09\0\0\0\0\x01"),
            (
                "a body in frames",
                [preface(), two(1, 4, 1, &block("POST", "/body"))].concat(),
                b"\0\0\x01\0\0\0\0\0\x01a",
            ),
        ];
        let all = starts.into_iter().map(|(name, start, again)| {
            let served = &served;
            async move {
                let stream = served.say(start).await;
                let (mut read, mut write) = stream.into_split();
                let speaking = async {
                    while write.write_all(again).await.is_ok() {
                        sleep(Duration::from_millis(100)).await;
                    }
                };
                // Over HTTP/2 a late stream ends on its own, and the connection once nothing else is requested.
                let over_two = name == "a body in frames";
                if over_two {
                    let mut head = [0; 4096];
                    let mut told = Vec::<u8>::new();
                    let answered = async {
                        while !told.windows(9).any(|frame| frame[3..5] == [1, 4]) {
                            let count = read.read(&mut head).await.unwrap_or(0);
                            assert!(count > 0, "{name}");
                            told.extend(&head[..count]);
                        }
                    };
                    tokio::select! {
                        () = speaking => panic!("{name}: it ended without an answer"),
                        answered = timeout(PATIENCE, answered) => answered.expect("it is answered"),
                    }
                    return;
                }
                let mut all = Vec::new();
                let ended = async {
                    tokio::select! {
                        _ = read.read_to_end(&mut all) => {}
                        () = speaking => {}
                    }
                };
                assert!(timeout(PATIENCE, ended).await.is_ok(), "{name} lives");
            }
        });
        futures::future::join_all(all).await;
        assert!(served.is_well().await);
    })
    .await;
}

#[tokio::test]
async fn a_body_that_is_late_is_told_so_and_one_that_is_too_large_at_once() {
    here(async {
        let served = served(short(), TrustedProxies::none());
        let post = "POST /body HTTP/1.1\r\nhost: o\r\naccept-language: en\r\n";
        for rest in ["content-length: 10\r\n\r\n123", "transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n"] {
            let told = served.ask(&format!("{post}{rest}")).await;
            assert!(told.starts_with("HTTP/1.1 408 ") && told.contains("\"too_slow\""), "{rest}: {told}");
        }
        let patient = self::served(long(), TrustedProxies::none());
        for length in ["65537", "10737418240", "9223372036854775807"] {
            let mut stream = patient.say(format!("{post}content-length: {length}\r\n\r\n123")).await;
            let told = until(&mut stream, "\"too_large\"").await;
            assert!(told.starts_with("HTTP/1.1 413 "), "{length}: {told}");
        }
        let mut stream =
            patient.say(format!("{post}expect: 100-continue\r\ncontent-length: 70000\r\n\r\n")).await;
        let told = until(&mut stream, "\"too_large\"").await;
        assert!(!told.contains("100 Continue"), "nobody is asked to send what is refused: {told}");
    })
    .await;
}

#[tokio::test]
async fn those_who_use_their_connection_keep_it() {
    here(async {
        let limits = Limits {
            head: Duration::from_secs(2),
            body: Duration::from_secs(3),
            silent: Duration::from_secs(3),
            ..long()
        };
        let served = served(limits, TrustedProxies::none());
        let mut stream = served.say("GET /events HTTP/1.1\r\nhost: o\r\n\r\n").await;
        let mut asking = served.connect().await;
        let mut uploading = served.say("POST /body HTTP/1.1\r\nhost: o\r\ncontent-length: 4\r\n\r\n").await;
        // Longer than any limit in total, in steps shorter than each.
        for n in 0..12 {
            asking.write_all(b"GET /fast HTTP/1.1\r\nhost: o\r\n\r\n").await.unwrap();
            until(&mut asking, "fast").await;
            until(&mut stream, "event: call").await;
            if n == 1 {
                uploading.write_all(b"1234").await.unwrap();
                assert!(until(&mut uploading, "\r\n\r\n4").await.contains(" 200 "));
            }
            sleep(Duration::from_millis(400)).await;
        }
        let slow = served.ask("GET /slow HTTP/1.1\r\nhost: o\r\nconnection: close\r\n\r\n").await;
        assert!(slow.ends_with("slow"), "an answer that takes its time: {slow}");
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_nobody_takes_is_not_kept_for_ever() {
    here(async {
        let served = served(short(), TrustedProxies::none());
        let mut stream = served.say("GET /large HTTP/1.1\r\nhost: o\r\n\r\n").await;
        let all = async {
            let mut part = vec![0; 1 << 16];
            sleep(Duration::from_secs(4)).await;
            let mut count = 0;
            while let Ok(read @ 1..) = stream.read(&mut part).await {
                count += read;
            }
            count
        };
        let count = timeout(PATIENCE, all).await.expect("it ends");
        assert!(count < 64 << 20, "it broke off: {count}");
    })
    .await;
}

#[tokio::test]
async fn half_requests_of_one_address_lock_nobody_out_and_the_oldest_goes_first() {
    here(async {
        // As with `ulimit -n 256`.
        for trusted in [TrustedProxies::none(), TrustedProxies::loopback()] {
            let served = served(Limits { connections: 100, ..long() }, trusted);
            let mut held = Vec::new();
            for words in ["", "GET /fa", "POST /body HTTP/1.1\r\nhost: o\r\ncontent-length: 9\r\n\r\n1"] {
                for _ in 0..140 {
                    held.push(served.say(words).await);
                    if held.len() % 70 == 0 {
                        assert!(served.is_well().await, "after {} of {words:?}", held.len());
                    }
                }
            }
            heard(&mut held[0]).await;
            let mut last = held.pop().unwrap();
            last.write_all(b"12345678").await.unwrap();
            assert!(until(&mut last, "\r\n\r\n9").await.contains(" 200 "), "the newest is there");
        }
    })
    .await;
}

#[tokio::test]
async fn who_is_over_the_cap_gives_up_their_own_oldest_and_nobody_elses() {
    here(async {
        let served = served(Limits { per_client: 20, ..long() }, TrustedProxies::none());
        let other = tokio::net::TcpSocket::new_v4().unwrap();
        other.bind("127.0.0.2:0".parse().unwrap()).unwrap();
        let mut other = other.connect(served.at).await.unwrap();
        other.write_all(b"GET /fa").await.unwrap();
        sleep(Duration::from_millis(200)).await;
        let mut held = Vec::new();
        for _ in 0..60 {
            held.push(served.say("GET /fa").await);
        }
        for stream in &mut held[..40] {
            heard(stream).await;
        }
        let (newest, another) = (held.remove(59), held.remove(41));
        for mut stream in [other, another, newest] {
            stream.write_all(b"st HTTP/1.1\r\nhost: o\r\n\r\n").await.unwrap();
            until(&mut stream, "\r\n\r\nfast").await;
        }
        // A trusted proxy has no such limit.
        let proxied = self::served(Limits { per_client: 20, ..long() }, TrustedProxies::loopback());
        let mut held = Vec::new();
        for _ in 0..60 {
            held.push(proxied.say("GET /fa").await);
        }
        held[0].write_all(b"st HTTP/1.1\r\nhost: o\r\n\r\n").await.unwrap();
        until(&mut held[0], "\r\n\r\nfast").await;
    })
    .await;
}

#[tokio::test]
async fn where_every_place_is_in_use_health_is_told_and_others_are_asked_to_come_again() {
    here(async {
        let served = served(Limits { connections: 40, reserve: 5, ..long() }, TrustedProxies::loopback());
        let mut held = Vec::new();
        let hold = |n| format!("GET /held HTTP/1.1\r\nhost: o\r\nx-forwarded-for: 192.0.2.{n}\r\n\r\n");
        for n in 0..40 {
            held.push(served.say(hold(n)).await);
            // A connection that has not sent its request yet would lose its place.
            while HELD.load(Ordering::Relaxed) <= n {
                sleep(Duration::from_millis(5)).await;
            }
        }
        let ask = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: o\r\naccept-language: en\r\n\r\n");
        let crowded = served.ask(&ask("/fast")).await;
        assert!(crowded.contains(" 503 ") && crowded.contains("retry-after"), "{crowded}");
        // Nobody can occupy the reserve either.
        for _ in 0..20 {
            held.push(served.say("GET /fa").await);
        }
        for _ in 0..10 {
            let health = served.ask(&ask("/healthz")).await;
            assert!(health.contains(" 200 ") && health.ends_with("well"), "{health}");
        }
        held.clear();
        while !served.is_well().await {
            sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn of_six_thousand_event_streams_of_one_client_a_hall_s_worth_is_taken() {
    here(async {
        let limits = Limits { streams_per_client: 30, ..long() };
        let served = served(limits, TrustedProxies::loopback());
        let ask = |from: &str| format!("GET /events HTTP/1.1\r\nhost: o\r\nx-forwarded-for: {from}\r\n\r\n");
        let mut held = Vec::new();
        let mut refused = 0;
        for _ in 0..60 {
            let mut stream = served.say(ask("203.0.113.9")).await;
            let head = until(&mut stream, "\r\n\r\n").await;
            refused += usize::from(head.contains(" 429 ") && head.contains("retry-after"));
            held.push(stream);
        }
        assert_eq!(refused, 30);
        for other in ["203.0.113.10", "198.51.100.7, 192.0.2.1"] {
            let mut stream = served.say(ask(other)).await;
            assert!(until(&mut stream, "\r\n\r\n").await.contains(" 200 "), "{other}");
        }
        // Connections that end give their places back.
        held.clear();
        let mut taken = false;
        while !taken {
            let mut stream = served.say(ask("203.0.113.9")).await;
            taken = until(&mut stream, "\r\n\r\n").await.contains(" 200 ");
        }
    })
    .await;
}

#[tokio::test]
async fn when_asked_to_end_what_is_under_way_is_answered_and_nobody_waits_for_the_silent() {
    here(async {
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let (at, trusted) = (listener.local_addr().unwrap(), Arc::new(TrustedProxies::none()));
        let (close, closed) = tokio::sync::oneshot::channel::<()>();
        let closing = async {
            let _ = closed.await;
        };
        let server = Server::new(routes(&trusted), trusted, long());
        let over = tokio::task::spawn_local(server.serve_until(listener, closing, std::future::pending()));
        let mut slow = TcpStream::connect(at).await.unwrap();
        slow.write_all(b"GET /slow HTTP/1.1\r\nhost: o\r\n\r\n").await.unwrap();
        let mut silent = TcpStream::connect(at).await.unwrap();
        let mut two = TcpStream::connect(at).await.unwrap();
        two.write_all(&preface()).await.unwrap();
        let mut idle = TcpStream::connect(at).await.unwrap();
        idle.write_all(b"GET /fast HTTP/1.1\r\nhost: o\r\n\r\n").await.unwrap();
        until(&mut idle, "fast").await;
        close.send(()).unwrap();
        heard(&mut silent).await;
        heard(&mut idle).await;
        assert!(heard(&mut slow).await.ends_with("slow"));
        drop(two);
        timeout(PATIENCE, over).await.expect("it ends").unwrap();
    })
    .await;
}
