//! Actors: each busy thing is a keyed machine behind a bounded mailbox, with one loop for all kinds (`actor.rs`).
//!
//! An actor is a cache, a batcher and a bounded queue. Correctness lives in the journal: two processes that both
//! believe they own a stream are slower, never wrong, because writes are fenced and answers without a write catch up
//! first. An order for a stream whose home is another replica is handed there. Knows nothing of any service.

mod actor;
mod draft;
mod follow;
mod measured;
mod order;
mod others;
mod place;
mod registry;
mod remote;
mod timers;
mod waking;

pub use order::{Order, ReceiptKey};
pub use place::Place;
pub use registry::{Context, Registry};
