//! Data folders: a demo's folder is never used for a real office, a real office's folder is refused to a demo, and
//! files are readable by their owner only.

use okienko_e2e::house::{HouseOptions, MORNING, Shape, binary};
use okienko_e2e::{Client, House, offices};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

/// A timeout for a hang, not a measurement.
const HANG: Duration = Duration::from_secs(60);

/// `serve` with that data folder; the office is not one of the demo's.
fn serve(data: &Path, beside: &Path) -> Command {
    offices::write(&beside.join("offices"), 9, 30).unwrap();
    let (folder, settings) = (beside.join("offices"), beside.join("settings.toml"));
    let text = format!(
        "[serve]\nlisten = \"127.0.0.1:0\"\n[embedded]\ndata = {data:?}\n[offices]\ndir = {folder:?}\n\
         [sms]\naddress = \"http://127.0.0.1:1\"\n"
    );
    std::fs::write(&settings, text).unwrap();
    let mut command = Command::new(binary().unwrap());
    command
        .arg("serve")
        .arg("--settings")
        .arg(settings)
        .env("OKIENKO__SMS__TOKEN", "a-token")
        .kill_on_drop(true);
    command
}

/// The message with which it ends; it must end.
async fn refused(command: &mut Command, what: &str) -> String {
    let ended = tokio::time::timeout(HANG, command.output()).await;
    let ended = ended.unwrap_or_else(|_| panic!("{what}: it serves")).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{what}: {ended:?}");
    String::from_utf8(ended.stderr).unwrap()
}

async fn okienko(arguments: &[&str]) {
    let ended = Command::new(binary().unwrap()).args(arguments).output().await.unwrap();
    assert!(ended.status.success(), "{ended:?}");
}

fn copy(from: &Path, to: &Path) {
    let copied = std::process::Command::new("cp").arg("-r").arg(from).arg(to).status().unwrap();
    assert!(copied.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_of_the_demo_serves_nobody_in_earnest_wherever_it_has_gone() {
    let demo = House::shaped(Shape::Demo, HouseOptions::at(MORNING)).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let text = |path: &PathBuf| path.display().to_string();
    okienko(&["backup", &text(&at("backup")), "--data", &text(&demo.data().unwrap().to_owned())]).await;
    okienko(&["restore", &text(&at("backup")), "--data", &text(&at("restored"))]).await;
    copy(demo.data().unwrap(), &at("copied"));
    let without = |name: &str, gone: &[&str]| {
        copy(&at("restored"), &at(name));
        gone.iter().for_each(|file| drop(std::fs::remove_file(at(name).join(file))));
    };
    // Like folders of older versions: without the mark; if the clock is missing too, only the people tell that it is a
    // demo's.
    without("unmarked", &["demo"]);
    without("old", &["demo", "clock"]);
    without("with another secret", &["demo", "clock", "secret"]);
    std::os::unix::fs::symlink(at("restored"), at("linked")).unwrap();
    for name in ["restored", "copied", "unmarked", "old", "with another secret", "linked"] {
        let said = refused(&mut serve(&at(name), folder.path()), name).await;
        assert!(said.contains("was made by `okienko demo`"), "{name}: {said}");
    }
    // Nor is the demo's secret accepted elsewhere.
    let mut roles = Command::new(binary().unwrap());
    roles.args(["serve", "--roles", "booking"]).env("OKIENKO__KEYS__SECRET_FILE", at("copied/secret"));
    let said = refused(&mut roles, "its secret").await;
    assert!(said.contains("keys.secret_file") && said.contains("demo"), "{said}");
    // The demo itself still runs on it.
    let mut again = Command::new(binary().unwrap());
    again.args(["demo", "--listen", "127.0.0.1:0", "--data"]).arg(at("old"));
    let mut child = again.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let said = tokio::time::timeout(HANG, lines.next_line()).await.unwrap().unwrap().unwrap();
    assert!(said.contains("Okienko runs at"), "{said}");
    child.kill().await.unwrap();
    assert!(at("old").join("demo").exists(), "it is marked from now on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_of_the_demo_and_its_password_open_nothing_of_a_real_office() {
    let demo = House::shaped(Shape::Demo, HouseOptions::at(MORNING)).await.unwrap();
    let page = demo.client.get("/sign-in").await.unwrap().expect(200).unwrap().text;
    let key = page.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    // Somebody has copied the demo's secret by hand into a real installation.
    std::fs::create_dir(folder.path().join("data")).unwrap();
    std::fs::copy(demo.data().unwrap().join("secret"), folder.path().join("data/secret")).unwrap();
    let mut command = serve(&folder.path().join("data"), folder.path());
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let said = tokio::time::timeout(HANG, lines.next_line()).await.unwrap().unwrap().unwrap();
    let client = Client::new(said.split(" at ").nth(1).unwrap());
    demo.client.with(key).get("/desk").await.unwrap().expect(200).unwrap();
    client.with(key).get("/desk").await.unwrap().expect(403).unwrap();
    // And a demo refuses the folder of an office.
    child.kill().await.unwrap();
    let mut demo = Command::new(binary().unwrap());
    demo.args(["demo", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path().join("data"))
        .kill_on_drop(true);
    let said = refused(&mut demo, "a real office").await;
    assert!(said.contains("of a real office"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_a_usual_umask_everything_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("sh");
    command.arg("-c").arg("umask 022; exec \"$0\" demo --data \"$1\" --listen 127.0.0.1:0");
    command.arg(binary().unwrap()).arg(folder.path().join("data"));
    let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    tokio::time::timeout(HANG, lines.next_line()).await.unwrap().unwrap().unwrap();
    let backup = folder.path().join("backup");
    okienko(&["backup", backup.to_str().unwrap(), "--data", folder.path().join("data").to_str().unwrap()])
        .await;
    let (mut left, mut seen) = (vec![folder.path().join("data"), backup], 0);
    while let Some(path) = left.pop() {
        let about = path.metadata().unwrap();
        assert_eq!(about.permissions().mode() & 0o077, 0, "{}", path.display());
        seen += 1;
        if about.is_dir() {
            left.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
    assert!(seen > 10, "{seen}");
}
