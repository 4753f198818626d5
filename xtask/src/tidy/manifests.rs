//! Cargo manifests: shared lints, shared package facts, and one place that names versions.

use toml::{Table, Value};

use super::Fault;
use super::house::{House, Member};

const SHARED: [&str; 5] = ["version", "edition", "rust-version", "license", "publish"];

/// Each crate takes lints, package facts and every dependency from the workspace; the workspace names no git source.
pub fn shared(house: &House) -> Vec<Fault> {
    let mut faults: Vec<Fault> = house.members.iter().flat_map(of_member).collect();
    if let Some(root) = house.texts.iter().find(|text| text.path == "Cargo.toml") {
        match root.text.parse::<Table>() {
            Ok(table) => faults.extend(of_root(&table)),
            Err(fault) => faults.push(Fault::new("Cargo.toml", 0, fault.to_string())),
        }
    }
    faults
}

fn is_shared(value: Option<&Value>) -> bool {
    value.and_then(|value| value.get("workspace")).and_then(Value::as_bool) == Some(true)
}

fn of_member(member: &Member) -> Vec<Fault> {
    let path = format!("{}/Cargo.toml", member.folder);
    let mut faults = Vec::new();
    let mut fault = |what: String| faults.push(Fault::new(&path, 0, what));
    if !is_shared(member.manifest.get("lints")) {
        fault("needs `[lints]` with `workspace = true`".to_owned());
    }
    let package = member.manifest.get("package");
    for field in SHARED.iter().filter(|field| !is_shared(package.and_then(|package| package.get(**field)))) {
        fault(format!("needs `{field}.workspace = true`"));
    }
    for (name, need) in needs(&member.manifest) {
        if !is_shared(Some(need)) {
            fault(format!("{name}: needs `workspace = true`, its version stands in the workspace"));
        }
    }
    faults
}

/// Every dependency of a manifest: normal, for tests, for builds, and for single targets.
fn needs(manifest: &Table) -> Vec<(&String, &Value)> {
    let targets =
        manifest.get("target").and_then(Value::as_table).into_iter().flat_map(|targets| targets.values());
    let tables = std::iter::once(manifest).chain(targets.filter_map(Value::as_table));
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    tables
        .flat_map(|table| kinds.iter().filter_map(|kind| table.get(*kind).and_then(Value::as_table)))
        .flatten()
        .collect()
}

fn of_root(root: &Table) -> Vec<Fault> {
    let needs =
        root.get("workspace").and_then(|workspace| workspace.get("dependencies")).and_then(Value::as_table);
    let mut faults = Vec::new();
    let banned =
        [("git", "a git source"), ("registry", "another registry"), ("package", "a second name for a crate")];
    for (name, need) in needs.into_iter().flatten() {
        for (key, what) in banned.iter().filter(|(key, _)| need.get(*key).is_some()) {
            faults.push(Fault::new("Cargo.toml", 0, format!("{name}: `{key}` is {what}")));
        }
    }
    for key in ["patch", "replace"].iter().filter(|key| root.contains_key(**key)) {
        faults.push(Fault::new("Cargo.toml", 0, format!("`[{key}]` hides where a dependency comes from")));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::house::built::{member, texts};
    use super::*;

    const GOOD: &str = "[package]\nname = 'a'\nversion.workspace = true\nedition.workspace = true\n\
        rust-version.workspace = true\nlicense.workspace = true\npublish.workspace = true\n[lints]\nworkspace = true\n\
        [dependencies]\nserde.workspace = true\ntokio = { workspace = true, features = ['fs'] }\n";

    fn faults(manifest: &str) -> Vec<String> {
        let mut one = member("a", "crates/a", &[]);
        one.manifest = manifest.parse().unwrap();
        shared(&House { members: vec![one], ..House::default() })
            .into_iter()
            .map(|fault| fault.what)
            .collect()
    }

    #[test]
    fn a_manifest_that_shares_everything_passes() {
        assert_eq!(faults(GOOD), [""; 0]);
    }

    #[test]
    fn a_version_or_lints_of_its_own_are_found() {
        assert_eq!(faults(&GOOD.replace("[lints]\nworkspace = true\n", "")).len(), 1);
        assert_eq!(faults(&GOOD.replace("license.workspace = true", "license = 'MIT'")).len(), 1);
        assert_eq!(faults(&GOOD.replace("serde.workspace = true", "serde = '1'")).len(), 1);
        assert_eq!(faults(&format!("{GOOD}[dev-dependencies]\nx = '1'\n")).len(), 1);
        assert_eq!(
            faults(&format!("{GOOD}[target.'cfg(unix)'.build-dependencies]\nx = {{ path = 'x' }}\n")).len(),
            1
        );
    }

    #[test]
    fn a_git_source_a_second_name_or_a_patch_in_the_workspace_is_found() {
        let root = "[workspace.dependencies]\na = { git = 'x' }\nserde1 = { package = 'serde', version = '1' }\nb = '1'\n\
            [patch.crates-io]\nc = { path = 'c' }\n";
        assert_eq!(shared(&texts(&[("Cargo.toml", root)])).len(), 3);
    }
}
