//! The metrics of a visit: they have their documented names, and contain nothing personal.

use okienko_e2e::cluster::{Cluster, Replica};
use okienko_e2e::visit::{Wish, book};
use okienko_e2e::{Client, House};
use std::collections::{BTreeMap, BTreeSet};

const METERS: &str = include_str!("../../../docs/METRICS.md");

/// The metrics in the page's table, and whether each exists before anything has happened.
fn documented() -> BTreeMap<String, bool> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let name = cells.first()?.strip_prefix("`okienko_")?.strip_suffix('`')?;
        Some((format!("okienko_{name}"), *cells.last()? == "always"))
    };
    METERS.lines().filter_map(row).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_counted_has_its_documented_name_and_nothing_of_a_person() {
    let mut house = House::demo().await.unwrap();
    let wish = Wish::new("torun", "glowny", "meldunek", "2026-12-02", "10:00");
    let visit = book(&house, &house.client, &wish, "Zenobia Kwiatkowska", "+48601777333").await.unwrap();
    let one = vec![house.client.base().to_owned()];
    let many = |cluster: &mut Cluster| cluster.replicas.iter().map(Replica::base).collect();
    let mut text = String::new();
    for process in house.cluster().map_or(one, many) {
        text += &Client::new(&process).get("/metrics").await.unwrap().expect(200).unwrap().text;
    }
    let exported: BTreeSet<String> = text
        .lines()
        .filter_map(|line| Some(line.strip_prefix("# TYPE ")?.split(' ').next()?.to_owned()))
        .collect();
    let documented = documented();
    let unknown: Vec<_> = exported.iter().filter(|name| !documented.contains_key(*name)).collect();
    assert!(unknown.is_empty(), "not in docs/METRICS.md: {unknown:?}");
    let always = documented.iter().filter(|(_, always)| **always).map(|(name, _)| name);
    let missing: Vec<_> = always.filter(|name| !exported.contains(*name)).collect();
    assert!(missing.is_empty() && !documented.is_empty(), "in docs/METRICS.md and not here: {missing:?}");
    let counted = |line: &str| {
        let found = text.lines().filter(|it| it.starts_with(line));
        found.filter_map(|it| it.rsplit(' ').next()?.parse::<f64>().ok()).sum::<f64>()
    };
    assert!(
        counted("okienko_commands_total{service=\"booking\",stream=\"day\",outcome=\"done\"}") >= 4.0,
        "{text}"
    );
    assert!(counted("okienko_journal_events_total{service=\"booking\"}") >= 4.0, "{text}");
    assert!(text.contains("route=\"/api/v1/holds/{hold}/code\""), "{text}");
    let mut personal: Vec<String> = ["Zenobia", "Kwiatkowska", "601777333"].map(str::to_owned).into();
    for field in ["token", "number", "check_in_code", "id"] {
        personal.extend(visit[field].as_str().map(str::to_owned));
    }
    assert!(personal.len() > 4, "{visit}");
    for secret in personal {
        assert!(!text.contains(&secret), "{secret} stands in the metrics");
    }
}
