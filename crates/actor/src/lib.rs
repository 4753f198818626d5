//! Actors: each busy thing is a keyed machine behind a bounded mailbox, with one loop for all kinds (`actor.rs`).
//!
//! An actor is a cache, a batcher and a bounded queue. Correctness lives in the journal: two processes that both believe
//! they own a stream are slower, never wrong. Knows nothing of any service.

mod actor;
mod order;
mod registry;
mod stored;
mod timers;

pub use actor::RECEIPT_LIFE;
pub use order::{Fault, Order, ReceiptKey};
pub use registry::{Context, Registry};
pub use stored::Stored;
