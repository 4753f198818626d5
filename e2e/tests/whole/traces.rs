//! What a collector receives about one booking: one trace across processes and the bus.

use okienko_e2e::one_trace;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_booking_with_a_code_is_one_trace_across_three_processes_and_the_bus() {
    one_trace::run().await.unwrap();
}
