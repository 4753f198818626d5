//! Full-size proofs and benchmarks: runs them in release and keeps their output, with everything needed to repeat the
//! run. Knows nothing of what is proved.
//!
//! The contract: a program reports progress on standard error and its figures on standard output, and exits with 0 only
//! when what it proves held. A failed run leaves the last good page as it was.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo::{build_okienko, cargo};
use crate::cluster;
use crate::machine::{self, Stopwatch};
use crate::older;
use crate::shell::{Keep, run, run_and_keep, typed};

/// The contents of a page apart from its figures.
struct Page {
    title: String,
    command: String,
    date: String,
    commit: String,
    machine: String,
    seed: String,
    took: String,
}

impl Page {
    fn written(&self, figures: &[String]) -> String {
        let Page { title, command, date, commit, machine, seed, took } = self;
        let figures = figures.join("\n");
        format!(
            "# {title}\n\n- Command: `{command}`\n- Date: {date}\n- Commit: {commit}\n- Machine: {machine}\n\
             - Seed: {seed}\n- Took: {took}\n\n```text\n{}\n```\n",
            figures.trim_end()
        )
    }
}

/// `cargo xtask prove NAME`: the program `prove` of e2e against a release build of okienko.
pub fn prove(name: &str, seed: Option<u64>, rest: &[String]) -> Result<bool> {
    prove_as(name, seed, rest, rest)
}

/// The same, when the arguments to repeat it differ from those that the program gets.
fn prove_as(name: &str, seed: Option<u64>, rest: &[String], told: &[String]) -> Result<bool> {
    let seed = seed.unwrap_or_else(machine::fresh_seed).to_string();
    // Proofs of an installation need the program as an installation has it, with its drill.
    let features: &[&str] = if ["alerts", "faults", "flood", "sms", "trace", "upgrade"].contains(&name) {
        &["--features", cluster::FEATURES]
    } else {
        &[]
    };
    let okienko = build_okienko(&[&["--release", "-p", "okienko", "--bin", "okienko"], features].concat())?;
    build(&["-p", "okienko-e2e", "--bin", "prove"])?;
    let mut command =
        cargo(&["run", "--release", "--locked", "--quiet", "-p", "okienko-e2e", "--bin", "prove", "--"]);
    command.args([name, "--seed", &seed]).args(rest).env("OKIENKO_BIN", okienko);
    let again = [&["cargo", "xtask", "prove", name, "--seed", &seed].map(str::to_owned)[..], told].concat();
    record(name, &format!("Proof: {name}"), &mut command, &again, Some(&seed), true)
}

/// `cargo xtask prove upgrade [--from COMMIT]`: this version rolled out over an older one, by default the newest tag.
pub fn prove_upgrade(seed: Option<u64>, rest: &[String]) -> Result<bool> {
    let from = match rest {
        [] => older::newest_tag()?,
        [option, commit] if option == "--from" => commit.clone(),
        _ => bail!("write cargo xtask prove upgrade --from COMMIT"),
    };
    let folder = machine::root().join("target/upgrade");
    let source = folder.join("source");
    older::check_out(&older::commit(&from)?, &source)?;
    let old = older::build(&source, &folder.join("target"), &["--features", cluster::FEATURES])?;
    let old = old.display().to_string();
    println!("{from} is rolled over by this version");
    prove_as("upgrade", seed, &["--old".to_owned(), old], &["--from".to_owned(), from])
}

/// `cargo xtask prove fuzz`: ten million inputs for each reader of outside input.
pub fn prove_fuzz(seed: Option<u64>, rest: &[String]) -> Result<bool> {
    let tests: &[&str] =
        &["test", "--release", "--locked", "--quiet", "-p", "okienko-sms-gateway", "--test", "suite"];
    if !run(cargo(tests).arg("--no-run"))? {
        bail!("the build failed");
    }
    let seed = seed.unwrap_or_else(machine::fresh_seed).to_string();
    let mut command = cargo(tests);
    command.args(["fuzz::", "--", "--nocapture"]).args(rest);
    command.env("OKIENKO_FUZZ", FUZZED).env("OKIENKO_FUZZ_SEED", &seed);
    let again = [&["cargo", "xtask", "prove", "fuzz", "--seed", &seed].map(str::to_owned)[..], rest].concat();
    record("fuzz", "Proof: fuzz", &mut command, &again, Some(&seed), true)
}

/// `cargo xtask prove calendar`: what random offices offer, beside a slow model that gives visits to persons by name.
pub fn prove_calendar(seed: Option<u64>, rest: &[String]) -> Result<bool> {
    let tests: &[&str] = &["test", "--release", "--locked", "--quiet", "-p", "okienko-day", "--lib"];
    if !run(cargo(tests).arg("--no-run"))? {
        bail!("the build failed");
    }
    let seed = seed.unwrap_or_else(machine::fresh_seed).to_string();
    let mut command = cargo(tests);
    command.args(["tests::calendar::", "--", "--nocapture"]).args(rest);
    command.env("OKIENKO_CALENDAR", OFFICES).env("OKIENKO_CALENDAR_SEED", &seed);
    let again =
        [&["cargo", "xtask", "prove", "calendar", "--seed", &seed].map(str::to_owned)[..], rest].concat();
    record("calendar", "Proof: calendar", &mut command, &again, Some(&seed), true)
}

/// Random offices of a calendar's proof.
const OFFICES: &str = "100000";

/// Inputs of each kind.
const FUZZED: &str = "10000000";

