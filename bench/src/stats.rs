//! Latencies and rates as they are printed. Knows nothing of what was measured.

use futures::stream::{FuturesUnordered, StreamExt};
use hdrhistogram::Histogram;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// The results of one run.
pub struct Figures {
    /// Commands answered.
    pub done: u64,
    /// Commands accepted.
    pub accepted: u64,
    /// From the first question to the last answer.
    pub took: Duration,
    latencies: Histogram<u64>,
}

impl Figures {
    /// Built from each command's latency and whether it was accepted.
    pub fn new(
        took: Duration,
        commands: impl IntoIterator<Item = (Duration, bool)>,
    ) -> anyhow::Result<Figures> {
        let mut latencies = Histogram::new(3)?;
        let (mut done, mut accepted) = (0, 0);
        for (latency, was_accepted) in commands {
            latencies.record(latency.as_micros() as u64)?;
            done += 1;
            accepted += u64::from(was_accepted);
        }
        Ok(Figures { done, accepted, took, latencies })
    }
    /// Commands per second.
    pub fn rate(&self) -> f64 {
        self.done as f64 / self.took.as_secs_f64()
    }
    /// The latency at this quantile, in milliseconds.
    pub fn ms(&self, quantile: f64) -> f64 {
        self.latencies.value_at_quantile(quantile) as f64 / 1000.0
    }
    /// One line: rate, latencies, accepted.
    pub fn line(&self, name: &str) -> String {
        format!(
            "  {name:<34} {:>9.0}/s   p50 {:>8.2} ms   p99 {:>8.2} ms   accepted {} of {}",
            self.rate(),
            self.ms(0.5),
            self.ms(0.99),
            self.accepted,
            self.done
        )
    }
}

/// The median run by `figure`; with an even number of runs the lower of the two middle ones.
pub fn median<T>(mut runs: Vec<T>, figure: impl Fn(&T) -> f64) -> Option<T> {
    runs.sort_by(|a, b| figure(a).total_cmp(&figure(b)));
    let middle = runs.len().saturating_sub(1) / 2;
    runs.into_iter().nth(middle)
}

/// The clients are spread over this many tasks: creating ten thousand tasks is not what is measured.
const TASKS: u32 = 64;

/// Runs `clients` clients that start together and each ask `each` questions, one after another; measures every answer.
pub async fn closed_loop<F, Fut>(clients: u32, each: u32, ask: F) -> anyhow::Result<Figures>
where
    F: Fn(u32, u32) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = bool> + Send,
{
    let groups = clients.min(TASKS);
    let gate = Arc::new(Barrier::new(groups as usize + 1));
    let mut tasks = JoinSet::new();
    for group in 0..groups {
        let (ask, gate) = (ask.clone(), gate.clone());
        tasks.spawn(async move {
            let of_group = (group..clients).step_by(groups as usize);
            let client = |client: u32| {
                let ask = ask.clone();
                async move {
                    let mut own = Vec::with_capacity(each as usize);
                    for n in 0..each {
                        let asked = Instant::now();
                        let accepted = ask(client, n).await;
                        own.push((asked.elapsed(), accepted));
                    }
                    own
                }
            };
            let all = of_group.map(client).collect::<FuturesUnordered<_>>();
            gate.wait().await;
            all.concat().await
        });
    }
    gate.wait().await;
    let start = Instant::now();
    let mut all = Vec::new();
    while let Some(own) = tasks.join_next().await {
        all.extend(own?);
    }
    Figures::new(start.elapsed(), all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_of_any_size_are_told_as_they_were() {
        let all = [3, 40, 2_500, 90_000].map(|ms| (Duration::from_millis(ms), true));
        let figures = Figures::new(Duration::from_secs(2), all).unwrap();
        let near = |q, ms: f64| (figures.ms(q) / ms - 1.0).abs() < 0.01;
        assert!(near(0.25, 3.0) && near(0.5, 40.0) && near(0.75, 2_500.0) && near(1.0, 90_000.0));
        assert_eq!((figures.rate(), figures.accepted), (2.0, 4));
    }

    #[test]
    fn the_middle_run_is_the_lower_of_two() {
        assert_eq!(median(vec![3.0, 1.0, 2.0], |r| *r), Some(2.0));
        assert_eq!(median(vec![2.0, 1.0], |r| *r), Some(1.0));
        assert_eq!(median(Vec::<f64>::new(), |r| *r), None);
    }
}
