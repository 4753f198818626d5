//! The homes of keys among the replicas of a role: who is present, rendezvous hashing over them, and how an order is
//! handed to its home. No lease and no lock: a home is a hint that makes things fast, and the journal's fence makes
//! them right. Knows no machine and no service.
//!
//! A process creates its [`Replicas`], gives them to its World and its bus, learns who is present, starts its roles,
//! serves [`server()`] beside them, and only then joins; on shutdown it first leaves, and then lets its callers go.
//!
//! A replica that was frozen continues with a stale view of who is present. That is harmless: what it decides meets the
//! fence, what it only tells is caught up with the journal first, and what it relays twice is handled idempotently. Its
//! reads never come from memory alone, whatever it believes about its own presence.
//! what it only tells is caught up with the journal before it is told, and what it relays is borne twice. Its reads never
//! come from memory alone, whatever it believes of its own presence.

#[cfg(feature = "cluster")]
mod board;
mod hub;
#[cfg(feature = "cluster")]
mod nats;
mod replicas;
mod server;
#[cfg(any(test, feature = "cluster"))]
mod view;

#[cfg(feature = "cluster")]
pub use board::Board;
pub use hub::Hub;
#[cfg(feature = "cluster")]
pub use nats::{BEAT, Presence, TTL};
pub use replicas::{Dial, Replicas};
pub use server::{dial, server};
