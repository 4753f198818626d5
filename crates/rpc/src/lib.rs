//! gRPC between roles: one client type whether the server is in this process or another, one stack of layers, and how a
//! refusal of the domain travels. Knows no service.

use okienko_proto::common::Refusal;
use prost::Message;
use std::time::Duration;
use tonic::body::Body;
use tonic::{Code, Status};
use tower::util::BoxCloneSyncService;
use tower::{ServiceBuilder, ServiceExt};

/// The longest that a call may take. A person waits for most of them.
pub const DEADLINE: Duration = Duration::from_secs(5);
/// Calls under way to one service; above this, callers are told at once that it is too busy.
const IN_FLIGHT: usize = 20_000;

/// A way to a service, local or remote: what the generated clients are built on.
pub type Link = BoxCloneSyncService<http::Request<Body>, http::Response<Body>, Status>;

/// The way to a server in this process.
pub fn local<S>(server: S) -> Link
where
    S: tower::Service<http::Request<Body>, Response = http::Response<Body>, Error = std::convert::Infallible>
        + Clone
        + Send
        + Sync
        + 'static,
    S::Future: Send + 'static,
{
    let never = |e: std::convert::Infallible| match e {};
    let server = ServiceExt::<http::Request<Body>>::map_err(server, never);
    let stack = ServiceBuilder::new()
        // What goes wrong in a layer becomes a status, like what goes wrong in the service.
        .map_err(|error: tower::BoxError| {
            if error.is::<tower::timeout::error::Elapsed>() {
                Status::deadline_exceeded("no answer in time")
            } else {
                Status::resource_exhausted("too busy")
            }
        })
        // Above the bound, say so at once instead of letting people wait.
        .load_shed()
        .concurrency_limit(IN_FLIGHT)
        // Nobody waits for ever.
        .timeout(DEADLINE)
        .service(server);
    Link::new(stack)
}

/// A refusal of the domain as a status.
pub fn refuse(refusal: &Refusal) -> Status {
    Status::with_details(Code::FailedPrecondition, refusal.code.clone(), refusal.encode_to_vec().into())
}

/// A refusal by its code alone.
pub fn refuse_code(code: &str) -> Status {
    refuse(&Refusal { code: code.to_owned(), ..Refusal::default() })
}

/// The refusal in a status, if it is one; otherwise the call failed.
pub fn refusal(status: &Status) -> Option<Refusal> {
    let is_refusal = status.code() == Code::FailedPrecondition && !status.details().is_empty();
    if is_refusal { Refusal::decode(status.details()).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_travels_whole_and_a_failure_is_none() {
        let told = Refusal { code: "code_wrong".into(), attempts_left: Some(4), ..Refusal::default() };
        assert_eq!(refusal(&refuse(&told)), Some(told));
        assert_eq!(refusal(&Status::unavailable("x")), None);
    }
}
