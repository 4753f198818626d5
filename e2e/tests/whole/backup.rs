//! Backups while people book and clerks call: consistent, complete, and refused when damaged.

use okienko_e2e::backup;
use okienko_e2e::house::{House, HouseOptions, MORNING, Shape, binary};
use okienko_e2e::scene::{Scene, act, called, walk_in};
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
    let house = House::shaped(Shape::Demo, HouseOptions::at(MORNING)).await.unwrap();
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
    // A single changed bit: in a page, in the secret, near the end.
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_that_was_open_over_a_restore_goes_on_with_lower_numbers_and_hears_the_next_call() {
    const HALL: &str = "/api/v1/halls/torun/glowny";
    const EVENTS: &str = "/api/v1/halls/torun/glowny/events";
    let scene = Scene { house: House::shaped(Shape::Demo, HouseOptions::at(MORNING)).await.unwrap() };
    let kiosk = scene.role("kiosk", "torun", "glowny").await.unwrap();
    let (kept, ..) = walk_in(&kiosk, "meldunek").await.unwrap();
    let (folder, early) = (tempfile::tempdir().unwrap(), scene.board("torun", "glowny").await.unwrap());
    let file = folder.path().join("backup");
    assert!(okienko("backup", &file, scene.house.data().unwrap()).status.success());
    // A morning after the backup, in which the screen sees higher numbers.
    let clerk = scene.clerk("torun", "glowny", "3").await.unwrap();
    for _ in 0..6 {
        walk_in(&kiosk, "meldunek").await.unwrap();
        act(&clerk, "call-next").await.unwrap();
        act(&clerk, "finish").await.unwrap();
    }
    let seen = scene.board("torun", "glowny").await.unwrap();
    let number =
        |board: &serde_json::Value| (board["life"].as_u64().unwrap(), board["seq"].as_u64().unwrap());
    let (life, seq) = number(&seen);
    assert_eq!(life, number(&early).0);
    let same = scene
        .house
        .client
        .listen_after(EVENTS, Some(&format!("{life}-{}", seq - 1)))
        .await
        .unwrap()
        .next()
        .await;
    let same = same.unwrap();
    assert_eq!((same.life, same.id), (Some(life), Some(seq)));
    drop(scene);

    let into = tempfile::tempdir().unwrap();
    assert!(okienko("restore", &file, &into.path().join("data")).status.success());
    let scene = Scene { house: House::on(into, HouseOptions::at(MORNING)).await.unwrap() };
    let restored = scene.board("torun", "glowny").await.unwrap();
    assert!(number(&restored).0 > life && number(&restored).1 < seq, "{restored} after {seen}");
    let mut screen = scene.house.client.listen_after(EVENTS, Some(&format!("{life}-{seq}"))).await.unwrap();
    let first = screen.next().await.unwrap();
    assert_eq!(
        (first.name.as_str(), first.life, first.id),
        ("snapshot", Some(number(&restored).0), Some(number(&restored).1))
    );
    let clerk = scene.clerk("torun", "glowny", "3").await.unwrap();
    assert_eq!(called(&act(&clerk, "call-next").await.unwrap()).0, kept);
    let call = loop {
        let event = screen.next().await.unwrap();
        if event.name == "call" {
            break event;
        }
    };
    assert_eq!((call.life, call.data["ticket"].as_str()), (first.life, Some(kept.as_str())));
    assert!(call.id < Some(seq));
    let board = scene.house.client.get(HALL).await.unwrap().json;
    assert_eq!(board["calls"][0]["ticket"], serde_json::json!(kept));
}
