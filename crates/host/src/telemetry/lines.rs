//! The format of log lines: `docs/LOGGING.md`. A line names the trace of the request it is about, if there is one.
//! Knows no service.

use opentelemetry::trace::TraceContextExt;
use serde_json::Value;
use std::fmt;
use std::sync::{Arc, OnceLock};
use tracing::dispatcher::WeakDispatch;
use tracing::field::{Field, Visit};
use tracing::span::Id;
use tracing::{Dispatch, Event, Subscriber};
use tracing_log::NormalizeEvent;
use tracing_subscriber::Layer;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// How lines are written.
pub(super) struct Lines {
    /// One JSON object per line, for programs; otherwise text for people at a terminal.
    pub(super) json: bool,
    pub(super) whole: Whole,
}

/// The subscriber that writes the line, which knows a span's trace. It cannot be looked up the usual way from within
/// itself; a layer is told which subscriber it belongs to, hence a layer.
#[derive(Clone, Default)]
pub(super) struct Whole(Arc<OnceLock<WeakDispatch>>);

impl<S: Subscriber> Layer<S> for Whole {
    fn on_register_dispatch(&self, whole: &Dispatch) {
        let _ = self.0.set(whole.downgrade());
    }
}

/// A line about to be written.
struct Line {
    time: String,
    level: &'static str,
    target: String,
    message: String,
    fields: Vec<(&'static str, Value)>,
    trace: Option<String>,
}

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        out: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut read = FieldVisitor::default();
        event.record(&mut read);
        let mut time = String::new();
        SystemTime.format_time(&mut Writer::new(&mut time))?;
        // Events from the crate `log` carry their origin in fields of their own.
        let normal = event.normalized_metadata();
        let about = normal.as_ref().unwrap_or_else(|| event.metadata());
        let line = Line {
            time,
            level: about.level().as_str(),
            target: about.target().to_owned(),
            message: read.message,
            fields: read.fields,
            trace: okienko_trace::named()
                .map(|named| named.id())
                .or_else(|| context.lookup_current().and_then(|span| self.whole.trace(&span.id()))),
        };
        if self.json { line.json(out) } else { line.text(out) }
    }
}

/// Lines contain no fields of spans, so nothing is formatted for them.
pub(super) struct OfNoSpan;

impl<'writer> FormatFields<'writer> for OfNoSpan {
    fn format_fields<R: RecordFields>(&self, _: Writer<'writer>, _: R) -> fmt::Result {
        Ok(())
    }
}

impl Whole {
    fn trace(&self, span: &Id) -> Option<String> {
        let whole = self.0.get()?.upgrade()?;
        let context = tracing_opentelemetry::get_otel_context(span, &whole)?;
        let trace = context.span().span_context().trace_id();
        (trace != opentelemetry::TraceId::INVALID).then(|| trace.to_string())
    }
}

impl Line {
    fn json(self, mut out: Writer<'_>) -> fmt::Result {
        let (time, level, message) = (Value::from(self.time), self.level, Value::from(self.message));
        write!(
            out,
            "{{\"time\":{time},\"level\":\"{level}\",\"target\":\"{}\",\"message\":{message}",
            self.target
        )?;
        if let Some(trace) = &self.trace {
            write!(out, ",\"trace\":\"{trace}\"")?;
        }
        for (name, value) in self.fields {
            write!(out, ",\"{name}\":{value}")?;
        }
        writeln!(out, "}}")
    }

    fn text(self, mut out: Writer<'_>) -> fmt::Result {
        let (dim, plain) = if out.has_ansi_escapes() { ("\u{1b}[2m", "\u{1b}[0m") } else { ("", "") };
        write!(
            out,
            "{dim}{}{plain} {:>5} {dim}{}:{plain} {}",
            self.time, self.level, self.target, self.message
        )?;
        for (name, value) in &self.fields {
            match value {
                Value::String(text) if !text.contains([' ', '=', '"']) => {
                    write!(out, " {dim}{name}={plain}{text}")?;
                }
                other => write!(out, " {dim}{name}={plain}{other}")?,
            }
        }
        if let Some(trace) = &self.trace {
            write!(out, " {dim}trace={trace}{plain}")?;
        }
        writeln!(out)
    }
}

