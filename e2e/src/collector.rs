//! A telemetry collector for tests: receives what processes send over OTLP and keeps it. Knows no process.

use anyhow::Result;
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::Span as OtlpSpan;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

/// The contents of a span.
#[derive(Clone, Debug)]
pub struct Span {
    /// The process: `service.name`.
    pub process: String,
    /// The trace, 32 hexadecimal digits.
    pub trace: String,
    /// The span's id, 16 hexadecimal digits.
    pub id: String,
    /// The id of the span that caused it.
    pub parent: String,
    /// Its name.
    pub name: String,
    /// 1 internal, 2 server, 3 client, 4 producer, 5 consumer.
    pub kind: i32,
    /// Nanoseconds since the Unix epoch.
    pub begun: u64,
    /// See `begun`.
    pub ended: u64,
    /// Traces that it links to.
    pub links: Vec<String>,
}

#[derive(Default)]
struct CollectedTelemetry {
    spans: Vec<Span>,
    metrics: BTreeMap<String, BTreeSet<String>>,
    /// Everything that was received, as text.
    words: String,
}

/// A running collector. Dropping it stops it.
pub struct Collector {
    /// `http://host:port`.
    pub address: String,
    kept: Arc<Mutex<CollectedTelemetry>>,
    _serving: JoinSet<()>,
}

fn lock(kept: &Mutex<CollectedTelemetry>) -> MutexGuard<'_, CollectedTelemetry> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Collector {
    /// Listens on a free port.
    pub async fn start() -> Result<Collector> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let kept = Arc::new(Mutex::default());
        let taker = Taker(Arc::clone(&kept));
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let server = Server::builder()
                .add_service(TraceServiceServer::new(taker.clone()))
                .add_service(MetricsServiceServer::new(taker));
            // It ends with the value.
            let _ = server.serve_with_incoming(TcpIncoming::from(listener)).await;
        });
        Ok(Collector { address, kept, _serving: serving })
    }

    /// Settings with which a process sends it everything, metrics every second.
    pub fn settings(&self) -> Vec<(String, String)> {
        let setting = |key: &str, value: &str| (format!("OKIENKO__TELEMETRY__{key}"), value.to_owned());
        vec![setting("COLLECTOR", &self.address), setting("FIGURES_S", "1")]
    }

    /// The spans of a trace, in order of their start.
    pub fn trace(&self, id: &str) -> Vec<Span> {
        let mut spans: Vec<Span> =
            lock(&self.kept).spans.iter().filter(|span| span.trace == id).cloned().collect();
        spans.sort_by_key(|span| span.begun);
        spans
    }

    /// Spans that link to a trace.
    pub fn belonging_with(&self, id: &str) -> Vec<Span> {
        let belongs = |span: &&Span| span.links.iter().any(|link| link == id);
        lock(&self.kept).spans.iter().filter(belongs).cloned().collect()
    }

    /// Names of metrics by process.
    pub fn metrics(&self) -> BTreeMap<String, BTreeSet<String>> {
        lock(&self.kept).metrics.clone()
    }

    /// Everything that was ever received, as text.
    pub fn words(&self) -> String {
        lock(&self.kept).words.clone()
    }
}

#[derive(Clone)]
struct Taker(Arc<Mutex<CollectedTelemetry>>);

fn process(resource: Option<&Resource>) -> String {
    use opentelemetry_proto::tonic::common::v1::any_value::Value;
    let named = resource.and_then(|it| it.attributes.iter().find(|pair| pair.key == "service.name"));
    match named.and_then(|pair| pair.value.as_ref()?.value.as_ref()) {
        Some(Value::StringValue(name)) => name.clone(),
        _ => String::new(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn span(process: &str, told: &OtlpSpan) -> Span {
    Span {
        process: process.to_owned(),
        trace: hex(&told.trace_id),
        id: hex(&told.span_id),
        parent: hex(&told.parent_span_id),
        name: told.name.clone(),
        kind: told.kind,
        begun: told.start_time_unix_nano,
        ended: told.end_time_unix_nano,
        links: told.links.iter().map(|link| hex(&link.trace_id)).collect(),
    }
}

#[tonic::async_trait]
impl TraceService for Taker {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let mut kept = lock(&self.0);
        for whole in request.into_inner().resource_spans {
            let process = process(whole.resource.as_ref());
            for told in whole.scope_spans.iter().flat_map(|scope| &scope.spans) {
                kept.spans.push(span(&process, told));
            }
            kept.words.push_str(&format!("{whole:?}\n"));
        }
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl MetricsService for Taker {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        let mut kept = lock(&self.0);
        for whole in request.into_inner().resource_metrics {
            let process = process(whole.resource.as_ref());
            let names = whole.scope_metrics.iter().flat_map(|scope| &scope.metrics).map(|it| it.name.clone());
            kept.metrics.entry(process).or_default().extend(names);
            kept.words.push_str(&format!("{whole:?}\n"));
        }
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}
