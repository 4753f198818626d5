//! How a process goes: first it is not ready any more, then it takes nothing new, then what is under way has some time to
//! end, then it is over. Knows no server.

use okienko_kernel::Tasks;
use okienko_kernel::world::Task;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How far the end has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Serving,
    Leaving,
    Closing,
    Over,
}

/// The end of this process.
#[derive(Clone)]
pub struct Ending {
    stage: Arc<watch::Sender<Stage>>,
    notice: Duration,
    grace: Duration,
}

impl Ending {
    /// Between leaving and closing lies `notice`, between closing and the end at most `grace`.
    pub fn new(notice: Duration, grace: Duration) -> Ending {
        Ending { stage: Arc::new(watch::Sender::new(Stage::Serving)), notice, grace }
    }

    /// Goes through the stages once the process is asked to end; first of all `leave` is carried out.
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

    /// Whether the process is leaving: it takes what comes, and wants no more of it.
    pub fn is_leaving(&self) -> bool {
        *self.stage.borrow() >= Stage::Leaving
    }

    async fn reached(self, stage: Stage) {
        let _ = self.stage.subscribe().wait_for(|now| *now >= stage).await;
    }

    /// Ends when the process is asked to end.
    pub async fn leaving(self) {
        self.reached(Stage::Leaving).await;
    }

    /// Ends when nothing new is to be taken.
    pub async fn closing(self) {
        self.reached(Stage::Closing).await;
    }

    /// Ends when nothing is waited for any more.
    pub async fn over(self) {
        self.reached(Stage::Over).await;
    }
}
