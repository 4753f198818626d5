//! What program code must not contain: unwrap, printing, and texts for people.

use super::Fault;
use super::house::House;
use super::source::{Source, words};

/// Folders of tools, which may print and panic.
const TOOLS: [&str; 4] = ["xtask/", "bench/", "e2e/", "sim/"];

fn live(house: &House) -> impl Iterator<Item = &Source> {
    house.sources.iter().filter(|source| {
        source.path.contains("/src/") && !TOOLS.iter().any(|folder| source.path.starts_with(folder))
    })
}

/// Code of the program never panics on an error.
pub fn unwrap(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for source in live(house) {
        for (line, _) in source.live_code().filter(|(_, text)| text.contains(".unwrap()")) {
            faults.push(Fault::new(&source.path, line, "unwrap() outside tests"));
        }
    }
    faults
}

/// Only the command line prints; everything else goes to the log.
pub fn printing(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for source in live(house).filter(|source| !source.path.starts_with("okienko/")) {
        let code = source.live_text();
        for name in ["println", "print", "eprintln", "eprint"] {
            let calls = words(&code, name).filter(|(_, at)| code[at + name.len()..].starts_with('!'));
            faults.extend(calls.map(|(line, _)| {
                Fault::new(&source.path, line, format!("{name}! outside the command line"))
            }));
        }
    }
    faults
}

/// No Polish in string literals outside tests (all of `e2e/` is one), samples and examples. Single characters may be
/// Polish: SMS alphabets and transliteration need them.
pub fn polish(house: &House) -> Vec<Fault> {
    let shown =
        |path: &str| path.contains("sample") || path.contains("/examples/") || path.starts_with("e2e/");
    let outside = |source: &&Source| !shown(&source.path);
    let mut faults = Vec::new();
    for source in house.sources.iter().filter(outside) {
        for (line, text) in
            source.strings.iter().filter(|(line, text)| !source.is_test(*line) && text.contains(is_polish))
        {
            let start: String = text.trim().chars().take(40).collect();
            faults.push(Fault::new(&source.path, *line, format!("a text for people in code: \"{start}\"")));
        }
    }
    faults
}

fn is_polish(c: char) -> bool {
    // Written as escapes, so that this file obeys its own rule.
    let letters = "\u{105}\u{107}\u{119}\u{142}\u{144}\u{f3}\u{15b}\u{17a}\u{17c}";
    c.to_lowercase().any(|small| letters.contains(small))
}

#[cfg(test)]
mod tests {
    use super::super::house::built::{house, places};
    use super::*;

    const TEXT: &str = "//! x\nfn a() { b.unwrap(); println!(\"Miło\"); }\n// unwrap() println! Miło\n\
        fn c() { b.unwrap_or(1); my_println!(); 'ł' }\n#[cfg(test)]\nmod tests {\n fn a() { b.unwrap(); print!(\"ŻÓŁW\") }\n}\n";

    #[test]
    fn live_code_is_searched_and_tests_tools_and_comments_are_not() {
        let files =
            [("crates/a/src/lib.rs", TEXT), ("xtask/src/main.rs", TEXT), ("crates/a/tests/t.rs", TEXT)];
        let house = house(vec![], &files);
        assert_eq!(places(&unwrap(&house)), ["crates/a/src/lib.rs:2"]);
        assert_eq!(places(&printing(&house)), ["crates/a/src/lib.rs:2"]);
        assert_eq!(places(&polish(&house)), ["crates/a/src/lib.rs:2", "xtask/src/main.rs:2"]);
    }

    #[test]
    fn the_command_line_may_print_but_not_give_up() {
        let house = house(vec![], &[("okienko/src/main.rs", TEXT)]);
        assert_eq!((unwrap(&house).len(), printing(&house).len()), (1, 0));
    }

    #[test]
    fn big_letters_are_polish_too_and_samples_may_be() {
        let text = "const A: &str = \"ŻÓŁW\";";
        assert_eq!(polish(&house(vec![], &[("crates/a/src/a.rs", text)])).len(), 1);
        for sample in ["services/a/src/samples.rs", "crates/web/examples/gallery.rs", "e2e/src/a.rs"] {
            assert_eq!(polish(&house(vec![], &[(sample, text)])).len(), 0, "{sample}");
        }
    }
}
