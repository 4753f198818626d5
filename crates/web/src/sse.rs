//! Server-sent events: frames encoded once and sent to many, kept alive by a ping every five seconds. Knows no board
//! and no ticket.

pub use crate::measured::Listener;
use crate::measured::Listens;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::Stream;
use http::header;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::time::{Duration, Interval, MissedTickBehavior, interval};

/// Seconds between pings. Screens treat their data as stale after ten seconds without anything.
pub const PING_S: u64 = 5;

/// Encodes one event: `event`, `id` if given, `data` on one line (JSON without line breaks).
pub fn frame(event: &str, id: Option<&str>, data: &str) -> Bytes {
    let id = id.map_or(String::new(), |id| format!("id: {id}\n"));
    let data = data.replace(['\r', '\n'], " ");
    format!("event: {event}\n{id}data: {data}\n\n").into()
}

/// How many seconds old a listener's data is when no event comes; 0 while it is current.
pub type Age = Arc<dyn Fn() -> u64 + Send + Sync>;

/// An answer that sends `frames` as they come and ends when they end. While events fail to come, a ping tells the age
/// of the last one, as the comment `: age 12`.
pub struct EventStream<S> {
    /// The encoded events.
    pub frames: S,
    /// The age of the newest one.
    pub age: Age,
    /// Who listens, for metrics.
    pub listener: Listener,
}

impl<S: Stream<Item = Bytes> + Send + 'static> IntoResponse for EventStream<S> {
    fn into_response(self) -> Response {
        let mut pings = interval(Duration::from_secs(PING_S));
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let body = Body::from_stream(Pinged {
            frames: Box::pin(self.frames),
            pings,
            age: self.age,
            _listens: Listens::now(&self.listener),
        });
        let head = [
            (header::CONTENT_TYPE, "text/event-stream"),
            (header::CACHE_CONTROL, "no-cache"),
            (header::HeaderName::from_static("x-accel-buffering"), "no"),
        ];
        (head, body).into_response()
    }
}

struct Pinged<S> {
    frames: Pin<Box<S>>,
    pings: Interval,
    age: Age,
    _listens: Listens,
}

impl<S: Stream<Item = Bytes>> Stream for Pinged<S> {
    type Item = Result<Bytes, Infallible>;
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Poll::Ready(frame) = self.frames.as_mut().poll_next(cx) {
            return Poll::Ready(frame.map(Ok));
        }
        self.pings.poll_tick(cx).map(|_| {
            Some(Ok(match (self.age)() {
                0 => Bytes::from_static(b": ping\n\n"),
                age => Bytes::from(format!(": age {age}\n\n")),
            }))
        })
    }
}

/// The `Last-Event-ID` of a listener that reconnects.
pub fn last_event_id(headers: &http::HeaderMap) -> Option<&str> {
    Some(headers.get("last-event-id")?.to_str().ok()?.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{StreamExt, stream};

    fn told<S>(frames: S, age: Age) -> EventStream<S> {
        EventStream { frames, age, listener: Listener { office: "torun".into(), kind: "hall" } }
    }

    #[test]
    fn data_with_line_breaks_stays_one_frame() {
        assert_eq!(frame("call", Some("1-7"), "{\"a\":\n1}"), "event: call\nid: 1-7\ndata: {\"a\": 1}\n\n");
        assert_eq!(frame("board", None, "{}"), "event: board\ndata: {}\n\n");
    }

    #[tokio::test(start_paused = true)]
    async fn frames_go_before_pings_and_pings_fill_the_silence() {
        let frames = stream::iter([frame("a", Some("1"), "{}")]).chain(stream::pending());
        let mut body = told(frames, Arc::new(|| 0)).into_response().into_body().into_data_stream();
        assert!(body.next().await.unwrap().unwrap().starts_with(b"event: a"));
        for _ in 0..3 {
            assert_eq!(body.next().await.unwrap().unwrap(), ": ping\n\n");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_ping_says_how_old_the_last_event_is_where_events_do_not_come() {
        let old = Arc::new(std::sync::atomic::AtomicU64::new(0));
        let shared = old.clone();
        let age: Age = Arc::new(move || shared.load(std::sync::atomic::Ordering::Relaxed));
        let mut body = told(stream::pending(), age).into_response().into_body().into_data_stream();
        assert_eq!(body.next().await.unwrap().unwrap(), ": ping\n\n");
        old.store(12, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(body.next().await.unwrap().unwrap(), ": age 12\n\n");
    }

    #[tokio::test]
    async fn the_answer_ends_when_the_frames_end() {
        let response = told(stream::iter([frame("a", None, "1")]), Arc::new(|| 0)).into_response();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let all = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
        assert_eq!(all, "event: a\ndata: 1\n\n");
    }
}
