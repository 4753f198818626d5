//! The HTTP server: HTTP/1.1 and HTTP/2 without encryption on one port. Nobody keeps a connection without using it, nobody
//! takes the places of others, and it ends within seconds when asked to. Knows no route.

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

/// How long answers under way are waited for at the end; event streams never end by themselves.
const LAST_ANSWERS: Duration = Duration::from_secs(3);

/// Connections that may wait until they are taken: when booking opens, thousands come within a moment, and one that finds
/// no room comes again a second later. The system's own limit (`net.core.somaxconn`, mostly 4096) holds as well.
const WAITING: u32 = 4_096;

/// Requests of one connection of HTTP/2 at once, as many as a proxy before us opens on one.
const AT_ONCE: u32 = 200;
/// What of a connection of HTTP/1 is kept in memory at most: a head, or what a slow reader has not taken of an answer.
const BUFFER: usize = 64 * 1024;
/// Connections that were sent away and still have a descriptor; with more of them nobody new is let in.
const GOING: usize = 16;
/// When the system has no descriptor left, it is tried again after so long.
const AGAIN: Duration = Duration::from_millis(20);

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

/// What serves.
pub struct Server {
    router: Router,
    limits: Arc<Limits>,
    streams: Arc<Streams>,
    door: Arc<Door>,
    /// How a connection is spoken: there, and where there was no room for it, once.
    usual: Builder<TokioExecutor>,
    once: Builder<TokioExecutor>,
}

impl Server {
    /// Serves these routes. Whose word is taken on who stands behind them has no cap of their own.
    pub fn new(router: Router, trusted: Arc<TrustedProxies>, limits: Limits) -> Server {
        let mut usual = Builder::new(TokioExecutor::new());
        // The time of a head is ours to look at: hyper's would end silent connections with it.
        usual.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(BUFFER);
        // Nobody is asked by pings whether they are still there: hyper would look at the clock with every frame, and who is
        // gone takes nothing of what they are told, which is seen here and by the system.
        usual.http2().max_concurrent_streams(AT_ONCE);
        let mut once = usual.clone().http1_only();
        once.http1().keep_alive(false);
        let streams = Arc::new(Streams::new(limits.streams_per_client, limits.streams()));
        let door = Arc::new(Door::new(limits.clone(), trusted));
        // As a service it is made ready once, and not for each connection.
        let router = router.with_state(());
        Server { router, limits: Arc::new(limits), streams, door, usual, once }
    }

    /// Serves until `closing` ends, takes nothing new from then on, and ends when all is answered or `over` ends.
    pub async fn serve_until(
        self,
        listener: TcpListener,
        closing: impl Future<Output = ()> + Send + 'static,
        over: impl Future<Output = ()>,
    ) {
        // Somebody whose network is gone takes nothing of what is told, and nobody says so.
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

    /// Answers on a connection until it ends.
    fn attend(&self, stream: TcpStream, peer: SocketAddr, stay: Stay) -> impl Future<Output = ()> + use<> {
        // Small answers leave at once: a clerk waits for each of them.
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
                    // What went wrong is the other side's affair.
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
