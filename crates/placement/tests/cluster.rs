//! Replicas on a real PostgreSQL and a real nats-server, with gRPC between them over TCP: presence, homes, and what
//! becomes of the keys of a killed one. Where the servers are not installed, nothing is checked, and that is printed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    reason = "a test fails by panicking"
)]

mod support;

use futures::future::join_all;
use okienko_drill::{Nats, Postgres};
use okienko_journal::{PostgresEngine, PostgresSettings, migrate};
use okienko_kernel::homes::Homes;
use okienko_kernel::{Home, Span, Tasks};
use okienko_placement::{Dial, Presence, Replicas, dial, server};
use okienko_rpc::Link;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use support::{Command, Event, Hand, Mortal, ROLE, Refusal, Replica, replica, stored, until};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;
use tonic::Status;
use tonic::transport::Endpoint;
use tower::ServiceExt;

struct Servers {
    nats: Nats,
    postgres: Postgres,
}

fn servers() -> Option<Servers> {
    if !Nats::is_installed() || !Postgres::is_installed() {
        eprintln!("no nats-server or no PostgreSQL here: replicas were not tried");
        return None;
    }
    Some(Servers { nats: Nats::start().unwrap(), postgres: Postgres::start().unwrap() })
}

static INSTALLATIONS: AtomicU32 = AtomicU32::new(0);

/// A journal and a bus of its own.
#[derive(Clone)]
struct Installation {
    nats: String,
    postgres: String,
    name: String,
    clock: Hand,
}

/// A replica with a runtime of its own, whose shutdown closes everything it has open: the closest thing to a killed
/// process.
struct Process {
    homes: Arc<Replicas>,
    replica: Arc<Replica>,
    presence: Arc<Presence>,
    runtime: Option<Runtime>,
}

