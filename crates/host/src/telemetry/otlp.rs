//! Spans and figures to a collector, by OTLP over gRPC (<https://opentelemetry.io/docs/specs/otlp/>). A collector that is away
//! costs nobody anything: spans wait in a bounded queue and are dropped from there, figures are sent afresh. Knows no metric.

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

/// How long a collector may take for one hand-over.
const TIMEOUT: Duration = Duration::from_secs(10);

static TRACED: OnceLock<SdkTracerProvider> = OnceLock::new();
static COUNTED: OnceLock<SdkMeterProvider> = OnceLock::new();

/// Who takes spans and figures, and what this process tells of itself there.
#[derive(Clone, Debug)]
pub struct Collector {
    /// Its address: `http://host:4317` or `https://…`.
    pub address: String,
    /// Whose signature is believed of an `https://` address beside those that browsers believe, in PEM.
    pub authority: Option<String>,
    /// The part of all traces that is kept, 0 to 1: whether a trace is kept follows from its id, so all processes of an
    /// installation keep the same ones.
    pub share: f64,
    /// Between two hand-overs of figures.
    pub every: Duration,
    /// The roles of this process.
    pub roles: String,
    /// Where others reach this process, or whatever else tells it from the others.
    pub instance: String,
    /// The program's version.
    pub version: &'static str,
}

impl Collector {
    /// What is wrong with its address or its authority, if anything is. Within a runtime.
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

    /// What tells this process from others.
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

/// Names for work whose spans nobody takes, drawn as those of spans are.
pub(super) fn names() -> Names {
    Names {
        trace: || RandomIdGenerator::default().new_trace_id(),
        work: || RandomIdGenerator::default().new_span_id(),
    }
}

/// Makes spans for a collector.
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

/// Makes instruments whose figures go to a collector, again and again.
pub(super) fn meter(collector: &Collector) -> Result<Meter, String> {
    let exporter = MetricExporter::builder().with_tonic().with_channel(collector.channel()?).build();
    let exporter = LoggingExporter { exporter: exporter.map_err(|e| e.to_string())?, is_taken: AtomicBool::new(true) };
    let provider = SdkMeterProvider::builder()
        .with_reader(PeriodicReader::builder(exporter).with_interval(collector.every).build())
        .with_resource(collector.resource())
        .build();
    Ok(COUNTED.get_or_init(|| provider).meter("okienko"))
}

/// An exporter of whose failures the log tells once, and of their end.
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

/// How long the last spans and figures may take: whoever ends a process waits for it, after all that it waits for already.
const LAST: Duration = Duration::from_secs(3);

/// Hands over what waits; to be told once, last of all.
pub async fn end() {
    // They wait on threads of their own.
    let spans = TRACED.get().map(|provider| move || provider.shutdown_with_timeout(LAST));
    let figures = COUNTED.get().map(|provider| move || provider.shutdown_with_timeout(LAST));
    let spans = spans.map(tokio::task::spawn_blocking);
    let figures = figures.map(tokio::task::spawn_blocking);
    // Side by side: whoever stops this process waits once.
    if let Some(spans) = spans {
        let _ = spans.await;
    }
    if let Some(figures) = figures {
        let _ = figures.await;
    }
}
