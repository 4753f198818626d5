//! The cargo commands that stages and proofs share. Knows no stage and no proof.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use crate::machine;
use crate::shell::{Keep, run_and_keep};

/// A cargo command at the root of the workspace, without the variables that cargo set for xtask.
pub fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    for name in machine::leaked_by_cargo() {
        command.env_remove(name);
    }
    command.args(args).current_dir(machine::root());
    command
}

/// Builds with `args`; returns the path of the program `okienko`.
pub fn build_okienko(args: &[&str]) -> Result<PathBuf> {
    build_program("okienko", args)
}

/// Builds with `args`; returns the path of the program `name`.
pub fn build_program(name: &str, args: &[&str]) -> Result<PathBuf> {
    let [program] = build_programs([name], args)?;
    Ok(program)
}

/// Builds with `args`; returns the paths of these programs.
pub fn build_programs<const N: usize>(names: [&str; N], args: &[&str]) -> Result<[PathBuf; N]> {
    let mut command = cargo(&["build", "--locked", "--message-format=json-render-diagnostics"]);
    command.args(args).stdout(std::process::Stdio::piped());
    let mut child = command.stderr(std::process::Stdio::inherit()).spawn().context("cannot start cargo")?;
    let mut text = String::new();
    std::io::Read::read_to_string(&mut child.stdout.take().context("no stdout")?, &mut text)?;
    if !child.wait()?.success() {
        bail!("the build failed");
    }
    let mut found = Vec::new();
    for name in names {
        found.push(executable(&text, name).with_context(|| format!("cargo named no program `{name}`"))?);
    }
    found.try_into().map_err(|_| anyhow!("cargo named other programs"))
}

/// The path of the program (not of its unit tests) in cargo's messages.
fn executable(messages: &str, name: &str) -> Option<PathBuf> {
    let artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut programs = artifacts.filter(|message| {
        message["target"]["name"] == name
            && message["target"]["kind"][0] == "bin"
            && message["profile"]["test"] == false
    });
    programs.find_map(|message| message["executable"].as_str().map(PathBuf::from))
}

/// The output of `cargo metadata` about the workspace and all its dependencies.
pub fn metadata() -> Result<Value> {
    let output =
        cargo(&["metadata", "--format-version", "1", "--locked"]).output().context("cannot start cargo")?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    serde_json::from_slice(&output.stdout).context("cargo metadata printed no JSON")
}

/// All crates of an installation's program, one per line with its features in brackets.
pub fn released() -> Result<Vec<String>> {
    let built = ["-p", "okienko", "--no-default-features", "--features", "cluster", "-e", "normal"];
    let told = ["tree", "--locked", "--prefix", "none", "--format", "{p} [{f}]"];
    let output = cargo(&[&told[..], &built[..]].concat()).output().context("cannot start cargo")?;
    if !output.status.success() {
        bail!("cargo tree: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

/// Runs a command whose kept stream reports how many tests passed and failed.
pub fn run_tests(
    command: &mut Command,
    keep: Keep,
    read: fn(&str) -> Option<(u32, u32)>,
) -> Result<(u32, u32)> {
    let (status, lines) = run_and_keep(command, keep)?;
    let (passed, failed) =
        lines.iter().filter_map(|line| read(line)).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    // A failed build or a runner that died reports no test, and must not look like success.
    Ok((passed, if status.success() { failed } else { failed.max(1) }))
}

/// Reads `test result: ok. 3 passed; 0 failed; …`.
pub fn libtest_line(line: &str) -> Option<(u32, u32)> {
    let counts = line.trim().strip_prefix("test result: ")?.split_once(". ")?.1;
    Some((before(counts, " passed")?, before(counts, " failed")?))
}

/// Reads `Summary [ 1.2s] 9 tests run: 7 passed (1 slow), 1 failed, 1 timed out, 0 skipped`.
pub fn nextest_line(line: &str) -> Option<(u32, u32)> {
    let counts = line.trim().strip_prefix("Summary [")?.split_once(" run: ")?.1;
    let bad = [" failed", " timed out", " exec failed"].iter().filter_map(|word| before(counts, word)).sum();
    Some((before(counts, " passed")?, bad))
}

/// The number right before `word`.
fn before(text: &str, word: &str) -> Option<u32> {
    let head = text.split(word).next().filter(|head| head.len() < text.len())?;
    head.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_both_runners() {
        assert_eq!(
            libtest_line("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured"),
            Some((12, 0))
        );
        assert_eq!(libtest_line("test result: FAILED. 3 passed; 2 failed; 0 ignored"), Some((3, 2)));
        assert_eq!(libtest_line("running 3 tests"), None);
        let summary =
            "     Summary [   0.5s] 9 tests run: 6 passed (1 slow), 2 failed, 1 timed out, 4 skipped";
        assert_eq!(nextest_line(summary), Some((6, 3)));
        assert_eq!(
            nextest_line("     Summary [ 0.1s] 5/9 tests run: 4 passed, 1 failed, 0 skipped"),
            Some((4, 1))
        );
        assert_eq!(nextest_line("        PASS [   0.01s] okienko-kernel id"), None);
    }

    #[test]
    fn a_runner_that_dies_without_a_count_is_a_failure() {
        let mut dead = Command::new("false");
        assert_eq!(run_tests(&mut dead, Keep::Out, libtest_line).unwrap(), (0, 1));
    }

    #[test]
    fn the_program_is_told_from_its_unit_tests() {
        let messages = r#"{"target":{"name":"okienko","kind":["bin"]},"profile":{"test":true},"executable":"/t/okienko-1"}
            not json
            {"target":{"name":"okienko","kind":["bin"]},"profile":{"test":false},"executable":"/t/okienko"}"#;
        assert_eq!(executable(messages, "okienko"), Some(PathBuf::from("/t/okienko")));
    }
}
