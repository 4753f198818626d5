//! The rush, the kill, the failing providers, the flood and the pumping at their everyday sizes.

use okienko_e2e::{flood, kill, pumping, race, sms};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rush_for_one_place_has_one_winner_and_clean_refusals() {
    let size = race::Size { runners: 500, connections: 50, places: 1, rounds: 3 };
    race::run(size).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rush_for_fifty_places_has_fifty_winners() {
    let size = race::Size { runners: 500, connections: 50, places: 50, rounds: 2 };
    race::run(size).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_kills_under_load_lose_nothing_that_was_acknowledged() {
    let seed = u64::from(std::process::id());
    let outcome = kill::run(5, seed).await.unwrap();
    println!("seed {seed}: {outcome:?}");
    assert!(outcome.holds > 0 && outcome.tickets > 0 && outcome.reservations > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_message_is_lost_between_two_failing_providers_and_dying_gateways() {
    let seed = u64::from(std::process::id());
    println!("seed {seed}");
    let outcome = sms::run(sms::Size { messages: 1_000, kills: 2 }, seed).await.unwrap();
    println!("{outcome:?}");
    assert!(outcome.accepted > 900 && outcome.refused > 0 && outcome.spent.0 > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pumped_block_gets_few_codes_and_honest_people_do_not_notice() {
    let size = pumping::Size { numbers: 300, networks: 100, honest: 10 };
    let outcome = pumping::run(size).await.unwrap();
    println!("{outcome:?}");
    assert!((1..50).contains(&outcome.sent), "{outcome:?}");
    assert!((1..=600).contains(&outcome.longest_pause_s), "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_forged_reports_changes_nothing_and_costs_no_memory() {
    let seed = u64::from(std::process::id());
    println!("seed {seed}");
    let outcome = flood::run(200, seed).await.unwrap();
    println!("{} forged, memory {:?} kB", outcome.forged, outcome.memory);
    assert!(outcome.forged > 100, "{} forged beside {} honest", outcome.forged, outcome.honest);
    let (before, after) = outcome.memory;
    assert!(after < before + 65_536, "memory grew from {before} to {after} kB");
}
