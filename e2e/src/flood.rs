//! A flood of forged delivery reports beside honest ones: forged reports change nothing and cost no memory, honest ones
//! are all accepted, and their latency is reported beside that of a no-op route measured in turns with them. Knows the
//! gateway's contract, Twilio's signature and the gateway's stored events.

use crate::client::Client;
use crate::cluster::{ACCOUNT, Cluster, Plan, Role};
use crate::house::MORNING;
use crate::{offices, sms};
use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use data_encoding::BASE64;
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use okienko_fake_provider::Reports;
use okienko_journal::{Engine, PostgresEngine, PostgresSettings};
use okienko_kernel::Entropy;
use okienko_kernel::world::SeededEntropy;
use ring::hmac;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Connections that send forged reports, each one request after another.
const FORGING: u32 = 32;
/// One in this many forged reports is as long as a body may be.
const LONG: u64 = 32;
/// Just below the longest body that the program accepts.
const LONGEST: usize = 60_000;
/// The longest until the provider has all messages.
const PATIENCE: Duration = Duration::from_secs(60);
const KIND: &str = "application/x-www-form-urlencoded";

/// The result of a run.
#[derive(Debug)]
pub struct Outcome {
    /// Forged reports that were answered, all with a refusal.
    pub forged: u64,
    /// Honest reports, all accepted.
    pub honest: u32,
    /// How long honest reports took.
    pub report: Vec<Duration>,
    /// How long the no-op route took, measured in turns with them.
    pub idle_route: Vec<Duration>,
    /// The peak memory of the process before the flood and after it, in kB.
    pub memory: (u64, u64),
    /// How long the flood lasted.
    pub took: Duration,
}

/// Sends `honest` honest reports, and all the while forged ones for the same and for other messages.
pub async fn run(honest: u32, seed: u64) -> Result<Outcome> {
    let folder = tempfile::tempdir()?;
    offices::write(folder.path(), 10, 15)?;
    let settings = [("PROVIDERS", "twilio"), ("PER_SECOND", "1000"), ("AT_ONCE", "64")];
    let settings = settings.map(|(name, value)| (format!("OKIENKO__SMS__{name}"), value.to_owned())).to_vec();
    let plan = Plan { offices: Some(folder.path().to_owned()), settings, ..Plan::new(1, MORNING) };
    let cluster = Cluster::start(plan).await?;
    cluster.provider.reports(Reports::Never);
    let outcome = through(&cluster, honest, seed).await?;
    cluster.stop().await;
    Ok(outcome)
}

async fn through(cluster: &Cluster, honest: u32, seed: u64) -> Result<Outcome> {
    let gateway = &cluster.replicas[cluster.of(Role::SmsGateway).start];
    let messages = sent(cluster, &gateway.grpc(), honest * 2).await?;
    // For these no honest report is ever sent.
    let (told, untold) = messages.split_at(honest as usize);
    let pid = gateway.pid().context("the gateway runs")?;
    let before = most_memory(pid)?;
    let (over, forged) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let target = Arc::new(Target { base: gateway.base(), messages: messages.clone() });
    let mut flood = JoinSet::new();
    for n in 0..FORGING {
        let random = SeededEntropy::new(seed + u64::from(n));
        // Each from a network of its own, so that neither the limit per network nor the provider's share of it decides.
        let from = format!("198.51.{n}.7");
        flood.spawn(forge(target.clone(), (random, from), over.clone(), forged.clone()));
    }
    let (client, begun) = (Client::new(&gateway.base()), Instant::now());
    let (mut report, mut idle_route) = (Vec::new(), Vec::new());
    for message in told {
        let asked = Instant::now();
        tell(&client, cluster.base(), message).await?;
        report.push(asked.elapsed());
        let asked = Instant::now();
        client.get("/healthz").await?.expect(200)?;
        idle_route.push(asked.elapsed());
    }
    let took = begun.elapsed();
    over.store(true, Ordering::Relaxed);
    while let Some(forger) = flood.join_next().await {
        forger??;
    }
    let memory = (before, most_memory(pid)?);
    let ends = ends(&cluster.servers.postgres.url()).await?;
    for message in told {
        let end = ends.get(message).map(Vec::as_slice).unwrap_or_default();
        ensure!(end == ["delivered"], "{message}: {end:?}");
    }
    for message in untold {
        ensure!(!ends.contains_key(message), "a forged report was believed: {message}: {:?}", ends[message]);
    }
    let forged = forged.load(Ordering::Relaxed);
    Ok(Outcome { forged, honest, report, idle_route, memory, took })
}

