//! The benchmarks of record: one of them with its page; all of them once without a clock (`cargo xtask bench once`);
//! and one of them on two versions in turns ([`mod@compare`]). Knows nothing of what is measured, which is in `bench/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::cargo::{build_okienko, cargo};
use crate::cluster;
use crate::compare::{self, Figure};
use crate::machine::{self, Stopwatch};
use crate::older;
use crate::packages;
use crate::proof::{Made, build, record, write_page};
use crate::shell::{Keep, run, run_and_keep};

/// All benchmarks.
pub const ALL: [&str; 6] = ["journal", "http", "floor", "sms", "cluster", "installation"];
/// The ones that `cargo xtask test` runs once. Without `installation`: in a debug build, two hundred people at once are
/// too many for eight processes on two cores, and some are told to come back later.
pub const IN_TESTS: [&str; 5] = ["journal", "http", "floor", "sms", "cluster"];
/// The ones in which this version's driver asks a program; in the others the program measures itself.
const DRIVEN: [&str; 3] = ["http", "floor", "installation"];
/// The default number of rounds in a comparison.
const ROUNDS: u32 = 3;

/// The features that a benchmark needs; `bench_is_apart` where the benchmarks are a feature of their own, as in this
/// version.
fn features(name: &str, bench_is_apart: bool) -> Vec<String> {
    let mut features = Vec::new();
    if bench_is_apart {
        features.push("okienko/bench");
    }
    // The plain design on PostgreSQL and our engine for it are only in a program built for many machines.
    match name {
        "cluster" => features.extend([cluster::FEATURES, "okienko-bench/cluster"]),
        "installation" => features.push(cluster::FEATURES),
        _ => {}
    }
    if features.is_empty() { Vec::new() } else { vec!["--features".to_owned(), features.join(",")] }
}

/// `cargo xtask bench NAME`: runs the benchmark in the program itself; its page is kept only on request.
pub fn bench(name: &str, keep: bool, rest: &[String]) -> Result<bool> {
    let features = features(name, true);
    let features: Vec<&str> = features.iter().map(String::as_str).collect();
    let program = [&["-p", "okienko", "--bin", "okienko"], &features[..]].concat();
    build(&program)?;
    let mut command = cargo(&[&["run", "--release", "--locked", "--quiet"], &program[..]].concat());
    command.args(["--", "bench", name]);
    if name == "installation" {
        packages::ensure()?;
        command.arg("--starter").arg(cluster::starter()?);
    }
    command.args(rest);
    let mut again = ["cargo", "xtask", "bench", name, "--keep"].map(str::to_owned).to_vec();
    if !rest.is_empty() {
        again.push("--".to_owned());
        again.extend_from_slice(rest);
    }
    record(&format!("bench-{name}"), &format!("Benchmark: {name}"), &mut command, &again, None, keep)
}

/// Runs benchmarks with all their people, once and untimed: fails on a wrong answer. `starter` starts an installation.
pub fn once(names: &[&str], okienko: &Path, starter: &Path) -> Result<(u32, u32)> {
    let (mut passed, mut failed) = (0, 0);
    for &name in names {
        let mut command = Command::new(okienko);
        command.args(["bench", name, "--once", "--program"]).arg(okienko);
        if name == "installation" {
            command.arg("--starter").arg(starter);
        }
        let clock = Stopwatch::start();
        let is_right = run(&mut command)?;
        let seconds = clock.read().as_secs_f64();
        println!("benchmark {name}: {} after {seconds:.1} s\n", if is_right { "right" } else { "WRONG" });
        passed += u32::from(is_right);
        failed += u32::from(!is_right);
    }
    Ok((passed, failed))
}

/// The arguments of `cargo xtask bench compare NAME --from COMMIT`.
pub struct Comparison<'a> {
    /// The benchmark.
    pub name: &'a str,
    /// The older version.
    pub from: &'a str,
    /// How often each version runs.
    pub rounds: Option<u32>,
    /// Whether the page is kept.
    pub keep: bool,
    /// Passed on unchanged.
    pub rest: &'a [String],
}

