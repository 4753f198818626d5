//! Prometheus watching the processes of a house: what fires now, what has ever fired, and metrics. Knows no cause.

use super::{minutes, rules};
use crate::client::Client;
use crate::house::House;
use anyhow::{Context, Result, bail, ensure};
use okienko_drill::Prometheus;
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;

/// Interval between two scrapes of each process.
const EVERY: Duration = Duration::from_millis(250);
/// The longest wait for an alert, in real time: the slowest alert needs an hour of the rules.
const PATIENCE: Duration = Duration::from_secs(150);

/// A Prometheus and a client for it.
pub struct Watch {
    _prometheus: Prometheus,
    client: Client,
    faster: u32,
}

impl Watch {
    /// Watches all processes of a house and one more at the address `other`.
    pub async fn start(house: &mut House, faster: u32, other: Option<&str>) -> Result<Watch> {
        let cluster = house.cluster().context("an installation of many processes is watched")?;
        let mut targets: Vec<String> =
            cluster.replicas.iter().map(|it| it.base().trim_start_matches("http://").to_owned()).collect();
        targets.extend(other.map(str::to_owned));
        let prometheus = Prometheus::start(&targets, rules()?, faster, EVERY)?;
        let client = Client::new(&prometheus.base());
        let watch = Watch { _prometheus: prometheus, client, faster };
        // The first scrape takes some seconds.
        let begun = Instant::now();
        while watch.value("count(up == 1)").await?.unwrap_or_default() < targets.len() as f64 {
            ensure!(begun.elapsed() < PATIENCE, "not all of {targets:?} are asked");
            tokio::time::sleep(EVERY).await;
        }
        Ok(watch)
    }

    /// How many times faster time passes for the rules.
    pub fn faster(&self) -> u32 {
        self.faster
    }

    /// The sum of an expression's values; `None` if there are none.
    pub async fn value(&self, expression: &str) -> Result<Option<f64>> {
        let all = self.ask(expression).await?;
        let values = all.iter().filter_map(|one| one["value"][1].as_str()?.parse::<f64>().ok());
        Ok(values.reduce(|sum, value| sum + value))
    }

    async fn ask(&self, expression: &str) -> Result<Vec<Value>> {
        let query = percent_encoding::utf8_percent_encode(expression, percent_encoding::NON_ALPHANUMERIC);
        let answer = self.client.get(&format!("/api/v1/query?query={query}")).await?.expect(200)?;
        Ok(answer.json["data"]["result"].as_array().cloned().unwrap_or_default())
    }

    /// The alerts that fire now.
    pub async fn firing(&self) -> Result<BTreeSet<String>> {
        self.named("ALERTS{alertstate=\"firing\"}").await
    }

    /// The alerts that have fired since the start.
    pub async fn ever_fired(&self) -> Result<BTreeSet<String>> {
        self.named("count_over_time(ALERTS{alertstate=\"firing\"}[1h])").await
    }

    async fn named(&self, expression: &str) -> Result<BTreeSet<String>> {
        let all = self.ask(expression).await?;
        Ok(all.iter().filter_map(|one| one["metric"]["alertname"].as_str().map(str::to_owned)).collect())
    }

    /// Waits until an alert fires; returns how long that took, in minutes of the rules.
    pub async fn fires(&self, name: &str) -> Result<f64> {
        Ok(minutes(self.wait(name, true).await?, self.faster))
    }

    /// Waits until it no longer fires.
    pub async fn is_quiet(&self, name: &str) -> Result<()> {
        self.wait(name, false).await.map(drop)
    }

    async fn wait(&self, name: &str, wanted: bool) -> Result<Duration> {
        let begun = Instant::now();
        while self.firing().await?.contains(name) != wanted {
            if begun.elapsed() > PATIENCE {
                let does = if wanted { "does not fire" } else { "does not end" };
                bail!("{name} {does}; firing are {:?}", self.firing().await?);
            }
            tokio::time::sleep(EVERY / 2).await;
        }
        Ok(begun.elapsed())
    }
}