/// Requests messages and waits until the provider has them; returns their ids.
async fn sent(cluster: &Cluster, gateway: &str, count: u32) -> Result<Vec<String>> {
    sms::ask_for(cluster, gateway, count).await?;
    let begun = Instant::now();
    loop {
        let ids: Vec<String> = cluster.provider.accepted().into_iter().map(|sent| sent.idx).collect();
        if ids.len() == count as usize {
            return Ok(ids);
        }
        ensure!(begun.elapsed() < PATIENCE, "{} of {count} messages are sent", ids.len());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn fields(message: &str, status: &str) -> Vec<(&'static str, String)> {
    vec![
        ("AccountSid", "AC00000000000000000000000000000000".to_owned()),
        ("MessageSid", format!("SM{message}")),
        ("MessageStatus", status.to_owned()),
    ]
}

fn form(fields: &[(&str, String)]) -> String {
    // Nothing in them needs escaping.
    fields.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

fn path(message: &str) -> String {
    format!("/callbacks/sms/twilio/{}?message={message}", sms::OFFICE)
}

/// Reports a message as delivered, in Twilio's format.
async fn tell(client: &Client, base: &str, message: &str) -> Result<()> {
    let fields = fields(message, "delivered");
    let signed: String = fields.iter().flat_map(|(name, value)| [*name, value.as_str()]).collect();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, ACCOUNT.as_bytes());
    let path = path(message);
    let signature = BASE64.encode(hmac::sign(&key, format!("{base}{path}{signed}").as_bytes()).as_ref());
    let headers = [("x-twilio-signature", &*signature), ("content-type", KIND)];
    client.ask(Method::POST, &path, Some(form(&fields)), &headers).await?.expect(200)?;
    Ok(())
}

/// Where the forged reports go, and the messages they are about.
struct Target {
    base: String,
    messages: Vec<String>,
}

/// Sends forged reports until the end. Each must be refused.
async fn forge(
    target: Arc<Target>,
    (random, from): (SeededEntropy, String),
    over: Arc<AtomicBool>,
    forged: Arc<AtomicU64>,
) -> Result<()> {
    let pool: Pool<HttpConnector, Full<Bytes>> = Pool::builder(TokioExecutor::new()).build_http();
    while !over.load(Ordering::Relaxed) {
        let (mut request, what) = target.forged(random.number())?;
        request.headers_mut().insert("x-forwarded-for", from.parse()?);
        let answer = pool.request(request).await?;
        let status = answer.status().as_u16();
        answer.into_body().collect().await?;
        ensure!(status == 404, "{what} was answered with {status}");
        forged.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

impl Target {
    fn forged(&self, lot: u64) -> Result<(Request<Full<Bytes>>, &'static str)> {
        let message = &self.messages[(lot >> 8) as usize % self.messages.len()];
        let mut fields = fields(message, "undelivered");
        let (path, signature, what) = match lot % 3 {
            0 => {
                let secret = format!("{:032x}", u128::from(lot));
                let reports = format!("MsgId=a&status=405&idx={message}");
                let path = format!("/callbacks/sms/smsapi/{}/{secret}?{reports}", sms::OFFICE);
                (path, None, "a report with a wrong secret")
            }
            1 => (path(message), None, "a report without a signature"),
            _ => {
                let signature = BASE64.encode(&[lot.to_be_bytes(); 3].concat()[..20]);
                (path(message), Some(signature), "a report with a wrong signature")
            }
        };
        if (lot >> 32).is_multiple_of(LONG) {
            fields.extend((0..LONGEST / 8).map(|n| ("a", format!("{n:05}"))));
        }
        let mut request = Request::post(format!("{}{path}", self.base)).header("content-type", KIND);
        if let Some(signature) = signature {
            request = request.header("x-twilio-signature", signature);
        }
        Ok((request.body(Full::from(form(&fields)))?, what))
    }
}

/// The delivery states that the journal has for messages once they were sent.
async fn ends(url: &str) -> Result<BTreeMap<String, Vec<String>>> {
    let engine = PostgresEngine::open(&PostgresSettings::new(url), "sms-gateway")?;
    let (mut ends, mut after) = (BTreeMap::<String, Vec<String>>::new(), 0);
    loop {
        let page = engine.read_after(after, 10_000).await?;
        let Some(last) = page.last() else { return Ok(ends) };
        after = last.pos;
        for event in &page {
            if ["delivered", "undelivered", "failed"].contains(&&*event.kind) {
                let data: serde_json::Value = serde_json::from_slice(&event.data)?;
                let message = data["message"].as_str().unwrap_or_default().to_owned();
                ends.entry(message).or_default().push(event.kind.to_string());
            }
        }
    }
}

/// The peak memory of a process, in kB.
fn most_memory(pid: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
