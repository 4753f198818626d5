//! Many messages through two replicas of the gateway, with two providers that fail in every way at once, and replicas
//! that are killed: what the journal says, what the providers have, and what was requested are compared. Knows the
//! gateway's contract and its stored events.

use crate::cluster::{Cluster, Plan, Role};
use crate::house::MORNING;
use crate::offices;
use anyhow::{Context, Result, bail, ensure};
use okienko_address::town;
use okienko_fake_provider::{FakeProvider, Mode};
use okienko_journal::{Engine, PostgresEngine, PostgresSettings, Recorded};
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Entropy, Keys};
use okienko_proto::sms::address::Kind;
use okienko_proto::sms::sms_gateway_client::SmsGatewayClient;
use okienko_proto::sms::{Address, SendRequest};
use okienko_rpc::{Link, ServiceKey, far};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Clients that request messages concurrently.
const ASKING: u32 = 48;
/// How many times faster than real time it passes, so that pauses of minutes fit into a run.
const SPEED: i64 = 30;
/// How long a client retries the request for one message.
const INSIST: Duration = Duration::from_secs(60);
/// The longest that the last messages may take after all are requested and all providers work again.
const END: Duration = Duration::from_secs(240);
/// One in this many messages is of an office whose budget covers only half of its requests.
const POOR: u32 = 20;
/// Events per read.
const PAGE: usize = 20_000;
/// The office that most messages belong to.
pub const OFFICE: &str = "rich";
/// The day that all messages belong to.
const DAY: &str = "2026-12-01";

/// The size of a run.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Messages to request.
    pub messages: u32,
    /// How often a replica of the gateway is killed with `kill -9`.
    pub kills: u32,
}

/// The result of a run.
#[derive(Debug)]
pub struct Outcome {
    /// Messages that were accepted.
    pub accepted: u32,
    /// Messages that a budget refused.
    pub refused: u32,
    /// Message parts that the office with the small budget used, and that budget.
    pub spent: (u32, u32),
    /// Messages that providers accepted more than once.
    pub twice: u32,
    /// Those of them that both providers have: a replica died between a provider's answer and the journal.
    pub both: u32,
    /// Deliveries with an unknown outcome: the provider did not answer, or the replica may have died meanwhile.
    pub unknown: u64,
    /// Messages by their final state.
    pub ends: BTreeMap<String, u32>,
    /// Attempts for all messages together.
    pub attempts: u32,
    /// From the first request to the last final state.
    pub took: Duration,
}

/// Requests messages, kills replicas, waits until all are final and compares.
pub async fn run(size: Size, seed: u64) -> Result<Outcome> {
    let folder = tempfile::tempdir()?;
    offices::write(folder.path(), 10, 15)?;
    let settings = [("PROVIDERS", "smsapi,twilio"), ("PER_SECOND", "1000"), ("AT_ONCE", "64")];
    let settings = settings.map(|(name, value)| (format!("OKIENKO__SMS__{name}"), value.to_owned())).to_vec();
    let plan = Plan { offices: Some(folder.path().to_owned()), settings, ..Plan::new(2, MORNING) };
    let mut cluster = Cluster::start(plan).await?;
    cluster.provider.behave(Mode::Mixed, None);
    let clocks = cluster.clocks().context("a clock that stands")?;
    let time = async { clocks.run(SPEED).await };
    let through = through(&mut cluster, size, seed);
    let outcome = tokio::select! {
        () = time => bail!("time stands still"),
        outcome = through => outcome?,
    };
    cluster.stop().await;
    Ok(outcome)
}