/// Visits in a full-size proof of the simulator.
const SIMULATED: &str = "1000000";

/// `cargo xtask sim …`: the simulator in release, with its options as given.
pub fn simulate(rest: &[String]) -> Result<bool> {
    build(SIM)?;
    run(simulator().args(rest))
}

/// `cargo xtask prove sim`: a million simulated visits with faults, and no broken rule.
pub fn prove_sim(seed: Option<u64>, rest: &[String]) -> Result<bool> {
    build(SIM)?;
    let seed = seed.unwrap_or_else(machine::fresh_seed).to_string();
    let mut command = simulator();
    // A smaller number may be given for smaller machines.
    if !rest.iter().any(|given| given == "--visits") {
        command.args(["--visits", SIMULATED]);
    }
    command.args(["--seed", &seed]).args(rest);
    let again = [&["cargo", "xtask", "prove", "sim", "--seed", &seed].map(str::to_owned)[..], rest].concat();
    record("sim", "Proof: sim", &mut command, &again, Some(&seed), true)
}

const SIM: &[&str] = &["-p", "okienko-sim", "--bin", "sim"];

fn simulator() -> Command {
    let mut command = cargo(&["run", "--release", "--locked", "--quiet"]);
    command.args(SIM).arg("--");
    command
}

/// Builds in release beforehand, so that the time on the page is the run's alone.
pub fn build(what: &[&str]) -> Result<()> {
    if !run(cargo(&["build", "--release", "--locked"]).args(what))? {
        bail!("the build failed");
    }
    Ok(())
}

/// Runs a program that prints figures; if they are kept, then with everything needed to repeat the run.
pub fn record(
    file: &str,
    title: &str,
    command: &mut Command,
    again: &[String],
    seed: Option<&str>,
    keep: bool,
) -> Result<bool> {
    // A bad name is reported before the run.
    page_path(file)?;
    let (date, commit, clock) = (machine::date(), machine::commit(), Stopwatch::start());
    let (status, figures) = run_and_keep(command, Keep::Out)?;
    let seconds = clock.read().as_secs_f64();
    if !status.success() {
        println!("{title}: failed ({status}) after {seconds:.1} s; {file}.md is left as it was");
        return Ok(false);
    }
    if figures.iter().all(|line| line.trim().is_empty()) {
        bail!("{title}: it ended well and printed no figures");
    }
    if keep {
        write_page(file, &Made { title, date, commit, again, seed, seconds }, &figures)?;
    }
    Ok(true)
}

/// A page's facts about its run.
pub struct Made<'a> {
    /// Its heading.
    pub title: &'a str,
    /// When it began.
    pub date: String,
    /// The commit that was run.
    pub commit: String,
    /// The command that repeats it.
    pub again: &'a [String],
    /// The seed, if one makes it repeatable.
    pub seed: Option<&'a str>,
    /// How long it took.
    pub seconds: f64,
}

/// Writes a page to `docs/proofs`.
pub fn write_page(file: &str, made: &Made<'_>, figures: &[String]) -> Result<()> {
    let path = page_path(file)?;
    let mut typed_again = Command::new(&made.again[0]);
    typed_again.args(&made.again[1..]);
    let seed = made.seed.map(str::to_owned).or_else(|| seed_said(figures));
    let page = Page {
        title: made.title.to_owned(),
        command: typed(&typed_again),
        date: made.date.clone(),
        commit: made.commit.clone(),
        machine: machine::described(),
        seed: seed.unwrap_or_else(|| "none".to_owned()),
        took: format!("{:.1} s", made.seconds),
    };
    std::fs::write(&path, page.written(figures))
        .with_context(|| format!("cannot write {}", path.display()))?;
    println!("kept in docs/proofs/{file}.md");
    Ok(())
}

fn page_path(file: &str) -> Result<PathBuf> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if file.is_empty() || !file.chars().all(plain) {
        bail!("a name is made of small letters, digits and hyphens: {file:?}");
    }
    let folder = machine::root().join("docs/proofs");
    std::fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("{file}.md")))
}

/// The seed that a program itself prints, in a line `seed: 7`.
fn seed_said(figures: &[String]) -> Option<String> {
    let line = figures.iter().find_map(|line| line.trim().strip_prefix("seed:"))?;
    Some(line.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_tells_how_to_repeat_the_run() {
        let page = Page {
            title: "Proof: race".into(),
            command: "cargo xtask prove race --seed 7".into(),
            date: "2026-12-01 06:30:00 UTC".into(),
            commit: "abc".into(),
            machine: "2 cores".into(),
            seed: "7".into(),
            took: "1.0 s".into(),
        };
        let text = page.written(&["holds 100".into(), "double 0".into(), String::new()]);
        assert!(text.starts_with("# Proof: race\n\n- Command: `cargo xtask prove race --seed 7`\n"));
        assert!(text.ends_with("```text\nholds 100\ndouble 0\n```\n"));
        for part in
            ["- Date: 2026-12-01", "- Commit: abc", "- Machine: 2 cores", "- Seed: 7", "- Took: 1.0 s"]
        {
            assert!(text.contains(part), "{part}");
        }
    }

    #[test]
    fn a_name_cannot_leave_the_folder_of_proofs() {
        for bad in ["", "../race", "a/b", "Race", "a b"] {
            assert!(page_path(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_seed_is_read_from_the_figures_where_none_was_given() {
        assert_eq!(seed_said(&["seed: 42".into(), "x".into()]), Some("42".into()));
        assert_eq!(seed_said(&["x".into()]), None);
    }
}
