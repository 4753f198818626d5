//! The shape of a source file: a first line that says what it is for, and a readable length. Knows nothing of its
//! contents.

use super::Fault;
use super::house::House;

/// The maximum length of a file, in lines.
const LIMIT: usize = 500;

/// Files that may be longer, each with its reason.
const LONG: [(&str, &str); 0] = [];

/// Each file starts with a `//!` line that says something.
pub fn headers(house: &House) -> Vec<Fault> {
    let fault = |path: &str, text: &str| {
        let header = text.lines().next().and_then(|line| line.strip_prefix("//!")).map(str::trim);
        let what = match header {
            None => "the first line must be `//! …`: what the file is for and what it must not know",
            Some(header) if header.len() < 10 || header.starts_with("Placeholder") => {
                "the `//!` line says nothing"
            }
            Some(_) => return None,
        };
        Some(Fault::new(path, 1, what))
    };
    house.sources.iter().filter_map(|source| fault(&source.path, &source.text)).collect()
}

/// No file is longer than the limit, and no file keeps an exception that it no longer needs.
pub fn lengths(house: &House) -> Vec<Fault> {
    lengths_but(house, &LONG)
}

fn lengths_but(house: &House, long: &[(&str, &str)]) -> Vec<Fault> {
    let is_long = |text: &str| text.lines().count() > LIMIT;
    let mut faults = Vec::new();
    for source in house.sources.iter().filter(|source| is_long(&source.text)) {
        if !long.iter().any(|(path, _)| *path == source.path) {
            let what = format!("{} lines, over {LIMIT}: split it by meaning", source.text.lines().count());
            faults.push(Fault::new(&source.path, 0, what));
        }
    }
    for (path, _) in long {
        if !house.sources.iter().any(|source| source.path == *path && is_long(&source.text)) {
            faults.push(Fault::new(path, 0, "is short now: take it off the list of long files"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::house::built::{house, places};
    use super::*;

    #[test]
    fn a_file_without_a_telling_first_line_is_found() {
        let files = [
            ("a.rs", "//! What the file is for.\n"),
            ("b.rs", "use x;\n//! Too late.\n"),
            ("c.rs", "//!\n"),
            ("d.rs", "//! Placeholder.\n"),
            ("e.rs", ""),
        ];
        assert_eq!(places(&headers(&house(vec![], &files))), ["b.rs:1", "c.rs:1", "d.rs:1", "e.rs:1"]);
    }

    #[test]
    fn a_long_file_is_found_unless_it_has_a_reason_and_a_stale_reason_is_found() {
        let (short, long) = ("x\n".repeat(LIMIT), "x\n".repeat(LIMIT + 1));
        let house = house(vec![], &[("short.rs", &short), ("long.rs", &long), ("table.rs", &long)]);
        assert_eq!(places(&lengths_but(&house, &[("table.rs", "a table")])), ["long.rs:0"]);
        let stale = [("table.rs", "a table"), ("long.rs", "why"), ("short.rs", "was long")];
        assert_eq!(places(&lengths_but(&house, &stale)), ["short.rs:0"]);
    }
}
