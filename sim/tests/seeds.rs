//! One seed is one run: twice the same trace. And everyday's hunt: fixed seeds that found something once, fresh ones
//! that nobody has seen; each failure tells the command that repeats it.

use okienko_journal::sabotage::{Fence, set_fence, set_poison};
use okienko_sim::{Outcome, Plan, Shape, run};

fn plan(seed: u64, visits: u64) -> Plan {
    Plan { seed, visits: Some(visits), shape: Shape::Drawn, faults: true, rush: false, people_alone: false }
}

/// Runs a seed; a broken rule fails with the command that repeats it.
fn holds(seed: u64, visits: u64) -> Outcome {
    let outcome = run(plan(seed, visits));
    if let Some(broken) = &outcome.broken {
        panic!("{}\nrepeat: cargo xtask sim --seed {seed} --runs 1 --visitors {visits}", broken.0);
    }
    outcome
}

#[test]
fn one_seed_run_twice_gives_the_same_trace_and_another_seed_another() {
    let (first, again) = (run(plan(11, 25)), run(plan(11, 25)));
    assert_eq!(first, again);
    assert!(first.events > 100 && first.trace != run(plan(12, 25)).trace);
}

/// Seeds at which a rule was broken once; what was wrong then stands beside.
#[test]
fn seeds_that_found_something_once_hold_now() {
    // 107: a booked visitor who left the queue stayed "confirmed" for ever; later, a day that opened before the last
    // number of the day before had come was a gap on screens.
    holds(107, 60);
}

#[test]
fn fresh_seeds_hold() {
    let fresh = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), "okienko") % 1_000_000_000;
    println!("seed: {fresh}");
    let visits: u64 = (fresh..fresh + 12).map(|seed| holds(seed, 30).visits).sum();
    assert!(visits > 20, "{visits}");
}

#[test]
fn without_the_fence_a_double_booking_is_found() {
    set_fence(Fence::Off);
    let plan = |seed| Plan {
        shape: Shape::Replicas,
        faults: false,
        rush: true,
        people_alone: true,
        ..plan(seed, 60)
    };
    let found = (0..40).find_map(|seed| run(plan(seed)).broken);
    set_fence(Fence::Whole);
    let found = found.expect("a double booking").0;
    assert!(found.starts_with("double booking"), "{found}");
}

#[test]
fn without_the_poison_flag_a_hole_is_found() {
    set_poison(false);
    set_fence(Fence::KeyAlone);
    let found = (0..40).find_map(|seed| run(plan(seed, 30)).broken);
    set_poison(true);
    set_fence(Fence::Whole);
    let found = found.expect("a hole").0;
    assert!(found.contains("comes after"), "{found}");
}
