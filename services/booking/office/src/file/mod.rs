//! Office files: TOML written by city engineers. Reads one into an [`Office`], or reports all its faults at once, by
//! line, with what is wrong and what to write. Must not know of what is stored or booked.

mod check;
mod check_form;
mod check_place;
mod read;
mod read_guide;
mod read_hours;
mod report;
mod section;

use crate::data::Office;
use report::Report;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// Something wrong in an office file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub write: String,
}

/// A fault and the file that it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault {
    /// The file, as it was given.
    pub path: PathBuf,
    /// The fault.
    pub fault: Fault,
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { line, what, write } = &self.fault;
        write!(f, "{}:{line}: {what}; write {write}", self.path.display())
    }
}

/// Reads the text of an office file; returns all its faults in line order if it has any.
pub fn read(text: &str) -> Result<Office, Vec<Fault>> {
    let mut report = Report::new(text);
    let office = read::office(text, &mut report);
    check::office(&office, &mut report);
    report.done(office)
}

/// Reads one office file.
pub fn load_file(path: &Path) -> Result<Office, Vec<FileFault>> {
    let in_file = |fault| FileFault { path: path.to_owned(), fault };
    let text = std::fs::read_to_string(path).map_err(|error| {
        let what = format!("the file cannot be read: {error}");
        vec![in_file(Fault { line: 1, what, write: "a readable file in UTF-8".into() })]
    })?;
    read(&text).map_err(|faults| faults.into_iter().map(in_file).collect())
}

/// Reads all `*.toml` of a folder in name order, and checks them against each other.
pub fn load_dir(dir: &Path) -> Result<Vec<Office>, Vec<FileFault>> {
    let entries = std::fs::read_dir(dir).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
    let mut paths: Vec<PathBuf> = match entries {
        Ok(entries) => entries.into_iter().map(|entry| entry.path()).collect(),
        Err(error) => {
            let what = format!("the folder cannot be read: {error}");
            let fault = Fault { line: 1, what, write: "the path of a folder with office files".into() };
            return Err(vec![FileFault { path: dir.to_owned(), fault }]);
        }
    };
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    let (mut offices, mut faults) = (Vec::new(), Vec::new());
    for path in paths {
        match load_file(&path) {
            Ok(office) => offices.push((path, office)),
            Err(more) => faults.extend(more),
        }
    }
    faults.extend(clashes(&offices));
    if faults.is_empty() { Ok(offices.into_iter().map(|(_, office)| office).collect()) } else { Err(faults) }
}

/// Ids and numbers that two files give to their offices.
fn clashes(offices: &[(PathBuf, Office)]) -> Vec<FileFault> {
    let mut seen: BTreeMap<String, &Path> = BTreeMap::new();
    let mut faults = Vec::new();
    for (path, office) in offices {
        for (key, value) in [("id", format!("{:?}", office.id)), ("number", office.number.to_string())] {
            let Some(first) = seen.insert(format!("{key} = {value}"), path) else { continue };
            let line = std::fs::read_to_string(path).map_or(1, |text| line_of_key(&text, key));
            let what = format!("{key} {value} is also that of {}", first.display());
            let write = format!("an {key} that no other office has or had");
            faults.push(FileFault { path: path.clone(), fault: Fault { line, what, write } });
        }
    }
    faults
}

/// The line of a top-level key of a file.
fn line_of_key(text: &str, key: &str) -> usize {
    let gives = |line: &str| line.split_once('=').is_some_and(|(left, _)| left.trim() == key);
    text.lines().position(gives).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod sample_tests;
#[cfg(test)]
mod tests;
