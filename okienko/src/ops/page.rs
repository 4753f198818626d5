//! The operators' page: first what is wrong and what to do, then the processes and the message providers. Decides
//! nothing.

use super::condition::{Condition, Finding, Kind, ProviderState};
use okienko::Role;
use okienko_kernel::{Moment, Zone};
use okienko_web::{Kind as PageKind, Markup, Page, Value, Words, html};
use std::collections::{BTreeMap, BTreeSet};

/// Clocks that differ by more than this many milliseconds are reported: tokens and codes depend on them.
const CLOCKS_APART_MS: i64 = 2_000;

/// The page; `others` is `None` if the other processes' reports are unavailable.
pub fn render(
    words: &Words,
    zone: &Zone,
    here: &Condition,
    others: Option<&[(Condition, Moment)]>,
) -> Markup {
    let title = words.t("ops-title");
    let others_said: &[(Condition, Moment)] = others.unwrap_or_default();
    let all: Vec<&Condition> =
        std::iter::once(here).chain(others_said.iter().map(|(said, _)| said)).collect();
    let found = found(&all);
    let versions: BTreeSet<&str> = all.iter().map(|it| it.version.as_str()).collect();
    let apart: Vec<&str> = others_said
        .iter()
        .filter(|(said, heard)| apart_ms(said, *heard).abs() > CLOCKS_APART_MS)
        .map(|(said, _)| said.address.as_str())
        .collect();
    let there: BTreeSet<&str> = all.iter().flat_map(|it| &it.roles).map(String::as_str).collect();
    let missing: Vec<&str> = match others {
        Some(_) => Role::ALL.into_iter().map(Role::name).filter(|name| !there.contains(name)).collect(),
        None => Vec::new(),
    };
    let well =
        found.is_empty() && versions.len() == 1 && apart.is_empty() && missing.is_empty() && others.is_some();
    let body = html! {
        h1 { (title) }
        p .lead { (words.t(if well { "ops-well" } else { "ops-not-well" })) }
        ul .plain {
            @for role in &missing { (said(words, "role-missing", &[("part", (*role).into())], true)) }
            @for (finding, where_) in &found { (shown(words, finding, where_)) }
            @if others.is_none() { (said(words, "others-unheard", &[], true)) }
            @if !apart.is_empty() { (said(words, "clocks-apart", &[("part", apart.join(", ").into())], true)) }
            @if versions.len() > 1 {
                @let told = versions.iter().copied().collect::<Vec<_>>().join(", ");
                (said(words, "versions-differ", &[("part", told.into())], false))
            }
        }
        h2 { (words.t("ops-processes")) }
        div .table-scroll role="group" tabindex="0" {
            table .table {
                thead { tr {
                    @for key in ["ops-roles", "ops-address", "ops-version", "ops-said-at", "ops-findings"] {
                        th scope="col" { (words.t(key)) }
                    }
                } }
                tbody { @for process in &all { tr {
                    th scope="row" { (process.roles.join(", ")) }
                    td { (if process.address.is_empty() { "–" } else { process.address.as_str() }) }
                    td { (process.version) }
                    td { (zone.local(Moment::from_micros(process.said_at)).1.to_string()) }
                    td { (process.findings.len()) }
                } } }
            }
        }
        @let providers = providers(&all);
        @if !providers.is_empty() {
            h2 { (words.t("ops-providers")) }
            p .hint { (words.t("ops-providers-hint")) }
            div .table-scroll role="group" tabindex="0" {
                table .table {
                    thead { tr {
                        @for key in ["ops-provider", "ops-state", "ops-taken", "ops-faults"] {
                            th scope="col" { (words.t(key)) }
                        }
                    } }
                    tbody { @for provider in &providers { tr {
                        th scope="row" { (provider.name) }
                        td { (words.t(state(provider))) }
                        td .number { (provider.taken) }
                        td .number { (provider.faults) }
                    } } }
                }
            }
        }
        p { a href="/admin/staff" { (words.t("ops-staff")) } " · " a href="/admin/access" { (words.t("ops-access")) } }
    };
    Page::new(words, &title).kind(PageKind::Office).render(body)
}

/// How far a process's clock is ahead of the clock of the board.
fn apart_ms(said: &Condition, heard: Moment) -> i64 {
    Moment::from_micros(said.said_at).since(heard).micros() / 1_000
}

