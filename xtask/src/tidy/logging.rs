//! Log lines and spans use the same keys everywhere: each key in the source is documented, and each documented key is
//! used. Knows no log line.

use std::collections::BTreeSet;

use super::Fault;
use super::house::House;
use super::source::{Source, words};

const DOCUMENT: &str = "docs/LOGGING.md";
/// Keys that the formatter itself writes.
const ALWAYS: [&str; 5] = ["time", "level", "target", "message", "trace"];
const MACROS: [&str; 6] = ["error", "warn", "info", "debug", "trace", "span"];
/// The name and kind of a span, which are not part of its data.
const OF_SPANS: [&str; 2] = ["otel.name", "otel.kind"];

/// Compares the keys in the source with those in the document.
pub fn keys(house: &House) -> Vec<Fault> {
    let Some(document) = house.texts.iter().find(|it| it.path == DOCUMENT) else { return Vec::new() };
    let documented = |key: &str| document.text.contains(&format!("`{key}`"));
    let mut faults = Vec::new();
    let mut written = BTreeSet::new();
    let program = ["crates/", "services/", "okienko/"];
    let inside = |source: &&Source| program.iter().any(|folder| source.path.starts_with(folder));
    for source in house.sources.iter().filter(inside).filter(|source| !source.all_test) {
        for (line, key) in keys_in(&source.live_text()) {
            if !documented(&key) && !OF_SPANS.contains(&&*key) {
                faults.push(Fault::new(&source.path, line, format!("the key {key} is not in {DOCUMENT}")));
            }
            written.insert(key);
        }
    }
    for (at, line) in document.text.lines().enumerate() {
        let key = line.strip_prefix("| `").and_then(|rest| rest.split_once("` | ")).map(|(key, _)| key);
        let plain = key.filter(|key| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
        let spans = ["notify", "deliver", "provider"];
        if let Some(key) = plain
            && !written.contains(key)
            && !ALWAYS.contains(&key)
            && !spans.contains(&key)
        {
            faults.push(Fault::new(DOCUMENT, at + 1, format!("nothing writes the key {key}")));
        }
    }
    faults
}

/// Keys of the fields in `tracing::warn!(…)` and `span!(…)`, each with its line.
fn keys_in(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for name in MACROS {
        for (line, at) in words(code, name) {
            let rest = &code[at + name.len()..];
            let traced = code[..at].ends_with("tracing::") || name == "span";
            if !traced || !rest.starts_with("!(") {
                continue;
            }
            let keys = fields(&rest[2..]).into_iter().filter_map(|field| key(&field));
            found.extend(keys.map(|key| (line, key)));
        }
    }
    found
}

/// The parts of a call between its commas, up to its closing parenthesis.
fn fields(inside: &str) -> Vec<String> {
    let (mut depth, mut all) = (0, vec![String::new()]);
    for c in inside.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                all.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = all.last_mut() {
            last.push(c);
        }
    }
    all
}

fn key(field: &str) -> Option<String> {
    let field = field.trim();
    let key = field.split_once('=').map_or(field, |(key, _)| key).trim().trim_start_matches(['%', '?']);
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    (!key.is_empty() && key.chars().all(plain)).then(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::house::built::{house, places, texts};
    use super::*;

    const TABLE: &str = "| `error` | why |\n| `office` | which |\n| `http.route` | where |\n";

    #[test]
    fn keys_of_lines_and_spans_are_found() {
        let code = "tracing::warn!(%error, office = &*f(a, b), \"text\"); span!(\"x\", otel.kind = \"y\", http.route = r)";
        let found: Vec<String> = keys_in(&Source::new("x.rs".into(), code.into()).live_text())
            .into_iter()
            .map(|(_, key)| key)
            .collect();
        assert_eq!(found, ["error", "office", "otel.kind", "http.route"]);
    }

    #[test]
    fn a_key_that_is_in_one_place_alone_is_a_fault() {
        let all = "fn f() { tracing::warn!(%error, office, \"text\"); span!(\"x\", http.route = r); }";
        let with = |code| {
            let texts = texts(&[(DOCUMENT, TABLE)]).texts;
            House { texts, ..house(Vec::new(), &[("crates/a/src/lib.rs", code)]) }
        };
        assert_eq!(keys(&with(all)), []);
        let found = keys(&with("fn f() { tracing::warn!(%fault, \"text\"); }"));
        assert_eq!(places(&found), ["crates/a/src/lib.rs:1", "docs/LOGGING.md:1", "docs/LOGGING.md:2"]);
    }
}
