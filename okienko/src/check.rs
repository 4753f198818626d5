//! `okienko check`: every fault of office files, in one go.

use okienko_booking::office_file::{load_dir, load_file};
use std::path::Path;

/// Checks a file or a folder; an error when anything is wrong.
pub fn run(path: &Path) -> anyhow::Result<()> {
    let checked = if path.is_dir() { load_dir(path) } else { load_file(path).map(|office| vec![office]) };
    match checked {
        Ok(offices) => {
            for office in offices {
                println!("{}: good", office.id);
            }
            Ok(())
        }
        Err(faults) => {
            for fault in &faults {
                println!("{fault}");
            }
            anyhow::bail!("{} to mend in {}", faults.len(), path.display())
        }
    }
}
