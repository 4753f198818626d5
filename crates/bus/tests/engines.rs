//! The engine of one process passes the bus's conformance suite.

use okienko_bus::{LocalBus, conformance};
use okienko_kernel::Tasks;
use okienko_kernel::world::Task;
use std::sync::Arc;

struct TokioTasks;

#[expect(clippy::disallowed_methods, reason = "this is the tests' World")]
impl Tasks for TokioTasks {
    fn spawn(&self, _: &'static str, task: Task) {
        tokio::spawn(task);
    }
    fn dedicate(&self, _: &'static str, _: okienko_kernel::IfLost, task: Task) {
        tokio::spawn(task);
    }
}

#[tokio::test]
async fn the_bus_of_one_process_keeps_every_promise() {
    conformance::all(&|| Arc::new(LocalBus::new(Arc::new(TokioTasks))), &TokioTasks).await;
}
