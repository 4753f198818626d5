//! The ingress's connections to the replicas of one role: kept alive, round-robin, with the next replica used when one
//! accepts no connection. Bodies are streamed. A request that may have been read is never sent twice. Knows no path.

use super::ingress::Body;
use anyhow::{Context, Result};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;

/// The longest that a replica may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(2);

/// The replicas of a role.
pub struct Upstream {
    replicas: Vec<Replica>,
    turn: AtomicUsize,
}

struct Replica {
    address: SocketAddr,
    kept: Mutex<Vec<SendRequest<Body>>>,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum NoAnswer {
    /// No replica accepts connections: nothing was done.
    NobodyThere,
    /// The connection ended before an answer: the request may have been carried out.
    Lost,
}

impl Upstream {
    /// Replicas at these ports of this machine.
    pub fn new(ports: impl IntoIterator<Item = u16>) -> Upstream {
        let replica = |port| Replica { address: (Ipv4Addr::LOCALHOST, port).into(), kept: Mutex::default() };
        Upstream { replicas: ports.into_iter().map(replica).collect(), turn: AtomicUsize::new(0) }
    }

    /// Sends the request to the next replica in turn, or to the first one after it that can be reached.
    pub async fn ask(&self, mut request: Request<Body>) -> Result<Response<Incoming>, NoAnswer> {
        let count = self.replicas.len();
        let first = self.turn.fetch_add(1, Ordering::Relaxed);
        for step in 0..count {
            let replica = &self.replicas[(first + step) % count];
            match replica.ask(request).await {
                Ok(response) => return Ok(response),
                Err(Some(unsent)) => request = unsent,
                Err(None) => return Err(NoAnswer::Lost),
            }
        }
        Err(NoAnswer::NobodyThere)
    }
}

impl Replica {
    /// The answer; otherwise the request if it was not sent, or `None` if it may have been.
    async fn ask(&self, mut request: Request<Body>) -> Result<Response<Incoming>, Option<Request<Body>>> {
        // The replica may have closed a kept-alive connection: then the request comes back, and the next connection is
        // tried.
        loop {
            let (mut sender, is_fresh) = match self.idle() {
                Some(sender) => (sender, false),
                None => match self.connect().await {
                    Ok(sender) => (sender, true),
                    Err(_) => return Err(Some(request)),
                },
            };
            match sender.try_send_request(request).await {
                Ok(response) => {
                    // It is reused once the answer's body has been read.
                    self.lock().push(sender);
                    return Ok(response);
                }
                Err(mut fault) => match fault.take_message() {
                    Some(unsent) if !is_fresh => request = unsent,
                    unsent => return Err(unsent),
                },
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<SendRequest<Body>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A kept-alive connection with no request in progress.
    fn idle(&self) -> Option<SendRequest<Body>> {
        let mut kept = self.lock();
        kept.retain(|sender| !sender.is_closed());
        let at = kept.iter().position(SendRequest::is_ready)?;
        Some(kept.swap_remove(at))
    }

    async fn connect(&self) -> Result<SendRequest<Body>> {
        let stream = tokio::time::timeout(CONNECT, TcpStream::connect(self.address)).await??;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.context("no HTTP")?;
        #[expect(clippy::disallowed_methods, reason = "this is the tests' World")]
        tokio::spawn(connection);
        Ok(sender)
    }
}

/// A body that is complete in memory.
pub fn whole(bytes: impl Into<Bytes>) -> Body {
    http_body_util::Full::new(bytes.into()).map_err(|never| match never {}).boxed()
}
