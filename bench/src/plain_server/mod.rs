//! `bench plain-server`: the plain design over HTTP, run beside the program on the same machine: axum, one transaction
//! for each request that changes something, SQLite with the same settings. It answers the benchmarks' questions as the
//! program does; it knows nothing of what else the program must handle (limits, retries, an audit, crashes).

mod answers;
mod store;

use crate::office;
use anyhow::Context;
use axum::Router;
use axum::routing::{get, post, put};
use axum::serve::ListenerExt;
use std::path::Path;
use std::sync::Arc;
use store::Store;
use tokio::net::TcpSocket;

/// The listen backlog, the same as the program's.
const WAITING: u32 = 4_096;

/// Serves on a free port of this machine until it is killed; prints its address.
pub fn run(folder: &Path, crowd_places: u32) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let store = Arc::new(Store::open(&folder.join("plain.db"), crowd_places)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let socket = TcpSocket::new_v4()?;
        socket.bind(([127, 0, 0, 1], 0).into())?;
        let listener = socket.listen(WAITING)?;
        println!("http://{}", listener.local_addr()?);
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, routes(store)).await.context("the plain server ended")
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the plain design has no limits: it is what ours is measured against"
)]
fn routes(store: Arc<Store>) -> Router {
    let days = "/api/v1/offices/{office}/locations/{location}/services/{service}/days";
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(|| async { "ok" }))
        .route(&office::holds(), post(answers::hold))
        .route("/api/v1/holds/{hold}/form", put(answers::form))
        .route("/api/v1/holds/{hold}/code", post(answers::code))
        .route("/api/v1/holds/{hold}/confirm", post(answers::confirm))
        .route("/dev/outbox", get(answers::outbox))
        .route(days, get(answers::days))
        .route("/api/v1/kiosk/tickets", post(answers::ticket))
        .route("/api/v1/desk/open", post(|| async { "{}" }))
        .route("/api/v1/desk/call-next", post(answers::call_next))
        .route("/api/v1/desk/finish", post(answers::finish))
        .with_state(store)
}
