//! gRPC between roles: one client type whether the server is in this process or another, one stack of layers, and how a
//! refusal of the domain travels. Knows no service.
//!
//! The stack, from the caller inwards: a bound on calls under way, above which callers are told at once ([`stack`]); the
//! deadline and the trace of the request that is being served, carried on ([`carried`]); another try within a budget where
//! the contract says that a method bears it ([`methods`]); then the way itself, a function call ([`near`]) or the replicas
//! of a role elsewhere ([`far`]). On the other side of a far way stands [`server`], which asks who calls ([`identity`]); before
//! each service, on either way, [`to_the_end`].

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

/// A way to a service, local or remote: what the generated clients are built on.
pub type Link = BoxCloneSyncService<http::Request<Body>, http::Response<Body>, Status>;
