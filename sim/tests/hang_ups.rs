//! A caller who hangs up, at whatever point, has each request carried out once and completely. Knows only what a walk
//! leaves behind.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    reason = "a test fails by panicking"
)]

use okienko_sim::hang_ups::{HangUp, Left, holds_of_one_network, walk};
use std::collections::BTreeSet;

/// Decides the day and the order of tasks, and nothing about hang-ups, which are all tried.
const SEED: u64 = 7;
/// More polls than any request takes.
const MOST_POLLS: u32 = 60;

fn left(seed: u64, request: Option<usize>, polls: u32) -> (Left, usize) {
    let walked = walk(seed, HangUp { request, polls });
    let walked =
        walked.unwrap_or_else(|broken| panic!("seed {seed}, {request:?} after {polls} polls: {broken}"));
    (walked.left, walked.hung_up)
}

/// The lines that only one of the two has.
fn difference(left: &Left, wanted: &Left) -> String {
    let lines = |left: &Left| -> BTreeSet<String> {
        let events = left.events.iter().map(|it| format!("{it:?}"));
        let noted = left.noted.iter().map(|it| format!("{it:?}"));
        let told = left.told.iter().enumerate().map(|it| format!("{it:?}"));
        events.chain(noted).chain(told).chain([format!("messages {}", left.messages)]).collect()
    };
    let (left, wanted) = (lines(left), lines(wanted));
    let (more, less) = (left.difference(&wanted), wanted.difference(&left));
    format!("{:?} instead of {:?}", more.collect::<Vec<_>>(), less.collect::<Vec<_>>())
}

/// The requests that change the result when each alone is hung up on.
fn culprits(seed: u64, polls: u32, requests: &[(&str, u16)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (request, (name, _)) in requests.iter().enumerate() {
        let (wanted, _) = left(seed, Some(request), 0);
        let (left, _) = left(seed, Some(request), polls);
        if left != wanted {
            wrong.push(format!("{name} ({request}) left {}", difference(&left, &wanted)));
        }
    }
    wrong
}

#[test]
fn every_request_that_is_hung_up_on_at_any_of_its_waits_leaves_what_an_answered_one_leaves() {
    let seed = SEED;
    let (wanted, _) = left(seed, None, 0);
    let mut waits = 0;
    for polls in 1..MOST_POLLS {
        let (left, hung_up) = left(seed, None, polls);
        if hung_up == 0 {
            break;
        }
        waits += hung_up;
        if left != wanted {
            let culprits = culprits(seed, polls, &wanted.told);
            let difference = difference(&left, &wanted);
            panic!("seed {seed}, after {polls} polls left {difference} because of\n{}", culprits.join("\n"));
        }
    }
    println!("seed {seed}: {} requests, hung up on at {waits} waits", wanted.told.len());
    assert!(waits > 2 * wanted.told.len(), "{waits} waits of {} requests", wanted.told.len());
}

#[test]
fn a_hold_whose_caller_hung_up_counts_as_every_other_hold_of_its_network() {
    let of = |polls| holds_of_one_network(SEED, polls).unwrap_or_else(|broken| panic!("{polls}: {broken}"));
    let wanted = of(0);
    assert!(wanted.iter().all(|status| *status != 201), "it may hold no more: {wanted:?}");
    for polls in 1..8 {
        assert_eq!(of(polls), wanted, "after {polls} polls");
    }
}
