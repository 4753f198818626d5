//! The booking service: offices and their calendars, holds, forms, reservations. The rules live in `domain`, the
//! rest is the shell around them.

pub mod codec;
pub mod domain;
pub mod office_file;
mod consumer;
pub mod desk;
mod http;
mod notices;
mod offices;
pub mod publish;
mod service;
mod subject;

pub use http::openapi;
pub use service::{Booking, NAME, Settings, texts};
