//! The stages of `cargo xtask test` in their order, their times and the last line. Knows nothing of what a stage does.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, anyhow, bail};

use crate::cargo::{build_okienko, build_programs, cargo, libtest_line, nextest_line, run_tests};
use crate::machine::{Stopwatch, has, root};
use crate::shell::{Keep, run};
use crate::{bench, browser, packages, pictures, python, tidy as house};

/// The results of the stages so far.
#[derive(Default)]
struct Report {
    rows: Vec<(String, f64, u32, u32)>,
}

impl Report {
    /// Runs one stage and records its time; a stage that cannot run counts as one failure.
    fn stage(&mut self, name: &str, work: impl FnOnce() -> Result<(u32, u32)>) -> bool {
        println!("── {name}");
        let clock = Stopwatch::start();
        let (passed, failed) = work().unwrap_or_else(|fault| {
            println!("{name}: {fault:#}");
            (0, 1)
        });
        let seconds = clock.read().as_secs_f64();
        println!("── {name}: {passed} passed, {failed} failed, {seconds:.1} s\n");
        self.rows.push((name.to_owned(), seconds, passed, failed));
        failed == 0
    }

    /// Prints the table and the last line; returns whether nothing failed.
    fn end(&self) -> bool {
        for (name, seconds, passed, failed) in &self.rows {
            println!("{name:<14} {seconds:>8.1} s {passed:>6} passed {failed:>4} failed");
        }
        let (passed, failed) = self.rows.iter().fold((0, 0), |sum, row| (sum.0 + row.2, sum.1 + row.3));
        let seconds: f64 = self.rows.iter().map(|row| row.1).sum();
        println!("{:<14} {seconds:>8.1} s", "in all");
        println!("{passed} passed, {failed} failed");
        failed == 0
    }
}

/// `cargo xtask tidy`.
pub fn tidy() -> Result<bool> {
    let mut report = Report::default();
    report.stage("tidy", house::run);
    Ok(report.end())
}

/// `cargo xtask check`.
pub fn check() -> Result<bool> {
    let mut report = Report::default();
    look(&mut report);
    Ok(report.end())
}

/// `cargo xtask test`. Later stages run even when an earlier one failed, so that one run reports everything; only
/// stages that need a build are skipped without it.
pub fn test() -> Result<bool> {
    packages::ensure()?;
    let mut report = Report::default();
    look(&mut report);
    report.stage("alerts", alerts);
    let mut okienko = None;
    report.stage("build", || {
        // The tests are in the same command, so the features are those of the test run and nothing is built twice.
        let what = ["--workspace", "--all-features", "--tests", "--bin", "okienko", "--bin", "cluster"];
        okienko = Some(build_programs(["okienko", "cluster"], &what)?[0].clone());
        Ok((1, 0))
    });
    if let Some(okienko) = okienko {
        report.stage("tests", || tests(&okienko));
        report.stage("doc tests", || doc_tests(&okienko));
        report.stage("clients", || python::run_python_tests("e2e/clients", &okienko));
        report.stage("k8s", || python::run_python_tests("k8s/check", &okienko));
        report.stage("browser", || browser::run_browser_tests(&okienko, None));
        let starter = okienko.with_file_name("cluster");
        report.stage("benchmarks", || bench::once(&bench::IN_TESTS, &okienko, &starter));
    }
    Ok(report.end())
}

/// `cargo xtask bench once`: every benchmark with all its people, untimed; fails on a wrong answer.
pub fn benchmarks() -> Result<bool> {
    packages::ensure()?;
    let mut report = Report::default();
    let what = ["--workspace", "--all-features", "--bin", "okienko", "--bin", "cluster"];
    let [okienko, starter] = build_programs(["okienko", "cluster"], &what)?;
    report.stage("benchmarks", || bench::once(&bench::ALL, &okienko, &starter));
    Ok(report.end())
}

/// `cargo xtask pictures`.
pub fn pictures() -> Result<bool> {
    packages::ensure()?;
    // All pictures of the tests go here; the documents decide which are kept.
    let taken = root().join("target/pictures");
    std::fs::create_dir_all(&taken)?;
    let okienko = build_okienko(&["--workspace", "--all-features", "--tests", "--bin", "okienko"])?;
    let mut report = Report::default();
    if report.stage("browser", || browser::run_browser_tests(&okienko, Some(&taken))) {
        report.stage("pictures", || pictures::keep(&taken));
    }
    Ok(report.end())
}

fn look(report: &mut Report) {
    report.stage("fmt", || ended_well(&["fmt", "--all", "--check"]));
    report.stage("tidy", house::run);
    report.stage("clippy", || {
        ended_well(&[
            "clippy",
            "--workspace",
            "--all-features",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ])
    });
}

/// The alert rules: valid, and each fires on its own cases only.
fn alerts() -> Result<(u32, u32)> {
    let folder = root().join("deploy/monitoring");
    for args in [["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]] {
        if !run(Command::new("promtool").args(args).current_dir(&folder))? {
            bail!("`promtool {}` found faults", args.join(" "));
        }
    }
    Ok((2, 0))
}

fn ended_well(args: &[&str]) -> Result<(u32, u32)> {
    run(&mut cargo(args))?.then_some((1, 0)).ok_or_else(|| anyhow!("`cargo {}` found faults", args.join(" ")))
}

fn tests(okienko: &PathBuf) -> Result<(u32, u32)> {
    if has("cargo-nextest") {
        let mut command = cargo(&[
            "nextest",
            "run",
            "--workspace",
            "--all-features",
            "--locked",
            "--no-fail-fast",
            "--color=never",
        ]);
        command.arg("--config-file").arg(root().join("xtask/nextest.toml")).env("OKIENKO_BIN", okienko);
        return run_tests(&mut command, Keep::Err, nextest_line);
    }
    let mut command =
        cargo(&["test", "--workspace", "--all-features", "--tests", "--locked", "--no-fail-fast"]);
    run_tests(command.env("OKIENKO_BIN", okienko), Keep::Out, libtest_line)
}

fn doc_tests(okienko: &PathBuf) -> Result<(u32, u32)> {
    let mut command =
        cargo(&["test", "--workspace", "--all-features", "--doc", "--locked", "--no-fail-fast", "--quiet"]);
    run_tests(command.env("OKIENKO_BIN", okienko), Keep::Out, libtest_line)
}
