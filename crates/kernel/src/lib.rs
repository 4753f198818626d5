//! The vocabulary of every other crate: moments and civil days, ids that carry their way, the `Machine` trait of a pure
//! state machine, and the ports of a World (clock, entropy, tasks, homes).
//!
//! Pure: knows nothing of tokio, SQL, HTTP, files or any service. Everything may depend on it; it depends on no other
//! crate of the workspace.

pub mod base32;
pub mod civil;
pub mod fault;
pub mod homes;
pub mod id;
pub mod kept;
pub mod keys;
pub mod machine;
pub mod moment;
pub mod rendezvous;
pub mod role;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
pub mod stored;
pub mod taken;
pub mod world;

pub use civil::{Day, TimeOfDay, Zone};
pub use fault::Fault;
pub use homes::{Alone, Home, Homes, Rehearsing};
pub use id::{Id, IdKind, Way};
pub use kept::{DetachOnDrop, Unfinished};
pub use keys::Keys;
pub use machine::{ClaimChange, Machine};
pub use moment::{Moment, Span};
pub use role::Role;
pub use stored::Stored;
pub use taken::{EventRef, Handed, NotTaken, Refused};
pub use world::{Clock, Entropy, IfLost, Tasks, again};
