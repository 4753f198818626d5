//! One fault of each kind under load, quick.

use okienko_e2e::faults::{self, Size};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_fault_of_each_kind_under_load_loses_and_doubles_nothing() {
    let report = faults::run(&Size::everyday().faults(), |outcome| println!("{outcome:?}")).await.unwrap();
    println!("{report:?}");
    assert!(report.acknowledged.iter().all(|count| *count > 0), "{report:?}");
}
