//! The workspace as the rules see it: its crates, their manifests and the texts of their files. Judges nothing.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::source::Source;
use crate::{cargo, machine};

/// A crate of the workspace.
pub struct Member {
    pub name: String,
    /// Relative to the root, without a trailing slash: `crates/kernel`.
    pub folder: String,
    pub manifest: toml::Table,
    pub needs: Vec<Need>,
}

impl Member {
    /// Whether its folder is inside `group`.
    pub fn is_in(&self, group: &str) -> bool {
        self.folder.strip_prefix(group).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// A dependency that a crate declares.
pub struct Need {
    pub name: String,
    /// A dev-dependency.
    pub dev: bool,
}

/// A third-party package, with what its licence check needs.
pub struct Outsider {
    pub name: String,
    pub version: String,
    pub licence: Option<String>,
}

/// A file that is not Rust source.
pub struct Text {
    pub path: String,
    pub text: String,
}

/// Everything that the rules read.
#[derive(Default)]
pub struct House {
    pub members: Vec<Member>,
    pub outsiders: Vec<Outsider>,
    pub sources: Vec<Source>,
    pub texts: Vec<Text>,
    /// What the program of an installation is built from: one crate per line, with its features in brackets.
    pub released: Vec<String>,
}

/// Folders without our code, at any depth; and `data` at the root only, where a demo keeps its data, since elsewhere
/// that is a name for code.
const SKIPPED: [&str; 3] = [".git", "target", "node_modules"];
const DATA: &str = "data";

impl House {
    /// Reads the workspace from disk and from cargo.
    pub fn load() -> Result<Self> {
        let root = machine::root();
        let metadata = cargo::metadata()?;
        let mut house = House::default();
        for package in metadata["packages"].as_array().context("no packages")? {
            house.add_package(&root, package)?;
        }
        let mut sources = Vec::new();
        walk(&root, &root, &mut |path, file| {
            if path.ends_with(".rs") {
                sources.push((path.to_owned(), std::fs::read_to_string(file)?));
            } else if is_read(path) {
                house.texts.push(Text { path: path.to_owned(), text: std::fs::read_to_string(file)? });
            }
            Ok(())
        })?;
        house.set_sources(sources);
        house.released = cargo::released()?;
        Ok(house)
    }

    fn add_package(&mut self, root: &Path, package: &Value) -> Result<()> {
        let text = |field: &str| package[field].as_str().unwrap_or_default().to_owned();
        if !package["source"].is_null() {
            let licence = package["license"].as_str().map(str::to_owned);
            self.outsiders.push(Outsider { name: text("name"), version: text("version"), licence });
            return Ok(());
        }
        let manifest = text("manifest_path");
        let folder = Path::new(&manifest).parent().and_then(|folder| folder.strip_prefix(root).ok());
        let folder = folder.with_context(|| format!("{manifest} lies outside the workspace"))?;
        let needs = package["dependencies"].as_array().into_iter().flatten();
        let needs = needs.map(|need| Need {
            name: need["name"].as_str().unwrap_or_default().to_owned(),
            dev: need["kind"] == "dev",
        });
        self.members.push(Member {
            name: text("name"),
            folder: folder.to_string_lossy().into_owned(),
            manifest: std::fs::read_to_string(&manifest)?.parse().with_context(|| manifest.clone())?,
            needs: needs.collect(),
        });
        Ok(())
    }

    /// Sets the Rust files; those that a `#[cfg(test)] mod …;` names are marked as tests as a whole.
    pub fn set_sources(&mut self, files: Vec<(String, String)>) {
        self.sources = files.into_iter().map(|(path, text)| Source::new(path, text)).collect();
        let tests: BTreeSet<String> = self.sources.iter().flat_map(Source::test_modules).collect();
        for source in &mut self.sources {
            let own = source.path.trim_end_matches(".rs").trim_end_matches("/mod").to_owned();
            if tests.iter().any(|test| own == *test || own.starts_with(&format!("{test}/"))) {
                source.all_test = true;
            }
        }
    }

    /// The crate whose folder holds the file.
    pub fn member_of(&self, path: &str) -> Option<&Member> {
        let holds =
            |member: &&Member| path.strip_prefix(&member.folder).is_some_and(|rest| rest.starts_with('/'));
        self.members.iter().filter(holds).max_by_key(|member| member.folder.len())
    }
}

fn is_read(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.ends_with(".ftl")
        || path.starts_with("deploy/monitoring/")
        || ["docs/METRICS.md", "docs/runbook.md"].contains(&path)
        || ["Cargo.lock", "package-lock.json", ".npmrc", "Cargo.toml", "deny.toml"].contains(&name)
        || path == ".cargo/config.toml"
}

fn walk(root: &Path, folder: &Path, seen: &mut impl FnMut(&str, &Path) -> Result<()>) -> Result<()> {
    let mut entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(|entry| entry.file_name());
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type()?);
        let name = entry.file_name();
        let is_skipped = SKIPPED.iter().any(|skipped| name == *skipped) || (folder == root && name == DATA);
        if kind.is_dir() && !is_skipped {
            walk(root, &path, seen)?;
        } else if kind.is_file() {
            let relative = path.strip_prefix(root)?.to_string_lossy().into_owned();
            seen(&relative, &path).with_context(|| relative.clone())?;
        }
    }
    Ok(())
}

/// Small houses for the tests of the rules.
#[cfg(test)]
pub mod built {
    use super::*;

    /// A crate in `folder` with these dependencies; `dev:NAME` for a dev-dependency.
    pub fn member(name: &str, folder: &str, needs: &[&str]) -> Member {
        let need = |text: &&str| Need {
            name: text.trim_start_matches("dev:").to_owned(),
            dev: text.starts_with("dev:"),
        };
        let needs = needs.iter().map(need).collect();
        Member { name: name.to_owned(), folder: folder.to_owned(), manifest: toml::Table::new(), needs }
    }

    /// A house of these crates and Rust files.
    pub fn house(members: Vec<Member>, files: &[(&str, &str)]) -> House {
        let mut house = House { members, ..House::default() };
        house
            .set_sources(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect());
        house
    }

    /// A house of files that are not Rust source.
    pub fn texts(files: &[(&str, &str)]) -> House {
        let text = |(path, text): &(&str, &str)| Text { path: (*path).to_owned(), text: (*text).to_owned() };
        House { texts: files.iter().map(text).collect(), ..House::default() }
    }

    /// The faults as `path:line`.
    pub fn places(faults: &[super::super::Fault]) -> Vec<String> {
        faults.iter().map(|fault| format!("{}:{}", fault.path, fault.line)).collect()
    }
}