async fn through(cluster: &mut Cluster, size: Size, seed: u64) -> Result<Outcome> {
    let begun = Instant::now();
    let gateways = cluster.of(Role::SmsGateway);
    let keys = Keys::from_secret(&std::fs::read(cluster.data().join("secret"))?);
    let key = ServiceKey::of(&keys);
    let addresses: Vec<String> = gateways.clone().map(|at| cluster.replicas[at].grpc()).collect();
    let (next, budget) = (Arc::new(AtomicU32::new(0)), size.messages / POOR / 2);
    let mut asking = JoinSet::new();
    for _ in 0..ASKING {
        let link = far(&addresses, &key, None)?;
        asking.spawn(ask_all(link, next.clone(), size.messages, budget));
    }
    // Replicas die at evenly spaced points while all that is under way.
    let random = SeededEntropy::new(seed);
    for kill in 0..size.kills {
        let when = size.messages / (size.kills + 1) * (kill + 1);
        while next.load(Ordering::Relaxed) < when && !asking.is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let at = gateways.start + (random.number() % gateways.len() as u64) as usize;
        cluster.replicas[at].kill().await;
        cluster.launch(at).await?;
        cluster.replicas[at].ready().await?;
        eprintln!("{} of {} asked, replica {at} killed", next.load(Ordering::Relaxed), size.messages);
    }
    let (mut accepted, mut refused) = (0, 0);
    while let Some(done) = asking.join_next().await {
        let (took, not) = done??;
        accepted += took;
        refused += not;
    }
    eprintln!("all asked after {} s; providers are well from now on", begun.elapsed().as_secs());
    cluster.provider.behave(Mode::Fine, None);
    let url = cluster.servers.postgres.url();
    let journal = ended(&url, accepted).await?;
    let (twice, both) = twice(&cluster.provider, &journal)?;
    // A replica that dies loses at most what it had in progress: 64 messages in each of two lanes.
    let unknown = cluster.provider.hung_up() + u64::from(size.kills) * 128;
    ensure!(u64::from(twice) <= unknown, "{twice} were taken twice, {unknown} outcomes were unknown");
    let (poor, all) = journal.parts;
    ensure!(poor <= budget, "{poor} parts of a budget of {budget}");
    ensure!(all >= accepted, "{all} parts for {accepted} messages");
    Ok(Outcome {
        accepted,
        refused,
        spent: (poor, budget),
        twice,
        both,
        unknown,
        ends: journal.ends,
        attempts: journal.attempts,
        took: begun.elapsed(),
    })
}

/// Requests `count` messages of [`OFFICE`] from the gateway at `address`, while time passes quickly.
pub async fn ask_for(cluster: &Cluster, address: &str, count: u32) -> Result<()> {
    let clocks = cluster.clocks().context("a clock that stands")?;
    let key = ServiceKey::of(&Keys::from_secret(&std::fs::read(cluster.data().join("secret"))?));
    let mut client = SmsGatewayClient::new(far(&[address.to_owned()], &key, None)?);
    let asking = async {
        for n in (1..).filter(|n: &u32| !n.is_multiple_of(POOR)).take(count as usize) {
            client.send(message(n, count.saturating_mul(2), 0)).await?;
        }
        anyhow::Ok(())
    };
    tokio::select! {
        () = clocks.run(SPEED) => bail!("time stands still"),
        asked = asking => asked,
    }
}

