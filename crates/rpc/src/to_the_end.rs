//! Carries a call that changes something to its end, even when its caller has hung up or timed out: otherwise half of
//! it would be written or sent. Calls that only read end with their caller. Knows no service.

use crate::carried::Carried;
use crate::methods::only_reads;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response};
use okienko_kernel::{DetachOnDrop, Tasks};
use okienko_trace::{Instrument, Work};
use std::sync::Arc;
use std::task::{Context, Poll};
use tonic::body::Body;
use tonic::server::NamedService;
use tower::{Layer, Service};

/// The layer around all services of a process, and around each that is called in-process.
#[derive(Clone)]
pub struct ToTheEnd {
    tasks: Arc<dyn Tasks>,
}

impl ToTheEnd {
    /// Calls that nobody waits for continue as tasks here.
    pub fn new(tasks: Arc<dyn Tasks>) -> ToTheEnd {
        ToTheEnd { tasks }
    }
}

impl<S> Layer<S> for ToTheEnd {
    type Service = Carrying<S>;
    fn layer(&self, inner: S) -> Carrying<S> {
        Carrying { tasks: self.tasks.clone(), inner }
    }
}

/// Services inside [`ToTheEnd`].
#[derive(Clone)]
pub struct Carrying<S> {
    tasks: Arc<dyn Tasks>,
    inner: S,
}

impl<S: NamedService> NamedService for Carrying<S> {
    const NAME: &'static str = S::NAME;
}

impl<S> Service<Request<Body>> for Carrying<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<Body>, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let changes = !only_reads(request.uri().path());
        let serving = self.inner.call(request);
        if !changes {
            return serving.boxed();
        }
        let (tasks, work) = (self.tasks.clone(), Work::current());
        // Without the caller's deadline, so that calls it makes to finish are not too late from the start.
        let serving = Carried::default().within(serving).boxed();
        DetachOnDrop::new(serving, move |rest| tasks.spawn("call", Box::pin(rest.map(drop).instrument(work))))
            .boxed()
    }
}
