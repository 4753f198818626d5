//! Tests of queue from outside its modules: the hall's rules, its model, and the shell in an in-memory World, all in
//! one program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    reason = "a test may fail"
)]

mod common;
mod counters;
mod day;
mod day_ends;
mod estimates;
mod late;
mod leaving;
mod model;
mod notices;
mod property;
mod published;
mod removed;
mod replicas;
mod samples;
mod shell_day;
mod shell_days;
mod shell_doors;
mod shell_notices;
mod shell_pages;
mod shell_staff;
mod three_calls;
mod windows;
