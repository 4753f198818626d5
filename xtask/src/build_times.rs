//! How long the demo takes to build: from a fresh checkout, and after a change in one page; for this commit and an
//! older one in the same run, because machines differ. Knows nothing of what is built.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::cargo::cargo;
use crate::machine::{self, Stopwatch, cpu_of_children, root};
use crate::older;
use crate::proof::{Made, write_page};
use crate::shell::run;

/// The page that is changed: an office's own page, with its path in newer and older versions.
const PAGES: [&str; 2] =
    ["services/booking/backoffice/src/pages/day.rs", "services/booking/src/http/pages/admin/day.rs"];

/// The cost of a build.
#[derive(Clone, Copy)]
struct Cost {
    wall: Duration,
    cpu: Duration,
}

/// The two builds of a version.
struct Built {
    cold: Cost,
    touched: Cost,
}

/// `cargo xtask bench build --from COMMIT`: the current commit beside `from`.
pub fn bench(from: &str, keep: bool) -> Result<bool> {
    let (date, clock) = (machine::date(), Stopwatch::start());
    let (old, new) = (older::commit(from)?, older::commit("HEAD")?);
    let folder = root().join("target/build-times");
    let before = of_version(&old, &folder)?;
    let now = of_version(&new, &folder)?;
    let page = page(from, &before, &now);
    page.iter().for_each(|line| println!("{line}"));
    if keep {
        let again = ["cargo", "xtask", "bench", "build", "--from", from, "--keep"].map(str::to_owned);
        let title = format!("Benchmark: build, beside {from}");
        let seconds = clock.read().as_secs_f64();
        let made =
            Made { title: &title, date, commit: machine::commit(), again: &again, seed: None, seconds };
        write_page("bench-build", &made, &page)?;
    }
    Ok(true)
}

/// Builds a version in an empty folder of its own.
fn of_version(commit: &str, folder: &Path) -> Result<Built> {
    let (source, target) = (folder.join("source"), folder.join("target"));
    older::check_out(commit, &source)?;
    if target.exists() {
        std::fs::remove_dir_all(&target).with_context(|| format!("cannot empty {}", target.display()))?;
    }
    // Fetching is not part of the build.
    if !run(cargo(&["fetch", "--locked"]).current_dir(&source))? {
        bail!("the dependencies cannot be fetched");
    }
    println!("building {commit} afresh");
    let cold = build(&source, &target)?;
    let page = changed_page(&source)?;
    println!("building it again after a change in {}", page.display());
    let text = std::fs::read_to_string(&page)?;
    std::fs::write(&page, format!("{text}\n// One line more.\n"))?;
    let touched = build(&source, &target);
    std::fs::write(&page, text)?;
    Ok(Built { cold, touched: touched? })
}

fn changed_page(source: &Path) -> Result<PathBuf> {
    let found = PAGES.iter().map(|page| source.join(page)).find(|page| page.exists());
    found.context("this version has none of the pages that are changed")
}

/// Builds what the first command in README builds.
fn build(source: &Path, target: &Path) -> Result<Cost> {
    let (clock, before) = (Stopwatch::start(), cpu_of_children()?);
    if !run(cargo(&["build", "--release"]).current_dir(source).env("CARGO_TARGET_DIR", target))? {
        bail!("the program cannot be built");
    }
    Ok(Cost { wall: clock.read(), cpu: cpu_of_children()?.saturating_sub(before) })
}

fn page(from: &str, before: &Built, now: &Built) -> Vec<String> {
    let minutes = |time: Duration| time.as_secs_f64() / 60.0;
    let line = |what: &str, before: Duration, now: Duration| {
        let ratio = now.as_secs_f64() / before.as_secs_f64().max(1.0);
        format!("| {what} | {:.1} min | {:.1} min | {ratio:.2} |", minutes(before), minutes(now))
    };
    vec![
        "`cargo build --release` (the demo) in a folder where nothing was built before, dependencies fetched; then once more after".into(),
        "one line was added to the page of an office's day.".into(),
        String::new(),
        format!("| | {from} | this version | ratio |"),
        "| --- | --- | --- | --- |".into(),
        line("afresh, wall", before.cold.wall, now.cold.wall),
        line("afresh, CPU", before.cold.cpu, now.cold.cpu),
        line("one page changed, wall", before.touched.wall, now.touched.wall),
        line("one page changed, CPU", before.touched.cpu, now.touched.cpu),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_stand_beside_each_other_with_their_ratio() {
        let cost = |wall, cpu| Cost { wall: Duration::from_secs(wall), cpu: Duration::from_secs(cpu) };
        let before = Built { cold: cost(1_200, 1_920), touched: cost(432, 750) };
        let now = Built { cold: cost(600, 960), touched: cost(60, 90) };
        let page = page("abc", &before, &now);
        assert_eq!(page[5], "| afresh, wall | 20.0 min | 10.0 min | 0.50 |");
        assert_eq!(page[8], "| one page changed, CPU | 12.5 min | 1.5 min | 0.12 |");
    }
}