/// Keeps a line on one line, and control sequences from the terminal, whatever an error's text contains.
fn on_a_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// Collects an event's fields.
#[derive(Default)]
struct FieldVisitor {
    message: String,
    fields: Vec<(&'static str, Value)>,
}

impl FieldVisitor {
    fn take(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::String(text)) => self.message = text,
            (name, _) if name.starts_with("log.") => {}
            (name, value) => self.fields.push((name, value)),
        }
    }
}

impl Visit for FieldVisitor {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.take(field, Value::from(on_a_line(&format!("{value:?}"))));
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field, Value::from(on_a_line(value)));
    }
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.take(field, Value::from(value));
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.take(field, Value::from(value));
    }
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.take(field, Value::from(value));
    }
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.take(field, Value::from(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_trace::{Trace, span, under};
    use opentelemetry::trace::TracerProvider;
    use std::io::Write;
    use std::sync::Mutex;
    use tracing_subscriber::filter::filter_fn;
    use tracing_subscriber::layer::SubscriberExt;

    #[derive(Clone, Default)]
    struct SharedBuffer(Arc<Mutex<Vec<u8>>>);

    impl Write for SharedBuffer {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn written(json: bool) -> Vec<String> {
        let written = SharedBuffer::default();
        let to = written.clone();
        let provider = opentelemetry_sdk::trace::SdkTracerProvider::builder().build();
        let whole = Whole::default();
        let lines = Lines { json, whole: whole.clone() };
        let lines = tracing_subscriber::fmt::layer().with_ansi(false).event_format(lines);
        let subscriber = tracing_subscriber::registry()
            .with(lines.with_writer(move || to.clone()))
            .with(tracing_opentelemetry::layer().with_tracer(provider.tracer("test")))
            .with(super::super::silent(whole));
        tracing::subscriber::with_default(subscriber, || {
            tracing::warn!(count = 3, error = %"no\nroom", "a \"line\" of nobody");
            let span = under(span!("request"), Some(&Trace::of_seed("x")));
            span.in_scope(|| span!("inner").in_scope(|| tracing::info!(office = "torun", "in a request")));
        });
        let bytes = written.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_line_is_one_object_with_the_same_keys_and_names_its_trace() {
        let lines = written(true);
        let read: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(read.len(), 2);
        assert_eq!(read[0]["message"], "a \"line\" of nobody");
        assert_eq!((&read[0]["level"], &read[0]["count"]), (&Value::from("WARN"), &Value::from(3)));
        assert_eq!((&read[0]["error"], read[0].get("trace")), (&Value::from("no room"), None));
        assert_eq!(read[1]["trace"], Trace::of_seed("x").id());
        assert!(read[1]["time"].as_str().unwrap().ends_with('Z'));
    }

    #[test]
    fn a_line_names_its_trace_where_no_span_is_taken() {
        let written = SharedBuffer::default();
        let to = written.clone();
        let lines = tracing_subscriber::fmt::layer().with_ansi(false);
        let lines = lines.event_format(Lines { json: true, whole: Whole::default() });
        let lines = lines.with_writer(move || to.clone());
        let lines = lines.with_filter(filter_fn(|what| what.is_event()));
        let request = || {
            okienko_trace::name_work(super::super::otlp::names());
            let work = under(span!("request"), Some(&Trace::of_seed("x")));
            work.in_scope(|| span!("inner").in_scope(|| tracing::info!("in a request")));
            tracing::info!("in none");
        };
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), request);
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        let named: Vec<Value> =
            text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["trace"].take()).collect();
        assert_eq!(named, [Value::from(Trace::of_seed("x").id()), Value::Null]);
    }

    #[test]
    fn a_line_for_people_has_the_same_in_words() {
        let lines = written(false);
        assert_eq!(lines.len(), 2);
        assert!(lines[0].ends_with(" a \"line\" of nobody count=3 error=\"no room\""), "{}", lines[0]);
        let end = format!(" in a request office=torun trace={}", Trace::of_seed("x").id());
        assert!(lines[1].ends_with(&end), "{}", lines[1]);
    }
}
