//! Checks stored events against samples: everything ever written can still be read, and what is written now agrees with
//! its sample. For the tests of the crates that own the events; not for use outside tests.
//!
//! A sample is a file `{kind}.{schema}.json` holding the stored bytes. A released one is never rewritten.

use crate::Stored;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// How much of an event, as written now, its sample must contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// Everything.
    All,
    /// Everything but fields added later, which have a default.
    AllButNewFields,
}

/// The faults of the samples in `folder`; `events` holds one event of each kind as it is written now.
pub fn faults<E: Stored + PartialEq>(folder: &Path, events: &[E], says: Says) -> Vec<String> {
    let given: BTreeSet<&str> = events.iter().map(Stored::kind).collect();
    let missing = E::KINDS.iter().filter(|kind| !given.contains(*kind));
    let mut faults: Vec<String> = missing.map(|kind| format!("{kind}: no event was given")).collect();
    faults.extend(unread::<E>(folder));
    faults.extend(events.iter().filter_map(|event| fault(folder, event, says).err()));
    faults
}

/// Samples of this event type that can no longer be read.
fn unread<E: Stored>(folder: &Path) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(folder) else { return vec![format!("no folder {}", folder.display())] };
    let mut faults = Vec::new();
    for path in files.flatten().map(|file| file.path()) {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let Some((kind, schema)) = name.rsplit_once('.') else { continue };
        if E::KINDS.contains(&kind) {
            let schema = schema.parse().map_err(|_| "its schema is no number".to_owned());
            let data = std::fs::read(&path).map_err(|error| error.to_string());
            let read = schema.and_then(|schema| E::decode(kind, schema, &data?));
            faults.extend(read.err().map(|fault| format!("{name}: {fault}")));
        }
    }
    faults
}

fn fault<E: Stored + PartialEq>(folder: &Path, event: &E, says: Says) -> Result<(), String> {
    let (kind, schema, data) = (event.kind(), event.schema(), event.encode()?);
    let name = name_of(event);
    if E::decode(kind, schema, &data).as_ref() != Ok(event) {
        return Err(format!("{name}: does not come back as it was"));
    }
    let stored = std::fs::read(folder.join(&name));
    let stored =
        stored.map_err(|_| format!("{name}: no such sample; an ignored test writes missing ones"))?;
    let json =
        |data: &[u8]| serde_json::from_slice::<Value>(data).map_err(|error| format!("{name}: {error}"));
    let (old, now) = (json(&stored)?, json(&data)?);
    let same = if says == Says::All { old == now } else { within(&old, &now) };
    let how = "a changed shape needs a new schema and a step from the old one, a new field a default";
    if same { Ok(()) } else { Err(format!("{name}: {how}")) }
}

/// Whether everything in `old` is still written; additions are allowed.
fn within(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            old.iter().all(|(key, value)| new.get(key).is_some_and(|other| within(value, other)))
        }
        (Value::Array(old), Value::Array(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| within(old, new))
        }
        _ => old == new,
    }
}

/// Writes missing samples; never overwrites one.
///
/// # Errors
///
/// When an event cannot be encoded or a file cannot be written.
pub fn write_missing<E: Stored>(folder: &Path, events: &[E]) -> Result<(), String> {
    for event in events {
        let path = folder.join(name_of(event));
        if !path.exists() {
            let value: Value = serde_json::from_slice(&event.encode()?).map_err(|error| error.to_string())?;
            std::fs::write(path, format!("{value:#}\n")).map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}

fn name_of<E: Stored>(event: &E) -> String {
    format!("{}.{}.json", event.kind(), event.schema())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct TimerBegun {
        n: u32,
        #[serde(default)]
        since: u32,
    }

    #[derive(Debug, PartialEq)]
    enum Event {
        Begun(TimerBegun),
    }

    crate::stored_events! { Event as payload { Begun = "begun", } }

    fn folder(name: &str, files: &[(&str, &str)]) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("okienko-samples-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        files.iter().for_each(|(name, text)| std::fs::write(folder.join(name), text).unwrap());
        folder
    }

    #[test]
    fn each_way_in_which_samples_and_events_differ_is_named() {
        let begun = |n| [Event::Begun(TimerBegun { n, since: 0 })];
        for (name, files, n, says, fault) in [
            ("same", &[("begun.1.json", r#"{"n":1,"since":0}"#)][..], 1, Says::All, None),
            ("gained", &[("begun.1.json", r#"{"n":1}"#)], 1, Says::AllButNewFields, None),
            ("gained-strictly", &[("begun.1.json", r#"{"n":1}"#)], 1, Says::All, Some("begun.1.json")),
            ("other", &[("begun.1.json", r#"{"n":2}"#)], 1, Says::AllButNewFields, Some("begun.1.json")),
            ("none", &[], 1, Says::All, Some("no such sample")),
            (
                "unread",
                &[("begun.1.json", r#"{"n":1,"since":0}"#), ("begun.9.json", "{}")],
                1,
                Says::All,
                Some("begun.9"),
            ),
        ] {
            let folder = folder(name, files);
            let found = faults(&folder, &begun(n), says);
            let _ = std::fs::remove_dir_all(&folder);
            assert_eq!(found.len(), usize::from(fault.is_some()), "{name}: {found:?}");
            assert!(fault.is_none_or(|fault| found[0].contains(fault)), "{name}: {found:?}");
        }
        let none: [Event; 0] = [];
        assert_eq!(faults(&folder("empty", &[]), &none, Says::All), ["begun: no event was given"]);
    }

    #[test]
    fn a_missing_sample_is_written_and_one_that_is_there_stays() {
        let folder = folder("write", &[]);
        write_missing(&folder, &[Event::Begun(TimerBegun { n: 1, since: 0 })]).unwrap();
        write_missing(&folder, &[Event::Begun(TimerBegun { n: 2, since: 0 })]).unwrap();
        assert_eq!(
            faults(&folder, &[Event::Begun(TimerBegun { n: 1, since: 0 })], Says::All),
            Vec::<String>::new()
        );
        let _ = std::fs::remove_dir_all(&folder);
    }
}
