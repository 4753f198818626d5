//! The booking service: offices and their calendars, holds, forms, reservations, citizens' accounts. The rules live in `domain`, the
//! rest is the shell around them.

mod account_visits;
mod come;
mod consumer;
pub mod desk;
pub mod domain;
pub mod grpc;
mod http;
pub mod notices;
mod office_desk;
pub mod publish;
#[cfg(test)]
mod samples_tests;
mod service;
mod subject;
mod unproved;
mod visits;

pub use http::openapi;
pub use service::{Booking, NAME, Settings, texts};
