//! The caller's side of every call, whatever the way: a bound, the deadline, what is carried on, and another try within a
//! budget where the method bears it. Questions and answers are whole here, so that a deadline covers all of an answer and
//! a question can be asked again; no method of ours streams. Knows no way.

use crate::Link;
use crate::carried::Carried;
use crate::methods::is_idempotent;
use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use okienko_trace::{Instrument, span};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tonic::body::Body;
use tonic::{Code, Status};

/// The longest that a call may take. A person waits for most of them.
pub const DEADLINE: Duration = Duration::from_secs(5);
/// Calls under way to one service; above this, callers are told at once that it is too busy.
const IN_FLIGHT: usize = 20_000;
/// Tries of one call.
const TRIES: u32 = 3;
/// Before the second try, and doubled before the next: a replica that ends is followed by another within that time.
const PAUSE: Duration = Duration::from_millis(25);

/// How one try of a call gets to a server.
pub(crate) trait Way: Clone + Send + Sync + 'static {
    /// Asks once.
    fn ask(&self, request: Request<Body>) -> BoxFuture<'static, Result<Response<Body>, Status>>;
}

/// A link over `way`.
pub(crate) fn link(way: impl Way) -> Link {
    let stack = Arc::new(Stack { room: Semaphore::new(IN_FLIGHT), budget: Budget::default() });
    Link::new(tower::service_fn(move |request| {
        let (stack, way) = (stack.clone(), way.clone());
        async move { stack.call(way, request).await }
    }))
}

struct Stack {
    room: Semaphore,
    budget: Budget,
}

impl Stack {
    async fn call(&self, way: impl Way, request: Request<Body>) -> Result<Response<Body>, Status> {
        // Above the bound, say so at once instead of letting people wait.
        let Ok(_room) = self.room.try_acquire() else {
            return Err(not_delivered(Status::resource_exhausted("too busy")));
        };
        let latest = Instant::now() + DEADLINE;
        let deadline = Carried::here().deadline.map_or(latest, |deadline| deadline.min(latest));
        let carried = Carried { deadline: Some(deadline) };
        let span = span!("call", otel.name = method(request.uri().path()), otel.kind = "client");
        let tries = carried.clone().within(self.tries(way, request, &carried));
        // Nobody waits for ever.
        let answered = tokio::time::timeout_at(deadline, tries.instrument(span.clone())).await;
        let answered = answered.unwrap_or_else(|_| Err(Status::deadline_exceeded("no answer in time")));
        if let Err(status) = &answered {
            okienko_trace::failed(&span, status.code().description());
        }
        answered
    }

    async fn tries(
        &self,
        way: impl Way,
        request: Request<Body>,
        carried: &Carried,
    ) -> Result<Response<Body>, Status> {
        let (parts, body) = request.into_parts();
        let question = body.collect().await?.to_bytes();
        let tries = if is_idempotent(parts.uri.path()) { TRIES } else { 1 };
        self.budget.earn();
        let mut pause = PAUSE;
        for _ in 1..tries {
            let answer = one(&way, &parts, &question, carried).await;
            if !is_worth_another(&answer) || !self.budget.spend() {
                return answer;
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        one(&way, &parts, &question, carried).await
    }
}

async fn one(
    way: &impl Way,
    parts: &http::request::Parts,
    question: &Bytes,
    carried: &Carried,
) -> Result<Response<Body>, Status> {
    let mut request = Request::from_parts(parts.clone(), Body::new(Full::new(question.clone())));
    carried.write(request.headers_mut());
    let (mut parts, body) = way.ask(request).await?.into_parts();
    let answer = body.collect().await?;
    // Where the state of a call comes at its end, it is told at its beginning too: all of it is here.
    if let Some(state) = answer.trailers().and_then(|trailers| trailers.get(Status::GRPC_STATUS)) {
        parts.extensions.insert(AtTheEnd(state.clone()));
    }
    Ok(Response::from_parts(parts, Body::new(answer)))
}

/// A method as people write it: `okienko.sms.v1.SmsGateway/Send`.
pub(crate) fn method(path: &str) -> &str {
    path.trim_start_matches('/')
}

/// The state of a call that came after its answer.
#[derive(Clone)]
struct AtTheEnd(http::HeaderValue);

/// Whether the server may do better when it is asked again: it or the way to it failed, and nothing was decided.
fn is_worth_another(answer: &Result<Response<Body>, Status>) -> bool {
    let code = match answer {
        Err(status) => status.code(),
        Ok(response) => {
            let told = response.headers().get(Status::GRPC_STATUS);
            let told = told.or_else(|| response.extensions().get::<AtTheEnd>().map(|end| &end.0));
            told.map_or(Code::Ok, |told| Code::from_bytes(told.as_bytes()))
        }
    };
    matches!(code, Code::Unavailable | Code::Unknown)
}

/// Further tries are one in ten calls, and a few at once after a quiet time: when a service is down, trying again must not
/// be what keeps it down.
#[derive(Default)]
struct Budget(AtomicI64);

impl Budget {
    /// Tenths of a try that may be saved up.
    const MOST: i64 = 200;
    /// What a link starts with.
    const FIRST: i64 = 100;
    /// What one try costs, in the same measure; a call earns 1.
    const COST: i64 = 10;

    fn earn(&self) {
        let more = |saved: i64| Some((saved + 1).min(Budget::MOST - Budget::FIRST));
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }

    fn spend(&self) -> bool {
        let less = |saved: i64| (saved + Budget::FIRST >= Budget::COST).then_some(saved - Budget::COST);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }
}

/// Goes along with the status of a call that reached no server.
#[derive(Debug)]
struct NotDelivered;

impl fmt::Display for NotDelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the call reached no server")
    }
}

impl std::error::Error for NotDelivered {}

/// The same status, marked: the call certainly reached no server.
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

    #[test]
    fn a_budget_allows_ten_at_once_and_then_one_in_ten_calls() {
        let budget = Budget::default();
        assert_eq!((0..100).filter(|_| budget.spend()).count(), 10);
        let allowed = (0..1000).filter(|_| {
            budget.earn();
            budget.spend()
        });
        assert_eq!(allowed.count(), 100);
        (0..10_000).for_each(|_| budget.earn());
        assert_eq!((0..1000).filter(|_| budget.spend()).count(), 20);
    }

    #[test]
    fn what_reached_nobody_is_marked_and_nothing_else_is() {
        assert!(is_not_delivered(&not_delivered(Status::unavailable("x"))));
        assert!(!is_not_delivered(&Status::unavailable("x")));
    }
}
