//! The World of a process among many: journals on Postgres, the bus on NATS, limits on Redis, homes among the replicas
//! present on NATS, real time. The only place that chooses these engines.

use crate::settings::{Secret, Settings};
use anyhow::Context;
use okienko::Role;
use okienko_bus::{NatsBus, NatsSettings};
use okienko_host::{DomainClock, FileAccessLog, OsEntropy, Settle, TokioTasks, WallClock, World};
use okienko_journal::{Engine, JournalError, PostgresEngine, PostgresSettings};
use okienko_kernel::{Clock, Entropy, Keys, Zone, base32};
use okienko_limits::{Away, RedisLimits, RedisSettings};
use okienko_placement::{Board, Dial, Presence, Replicas};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The journals of this process by service name.
pub type Journals = Arc<BTreeMap<&'static str, Arc<PostgresEngine>>>;

/// Limits whose breach costs money: while Redis is down, all processes together still stay within them.
const DEAR: [&str; 2] = ["code/", "account/"];
/// The zone in which a standing clock is shown.
const ZONE: &str = "Europe/Warsaw";

/// A World and the parts of it that are used from outside.
pub struct Cluster {
    /// The World.
    pub world: World,
    /// Its journals.
    pub journals: Journals,
    /// The replicas of its roles.
    pub replicas: Arc<Replicas>,
    /// How the others see this replica.
    pub presence: Presence,
    /// Where all processes report their condition.
    pub board: Arc<Board>,
}

/// The zone in which a standing clock is shown.
pub fn zone() -> Zone {
    Zone::named(ZONE).unwrap_or_else(|_| Zone::utc())
}

/// Builds it. An error if a schema in Postgres does not have this version; NATS and Redis may become available later.
pub async fn build(
    settings: &Settings,
    roles: &BTreeSet<Role>,
    keys: Keys,
    to_replicas: Dial,
) -> anyhow::Result<Cluster> {
    let tasks = Arc::new(TokioTasks::here());
    let wall: Arc<dyn Clock> = Arc::new(WallClock);
    let journals = Arc::new(journals(settings, roles).await?);
    let nats = nats(settings);
    let bus = NatsBus::open(nats, tasks.clone(), wall.clone()).await.context("nats.url")?;
    let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
    let replicas = Replicas::new(&name(), &names, to_replicas);
    // Before anything starts: a stream whose home is elsewhere must not run here too.
    let (installation, copies) = (&settings.nats.installation, settings.nats.replicas);
    let presence = Presence::look(bus.jetstream(), installation, copies, replicas.clone(), &*tasks).await;
    let board = Arc::new(Board::new(bus.jetstream(), installation, copies, replicas.me()));
    let bus = bus.among(replicas.clone());
    let limits = RedisLimits::open(redis(settings), wall.clone());
    let limits = limits.map_err(anyhow::Error::msg).context("redis.url")?;
    let (folder, days) = (&settings.access.dir, settings.access.keep_days);
    let access = FileAccessLog::open(folder, days, wall.clone(), &*tasks);
    let access = access.with_context(|| format!("access.dir {}", folder.display()))?;
    let opened = journals.clone();
    let open = move |service: &'static str| -> Result<Arc<dyn Engine>, JournalError> {
        let engine = opened.get(service).cloned();
        Ok(engine.ok_or_else(|| JournalError(format!("{service} is no role of this process")))?)
    };
    let world = World {
        clock: settings.drill_clock.map_or_else(DomainClock::real, DomainClock::standing),
        wall,
        entropy: Arc::new(OsEntropy),
        tasks,
        keys,
        bus: Arc::new(bus),
        homes: replicas.clone(),
        limits: Arc::new(limits),
        settle: Arc::new(Settle::default()),
        access,
        open_engine: Arc::new(open),
    };
    Ok(Cluster { world, journals, replicas, presence, board })
}

/// A unique name: a process that restarts is a new replica.
fn name() -> String {
    let mut bytes = [0; 10];
    OsEntropy.fill(&mut bytes);
    base32::encode(&bytes)
}

fn shown(secret: Option<&Secret>) -> String {
    secret.map(|secret| secret.reveal().to_owned()).unwrap_or_default()
}

/// Opens the journals of these roles; each must have this version's schema.
async fn journals(
    settings: &Settings,
    roles: &BTreeSet<Role>,
) -> anyhow::Result<BTreeMap<&'static str, Arc<PostgresEngine>>> {
    let told = &settings.postgres;
    let postgres = PostgresSettings {
        append_url: shown(told.url.as_ref()),
        relay_url: shown(told.relay_url.as_ref().or(told.url.as_ref())),
        request_connections: told.request_connections,
        relay_connections: told.relay_connections,
    };
    let mut journals = BTreeMap::new();
    for role in roles.iter().filter(|role| role.has_journal()) {
        let engine = PostgresEngine::open(&postgres, role.name())?;
        engine.check_schema().await?;
        journals.insert(role.name(), Arc::new(engine));
    }
    Ok(journals)
}

fn nats(settings: &Settings) -> NatsSettings {
    let told = &settings.nats;
    let services: Vec<&str> =
        Role::ALL.into_iter().filter(|role| role.has_journal()).map(Role::name).collect();
    NatsSettings {
        credentials: told.credentials.as_ref().map(|secret| secret.reveal().to_owned()),
        installation: told.installation.clone(),
        keep: told.keep,
        replicas: told.replicas,
        ..NatsSettings::new(&shown(told.url.as_ref()), &services)
    }
}

fn redis(settings: &Settings) -> RedisSettings {
    let share = |rule: &str| (rule.to_owned(), Away::Share(settings.processes));
    RedisSettings {
        url: shown(settings.redis.url.as_ref()),
        prefix: settings.redis.prefix.clone(),
        away: DEAR.map(share).into(),
    }
}
