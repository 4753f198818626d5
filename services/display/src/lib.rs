//! The display service: boards of halls, screens, e-tickets. Stores nothing itself: what it shows comes from queue's
//! numbered events, and after a restart it asks queue for the day so far. Any number of replicas may run.

mod convert;
pub mod domain;
mod fed;
mod feed;
mod halls;
mod http;
mod offices;
mod revoked;
mod service;
mod view;
mod voice;

pub use http::openapi;
pub use http::pages::SCRIPTS;
pub use service::{Display, NAME, start, start_with, texts};
pub use voice::{Espeak, Voice};
