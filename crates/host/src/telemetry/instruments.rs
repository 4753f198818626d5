//! Forwards metrics to instruments of OpenTelemetry's SDK as well, under the names and histogram bounds of `/metrics`.
//! Knows no metric and no collector.

use super::{SECONDS, SIZES};
use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};
use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A recorder whose counters, gauges and histograms are a meter's instruments.
pub(super) struct Instruments(pub(super) Meter);

/// An instrument, with the labels of one series.
struct Series<I> {
    instrument: I,
    labels: Vec<KeyValue>,
    /// The last value set, to convert between absolute values and differences.
    last: AtomicU64,
}

impl<I> Series<I> {
    fn of(key: &Key, instrument: I) -> Arc<Series<I>> {
        let labels =
            key.labels().map(|label| KeyValue::new(label.key().to_owned(), label.value().to_owned()));
        Arc::new(Series { instrument, labels: labels.collect(), last: AtomicU64::new(0) })
    }
}

impl CounterFn for Series<opentelemetry::metrics::Counter<u64>> {
    fn increment(&self, more: u64) {
        self.instrument.add(more, &self.labels);
    }
    fn absolute(&self, all: u64) {
        let before = self.last.fetch_max(all, Ordering::Relaxed);
        self.increment(all.saturating_sub(before));
    }
}

impl Series<opentelemetry::metrics::Gauge<f64>> {
    fn change(&self, by: f64) {
        let changed = |bits: u64| Some((f64::from_bits(bits) + by).to_bits());
        if let Ok(before) = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, changed) {
            self.instrument.record(f64::from_bits(before) + by, &self.labels);
        }
    }
}

impl GaugeFn for Series<opentelemetry::metrics::Gauge<f64>> {
    fn increment(&self, more: f64) {
        self.change(more);
    }
    fn decrement(&self, less: f64) {
        self.change(-less);
    }
    fn set(&self, value: f64) {
        self.last.store(value.to_bits(), Ordering::Relaxed);
        self.instrument.record(value, &self.labels);
    }
}

impl HistogramFn for Series<opentelemetry::metrics::Histogram<f64>> {
    fn record(&self, value: f64) {
        self.instrument.record(value, &self.labels);
    }
}

impl Recorder for Instruments {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(Series::of(key, self.0.u64_counter(key.name().to_owned()).build()))
    }
    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(Series::of(key, self.0.f64_gauge(key.name().to_owned()).build()))
    }
    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        let instrument = self.0.f64_histogram(key.name().to_owned());
        let instrument = match key.name() {
            name if name.ends_with("_seconds") => instrument.with_unit("s").with_boundaries(SECONDS.to_vec()),
            name if name.ends_with("_appends") => instrument.with_boundaries(SIZES.to_vec()),
            _ => instrument,
        };
        Histogram::from_arc(Series::of(key, instrument.build()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use metrics::{Label, Level};
    use opentelemetry::metrics::MeterProvider;
    use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics};
    use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};

    fn key(name: &'static str) -> Key {
        Key::from_parts(name, vec![Label::new("office", "torun")])
    }

    fn found<'a>(all: &'a [ResourceMetrics], name: &str) -> &'a AggregatedMetrics {
        let all = all.last().unwrap().scope_metrics().flat_map(|scope| scope.metrics());
        all.into_iter().find(|metric| metric.name() == name).unwrap().data()
    }

    #[test]
    fn what_is_counted_arrives_whole() {
        let exporter = InMemoryMetricExporter::default();
        let reader = PeriodicReader::builder(exporter.clone()).build();
        let provider = SdkMeterProvider::builder().with_reader(reader).build();
        let recorder = Instruments(provider.meter("test"));
        let told = Metadata::new("", Level::INFO, None);
        let counter = recorder.register_counter(&key("okienko_a_total"), &told);
        counter.increment(3);
        // Registered once more, as code without a cached handle does.
        recorder.register_counter(&key("okienko_a_total"), &told).increment(1);
        counter.absolute(2);
        let gauge = recorder.register_gauge(&key("okienko_b"), &told);
        gauge.set(2.5);
        gauge.increment(1.0);
        gauge.decrement(3.0);
        let seconds = recorder.register_histogram(&key("okienko_c_seconds"), &told);
        [0.0004, 0.3, 0.4, 70.0].into_iter().for_each(|took| seconds.record(took));
        provider.force_flush().unwrap();
        let all = exporter.get_finished_metrics().unwrap();
        let labels = [KeyValue::new("office", "torun")];
        let AggregatedMetrics::U64(MetricData::Sum(sum)) = found(&all, "okienko_a_total") else { panic!() };
        let points: Vec<_> = sum.data_points().collect();
        assert_eq!((points.len(), points[0].value(), sum.is_monotonic()), (1, 6, true));
        assert_eq!(points[0].attributes().cloned().collect::<Vec<_>>(), labels);
        let AggregatedMetrics::F64(MetricData::Gauge(gauge)) = found(&all, "okienko_b") else { panic!() };
        assert_eq!(gauge.data_points().map(|point| point.value()).collect::<Vec<_>>(), [0.5]);
        let AggregatedMetrics::F64(MetricData::Histogram(taken)) = found(&all, "okienko_c_seconds") else {
            panic!()
        };
        let point = taken.data_points().next().unwrap();
        assert_eq!(point.bounds().collect::<Vec<_>>(), SECONDS);
        assert_eq!((point.count(), point.sum()), (4, 70.7004));
        let counts: Vec<u64> = point.bucket_counts().collect();
        assert_eq!((counts[0], counts[9], counts[SECONDS.len()]), (1, 2, 1), "{counts:?}");
    }
}
