//! Kiosk, check-in, tickets, calling and counters of a hall. Knows `proto/` and the kernel; knows no other service.

mod cards;
mod consumer;
pub mod grpc;
mod guesses;
mod hall;
pub mod http;
mod measured;
mod notices;
mod offices;
mod opening;
pub mod publish;
mod revoked;
mod service;

pub use http::openapi;
pub use http::pages::SCRIPTS;
pub use service::{NAME, Queue, texts};