impl Process {
    fn kill(&mut self) {
        self.runtime.take().into_iter().for_each(Runtime::shutdown_background);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Installation {
    async fn new(servers: &Servers) -> Installation {
        let name = format!("replicas{}", INSTALLATIONS.fetch_add(1, Ordering::Relaxed));
        let postgres = servers.postgres.url();
        migrate(&postgres, &name, &["postgres"]).await.unwrap();
        Installation { nats: servers.nats.url(), postgres, name, clock: Hand::default() }
    }

    fn engine(&self) -> Arc<PostgresEngine> {
        let settings = PostgresSettings::new(&self.postgres);
        Arc::new(PostgresEngine::open(&settings, &self.name).unwrap())
    }

    async fn start(&self, name: &str) -> Process {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (installation, name) = (self.clone(), name.to_owned());
        let begun = runtime.spawn(async move { installation.begin(&name).await });
        let (homes, replica, presence) = begun.await.unwrap();
        Process { homes, replica, presence, runtime: Some(runtime) }
    }

    /// Does what `serve` does for each process.
    async fn begin(&self, name: &str) -> (Arc<Replicas>, Arc<Replica>, Arc<Presence>) {
        let homes = Replicas::new(name, &[ROLE], over_tcp());
        let options = async_nats::ConnectOptions::new().retry_on_initial_connect();
        let nats = async_nats::jetstream::new(options.connect(&self.nats).await.unwrap());
        let presence = Presence::look(nats, &self.name, 1, homes.clone(), &Mortal::here()).await;
        let replica = replica(self.engine(), homes.clone(), &self.clock).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let incoming = tonic::transport::server::TcpIncoming::from(listener);
        let serving = tonic::transport::Server::builder().add_service(server(homes.clone()));
        replica
            .tasks
            .spawn("grpc", Box::pin(async move { serving.serve_with_incoming(incoming).await.unwrap() }));
        presence.join(&address).await;
        (homes, Arc::new(replica), Arc::new(presence))
    }
}

fn over_tcp() -> Dial {
    let link = |address: &str| -> Result<Link, String> {
        let endpoint = Endpoint::from_shared(address.to_owned()).map_err(|e| e.to_string())?;
        let channel = endpoint.connect_timeout(Duration::from_secs(1)).connect_lazy();
        Ok(Link::new(channel.map_err(|error| Status::from_error(Box::new(error)))))
    };
    dial(link, |status| {
        let mut source = std::error::Error::source(status);
        while let Some(error) = source {
            if error.is::<tonic::ConnectError>() {
                return true;
            }
            source = error.source();
        }
        false
    })
}

fn at_home_in(homes: &Replicas, begin: &str, how_many: usize) -> Vec<String> {
    let streams = (0..).map(|n| format!("{begin}{n}"));
    streams.filter(|stream| homes.home(ROLE, stream).is_here()).take(how_many).collect()
}

async fn know_each_other(all: &[&Process]) {
    let agree = async || {
        (0..50).all(|n| {
            let here = |it: &&&Process| matches!(it.homes.home(ROLE, &format!("hall/{n}")), Home::Here);
            all.iter().filter(here).count() == 1
        })
    };
    until(agree).await;
}

async fn orders_on_one_stream_through_two_replicas_are_those_of_one_machine(servers: &Servers) {
    let installation = Installation::new(servers).await;
    let (a, b) = (installation.start("a").await, installation.start("b").await);
    know_each_other(&[&a, &b]).await;
    for stream in [at_home_in(&a.homes, "hall/", 1).remove(0), at_home_in(&b.homes, "hall/", 1).remove(0)] {
        let asked = (0..400u32).map(|n| {
            let (it, stream) = ([&a, &b][n as usize % 2], stream.clone());
            async move { it.replica.take(&stream, n / 2 % 50).await }
        });
        let answers = join_all(asked).await;
        let taken = answers.iter().filter(|told| matches!(told, Ok(Ok(_)))).count();
        let refused = answers.iter().filter(|told| **told == Ok(Err(Refusal::Occupied))).count();
        assert_eq!((taken, refused), (50, 350), "{answers:?}");
        for seat in 0..20 {
            // Freed through one and at once taken through the other.
            let (free, take) = (Command::Free(seat), Command::Take(seat));
            let key = format!("{stream} {seat}");
            assert_eq!(a.replica.ask(&stream, free.clone(), Some(&format!("f {key}"))).await, Ok(Ok(49)));
            assert_eq!(b.replica.ask(&stream, take.clone(), Some(&format!("t {key}"))).await, Ok(Ok(50)));
            assert_eq!(a.replica.ask(&stream, take, Some(&format!("t {key}"))).await, Ok(Ok(50)));
            assert_eq!(b.replica.ask(&stream, free, Some(&format!("f {key}"))).await, Ok(Ok(49)));
            assert_eq!(a.replica.taken(&stream).await.len(), 50);
        }
    }
    assert!(stored(&*installation.engine()).await.values().all(|events| events.len() == 90));
    a.presence.leave().await;
    until(async || at_home_in(&b.homes, "hall/", 50).len() == 50 && b.homes.home(ROLE, "hall/0").is_here())
        .await;
    assert_eq!(a.replica.take("hall/after", 1).await, Ok(Ok(1)), "it hands on what still comes to it");
}

async fn the_keys_and_timers_of_a_killed_replica_are_carried_on_by_the_other(servers: &Servers) {
    let installation = Installation::new(servers).await;
    let b = installation.start("b").await;
    let (mut orders, mut homes) = (Vec::new(), Vec::new());
    for round in 0..5 {
        let mut a = installation.start(&format!("a{round}")).await;
        know_each_other(&[&a, &b]).await;
        let streams: Vec<String> = at_home_in(&a.homes, &format!("hall/{round}/"), 20);
        for stream in &streams {
            a.replica.ask(stream, Command::SetBell, None).await.unwrap().unwrap();
        }
        let stream = &streams[0];
        for seat in 0..5 {
            b.replica.take(stream, round * 100 + seat).await.unwrap().unwrap();
        }
        a.kill();
        let killed = Instant::now();
        until(async || {
            b.replica.ask(stream, Command::Take(round * 100 + 50), Some(&format!("{round}"))).await.is_ok()
        })
        .await;
        orders.push(killed.elapsed());
        until(async || b.homes.home(ROLE, stream).is_here()).await;
        homes.push(killed.elapsed());
        installation.clock.advance(Span::from_mins(2));
        let rung = async || {
            let streams = stored(&*installation.engine()).await;
            let rang = streams.values().filter(|events| events.contains(&Event::Rung)).count();
            rang == 20 * (round as usize + 1)
        };
        until(rung).await;
    }
    println!(
        "from the kill of a home to the first answer on its keys: {orders:?}; to its timers' new home: {homes:?}"
    );
}

async fn while_nats_is_away_the_last_view_stands(servers: &mut Servers) {
    let (mut a, b) = {
        let installation = Installation::new(servers).await;
        (installation.start("a").await, installation.start("b").await)
    };
    know_each_other(&[&a, &b]).await;
    let before = at_home_in(&a.homes, "hall/", 20);
    servers.nats.freeze();
    // Longer than a replica counts as present without a beat.
    tokio::time::sleep(okienko_placement::TTL * 2).await;
    assert_eq!(at_home_in(&a.homes, "hall/", 20), before);
    servers.nats.thaw();
    know_each_other(&[&a, &b]).await;
    assert_eq!(at_home_in(&a.homes, "hall/", 20), before);
    a.kill();
    until(async || b.homes.home(ROLE, &before[0]).is_here()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_on_postgres_and_nats() {
    let Some(mut servers) = servers() else { return };
    orders_on_one_stream_through_two_replicas_are_those_of_one_machine(&servers).await;
    the_keys_and_timers_of_a_killed_replica_are_carried_on_by_the_other(&servers).await;
    while_nats_is_away_the_last_view_stands(&mut servers).await;
}
