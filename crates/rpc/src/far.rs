//! The way to a role in other processes: one connection to each of its replicas, opened on first use, called
//! round-robin. A replica that cannot be reached is skipped at once and left alone for a moment; when a connection is
//! lost mid-call, the call's outcome is reported as unknown rather than guessed. Knows addresses, no service.

use crate::Link;
use crate::identity::ServiceKey;
use crate::stack::{Way, link, not_delivered};
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response};
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::Instant;
use tonic::body::Body;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity, ServerTlsConfig};
use tonic::{ConnectError, Status};
use tower::ServiceExt;

/// Connect timeout: machines of one installation are near each other.
const CONNECT: Duration = Duration::from_secs(1);
/// How long a replica that could not be reached is tried last.
const LEFT_ALONE: Duration = Duration::from_secs(1);
/// The keep-alive interval, and its timeout: detects a machine that has vanished silently.
const ALIVE: Duration = Duration::from_secs(5);

/// An address that is not valid.
#[derive(Debug, thiserror::Error)]
#[error("{address}: {what}")]
pub struct FarError {
    /// The address.
    pub address: String,
    /// What is wrong with it.
    pub what: String,
}

/// Certificates for both sides, in PEM.
#[derive(Clone)]
pub struct Tls {
    /// The trusted certificate authority.
    pub authority: String,
    /// This process's certificate, with the chain up to the authority.
    pub certificate: String,
    /// The certificate's private key.
    pub key: String,
    /// The name in every process's certificate.
    pub name: String,
}

impl Tls {
    /// The server's side: presents its certificate and requires one signed by the authority.
    pub fn server(&self) -> ServerTlsConfig {
        ServerTlsConfig::new()
            .identity(Identity::from_pem(&self.certificate, &self.key))
            .client_ca_root(Certificate::from_pem(&self.authority))
    }

    fn client(&self) -> ClientTlsConfig {
        ClientTlsConfig::new()
            .ca_certificate(Certificate::from_pem(&self.authority))
            .identity(Identity::from_pem(&self.certificate, &self.key))
            .domain_name(&self.name)
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tls({}, …)", self.name)
    }
}

/// The way to a role at these addresses (`http://host:port`; `https` with `tls`). Connects on first use. Requires a
/// tokio runtime.
pub fn far(addresses: &[String], key: &ServiceKey, tls: Option<&Tls>) -> Result<Link, FarError> {
    let replicas = addresses.iter().map(|address| replica(address, tls)).collect::<Result<Vec<_>, _>>()?;
    let far = Far { replicas: replicas.into(), next: Arc::default(), key: key.clone() };
    Ok(link(far))
}

fn replica(address: &str, tls: Option<&Tls>) -> Result<Replica, FarError> {
    let wrong = |what: String| FarError { address: address.to_owned(), what };
    let endpoint = Endpoint::from_shared(address.to_owned()).map_err(|e| wrong(e.to_string()))?;
    if endpoint.uri().host().is_none() || endpoint.uri().scheme().is_none() {
        return Err(wrong("write http://host:port".into()));
    }
    let mut endpoint = endpoint
        .connect_timeout(CONNECT)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(ALIVE)
        .keep_alive_timeout(ALIVE)
        .keep_alive_while_idle(true);
    if let Some(tls) = tls {
        endpoint = endpoint.tls_config(tls.client()).map_err(|e| wrong(e.to_string()))?;
    }
    Ok(Replica { channel: endpoint.connect_lazy(), left_alone: Mutex::default() })
}

struct Replica {
    channel: Channel,
    /// Until then it is tried last.
    left_alone: Mutex<Option<Instant>>,
}

impl Replica {
    fn is_left_alone(&self, now: Instant) -> bool {
        self.left_alone.lock().is_some_and(|until| now < until)
    }
}

#[derive(Clone)]
struct Far {
    replicas: Arc<[Replica]>,
    next: Arc<AtomicUsize>,
    key: ServiceKey,
}

impl Way for Far {
    fn ask(&self, mut request: Request<Body>) -> BoxFuture<'static, Result<Response<Body>, Status>> {
        self.key.show(request.headers_mut());
        self.clone().in_turn(request).boxed()
    }
}

impl Far {
    async fn in_turn(self, request: Request<Body>) -> Result<Response<Body>, Status> {
        let (parts, body) = request.into_parts();
        let question = http_body_util::BodyExt::collect(body).await?.to_bytes();
        let mut last = not_delivered(Status::unavailable("no replica is known"));
        for replica in self.order() {
            let body = Body::new(http_body_util::Full::new(question.clone()));
            let asked = replica.channel.clone().oneshot(Request::from_parts(parts.clone(), body)).await;
            let error = match asked {
                Ok(response) => {
                    *replica.left_alone.lock() = None;
                    return Ok(response);
                }
                Err(error) => error,
            };
            if !reached_nobody(&error) {
                return Err(Status::unavailable(format!("the connection was lost: {}", whole(&error))));
            }
            *replica.left_alone.lock() = Some(Instant::now() + LEFT_ALONE);
            last = not_delivered(Status::unavailable(format!("nobody to ask: {}", whole(&error))));
        }
        Err(last)
    }

    /// All replicas, starting with the next in turn; those that recently could not be reached come last.
    fn order(&self) -> impl Iterator<Item = &Replica> {
        let now = Instant::now();
        let from = self.next.fetch_add(1, Ordering::Relaxed) % self.replicas.len().max(1);
        let (behind, ahead) = self.replicas.split_at(from.min(self.replicas.len()));
        let mut order: Vec<&Replica> = ahead.iter().chain(behind).collect();
        order.sort_by_key(|replica| replica.is_left_alone(now));
        order.into_iter()
    }
}

/// Whether an error proves that no server has seen the call: there was no connection, or it had ended before the call
/// was written.
fn reached_nobody(error: &tonic::transport::Error) -> bool {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = source {
        let canceled = error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_canceled);
        if canceled || error.is::<ConnectError>() {
            return true;
        }
        source = error.source();
    }
    false
}

/// The error's text with its chain of sources.
fn whole(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(reason) = source {
        text = format!("{text}: {reason}");
        source = reason.source();
    }
    text
}
