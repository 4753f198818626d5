//! The HTTP server: HTTP/1.1 and HTTP/2 without encryption on one port; ends within seconds when asked to.

use anyhow::Context;
use axum::Router;
use axum::serve::ListenerExt;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};

/// How long answers under way are waited for at the end; event streams never end by themselves.
const LAST_ANSWERS: Duration = Duration::from_secs(3);

/// Connections that may wait until they are taken: when booking opens, thousands come within a moment, and one that finds
/// no room comes again a second later. The system's own limit (`net.core.somaxconn`, mostly 4096) holds as well.
const WAITING: u32 = 4_096;

/// Listens at an address; port 0 means any.
pub fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listening = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // What is left of a process before this one keeps nobody from its port.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(WAITING)
    };
    listening().with_context(|| format!("{address}"))
}

/// Serves until the process is asked to end.
pub async fn serve(listener: TcpListener, router: Router) -> anyhow::Result<()> {
    let (ending, ended) = tokio::sync::oneshot::channel::<()>();
    let closing = async move {
        asked_to_end().await;
        let _ = ending.send(());
    };
    let over = async {
        let _ = ended.await;
        tokio::time::sleep(LAST_ANSWERS).await;
    };
    serve_until(listener, router, closing, over).await
}

/// Serves until `closing` ends, takes nothing new from then on, and ends when all is answered or `over` ends.
pub async fn serve_until(
    listener: TcpListener,
    router: Router,
    closing: impl Future<Output = ()> + Send + 'static,
    over: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    // Small answers leave at once: a clerk waits for each of them.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let server = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>());
    let graceful = server.with_graceful_shutdown(closing);
    tokio::select! {
        biased;
        served = graceful => served?,
        () = over => {}
    }
    Ok(())
}

/// Ctrl-C, or SIGTERM where there is one.
pub async fn asked_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                biased;
                _ = terminate.recv() => return,
                _ = tokio::signal::ctrl_c() => return,
            }
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
