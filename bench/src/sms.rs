//! `bench sms`: codes from the request until the provider has accepted them, beside the same HTTP client posting the
//! same forms to the same provider with nothing before it. The gateway is the real one, on a real file with full
//! durability; the provider is a separate process. Knows no page.

use crate::Size;
use crate::stats::closed_loop;
use crate::wire::{Line, Question};
use anyhow::{Context, ensure};
use async_trait::async_trait;
use okienko_address::town;
use okienko_bus::LocalBus;
use okienko_host::{DomainClock, FileAccessLog, OsEntropy, Settle, TokioTasks, WallClock, World};
use okienko_journal::SqliteEngine;
use okienko_kernel::{Alone, Clock, Day, Id, IdKind, Keys, Span, Way};
use okienko_limits::MemoryLimits;
use okienko_proto::sms::address::Kind;
use okienko_proto::sms::{Address, StartVerificationRequest};
use okienko_sms_gateway::SmsGateway;
use okienko_sms_gateway::callbacks::Reporters;
use okienko_sms_gateway::domain::Channel;
use okienko_sms_gateway::provider::{OutMessage, Provider, ProviderFault, ProviderReceipt};
use okienko_sms_gateway::providers::SmsApi;
use parking_lot::Mutex;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// Concurrent forms to the provider: as many as the gateway's lane for codes allows.
const AT_ONCE: u32 = 64;
/// People waiting for a code at once.
const PEOPLE: u32 = 128;
/// Codes per case, at scale 1.
const CODES: u32 = 20_000;
/// How long the provider takes to answer, in milliseconds: no delay, and about that of a nearby one.
const ANSWERS_AFTER: [u64; 2] = [0, 20];
const TOKEN: &str = "bench";
const DAY: &str = "2026-12-01";

/// The longest wait for one code, so that a code that is never sent counts as a wrong answer and does not hang the run.
const SENT: Duration = Duration::from_secs(120);

/// Runs both cases; an untimed run only the first, since the second differs only by a slower provider.
pub fn run(program: PathBuf, scale: u32, size: Size) -> anyhow::Result<()> {
    let threads = std::thread::available_parallelism()?.get();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
    runtime.block_on(async {
        let cases = if size == Size::Once { &ANSWERS_AFTER[..1] } else { &ANSWERS_AFTER };
        for &ms in cases {
            compare(&program, ms, CODES * scale / if ms == 0 { 1 } else { 2 }).await?;
        }
        Ok(())
    })
}

async fn compare(program: &Path, ms: u64, codes: u32) -> anyhow::Result<()> {
    println!("{codes} codes, a provider that answers after {ms} ms");
    let (mut provider, _output, address) = provider(program, ms).await?;
    let folder = tempfile::tempdir()?;
    let gate = Arc::new(Gate::new(&address)?);
    let gateway = gateway(folder.path(), gate.clone()).await?;
    let each = codes / PEOPLE;
    let ask = move |person, n| ask(gateway.clone(), gate.clone(), n * PEOPLE + person);
    let ours = closed_loop(PEOPLE, each, ask).await?;
    let raw = Arc::new(SmsApi::new(&address, TOKEN)?);
    let post = move |person, n| post(raw.clone(), n * AT_ONCE + person);
    let raw = closed_loop(AT_ONCE, codes / AT_ONCE, post).await?;
    provider.kill().await?;
    for figures in [&ours, &raw] {
        ensure!(figures.accepted == figures.done, "{} of {} were taken", figures.accepted, figures.done);
    }
    println!("{}", ours.line("gateway, request to provider"));
    println!("{}", raw.line("HTTP client alone"));
    println!("  {:<34} {:>9.0} %\n", "of the client's rate", 100.0 * ours.rate() / raw.rate());
    Ok(())
}

