//! `okienko check`: every fault of office files or of a settings file, in one go.

use crate::settings::{self, Settings};
use crate::sms_length;
use okienko_booking::office_file::{load_dir, load_file};
use std::path::Path;

/// Checks a file or a folder; an error when anything is wrong.
pub fn run(path: &Path) -> anyhow::Result<()> {
    if settings::is_settings(path) {
        return of_settings(path);
    }
    let checked = if path.is_dir() { load_dir(path) } else { load_file(path).map(|office| vec![office]) };
    match checked {
        Ok(offices) => {
            let mut too_long = 0;
            for office in offices {
                let longest = sms_length::longest(&office)?;
                let bad = longest.iter().filter(|it| it.is_too_long()).count();
                println!(
                    "{}: {}",
                    office.id,
                    if bad == 0 { "good" } else { "some text messages are too long" }
                );
                for it in longest {
                    println!("  {it}");
                }
                too_long += bad;
            }
            anyhow::ensure!(too_long == 0, "{too_long} to mend in {}", path.display());
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

fn of_settings(path: &Path) -> anyhow::Result<()> {
    let Err(faults) = Settings::load(Some(path)) else {
        println!("{}: good", path.display());
        return Ok(());
    };
    for fault in &faults {
        println!("{fault}");
    }
    anyhow::bail!("{} to mend in {}", faults.len(), path.display())
}
