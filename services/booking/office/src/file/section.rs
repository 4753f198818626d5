//! Reads a table of a file key by key: a missing, mistyped or unknown key is reported where it is and replaced by a
//! harmless value, so that all faults are reported at once. Must not know what an office is.

use super::report::Report;
use crate::text::Text;
use std::collections::BTreeSet;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value of a file, with its position.
pub(super) type Value<'a> = Spanned<DeValue<'a>>;
/// Converts a value, or says what is wrong with it.
pub(super) type Kind<T> = fn(&DeValue<'_>) -> Result<T, String>;

/// A table that is being read.
pub(super) struct Section<'a> {
    path: String,
    span: Range<usize>,
    table: Option<&'a DeTable<'a>>,
    known: BTreeSet<&'static str>,
    /// Required keys that are absent, each with an example.
    missing: Vec<(&'static str, String)>,
}

impl<'a> Section<'a> {
    /// The whole file.
    pub fn top(table: &'a DeTable<'a>) -> Section<'a> {
        Section {
            path: String::new(),
            span: 0..0,
            table: Some(table),
            known: BTreeSet::new(),
            missing: Vec::new(),
        }
    }
    /// Reads a value as a table; anything else is reported.
    pub fn of(value: &'a Value<'a>, path: String, example: &str, report: &mut Report) -> Section<'a> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            report.at(&value.span(), format!("{path} is no table but {}", kind_of(value.get_ref())), example);
        }
        report.mark(&path, &value.span());
        Section { path, span: value.span(), table, known: BTreeSet::new(), missing: Vec::new() }
    }
    /// The path of a key in this table.
    pub fn path(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
    /// The value of a key, if present.
    pub fn take(&mut self, key: &'static str, report: &mut Report) -> Option<&'a Value<'a>> {
        self.known.insert(key);
        let (_, value) = self.table?.iter().find(|(name, _)| name.get_ref().as_ref() == key)?;
        report.mark(&self.path(key), &value.span());
        Some(value)
    }
    /// An optional key.
    pub fn may<T>(
        &mut self,
        key: &'static str,
        example: &str,
        kind: Kind<T>,
        report: &mut Report,
    ) -> Option<T> {
        let value = self.take(key, report)?;
        let read = kind(value.get_ref());
        let wrong = |what| {
            report.at(&value.span(), format!("{} {what}", self.path(key)), format!("{key} = {example}"))
        };
        read.map_err(wrong).ok()
    }
    /// A required key.
    pub fn need<T>(
        &mut self,
        key: &'static str,
        example: &str,
        kind: Kind<T>,
        report: &mut Report,
    ) -> Option<T> {
        self.require(key, example, report);
        self.may(key, example, kind, report)
    }
    /// Records a missing key; `finish` reports it.
    pub fn require(&mut self, key: &'static str, example: &str, report: &mut Report) {
        if self.table.is_some() && self.take(key, report).is_none() {
            self.missing.push((key, format!("{key} = {example}")));
        }
    }
    /// A list with items of one kind; other items are reported and left out. `None`: the key is absent.
    pub fn list<T>(
        &mut self,
        key: &'static str,
        item: &str,
        kind: Kind<T>,
        report: &mut Report,
    ) -> Option<Vec<T>> {
        let value = self.take(key, report)?;
        let path = self.path(key);
        let Some(items) = value.get_ref().as_array() else {
            let what = format!("{path} is no list but {}", kind_of(value.get_ref()));
            report.at(&value.span(), what, format!("{key} = [{item}]"));
            return Some(Vec::new());
        };
        let mut read = Vec::new();
        for (at, value) in items.iter().enumerate() {
            let path = format!("{path}[{at}]");
            report.mark(&path, &value.span());
            match kind(value.get_ref()) {
                Ok(one) => read.push(one),
                Err(what) => report.at(&value.span(), format!("{path} {what}"), item),
            }
        }
        Some(read)
    }
    /// The tables of a list, e.g. all `[[pools]]`; empty if there are none.
    pub fn tables(&mut self, key: &'static str, report: &mut Report) -> Vec<Section<'a>> {
        let Some(value) = self.take(key, report) else { return Vec::new() };
        let path = self.path(key);
        let Some(items) = value.get_ref().as_array() else {
            report.at(&value.span(), format!("{path} is no list of tables"), format!("[[{path}]]"));
            return Vec::new();
        };
        let example = format!("[[{path}]]");
        let section = |(at, value)| Section::of(value, format!("{path}[{at}]"), &example, report);
        items.iter().enumerate().map(section).collect()
    }
    /// The table of a key, if present.
    pub fn table(&mut self, key: &'static str, example: &str, report: &mut Report) -> Option<Section<'a>> {
        let value = self.take(key, report)?;
        Some(Section::of(value, self.path(key), example, report))
    }
    /// Reports unknown keys and missing keys; a misspelt one is reported only once.
    pub fn finish(mut self, report: &mut Report) {
        for name in self.table.into_iter().flat_map(|table| table.keys()) {
            let key = name.get_ref().as_ref();
            if self.known.contains(key) {
                continue;
            }
            let write = match self.nearest(key) {
                Some(near) => {
                    self.missing.retain(|(missing, _)| *missing != near);
                    format!("{near}, or leave it out")
                }
                None => format!("one of {}", self.known.iter().copied().collect::<Vec<_>>().join(", ")),
            };
            report.at(&name.span(), format!("{} is not known", self.path(key)), write);
        }
        for (key, write) in &self.missing {
            report.at(&self.span, format!("{} is missing", self.path(key)), write.as_str());
        }
    }
    /// The known key that was probably meant; a missing one is preferred.
    fn nearest(&self, key: &str) -> Option<&'static str> {
        let there = |known: &str| !self.missing.iter().any(|(missing, _)| *missing == known);
        let near = self.known.iter().map(|known| (distance(known, key), there(known), *known)).min();
        near.filter(|(steps, _, _)| *steps <= 2.max(key.len() / 3)).map(|(_, _, known)| known)
    }
}

/// The number of letters to insert, delete or change to turn one word into the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut corner = row[0];
        row[0] = at + 1;
        for (column, known) in other.iter().enumerate() {
            let change = corner + usize::from(letter != *known);
            corner = row[column + 1];
            row[column + 1] = change.min(corner + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// A text that is not blank.
pub(super) fn text(value: &DeValue<'_>) -> Result<String, String> {
    let text = value.as_str().ok_or_else(|| format!("is no text but {}", kind_of(value)))?;
    if text.trim().is_empty() { Err("is empty".into()) } else { Ok(text.to_owned()) }
}

/// An integer that fits the target type.
pub(super) fn number<T: TryFrom<i64>>(value: &DeValue<'_>) -> Result<T, String> {
    let whole = value.as_integer().ok_or_else(|| format!("is no whole number but {}", kind_of(value)))?;
    let read = i64::from_str_radix(whole.as_str(), whole.radix()).ok();
    read.and_then(|read| T::try_from(read).ok()).ok_or_else(|| format!("is {whole}, which is out of range"))
}

/// A boolean.
pub(super) fn truth(value: &DeValue<'_>) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| format!("is neither true nor false but {}", kind_of(value)))
}

/// Parses a string; on failure `T`'s own error says what is wrong.
pub(super) fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(value: &DeValue<'_>) -> Result<T, String> {
    // A date may be written without quotation marks.
    let text = value.as_datetime().map_or_else(|| text(value), |date| Ok(date.to_string()))?;
    text.parse().map_err(|error| format!("is {text:?}: {error}"))
}

/// A text in the office's languages: `"…"` or `{ pl = "…", en = "…" }`.
pub(super) fn spoken(value: &DeValue<'_>) -> Result<Text, String> {
    let Some(table) = value.as_table() else { return text(value).map(|pl| Text { pl, ..Text::default() }) };
    let mut spoken = Text::default();
    for (language, value) in table {
        let words = text(value.get_ref()).map_err(|what| format!("in {} {what}", language.get_ref()))?;
        match language.get_ref().as_ref() {
            "pl" => spoken.pl = words,
            "en" => spoken.en = Some(words),
            "uk" => spoken.uk = Some(words),
            "ru" => spoken.ru = Some(words),
            other => return Err(format!("has the language {other}, which is not known")),
        }
    }
    if spoken.is_empty() { Err("has no Polish text".into()) } else { Ok(spoken) }
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distance_counts_letters_to_change() {
        assert_eq!(
            (distance("prefix", "prefix"), distance("prefix", "prefx"), distance("", "abc")),
            (0, 1, 3)
        );
    }
}
