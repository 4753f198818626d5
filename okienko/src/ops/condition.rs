//! The condition of a process, read from its metrics: the same names that alerts are built on (`docs/METRICS.md`).
//! Pure; knows no page and no other process.

use okienko_host::telemetry::Sample;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A relay counts as behind from this many pending events.
const BEHIND: f64 = 100.0;
/// A disk counts as nearly full with less than this fraction of it free …
const FREE_AT_LEAST: f64 = 0.1;
/// … and less than this many bytes: a tenth of a large disk is room for years.
const FREE_BYTES: f64 = 10e9;
/// A database of countries counts as old after this many seconds: a new one comes out every month.
const GEO_OLD: f64 = 60.0 * 86_400.0;

/// A certificate counts as ending soon this many seconds before: two weeks are enough to issue another.
const CERTIFICATE_ENDS: f64 = 14.0 * 86_400.0;
/// Above this fraction most of a budget counts as used: codes stop at 0.8, the rest is kept for other messages.
const BUDGET_USED: f64 = 0.6;

/// The condition of a process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// The address at which others reach it; empty if there are no others.
    pub address: String,
    /// Its roles.
    pub roles: Vec<String>,
    /// Its version.
    pub version: String,
    /// Its clock when it reported this, microseconds since the Unix epoch.
    pub said_at: i64,
    /// The problems found.
    pub findings: Vec<Finding>,
    /// The message providers that it has called.
    pub providers: Vec<ProviderState>,
}

/// A problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The kind of problem.
    pub kind: Kind,
    /// The part affected, e.g. a service, a relay or a provider.
    pub part: String,
    /// The amount, in the unit of its kind.
    pub value: f64,
}

/// Kinds of problems, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The stored data of a journal is damaged.
    JournalDamaged,
    /// A journal did not accept the last write.
    JournalAway,
    /// A provider accepts nothing until an operator intervenes.
    ProviderNeedsOperator,
    /// People of the demo are among the staff of an office in real use; the value counts them.
    DemoPeople,
    /// The disk is nearly full; the value is the free fraction, 0 to 1.
    DiskFull,
    /// Events written by one part do not reach the others; the value counts them.
    RelayBehind,
    /// Events that one part could never process were set aside since the process started; the value counts them.
    EventSetAside,
    /// A provider fails and is paused.
    ProviderRests,
    /// An office takes bookings from its country only, and there is no database of countries.
    TerritoryOpen,
    /// The certificate that processes present to each other ends soon; the value counts days, 0 once it has ended.
    CertificateEnds,
    /// Most of an office's message budget is used today; the value is the used fraction, 0 to 1.
    BudgetLow,
    /// The database of countries is old; the value counts days.
    GeoOld,
    /// A kind known only to a newer version.
    #[serde(other)]
    Other,
}

impl Kind {
    /// All of them.
    #[cfg(test)]
    pub const ALL: [Kind; 13] = [
        Kind::JournalDamaged,
        Kind::JournalAway,
        Kind::ProviderNeedsOperator,
        Kind::DemoPeople,
        Kind::DiskFull,
        Kind::RelayBehind,
        Kind::EventSetAside,
        Kind::ProviderRests,
        Kind::TerritoryOpen,
        Kind::CertificateEnds,
        Kind::BudgetLow,
        Kind::GeoOld,
        Kind::Other,
    ];

    /// The suffix of the keys of its messages.
    pub fn key(self) -> &'static str {
        match self {
            Kind::JournalDamaged => "journal-damaged",
            Kind::JournalAway => "journal-away",
            Kind::DemoPeople => "demo-people",
            Kind::TerritoryOpen => "territory-open",
            Kind::ProviderNeedsOperator => "provider-needs-operator",
            Kind::DiskFull => "disk-full",
            Kind::RelayBehind => "relay-behind",
            Kind::EventSetAside => "event-set-aside",
            Kind::ProviderRests => "provider-rests",
            Kind::CertificateEnds => "certificate-ends",
            Kind::BudgetLow => "budget-low",
            Kind::GeoOld => "geo-old",
            Kind::Other => "other",
        }
    }
    /// Whether people already notice it.
    pub fn is_urgent(self) -> bool {
        self < Kind::RelayBehind
    }
    /// Whether the value is a fraction of a whole.
    pub fn is_part(self) -> bool {
        matches!(self, Kind::DiskFull | Kind::BudgetLow)
    }
}

