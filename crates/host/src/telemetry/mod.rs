//! A process's telemetry: log lines on standard error ([`mod@lines`]), metrics for `/metrics`, and both metrics and spans
//! to a collector if one is configured ([`otlp`]). Knows no service; whoever logs, counts or traces keeps personal data
//! out.

mod figures;
mod instruments;
mod lines;
mod otlp;

pub use figures::Sample;
pub use otlp::{Collector, end};

use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};
use metrics_util::layers::FanoutBuilder;
use std::sync::OnceLock;
use std::time::Duration;
use tracing_subscriber::filter::{EnvFilter, FilterExt, LevelFilter, Targets, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

/// Histogram bounds of durations in seconds: from a commit on a fast disk to a provider that gives up.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Histogram bounds of batch sizes.
const SIZES: [f64; 9] = [1.0, 2.0, 5.0, 10.0, 25.0, 100.0, 250.0, 1_000.0, 2_500.0];
/// The interval between two upkeeps of the metrics.
const UPKEEP: Duration = Duration::from_secs(5);

static COUNTED: OnceLock<PrometheusHandle> = OnceLock::new();

/// Starts collecting metrics, once per process and before any metric is created; without this nothing is counted. With
/// a collector: only inside a runtime.
pub fn count(collector: Option<&Collector>) -> Result<(), String> {
    if COUNTED.get().is_some() {
        return Ok(());
    }
    let recorder = recorder().map_err(|e| e.to_string())?;
    let handle = recorder.handle();
    let installed = match collector {
        None => metrics::set_global_recorder(recorder).is_ok(),
        Some(collector) => {
            let told = instruments::Instruments(otlp::meter(collector)?);
            let both = FanoutBuilder::default().add_recorder(recorder).add_recorder(told).build();
            metrics::set_global_recorder(both).is_ok()
        }
    };
    if !installed {
        return Err("something else counts in this process already".to_owned());
    }
    let _ = COUNTED.set(handle);
    Ok(())
}

fn recorder() -> Result<PrometheusRecorder, BuildError> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .set_buckets_for_metric(Matcher::Suffix("_appends".to_owned()), &SIZES)?;
    Ok(builder.build_recorder())
}

/// All metrics in Prometheus's text format; empty if none are collected.
pub fn counted() -> String {
    COUNTED.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// Keeps the collected metrics small while nobody scrapes them; returns at once if none are collected.
pub async fn upkeep() {
    while let Some(handle) = COUNTED.get() {
        handle.run_upkeep();
        tokio::time::sleep(UPKEEP).await;
    }
}

/// Starts logging only: for commands that serve nobody, and for simulations, where trace ids would be the only
/// nondeterminism.
pub fn lines(filter: &str, json: bool) {
    // A second start in one process, as in tests, keeps the first.
    let lines = layer(filter, json, lines::Whole::default(), false);
    let _ = tracing_subscriber::registry().with(lines).try_init();
}

/// A layer that only learns which subscriber it is in. Without a filter it would count as interested in everything from
/// every library, and each of those events would be created for nobody.
fn silent<S>(whole: lines::Whole) -> impl Layer<S>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
{
    whole.with_filter(LevelFilter::OFF)
}

/// The layer that writes lines. An unreadable filter means `info`. Spans are created wherever it sees them, so it sees
/// them only when somebody exports them too.
fn layer<S>(filter: &str, json: bool, whole: lines::Whole, sees_spans: bool) -> impl Layer<S>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
{
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let seen = filter_fn(move |what| sees_spans || what.is_event()).with_max_level_hint(LevelFilter::TRACE);
    let filter = filter.and(seen);
    // Colours are for people at a terminal; in a file they are noise.
    let colours = !json && std::io::IsTerminal::is_terminal(&std::io::stderr());
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(colours);
    lines.fmt_fields(lines::OfNoSpan).event_format(lines::Lines { json, whole }).with_filter(filter)
}

/// Starts logging and tracing. `filter` is written like `info,okienko_queue=debug`; an unreadable one means `info`.
/// Each request has a trace, named in its lines and in what it stores; without a collector that name is all there is,
/// because a span that nobody takes costs a fifth of a request. With a collector: only inside a runtime.
pub fn start(filter: &str, json: bool, collector: Option<&Collector>) -> Result<(), String> {
    let Some(collector) = collector else {
        lines(filter, json);
        okienko_trace::name_work(otlp::names());
        return Ok(());
    };
    let whole = lines::Whole::default();
    let lines = layer(filter, json, whole.clone(), true);
    // Only our own spans, and of the lines within them only warnings and errors.
    let ours = Targets::new().with_target("okienko", LevelFilter::WARN);
    let traced = tracing_opentelemetry::layer()
        .with_tracer(otlp::tracer(collector)?)
        .with_context_activation(false)
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_filter(ours);
    // A second start in one process, as in tests, keeps the first.
    let _ = tracing_subscriber::registry().with(lines).with(traced).with(silent(whole)).try_init();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_wants_to_read_is_not_made() {
        start("info", true, None).unwrap();
        assert_eq!(LevelFilter::current(), LevelFilter::INFO);
        assert!(!tracing::enabled!(target: "h2", tracing::Level::DEBUG));
        assert!(!tracing::span_enabled!(target: "okienko_web", tracing::Level::ERROR), "no span for nobody");
        let work = okienko_trace::span!("request");
        assert!(okienko_trace::of(&work).is_some(), "and yet it has a name");
    }
}
