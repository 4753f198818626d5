//! `okienko backup` and `okienko restore`: the data folder of a program on one PC as one file, taken while it runs, and back
//! into an empty folder. Nothing is restored that is not whole. Knows no office and no event.
//!
//! The file holds the installation's secret: without it nothing sealed could be read again. Whoever has the file has all.

use anyhow::{Context, bail, ensure};
use clap::Args;
use okienko_host::WallClock;
use okienko_journal::sqlite_cut::{cut, renew, verify};
use okienko_kernel::{Clock, Zone};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};

/// First in the file: what follows, and what each is to be.
const MANIFEST: &str = "manifest.json";
/// Made by whoever runs on the folder, and of no use elsewhere.
const LEFT: [&str; 1] = ["lock"];

/// Which file, which folder.
#[derive(Args)]
pub struct Options {
    /// The backup
    file: PathBuf,
    /// Where everything is kept; for a restore a folder that is not there or is empty
    #[arg(long, default_value = "data")]
    data: PathBuf,
}

/// Writes a backup; a program may run on the folder meanwhile.
pub fn backup(options: Options) -> anyhow::Result<()> {
    let Options { file, data } = options;
    ensure!(!file.exists(), "{} is there already: name another file", file.display());
    let stores = stores(&data)?;
    let work = beside(&file)?;
    // It would copy itself, and lie on the disk that it is to outlive.
    let inside = work.path().canonicalize()?.starts_with(data.canonicalize()?);
    ensure!(!inside, "{} lies within {}: name a file outside", file.display(), data.display());
    let cuts: Vec<_> = stores.iter().map(|name| (data.join(name), work.path().join(name))).collect();
    // What holds no facts comes first: a secret or a clock that is older than the cut loses nothing.
    copy_rest(&data, &data, work.path())?;
    cut(&cuts)?;
    let names = files_in(work.path())?;
    let listed: anyhow::Result<Vec<Value>> = names
        .iter()
        .map(|name| Ok(json!({"name": name, "sha256": sha256(&work.path().join(name))?})))
        .collect();
    let at = Zone::utc().rfc3339(WallClock.now());
    let manifest = json!({"okienko": env!("CARGO_PKG_VERSION"), "at": at, "files": listed?});
    let part = work.path().join("backup.part");
    write_tar(&part, &manifest, work.path(), &names)?;
    std::fs::rename(&part, &file).with_context(|| format!("{}", file.display()))?;
    sync_folder(&file)?;
    say!(
        "{}: {} files, as they were at {at}. It holds the secret: keep it as safe as the data.",
        file.display(),
        names.len()
    );
    Ok(())
}

/// Restores a backup into an empty folder, once all of it was found whole.
pub fn restore(options: Options) -> anyhow::Result<()> {
    let Options { file, data } = options;
    if data.exists() {
        let empty = std::fs::read_dir(&data).with_context(|| format!("{}", data.display()))?.next().is_none();
        ensure!(empty, "{} is not empty: a backup is restored into an empty folder", data.display());
    }
    // A unit's folder is a link to where it really is; a link cannot be replaced by what it leads to.
    let data = if data.exists() { data.canonicalize()? } else { data };
    let work = beside(&data)?;
    let found =
        unpack(&file, work.path()).with_context(|| format!("{} is no whole backup", file.display()))?;
    for name in found.iter().filter(|name| is_store(name)) {
        let whole = verify(&work.path().join(name))?;
        // Screens have seen what came after the backup; they believe it again because it lives anew.
        renew(&work.path().join(name))?;
        say!("{name}: {} events in {} streams, whole", whole.events, whole.streams);
    }
    if data.exists() {
        std::fs::remove_dir(&data)?;
    }
    std::fs::rename(work.path(), &data).with_context(|| format!("{}", data.display()))?;
    // Where it was there is nothing to clear away any more.
    let _ = work.keep();
    sync_folder(&data)?;
    say!("{} is as it was; start okienko on it", data.display());
    Ok(())
}

/// A folder to work in, on the disk where the result is to be, readable by nobody else.
fn beside(result: &Path) -> anyhow::Result<tempfile::TempDir> {
    let parent = result.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent)?;
    let made = tempfile::Builder::new().prefix(".okienko-").tempdir_in(parent);
    made.with_context(|| format!("{}", parent.display()))
}

