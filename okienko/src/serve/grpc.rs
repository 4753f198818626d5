//! The roles of this process as other processes call them, on an address of their own: behind the guard that asks who
//! calls, with gRPC health and reflection beside them.

use super::ending::Ending;
use okienko::Composed;
use okienko_placement::Replicas;
use okienko_rpc::{Guard, ServiceKey, Tls};
use std::sync::Arc;
use tokio::net::TcpListener;
use tonic::service::Routes;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Certificate, Identity, Server, ServerTlsConfig};
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

/// Ready to listen.
pub struct Called {
    server: Server<tower::layer::util::Stack<Guard, tower::layer::util::Identity>>,
    routes: Routes,
    health: HealthReporter,
    names: Vec<&'static str>,
}

/// The services of the roles here.
pub async fn server(
    composed: &Composed,
    replicas: Arc<Replicas>,
    key: &ServiceKey,
    tls: Option<&Tls>,
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
    let mut server = Server::builder();
    if let Some(tls) = tls {
        let config = ServerTlsConfig::new()
            .identity(Identity::from_pem(&tls.certificate, &tls.key))
            .client_ca_root(Certificate::from_pem(&tls.authority));
        server = server.tls_config(config)?;
    }
    let routes = routes.add_service(okienko_placement::server(replicas));
    let routes = routes.add_service(health_server).add_service(reflection);
    Ok(Called { server: server.layer(Guard::new(key.clone())), routes, health, names })
}

impl Called {
    /// Serves until the end.
    pub async fn serve(mut self, listener: TcpListener, ending: Ending) -> anyhow::Result<()> {
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        let (health, names, leaving) = (self.health, self.names, ending.clone());
        let until = async move {
            leaving.clone().leaving().await;
            // Whoever watches health sends no more; what still comes is carried out.
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
