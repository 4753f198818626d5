//! Booking from outside its modules: machines, routes and pages in an in-memory World, as one test binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    reason = "a test may fail"
)]

mod accounts;
mod accounts_limits;
mod accounts_pages;
mod accounts_same;
mod accounts_thief;
mod admin;
mod calendar;
mod cards;
mod code_retry;
mod form_again;
mod gate_crowd;
mod gate_unproved;
mod gate_work;
mod last_moment;
mod lengths;
mod mail_limits;
mod offices;
mod pages;
mod questions;
mod replicas;
mod shared_keys;
mod staff;
mod staff_keys;
mod staff_pages;
mod support;
mod typed;
mod words;
