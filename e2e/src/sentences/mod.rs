//! The three offices' own words, sentence by sentence, and what the system does about each: one row, one check of the
//! running program, one result. A sentence about something other than the system says what it is about.

mod kalisz;
mod torun;
mod wroclaw;
mod wroclaw_hall;
mod wroclaw_staff;
mod wroclaw_visit;

use futures::future::BoxFuture;
use futures::stream::{self, StreamExt};

/// Checks that run concurrently: each starts a program of its own.
const AT_ONCE: usize = 3;

/// One sentence and its check.
pub struct Row {
    /// The office whose text it is from.
    pub office: &'static str,
    /// The office's own words: a part that occurs once in its text.
    pub sentence: &'static str,
    /// The name of the check, or what else the sentence is about.
    pub test: &'static str,
    check: Option<fn() -> BoxFuture<'static, anyhow::Result<String>>>,
}

impl Row {
    /// Whether the sentence is about the system, and so has a check.
    pub fn is_checked(&self) -> bool {
        self.check.is_some()
    }
}

/// A row with its result.
pub struct Result {
    /// The row.
    pub row: Row,
    /// What was observed, or the failure.
    pub seen: anyhow::Result<String>,
}

/// Rows of one office: `"sentence" => check`, or `"sentence" => "what else it is about"`.
macro_rules! table_of {
    ($office:literal; $( $sentence:literal => $check:tt ),* $(,)?) => {
        vec![ $( table_of!(@row $office, $sentence, $check) ),* ]
    };
    (@row $office:literal, $sentence:literal, $why:literal) => {
        $crate::sentences::Row { office: $office, sentence: $sentence, test: $why, check: None }
    };
    (@row $office:literal, $sentence:literal, $check:ident) => {
        $crate::sentences::Row {
            office: $office,
            sentence: $sentence,
            test: stringify!($check),
            check: Some(|| Box::pin($check())),
        }
    };
}
pub(crate) use table_of;

/// The texts as the offices published them.
pub const TEXTS: [(&str, &str); 3] = [
    ("torun", include_str!("../../seeds/torun.txt")),
    ("wroclaw", include_str!("../../seeds/wroclaw.txt")),
    ("kalisz", include_str!("../../seeds/kalisz.txt")),
];

/// All rows.
pub fn rows() -> Vec<Row> {
    [torun::rows(), wroclaw::rows(), kalisz::rows()].into_iter().flatten().collect()
}

/// Runs every check of `office` (of all offices if empty), in the order of the rows.
pub async fn run(office: &str) -> Vec<Result> {
    let wanted = rows().into_iter().filter(|row| office.is_empty() || row.office == office);
    stream::iter(wanted)
        .map(|row| async move {
            let seen = match row.check {
                Some(check) => check().await,
                None => Ok("-".to_owned()),
            };
            Result { row, seen }
        })
        .buffered(AT_ONCE)
        .collect()
        .await
}

/// The sentences of an office's text that no row covers.
pub fn missing(office: &str, text: &str) -> Vec<String> {
    let mut rest = plain(text);
    for row in rows().into_iter().filter(|row| row.office == office) {
        rest = rest.replacen(&plain(row.sentence), " | ", usize::MAX);
    }
    let left = rest.split([' ', '|']).filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1);
    let mut sentences = Vec::new();
    let words: Vec<&str> = left.collect();
    if !words.is_empty() {
        sentences.extend(rest.split('|').map(str::trim).filter(|part| part.len() > 3).map(str::to_owned));
    }
    sentences
}

/// Only the words, without markup, so that line breaks and bullets do not matter.
fn plain(text: &str) -> String {
    let bare: String = text.chars().map(|c| if "*#>-\u{2013}".contains(c) { ' ' } else { c }).collect();
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The results as a table.
pub fn table(results: &[Result]) -> String {
    let mut lines =
        vec!["| office | sentence | test | result |".to_owned(), "| --- | --- | --- | --- |".to_owned()];
    for Result { row, seen } in results {
        let seen = seen.as_ref().map_or_else(|error| format!("FAILED: {error:#}"), Clone::clone);
        let cell = |text: &str| text.replace('|', "/").replace('\n', " ");
        lines.push(format!(
            "| {} | {} | {} | {} |",
            row.office,
            cell(row.sentence),
            cell(row.test),
            cell(&seen)
        ));
    }
    lines.join("\n")
}
