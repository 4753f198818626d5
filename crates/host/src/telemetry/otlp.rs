//! Spans and figures to a collector, by OTLP over gRPC (<https://opentelemetry.io/docs/specs/otlp/>). A collector that is away
//! costs nobody anything: spans wait in a bounded queue and are dropped from there, figures are sent afresh. Knows no metric.

use super::figures::Sample;
use crate::WallClock;
use okienko_kernel::Clock;
use okienko_trace::Names;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithTonicConfig};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_client::MetricsServiceClient;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue as Pair};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Gauge, Histogram, HistogramDataPoint, Metric, NumberDataPoint, ResourceMetrics,
    ScopeMetrics, Sum,
};
use opentelemetry_proto::tonic::resource::v1::Resource as Told;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator, Sampler, SdkTracer, SdkTracerProvider};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Duration;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};

/// How long a collector may take for one hand-over.
const TIMEOUT: Duration = Duration::from_secs(10);

static TRACED: OnceLock<SdkTracerProvider> = OnceLock::new();

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

    fn attributes(&self) -> [(&'static str, String); 4] {
        [
            ("service.namespace", "okienko".to_owned()),
            ("service.name", self.roles.clone()),
            ("service.instance.id", self.instance.clone()),
            ("service.version", self.version.to_owned()),
        ]
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
    let resource = collector.attributes().map(|(name, value)| KeyValue::new(name, value));
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter.map_err(|e| e.to_string())?)
        .with_sampler(Sampler::TraceIdRatioBased(collector.share))
        .with_resource(Resource::builder_empty().with_attributes(resource).build())
        .build();
    let provider = TRACED.get_or_init(|| provider);
    Ok(provider.tracer("okienko"))
}

/// How long the last spans may take: whoever ends a process waits for it, after all that it waits for already.
const LAST: Duration = Duration::from_secs(3);

/// Hands over what waits; to be told once, last of all.
pub async fn end() {
    let Some(provider) = TRACED.get() else { return };
    // It waits on a thread of its own.
    let _ = tokio::task::spawn_blocking(|| provider.shutdown_with_timeout(LAST)).await;
}

/// Hands figures over, again and again.
pub async fn push_forever(collector: Collector) {
    let Ok(channel) = collector.channel() else { return };
    let mut client = MetricsServiceClient::new(channel);
    let begun = now();
    let mut reached = true;
    loop {
        tokio::time::sleep(collector.every).await;
        let metrics = metrics(&super::counted(), begun, now());
        let answer = client.export(request(&collector, metrics)).await;
        if reached != answer.is_ok() {
            reached = answer.is_ok();
            match answer {
                Ok(_) => tracing::info!("the collector takes figures again"),
                Err(status) => {
                    tracing::warn!(error = %status, "the collector takes no figures; they will be sent again")
                }
            }
        }
    }
}

/// Nanoseconds since the Unix epoch.
fn now() -> u64 {
    WallClock.now().micros().unsigned_abs() * 1000
}

fn request(collector: &Collector, metrics: Vec<Metric>) -> ExportMetricsServiceRequest {
    let attributes = collector.attributes().iter().map(|(name, value)| pair(name, value)).collect();
    let scope = InstrumentationScope { name: "okienko".into(), ..InstrumentationScope::default() };
    let scope = ScopeMetrics { scope: Some(scope), metrics, ..ScopeMetrics::default() };
    let resource = Told { attributes, ..Told::default() };
    let whole = ResourceMetrics {
        resource: Some(resource),
        scope_metrics: vec![scope],
        ..ResourceMetrics::default()
    };
    ExportMetricsServiceRequest { resource_metrics: vec![whole] }
}

fn pair(name: &str, value: &str) -> Pair {
    let value = AnyValue { value: Some(Value::StringValue(value.to_owned())) };
    Pair { key: name.to_owned(), value: Some(value), ..Pair::default() }
}

/// The series of one histogram: its labels, and what was counted up to each bound.
#[derive(Default)]
struct Buckets {
    bounds: Vec<f64>,
    upto: Vec<u64>,
    sum: f64,
    count: u64,
}

impl Buckets {
    fn point(self, attributes: Vec<Pair>, (begun, now): (u64, u64)) -> HistogramDataPoint {
        // Each bucket of its own; the last one has no bound.
        let before = std::iter::once(0).chain(self.upto.iter().copied());
        let counts = self.upto.iter().zip(before).map(|(upto, before)| upto.saturating_sub(before)).collect();
        HistogramDataPoint {
            attributes,
            start_time_unix_nano: begun,
            time_unix_nano: now,
            count: self.count,
            sum: Some(self.sum),
            bucket_counts: counts,
            explicit_bounds: self.bounds,
            ..HistogramDataPoint::default()
        }
    }
}

