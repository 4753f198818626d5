//! The booking service: offices and their calendars, holds, forms, reservations. The rules live in `domain`, the
//! rest is the shell around them.

pub mod codec;
mod consumer;
pub mod desk;
pub mod domain;
mod http;
mod notices;
pub mod office_file;
mod offices;
mod password;
pub mod publish;
mod service;
pub mod staff;
mod subject;

pub use http::openapi;
pub use service::{Booking, NAME, Settings, texts};
