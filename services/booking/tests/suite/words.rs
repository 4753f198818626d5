//! Every message that booking's code names exists in every language.

use okienko_booking::texts;
use okienko_web::{Locale, check_same_keys};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// First parts of keys that are passed as plain strings, e.g. to `Problem::invalid`.
const FAMILIES: &[&str] = &[
    "field", "phone", "consent", "date", "count", "proof", "form", "code", "codes", "already", "removal",
    "inquiry", "account",
];

/// Literals of those families that are not messages: names of receipts, purposes and limits.
const OTHERS: &[&str] = &["consent-", "form-data", "account-link", "already-registered"];

/// Keys that are built from a state's word.
const STATES: &[&str] =
    &["confirmed", "checked_in", "served", "missed", "not_called", "cancelled", "removed"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// The keys in a source: arguments of `t`, `ta` and `n`, and strings that look like keys of a family.
fn keys_of(source: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let parts: Vec<&str> = source.split('"').collect();
    for (before, text) in parts.iter().zip(parts.iter().skip(1)) {
        let plain = text.contains('-')
            && text.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '_')
            && !OTHERS.contains(text);
        let said =
            ["words.t(", "words.ta(", "words.n(", "words.t(if "].iter().any(|call| before.ends_with(call));
        let family = text.split('-').next().is_some_and(|first| FAMILIES.contains(&first));
        if plain && (said || family) {
            keys.insert((*text).to_owned());
        }
    }
    keys
}

#[test]
fn both_languages_have_the_same_messages() {
    check_same_keys(&texts());
}

/// The sources of a service, including its other crates.
fn of_service(service: &str, files: &mut Vec<PathBuf>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(service);
    let rooms = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path().join("src"));
    let all = rooms.filter(|room| room.is_dir()).chain([folder.join("src")]);
    all.for_each(|room| sources(&room, files));
}

#[test]
fn no_message_that_the_code_names_is_missing() {
    let mut files = Vec::new();
    of_service("booking", &mut files);
    let mut keys: BTreeSet<String> = BTreeSet::new();
    for file in files.iter().filter(|file| !file.to_string_lossy().contains("tests")) {
        keys.extend(keys_of(&std::fs::read_to_string(file).unwrap()));
    }
    keys.extend(STATES.iter().map(|state| format!("visit-title-{state}")));
    keys.extend(STATES.iter().map(|state| format!("admin-state-{state}")));
    keys.extend(STATES[2..].iter().map(|state| format!("visit-over-{state}")));
    assert!(keys.len() > 100, "only {} keys were found: look at how they are searched for", keys.len());
    let texts = texts();
    let missing: Vec<&String> = keys.iter().filter(|key| !texts.has(Locale::Pl, key)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Collects the actions logged by all services, from their literals.
#[test]
fn every_act_that_is_noted_has_its_words_in_polish_and_english() {
    let kinds = [
        "access",
        "account",
        "card",
        "code",
        "desk",
        "hold",
        "messages",
        "questions",
        "reception",
        "reservation",
        "reservations",
        "staff",
        "suspicious",
    ];
    let ends = ["js", "css", "dir", "keep_days", "lost", "wait"];
    let mut files = Vec::new();
    for service in ["booking", "queue"] {
        of_service(service, &mut files);
    }
    let mut acts = BTreeSet::new();
    for file in files {
        let source = std::fs::read_to_string(file).unwrap();
        let parts: Vec<&str> = source.split('"').collect();
        acts.extend(parts.iter().skip(1).step_by(2).filter_map(|text| {
            let (kind, end) = text.split_once('.')?;
            let plain =
                end.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '_') && !end.is_empty();
            (kinds.contains(&kind) && plain && !ends.contains(&end)).then(|| (*text).to_owned())
        }));
    }
    assert!(acts.len() > 30, "only {acts:?}: look at how they are searched for");
    let texts = texts();
    for act in acts {
        let key = format!("act-{}", act.replace(['.', '_'], "-"));
        assert!(texts.has(Locale::Pl, &key) && texts.has(Locale::En, &key), "{key}");
    }
}

#[test]
fn numbers_decline_rightly_in_polish() {
    let texts = texts();
    let said = |key: &str, n: i32| texts.ta(Locale::Pl, key, &[("n", n.into()), ("typed", "x".into())]);
    assert!(said("search-found", 1).starts_with("1 sprawa pasuje"));
    assert!(said("search-found", 3).starts_with("3 sprawy pasują"));
    assert!(said("search-found", 12).starts_with("12 spraw pasuje"));
    assert_eq!(
        [1, 2, 20].map(|n| said("service-minutes", n)),
        ["około 1 minuty", "około 2 minut", "około 20 minut"]
    );
}