/// What was counted (Prometheus's text format) as OTLP has it.
fn metrics(counted: &str, begun: u64, now: u64) -> Vec<Metric> {
    let mut all = Vec::new();
    // The exporter writes a metric's kind, then its samples, then the next metric.
    for block in counted.split("# TYPE ").skip(1) {
        let (head, samples) = block.split_once('\n').unwrap_or((block, ""));
        let Some((name, kind)) = head.trim().split_once(' ') else { continue };
        let samples = samples.lines().filter_map(Sample::read);
        let data = match kind {
            "counter" => Data::Sum(Sum {
                data_points: samples.map(|sample| point(&sample, begun, now)).collect(),
                aggregation_temporality: AggregationTemporality::Cumulative as i32,
                is_monotonic: true,
            }),
            "gauge" => {
                Data::Gauge(Gauge { data_points: samples.map(|sample| point(&sample, 0, now)).collect() })
            }
            "histogram" => Data::Histogram(histogram(name, samples, (begun, now))),
            _ => continue,
        };
        let unit = if name.ends_with("_seconds") { "s" } else { "" };
        all.push(Metric {
            name: name.to_owned(),
            unit: unit.to_owned(),
            data: Some(data),
            ..Metric::default()
        });
    }
    all
}

fn point(sample: &Sample<'_>, begun: u64, now: u64) -> NumberDataPoint {
    NumberDataPoint {
        attributes: sample.labels.iter().map(|(name, value)| pair(name, value)).collect(),
        start_time_unix_nano: begun,
        time_unix_nano: now,
        value: Some(Number::AsDouble(sample.value)),
        ..NumberDataPoint::default()
    }
}

fn histogram<'a>(name: &str, samples: impl Iterator<Item = Sample<'a>>, times: (u64, u64)) -> Histogram {
    let mut series = BTreeMap::<Vec<(&str, &str)>, Buckets>::new();
    for sample in samples {
        let labels: Vec<_> = sample.labels.iter().copied().filter(|(name, _)| *name != "le").collect();
        let buckets = series.entry(labels).or_default();
        match sample.name.strip_prefix(name) {
            Some("_bucket") => {
                buckets.upto.push(sample.value as u64);
                buckets
                    .bounds
                    .extend(sample.label("le").parse::<f64>().ok().filter(|bound| bound.is_finite()));
            }
            Some("_sum") => buckets.sum = sample.value,
            Some("_count") => buckets.count = sample.value as u64,
            _ => {}
        }
    }
    let attributes = |labels: &[(&str, &str)]| labels.iter().map(|(name, value)| pair(name, value)).collect();
    Histogram {
        data_points: series
            .into_iter()
            .map(|(labels, buckets)| buckets.point(attributes(&labels), times))
            .collect(),
        aggregation_temporality: AggregationTemporality::Cumulative as i32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use metrics::{Key, Label, Recorder};
    use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};

    #[test]
    fn what_the_exporter_writes_arrives_whole() {
        let builder = PrometheusBuilder::new();
        let bounds = Matcher::Suffix("_seconds".to_owned());
        let recorder = builder.set_buckets_for_metric(bounds, &[0.1, 1.0]).unwrap().build_recorder();
        let told = metrics::Metadata::new("", metrics::Level::INFO, None);
        let key = |name: &'static str| Key::from_parts(name, vec![Label::new("office", "torun")]);
        recorder.register_counter(&key("okienko_a_total"), &told).increment(3);
        recorder.register_gauge(&key("okienko_b"), &told).set(2.5);
        let seconds = recorder.register_histogram(&key("okienko_c_seconds"), &told);
        [0.05, 0.5, 0.6, 7.0].into_iter().for_each(|took| seconds.record(took));
        let all = super::metrics(&recorder.handle().render(), 1, 2);
        let found =
            |name: &str| all.iter().find(|it| it.name == name).and_then(|it| it.data.clone()).unwrap();
        let Data::Sum(sum) = found("okienko_a_total") else { panic!("{all:?}") };
        assert_eq!(sum.data_points[0].value, Some(Number::AsDouble(3.0)));
        assert_eq!(sum.data_points[0].attributes, [pair("office", "torun")]);
        let Data::Gauge(gauge) = found("okienko_b") else { panic!("{all:?}") };
        assert_eq!(gauge.data_points[0].value, Some(Number::AsDouble(2.5)));
        let Data::Histogram(histogram) = found("okienko_c_seconds") else { panic!("{all:?}") };
        let point = &histogram.data_points[0];
        assert_eq!((&point.bucket_counts[..], &point.explicit_bounds[..]), (&[1, 2, 1][..], &[0.1, 1.0][..]));
        assert_eq!((point.count, point.sum), (4, Some(8.15)));
    }
}