/// The condition of a message provider.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProviderState {
    /// Its name.
    pub name: String,
    /// It is paused for a while because too many messages fail there.
    pub rests: bool,
    /// It accepts nothing until an operator intervenes.
    pub needs_operator: bool,
    /// Messages that it has accepted since this process started.
    pub taken: u64,
    /// Answers that were faults.
    pub faults: u64,
}

/// Reads metrics (Prometheus's text format) as of `now`, seconds since the Unix epoch.
pub fn read(counted: &str, now: f64) -> (Vec<Finding>, Vec<ProviderState>) {
    let mut findings = Vec::new();
    let mut providers = BTreeMap::<&str, ProviderState>::new();
    let (mut free, mut whole) = (BTreeMap::new(), BTreeMap::new());
    let (mut used, mut budgets) = (BTreeMap::new(), BTreeMap::new());
    for sample in counted.lines().filter_map(Sample::read) {
        let (label, value) = (|name| sample.label(name), sample.value);
        let mut find = |is: bool, kind, part: String, value| {
            if is {
                findings.push(Finding { kind, part, value });
            }
        };
        match sample.name {
            "okienko_journal_well" => find(value == 0.0, Kind::JournalAway, label("service").into(), value),
            "okienko_journal_damaged" => {
                find(value > 0.0, Kind::JournalDamaged, label("service").into(), value);
            }
            "okienko_territory_open" => find(value > 0.0, Kind::TerritoryOpen, label("office").into(), value),
            "okienko_demo_people" => find(value > 0.0, Kind::DemoPeople, label("office").into(), value),
            "okienko_relay_lag_events" => {
                let part = format!("{} / {}", label("service"), label("relay"));
                find(value > BEHIND, Kind::RelayBehind, part, value);
            }
            "okienko_events_set_aside_total" => {
                find(value > 0.0, Kind::EventSetAside, label("taker").into(), value);
            }
            "okienko_provider_rests" => {
                providers.entry(label("provider")).or_default().rests = value > 0.0;
            }
            "okienko_provider_needs_operator" => {
                providers.entry(label("provider")).or_default().needs_operator = value > 0.0;
            }
            "okienko_provider_answers_total" => {
                let provider = providers.entry(label("provider")).or_default();
                let count =
                    if label("answer") == "taken" { &mut provider.taken } else { &mut provider.faults };
                *count += value as u64;
            }
            "okienko_certificate_ends_seconds" => {
                let left = value - now;
                let days = (left / 86_400.0).floor().max(0.0);
                find(left < CERTIFICATE_ENDS, Kind::CertificateEnds, String::new(), days);
            }
            "okienko_sms_budget_used_parts" => _ = used.insert(label("office"), value),
            "okienko_sms_budget_parts" => _ = budgets.insert(label("office"), value),
            "okienko_disk_free_bytes" => _ = free.insert(label("folder"), value),
            "okienko_disk_bytes" => _ = whole.insert(label("folder"), value),
            "okienko_geo_built_seconds" => {
                let age = now - value;
                find(age > GEO_OLD, Kind::GeoOld, String::new(), (age / 86_400.0).floor());
            }
            _ => {}
        }
    }
    for (folder, free) in free {
        let part = whole.get(folder).filter(|whole| **whole > 0.0).map_or(1.0, |whole| free / whole);
        if part < FREE_AT_LEAST && free < FREE_BYTES {
            findings.push(Finding { kind: Kind::DiskFull, part: folder.to_owned(), value: part });
        }
    }
    for (office, used) in used {
        let part = budgets.get(office).filter(|budget| **budget > 0.0).map_or(0.0, |budget| used / budget);
        if part > BUDGET_USED {
            findings.push(Finding { kind: Kind::BudgetLow, part: office.to_owned(), value: part });
        }
    }
    let providers: Vec<ProviderState> =
        providers.into_iter().map(|(name, state)| ProviderState { name: name.to_owned(), ..state }).collect();
    for provider in &providers {
        let kind = match provider {
            ProviderState { needs_operator: true, .. } => Kind::ProviderNeedsOperator,
            ProviderState { rests: true, .. } => Kind::ProviderRests,
            _ => continue,
        };
        findings.push(Finding { kind, part: provider.name.clone(), value: 1.0 });
    }
    findings.sort_by_key(|finding| finding.kind);
    (findings, providers)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WELL: &str = r#"# TYPE okienko_relay_lag_events gauge
okienko_relay_lag_events{service="booking",relay="bus/nats"} 3
okienko_journal_well{service="booking"} 1
okienko_journal_damaged{service="queue"} 0
okienko_territory_open{office="torun"} 0
okienko_demo_people{office="torun"} 0
okienko_events_set_aside_total{taker="notices"} 0
okienko_provider_rests{provider="smsapi"} 0
okienko_provider_answers_total{provider="smsapi",answer="taken"} 12
okienko_provider_answers_total{provider="smsapi",answer="again"} 2
okienko_disk_free_bytes{folder="data"} 50
okienko_disk_bytes{folder="data"} 100
okienko_certificate_ends_seconds 100000000
okienko_sms_budget_parts{office="torun"} 100
okienko_sms_budget_used_parts{office="torun"} 20
okienko_geo_built_seconds 1000000
okienko_http_request_seconds_bucket{route="/torun",le="0.5"} 7
"#;

    #[test]
    fn a_process_that_is_well_has_nothing_to_say_but_how_its_providers_are() {
        let (findings, providers) = read(WELL, 1_000_000.0 + 86_400.0);
        assert_eq!(findings, []);
        let large = WELL.replace("folder=\"data\"} 50", "folder=\"data\"} 2e10");
        let large = large.replace("folder=\"data\"} 100", "folder=\"data\"} 1e12");
        assert!(large.contains("2e10") && read(&large, 1_000_000.0).0.is_empty(), "{large}");
        let smsapi =
            ProviderState { name: "smsapi".into(), taken: 12, faults: 2, ..ProviderState::default() };
        assert_eq!(providers, [smsapi]);
    }

    #[test]
    fn what_a_newer_version_says_is_heard_as_something() {
        let said = r#"{"kind":"moon_is_full","part":"","value":1.0}"#;
        assert_eq!(serde_json::from_str::<Finding>(said).unwrap().kind, Kind::Other);
    }

    #[test]
    fn each_thing_that_is_wrong_is_found_by_its_own_figure_and_the_worst_comes_first() {
        let cases = [
            ("_damaged{service=\"queue\"} 0", "_damaged{service=\"queue\"} 1"),
            ("okienko_journal_well{service=\"booking\"} 1", "okienko_journal_well{service=\"booking\"} 0"),
            ("_rests{provider=\"smsapi\"} 0", "_needs_operator{provider=\"smsapi\"} 1"),
            ("_people{office=\"torun\"} 0", "_people{office=\"torun\"} 9"),
            ("_free_bytes{folder=\"data\"} 50", "_free_bytes{folder=\"data\"} 9"),
            ("\"bus/nats\"} 3", "\"bus/nats\"} 101"),
            ("_total{taker=\"notices\"} 0", "_total{taker=\"notices\"} 2"),
            ("_rests{provider=\"smsapi\"} 0", "_rests{provider=\"smsapi\"} 1"),
            ("_open{office=\"torun\"} 0", "_open{office=\"torun\"} 1"),
            ("ends_seconds 100000000", "ends_seconds 6100000"),
            ("used_parts{office=\"torun\"} 20", "used_parts{office=\"torun\"} 61"),
            ("geo_built_seconds 1000000", "geo_built_seconds 1"),
        ];
        let now = 1_000_000.0 + 59.0 * 86_400.0;
        let mut all = WELL.to_owned();
        for ((from, to), kind) in cases.into_iter().zip(Kind::ALL) {
            assert!(WELL.contains(from), "{from}");
            let (found, _) = read(&WELL.replace(from, to), now);
            assert_eq!(found.iter().map(|it| it.kind).collect::<Vec<_>>(), [kind], "{to}");
            all = all.replace(from, to);
        }
        let (found, _) = read(&all, now);
        assert!(found.is_sorted_by_key(|it| it.kind) && found.len() == 11, "{found:#?}");
    }
}
