//! Runs tests in Python: those of `e2e/clients`, in which the providers' own clients talk to the fake provider, and
//! those of `k8s/check`, which read the manifests. Knows nothing of what they test.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo::run_tests;
use crate::machine::root;
use crate::shell::{Keep, run};

/// Installs that folder's `requirements.txt` into a folder for its tests only, and runs the tests with the program.
pub fn run_python_tests(folder: &str, okienko: &Path) -> Result<(u32, u32)> {
    let packages = root().join("target/python").join(folder.replace('/', "-"));
    let folder = root().join(folder);
    install(&folder.join("requirements.txt"), &packages)?;
    let mut python = Command::new("python3");
    python.args(["-B", "-m", "unittest", "-v"]).current_dir(&folder);
    python.env("OKIENKO_BIN", okienko).env("PYTHONPATH", &packages);
    run_tests(&mut python, Keep::Err, unittest_line)
}

/// `pip install`, unless the folder already holds exactly what the list says.
fn install(list: &Path, packages: &Path) -> Result<()> {
    let wanted = std::fs::read(list).with_context(|| list.display().to_string())?;
    let mark = packages.join(".installed");
    if std::fs::read(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if packages.exists() {
        std::fs::remove_dir_all(packages)?;
    }
    let mut pip = Command::new("python3");
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--require-hashes",
    ]);
    pip.args(["--only-binary=:all:", "--platform=any", "--target"]).arg(packages).arg("-r").arg(list);
    if !run(&mut pip)? {
        bail!("pip could not install what {} names", list.display());
    }
    std::fs::write(&mark, wanted).context("cannot mark what is installed")
}

/// Reads `test_name (…) ... ok`, `… FAIL` and `… ERROR`.
fn unittest_line(line: &str) -> Option<(u32, u32)> {
    match line.rsplit_once(" ... ")?.1 {
        "ok" => Some((1, 0)),
        "FAIL" | "ERROR" => Some((0, 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_unittests_lines() {
        let text =
            ["test_a (t.T.test_a) ... ok", "test_b (t.T.test_b) ... FAIL", "Ran 2 tests in 0.1s", "OK"];
        let sum = text.iter().filter_map(|l| unittest_line(l)).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        assert_eq!(sum, (1, 1));
    }
}
