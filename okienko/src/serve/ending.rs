//! How a process shuts down: first it stops being ready, then it accepts nothing new, then work in progress gets some
//! time to finish, then it ends. Knows no server.

use okienko_kernel::Tasks;
use okienko_kernel::world::Task;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// The stage of the shutdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Serving,
    Leaving,
    Closing,
    Over,
}

/// The shutdown of this process.
#[derive(Clone)]
pub struct Ending {
    stage: Arc<watch::Sender<Stage>>,
    notice: Duration,
    grace: Duration,
}

impl Ending {
    /// `notice` is the time between leaving and closing, `grace` the most between closing and the end.
    pub fn new(notice: Duration, grace: Duration) -> Ending {
        Ending { stage: Arc::new(watch::Sender::new(Stage::Serving)), notice, grace }
    }

    /// Goes through the stages once the process is asked to stop; `leave` runs at the beginning of leaving.
    pub fn watch(self, tasks: &dyn Tasks, leave: Task) {
        tasks.spawn(
            "ending",
            Box::pin(async move {
                crate::server::asked_to_end().await;
                tracing::info!("asked to end");
                self.stage.send_replace(Stage::Leaving);
                leave.await;
                tokio::time::sleep(self.notice).await;
                self.stage.send_replace(Stage::Closing);
                tokio::time::sleep(self.grace).await;
                self.stage.send_replace(Stage::Over);
            }),
        );
    }

    /// Whether the process is leaving: it still accepts requests, but wants no more.
    pub fn is_leaving(&self) -> bool {
        *self.stage.borrow() >= Stage::Leaving
    }

    async fn reached(self, stage: Stage) {
        let _ = self.stage.subscribe().wait_for(|now| *now >= stage).await;
    }

    /// Returns when the process has been asked to stop.
    pub async fn leaving(self) {
        self.reached(Stage::Leaving).await;
    }

    /// Returns when nothing new is to be accepted.
    pub async fn closing(self) {
        self.reached(Stage::Closing).await;
    }

    /// Returns when nothing more is waited for.
    pub async fn over(self) {
        self.reached(Stage::Over).await;
    }
}