/// The fake provider and its address.
async fn provider(program: &Path, ms: u64) -> anyhow::Result<(Child, JoinSet<()>, String)> {
    let mut command = Command::new(program);
    command.args(["fake-provider", "--token", TOKEN, "--listen", "127.0.0.1:0", "--mail", "127.0.0.1:0"]);
    let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
    let out = child.stdout.take().context("no output")?;
    let mut lines = BufReader::new(out).lines();
    let first = lines.next_line().await?.context("the provider says nothing")?;
    let address = first.strip_prefix("SMSAPI: ").and_then(|rest| rest.strip_suffix("/sms.do"));
    let address = address.with_context(|| first.clone())?.to_owned();
    // The output must be drained, or the provider would end at its next line.
    let mut output = JoinSet::new();
    output.spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    if ms > 0 {
        let mut line = Line::open_to(address.trim_start_matches("http://")).await?;
        line.ask(Question::post("/admin/behave", &json!({"mode": "slow", "ms": ms}))).await?.expect(204)?;
    }
    Ok((child, output, address))
}

/// The real gateway on a file.
async fn gateway(folder: &Path, provider: Arc<Gate>) -> anyhow::Result<Arc<SmsGateway>> {
    let (wall, tasks) = (Arc::new(WallClock), Arc::new(TokioTasks::here()));
    let access = FileAccessLog::open(&folder.join("access"), 1, wall.clone(), &*tasks)?;
    let folder = folder.to_owned();
    let world = World {
        clock: DomainClock::real(),
        wall: wall.clone(),
        entropy: Arc::new(OsEntropy),
        tasks: tasks.clone(),
        keys: Keys::from_secret(b"a secret of the benchmark's own"),
        homes: Arc::new(Alone),
        bus: Arc::new(LocalBus::new(tasks)),
        limits: Arc::new(MemoryLimits::new(wall)),
        settle: Arc::new(Settle::default()),
        access,
        open_engine: Arc::new(move |name| {
            Ok(Arc::new(SqliteEngine::open(&folder.join(format!("{name}.db")))?))
        }),
    };
    SmsGateway::start(&world, provider, Reporters::default()).await
}

/// SMSAPI's client, which notifies whoever waits for a phone that its message was accepted.
struct Gate {
    client: SmsApi,
    waiting: Mutex<BTreeMap<String, oneshot::Sender<()>>>,
}

impl Gate {
    fn new(address: &str) -> anyhow::Result<Gate> {
        Ok(Gate { client: SmsApi::new(address, TOKEN)?, waiting: Mutex::default() })
    }
}

#[async_trait]
impl Provider for Gate {
    fn name(&self) -> &str {
        self.client.name()
    }
    async fn send(&self, message: OutMessage) -> Result<ProviderReceipt, ProviderFault> {
        let to = message.to.clone();
        let sent = self.client.send(message).await;
        if sent.is_ok()
            && let Some(waiting) = self.waiting.lock().remove(&to)
        {
            let _ = waiting.send(());
        }
        sent
    }
}

/// Asks for a code and waits until the provider has it.
async fn ask(gateway: Arc<SmsGateway>, gate: Arc<Gate>, n: u32) -> bool {
    let (told, taken) = oneshot::channel();
    let to = town::phone(n);
    gate.waiting.lock().insert(to.clone(), told);
    let request = StartVerificationRequest {
        office: "bench".into(),
        office_number: 1,
        subject: format!("hold/{n}"),
        to: Some(Address { kind: Some(Kind::Phone(to)) }),
        locale: "pl".into(),
        sender: "Bench".into(),
        host: "wizyty.example.pl".into(),
        day: DAY.into(),
        not_after: WallClock.now().plus(Span::from_hours(1)).micros(),
        budget: u32::MAX,
        dial_codes: vec![],
        ..StartVerificationRequest::default()
    };
    let sent = gateway.start_verification(request).await.is_ok();
    sent && matches!(tokio::time::timeout(SENT, taken).await, Ok(Ok(())))
}

/// Sends the same message with the client alone.
async fn post(client: Arc<SmsApi>, n: u32) -> bool {
    let day: Day = DAY.parse().unwrap_or_else(|_| Day::from_number(0));
    let message = OutMessage {
        id: Id::new(IdKind::Message, Way { office: 1, place: 0, day }, &OsEntropy),
        office: "bench".into(),
        channel: Channel::Sms,
        to: town::phone(n),
        sender: "Bench".into(),
        subject: None,
        text: "Bench: kod 123456 do rezerwacji. Wazny 10 min.\n@wizyty.example.pl #123456".into(),
        held_by: None,
    };
    client.send(message).await.is_ok()
}
