//! Resources of the program as shipped, with its sample offices: memory when idle, time from start to ready. For an
//! installation only the memory: its start time is mostly that of its servers.

use super::Floor;
use crate::peers;
use crate::program::{Offices, Shape};
use crate::stats::median;

impl Floor {
    /// Measures memory and start times.
    pub(super) async fn footprint(&mut self) -> anyhow::Result<()> {
        let (idle, starts) = (self.sizes.idle, self.sizes.starts);
        self.report.section("Footprint with the sample offices")?;
        let mut program = self.start_with(Offices::Samples).await?;
        tokio::time::sleep_until(program.started + program.ready_after + idle).await;
        let (pss, rss) = program.memory_mb()?;
        self.report.figure(&format!("idle memory after {} s, PSS", idle.as_secs_f32()), pss, &peers::MEMORY);
        self.report.note(&format!("RSS {rss:.1} MB"));
        if self.shape != Shape::Demo {
            return program.end().await;
        }
        let mut after = Vec::new();
        for _ in 0..starts {
            program.end().await?;
            program = self.start_with(Offices::Samples).await?;
            after.push(program.ready_after.as_secs_f64() * 1000.0);
        }
        program.end().await?;
        let all: Vec<String> = after.iter().map(|ms| format!("{ms:.0}")).collect();
        let middle = median(after, |ms| *ms).unwrap_or_default();
        self.report.figure(&format!("cold start to ready, {starts} starts"), middle, &peers::START);
        self.report.note(&format!("all: {} ms", all.join(", ")));
        Ok(())
    }
}
