//! A fake sms-gateway: records what it is asked to send.
#![allow(dead_code, missing_docs)]

use okienko_proto::sms::sms_gateway_server::SmsGateway;
use okienko_proto::sms::*;
use parking_lot::Mutex;
use std::sync::Arc;
use tonic::{Request, Response, Status};

#[derive(Clone, Default)]
pub struct Gateway {
    pub sent: Arc<Mutex<Vec<SendRequest>>>,
}

#[tonic::async_trait]
impl SmsGateway for Gateway {
    async fn start_verification(
        &self,
        _: Request<StartVerificationRequest>,
    ) -> Result<Response<StartVerificationReply>, Status> {
        Err(Status::unimplemented("queue proves nothing"))
    }
    async fn check_code(&self, _: Request<CheckCodeRequest>) -> Result<Response<CheckCodeReply>, Status> {
        Err(Status::unimplemented("queue proves nothing"))
    }
    async fn progress(&self, _: Request<ProgressRequest>) -> Result<Response<ProgressReply>, Status> {
        Err(Status::unimplemented("queue proves nothing"))
    }
    async fn tally(&self, _: Request<TallyRequest>) -> Result<Response<TallyReply>, Status> {
        Err(Status::unimplemented("queue proves nothing"))
    }
    async fn send(&self, request: Request<SendRequest>) -> Result<Response<SendReply>, Status> {
        let (request, mut sent) = (request.into_inner(), self.sent.lock());
        // One message per key, as the contract says.
        if sent.iter().all(|old| old.request_key != request.request_key) {
            sent.push(request);
        }
        Ok(Response::new(SendReply { message: sent.len().to_string() }))
    }
}
