//! Runs the browser tests of `e2e/browser` with Node's own test runner. Knows nothing of what they test.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo::run_tests;
use crate::machine::root;
use crate::shell::{Keep, run};

/// Installs what the lock file names and runs every `*.test.mjs` against the program.
pub fn run_browser_tests(okienko: &Path, pictures: Option<&Path>) -> Result<(u32, u32)> {
    let folder = root().join("e2e/browser");
    install(&folder)?;
    let tests = tests_in(&folder)?;
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec"])
        .args(&tests)
        .current_dir(&folder)
        .env("OKIENKO_BIN", okienko)
        // Built beside it: starts an installation, if OKIENKO_SHAPE asks for one.
        .env("OKIENKO_CLUSTER", okienko.with_file_name("cluster"));
    match pictures {
        Some(place) => node.env("PICTURES", place),
        None => node.env_remove("PICTURES"),
    };
    run_tests(&mut node, Keep::Out, node_line)
}

/// `npm ci`, unless the folder already holds exactly what the lock file says.
fn install(folder: &Path) -> Result<()> {
    let lock = std::fs::read(folder.join("package-lock.json")).context("e2e/browser/package-lock.json")?;
    let mark = folder.join("node_modules/.installed-lock.json");
    if std::fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    if !run(Command::new("npm").args(args).current_dir(folder))? {
        bail!("npm ci failed in e2e/browser");
    }
    std::fs::write(&mark, lock).context("cannot mark what is installed")
}

fn tests_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    let mut tests: Vec<PathBuf> = entries
        .iter()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    tests.sort();
    // Node reports success for no files, and would do so unnoticed after a rename.
    if tests.is_empty() {
        bail!("e2e/browser holds no *.test.mjs");
    }
    Ok(tests)
}

/// Reads `ℹ pass 5`, `ℹ fail 1` and `ℹ cancelled 1` of the spec reporter.
fn node_line(line: &str) -> Option<(u32, u32)> {
    let mut words = line.strip_prefix('\u{2139}')?.split_whitespace();
    let (word, count) = (words.next()?, words.next()?.parse().ok()?);
    match word {
        "pass" => Some((count, 0)),
        "fail" | "cancelled" => Some((0, count)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_nodes_summary() {
        let text = [
            "\u{2139} tests 9",
            "\u{2139} pass 7",
            "\u{2139} fail 1",
            "\u{2139} cancelled 1",
            "\u{2139} skipped 0",
        ];
        let sum = text.iter().filter_map(|line| node_line(line)).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        assert_eq!(sum, (7, 2));
        assert_eq!(node_line("pass 7"), None);
    }
}
