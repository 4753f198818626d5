//! An older version of this repository, checked out beside the sources and built. Does not know what it is used for.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo::cargo;
use crate::machine::{env, root};
use crate::shell::run;

/// The full id of a commit, a tag or a branch.
pub fn commit(called: &str) -> Result<String> {
    let found = commit_at(&root(), &format!("{called}^{{commit}}"));
    if found.is_empty() {
        bail!("{called} is no commit of this repository");
    }
    Ok(found)
}

/// The newest tag.
pub fn newest_tag() -> Result<String> {
    let said = Command::new("git").args(["describe", "--tags", "--abbrev=0"]).current_dir(root()).output()?;
    let tag = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    if tag.is_empty() {
        bail!("there is no tag: name the older version with --from COMMIT");
    }
    Ok(tag)
}

/// Checks `commit` out into `source`; an existing checkout of it is reused with what was built there.
pub fn check_out(commit: &str, source: &Path) -> Result<()> {
    if commit_at(source, "HEAD") == commit {
        return Ok(());
    }
    if source.exists() {
        run(worktree(&["remove", "--force"]).arg(source))?;
    }
    if !run(worktree(&["add", "--quiet", "--force", "--detach"]).arg(source).arg(commit))? {
        bail!("{commit} cannot be checked out");
    }
    Ok(())
}

/// Builds the program there in release; dependencies shared with this version are reused from `target`.
pub fn build(source: &Path, target: &Path, features: &[&str]) -> Result<PathBuf> {
    let what = [&["build", "--release", "--locked", "-p", "okienko", "--bin", "okienko"], features].concat();
    if !run(cargo(&what).current_dir(source).env("CARGO_TARGET_DIR", target))? {
        bail!("the older version cannot be built");
    }
    Ok(target.join("release/okienko"))
}

/// The target folder of this version's builds.
pub fn target() -> PathBuf {
    env("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The id of the commit that `what` names in the repository at `place`; empty if there is none.
fn commit_at(place: &Path, what: &str) -> String {
    if !place.exists() {
        return String::new();
    }
    let said =
        Command::new("git").arg("-C").arg(place).args(["rev-parse", "--quiet", "--verify", what]).output();
    said.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned()).unwrap_or_default()
}

fn worktree(arguments: &[&str]) -> Command {
    let mut git = Command::new("git");
    git.current_dir(root()).arg("worktree").args(arguments);
    git
}

/// Copies a program to a place where the next build does not replace it.
pub fn keep(program: &Path, to: &Path) -> Result<PathBuf> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // A running program's file cannot be overwritten, but it can be replaced.
    let _ = std::fs::remove_file(to);
    std::fs::copy(program, to).with_context(|| format!("cannot copy {}", program.display()))?;
    Ok(to.to_owned())
}
