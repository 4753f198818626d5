//! Nobody learns from an answer, or from how long it takes, whether an address has an account.

use okienko_e2e::timing;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn known_and_unknown_addresses_get_the_same_answers_in_times_that_ranks_do_not_tell_apart() {
    for it in timing::run(24, 1).await.unwrap() {
        println!("{it:?}");
        assert!(it.same_answers, "{it:?}");
        // Chance alone exceeds this once in fifteen thousand runs; a missing password check reaches 6 with 24 pairs.
        assert!(it.deviations.abs() < 4.0, "{it:?}");
    }
}
