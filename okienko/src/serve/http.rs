//! The layer around all pages of a process among many: endless streams end when the process leaves, so that listeners
//! reconnect elsewhere at once. Knows no route.

use super::ending::Ending;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use futures::StreamExt;
use http::header;

/// Adds that layer to the routes.
pub fn around(router: Router, ending: Ending) -> Router {
    router.layer(from_fn_with_state(ending, edge))
}

async fn edge(State(ending): State<Ending>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let stream = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
    if !stream {
        return response;
    }
    let leaving = ending.closing();
    response.map(|body| Body::from_stream(body.into_data_stream().take_until(leaving)))
}
