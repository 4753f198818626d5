//! The roles of this process as called by other processes, on a separate address: behind the guard that checks who
//! calls, with gRPC health and reflection alongside. Knows no role's rules.

use super::ending::Ending;
use super::first_words::FirstWords;
use futures::StreamExt;
use okienko::Composed;
use okienko_kernel::Tasks;
use okienko_placement::Replicas;
use okienko_rpc::{Guard, ServiceKey, Tls, ToTheEnd};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;
use tower::layer::util::{Identity, Stack};

/// How long a client may take to start sending.
const FIRST_WORDS: Duration = Duration::from_secs(10);
/// How often connected clients are pinged, and how long they may take to answer.
const PING: Duration = Duration::from_secs(20);
const PONG: Duration = Duration::from_secs(20);

/// The gRPC server, ready to listen.
pub struct Called {
    server: Server<Stack<ToTheEnd, Stack<Guard, Identity>>>,
    routes: Routes,
    health: HealthReporter,
    names: Vec<&'static str>,
}

/// The server with the services of the roles here.
pub async fn server(
    composed: &Composed,
    replicas: Arc<Replicas>,
    (key, tls): (&ServiceKey, Option<&Tls>),
    tasks: Arc<dyn Tasks>,
) -> anyhow::Result<Called> {
    let (health, health_server) = tonic_health::server::health_reporter();
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(okienko_proto::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .build_v1()?;
    let (routes, names) = composed.calls();
    for name in &names {
        health.set_service_status(name, ServingStatus::Serving).await;
    }
    let mut server =
        Server::builder().http2_keepalive_interval(Some(PING)).http2_keepalive_timeout(Some(PONG));
    if let Some(tls) = tls {
        server = server.tls_config(tls.server().timeout(FIRST_WORDS))?;
    }
    let routes = routes.add_service(okienko_placement::server(replicas));
    let routes = routes.add_service(health_server).add_service(reflection);
    let server = server.layer(Guard::new(key.clone())).layer(ToTheEnd::new(tasks));
    Ok(Called { server, routes, health, names })
}

/// What is wrong with the certificates presented to callers, if anything.
pub fn server_fault(tls: &Tls) -> Option<String> {
    Server::builder().tls_config(tls.server()).err().map(|error| format!("{:#}", anyhow::Error::from(error)))
}

impl Called {
    /// Serves until the end.
    pub async fn serve(mut self, listener: TcpListener, ending: Ending) -> anyhow::Result<()> {
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        let incoming = incoming.map(|came| came.map(|io| FirstWords::within(FIRST_WORDS, io)));
        let (health, names, leaving) = (self.health, self.names, ending.clone());
        let until = async move {
            leaving.clone().leaving().await;
            // Clients that watch health send no more; calls that still arrive are carried out.
            for name in names.into_iter().chain([""]) {
                health.set_service_status(name, ServingStatus::NotServing).await;
            }
            leaving.closing().await;
        };
        let serving = self.server.add_routes(self.routes).serve_with_incoming_shutdown(incoming, until);
        tokio::select! {
            biased;
            served = serving => Ok(served?),
            () = ending.over() => Ok(()),
        }
    }
}
