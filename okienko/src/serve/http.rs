//! What stands around all pages of a process among many: each request belongs to a trace, which its calls carry on, and
//! streams that would never end by themselves end when the process leaves, so that listeners go elsewhere at once. Knows
//! no route.

use super::ending::Ending;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use futures::StreamExt;
use http::header;
use okienko_kernel::Entropy;
use okienko_rpc::{Carried, Trace};
use std::sync::Arc;
use tracing::Instrument;

#[derive(Clone)]
struct Edge {
    ending: Ending,
    entropy: Arc<dyn Entropy>,
}

/// The routes with that around them.
pub fn around(router: Router, ending: Ending, entropy: Arc<dyn Entropy>) -> Router {
    router.layer(from_fn_with_state(Edge { ending, entropy }, edge))
}

async fn edge(State(edge): State<Edge>, request: Request, next: Next) -> Response {
    let trace = Trace::read(request.headers()).unwrap_or_else(|| Trace::fresh(&*edge.entropy));
    let span = tracing::info_span!("request", trace = trace.id());
    let carried = Carried { deadline: None, trace: Some(trace) };
    let response = carried.within(next.run(request)).instrument(span).await;
    let stream = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
    if !stream {
        return response;
    }
    let leaving = edge.ending.closing();
    response.map(|body| Body::from_stream(body.into_data_stream().take_until(leaving)))
}
