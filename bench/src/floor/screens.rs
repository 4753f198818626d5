//! 200 screens watch while a clerk calls once a second: the time until a call is on a screen, measured from the moment
//! the clerk asks. No screen may miss a call.

use super::Floor;
use super::clerks::clerk;
use super::kiosks::give;
use crate::crowd::Bound;
use crate::office;
use crate::peers;
use crate::stats::Figures;
use crate::wire::{Events, Line};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Interval between two calls.
const EVERY: Duration = Duration::from_secs(1);
/// How long to wait for the screens after the last call.
const PATIENCE: Duration = Duration::from_secs(60);

impl Floor {
    /// Runs the benchmark of the screens.
    pub(super) async fn screens(&mut self) -> anyhow::Result<()> {
        let (screens, calls) = (self.sizes.screens, self.sizes.calls);
        self.report.section(&format!("{screens} screens, {calls} calls, one a second"))?;
        let program = self.start().await?;
        give(&program, 1, Bound { time: EVERY * 60, count: calls as usize }).await?;
        let bound = Bound { time: EVERY * calls, count: calls as usize };
        let (mut line, mut acts) = clerk(&program, 1, bound).await?;
        let until = Instant::now() + EVERY * (calls + 1) + PATIENCE;
        let mut looking = JoinSet::new();
        for screen in Line::open_all(&program.address, screens).await? {
            let path = format!("/api/v1/halls/{}/{}/events", office::OFFICE, office::LOCATION);
            looking.spawn(look(screen.listen(&path).await?, calls as usize, until));
        }
        let (cpu, began) = (program.cpu_seconds()?, Instant::now());
        let mut asked = BTreeMap::new();
        let mut beat = tokio::time::interval(EVERY);
        for _ in 0..calls {
            beat.tick().await;
            let now = Instant::now();
            let called = line.ask(acts.call_next()).await?.expect(200)?;
            asked.insert(called.text("/current/ticket")?, now);
            line.ask(acts.finish()).await?.expect(200)?;
        }
        beat.tick().await;
        let cores = (program.cpu_seconds()? - cpu) / began.elapsed().as_secs_f64();
        let (mut missed, mut twice, mut delays) = (0, 0, Vec::new());
        while let Some(seen) = looking.join_next().await {
            let seen = seen?;
            for (ticket, called) in &asked {
                let mut times = seen.iter().filter(|(seen, _)| seen == ticket);
                match times.next() {
                    Some((_, at)) => delays.push((at.duration_since(*called), true)),
                    None => missed += 1,
                }
                twice += times.count() as u64;
            }
        }
        let delays = Figures::new(began.elapsed(), delays)?;
        self.report.figure("from call to screen, p50", delays.ms(0.5), &peers::SCREEN_P50);
        self.report.figure("from call to screen, p99", delays.ms(0.99), &peers::SCREEN_P99);
        self.report.note(&format!("max {:.2} ms of {} sights", delays.ms(1.0), delays.done));
        self.report.figure("cores of the server", cores, &peers::SCREEN_CORES);
        self.report.must_be_zero("calls that a screen missed", missed);
        self.report.must_be_zero("calls that a screen showed twice", twice);
        program.end().await
    }
}

/// The tickets that a screen shows as called, and when; ends after `calls` of them, or at `until`.
async fn look(mut events: Events, calls: usize, until: Instant) -> Vec<(String, Instant)> {
    let mut seen = Vec::new();
    while seen.len() < calls {
        let next = tokio::time::timeout_at(until, events.next("call")).await;
        let Ok(Ok(call)) = next else { break };
        let at = Instant::now();
        seen.push((call["ticket"].as_str().map(str::to_owned).unwrap_or_default(), at));
    }
    seen
}
