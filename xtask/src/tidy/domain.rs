//! Code under `src/domain/` is pure: what it may import and which parts of std it must not use. Knows no rule of the
//! domain.

use super::Fault;
use super::house::{House, Member};
use super::source::{Source, words};

const ALLOWED: [&str; 7] = [
    "okienko_kernel",
    "okienko_estimate",
    "okienko_typed",
    "okienko_address",
    "okienko_office",
    "serde",
    "thiserror",
];

/// Crates that are domain as a whole: a rule that several services share, the definition of an office, the day on which
/// places are promised, and the day of a hall.
const WHOLE: [&str; 4] = [
    "crates/estimate/src/",
    "services/booking/office/src/",
    "services/booking/day/src/",
    "services/queue/hall/src/",
];

/// The parts of them that are not domain: an office's file on disk, and the offices that a process has in memory.
const BUT: [&str; 2] = ["services/booking/office/src/file/", "services/booking/office/src/catalog.rs"];

/// Parts of std that reach outside or differ from run to run.
const IMPURE: [(&str, &str); 9] = [
    ("std::fs", "no files"),
    ("std::env", "no environment"),
    ("std::process", "no processes"),
    ("std::thread", "no threads"),
    ("SystemTime", "no clock"),
    ("Instant", "no clock"),
    ("HashMap", "ordered maps alone: one seed, one trace"),
    ("HashSet", "ordered sets alone: one seed, one trace"),
    ("RandomState", "no randomness"),
];

/// Domain files import the kernel, the shared estimate, the cleaning of typed text and its addresses, serde, thiserror,
/// std and each other.
pub fn pure(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for source in house.sources.iter().filter(|source| !source.all_test) {
        let Some((_, inside)) = split(&source.path) else { continue };
        let code = source.live_text();
        if let Some(member) = house.member_of(&source.path) {
            outside(house, member, source, &code, &mut faults);
        }
        // In a crate that is domain as a whole, its own paths cannot lead out of the domain.
        let is_whole = whole(&source.path).is_some();
        for (line, at) in words(&code, "crate").filter(|_| !is_whole) {
            let path: String = code[at..].chars().filter(|c| !c.is_whitespace()).take(40).collect();
            let visibility = path.starts_with("crate)");
            let within = path
                .strip_prefix("crate::domain")
                .is_some_and(|rest| rest.starts_with([':', ';', ')', ',', '}']));
            if !visibility && !within {
                faults.push(Fault::new(&source.path, line, "looks outside the domain through crate::"));
            }
        }
        for (line, text) in source.live_code().filter(|_| !is_whole) {
            let supers =
                text.match_indices("super::").map(|(at, _)| leading_supers(&text[at..])).max().unwrap_or(0);
            if supers > depth(inside) {
                faults.push(Fault::new(&source.path, line, "looks outside the domain through super::"));
            }
        }
        for (word, why) in IMPURE {
            faults.extend(
                words(&code, word).map(|(line, _)| Fault::new(&source.path, line, format!("{word}: {why}"))),
            );
        }
    }
    faults
}

/// Reports paths that start with a dependency of this crate, or with any crate of ours.
fn outside(house: &House, member: &Member, source: &Source, code: &str, faults: &mut Vec<Fault>) {
    let names =
        member.needs.iter().map(|need| &need.name).chain(house.members.iter().map(|other| &other.name));
    let mut names: Vec<String> = names.map(|name| name.replace('-', "_")).collect();
    names.sort();
    names.dedup();
    for name in names.iter().filter(|name| !ALLOWED.contains(&name.as_str())) {
        for (line, at) in words(code, name) {
            let (before, after) = (code[..at].trim_end(), code[at + name.len()..].trim_start());
            let used = before.ends_with("use") || before.ends_with("extern crate");
            // `state::tokio::x` is a module of ours; `tokio::x` is not.
            if !before.ends_with("::") && (after.starts_with("::") || used) {
                faults.push(Fault::new(&source.path, line, format!("imports {name}; domain code is pure")));
            }
        }
    }
}

