//! Cargo manifests: shared lints, shared package facts, versions in a single place, and no unused dependency.

use toml::{Table, Value};

use super::Fault;
use super::house::{House, Member};
use super::source::{Source, words};

const KINDS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

const SHARED: [&str; 5] = ["version", "edition", "rust-version", "license", "publish"];

/// Each crate takes lints, package facts and every dependency from the workspace; the workspace has no git source.
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
    for (_, name, need) in needs(&member.manifest) {
        if !is_shared(Some(need)) {
            fault(format!("{name}: needs `workspace = true`, its version stands in the workspace"));
        }
    }
    faults
}

/// Every dependency in a manifest, with its kind: normal, dev, build, and those for single targets.
fn needs(manifest: &Table) -> Vec<(&'static str, &String, &Value)> {
    let targets =
        manifest.get("target").and_then(Value::as_table).into_iter().flat_map(|targets| targets.values());
    let tables = std::iter::once(manifest).chain(targets.filter_map(Value::as_table));
    tables
        .flat_map(|table| {
            KINDS.iter().filter_map(|kind| Some((*kind, table.get(*kind).and_then(Value::as_table)?)))
        })
        .flat_map(|(kind, named)| named.iter().map(move |(name, need)| (kind, name, need)))
        .collect()
}

/// Each crate uses every dependency that it declares; one that only its tests use is a dev-dependency.
pub fn used(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for member in &house.members {
        let path = format!("{}/Cargo.toml", member.folder);
        let own: Vec<&Source> = house
            .sources
            .iter()
            .filter(|source| house.member_of(&source.path).is_some_and(|of| of.folder == member.folder))
            .collect();
        for (kind, name, _) in needs(&member.manifest) {
            let called = name.replace('-', "_");
            if !own.iter().any(|source| names(source, &called)) {
                faults.push(Fault::new(&path, 0, format!("{name}: declared, and nothing uses it")));
            } else if kind == "dependencies" && !own.iter().any(|source| names_live(source, &called)) {
                faults.push(Fault::new(&path, 0, format!("{name}: only tests use it: a dev-dependency")));
            }
        }
    }
    faults.extend(idle_in_root(house));
    faults
}

/// Workspace dependencies that no crate uses.
fn idle_in_root(house: &House) -> Vec<Fault> {
    let root = house.texts.iter().find(|text| text.path == "Cargo.toml");
    let root = root.and_then(|text| text.text.parse::<Table>().ok()).unwrap_or_default();
    let declared =
        root.get("workspace").and_then(|workspace| workspace.get("dependencies")).and_then(Value::as_table);
    let is_taken = |name: &String| {
        house.members.iter().any(|member| needs(&member.manifest).iter().any(|(_, need, _)| *need == name))
    };
    let idle = declared.into_iter().flatten().map(|(name, _)| name).filter(|name| !is_taken(name));
    idle.map(|name| Fault::new("Cargo.toml", 0, format!("{name}: has a version, and no crate takes it")))
        .collect()
}

/// Crates that are used through a macro without being named in the code.
const MACROS: [(&str, &str); 1] = [("maud", "html!")];

/// Named in code, in a literal (`#[serde(with = "…")]` names crates too), or through such a macro.
fn names(source: &Source, called: &str) -> bool {
    words(&source.code, called).next().is_some()
        || MACROS.iter().any(|(name, by)| *name == called && source.code.contains(by))
        || source.strings.iter().any(|(_, text)| words(text, called).next().is_some())
}

fn names_live(source: &Source, called: &str) -> bool {
    let live = source.live_text();
    words(&live, called).next().is_some()
        || MACROS.iter().any(|(name, by)| *name == called && live.contains(by))
        || source
            .strings
            .iter()
            .any(|(line, text)| !source.is_test(*line) && words(text, called).next().is_some())
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
    use super::super::house::built::{house, member, texts};
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
    fn a_dependency_that_nothing_uses_or_only_tests_use_is_found() {
        let mut one = member("a", "crates/a", &[]);
        one.manifest = "[dependencies]\nused.workspace = true\nmaud.workspace = true\nin-a-literal.workspace = true\nidle.workspace = true\n\
            for-tests.workspace = true\n[dev-dependencies]\nproved.workspace = true\nidle-too.workspace = true\n"
            .parse()
            .unwrap();
        let inner = member("b", "crates/a/b", &[]);
        let files = [
            ("crates/a/src/page.rs", "use web::html;\nfn page() { html! {} }"),
            ("crates/a/src/lib.rs", "use used::It; // idle\n#[serde(with = \"in_a_literal\")] struct S;\n"),
            ("crates/a/tests/all.rs", "use {for_tests::A, proved::B};"),
            ("crates/a/b/src/lib.rs", "use {idle::A, idle_too::B};"),
        ];
        let mut house = house(vec![one, inner], &files);
        let root = "[workspace.dependencies]\nused = '1'\nnobodys = '1'\n";
        house.texts = texts(&[("Cargo.toml", root)]).texts;
        let found = used(&house);
        let whats: Vec<&str> = found.iter().map(|fault| &*fault.what).collect();
        assert_eq!(
            whats,
            [
                "for-tests: only tests use it: a dev-dependency",
                "idle: declared, and nothing uses it",
                "idle-too: declared, and nothing uses it",
                "nobodys: has a version, and no crate takes it"
            ]
        );
    }

    #[test]
    fn a_git_source_a_second_name_or_a_patch_in_the_workspace_is_found() {
        let root = "[workspace.dependencies]\na = { git = 'x' }\nserde1 = { package = 'serde', version = '1' }\nb = '1'\n\
            [patch.crates-io]\nc = { path = 'c' }\n";
        assert_eq!(shared(&texts(&[("Cargo.toml", root)])).len(), 3);
    }
}
