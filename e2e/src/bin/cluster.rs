//! Starts an installation of many processes on private servers, prints its address and how to sign in, and runs until
//! it is asked to stop. `cargo xtask cluster` builds what it needs.

use anyhow::Context;
use clap::Parser;
use okienko_e2e::cluster::{Cluster, Plan};
use okienko_e2e::house::MORNING;
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::signal::unix::{SignalKind, signal};

/// What it may be told.
#[derive(Parser)]
struct Options {
    /// Processes of each role
    #[arg(long, default_value_t = 2)]
    replicas: usize,
    /// A folder of office files instead of the samples
    #[arg(long)]
    offices: Option<PathBuf>,
    /// Where the ingress listens; port 0 means any
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where domain time stands until POST /dev/clock moves it; `real` for real time
    #[arg(long, default_value = MORNING)]
    clock: String,
    /// A database of countries by address (MMDB)
    #[arg(long)]
    geo: Option<PathBuf>,
    /// Where the installation's secret lies or is made; a temporary folder without it
    #[arg(long)]
    data: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Options { replicas, offices, listen, clock, geo, data } = Options::parse();
    let clock = (clock != "real").then_some(clock);
    let plan = Plan { offices, listen, clock: clock.clone(), geo, data, ..Plan::new(replicas, MORNING) };
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let started = async {
        let cluster = Cluster::start(plan).await.context("the installation did not start")?;
        print_ways_in(&cluster, clock.as_deref());
        anyhow::Ok(cluster)
    };
    let cluster = tokio::select! {
        biased;
        _ = terminate.recv() => return Ok(()),
        _ = interrupt.recv() => return Ok(()),
        cluster = started => cluster?,
    };
    tokio::select! {
        biased;
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    eprintln!("ending …");
    cluster.stop().await;
    Ok(())
}

fn print_ways_in(cluster: &Cluster, clock: Option<&str>) {
    let (base, data) = (cluster.base(), cluster.data().display());
    println!("{base}");
    println!(
        "\nPages              {base}/  {base}/kiosk  {base}/desk  {base}/hall/torun/glowny  {base}/admin"
    );
    println!("Signing in         {base}/sign-in: one click each; passwords are \"demo\"");
    println!("Devices and API    okienko token --data {data} --role kiosk --office torun --location glowny");
    println!("Messages \"sent\"    {base}/dev/outbox?to=%2B48601234567");
    match clock {
        Some(clock) => {
            println!("Domain time        stands at {clock}; POST {base}/dev/clock {{\"advance\":\"PT15M\"}}")
        }
        None => println!("Domain time        real"),
    }
    println!("\nProcesses");
    for replica in &cluster.replicas {
        let pid = replica.pid().unwrap_or_default();
        println!(
            "{:<12} pid {pid:>7}   HTTP {}   gRPC {}",
            replica.role.name(),
            replica.base(),
            replica.grpc()
        );
    }
    let servers = &cluster.servers;
    println!("\n{}\n{}\n{}", servers.postgres.url(), servers.nats.url(), servers.redis.url());
    println!("\nCtrl-C ends everything and removes it.");
}