/// The crate's `src` and the path below its domain folder; `domain.rs` stands for the folder itself.
fn split(path: &str) -> Option<(&str, &str)> {
    let one_file = || Some((path.strip_suffix("/src/domain.rs")?, "mod.rs"));
    path.split_once("/src/domain/").or_else(one_file).or_else(|| whole(path))
}

fn whole(path: &str) -> Option<(&str, &str)> {
    let root = WHOLE.into_iter().find(|root| path.starts_with(root))?;
    let is_domain = !BUT.into_iter().any(|but| path.starts_with(but));
    is_domain.then(|| path.split_at(root.len()))
}

/// The number of modules between the file and the top of the domain.
fn depth(inside: &str) -> usize {
    inside.trim_end_matches(".rs").split('/').filter(|part| *part != "mod").count()
}

fn leading_supers(path: &str) -> usize {
    let mut rest = path;
    let mut count = 0;
    while let Some(next) = rest.strip_prefix("super::") {
        (rest, count) = (next, count + 1);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::super::house::built::{house, member, places};
    use super::*;

    fn faults(file: &str, text: &str) -> Vec<String> {
        let needs = ["tokio", "serde", "okienko-kernel", "okienko-journal", "thiserror", "dev:proptest"];
        let members =
            vec![member("okienko-queue", "services/queue", &needs), member("okienko-web", "crates/web", &[])];
        places(&pure(&house(members, &[(file, text)])))
    }

    const DAY: &str = "services/queue/src/domain/day.rs";

    #[test]
    fn what_domain_code_may_import_passes() {
        let text = "use std::collections::BTreeMap;\nuse okienko_kernel::{Id, Moment};\nuse serde::Serialize;\n\
            use crate::domain::state::State;\nuse super::policy::Policy;\nuse self::x::Y;\npub(crate) fn f() { state::tokio::g() }\n\
            #[cfg(test)]\nmod tests {\n use proptest::prelude::*;\n use crate::desk::Desk;\n use super::super::super::x;\n}";
        assert_eq!(faults(DAY, text), [""; 0]);
    }

    #[test]
    fn the_shared_estimate_is_domain_too() {
        let file = "crates/estimate/src/hall.rs";
        assert!(faults(file, "use okienko_kernel::Span;\nuse super::length::Length;").is_empty());
        assert_eq!(faults(file, "fn f() { std::time::Instant::now() }"), [format!("{file}:1")]);
    }

    #[test]
    fn what_an_office_is_is_domain_but_for_its_file_and_what_is_in_memory() {
        let (bad, at) =
            ("use crate::data::Office;\nfn f() { std::fs::read(\"x\") }", "services/booking/office/src");
        assert_eq!(faults(&format!("{at}/plan.rs"), bad), [format!("{at}/plan.rs:2")]);
        for free in ["file/mod.rs", "catalog.rs"] {
            assert_eq!(faults(&format!("{at}/{free}"), bad), [""; 0], "{free}");
        }
    }

    #[test]
    fn each_way_out_of_the_domain_is_found() {
        let bad = [
            "use tokio::sync::mpsc;",
            "fn f() { okienko_journal::append() }",
            "use okienko_web::page;",
            "use crate::desk::Desk;",
            "use crate::{domain::state, desk};",
            "use super::super::desk::Desk;",
            "use std::collections::{BTreeMap, HashMap};",
            "use std::fs::File;",
            "fn f() { std::time::Instant::now() }",
            "use tokio as t;",
        ];
        for text in bad {
            assert_eq!(faults(DAY, text), [format!("{DAY}:1")], "{text}");
            assert!(faults("services/queue/src/desk.rs", text).is_empty(), "{text}");
        }
        assert_eq!(faults("services/queue/src/domain/mod.rs", "use super::desk;").len(), 1);
        assert_eq!(faults("services/queue/src/domain.rs", "use super::desk;").len(), 1);
        assert_eq!(faults("services/queue/src/domain/day/state.rs", "use super::super::policy::P;").len(), 0);
    }
}
