//! Exports spans and metrics to a collector, by OTLP over gRPC (<https://opentelemetry.io/docs/specs/otlp/>). An
//! unreachable collector costs nobody anything: spans wait in a bounded queue and are dropped from there, metrics are
//! sent again next time. Knows no metric.

use okienko_trace::Names;
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{MetricExporter, SpanExporter, WithTonicConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider, Temporality};
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator, Sampler, SdkTracer, SdkTracerProvider};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};

/// The timeout of one export.
const TIMEOUT: Duration = Duration::from_secs(10);

static TRACED: OnceLock<SdkTracerProvider> = OnceLock::new();
static COUNTED: OnceLock<SdkMeterProvider> = OnceLock::new();

/// The collector that receives spans and metrics, and how this process identifies itself there.
#[derive(Clone, Debug)]
pub struct Collector {
    /// `http://host:4317` or `https://…`.
    pub address: String,
    /// A CA certificate to trust for an `https://` address, in PEM, besides those that browsers trust.
    pub authority: Option<String>,
    /// The share of traces to keep, 0 to 1. The decision follows from the trace id, so all processes of an installation
    /// keep the same ones.
    pub share: f64,
    /// The interval between exports of metrics.
    pub every: Duration,
    /// The roles of this process.
    pub roles: String,
    /// The address at which others reach this process, or whatever else tells it from the others.
    pub instance: String,
    /// The program's version.
    pub version: &'static str,
}

impl Collector {
    /// What is wrong with its address or CA certificate, if anything. Only inside a runtime.
    pub fn fault(&self) -> Option<String> {
        self.channel().err()
    }

    fn channel(&self) -> Result<Channel, String> {
        let wrong = |what: String| format!("the collector's address {}: {what}", self.address);
        let endpoint = Endpoint::from_shared(self.address.clone()).map_err(|e| wrong(e.to_string()))?;
        let mut endpoint = endpoint.timeout(TIMEOUT).connect_timeout(TIMEOUT);
        if endpoint.uri().scheme_str() == Some("https") {
            let tls = ClientTlsConfig::new().with_webpki_roots();
            let tls = match &self.authority {
                Some(authority) => tls.ca_certificate(Certificate::from_pem(authority)),
                None => tls,
            };
            endpoint = endpoint.tls_config(tls).map_err(|e| wrong(e.to_string()))?;
        }
        Ok(endpoint.connect_lazy())
    }

    /// The attributes that identify this process.
    fn resource(&self) -> Resource {
        let attributes = [
            KeyValue::new("service.namespace", "okienko"),
            KeyValue::new("service.name", self.roles.clone()),
            KeyValue::new("service.instance.id", self.instance.clone()),
            KeyValue::new("service.version", self.version),
        ];
        Resource::builder_empty().with_attributes(attributes).build()
    }
}

/// Random ids for work whose spans nobody takes, generated like those of spans.
pub(super) fn names() -> Names {
    Names {
        trace: || RandomIdGenerator::default().new_trace_id(),
        work: || RandomIdGenerator::default().new_span_id(),
    }
}

/// A tracer that exports to a collector.
pub(super) fn tracer(collector: &Collector) -> Result<SdkTracer, String> {
    let exporter = SpanExporter::builder().with_tonic().with_channel(collector.channel()?).build();
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter.map_err(|e| e.to_string())?)
        .with_sampler(Sampler::TraceIdRatioBased(collector.share))
        .with_resource(collector.resource())
        .build();
    let provider = TRACED.get_or_init(|| provider);
    Ok(provider.tracer("okienko"))
}

/// A meter whose instruments are exported to a collector periodically.
pub(super) fn meter(collector: &Collector) -> Result<Meter, String> {
    let exporter = MetricExporter::builder().with_tonic().with_channel(collector.channel()?).build();
    let exporter =
        LoggingExporter { exporter: exporter.map_err(|e| e.to_string())?, is_taken: AtomicBool::new(true) };
    let provider = SdkMeterProvider::builder()
        .with_reader(PeriodicReader::builder(exporter).with_interval(collector.every).build())
        .with_resource(collector.resource())
        .build();
    Ok(COUNTED.get_or_init(|| provider).meter("okienko"))
}

/// An exporter that logs once when it begins to fail and once when it works again.
struct LoggingExporter {
    exporter: MetricExporter,
    is_taken: AtomicBool,
}

impl PushMetricExporter for LoggingExporter {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        let taken = self.exporter.export(metrics).await;
        if self.is_taken.swap(taken.is_ok(), Ordering::Relaxed) != taken.is_ok() {
            match &taken {
                Ok(()) => tracing::info!("the collector takes figures again"),
                Err(error) => {
                    tracing::warn!(error = %error, "the collector takes no figures; they will be sent again")
                }
            }
        }
        taken
    }
    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }
    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }
    fn temporality(&self) -> Temporality {
        self.exporter.temporality()
    }
}

/// The timeout for the last spans and metrics: it adds to everything else that shutdown waits for.
const LAST: Duration = Duration::from_secs(3);

/// Exports what is still queued; to be called once, as the last step of shutdown.
pub async fn end() {
    // The shutdown calls block, so they run on threads of their own.
    let spans = TRACED.get().map(|provider| move || provider.shutdown_with_timeout(LAST));
    let figures = COUNTED.get().map(|provider| move || provider.shutdown_with_timeout(LAST));
    let spans = spans.map(tokio::task::spawn_blocking);
    let figures = figures.map(tokio::task::spawn_blocking);
    // Concurrently, so that shutdown waits only once.
    if let Some(spans) = spans {
        let _ = spans.await;
    }
    if let Some(figures) = figures {
        let _ = figures.await;
    }
}
