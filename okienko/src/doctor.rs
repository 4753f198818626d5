//! `okienko doctor`: asks running processes for their condition and says what is wrong, as `/ops` does, with the one
//! thing to do; with a settings file also whether the servers that it names can be reached from here. Changes nothing.

use crate::demo_mark;
use crate::embedded::WHAT_TO_DO;
use crate::ops::condition::{self, Finding, Kind};
use crate::ops::texts;
use crate::settings::{Secret, Settings};
use anyhow::Context;
use clap::Args;
use http::Request;
use http_body_util::{BodyExt, Empty, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use okienko_host::WallClock;
use okienko_journal::{sqlite_check, sqlite_cut};
use okienko_kernel::Clock;
use okienko_web::{Locale, Value};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long to wait for an answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longer than the metrics of a process with thousands of routes and offices.
const LONGEST: usize = 32 * 1024 * 1024;

/// Whom to ask.
#[derive(Args)]
pub struct Options {
    /// Where processes answer HTTP, without the balancer, e.g. `http://10.0.0.7:8080`; without any the one on this machine
    addresses: Vec<String>,
    /// The folder of an office on one PC that is stopped: whether what is stored there is whole, and in earnest
    #[arg(long)]
    data: Option<PathBuf>,
    /// A settings file: what it says is checked, and whether its servers can be reached from here
    #[arg(long)]
    settings: Option<PathBuf>,
}

/// Runs the checks and prints what is wrong; an error if anything is.
pub fn run(options: Options) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let wrong = runtime.block_on(async {
        let mut wrong = 0;
        if let Some(path) = &options.settings {
            wrong += settings(path).await;
        }
        if let Some(data) = &options.data {
            wrong += folder(data).await;
        }
        let usual = ["http://127.0.0.1:8080".to_owned()];
        let asks = !options.addresses.is_empty() || options.data.is_none();
        let addresses = if options.addresses.is_empty() && asks { &usual[..] } else { &options.addresses };
        for address in addresses {
            wrong += process(address).await;
        }
        wrong
    });
    anyhow::ensure!(wrong == 0, "{wrong} to mend");
    Ok(())
}

/// Checks a folder; returns the number of problems.
async fn folder(data: &Path) -> usize {
    let mut wrong = 0;
    let stores = sqlite_check::check(data).and_then(|()| sqlite_check::stores(data));
    let verified =
        stores.and_then(|stores| stores.iter().try_for_each(|store| sqlite_cut::verify(store).map(drop)));
    if let Err(error) = verified {
        say!("{}: {error}\n  {WHAT_TO_DO}", data.display());
        wrong += 1;
    } else if let Err(error) = demo_mark::refuse(data).await {
        say!("{error:#}");
        wrong += 1;
    }
    if wrong == 0 {
        say!("{}: well", data.display());
    }
    wrong
}

/// Checks a process; returns the number of problems.
async fn process(address: &str) -> usize {
    let base = address.trim_end_matches('/');
    let (ready, counted) = match (ask(&format!("{base}/readyz")).await, ask(&format!("{base}/metrics")).await)
    {
        (Ok(ready), Ok(counted)) => (ready, counted),
        (Err(error), _) | (_, Err(error)) => {
            say!("{base}: does not answer: {error:#}");
            say!("  Does it run, and is this its own address? Its log says why it ended.");
            return 1;
        }
    };
    if counted.0 != 200 {
        say!("{base}: gives no figures ({}): ask the process itself, not what stands before it", counted.0);
        return 1;
    }
    let mut wrong = 0;
    if ready.0 != 200 {
        say!("{base}: is not ready: {}", ready.1.trim());
        wrong += 1;
    }
    let now = WallClock.now().micros() as f64 / 1e6;
    let (findings, _) = condition::read(&counted.1, now);
    for finding in &findings {
        print(base, finding);
    }
    wrong += findings.len();
    if wrong == 0 {
        say!("{base}: well");
    }
    wrong
}

fn print(base: &str, finding: &Finding) {
    let texts = texts();
    let value = if finding.kind == Kind::DiskFull { finding.value * 100.0 } else { finding.value };
    let values = [("part", Value::from(finding.part.as_str())), ("n", (value as i64).into())];
    let key = format!("ops-{}", finding.kind.key());
    say!("{base}: {}", texts.ta(Locale::En, &key, &values));
    say!("  {}", texts.ta(Locale::En, &format!("{key}-do"), &values));
}

/// The status and body of a GET request.
async fn ask(address: &str) -> anyhow::Result<(u16, String)> {
    let mut connector = HttpConnector::new();
    connector.set_connect_timeout(Some(PATIENCE));
    let client: Client<_, Empty<bytes::Bytes>> = Client::builder(TokioExecutor::new()).build(connector);
    let request = Request::get(address).body(Empty::new()).context("write http://host:port")?;
    let answered = async {
        let response = client.request(request).await?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), LONGEST).collect().await;
        let body = body.map_err(|_| anyhow::anyhow!("its answer broke off"))?.to_bytes();
        anyhow::Ok((status, String::from_utf8_lossy(&body).into_owned()))
    };
    timeout(PATIENCE, answered).await.context("no answer in time")?
}

/// Checks the settings and whether their servers can be reached.
async fn settings(path: &std::path::Path) -> usize {
    let settings = match Settings::load(Some(path)) {
        Ok(settings) => settings,
        Err(faults) => {
            faults.iter().for_each(|fault| say!("{fault}"));
            return faults.len();
        }
    };
    let servers = [
        ("postgres.url", settings.postgres.url.as_ref(), 5432),
        ("nats.url", settings.nats.url.as_ref(), 4222),
        ("redis.url", settings.redis.url.as_ref(), 6379),
    ];
    let mut wrong = 0;
    for (key, url, port) in servers {
        for (host, port) in url.map(|url| places(url, port)).unwrap_or_default() {
            // The address without user and password.
            let place = format!("{host}:{port}");
            let reached = timeout(PATIENCE, TcpStream::connect(&place)).await;
            match reached {
                Ok(Ok(_)) => say!("{key}: {place} is reached"),
                Ok(Err(error)) => {
                    say!("{key}: {place} is not reached: {error}");
                    wrong += 1;
                }
                Err(_) => {
                    say!("{key}: {place} does not answer: is a firewall between?");
                    wrong += 1;
                }
            }
        }
    }
    wrong
}

/// The hosts and ports named by an address.
fn places(url: &Secret, usual: u16) -> Vec<(String, u16)> {
    let place = |one: &str| {
        let uri: http::Uri = one.trim().parse().ok()?;
        Some((uri.host()?.to_owned(), uri.port_u16().unwrap_or(usual)))
    };
    url.reveal().split(',').filter_map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_without_user_and_password_and_with_the_usual_port() {
        let of = |text: &str| places(&Secret::new(text.to_owned()), 5432);
        assert_eq!(of("postgres://okienko:geheim@db.local/okienko"), [("db.local".to_owned(), 5432)]);
        assert_eq!(of("nats://a:4222, nats://b:4223"), [("a".to_owned(), 4222), ("b".to_owned(), 4223)]);
    }
}
