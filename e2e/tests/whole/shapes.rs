//! The short whole path with one process per role, and with two.

use super::path::the_whole_path;
use okienko_e2e::House;
use okienko_e2e::house::{HouseOptions, MORNING, Shape};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_path_leads_through_four_processes() {
    the_whole_path(House::shaped(Shape::Roles, HouseOptions::at(MORNING)).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_path_leads_through_two_processes_of_each_role() {
    the_whole_path(House::shaped(Shape::Cluster, HouseOptions::at(MORNING)).await.unwrap()).await;
}
