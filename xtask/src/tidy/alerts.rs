//! The monitoring of an installation is consistent: every metric that an alert or the dashboard uses is one that the
//! program exports, and every alert has a runbook page and cases in which it fires. Runs no query.

use std::collections::BTreeSet;

use super::Fault;
use super::house::House;

const RULES: &str = "deploy/monitoring/alerts.yml";
const CASES: &str = "deploy/monitoring/alerts_test.yml";
const DASHBOARD: &str = "deploy/monitoring/dashboard.json";
const RUNBOOK: &str = "docs/runbook.md";
const NAMES: &str = "docs/METRICS.md";

/// Checks names, pages and cases.
pub fn fit(house: &House) -> Vec<Fault> {
    let text = |path: &str| house.texts.iter().find(|it| it.path == path).map(|it| it.text.as_str());
    let Some(rules) = text(RULES) else { return Vec::new() };
    let mut faults = Vec::new();
    let exported: BTreeSet<&str> = text(NAMES).unwrap_or_default().lines().filter_map(documented).collect();
    for (path, asking) in [(RULES, Some(rules)), (CASES, text(CASES)), (DASHBOARD, text(DASHBOARD))] {
        for (line, name) in asking.into_iter().flat_map(names) {
            if !exported.contains(name) && !exported.contains(part_of_histogram(name)) {
                faults.push(Fault::new(path, line, format!("{name} is not in {NAMES}")));
            }
        }
    }
    let (runbook, cases) = (text(RUNBOOK).unwrap_or_default(), text(CASES).unwrap_or_default());
    for (at, line) in rules.lines().enumerate() {
        let Some(alert) = line.trim().strip_prefix("- alert: ") else { continue };
        let mut need = |there: bool, what: String| {
            if !there {
                faults.push(Fault::new(RULES, at + 1, what));
            }
        };
        let page = format!("## {alert}");
        need(runbook.lines().any(|it| it == page), format!("{alert} has no page in {RUNBOOK}"));
        for case in ["fires", "is quiet"] {
            let named = format!("- name: {alert} {case}");
            need(
                cases.lines().any(|it| it.trim() == named),
                format!("{CASES} has no case \"{alert} {case}\""),
            );
        }
        let linked = rules.contains(&format!("{RUNBOOK}#{}\n", alert.to_lowercase()));
        need(linked, format!("{alert} does not name its page"));
    }
    faults
}

/// The metric's name in a row of the table.
fn documented(line: &str) -> Option<&str> {
    let name = line.strip_prefix("| `")?.split('`').next()?;
    name.starts_with("okienko_").then_some(name)
}

/// The names of the program's metrics in a text, each with its line.
fn names(text: &str) -> Vec<(usize, &str)> {
    let is_part = |c: char| c.is_ascii_lowercase() || c == '_';
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for (start, _) in line.match_indices("okienko_") {
            let rest = &line[start..];
            found.push((at + 1, &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())]));
        }
    }
    found
}

fn part_of_histogram(name: &str) -> &str {
    ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::super::house::built::{places, texts};
    use super::*;

    const GOOD: [(&str, &str); 4] = [
        (NAMES, "| `okienko_lag` | gauge |\n| `okienko_seconds` | histogram |\n"),
        (
            RULES,
            "- alert: Late\n  expr: okienko_lag > okienko_seconds_sum\n  runbook: docs/runbook.md#late\n",
        ),
        (CASES, "- name: Late fires\n- name: Late is quiet\n"),
        (RUNBOOK, "## Late\n"),
    ];

    #[test]
    fn an_unknown_name_a_missing_page_and_a_missing_case_are_found() {
        assert!(fit(&texts(&GOOD)).is_empty());
        for (broken, from, to, line) in [
            (RULES, "okienko_lag", "okienko_log", 2),
            (RUNBOOK, "## Late", "## Latest", 1),
            (CASES, "- name: Late fires\n", "", 1),
            (CASES, "Late is quiet", "Late is not", 1),
            (RULES, "#late", "#early", 1),
        ] {
            let changed = GOOD.map(|(path, text)| match path == broken {
                true => (path, text.replace(from, to)),
                false => (path, text.to_owned()),
            });
            let changed: Vec<(&str, &str)> =
                changed.iter().map(|(path, text)| (*path, text.as_str())).collect();
            assert_eq!(places(&fit(&texts(&changed))), [format!("{RULES}:{line}")], "{broken}: {from}");
        }
    }
}
