//! An office on one PC as it is installed: `okienko serve` with a settings file, an outside provider, real time.

use okienko_e2e::house::{binary, token};
use okienko_e2e::visit::{self, Wish};
use okienko_e2e::{Client, offices};
use okienko_fake_provider::FakeProvider;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

/// A timeout for a hang, not a measurement.
const HANG: Duration = Duration::from_secs(60);
const TOKEN: &str = "a-provider-token";
const PHONE: &str = "+48601222333";

fn settings(folder: &Path, provider: &str) -> String {
    let data = folder.join("data");
    let offices = folder.join("offices");
    format!(
        "[serve]\nlisten = \"127.0.0.1:0\"\nlog = \"warn\"\n[embedded]\ndata = {data:?}\n[offices]\ndir = {offices:?}\n\
         [sms]\naddress = \"{provider}\"\n"
    )
}

fn serve(folder: &Path) -> Command {
    let mut command = Command::new(binary().unwrap());
    command.arg("serve").arg("--settings").arg(folder.join("settings.toml"));
    command.env("OKIENKO__SMS__TOKEN", TOKEN);
    command
}

/// Starts it; returns the process and a client.
async fn start(folder: &Path) -> (Child, Client) {
    let mut command = serve(folder);
    let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let said = tokio::time::timeout(HANG, lines.next_line()).await.unwrap().unwrap().unwrap();
    let (who, address) = said.split_once(" at ").unwrap_or_else(|| panic!("{said}"));
    assert_eq!(who, "Okienko serves test");
    (child, Client::new(address))
}

async fn code(fake: &FakeProvider) -> String {
    let come = async {
        loop {
            if let Some(sent) = fake.arrived(PHONE).pop() {
                return sent.text.rsplit('#').next().unwrap().trim().to_owned();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(HANG, come).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_office_on_one_pc_books_by_a_real_provider_and_has_everything_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    offices::write(&folder.path().join("offices"), 9, 30).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let provider = format!("http://{}", listener.local_addr().unwrap());
    std::fs::write(folder.path().join("settings.toml"), settings(folder.path(), &provider)).unwrap();
    let fake = FakeProvider::new(Some(TOKEN), Box::new(|| "now".into()));
    let mut serving = JoinSet::new();
    serving.spawn(fake.clone().serve_http(listener));

    let (mut child, client) = start(folder.path()).await;
    let days = "/api/v1/offices/test/locations/hall/services/visit/days";
    let days = client.get(days).await.unwrap().expect(200).unwrap().json;
    let tomorrow = days["days"][1]["date"].as_str().unwrap().to_owned();
    let wish = Wish::new("test", "hall", "visit", &tomorrow, "10:00");
    let hold = visit::hold(&client, &wish).await.unwrap();
    visit::fill(&client, &hold, "Anna Nowak").await.unwrap();
    visit::send_code(&client, &hold, PHONE).await.unwrap().expect(202).unwrap();
    let confirmed = visit::confirm(&client, &hold, &code(&fake).await).await.unwrap().expect(200).unwrap();
    let path = format!("/api/v1/reservations/{}", confirmed.at("/reservation/token").unwrap());
    // No route of the demo exists here.
    client.get("/dev/clock").await.unwrap().expect(404).unwrap();
    client.get(&format!("/dev/outbox?to={PHONE}")).await.unwrap().expect(404).unwrap();

    child.kill().await.unwrap();
    let (mut child, client) = start(folder.path()).await;
    let visit = client.get(&path).await.unwrap().expect(200).unwrap();
    assert_eq!(visit.at("/state").unwrap(), "confirmed");
    let arguments = ["--role", "admin", "--office", "test"];
    let admin = client.with(&token(&folder.path().join("data"), &arguments).await.unwrap());
    admin.get("/admin").await.unwrap().expect(200).unwrap();

    // A second process on the same folder is refused and does no harm.
    let second = serve(folder.path()).output().await.unwrap();
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(!second.status.success() && said.contains("another okienko runs on"), "{said}");
    client.get("/readyz").await.unwrap().expect(200).unwrap();
    child.kill().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_missing_or_does_not_fit_is_said_before_anything_starts() {
    let folder = tempfile::tempdir().unwrap();
    offices::write(&folder.path().join("offices"), 9, 30).unwrap();
    std::fs::write(folder.path().join("settings.toml"), settings(folder.path(), "http://127.0.0.1:1"))
        .unwrap();
    let said = async |command: &mut Command| {
        let ended = command.output().await.unwrap();
        assert!(!ended.status.success());
        String::from_utf8(ended.stderr).unwrap()
    };
    let without_token = said(serve(folder.path()).env_remove("OKIENKO__SMS__TOKEN")).await;
    assert!(without_token.contains("sms.token_file"), "{without_token}");
    let with_roles = said(serve(folder.path()).args(["--roles", "booking"])).await;
    assert!(with_roles.contains("--roles") && with_roles.contains("embedded.data"), "{with_roles}");
    let neither = said(serve(folder.path()).env("OKIENKO__EMBEDDED__DATA", "")).await;
    assert!(neither.contains("--roles") && neither.contains("embedded.data"), "{neither}");
    assert!(!folder.path().join("data").exists());
}