/// Builds both versions and runs the benchmark on them in turns.
pub fn compare(asked: &Comparison<'_>) -> Result<bool> {
    let Comparison { name, from, keep, rest, .. } = *asked;
    if !ALL.contains(&name) {
        bail!("there is no benchmark {name}; there are: {}", ALL.join(", "));
    }
    let rounds = asked.rounds.unwrap_or(ROUNDS).max(1);
    let starter = match name {
        "installation" => {
            packages::ensure()?;
            Some(cluster::starter()?)
        }
        _ => None,
    };
    let (old, new) = both(name, from)?;
    let (date, commit, clock) = (machine::date(), machine::commit(), Stopwatch::start());
    let (mut of_old, mut of_new) = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        // The second program finds the machine as the first left it, so the order alternates.
        let turns = if round % 2 == 1 { [true, false] } else { [false, true] };
        for is_old in turns {
            println!("\n== round {round} of {rounds}: {}", if is_old { from } else { "this version" });
            let (program, figures) = if is_old { (&old, &mut of_old) } else { (&new, &mut of_new) };
            figures.push(one(name, (program, &new), starter.as_deref(), rest)?);
        }
    }
    let page = compare::side_by_side(from, &of_old, &of_new);
    page.iter().for_each(|line| println!("{line}"));
    if keep {
        let mut again = ["cargo", "xtask", "bench", "compare", name, "--from", from, "--rounds"]
            .map(str::to_owned)
            .to_vec();
        again.extend([rounds.to_string(), "--keep".to_owned()]);
        if !rest.is_empty() {
            again.push("--".to_owned());
            again.extend_from_slice(rest);
        }
        let title = format!("Benchmark: {name}, beside {from}");
        let made = Made {
            title: &title,
            date,
            commit,
            again: &again,
            seed: None,
            seconds: clock.read().as_secs_f64(),
        };
        write_page(&format!("compare-{name}"), &made, &page)?;
    }
    Ok(true)
}

/// Builds both programs in release, the older one first: the newer one replaces its files in the shared folder.
fn both(name: &str, from: &str) -> Result<(PathBuf, PathBuf)> {
    let commit = older::commit(from)?;
    let folder = machine::root().join("target/compare");
    let source = folder.join("source");
    older::check_out(&commit, &source)?;
    let built = |bench_is_apart| features(name, bench_is_apart);
    println!("building {from}");
    let known = std::fs::read_to_string(source.join("okienko/Cargo.toml"))?;
    let of_old = built(known.contains("\nbench = ["));
    let of_old: Vec<&str> = of_old.iter().map(String::as_str).collect();
    let old = older::build(&source, &older::target(), &of_old)?;
    let old = older::keep(&old, &folder.join(format!("okienko-{}", commit.get(..12).unwrap_or(&commit))))?;
    println!("building this version");
    let of_new = built(true);
    let features: Vec<&str> = of_new.iter().map(String::as_str).collect();
    let new = build_okienko(&[&["--release", "-p", "okienko", "--bin", "okienko"], &features[..]].concat())?;
    Ok((old, older::keep(&new, &folder.join("okienko-this"))?))
}

/// One run of a benchmark on `program`: this version's driver asks it, or it measures itself.
fn one(
    name: &str,
    (program, this): (&Path, &Path),
    starter: Option<&Path>,
    rest: &[String],
) -> Result<Vec<Figure>> {
    let is_driven = DRIVEN.contains(&name);
    let mut command = Command::new(if is_driven { this } else { program });
    command.args(["bench", name]);
    if is_driven {
        command.args(["--alone", "--program"]).arg(program);
    }
    if let Some(starter) = starter {
        command.arg("--starter").arg(starter);
    }
    let (status, lines) = run_and_keep(command.args(rest), Keep::Out)?;
    if !status.success() {
        bail!("{}: {status}", program.display());
    }
    let figures = compare::read(&lines);
    if figures.is_empty() {
        bail!("it printed no figures");
    }
    Ok(figures)
}
