//! Settings of what a process reports to monitoring. Knows no exporter.

use super::reader::Reader;
use super::{Settings, web_address};
use okienko::Role;
use okienko_host::telemetry::{self, Collector};
use std::time::Duration;

/// `[telemetry]`.
#[derive(Debug)]
pub struct Telemetry {
    pub collector: Option<String>,
    pub authority: Option<String>,
    pub traces_percent: u32,
    pub figures: Duration,
}

pub(super) fn telemetry(from: &mut Reader) -> Telemetry {
    Telemetry {
        collector: web_address(from, "telemetry.collector"),
        authority: from.contents("telemetry.authority_file").map(|text| text.reveal().to_owned()),
        traces_percent: from.number("telemetry.traces_percent", 0..=100),
        figures: Duration::from_secs(u64::from(from.number("telemetry.figures_s", 1..=3600))),
    }
}

impl Settings {
    /// The collector of traces and metrics, if there is one.
    pub fn collector(&self, roles: &[Role], instance: &str) -> Option<Collector> {
        let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
        self.telemetry.collector.clone().map(|address| Collector {
            address,
            authority: self.telemetry.authority.clone(),
            share: f64::from(self.telemetry.traces_percent) / 100.0,
            every: self.telemetry.figures,
            roles: names.join("+"),
            instance: instance.to_owned(),
            version: env!("CARGO_PKG_VERSION"),
        })
    }

    /// Starts logs, metrics and spans, once in a process; `roles` and `instance` distinguish this process from others.
    /// Needs a runtime.
    pub fn start_telemetry(
        &self,
        roles: impl IntoIterator<Item = Role>,
        instance: &str,
    ) -> anyhow::Result<()> {
        let collector = self.collector(&roles.into_iter().collect::<Vec<_>>(), instance);
        let started = telemetry::start(&self.serve.log, self.serve.log_json, collector.as_ref());
        started.map_err(anyhow::Error::msg)?;
        telemetry::count(collector.as_ref()).map_err(anyhow::Error::msg)?;
        Ok(())
    }
}
