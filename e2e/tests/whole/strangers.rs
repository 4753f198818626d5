//! Attacks at their everyday size: every route with every kind of token, ids and keys of others, writes and connections
//! without end. At full size: `cargo xtask prove attack`.

use okienko_e2e::House;
use okienko_e2e::attack::{Attack, Size, doors};

async fn borne(attack: Attack) {
    for borne in attack.run(Size::EVERYDAY).await.unwrap() {
        println!("{}: {}", borne.attack, borne.outcome);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_of_staff_is_closed_to_strangers_of_every_role() {
    let house = House::demo().await.unwrap();
    doors::run(&house).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ids_that_are_guessed_bent_borrowed_or_used_twice_open_nothing_and_count_once() {
    borne(Attack::Ids).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_who_send_the_same_key_get_each_their_own() {
    borne(Attack::SharedKeys).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_without_end_leave_little_behind_and_lock_nobody_out() {
    borne(Attack::Writes).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_never_become_a_request_die_and_lock_nobody_out() {
    borne(Attack::Connections).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_requests_lock_nobody_out_where_few_files_may_be_open() {
    borne(Attack::FewDescriptors).await;
}
