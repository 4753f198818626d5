//! Tests of display from outside its modules: board, screens, e-tickets and voice, all in one program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    reason = "a test may fail"
)]

mod board;
mod halls;
mod lives;
mod notify;
mod pages;
mod revoked;
mod spoken;
mod support;
mod ticket;
