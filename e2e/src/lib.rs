//! The whole program from outside: starts the real binary and sends it HTTP requests as citizens, kiosks, clerks and
//! screens do. Knows the outside surface and nothing of the inside.

pub mod account;
pub mod alerts;
pub mod attack;
pub mod backup;
pub mod challenge;
pub mod client;
pub mod cluster;
pub mod collector;
mod demo;
pub mod faults;
pub mod flood;
pub mod house;
pub mod kill;
pub mod offices;
pub mod one_trace;
pub mod pumping;
pub mod race;
pub mod scene;
pub mod sentences;
pub mod sms;
pub mod timing;
pub mod visit;

pub use client::{Answer, Client};
pub use house::House;
