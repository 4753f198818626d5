//! An installation under load: started, kept busy, brought to rest for comparison, and asked for a key's home. Knows no
//! event.

use super::fault::Fault;
use super::journal;
use super::load::{Load, Staff, open_counters};
use super::told::{Book, ClientLedger, Kind};
use super::{Outcome, insist};
use crate::client::Client;
use crate::cluster::{Cluster, Plan, Role};
use crate::house::{MORNING, token};
use crate::kill::{DATE, PLACES};
use crate::offices;
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Domain time passes this many times as fast as real time, so that attempts lost in a kill are soon repeated.
const SPEED: i64 = 4;
/// Every kind of client must make progress within this time after a fault.
const RECOVERY: Duration = Duration::from_secs(120);
/// Rounds of each kind that count as progress.
const ROUNDS: u64 = 2;

/// The installation and its users.
pub struct Site {
    /// The installation.
    pub cluster: Cluster,
    /// Its clients.
    pub load: Load,
    /// The tokens of devices and clerks.
    pub staff: Staff,
    clients: JoinSet<()>,
    _time: JoinSet<()>,
    _folder: tempfile::TempDir,
}

impl Site {
    /// Starts the installation and its clients.
    pub async fn start() -> Result<Site> {
        Site::with(None).await
    }

    /// The same with another program than the one under test.
    pub async fn with(program: Option<PathBuf>) -> Result<Site> {
        let folder = tempfile::tempdir()?;
        offices::write(folder.path(), PLACES, 15)?;
        if program.is_some() {
            offices::without(folder.path(), "remind_at")?;
        }
        let offices = Some(folder.path().to_owned());
        let plan = Plan { offices, program, can_be_cut: true, ..Plan::new(2, MORNING) };
        let cluster = Cluster::start(plan).await?;
        let here = ["--office", "test", "--location", "hall"];
        let kiosk = token(cluster.data(), &[&["--role", "kiosk"], &here[..]].concat()).await?;
        let mut desks = Vec::new();
        for counter in ["1", "2", "3"] {
            let clerk = [&["--role", "clerk", "--counter", counter], &here[..]].concat();
            desks.push((counter.to_owned(), token(cluster.data(), &clerk).await?));
        }
        let staff = Staff { kiosk, desks };
        let load = Load {
            client: Client::new(cluster.base()),
            provider: cluster.provider.clone(),
            book: Book::default(),
            gate: Arc::default(),
        };
        open_counters(&load.client, &staff).await?;
        let mut time = JoinSet::new();
        let clocks = cluster.clocks().context("a drill's clock")?;
        time.spawn(async move { clocks.run(SPEED).await });
        let clients = load.start(&staff);
        let site = Site { cluster, load, staff, clients, _time: time, _folder: folder };
        site.gets_on().await.context("before any fault")?;
        Ok(site)
    }

    /// Puts it through one fault under load; afterwards every client makes progress, and everything acknowledged is
    /// there once.
    pub async fn bear(&mut self, fault: &Fault) -> Result<Outcome> {
        let before = self.load.book.lock().retries;
        let mut gaps = Vec::new();
        fault.happen(self, &mut gaps).await.with_context(|| format!("{fault}"))?;
        self.gets_on().await.with_context(|| format!("after {fault}"))?;
        self.compare().await.with_context(|| format!("after {fault}"))?;
        let retries = self.load.book.lock().retries - before;
        Ok(Outcome { fault: fault.clone(), retries, gaps })
    }

