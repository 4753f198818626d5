//! The gRPC surface of sms-gateway. Knows how failures are transmitted, not what they mean.

use crate::domain::Refusal;
use crate::service::{Failure, SmsGateway};
use okienko_kernel::Fault;
use okienko_proto::common;
use okienko_proto::sms::sms_gateway_server::{SmsGateway as Contract, SmsGatewayServer};
use okienko_proto::sms::{
    CheckCodeReply, CheckCodeRequest, ProgressReply, ProgressRequest, SendReply, SendRequest,
    StartVerificationReply, StartVerificationRequest, TallyReply, TallyRequest,
};
use std::sync::Arc;
use tonic::{Request, Response, Status};

/// The server that the other services call.
pub fn server(gateway: Arc<SmsGateway>) -> SmsGatewayServer<Grpc> {
    SmsGatewayServer::new(Grpc(gateway))
}

/// The contract's implementation.
#[derive(Clone)]
pub struct Grpc(Arc<SmsGateway>);

#[tonic::async_trait]
impl Contract for Grpc {
    async fn start_verification(
        &self,
        request: Request<StartVerificationRequest>,
    ) -> Result<Response<StartVerificationReply>, Status> {
        self.0.start_verification(request.into_inner()).await.map(Response::new).map_err(status)
    }
    async fn check_code(
        &self,
        request: Request<CheckCodeRequest>,
    ) -> Result<Response<CheckCodeReply>, Status> {
        self.0.check_code(request.into_inner()).await.map(Response::new).map_err(status)
    }
    async fn progress(&self, request: Request<ProgressRequest>) -> Result<Response<ProgressReply>, Status> {
        self.0.progress(request.into_inner()).await.map(Response::new).map_err(status)
    }
    async fn send(&self, request: Request<SendRequest>) -> Result<Response<SendReply>, Status> {
        self.0.send(request.into_inner()).await.map(Response::new).map_err(status)
    }
    async fn tally(&self, request: Request<TallyRequest>) -> Result<Response<TallyReply>, Status> {
        self.0.tally(request.into_inner()).await.map(Response::new).map_err(status)
    }
}

fn status(failure: Failure) -> Status {
    match failure {
        Failure::Refused(refusal) => okienko_rpc::refuse(&told(&refusal)),
        Failure::Invalid(field) => okienko_rpc::refuse(&common::Refusal {
            code: "invalid".into(),
            fields: [(field.to_owned(), format!("field-{field}"))].into(),
            ..common::Refusal::default()
        }),
        Failure::Fault(Fault::KeyReused) => okienko_rpc::refuse(&told(&Refusal::KeyReused)),
        Failure::Fault(Fault::Busy) => Status::resource_exhausted("too busy"),
        Failure::Fault(fault @ Fault::Damaged(_)) => Status::data_loss(fault.to_string()),
        Failure::Fault(fault) => Status::unavailable(fault.to_string()),
    }
}

fn told(refusal: &Refusal) -> common::Refusal {
    let mut told = common::Refusal { code: refusal.code().into(), ..common::Refusal::default() };
    match refusal {
        Refusal::CodeWrong { attempts_left } => told.attempts_left = Some(*attempts_left),
        Refusal::RateLimited { retry_after } | Refusal::AttemptNotDue { retry_after } => {
            told.retry_after_s = u32::try_from(retry_after.secs_up()).ok();
        }
        _ => {}
    }
    told
}
