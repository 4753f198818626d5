//! The bill of materials of the program, made by `cargo cyclonedx`, which is installed if missing. Knows no dependency.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo::cargo;
use crate::machine::root;
use crate::shell::run;

/// The tool at a fixed version, so that the same sources give the same list.
const TOOL: [&str; 3] = ["cargo-cyclonedx", "--version", "0.5.9"];

/// `cargo xtask sbom`.
pub fn write() -> Result<bool> {
    let is_there = Command::new("cargo").args(["cyclonedx", "--version"]).output();
    if !is_there.is_ok_and(|said| said.status.success()) && !run(cargo(&["install", "--locked"]).args(TOOL))?
    {
        bail!("cargo-cyclonedx cannot be installed");
    }
    let mut tool = cargo(&["cyclonedx", "--format", "json", "--manifest-path", "okienko/Cargo.toml"]);
    tool.args(["--no-default-features", "--features", "cluster", "--override-filename", "okienko.cdx"])
        .current_dir(root());
    if !run(&mut tool)? {
        return Ok(false);
    }
    let (made, kept) = (root().join("okienko/okienko.cdx.json"), root().join("target/sbom"));
    std::fs::create_dir_all(&kept)?;
    std::fs::rename(&made, kept.join("okienko.cdx.json")).with_context(|| made.display().to_string())?;
    // The tool writes one list beside each crate in the program.
    for other in other_lists()? {
        std::fs::remove_file(other)?;
    }
    println!("target/sbom/okienko.cdx.json");
    Ok(true)
}

fn other_lists() -> Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    for folder in ["crates", "services", "."] {
        for entry in std::fs::read_dir(root().join(folder))? {
            let list = entry?.path().join("okienko.cdx.json");
            if list.is_file() {
                found.push(list);
            }
        }
    }
    Ok(found)
}
