//! The sample offices, embedded in the program, so that the demo runs from any folder.

use crate::sms_length;
use okienko_office::Office;
use okienko_office::file::{load_dir, read};
use std::path::Path;

const SAMPLES: &[(&str, &str)] = &[
    ("torun.toml", include_str!("../../deploy/offices/torun.toml")),
    ("wroclaw.toml", include_str!("../../deploy/offices/wroclaw.toml")),
    ("kalisz.toml", include_str!("../../deploy/offices/kalisz.toml")),
];

/// The offices of a folder, or the samples if none was given.
pub fn offices(folder: Option<&Path>) -> anyhow::Result<Vec<Office>> {
    let Some(folder) = folder else {
        let read = SAMPLES.iter().map(|(name, text)| {
            read(text).map_err(|faults| anyhow::anyhow!("the sample {name} has {} faults", faults.len()))
        });
        return read.collect();
    };
    let told = |lines: Vec<String>| {
        anyhow::anyhow!("{} in {}:\n{}", lines.len(), folder.display(), lines.join("\n"))
    };
    let offices =
        load_dir(folder).map_err(|faults| told(faults.iter().map(ToString::to_string).collect()))?;
    let mut too_long = Vec::new();
    for office in &offices {
        let longest = sms_length::longest(office)?;
        let bad = longest.iter().filter(|it| it.is_too_long());
        too_long.extend(bad.map(|it| format!("{}: {it}", office.id)));
    }
    if too_long.is_empty() { Ok(offices) } else { Err(told(too_long)) }
}
