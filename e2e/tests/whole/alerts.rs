//! The alerts of an installation, evaluated by a real Prometheus: quiet while all is well, and each fires on its cause.

use okienko_e2e::alerts::{Size, run};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alerts_are_quiet_on_a_normal_day_and_each_fires_on_its_reason() {
    let outcome = run(Size::EVERYDAY).await.unwrap();
    println!("{outcome:?}");
}
