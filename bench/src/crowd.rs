//! Many at once, and many in a loop: when they start and for how long they run. Knows no route.

use anyhow::Context;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// The longest wait for a crowd: a hung server ends the run instead of blocking it. A slow machine does not reach it.
const PATIENCE: Duration = Duration::from_secs(1_200);

/// Starts everybody at the same moment, which is passed to each; returns the results in the order of `people`, and the
/// time from that moment to the last result.
pub async fn at_once<I, O, F, Fut>(people: Vec<I>, act: F) -> anyhow::Result<(Vec<O>, Duration)>
where
    O: Send + 'static,
    F: Fn(I, Instant) -> Fut,
    Fut: Future<Output = anyhow::Result<O>> + Send + 'static,
{
    let mut running = JoinSet::new();
    let start = Instant::now();
    for (n, person) in people.into_iter().enumerate() {
        let acting = act(person, start);
        running.spawn(async move { acting.await.map(|result| (n, result)) });
    }
    let all = async {
        let mut results = Vec::new();
        while let Some(result) = running.join_next().await {
            results.push(result??);
        }
        anyhow::Ok(results)
    };
    let mut results = tokio::time::timeout(PATIENCE, all).await.context("not done in time")??;
    let took = start.elapsed();
    results.sort_by_key(|(n, _)| *n);
    Ok((results.into_iter().map(|(_, result)| result).collect(), took))
}

/// Longer than anything takes: for loops bounded by a count alone.
pub const LONG: Duration = PATIENCE;

/// When a closed loop ends.
#[derive(Clone, Copy)]
pub struct Bound {
    /// After this time.
    pub time: Duration,
    /// After this many questions per client.
    pub count: usize,
}

impl Bound {
    /// Whether a client that began at `start` and has asked `asked` times continues.
    pub fn goes_on(&self, start: Instant, asked: usize) -> bool {
        asked < self.count && start.elapsed() < self.time
    }
}
