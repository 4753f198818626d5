//! The HTTP server: unencrypted HTTP/1.1 and HTTP/2 on one port. No client can hold a connection without using it or
//! take the places of others, and the server stops within seconds when asked to. Knows no route.

mod asked;
mod door;
mod frames;
mod limits;
mod watched;

#[cfg(test)]
mod tests;

pub use limits::Limits;

use anyhow::Context;
use asked::Answers;
use axum::Router;
use door::{Door, Stay};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use nix::sys::socket::{setsockopt, sockopt::TcpUserTimeout};
use okienko_web::TrustedProxies;
use okienko_web::guarded::{Connection, Streams};
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use watched::{Turn, Watched};

/// How long shutdown waits for answers in progress; event streams never end by themselves.
const LAST_ANSWERS: Duration = Duration::from_secs(3);

/// The backlog of unaccepted connections: when booking opens, thousands arrive within a moment, and one that finds no
/// room retries a second later. The system's own limit (`net.core.somaxconn`, usually 4096) applies as well.
const WAITING: u32 = 4_096;

/// Concurrent requests on one HTTP/2 connection: as many as a proxy in front of us opens on one.
const AT_ONCE: u32 = 200;
/// The most of an HTTP/1 connection kept in memory: a head, or the part of an answer that a slow reader has not taken.
const BUFFER: usize = 64 * 1024;
/// The most closed connections that may still hold a descriptor; above this no new one is accepted.
const GOING: usize = 16;
/// The pause after running out of descriptors.
const AGAIN: Duration = Duration::from_millis(20);

/// Listens at an address; port 0 means any.
pub fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listening = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // Remains of a previous process must not block its port.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(WAITING)
    };
    listening().with_context(|| format!("{address}"))
}

/// Serves until the process is asked to stop.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    trusted: Arc<TrustedProxies>,
    limits: Limits,
) -> anyhow::Result<()> {
    let (ending, ended) = tokio::sync::oneshot::channel::<()>();
    let closing = async move {
        asked_to_end().await;
        let _ = ending.send(());
    };
    let over = async {
        let _ = ended.await;
        tokio::time::sleep(LAST_ANSWERS).await;
    };
    let server = Server::new(router, trusted, limits);
    server.serve_until(listener, closing, over).await;
    Ok(())
}

/// The HTTP server.
pub struct Server {
    router: Router,
    limits: Arc<Limits>,
    streams: Arc<Streams>,
    door: Arc<Door>,
    /// HTTP settings of a connection: the usual ones, and those for one without room, which gets a single answer.
    usual: Builder<TokioExecutor>,
    once: Builder<TokioExecutor>,
}

impl Server {
    /// Serves these routes. Trusted proxies have no limit per client.
    pub fn new(router: Router, trusted: Arc<TrustedProxies>, limits: Limits) -> Server {
        let mut usual = Builder::new(TokioExecutor::new());
        // We time heads ourselves: hyper's timeout would also close silent connections.
        usual.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(BUFFER);
        // No keep-alive pings: with them hyper would read the clock for every frame. A vanished client stops reading,
        // which is noticed here and by the system.
        usual.http2().max_concurrent_streams(AT_ONCE);
        let mut once = usual.clone().http1_only();
        once.http1().keep_alive(false);
        let streams = Arc::new(Streams::new(limits.streams_per_client, limits.streams()));
        let door = Arc::new(Door::new(limits.clone(), trusted));
        // Prepares the service once, instead of for each connection.
        let router = router.with_state(());
        Server { router, limits: Arc::new(limits), streams, door, usual, once }
    }

    /// Serves until `closing` completes, then accepts nothing new, and returns when everything is answered or `over`
    /// completes.
    pub async fn serve_until(
        self,
        listener: TcpListener,
        closing: impl Future<Output = ()> + Send + 'static,
        over: impl Future<Output = ()>,
    ) {
        // A client whose network is gone stops reading without any notice.
        let silent = u32::try_from(self.limits.silent.as_millis()).unwrap_or(u32::MAX);
        if let Err(error) = setsockopt(&listener, TcpUserTimeout, &silent) {
            tracing::warn!(%error, "connections to those who are gone will end late");
        }
        let mut attended = JoinSet::new();
        let mut looks = interval(self.limits.period());
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut closing = pin!(closing);
        loop {
            tokio::select! {
                biased;
                () = &mut closing => break,
                _ = looks.tick() => self.door.look(),
                Some(_) = attended.join_next() => {}
                accepted = listener.accept(), if self.door.going() <= GOING => match accepted {
                    Ok((stream, peer)) => {
                        let stay = self.door.enter(peer.ip());
                        attended.spawn(self.attend(stream, peer, stay));
                    }
                    Err(error) => self.not_accepted(&error).await,
                },
            }
        }
        drop(listener);
        self.door.close();
        let all = async {
            loop {
                tokio::select! {
                    biased;
                    _ = looks.tick() => self.door.look(),
                    next = attended.join_next() => if next.is_none() { return },
                }
            }
        };
        tokio::select! {
            biased;
            () = all => {}
            () = over => {}
        }
    }

    async fn not_accepted(&self, error: &std::io::Error) {
        let theirs = [ErrorKind::ConnectionRefused, ErrorKind::ConnectionAborted, ErrorKind::ConnectionReset];
        if !theirs.contains(&error.kind()) {
            self.door.is_out_of_descriptors();
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Serves a connection until it ends.
    fn attend(&self, stream: TcpStream, peer: SocketAddr, stay: Stay) -> impl Future<Output = ()> + use<> {
        // Sends small answers at once: a clerk waits for each of them.
        let _ = stream.set_nodelay(true);
        let (seen, in_reserve) = (stay.seen.clone(), stay.in_reserve);
        let answers = Answers {
            router: self.router.clone(),
            connection: Arc::new(Connection { peer, streams: self.streams.clone(), is_crowded: in_reserve }),
            limits: self.limits.clone(),
            seen: seen.clone(),
        };
        let io = TokioIo::new(Watched::new(stream, seen.clone()));
        let builder = if in_reserve { &self.once } else { &self.usual };
        let connection = builder.serve_connection(io, answers).into_owned();
        async move {
            let _stay = stay;
            let mut connection = pin!(connection);
            let mut is_leaving = false;
            loop {
                let turn = tokio::select! {
                    biased;
                    turn = seen.told_to(is_leaving) => turn,
                    // A failed connection is the client's problem.
                    _ = connection.as_mut() => return,
                };
                match turn {
                    Turn::End => return,
                    Turn::Leave => {
                        is_leaving = true;
                        connection.as_mut().graceful_shutdown();
                    }
                }
            }
        }
    }
}

/// Waits for Ctrl-C, or SIGTERM where it exists.
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