    /// Waits until each kind of client has finished a few more rounds.
    pub async fn gets_on(&self) -> Result<()> {
        let rounds = |of: &BTreeMap<Kind, u64>, kind: Kind| of.get(&kind).copied().unwrap_or_default();
        let (before, start) = (self.load.book.lock().done.clone(), Instant::now());
        loop {
            let stuck: Vec<Kind> = {
                let told = self.load.book.lock();
                ensure!(told.wrong.is_empty(), "wrong answers: {:#?}", told.wrong);
                ensure!(told.given_up.is_empty(), "no retry mended: {:#?}", told.given_up);
                let gets_on = |kind: &Kind| rounds(&told.done, *kind) >= rounds(&before, *kind) + ROUNDS;
                Kind::ALL.into_iter().filter(|kind| !gets_on(kind)).collect()
            };
            if stuck.is_empty() {
                return Ok(());
            }
            if start.elapsed() > RECOVERY {
                bail!("{stuck:?} do not get on; {}", self.said());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The last lines that each process logged, for finding a cause.
    fn said(&self) -> String {
        let last = |text: String| text.lines().rev().take(8).collect::<Vec<_>>().join("\n  ");
        let replicas = self.cluster.replicas.iter();
        replicas.map(|it| format!("{} {}:\n  {}\n", it.role, it.base(), last(it.said()))).collect()
    }

    /// Brings all clients to rest, and compares what they were told with the journals, the pages and the phones.
    pub async fn compare(&self) -> Result<()> {
        let _at_rest = self.load.gate.write().await;
        let clocks = self.cluster.clocks().context("a drill's clock")?;
        // Messages to a process that was cut off are redelivered after NATS's half minute.
        clocks.settled_within(RECOVERY).await?;
        let told = self.load.book.lock().clone();
        journal::compare(&self.cluster.servers.postgres.url(), &told).await?;
        self.compare_from_outside().await?;
        self.compare_phones().await
    }

    /// Compares twenty reservations and twenty tickets, as anybody may read them from outside.
    async fn compare_from_outside(&self) -> Result<()> {
        let told = self.load.book.lock().clone();
        for (token, (number, _)) in told.reservations.iter().take(20) {
            let there = self.asked(&format!("/api/v1/reservations/{token}")).await?;
            ensure!(there.at("/number")? == *number && there.at("/state")? == "confirmed", "{}", there.text);
        }
        for (token, number) in told.tickets.iter().take(20) {
            let there = self.asked(&format!("/api/v1/tickets/{token}")).await?;
            let same = there.at("/number").ok().as_ref() == Some(number);
            ensure!(same, "ticket {number} became {}\n{}", there.text, self.said());
            let called = told.calls.iter().any(|(_, of, _)| of == number);
            let state = there.at("/state")?;
            ensure!(!called || state != "waiting", "ticket {number} was called and is {state}");
        }
        Ok(())
    }

    /// An answer, retried as every client does while a process says that it cannot answer now.
    async fn asked(&self, path: &str) -> Result<crate::Answer> {
        let (book, client) = (&self.load.book, &self.load.client);
        let key = format!("look-{}", book.next());
        let answer = insist::insist(book, client, http::Method::GET, path, None, &key).await;
        answer.with_context(|| format!("{path} is never answered"))?.expect(200)
    }

    /// Everybody who booked has exactly one code and one confirmation, however often a process died meanwhile. An
    /// attempt lost in a kill is repeated after a minute of domain time.
    async fn compare_phones(&self) -> Result<()> {
        let phones = self.load.book.lock().reservations.values().map(|it| it.1.clone()).collect::<Vec<_>>();
        let start = Instant::now();
        for phone in phones {
            let mut texts = self.load.provider.arrived(&phone);
            while texts.len() < 2 && start.elapsed() < RECOVERY {
                tokio::time::sleep(Duration::from_millis(50)).await;
                texts = self.load.provider.arrived(&phone);
            }
            ensure!(texts.len() == 2, "{phone} has {} messages: {texts:?}", texts.len());
        }
        Ok(())
    }

    /// The stream key of a role's busy key.
    pub fn busy_key(role: Role) -> Option<String> {
        match role {
            Role::Booking => Some(format!("day/test/all/{DATE}")),
            Role::Queue => Some(format!("hall/test/hall/{}", &MORNING[..10])),
            Role::SmsGateway => Some(format!("outbox/test/{}", &MORNING[..10])),
            Role::Display => None,
        }
    }

    /// The index of the process that reports being the home of the role's busy key; of any process for roles without
    /// keys.
    pub async fn home(&self, role: Role) -> Result<usize> {
        let Some(key) = Site::busy_key(role) else { return Ok(self.cluster.of(role).start) };
        let start = Instant::now();
        loop {
            for at in self.cluster.of(role) {
                let asked = Client::new(&self.cluster.replicas[at].base());
                let answer = asked.get(&format!("/dev/drill?key={key}")).await;
                if answer.is_ok_and(|answer| answer.json["home"] == true) {
                    return Ok(at);
                }
            }
            ensure!(start.elapsed() < RECOVERY, "nobody is the home of {key}");
            tokio::time::sleep(insist::TRY / 40).await;
        }
    }

    /// Stops the clients, compares a last time, stops the processes.
    pub async fn end(mut self) -> Result<ClientLedger> {
        self.compare().await.context("at the end")?;
        self.clients.shutdown().await;
        let told = self.load.book.lock().clone();
        self.cluster.stop().await;
        Ok(told)
    }
}
