//! Damaged stores and full disks: the program ends with a clear message, or says that it is not ready, and becomes
//! ready again when possible.

use okienko_e2e::house::{HouseOptions, MORNING, Shape, binary, token};
use okienko_e2e::scene::walk_in;
use okienko_e2e::{Client, House};
use std::path::Path;
use std::time::Duration;
use tokio::process::Command;

/// A timeout for a hang, not a measurement.
const HANG: Duration = Duration::from_secs(60);

async fn kiosk(data: &Path, base: &str) -> Client {
    let place = ["--role", "kiosk", "--office", "torun", "--location", "glowny"];
    Client::new(base).with(&token(data, &place).await.unwrap())
}

/// The folder of a demo that people have used.
async fn used() -> tempfile::TempDir {
    let house = House::shaped(Shape::Demo, HouseOptions::at(MORNING)).await.unwrap();
    let kiosk = kiosk(house.data().unwrap(), house.client.base()).await;
    for _ in 0..40 {
        walk_in(&kiosk, "meldunek").await.unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup");
    let run = async |command: &str, data: &Path| {
        let mut okienko = Command::new(binary().unwrap());
        let ended = okienko.arg(command).arg(&backup).arg("--data").arg(data).output().await.unwrap();
        assert!(ended.status.success(), "{ended:?}");
    };
    run("backup", house.data().unwrap()).await;
    run("restore", &folder.path().join("data")).await;
    folder
}

fn change(path: &Path, how: fn(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(path).unwrap();
    how(&mut bytes);
    std::fs::write(path, bytes).unwrap();
}

fn copied(from: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let copy = std::process::Command::new("cp").arg("-r").arg(from).arg(folder.path().join("data")).status();
    assert!(copy.unwrap().success());
    folder
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_damaged_store_the_program_ends_with_a_sentence_and_doctor_says_the_same() {
    let used = used().await;
    #[expect(clippy::type_complexity, reason = "a table")]
    let kinds: [(&str, fn(&mut Vec<u8>)); 6] = [
        ("head", |it| it[..100].fill(0)),
        ("middle", |it| {
            let middle = it.len() / 2 / 4096 * 4096;
            let end = it.len().min(middle + 8 * 4096);
            it[middle..end].fill(0xa5);
        }),
        ("end", |it| {
            let end = it.len() - 4 * 4096;
            it[end..].fill(0xa5);
        }),
        ("half of it", |it| it.truncate(it.len() / 2)),
        ("empty", Vec::clear),
        ("a letter", |it| *it = b"Dear Sir or Madam".repeat(100)),
    ];
    for store in ["queue", "booking", "sms-gateway"] {
        for (name, damage) in kinds {
            let folder = copied(&used.path().join("data"));
            let data = folder.path().join("data");
            change(&data.join(format!("{store}.db")), damage);
            let mut demo = Command::new(binary().unwrap());
            demo.arg("demo").arg("--data").arg(&data).args(["--listen", "127.0.0.1:0"]).kill_on_drop(true);
            let ended = tokio::time::timeout(HANG, demo.output()).await;
            let ended = ended.unwrap_or_else(|_| panic!("{store}, {name}: it goes on")).unwrap();
            let said = String::from_utf8(ended.stderr).unwrap();
            assert_eq!(ended.status.code(), Some(1), "{store}, {name}: {said}");
            assert!(said.contains(&format!("{store}.db is damaged")), "{store}, {name}: {said}");
            assert!(said.contains("okienko restore"), "{store}, {name}: {said}");
            let doctor = Command::new(binary().unwrap()).args(["doctor", "--data"]).arg(&data).output().await;
            let doctor = doctor.unwrap();
            let told = String::from_utf8(doctor.stdout).unwrap();
            assert!(!doctor.status.success() && told.contains("is damaged"), "{store}, {name}: {told}");
        }
    }
}

async fn ready(client: &Client) -> (u16, String) {
    let answer = client.get("/readyz").await.unwrap();
    (answer.status, answer.text)
}

async fn until(client: &Client, wanted: impl Fn(&(u16, String)) -> bool) -> String {
    let come = async {
        loop {
            let told = ready(client).await;
            if wanted(&told) {
                return told.1;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(HANG, come).await.expect("it is never so")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_that_changed_within_an_event_make_a_running_program_not_ready() {
    let used = used().await;
    let folder = copied(&used.path().join("data"));
    change(&folder.path().join("data/queue.db"), |it| {
        let at =
            it.windows(15).position(|part| part == b"\"walk_in\":true,\"" || part == b"\"service\":\"meld");
        it[at.unwrap() + 12] ^= 1;
    });
    let house = House::on(folder, HouseOptions::at(MORNING)).await;
    // The damage may be found so early that the program does not start.
    let Ok(house) = house else { return };
    let client = &house.client;
    let said = until(client, |(status, _)| *status == 503).await;
    assert!(said.contains("the journal of queue is damaged"), "{said}");
    let doctor =
        Command::new(binary().unwrap()).arg("doctor").arg(house.client.base()).output().await.unwrap();
    let told = String::from_utf8(doctor.stdout).unwrap();
    assert!(!doctor.status.success() && told.contains("queue"), "{told}");
}

/// A folder on a small disk of its own, if this machine allows one.
struct Small(tempfile::TempDir);

impl Small {
    fn mounted() -> Option<Small> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = std::process::Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"]).arg(folder.path());
        let mounted = mount.stderr(std::process::Stdio::null()).status().is_ok_and(|it| it.success());
        mounted.then(|| Small(folder))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_it_is_not_ready_and_is_again_when_there_is_room() {
    let Some(small) = Small::mounted() else { return };
    let folder = tempfile::Builder::new().tempdir_in(small.0.path()).unwrap();
    let house = House::on(folder, HouseOptions::at(MORNING)).await.unwrap();
    let client = &house.client;
    let kiosk = kiosk(house.data().unwrap(), client.base()).await;
    walk_in(&kiosk, "meldunek").await.unwrap();
    assert_eq!(ready(client).await.0, 200);
    let ballast = small.0.path().join("ballast");
    let mut file = std::fs::File::create(&ballast).unwrap();
    // Fills the disk.
    while std::io::Write::write_all(&mut file, &[1; 4096]).is_ok() {}
    drop(file);
    let full = async { while walk_in(&kiosk, "meldunek").await.is_ok() {} };
    tokio::time::timeout(HANG, full).await.expect("nothing can be written any more");
    let said = until(client, |(status, _)| *status == 503).await;
    assert!(said.contains("the journal of queue takes nothing"), "{said}");
    client.get("/healthz").await.unwrap().expect(200).unwrap();
    let doctor =
        Command::new(binary().unwrap()).arg("doctor").arg(house.client.base()).output().await.unwrap();
    let told = String::from_utf8(doctor.stdout).unwrap();
    assert!(!doctor.status.success() && told.contains("takes nothing"), "{told}");
    std::fs::remove_file(&ballast).unwrap();
    // No requests meanwhile: a process that is not ready receives none.
    until(client, |(status, _)| *status == 200).await;
    walk_in(&kiosk, "meldunek").await.unwrap();
}
