//! The booking service around its other crates: what citizens ask of a day (`citizen`, and `http` as JSON and pages),
//! the messages to them, what other services are told and ask.

mod account_visits;
pub mod citizen;
mod come;
mod consumer;
pub mod domain;
pub mod grpc;
mod heard;
mod http;
pub mod notices;
pub mod publish;
#[cfg(test)]
mod samples_tests;
mod service;
mod unproved;
mod visits;

pub use http::openapi;
pub use okienko_frame::SCRIPTS;
pub use service::{Booking, NAME, Settings, texts};
