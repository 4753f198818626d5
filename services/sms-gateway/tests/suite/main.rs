//! Tests of sms-gateway from outside its modules: the outbox's rules and stories, all in one program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    reason = "a test may fail"
)]

mod callbacks;
mod code_retry;
mod fuzz;
mod lanes;
mod outbox_rules;
mod outbox_stories;
mod providers;
mod pumping;
