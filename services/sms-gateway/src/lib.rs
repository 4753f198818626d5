//! The sms-gateway service: proves phones and addresses by codes, and sends texts by SMS and e-mail within a budget.
//! Knows no office's calendar, no reservation and no person: all it gets of them is an opaque subject.

mod budgets;
pub mod callbacks;
pub mod code;
pub mod domain;
mod grpc;
pub mod gsm7;
mod letter;
mod measured;
pub mod provider;
pub mod providers;
pub mod publish;
mod sender;
mod service;
mod tally;
pub mod texts;

pub use grpc::server;
pub use service::{Failure, NAME, SmsGateway};

#[cfg(test)]
mod samples_tests;
