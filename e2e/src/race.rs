//! A rush for one hour: thousands of holds outstanding at once over a few hundred kept-alive connections, each from its
//! own address. Exactly as many get a place as there are; everybody else is told that the hour is full; nothing else
//! happens.

use crate::house::{House, MORNING};
use crate::offices;
use crate::visit::Wish;
use anyhow::Context;
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use okienko_address::town;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// The size of a race.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Holds outstanding at once.
    pub runners: u32,
    /// Connections that carry them.
    pub connections: u32,
    /// Places of the hour.
    pub places: u32,
    /// How often it is repeated, each time for another hour.
    pub rounds: u32,
}

/// The result of a race.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Answers by status and code, over all rounds.
    pub answers: BTreeMap<String, u32>,
    /// From the first question to the last answer, per round.
    pub took: Vec<Duration>,
}

pub(crate) type Connection = SendRequest<Full<Bytes>>;

/// Runs the race; an error when any round ends differently from what it must.
pub async fn run(size: Size) -> anyhow::Result<Outcome> {
    let folder = tempfile::tempdir()?;
    offices::write(folder.path(), size.places, 15)?;
    let house = House::start(Some(folder.path()), Some(MORNING)).await?;
    let address = house.client.base().trim_start_matches("http://").to_owned();
    let mut connections = Vec::new();
    for _ in 0..size.connections.min(size.runners) {
        connections.push(connect(&address).await?);
    }
    let mut outcome = Outcome::default();
    for round in 0..size.rounds {
        let minutes = 8 * 60 + 15 * round;
        let time = format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60);
        let wish = Wish::new("test", "hall", "visit", "2026-12-02", &time);
        let (answers, took) = rush(&connections, size.runners, house.client.base(), &wish, round).await?;
        let won = answers.get("201").copied().unwrap_or(0);
        let lost = answers.get("409 slot_full").copied().unwrap_or(0);
        let places = size.places.min(size.runners);
        anyhow::ensure!(
            won == places && won + lost == size.runners,
            "round {round}: {answers:?}, not {places} winners"
        );
        for (what, count) in answers {
            *outcome.answers.entry(what).or_default() += count;
        }
        outcome.took.push(took);
    }
    Ok(outcome)
}

pub(crate) async fn connect(address: &str) -> anyhow::Result<Connection> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
    #[expect(clippy::disallowed_methods, reason = "this is the tests' World")]
    tokio::spawn(connection);
    Ok(sender)
}

pub(crate) async fn rush(
    connections: &[Connection],
    runners: u32,
    base: &str,
    wish: &Wish,
    round: u32,
) -> anyhow::Result<(BTreeMap<String, u32>, Duration)> {
    let body = Bytes::from(wish.body().to_string());
    let start = Instant::now();
    let mut running = JoinSet::new();
    for runner in 0..runners {
        let connection = connections[runner as usize % connections.len()].clone();
        let from = town::network(round.wrapping_mul(runners).wrapping_add(runner));
        let request = Request::post(format!("{base}{}", wish.path()))
            .header("content-type", "application/json")
            .header("x-forwarded-for", from)
            .body(Full::from(body.clone()))?;
        running.spawn(one(connection, request));
    }
    let mut answers = BTreeMap::new();
    while let Some(answer) = running.join_next().await {
        *answers.entry(answer??).or_default() += 1;
    }
    Ok((answers, start.elapsed()))
}

async fn one(mut connection: Connection, request: Request<Full<Bytes>>) -> anyhow::Result<String> {
    connection.ready().await?;
    let response = connection.send_request(request).await.context("no answer")?;
    let status = response.status().as_u16();
    let body = response.into_body().collect().await?.to_bytes();
    if status == 201 {
        return Ok("201".into());
    }
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    Ok(format!("{status} {}", problem["code"].as_str().unwrap_or("-")))
}
