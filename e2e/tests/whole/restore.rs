//! An installation that has lost its database, NATS and Redis, recovered to a point in time with Postgres's own tools:
//! a base backup and the archived WAL. What was acknowledged before that point is there, and the rest refills itself.

use okienko_e2e::House;
use okienko_e2e::cluster::Cluster;
use okienko_e2e::house::{HouseOptions, MORNING, Shape};
use okienko_e2e::scene::{Scene, act, called, walk_in};
use okienko_e2e::visit::{Wish, book};
use serde_json::Value;

fn cluster(scene: &mut Scene) -> &mut Cluster {
    scene.house.cluster().unwrap()
}

async fn visit(scene: &Scene, time: &str, phone: &str) -> Value {
    let wish = Wish::new("torun", "glowny", "meldunek", "2026-12-01", time);
    book(&scene.house, &scene.house.client, &wish, phone, phone).await.unwrap()
}

async fn status(scene: &Scene, visit: &Value) -> u16 {
    let path = format!("/api/v1/reservations/{}", visit["token"].as_str().unwrap());
    scene.house.client.get(&path).await.unwrap().status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_installation_has_all_up_to_that_moment_and_goes_on_with_an_empty_nats_and_redis() {
    let mut scene = Scene { house: House::shaped(Shape::Roles, HouseOptions::at(MORNING)).await.unwrap() };
    cluster(&mut scene).servers.postgres.archive().unwrap();
    // After this restart nobody uses a connection that the restart of Postgres has cut.
    cluster(&mut scene).kill_and_restart().await.unwrap();
    let kiosk = scene.role("kiosk", "torun", "glowny").await.unwrap();
    let before = visit(&scene, "09:00", "+48601000001").await;
    cluster(&mut scene).servers.postgres.base_backup().unwrap();
    let between = visit(&scene, "09:15", "+48601000002").await;
    let (number, _, _) = walk_in(&kiosk, "meldunek").await.unwrap();
    let life = scene.board("torun", "glowny").await.unwrap()["life"].as_u64().unwrap();
    let moment = cluster(&mut scene).servers.postgres.archived_until().unwrap();
    let after = visit(&scene, "09:30", "+48601000003").await;
    cluster(&mut scene).servers.postgres.archived_until().unwrap();

    for replica in &mut cluster(&mut scene).replicas {
        replica.kill().await;
    }
    cluster(&mut scene).servers.nats.lose().unwrap();
    cluster(&mut scene).servers.nats.start_again().unwrap();
    cluster(&mut scene).servers.redis.kill();
    cluster(&mut scene).servers.redis.start_again().unwrap();
    cluster(&mut scene).servers.postgres.restore(&moment).unwrap();
    cluster(&mut scene).start_all().await.unwrap();

    let lives = scene.board("torun", "glowny").await.unwrap()["life"].as_u64().unwrap();
    assert!(lives > life, "a recovery to a moment is a new life: {lives} after {life}");
    let there = [status(&scene, &before).await, status(&scene, &between).await, status(&scene, &after).await];
    assert_eq!(there, [200, 200, 404], "before the moment, and after it");
    // The hour of the lost visit is free again, and a new visit reaches the hall over the new NATS.
    let again = visit(&scene, "09:30", "+48601000004").await;
    let clerk = scene.clerk("torun", "glowny", "3").await.unwrap();
    scene.house.clock("2026-12-01T09:30:00+01:00").await.unwrap();
    let mut numbers = Vec::new();
    for _ in 0..4 {
        numbers.push(called(&act(&clerk, "call-next").await.unwrap()).0);
        act(&clerk, "start").await.unwrap();
        act(&clerk, "finish").await.unwrap();
    }
    numbers.sort();
    let mut wanted = vec![number];
    wanted.extend([&before, &between, &again].map(|visit| visit["ticket"].as_str().unwrap().to_owned()));
    wanted.sort();
    assert_eq!(numbers, wanted);
}
