//! Which of the browser tests' pictures the project keeps: the ones that its documents show. Knows no page.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::machine::root;

/// The documents that show pictures, relative to the root.
const DOCUMENTS: [&str; 2] = ["README.md", "docs/tour.md"];
/// The folder in which they are kept.
const KEPT: &str = "docs/pictures";
/// The largest size in bytes: larger pictures make a document slow to open.
const LARGEST: u64 = 300 * 1024;

/// Replaces the kept pictures with the fresh ones in `taken`; returns their number as passed, and 0 failed. A picture
/// that a document shows and no test took, or one that is too large, is an error; then everything stays as it was.
pub fn keep(taken: &Path) -> Result<(u32, u32)> {
    let shown = shown()?;
    for name in &shown {
        let file = taken.join(name);
        let size =
            fs::metadata(&file).with_context(|| format!("no test took {name}, which a document shows"))?;
        if size.len() > LARGEST {
            bail!("{name} has {} KB; at most {} KB", size.len() / 1024, LARGEST / 1024);
        }
    }
    let kept = root().join(KEPT);
    fs::create_dir_all(&kept)?;
    for entry in fs::read_dir(&kept)? {
        let entry = entry?;
        if !shown.contains(entry.file_name().to_string_lossy().as_ref()) {
            fs::remove_file(entry.path())?;
        }
    }
    for name in &shown {
        fs::copy(taken.join(name), kept.join(name))?;
    }
    Ok((u32::try_from(shown.len())?, 0))
}

/// Names of the pictures in the documents.
fn shown() -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for document in DOCUMENTS {
        let text = fs::read_to_string(root().join(document)).with_context(|| document.to_owned())?;
        names.extend(pictures_in(&text));
    }
    Ok(names)
}

fn pictures_in(text: &str) -> impl Iterator<Item = String> {
    let name = |part: &str| {
        let end = part.find(".png")?;
        let name = &part[..end];
        let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        plain.then(|| format!("{name}.png"))
    };
    text.split("pictures/").skip(1).filter_map(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_found_in_both_ways_of_writing_them() {
        let text = "![a](docs/pictures/a-1.png) pictures/ <img src=\"pictures/b.png\"> [all](pictures/)";
        assert_eq!(pictures_in(text).collect::<Vec<_>>(), ["a-1.png", "b.png"]);
    }

    #[test]
    fn every_picture_that_a_document_shows_is_kept_and_no_other() {
        let kept = fs::read_dir(root().join(KEPT)).unwrap();
        let kept: BTreeSet<String> =
            kept.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        assert_eq!(shown().unwrap(), kept);
    }
}
