//! `okienko backup` and `okienko restore`: writes the data folder of a program on one PC into one file while it runs,
//! and restores it into an empty folder. Restores nothing unless all of it is intact. Knows no office and no event.
//!
//! The file contains the installation's secret, without which nothing sealed could be read again. Whoever has the file
//! has everything.

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

/// The first entry of the file: lists what follows, and the expected content of each.
const MANIFEST: &str = "manifest.json";
/// Created by each program that runs on the folder, and useless elsewhere.
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
    // It would contain itself, and be on the same disk that it is meant to outlive.
    let inside = work.path().canonicalize()?.starts_with(data.canonicalize()?);
    ensure!(!inside, "{} lies within {}: name a file outside", file.display(), data.display());
    let cuts: Vec<_> = stores.iter().map(|name| (data.join(name), work.path().join(name))).collect();
    // Files without facts come first: a secret or a clock that is older than the snapshot of the stores loses nothing.
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

/// Restores a backup into an empty folder, after checking that all of it is intact.
pub fn restore(options: Options) -> anyhow::Result<()> {
    let Options { file, data } = options;
    if data.exists() {
        let empty = std::fs::read_dir(&data).with_context(|| format!("{}", data.display()))?.next().is_none();
        ensure!(empty, "{} is not empty: a backup is restored into an empty folder", data.display());
    }
    // A systemd unit's folder is a link to the real one; a rename cannot replace a link by a folder.
    let data = if data.exists() { data.canonicalize()? } else { data };
    let work = beside(&data)?;
    let found =
        unpack(&file, work.path()).with_context(|| format!("{} is no whole backup", file.display()))?;
    for name in found.iter().filter(|name| is_store(name)) {
        let whole = verify(&work.path().join(name))?;
        // Screens have seen events later than the backup; the new life makes them accept lower numbers again.
        renew(&work.path().join(name))?;
        say!("{name}: {} events in {} streams, whole", whole.events, whole.streams);
    }
    if data.exists() {
        std::fs::remove_dir(&data)?;
    }
    std::fs::rename(work.path(), &data).with_context(|| format!("{}", data.display()))?;
    // The temporary folder has been moved: nothing is left to remove.
    let _ = work.keep();
    sync_folder(&data)?;
    say!("{} is as it was; start okienko on it", data.display());
    Ok(())
}

/// A temporary folder on the disk of the result, readable only by the owner.
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

/// Copies everything except the stores, which are snapshotted, and files needed only by a running program.
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

/// The files under a folder, by relative path.
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

/// Writes the files of a backup into `folder`: exactly those that its manifest lists, each as listed.
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

/// Makes a new directory entry durable.
fn sync_folder(of: &Path) -> anyhow::Result<()> {
    let parent = of.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(File::open(parent)?.sync_all()?)
}