fn is_store(name: &str) -> bool {
    name.ends_with(".db")
}

fn stores(data: &Path) -> anyhow::Result<Vec<String>> {
    let names = std::fs::read_dir(data).with_context(|| format!("{}", data.display()))?;
    let mut stores: Vec<String> = names
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| is_store(name))
        .collect();
    stores.sort();
    ensure!(!stores.is_empty(), "{} holds no data of okienko: name its folder with --data", data.display());
    Ok(stores)
}

/// Copies all but the stores, which are cut, and what only a running program needs.
fn copy_rest(data: &Path, folder: &Path, into: &Path) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let from = entry?.path();
        let name = from.strip_prefix(data)?.to_owned();
        let text = name.to_string_lossy().into_owned();
        let store = is_store(&text) || text.ends_with(".db-wal") || text.ends_with(".db-shm");
        if store || LEFT.contains(&text.as_str()) {
            continue;
        }
        if from.is_dir() {
            std::fs::create_dir_all(into.join(&name))?;
            copy_rest(data, &from, into)?;
        } else {
            std::fs::copy(&from, into.join(&name)).with_context(|| format!("{}", from.display()))?;
        }
    }
    Ok(())
}

/// Files under a folder, by their path in it.
fn files_in(folder: &Path) -> anyhow::Result<Vec<String>> {
    let (mut found, mut left) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = left.pop() {
        for entry in std::fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                left.push(path);
            } else {
                let name = path.strip_prefix(folder)?.to_str().context("a name that is no text")?;
                found.push(name.to_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}

fn sha256(path: &Path) -> anyhow::Result<String> {
    let (mut file, mut hasher) = (File::open(path)?, Sha256::new());
    let mut block = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut block)?;
        if count == 0 {
            break;
        }
        hasher.update(&block[..count]);
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn write_tar(to: &Path, manifest: &Value, folder: &Path, names: &[String]) -> anyhow::Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    let mut tar = tar::Builder::new(file);
    let manifest = serde_json::to_vec_pretty(manifest)?;
    let mut head = tar::Header::new_gnu();
    head.set_size(manifest.len() as u64);
    head.set_mode(0o600);
    tar.append_data(&mut head, MANIFEST, &manifest[..])?;
    for name in names {
        tar.append_path_with_name(folder.join(name), name)?;
    }
    tar.into_inner()?.sync_all()?;
    Ok(())
}

/// Writes the files of a backup into `folder`: those that its manifest names, each as it says, and no others.
fn unpack(file: &Path, folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut tar = tar::Archive::new(File::open(file)?);
    let mut entries = tar.entries()?;
    let mut first = entries.next().context("it is empty")??;
    ensure!(first.path()?.as_os_str() == MANIFEST, "it does not begin with {MANIFEST}");
    let mut text = String::new();
    first.read_to_string(&mut text)?;
    let manifest: Value = serde_json::from_str(&text)?;
    let listed = manifest["files"].as_array().context("its manifest names no files")?;
    let mut found = Vec::new();
    for wanted in listed {
        let name = wanted["name"].as_str().context("a file without a name")?;
        let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        ensure!(plain && !name.is_empty(), "{name:?} is no name of a file");
        let mut entry = entries.next().with_context(|| format!("{name} is missing"))??;
        ensure!(entry.path()?.as_os_str() == name, "{name} is missing");
        let to = folder.join(name);
        if let Some(parent) = to.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let mut into = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&to)?;
        std::io::copy(&mut entry, &mut into)?;
        into.sync_all()?;
        ensure!(wanted["sha256"] == sha256(&to)?, "{name} is not as it was written");
        found.push(name.to_owned());
    }
    if entries.next().is_some() {
        bail!("it holds more than its manifest names");
    }
    ensure!(found.iter().any(|name| is_store(name)), "it holds no data");
    Ok(found)
}

/// Makes a new name last.
fn sync_folder(of: &Path) -> anyhow::Result<()> {
    let parent = of.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(File::open(parent)?.sync_all()?)
}
