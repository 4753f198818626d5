//! `cargo xtask cluster`: builds the program for many machines with its drill, and the program that starts an
//! installation of it. Knows no role.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::cargo::{build_okienko, build_program};
use crate::packages;

/// The features that the program needs as part of an installation under a drill.
pub const FEATURES: &str = "okienko/cluster,okienko/drill";

/// Builds the program that starts an installation; returns its path.
pub fn starter() -> Result<PathBuf> {
    build_program("cluster", &["--release", "-p", "okienko-e2e", "--bin", "cluster"])
}

/// Runs until Ctrl-C. The starter must stop what it started itself, so this process is replaced by it.
pub fn run_until_ended(rest: &[String]) -> Result<bool> {
    packages::ensure()?;
    let okienko = build_okienko(&["--release", "-p", "okienko", "--bin", "okienko", "--features", FEATURES])?;
    let mut command = Command::new(starter()?);
    command.args(rest).env("OKIENKO_BIN", okienko);
    Err(command.exec()).context("cannot start the installation")
}
