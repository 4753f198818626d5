//! Lock files and settings of package managers: everything comes from the public registries, and no file of ours names
//! a host, so that any mirror works. Knows no package.

use serde_json::Value;

use super::Fault;
use super::house::House;

/// The line that cargo writes for crates.io, whatever mirror serves it.
const CRATES_IO: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

/// Cargo.lock names only crates.io; cargo's settings replace no source.
pub fn cargo_lock(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in house.texts.iter().filter(|file| file.path.ends_with("Cargo.lock")) {
        for (at, line) in file.text.lines().enumerate().filter(|(_, line)| line.starts_with("source = ")) {
            if line != CRATES_IO {
                faults.push(Fault::new(&file.path, at + 1, format!("not from crates.io: {line}")));
            }
        }
    }
    for file in house.texts.iter().filter(|file| file.path == ".cargo/config.toml") {
        let replaced = |line: &str| {
            ["[source", "[registr", "registry ="].iter().any(|start| line.trim().starts_with(start))
        };
        for (at, _) in file.text.lines().enumerate().filter(|(_, line)| replaced(line)) {
            faults.push(Fault::new(
                &file.path,
                at + 1,
                "a registry of one machine; it belongs into the user's settings",
            ));
        }
    }
    faults
}

/// package-lock.json pins by hash and names no host.
pub fn package_locks(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in house.texts.iter().filter(|file| file.path.ends_with("package-lock.json")) {
        let Ok(lock) = serde_json::from_str::<Value>(&file.text) else {
            faults.push(Fault::new(&file.path, 0, "is no JSON"));
            continue;
        };
        for (name, package) in
            lock["packages"].as_object().into_iter().flatten().filter(|(name, _)| !name.is_empty())
        {
            if package.get("resolved").is_some() {
                let what =
                    format!("{name} names a host; `npm config set omit-lockfile-registry-resolved true`");
                faults.push(Fault::new(&file.path, 0, what));
            }
            if package["integrity"].as_str().is_none_or(str::is_empty) {
                faults.push(Fault::new(&file.path, 0, format!("{name} has no hash")));
            }
        }
    }
    for file in house.texts.iter().filter(|file| file.path.ends_with(".npmrc")) {
        for (at, _) in file
            .text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.contains("registry=") || line.contains("registry ="))
        {
            faults.push(Fault::new(
                &file.path,
                at + 1,
                "a registry of one machine; it belongs into the user's settings",
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::house::built::{places, texts};
    use super::*;

    #[test]
    fn a_crate_from_elsewhere_is_found() {
        let good = format!("[[package]]\nname = \"a\"\n{CRATES_IO}\n");
        assert_eq!(cargo_lock(&texts(&[("Cargo.lock", &good)])), []);
        let bad = "[[package]]\nsource = \"git+https://example.org/a#1\"\nsource = \"sparse+https://mirror.example/\"\n";
        assert_eq!(places(&cargo_lock(&texts(&[("Cargo.lock", bad)]))), ["Cargo.lock:2", "Cargo.lock:3"]);
        let config = "[alias]\nx = 'y'\n[source.crates-io]\nreplace-with = 'm'\n";
        assert_eq!(places(&cargo_lock(&texts(&[(".cargo/config.toml", config)]))), [".cargo/config.toml:3"]);
    }

    #[test]
    fn a_host_or_a_missing_hash_in_package_lock_is_found() {
        let lock = |inner: &str| format!("{{\"packages\":{{\"\":{{}},\"node_modules/a\":{{{inner}}}}}}}");
        let faults = |inner: &str| package_locks(&texts(&[("e2e/package-lock.json", &lock(inner))])).len();
        assert_eq!(faults("\"integrity\":\"sha512-x\""), 0);
        assert_eq!(faults("\"integrity\":\"sha512-x\",\"resolved\":\"https://mirror.example/a.tgz\""), 1);
        assert_eq!(faults("\"version\":\"1\""), 1);
        assert_eq!(package_locks(&texts(&[("e2e/package-lock.json", "{")])).len(), 1);
        assert_eq!(package_locks(&texts(&[("e2e/.npmrc", "registry=https://mirror.example/")])).len(), 1);
    }
}
