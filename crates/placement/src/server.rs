//! Orders between replicas over gRPC: the one generic service, and the client side. Knows bytes, no machine.

use crate::replicas::{Dial, Replicas};
use okienko_kernel::homes::{Answered, Ask, NoAnswer, Peer};
use okienko_proto::replica::replica_client::ReplicaClient;
use okienko_proto::replica::replica_server::{Replica, ReplicaServer};
use okienko_proto::replica::{AskReply, AskRequest};
use okienko_rpc::Link;
use std::sync::Arc;
use tonic::{Code, Request, Response, Status};

/// The largest order, in bytes: it may carry an office's whole data.
const LARGEST: usize = 16 * 1024 * 1024;

/// The service through which other replicas ask this process.
pub fn server(replicas: Arc<Replicas>) -> ReplicaServer<ReplicaService> {
    ReplicaServer::new(ReplicaService(replicas)).max_decoding_message_size(LARGEST)
}

/// Answers orders from other replicas.
pub struct ReplicaService(Arc<Replicas>);

#[tonic::async_trait]
impl Replica for ReplicaService {
    async fn ask(&self, request: Request<AskRequest>) -> Result<Response<AskReply>, Status> {
        let AskRequest { role, prefix, office, stream, order } = request.into_inner();
        let answer = self.0.carry_out(Ask { role, prefix, office, stream, order }).await;
        Ok(Response::new(AskReply { answer }))
    }
}

/// Peers over gRPC: `link` opens a link to an address, `is_not_delivered` tells whether a failed call certainly reached
/// nobody.
pub fn dial(
    link: impl Fn(&str) -> Result<Link, String> + Send + Sync + 'static,
    is_not_delivered: fn(&Status) -> bool,
) -> Dial {
    Arc::new(move |address| match link(address) {
        Ok(link) => {
            let client = ReplicaClient::new(link).max_decoding_message_size(LARGEST);
            Arc::new(Far { client, is_not_delivered })
        }
        Err(error) => {
            tracing::error!(address, error, "a replica says that it is where nobody can be");
            Arc::new(Nowhere)
        }
    })
}

struct Far {
    client: ReplicaClient<Link>,
    is_not_delivered: fn(&Status) -> bool,
}

impl Peer for Far {
    fn ask(&self, ask: Ask) -> Answered<Result<Vec<u8>, NoAnswer>> {
        let (mut client, is_not_delivered) = (self.client.clone(), self.is_not_delivered);
        Box::pin(async move {
            let Ask { role, prefix, office, stream, order } = ask;
            match client.ask(AskRequest { role, prefix, office, stream, order }).await {
                Ok(reply) => reply.into_inner().answer.ok_or(NoAnswer::NotDelivered),
                // Refused before any work: nothing was done.
                Err(status) if is_not_delivered(&status) || status.code() == Code::Unauthenticated => {
                    Err(NoAnswer::NotDelivered)
                }
                Err(status) => {
                    tracing::debug!(error = ?status.code(), "a replica did not answer");
                    Err(NoAnswer::Unknown)
                }
            }
        })
    }
}

struct Nowhere;

impl Peer for Nowhere {
    fn ask(&self, _: Ask) -> Answered<Result<Vec<u8>, NoAnswer>> {
        Box::pin(std::future::ready(Err(NoAnswer::NotDelivered)))
    }
}
