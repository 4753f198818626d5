//! The domain time of many processes, moved step by step: when no process has anything left to do, all clocks move to
//! the earliest moment at which one wants to wake, and so on up to the target. Knows only the drill's route.

use crate::client::Client;
use anyhow::{Context, Result, bail, ensure};
use okienko_kernel::civil::{Zone, exact_rfc3339, parse_rfc3339};
use okienko_kernel::{Moment, Span};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// Interval between two looks.
const LOOK: Duration = Duration::from_millis(4);
/// The step in which running time advances.
const TICK: Duration = Duration::from_millis(250);
/// If there is no rest for this long, something is wrong; the caller still gets the error within its own timeout.
const PATIENCE: Duration = Duration::from_secs(25);
/// Consecutive looks that must find every process at rest, with nothing written or announced between them: what one
/// process sent may still be on its way to another.
const QUIET: u32 = 3;

/// The clocks of all processes.
pub struct Clocks {
    replicas: Vec<Client>,
    zone: Zone,
    now: Mutex<Moment>,
    shown: AtomicI64,
}

/// The status that one process reports.
struct ProcessStatus {
    me: String,
    others: Vec<String>,
    next_wake: Option<Moment>,
    is_settled: bool,
    waits_for: String,
    mark: u64,
}

impl Clocks {
    /// Clocks that all stand at `now`, for the processes with these base addresses.
    pub fn new(bases: impl IntoIterator<Item = String>, now: &str) -> Result<Clocks> {
        let replicas = bases.into_iter().map(|base| Client::new(&base)).collect();
        let zone = Zone::named("Europe/Warsaw").context("no zone")?;
        let now = parse_rfc3339(now)?;
        Ok(Clocks { replicas, zone, now: Mutex::new(now), shown: AtomicI64::new(now.micros()) })
    }

    /// The present moment.
    pub async fn now(&self) -> Moment {
        *self.now.lock().await
    }

    /// The present moment in local time, readable in the middle of a move too.
    pub fn shown(&self) -> String {
        self.told(Moment::from_micros(self.shown.load(Ordering::Relaxed)))
    }

    /// A moment in the exact form that is sent to a process.
    pub fn exact(&self, at: Moment) -> String {
        exact_rfc3339(at)
    }

    /// A moment in local time.
    pub fn told(&self, at: Moment) -> String {
        self.zone.rfc3339(at)
    }

    /// Moves all clocks to `target`, one step at a time; returns when everything that fell due is carried out.
    pub async fn move_to(&self, target: Option<Moment>, by: impl Fn(Moment) -> Moment) -> Result<Moment> {
        let mut now = self.now.lock().await;
        let target = target.unwrap_or_else(|| by(*now));
        ensure!(target >= *now, "time does not go back");
        loop {
            let wake = self.settled().await?;
            let next = wake.unwrap_or(Moment::MAX).max(*now).min(target);
            if next == *now && next == target {
                return Ok(*now);
            }
            for replica in &self.replicas {
                self.tell(replica, next).await?;
            }
            *now = next;
            self.shown.store(next.micros(), Ordering::Relaxed);
            if next == target {
                self.settled().await?;
                return Ok(*now);
            }
        }
    }

    /// Waits until every process is at rest; returns the earliest moment at which one wants to wake.
    pub async fn settled(&self) -> Result<Option<Moment>> {
        self.settled_within(PATIENCE).await
    }

    /// The same with a given timeout.
    pub async fn settled_within(&self, patience: Duration) -> Result<Option<Moment>> {
        let (start, mut quiet, mut last) = (Instant::now(), 0, Vec::new());
        loop {
            let (mut wake, mut busy, mut marks) = (None::<Moment>, Vec::new(), Vec::new());
            let mut present = Vec::new();
            for replica in &self.replicas {
                let Some(seen) = look(replica).await? else { continue };
                if !seen.is_settled {
                    busy.push(format!("{} (mark {}): {}", replica.base(), seen.mark, seen.waits_for));
                }
                present.push((seen.me, seen.others));
                wake = wake.into_iter().chain(seen.next_wake).min();
                marks.push(seen.mark);
            }
            // Until a dead replica is noticed, no other replica does its work, and none reports that there is any.
            let taken_for_present = present.iter().flat_map(|(_, others)| others);
            let here = |name: &&String| present.iter().any(|(me, _)| me == *name);
            busy.extend(
                taken_for_present.filter(|name| !here(name)).map(|name| format!("{name} is not missed yet")),
            );
            quiet = if busy.is_empty() && marks == last { quiet + 1 } else { 0 };
            last = marks;
            if quiet == QUIET {
                return Ok(wake);
            }
            if start.elapsed() > patience {
                bail!(
                    "not at rest after {} s: busy {busy:?}, next {wake:?}, marks {last:?}",
                    patience.as_secs()
                );
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Lets time pass in all processes, `speed` times as fast as real time, for as long as it is polled. Waits for no
    /// work.
    pub async fn run(&self, speed: i64) {
        loop {
            tokio::time::sleep(TICK).await;
            let mut now = self.now.lock().await;
            let next =
                now.plus(Span::from_micros(speed * i64::try_from(TICK.as_micros()).unwrap_or_default()));
            let told =
                self.replicas.iter().map(|replica| tokio::time::timeout(TICK, self.tell(replica, next)));
            // A process that misses this update gets the next one.
            futures::future::join_all(told).await;
            *now = next;
            self.shown.store(next.micros(), Ordering::Relaxed);
        }
    }

    async fn tell(&self, replica: &Client, now: Moment) -> Result<()> {
        match replica.post("/dev/drill", json!({"now": self.exact(now)})).await {
            Ok(answer) => answer.expect(200).map(drop),
            // A process that is down will start with the present moment.
            Err(_) => Ok(()),
        }
    }
}

/// `None` if the process does not answer: a killed process has no work.
async fn look(replica: &Client) -> Result<Option<ProcessStatus>> {
    let Ok(answer) = replica.get("/dev/drill").await else { return Ok(None) };
    let answer = answer.expect(200)?;
    let next_wake = match &answer.json["next_wake"] {
        Value::String(text) => Some(parse_rfc3339(text)?),
        _ => None,
    };
    let is_settled = answer.json["settled"].as_bool().context("it does not say whether it is settled")?;
    let mark = answer.json["mark"].as_u64().context("it does not say how far it is")?;
    let waits_for = answer.json["waits_for"].to_string();
    let me = answer.at("/me")?;
    let others = answer.json["others"].as_array().context("it does not say whom it takes for present")?;
    let others = others.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    Ok(Some(ProcessStatus { me, others, next_wake, is_settled, waits_for, mark }))
}
