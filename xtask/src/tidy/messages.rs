//! Message files (Fluent): all languages of a folder have the same messages. Does not know what they say.

use std::collections::{BTreeMap, BTreeSet};

use super::Fault;
use super::house::{House, Text};

const LANGUAGES: [&str; 2] = ["pl.ftl", "en.ftl"];

/// A folder with one language also has the other, with the same keys, each once.
pub fn same_keys(house: &House) -> Vec<Fault> {
    let mut folders: BTreeMap<&str, BTreeMap<&str, &Text>> = BTreeMap::new();
    for text in &house.texts {
        if let Some((folder, name)) = text.path.rsplit_once('/').filter(|(_, name)| LANGUAGES.contains(name))
        {
            folders.entry(folder).or_default().insert(name, text);
        }
    }
    let mut faults = Vec::new();
    for (folder, files) in folders {
        let all: BTreeSet<String> =
            files.values().flat_map(|file| keys(&file.text)).map(|(_, key)| key).collect();
        for name in LANGUAGES {
            let path = format!("{folder}/{name}");
            let Some(file) = files.get(name) else {
                faults.push(Fault::new(&path, 0, "is missing beside the other language"));
                continue;
            };
            let mut seen = BTreeSet::new();
            for (line, key) in keys(&file.text) {
                if !seen.insert(key.clone()) {
                    faults.push(Fault::new(&path, line, format!("{key} stands here twice")));
                }
            }
            faults.extend(all.difference(&seen).map(|key| Fault::new(&path, 0, format!("lacks {key}"))));
        }
    }
    faults
}

/// Line and name of each message, term and attribute (`key.attribute`).
fn keys(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut parent = String::new();
    for (at, line) in text.lines().enumerate() {
        let Some((name, _)) = line.split_once('=') else { continue };
        let name = name.trim_end();
        let indented = name.starts_with([' ', '\t']);
        let inner = name.trim_start();
        let bare = inner.strip_prefix(if indented { '.' } else { '-' }).unwrap_or(inner);
        let is_name = bare.starts_with(|c: char| c.is_ascii_alphabetic())
            && bare.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        if !is_name || indented != inner.starts_with('.') {
            continue;
        }
        if indented {
            found.push((at + 1, format!("{parent}{inner}")));
        } else {
            parent = inner.to_owned();
            found.push((at + 1, parent.clone()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::house::built::{places, texts};
    use super::*;

    const PL: &str = "# Opis = nic\nhello = Witaj\n    dalej = ciąg dalszy\nbook =\n    .label = Umów\n-brand = Okienko\n\
        left = { $n ->\n    [one] = jedno\n   *[other] inne\n }\n";

    #[test]
    fn the_same_messages_in_both_languages_pass() {
        let en = "-brand = Okienko\nhello = Welcome\nleft = some\nbook =\n .label = Book\n";
        assert_eq!(same_keys(&texts(&[("w/l/pl.ftl", PL), ("w/l/en.ftl", en)])), []);
    }

    #[test]
    fn a_message_or_attribute_in_one_language_alone_is_found() {
        let en = "-brand = Okienko\nhello = Welcome\nleft = some\nbook = Book\nmore = More\n";
        let faults = same_keys(&texts(&[("w/l/pl.ftl", PL), ("w/l/en.ftl", en)]));
        let what: Vec<String> = faults.iter().map(|fault| format!("{} {}", fault.path, fault.what)).collect();
        assert_eq!(what, ["w/l/pl.ftl lacks more", "w/l/en.ftl lacks book.label"]);
    }

    #[test]
    fn a_missing_language_and_a_message_twice_are_found() {
        let faults = same_keys(&texts(&[("w/pl.ftl", "a = 1\na = 2\n")]));
        assert_eq!(places(&faults), ["w/pl.ftl:2", "w/en.ftl:0"]);
    }
}
