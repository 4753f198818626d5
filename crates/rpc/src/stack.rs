//! The caller's side of every call, whatever the way, as a list of layers: a bound, a span, the deadline, the buffered
//! request, and retries within a budget for idempotent methods. Requests and answers are buffered whole, so that the
//! deadline covers a complete answer and a request can be repeated; none of our methods stream. Knows no particular
//! way.

use crate::Link;
use crate::carried::Carried;
use crate::methods::is_idempotent;
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use okienko_trace::{Instrument, span};
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Instant;
use tonic::body::Body;
use tonic::{Code, Status};
use tower::load_shed::error::Overloaded;
use tower::retry::Policy;
use tower::retry::budget::{Budget, TpsBudget};
use tower::{BoxError, Service, ServiceBuilder};

/// The longest that a call may take. A person waits for most of them.
pub const DEADLINE: Duration = Duration::from_secs(5);
/// Concurrent calls to one service; above this, callers are refused at once as too busy.
const IN_FLIGHT: usize = 20_000;
/// Attempts per call.
const TRIES: u32 = 3;
/// The delay before the second attempt, doubled before the third: within that time another replica replaces one that
/// ends.
const PAUSE: Duration = Duration::from_millis(25);

/// A buffered request, which can be repeated.
type Question = Request<Full<Bytes>>;

/// How one attempt of a call reaches a server.
pub(crate) trait Way: Clone + Send + Sync + 'static {
    /// Makes one attempt.
    fn ask(&self, request: Request<Body>) -> BoxFuture<'static, Result<Response<Body>, Status>>;
}

/// A link over `way`. Layers are listed in the order in which a call meets them.
pub(crate) fn link(way: impl Way) -> Link {
    let layers = ServiceBuilder::new()
        .map_err(status)
        // Above the bound, callers are refused at once instead of queueing.
        .load_shed()
        .concurrency_limit(IN_FLIGHT)
        // One span for all attempts of a call.
        .layer_fn(Traced)
        // Nobody waits for ever, and every attempt carries the same deadline.
        .layer_fn(Deadline)
        .filter_async(whole)
        .retry(Again::new())
        .service_fn(move |question| once(way.clone(), question).map(|answer| answer.map_err(BoxError::from)));
    Link::new(layers)
}

/// The status for an error from a layer.
fn status(error: BoxError) -> Status {
    match error.downcast::<Status>() {
        Ok(status) => *status,
        Err(error) if error.is::<Overloaded>() => not_delivered(Status::resource_exhausted("too busy")),
        Err(error) => Status::internal(error.to_string()),
    }
}

/// Buffers the request's body.
async fn whole(request: Request<Body>) -> Result<Question, BoxError> {
    let (parts, body) = request.into_parts();
    Ok(Request::from_parts(parts, Full::new(body.collect().await?.to_bytes())))
}

/// Makes one attempt and buffers the answer.
async fn once(way: impl Way, question: Question) -> Result<Response<Body>, Status> {
    let mut request = question.map(Body::new);
    Carried::here().write(request.headers_mut());
    let (mut parts, body) = way.ask(request).await?.into_parts();
    let answer = body.collect().await?;
    // A status that arrives in the trailers is also made available up front, since the whole answer is here.
    if let Some(state) = answer.trailers().and_then(|trailers| trailers.get(Status::GRPC_STATUS)) {
        parts.extensions.insert(AtTheEnd(state.clone()));
    }
    Ok(Response::from_parts(parts, Body::new(answer)))
}

/// What passes through the layers.
type Answered = Result<Response<Body>, BoxError>;

/// A span around each call.
#[derive(Clone)]
struct Traced<S>(S);

impl<S> Service<Request<Body>> for Traced<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Answered>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let span = span!("call", otel.name = method(request.uri().path()), otel.kind = "client");
        let answer = span.in_scope(|| self.0.call(request)).instrument(span.clone());
        let failed = move |answered: &Answered| {
            if let Err(status) = answered.as_ref().map_err(|error| error.downcast_ref::<Status>()) {
                okienko_trace::failed(&span, status.map_or(Code::Internal, Status::code).description());
            }
        };
        answer.inspect(failed).boxed()
    }
}

/// Ends each call at the deadline of the request being served, or after [`DEADLINE`].
#[derive(Clone)]
struct Deadline<S>(S);

impl<S> Service<Request<Body>> for Deadline<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Answered>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let latest = Instant::now() + DEADLINE;
        let deadline = Carried::here().deadline.map_or(latest, |deadline| deadline.min(latest));
        let answer = Carried { deadline: Some(deadline) }.within(self.0.call(request));
        let late = |_| Err(Status::deadline_exceeded("no answer in time").into());
        tokio::time::timeout_at(deadline, answer).map(move |answered| answered.unwrap_or_else(late)).boxed()
    }
}

/// A method as people write it: `okienko.sms.v1.SmsGateway/Send`.
pub(crate) fn method(path: &str) -> &str {
    path.trim_start_matches('/')
}

/// The `grpc-status` that came in an answer's trailers.
#[derive(Clone)]
struct AtTheEnd(http::HeaderValue);

