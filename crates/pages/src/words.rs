//! What a page needs to speak: messages, the visitor's language, and what every page repeats (its own address, the demo
//! banner). Days and times in words. Knows the request only through what `surface` put into it.

use crate::locale::Locale;
use crate::texts::{Texts, Value};
use axum::extract::FromRequestParts;
use http::request::Parts;
use okienko_kernel::civil::Weekday;
use okienko_kernel::{Day, Moment, TimeOfDay, Zone};
use std::convert::Infallible;
use std::sync::{Arc, LazyLock};

/// Reads the demo's clock.
pub type DemoClock = Arc<dyn Fn() -> Moment + Send + Sync>;

/// Marks a demo: its clock, and the zone in which pages show it.
pub struct Demo {
    /// The clock.
    pub clock: DemoClock,
    /// The zone.
    pub zone: Zone,
}

/// The messages in one language. An extractor for handlers under a surface; cheap to clone.
#[derive(Clone)]
pub struct Words {
    texts: Arc<Texts>,
    locale: Locale,
    here: Arc<str>,
    demo: Option<Arc<Demo>>,
}

static COMMON: LazyLock<Arc<Texts>> = LazyLock::new(|| Arc::new(Texts::new(&[], &[])));

impl Words {
    /// Words outside of a request.
    pub fn new(texts: Arc<Texts>, locale: Locale) -> Words {
        Words { texts, locale, here: "".into(), demo: None }
    }
    /// Words with only the messages of this crate.
    pub fn common(locale: Locale) -> Words {
        Words::new(COMMON.clone(), locale)
    }
    /// For the page at `here` (path and query); `demo` is set in a demo.
    pub fn at(mut self, here: &str, demo: Option<Arc<Demo>>) -> Words {
        self.here = here.into();
        self.demo = demo;
        self
    }
    /// The same in another language.
    pub fn in_language(&self, locale: Locale) -> Words {
        Words { locale, ..self.clone() }
    }
    /// The language.
    pub fn locale(&self) -> Locale {
        self.locale
    }
    /// A language's name in that language itself, as people look for it.
    pub fn own_name(&self, locale: Locale) -> String {
        self.texts.t(locale, "language-name")
    }
    /// All messages, e.g. to use another language.
    pub fn texts(&self) -> &Arc<Texts> {
        &self.texts
    }
    /// Path and query of the page; empty when unknown.
    pub fn here(&self) -> &str {
        &self.here
    }
    /// Whether this is a demo.
    pub fn is_demo(&self) -> bool {
        self.demo.is_some()
    }
    /// The demo clock's time, in a demo. Formatted on demand, since few pages show it.
    pub(crate) fn demo_now(&self) -> Option<String> {
        let demo = self.demo.as_ref()?;
        let (day, time) = demo.zone.local((demo.clock)());
        Some(self.date_time(day, time))
    }
    /// The message `key`.
    pub fn t(&self, key: &str) -> String {
        self.texts.t(self.locale, key)
    }
    /// The message `key` with values.
    pub fn ta(&self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        self.texts.ta(self.locale, key, values)
    }
    /// The message `key` with the number `n`: `words.n("people", 5)`.
    pub fn n(&self, key: &str, n: impl Into<i64>) -> String {
        self.ta(key, &[("n", Value::from(n.into()))])
    }
    /// The message `key` with its `{name}` placeholders left for a script to fill.
    pub fn open(&self, key: &str, names: &[&str]) -> String {
        let marks: Vec<String> = names.iter().map(|name| format!("{{{name}}}")).collect();
        let values: Vec<(&str, Value<'_>)> =
            names.iter().zip(&marks).map(|(name, mark)| (*name, Value::from(mark.as_str()))).collect();
        self.ta(key, &values)
    }
    /// The message with that key if there is one, else the text itself.
    pub fn text_or_key(&self, key: &str) -> String {
        if self.texts.has(self.locale, key) { self.t(key) } else { key.to_owned() }
    }

    /// "wtorek, 1 grudnia 2026".
    pub fn date(&self, day: Day) -> String {
        let weekday = self.t(&format!("weekday-{}", weekday(day)));
        self.dated("date-long", day, &weekday)
    }
    /// "1 grudnia 2026".
    pub fn date_plain(&self, day: Day) -> String {
        self.dated("date-plain", day, "")
    }
    /// "wtorek, 1 grudnia 2026, godz. 14:05".
    pub fn date_time(&self, day: Day, time: TimeOfDay) -> String {
        let values = [("date", Value::from(self.date(day))), ("time", Value::from(self.time(time)))];
        self.ta("date-at-time", &values)
    }
    /// "14:05".
    pub fn time(&self, time: TimeOfDay) -> String {
        time.to_string()
    }
    /// "grudzień 2026"; `month` 1–12.
    pub fn month(&self, year: i16, month: i8) -> String {
        let name = self.t(&format!("month-{month}"));
        self.ta("month-year", &[("month", Value::from(name)), ("year", Value::from(year.to_string()))])
    }

    fn dated(&self, key: &str, day: Day, weekday: &str) -> String {
        let (year, month, number) = day.parts();
        let month = self.t(&format!("month-of-{month}"));
        let values = [
            ("weekday", Value::from(weekday)),
            ("day", Value::from(number.to_string())),
            ("month", Value::from(month)),
            ("year", Value::from(year.to_string())),
        ];
        self.ta(key, &values)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Words {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let ours = parts.extensions.get::<Words>().cloned();
        Ok(ours.unwrap_or_else(|| Words::common(Locale::negotiate(&parts.headers, parts.uri.query()))))
    }
}

/// The weekday's English name, as used in message keys.
pub(crate) fn weekday(day: Day) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_hours_are_said_in_the_visitors_language() {
        let day: Day = "2026-12-01".parse().unwrap();
        let pl = Words::common(Locale::Pl);
        assert_eq!(pl.date(day), "wtorek, 1 grudnia 2026");
        assert_eq!(Words::common(Locale::En).date(day), "Tuesday, 1 December 2026");
        assert_eq!(pl.month(2026, 12), "grudzień 2026");
        let time = TimeOfDay::new(14, 5).unwrap();
        assert_eq!(pl.date_time(day, time), "wtorek, 1 grudnia 2026, godz. 14:05");
    }
}
