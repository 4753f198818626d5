//! The way to a server in this process: a function call through the same stack as any other. Knows no network.

use crate::Link;
use crate::stack::{Way, link};
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response};
use std::convert::Infallible;
use tonic::Status;
use tonic::body::Body;
use tower::{Service, ServiceExt};

#[derive(Clone)]
struct Near<S>(S);

impl<S> Way for Near<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
{
    fn ask(&self, request: Request<Body>) -> BoxFuture<'static, Result<Response<Body>, Status>> {
        self.0.clone().oneshot(request).map(|answer| answer.map_err(|never| match never {})).boxed()
    }
}

/// The way to a server in this process.
pub fn local<S>(server: S) -> Link
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
{
    link(Near(server))
}