/// Requests one message after another; returns how many were accepted and how many refused.
async fn ask_all(link: Link, next: Arc<AtomicU32>, messages: u32, budget: u32) -> Result<(u32, u32)> {
    let mut client = SmsGatewayClient::new(link);
    let (mut accepted, mut refused) = (0, 0);
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        if n >= messages {
            return Ok((accepted, refused));
        }
        let begun = Instant::now();
        loop {
            match client.send(message(n, messages, budget)).await {
                Ok(_) => {
                    accepted += 1;
                    break;
                }
                Err(status) if okienko_rpc::refusal(&status).is_some_and(|it| it.code == "limit_reached") => {
                    refused += 1;
                    break;
                }
                Err(status) if begun.elapsed() > INSIST => bail!("message {n}: {status}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }
}

fn message(n: u32, messages: u32, budget: u32) -> SendRequest {
    let poor = n.is_multiple_of(POOR);
    let arguments = [
        ("ticket", format!("A{:03}", n % 1_000)),
        ("counter-given", "no".to_owned()),
        ("counter", String::new()),
        ("minutes", "10".to_owned()),
        ("ahead", "3".to_owned()),
        ("location", "Sala".to_owned()),
        ("url", "https://a.pl/t/x".to_owned()),
    ];
    SendRequest {
        office: if poor { "poor".into() } else { OFFICE.into() },
        office_number: if poor { 8 } else { 9 },
        to: Some(Address { kind: Some(Kind::Phone(town::phone(n))) }),
        locale: "pl".into(),
        sender: "Urzad".into(),
        template: "soon".into(),
        arguments: arguments.map(|(name, value)| (name.to_owned(), value)).into(),
        day: DAY.into(),
        request_key: format!("message/{n}"),
        budget: if poor { budget } else { messages.saturating_mul(4) },
        dial_codes: vec![],
        not_before: 0,
        not_after: 0,
        keeps_letters: false,
    }
}

/// The contents of the gateway's journal.
#[derive(Default)]
struct Journal {
    after: u64,
    queued: BTreeMap<String, Option<String>>,
    ends: BTreeMap<String, u32>,
    attempts: u32,
    /// Message parts: of the office with the small budget, and of both offices.
    parts: (u32, u32),
}

impl Journal {
    fn note(&mut self, event: &Recorded) -> Result<()> {
        let data: Value = serde_json::from_slice(&event.data)?;
        let message = data["message"].as_str().unwrap_or_default().to_owned();
        match &*event.kind {
            "message_queued" => {
                let parts = data["parts"].as_u64().unwrap_or_default() as u32;
                self.parts.1 += parts;
                if &*event.office == "poor" {
                    self.parts.0 += parts;
                }
                ensure!(self.queued.insert(message.clone(), None).is_none(), "{message} is queued twice");
            }
            "attempted" => self.attempts += 1,
            kind @ ("sent" | "failed" | "delivered" | "undelivered") => {
                let end =
                    self.queued.get_mut(&message).with_context(|| format!("{message} was never queued"))?;
                let was = end.replace(kind.to_owned());
                ensure!(was.is_none_or(|was| was == "sent"), "{message}: {kind} after its end");
            }
            _ => {}
        }
        Ok(())
    }
}

/// Reads on until every message is final or with a provider.
async fn ended(url: &str, accepted: u32) -> Result<Journal> {
    let engine = PostgresEngine::open(&PostgresSettings::new(url), "sms-gateway")?;
    let (mut journal, begun) = (Journal::default(), Instant::now());
    loop {
        let page = engine.read_after(journal.after, PAGE).await?;
        for event in &page {
            journal.note(event)?;
            journal.after = event.pos;
        }
        if page.is_empty() {
            let open = journal.queued.values().filter(|end| end.is_none()).count();
            if open == 0 {
                break;
            }
            ensure!(begun.elapsed() < END, "{open} messages have come to no end");
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }
    ensure!(
        journal.queued.len() == accepted as usize,
        "{} queued, {accepted} accepted",
        journal.queued.len()
    );
    for end in journal.queued.values().flatten() {
        *journal.ends.entry(end.clone()).or_default() += 1;
    }
    Ok(journal)
}

/// How many messages the providers have more than once, and how many both have. A message that counts as sent must be
/// with at least one.
fn twice(provider: &FakeProvider, journal: &Journal) -> Result<(u32, u32)> {
    let mut taken = BTreeMap::<String, (u32, u32)>::new();
    for sent in provider.accepted() {
        let entry = taken.entry(sent.idx).or_default();
        if sent.by_key { entry.0 += 1 } else { entry.1 += 1 }
    }
    for (message, end) in &journal.queued {
        let is_out = end.as_deref() != Some("failed");
        ensure!(!is_out || taken.contains_key(message), "{message} is said to be out and no provider has it");
    }
    ensure!(
        taken.keys().all(|idx| journal.queued.contains_key(idx)),
        "a provider has what was never asked for"
    );
    ensure!(taken.values().all(|(smsapi, _)| *smsapi <= 1), "one key is one message at SMSAPI");
    let twice = taken.values().filter(|(smsapi, twilio)| smsapi + twilio > 1).count() as u32;
    let both = taken.values().filter(|(smsapi, twilio)| *smsapi > 0 && *twilio > 0).count() as u32;
    Ok((twice, both))
}