/// All problems, each once with the roles of all processes that report it; the worst first.
fn found(all: &[&Condition]) -> Vec<(Finding, String)> {
    let mut found = BTreeMap::<(Kind, String), (Finding, BTreeSet<String>)>::new();
    for process in all {
        for finding in &process.findings {
            let entry = found.entry((finding.kind, finding.part.clone()));
            let (worst, who) = entry.or_insert_with(|| (finding.clone(), BTreeSet::new()));
            worst.value = match finding.kind {
                Kind::DiskFull | Kind::CertificateEnds => worst.value.min(finding.value),
                _ => worst.value.max(finding.value),
            };
            who.insert(process.roles.join(", "));
        }
    }
    let joined = |who: BTreeSet<String>| who.into_iter().collect::<Vec<_>>().join("; ");
    found.into_values().map(|(finding, who)| (finding, joined(who))).collect()
}

/// Providers as seen by all processes together: a fault seen by one of them counts.
fn providers(all: &[&Condition]) -> Vec<ProviderState> {
    let mut known = BTreeMap::<String, ProviderState>::new();
    for state in all.iter().flat_map(|process| &process.providers) {
        let sum = known.entry(state.name.clone()).or_default();
        sum.name.clone_from(&state.name);
        sum.rests |= state.rests;
        sum.needs_operator |= state.needs_operator;
        sum.taken += state.taken;
        sum.faults += state.faults;
    }
    known.into_values().collect()
}

fn state(provider: &ProviderState) -> &'static str {
    match provider {
        ProviderState { needs_operator: true, .. } => "ops-state-needs-operator",
        ProviderState { rests: true, .. } => "ops-state-rests",
        _ => "ops-state-works",
    }
}

fn shown(words: &Words, finding: &Finding, who: &str) -> Markup {
    // Fractions as per cent; all other values unchanged.
    let value = if finding.kind.is_part() { finding.value * 100.0 } else { finding.value };
    let values =
        [("part", Value::from(finding.part.as_str())), ("n", (value as i64).into()), ("who", who.into())];
    said(words, finding.kind.key(), &values, finding.kind.is_urgent())
}

/// One problem, and what to do.
fn said(words: &Words, key: &str, values: &[(&str, Value<'_>)], is_urgent: bool) -> Markup {
    html! {
        li .notice .bad[is_urgent] .warn[!is_urgent] {
            p { strong { (words.ta(&format!("ops-{key}"), values)) } }
            p { (words.ta(&format!("ops-{key}-do"), values)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::texts;
    use okienko_web::Locale;

    fn words() -> Words {
        Words::new(texts(), Locale::Pl)
    }

    fn process(address: &str, findings: Vec<Finding>) -> Condition {
        let roles = Role::ALL.map(|role| role.name().to_owned()).to_vec();
        let version = "1.0.0".to_owned();
        Condition { address: address.into(), roles, version, said_at: 0, findings, providers: vec![] }
    }

    #[test]
    fn every_finding_has_its_words_and_what_to_do_in_each_language_of_staff() {
        okienko_web::check_same_keys(&texts());
        for kind in Kind::ALL {
            for locale in Locale::STAFF {
                for key in [format!("ops-{}", kind.key()), format!("ops-{}-do", kind.key())] {
                    assert!(texts().speaks(locale, &key), "{key}");
                }
            }
        }
    }

    #[test]
    fn what_two_processes_say_is_shown_once_with_both_and_other_clocks_and_versions_are_told() {
        let full = |value| vec![Finding { kind: Kind::DiskFull, part: "data".into(), value }];
        let here = process("a", full(0.09));
        let mut other = process("b", full(0.02));
        (other.version, other.said_at) = ("1.1.0".into(), 3_000_000);
        let heard = [(other, Moment::from_micros(0))];
        let page = render(&words(), &Zone::utc(), &here, Some(&heard)).into_string();
        assert_eq!(page.matches("class=\"notice").count(), 3, "{page}");
        for part in ["2%", "1.0.0, 1.1.0", "Zegary"] {
            assert!(page.contains(part), "{part}: {page}");
        }
        let well = render(&words(), &Zone::utc(), &process("", vec![]), Some(&[])).into_string();
        assert!(!well.contains("notice"), "{well}");
        let mut alone = process("", vec![]);
        alone.roles.retain(|role| role != "display");
        let alone = render(&words(), &Zone::utc(), &alone, Some(&[])).into_string();
        assert!(alone.contains("display nie działa"), "{alone}");
        let unheard = render(&words(), &Zone::utc(), &process("", vec![]), None).into_string();
        assert!(unheard.contains("NATS"), "{unheard}");
    }
}
