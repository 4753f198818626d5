//! Logs: one line an event, on standard error; and what is counted, for `/metrics`. Knows no service; whoever logs or counts
//! keeps personal data out.

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Duration;
use tracing_subscriber::EnvFilter;

/// Bounds of durations in seconds: from a commit on a fast disk to a provider that gives up.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Bounds of the size of batches.
const SIZES: [f64; 9] = [1.0, 2.0, 5.0, 10.0, 25.0, 100.0, 250.0, 1_000.0, 2_500.0];
/// Between two tidyings of what was counted.
const UPKEEP: Duration = Duration::from_secs(5);

static COUNTED: OnceLock<PrometheusHandle> = OnceLock::new();

/// Starts counting, once in a process: before anything that counts is made. Without it nothing is counted.
pub fn count() -> Result<(), BuildError> {
    if COUNTED.get().is_some() {
        return Ok(());
    }
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .set_buckets_for_metric(Matcher::Suffix("_appends".to_owned()), &SIZES)?
        .install_recorder()?;
    let _ = COUNTED.set(handle);
    Ok(())
}

/// All that was counted, in Prometheus's text format; empty where nothing counts.
pub fn counted() -> String {
    COUNTED.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// Keeps what is counted small while nobody asks for it; ends at once where nothing counts.
pub async fn upkeep() {
    while let Some(handle) = COUNTED.get() {
        handle.run_upkeep();
        tokio::time::sleep(UPKEEP).await;
    }
}

/// Starts logging. `filter` is written like `info,okienko_queue=debug`; a filter that cannot be read means `info`.
pub fn start(filter: &str, json: bool) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    // Colours are for people at a terminal: in a file they are noise.
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let builder = builder.with_ansi(colours);
    // A second start in one process, as in tests, keeps the first.
    let _ = if json { builder.json().try_init() } else { builder.compact().try_init() };
}
