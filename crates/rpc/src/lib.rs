//! gRPC between roles: one client type whether the server is in this process or another, one stack of layers, and how a
//! refusal of the domain travels. Knows no service.
//!
//! The stack, from the caller inwards: a bound on concurrent calls, above which callers are refused at once
//! ([`stack`]); the deadline and trace of the request being served, propagated ([`carried`]); retries within a budget
//! for methods that the contract declares idempotent ([`methods`]); then the way itself, a function call ([`near`]) or
//! the replicas of a role elsewhere ([`mod@far`]). At the other end of a far way, [`server`] authenticates the caller
//! ([`identity`]); in front of each service, on either way, is [`to_the_end`].

mod carried;
mod far;
mod identity;
mod methods;
mod near;
mod refusal;
mod server;
mod stack;
mod to_the_end;

pub use carried::Carried;
pub use far::{FarError, Tls, far};
pub use identity::ServiceKey;
pub use near::local;
pub use refusal::{followed, refusal, refuse, refuse_code};
pub use server::Guard;
pub use stack::{DEADLINE, is_not_delivered};
pub use to_the_end::{Carrying, ToTheEnd};

use tonic::Status;
use tonic::body::Body;
use tower::util::BoxCloneSyncService;

/// A way to a service, local or remote, on which the generated clients are built.
pub type Link = BoxCloneSyncService<http::Request<Body>, http::Response<Body>, Status>;
