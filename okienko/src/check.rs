//! `okienko check`: every fault of office files or of a settings file, in one go.

use crate::judge;
use crate::settings::{self, Fault, Settings};
use crate::sms_length;
use okienko::Role;
use okienko_office::file::{load_dir, load_file};
use std::path::Path;

/// Checks a file or a folder; an error if anything is wrong.
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
                say!("{}: {}", office.id, if bad == 0 { "good" } else { "some text messages are too long" });
                for it in longest {
                    say!("  {it}");
                }
                too_long += bad;
            }
            anyhow::ensure!(too_long == 0, "{too_long} to mend in {}", path.display());
            Ok(())
        }
        Err(faults) => {
            for fault in &faults {
                say!("{fault}");
            }
            anyhow::bail!("{} to mend in {}", faults.len(), path.display())
        }
    }
}

fn of_settings(path: &Path) -> anyhow::Result<()> {
    // Some checks need a runtime to exist; no connection is made.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let faults = match Settings::load(Some(path)) {
        Err(faults) => faults,
        Ok(settings) => runtime.block_on(async { judged(&settings) }),
    };
    for fault in &faults {
        say!("{fault}");
    }
    anyhow::ensure!(faults.is_empty(), "{} to mend in {}", faults.len(), path.display());
    say!("{}: good", path.display());
    Ok(())
}

/// Judged as `serve` does. In an installation of many processes the roles are given on the command line: what every
/// role needs is a fault if missing, what only some need is just mentioned.
fn judged(settings: &Settings) -> Vec<Fault> {
    if let Some(data) = &settings.embedded {
        return judge::one_pc(data, settings);
    }
    // If a role calls others, they may run in the same process.
    let alone = |role: Role| judge::of_roles(settings, &[role]);
    let of_each = Role::ALL.map(|role| (role, alone(role)));
    let of_all = |fault: &Fault| of_each.iter().all(|(_, faults)| faults.contains(fault));
    for (role, faults) in &of_each {
        for fault in faults.iter().filter(|fault| !of_all(fault)) {
            say!("for a process with {role}: {fault}");
        }
    }
    of_each
        .first()
        .map(|(_, faults)| faults.iter().filter(|it| of_all(it)).cloned().collect())
        .unwrap_or_default()
}