/// Whether a retry may succeed: the server or the way to it failed, and nothing was decided.
fn is_worth_another(answer: &Answered) -> bool {
    let code = match answer {
        Err(error) => error.downcast_ref::<Status>().map_or(Code::Internal, Status::code),
        Ok(response) => {
            let told = response.headers().get(Status::GRPC_STATUS);
            let told = told.or_else(|| response.extensions().get::<AtTheEnd>().map(|end| &end.0));
            told.map_or(Code::Ok, |told| Code::from_bytes(told.as_bytes()))
        }
    };
    matches!(code, Code::Unavailable | Code::Unknown)
}

/// The retry policy.
#[derive(Clone)]
struct Again {
    /// Shared by the whole link: when a service is down, retries must not be what keeps it down.
    budget: Arc<TpsBudget>,
    /// Attempts left for this call.
    left: u32,
    pause: Duration,
}

impl Again {
    /// The window over which calls and retries are counted.
    const WINDOW: Duration = Duration::from_secs(10);
    /// Retries per second that are always allowed, even with few calls.
    const FLOOR: u32 = 1;
    /// On top of that, the share of calls that may be retried: one in ten.
    const SHARE: f32 = 0.1;

    fn new() -> Again {
        let budget = Arc::new(TpsBudget::new(Again::WINDOW, Again::FLOOR, Again::SHARE));
        Again { budget, left: TRIES - 1, pause: PAUSE }
    }
}

impl Policy<Question, Response<Body>, BoxError> for Again {
    type Future = tokio::time::Sleep;

    fn retry(&mut self, _: &mut Question, answer: &mut Answered) -> Option<Self::Future> {
        if !is_worth_another(answer) {
            self.budget.deposit();
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        if !self.budget.withdraw() {
            return None;
        }
        let pause = tokio::time::sleep(self.pause);
        self.pause *= 2;
        Some(pause)
    }

    fn clone_request(&mut self, question: &Question) -> Option<Question> {
        is_idempotent(question.uri().path()).then(|| question.clone())
    }
}

/// Marks the status of a call that reached no server.
#[derive(Debug)]
struct NotDelivered;

impl fmt::Display for NotDelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the call reached no server")
    }
}

impl std::error::Error for NotDelivered {}

/// Marks the status: the call certainly reached no server.
pub(crate) fn not_delivered(mut status: Status) -> Status {
    status.set_source(Arc::new(NotDelivered));
    status
}

/// Whether a call certainly reached no server, so that it can be carried out elsewhere; false when nobody knows.
pub fn is_not_delivered(status: &Status) -> bool {
    std::error::Error::source(status).is_some_and(|source| source.is::<NotDelivered>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tower::ServiceExt;

    /// A way on which every call fails and is counted.
    #[derive(Clone, Default)]
    struct Down(Arc<AtomicUsize>);

    impl Way for Down {
        fn ask(&self, _: Request<Body>) -> BoxFuture<'static, Result<Response<Body>, Status>> {
            self.0.fetch_add(1, Ordering::Relaxed);
            std::future::ready(Err(Status::unavailable("down"))).boxed()
        }
    }

    async fn ask(link: &Link, path: &'static str) -> Status {
        let request = Request::post(path).body(Body::empty()).unwrap();
        link.clone().oneshot(request).await.unwrap_err()
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_that_is_down_is_asked_again_ten_times_and_then_no_more_until_time_has_passed() {
        let (way, read) = (Down::default(), "/okienko.booking.v1.Booking/Cards");
        let link = link(way.clone());
        let asked = || way.0.swap(0, Ordering::Relaxed);
        for _ in 0..100 {
            assert_eq!(ask(&link, read).await.code(), Code::Unavailable);
        }
        assert_eq!(asked(), 100 + 10);
        tokio::time::advance(2 * Again::WINDOW).await;
        for _ in 0..5 {
            ask(&link, read).await;
        }
        assert_eq!(asked(), 3 * 5, "after a quiet time there is something to spend");
    }

    #[tokio::test(start_paused = true)]
    async fn above_the_bound_callers_are_told_at_once_and_the_next_has_room_when_one_is_answered() {
        let (one, other) = (Gate, "/okienko.booking.v1.Booking/Cards");
        let link = link(one.clone());
        let mut under_way: Vec<_> = (0..IN_FLIGHT).map(|_| Box::pin(ask(&link, other))).collect();
        for call in &mut under_way {
            assert!(futures::poll!(call.as_mut()).is_pending());
        }
        let refused = ask(&link, other).await;
        assert!(refused.code() == Code::ResourceExhausted && is_not_delivered(&refused), "{refused:?}");
        under_way.truncate(IN_FLIGHT - 1);
        let mut next = Box::pin(ask(&link, other));
        assert!(futures::poll!(next.as_mut()).is_pending(), "there is room again");
    }

    /// A way that never answers.
    #[derive(Clone, Default)]
    struct Gate;

    impl Way for Gate {
        fn ask(&self, _: Request<Body>) -> BoxFuture<'static, Result<Response<Body>, Status>> {
            std::future::pending().boxed()
        }
    }

    #[test]
    fn what_reached_nobody_is_marked_and_nothing_else_is() {
        assert!(is_not_delivered(&not_delivered(Status::unavailable("x"))));
        assert!(!is_not_delivered(&Status::unavailable("x")));
    }
}
