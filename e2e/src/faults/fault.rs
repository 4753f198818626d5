//! The faults: what is done to a process, a server or a connection, for how long, and how it is undone.

use super::site::Site;
use crate::client::Client;
use crate::cluster::Role;
use crate::kill::DATE;
use anyhow::{Context, Result, ensure};
use http::Method;
use nix::sys::signal::Signal;
use serde_json::json;
use std::fmt;
use std::time::Duration;
use tokio::time::Instant;

/// A replica not heard of for this long is considered absent.
const PRESENCE: Duration = Duration::from_secs(2);

/// One kind of fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `kill -9` of the home of the role's busy key, then a restart.
    Kill {
        /// The role whose home it is.
        role: Role,
        /// How often.
        times: u32,
    },
    /// The home is frozen for three presence times and then continues as if nothing had happened.
    Freeze {
        /// The role whose home it is.
        role: Role,
    },
    /// PostgreSQL stops at once, as in a crash, and comes back.
    PostgresStops {
        /// How long it is away.
        away: Duration,
    },
    /// NATS is killed and comes back with what it has stored.
    NatsStops {
        /// How long it is away.
        away: Duration,
    },
    /// Redis loses all its data, stops, and comes back empty.
    RedisForgetsAndStops {
        /// How long it is away.
        away: Duration,
    },
    /// The home loses its connection to PostgreSQL.
    PostgresCut {
        /// The role whose home it is.
        role: Role,
        /// For how long.
        away: Duration,
    },
    /// The home loses its connection to NATS.
    NatsCut {
        /// The role whose home it is.
        role: Role,
        /// For how long.
        away: Duration,
    },
    /// Every process of every role is stopped and restarted, one after another.
    RollingRestart,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Kill { role, times } => write!(f, "kill -9 of {role}'s home, {times} times"),
            Fault::Freeze { role } => write!(f, "SIGSTOP of {role}'s home for three presence times, SIGCONT"),
            Fault::PostgresStops { away } => write!(f, "PostgreSQL stopped at once for {} s", away.as_secs()),
            Fault::NatsStops { away } => write!(f, "NATS stopped for {} s", away.as_secs()),
            Fault::RedisForgetsAndStops { away } => {
                write!(f, "Redis FLUSHALL, then stopped for {} s", away.as_secs())
            }
            Fault::PostgresCut { role, away } => {
                write!(f, "{role}'s home cut off from PostgreSQL for {} s", away.as_secs())
            }
            Fault::NatsCut { role, away } => {
                write!(f, "{role}'s home cut off from NATS for {} s", away.as_secs())
            }
            Fault::RollingRestart => write!(f, "rolling restart of every process"),
        }
    }
}

impl Fault {
    /// Causes the fault and undoes it. `gaps` collects the times from a kill to the first success.
    pub async fn happen(&self, site: &mut Site, gaps: &mut Vec<Duration>) -> Result<()> {
        match self {
            Fault::Kill { role, times } => {
                for time in 0..*times {
                    gaps.push(kill(site, *role).await?);
                    site.gets_on().await.with_context(|| format!("kill {time}"))?;
                }
            }
            Fault::Freeze { role } => freeze(site, *role).await?,
            Fault::PostgresStops { away } => {
                site.cluster.servers.postgres.stop_at_once();
                tokio::time::sleep(*away).await;
                site.cluster.servers.postgres.start_again()?;
            }
            Fault::NatsStops { away } => {
                site.cluster.servers.nats.kill();
                tokio::time::sleep(*away).await;
                site.cluster.servers.nats.start_again()?;
            }
            Fault::RedisForgetsAndStops { away } => {
                site.cluster.servers.redis.flush()?;
                site.gets_on().await?;
                site.cluster.servers.redis.kill();
                tokio::time::sleep(*away).await;
                site.gets_on().await?;
                site.cluster.servers.redis.start_again()?;
            }
            Fault::PostgresCut { role, away } => {
                let home = site.home(*role).await?;
                site.cluster.ways[home].postgres.cut();
                tokio::time::sleep(*away).await;
                site.cluster.ways[home].postgres.mend();
            }
            Fault::NatsCut { role, away } => {
                let home = site.home(*role).await?;
                site.cluster.ways[home].nats.cut();
                tokio::time::sleep(*away).await;
                site.cluster.ways[home].nats.mend();
            }
            Fault::RollingRestart => {
                for at in 0..site.cluster.replicas.len() {
                    site.cluster.replicas[at].stop().await;
                    site.cluster.launch(at).await?;
                    site.cluster.replicas[at].ready().await?;
                }
            }
        }
        Ok(())
    }
}

/// Kills the home; returns how long it took until a command on its key succeeded again.
async fn kill(site: &mut Site, role: Role) -> Result<Duration> {
    let home = site.home(role).await?;
    // A hold that awaits its proof, prepared beforehand: sending the code is sms-gateway's work.
    let filled = match role {
        Role::SmsGateway => Some(site.load.fill_once().await.context("no hold")?),
        _ => None,
    };
    let phone = json!({"phone": site.load.phone(), "locale": "pl"});
    let killed = Instant::now();
    site.cluster.replicas[home].signal(Signal::SIGKILL);
    let (load, staff) = (&site.load, &site.staff);
    match (role, filled) {
        (Role::SmsGateway, Some((path, citizen))) => {
            let path = format!("{path}/code");
            let sent = super::insist::want(&load.book, &citizen, Method::POST, &path, Some(phone), 202);
            sent.await.context("no code was sent")?;
        }
        (Role::Queue, _) => load.take_ticket(&staff.kiosk).await.context("no ticket")?,
        (Role::Display, _) => load.look_once().await.context("no board")?,
        _ => drop(load.hold_once().await.context("no hold")?),
    }
    let gap = killed.elapsed();
    site.cluster.replicas[home].kill().await;
    site.cluster.launch(home).await?;
    site.cluster.replicas[home].ready().await?;
    Ok(gap)
}

/// Freezes the home. Right after waking, its answers must not be older than what others answered meanwhile.
async fn freeze(site: &mut Site, role: Role) -> Result<()> {
    let home = site.home(role).await?;
    let replica = &site.cluster.replicas[home];
    replica.signal(Signal::SIGSTOP);
    tokio::time::sleep(PRESENCE * 3).await;
    let of_others = site.cluster.of(Role::Booking).find(|at| *at != home).context("nobody else")?;
    let before = free(&Client::new(&site.cluster.replicas[of_others].base())).await?.context("no answer")?;
    replica.signal(Signal::SIGCONT);
    if role == Role::Booking {
        // It may refuse, because its own heartbeat has stopped for too long; it must not answer from its outdated
        // state.
        if let Some(now) = free(&Client::new(&replica.base())).await? {
            ensure!(now <= before + ENDED, "{before} places are free; it knows of {now}");
        }
    }
    Ok(())
}

/// The most holds that may have ended between two looks.
const ENDED: u64 = 10;

/// How many places of the busy day are free according to one process; `None` if it refuses.
async fn free(asked: &Client) -> Result<Option<u64>> {
    let path = format!("/api/v1/offices/test/locations/hall/services/visit/days/{DATE}/times");
    let answer = asked.get(&path).await?;
    let times = answer.json["times"].as_array().filter(|_| answer.status == 200);
    Ok(times.map(|times| times.iter().filter_map(|time| time["free"].as_u64()).sum()))
}
