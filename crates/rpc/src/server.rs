//! Guards the services on a network: the caller must be one of us, and work stops when the caller's deadline passes.
//! Health checks are open to everybody. Knows no service.

use crate::carried::Carried;
use crate::identity::ServiceKey;
use crate::stack::method;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response};
use okienko_trace::{Instrument, Trace, Work, span};
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::Semaphore;
use tonic::Status;
use tonic::body::Body;
use tower::{Layer, Service};

/// Open to monitoring without authentication.
const OPEN: &str = "/grpc.health.v1.Health/";
/// Concurrent calls per process; further ones are refused at once as too busy.
const IN_FLIGHT: usize = 20_000;

/// The layer around all services of a process.
#[derive(Clone)]
pub struct Guard {
    key: ServiceKey,
    room: Arc<Semaphore>,
}

impl Guard {
    /// Admits callers that present this key.
    pub fn new(key: ServiceKey) -> Guard {
        Guard { key, room: Arc::new(Semaphore::new(IN_FLIGHT)) }
    }
}

impl<S> Layer<S> for Guard {
    type Service = Guarded<S>;
    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { guard: self.clone(), inner }
    }
}

/// Services behind a [`Guard`].
#[derive(Clone)]
pub struct Guarded<S> {
    guard: Guard,
    inner: S,
}

/// The span of a call, a child of the caller's.
fn called(request: &Request<Body>) -> Work {
    let span = span!("call", otel.name = method(request.uri().path()), otel.kind = "server");
    okienko_trace::under(span, Trace::read(request.headers()).as_ref())
}

impl<S> Service<Request<Body>> for Guarded<S>
where
    S: Service<Request<Body>, Response = Response<Body>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<Body>, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let fresh = self.inner.clone();
        // Calls the clone that was polled ready.
        let mut ready = std::mem::replace(&mut self.inner, fresh);
        let open = request.uri().path().starts_with(OPEN);
        if !open && !self.guard.key.is_shown(request.headers()) {
            let refused = Status::unauthenticated("only roles of this installation may ask here");
            return std::future::ready(Ok(refused.into_http())).boxed();
        }
        let Ok(room) = self.guard.room.clone().try_acquire_owned() else {
            return std::future::ready(Ok(Status::resource_exhausted("too busy").into_http())).boxed();
        };
        let carried = Carried::read(request.headers());
        // Monitoring asks every few seconds, and may be a stranger.
        let span = if open { Work::none() } else { called(&request) };
        let deadline = carried.deadline;
        let serving = carried.within(ready.call(request)).instrument(span);
        async move {
            let _room = room;
            let Some(deadline) = deadline else { return serving.await };
            // The caller is gone: nobody needs the rest of a call that only reads.
            let late = |_| Ok(Status::deadline_exceeded("no answer in time").into_http());
            tokio::time::timeout_at(deadline, serving).await.unwrap_or_else(late)
        }
        .boxed()
    }
}
