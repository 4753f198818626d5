//! Ports for servers that come back on the same one: below those that the system gives to connections that go out, so that
//! nobody takes one while its server is down.

use anyhow::{Context, Result};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};

/// The first port that is given.
const FIRST: u32 = 10_240;
/// How many there are: up to 32,767.
const COUNT: u32 = 32_768 - FIRST;
/// Processes that run side by side begin this far from each other.
const APART: u32 = 61;

static GIVEN: AtomicU32 = AtomicU32::new(0);

/// A port of this machine at which nobody listens, and which this process gives only once.
pub fn free_port() -> Result<u16> {
    let begin = std::process::id().wrapping_mul(APART);
    let mut candidates = (0..COUNT).filter_map(|_| {
        let given = GIVEN.fetch_add(1, Ordering::Relaxed);
        u16::try_from(FIRST + begin.wrapping_add(given) % COUNT).ok()
    });
    candidates.find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()).context("no port is free")
}
