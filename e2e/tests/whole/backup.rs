//! Backups while people book and clerks call: whole, complete, and refused where they are damaged.

use okienko_e2e::backup;
use okienko_e2e::house::{House, MORNING, Shape, Wanted, binary};
use okienko_e2e::visit::{Wish, book};
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_backup_under_load_has_all_that_was_acknowledged_before_it() {
    let outcome = backup::run(5, Duration::from_millis(400)).await.unwrap();
    println!("{outcome:?}");
    assert!(outcome.backups == 5 && outcome.acknowledged.iter().all(|count| *count > 0), "{outcome:?}");
}

fn okienko(command: &str, file: &Path, data: &Path) -> Output {
    Command::new(binary().unwrap()).arg(command).arg(file).arg("--data").arg(data).output().unwrap()
}

fn refused(command: &str, file: &Path, data: &Path) -> String {
    let out = okienko(command, file, data);
    assert_eq!(out.status.code(), Some(1), "{out:?}");
    String::from_utf8(out.stderr).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_damaged_or_in_the_way_is_refused_with_what_to_do_and_changes_nothing() {
    let house = House::shaped(Shape::Demo, Wanted::at(MORNING)).await.unwrap();
    let wish = Wish::new("torun", "glowny", "meldunek", "2026-12-02", "10:00");
    book(&house, &house.client, &wish, "Jan Kowalski", "+48601777333").await.unwrap();
    let (folder, data) = (tempfile::tempdir().unwrap(), house.data().unwrap());
    let (file, into) = (folder.path().join("backup"), folder.path().join("data"));
    assert!(okienko("backup", &file, data).status.success());
    assert!(refused("backup", &file, data).contains("is there already"));
    assert!(refused("backup", &folder.path().join("other"), folder.path()).contains("no data of okienko"));
    assert!(refused("backup", &data.join("access/inside"), data).contains("name a file outside"));
    assert!(refused("restore", &file, data).contains("not empty"));
    let whole = std::fs::read(&file).unwrap();
    // Any bit: of a page, of the secret, of the end.
    for at in [whole.len() / 5, whole.len() / 2, whole.len() - 4_000] {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        std::fs::write(&file, damaged).unwrap();
        let said = refused("restore", &file, &into);
        assert!(said.contains("no whole backup") && !into.exists(), "{at}: {said}");
    }
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    assert!(refused("restore", &file, &into).contains("no whole backup"));
    assert!(!into.exists());
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(left, ["backup"], "nothing is left lying about");
    std::fs::write(&file, &whole).unwrap();
    assert!(okienko("restore", &file, &into).status.success());
    assert!(into.join("secret").exists());
}
