//! A World, and a service's place in it. Engines are chosen only where a World is built. Knows no service's rules.

use crate::access::{Access, AccessLog, BegunAct, CUT_OFF, On};
use crate::clock::DomainClock;
use crate::settle::Settle;
use crate::vault::Vault;
use okienko_actor::{Context, Place};
use okienko_bus::Bus;
use okienko_journal::relay::{Relay, RelayHome, Roaming, Sink};
use okienko_journal::{Cipher, Engine, Followers, Journal, JournalError, RECEIPT_LIFE};
use okienko_kernel::{Clock, Entropy, Homes, Keys, Tasks, again};
use okienko_limits::Limits;
use std::sync::Arc;

/// How often expired rows are deleted.
const PURGE: std::time::Duration = std::time::Duration::from_secs(15 * 60);

type OpenEngine = dyn Fn(&'static str) -> Result<Arc<dyn Engine>, JournalError> + Send + Sync;

/// What a composition runs in.
#[derive(Clone)]
pub struct World {
    /// Domain time.
    pub clock: Arc<DomainClock>,
    /// Real time, for deadlines, limits and tokens.
    pub wall: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Where tasks run.
    pub tasks: Arc<dyn Tasks>,
    /// The installation's keys.
    pub keys: Keys,
    /// The bus of public events.
    pub bus: Arc<dyn Bus>,
    /// Rate limits shared by replicas.
    pub limits: Arc<dyn Limits>,
    /// The homes of streams, timers and relays among the replicas of a role.
    pub homes: Arc<dyn Homes>,
    /// Everything that may still have work.
    pub settle: Arc<Settle>,
    /// The access log.
    pub access: Arc<dyn AccessLog>,
    /// Opens the storage engine of a service's journal.
    pub open_engine: Arc<OpenEngine>,
}

/// A service's place in a World.
pub struct Service {
    /// Its name: "booking", "sms-gateway", "queue".
    pub name: &'static str,
    /// The World.
    pub world: World,
    /// Its journal.
    pub journal: Arc<Journal>,
    /// What its actors need.
    pub context: Context,
    /// Told of everything written to the journal, if other replicas also write to it.
    pub followers: Arc<Followers>,
    cipher: Arc<Cipher>,
}

impl World {
    /// Opens a service's journal and starts its committer.
    pub async fn service(&self, name: &'static str) -> Result<Service, JournalError> {
        let journal = Journal::start(name, (self.open_engine)(name)?, &*self.tasks).await?;
        self.settle.journal(&journal);
        let followers = Followers::start(&journal, &*self.tasks);
        followers.progress().into_iter().for_each(|progress| self.settle.relay(progress));
        let context = Context {
            journal: journal.clone(),
            clock: self.clock.clone(),
            wall: self.wall.clone(),
            tasks: self.tasks.clone(),
            place: Place::new(name, self.homes.clone(), followers.clone()),
        };
        let cipher = Arc::new(Cipher::new(&self.keys, name));
        let (world, purged) = (self.clone(), journal.clone());
        self.tasks.keep("purge", again(move || purge_forever(world.clone(), purged.clone())));
        Ok(Service { name, world: self.clone(), journal, context, followers, cipher })
    }
}

/// Periodically deletes what has expired: receipts, claims, personal data past its retention.
async fn purge_forever(world: World, journal: Arc<Journal>) {
    loop {
        tokio::time::sleep(PURGE).await;
        let receipts_before = world.wall.now().minus(RECEIPT_LIFE);
        match journal.engine().purge(receipts_before, world.clock.now()).await {
            Ok(rows) => tracing::debug!(count = rows, "purged"),
            Err(error) => tracing::warn!(%error, "the purge will be tried again"),
        }
    }
}

impl Service {
    /// Now, in domain time.
    pub fn now(&self) -> okienko_kernel::Moment {
        self.world.clock.now()
    }

    /// Begins an act of `who` in an office: its access log line is written when it ends, however it ends.
    pub fn act(&self, office: &str, who: &str, act: &'static str, on: On) -> BegunAct {
        let (office, who) = (office.to_owned(), who.to_owned());
        let line = Access { at: self.world.wall.now(), office, who, act, on, outcome: CUT_OFF };
        BegunAct::begun(self.world.access.clone(), self.world.wall.clone(), line)
    }

    /// Its sealed rows of one type.
    pub fn vault<T: serde::Serialize + serde::de::DeserializeOwned>(&self) -> Vault<T> {
        Vault::new(self.cipher.clone(), self.journal.clone(), self.world.entropy.clone())
    }

    /// Starts actors for streams with this prefix and makes the World wait for the timers of those whose home is here.
    pub async fn registry<M>(&self, prefix: &str) -> Result<okienko_actor::Registry<M>, JournalError>
    where
        M: okienko_kernel::Machine,
        M::Command: serde::Serialize + serde::de::DeserializeOwned + Clone,
        M::Refusal: serde::Serialize + serde::de::DeserializeOwned,
        M::Event: okienko_kernel::Stored,
        M::Reply: serde::Serialize + serde::de::DeserializeOwned,
    {
        let registry = okienko_actor::Registry::<M>::start(&self.context, prefix).await?;
        let asked = registry.clone();
        self.world.settle.timers(move || asked.next_wake());
        let asked = registry.clone();
        self.world.settle.busy(move || asked.is_reading());
        Ok(registry)
    }

    /// Hands everything written from now on, here or in another replica, to `sink`, in this replica as in every other:
    /// for caches in memory. Nothing survives a restart.
    pub fn listen(&self, name: &str, sink: Arc<dyn Sink>) {
        let (relay, progress) = Relay::live(self.journal.clone(), name, sink);
        self.world.settle.relay(progress);
        self.world.tasks.keep("listener", again(move || relay.clone().run()));
    }

    /// Starts a relay over this service's own journal from the durable cursor `name`. It runs in the home of
    /// `relay/{service}/{name}`; two replicas may briefly run it at once, so its effects must be idempotent.
    pub async fn relay(&self, name: &str, sink: Arc<dyn Sink>) -> Result<(), JournalError> {
        let key = format!("relay/{}/{name}", self.name);
        let home = RelayHome { homes: self.world.homes.clone(), role: self.name.to_owned(), key };
        let (relay, progress) = Roaming::open(self.journal.clone(), name, home, sink).await?;
        self.world.settle.relay(progress);
        self.world.tasks.keep("relay", again(move || relay.clone().run()));
        Ok(())
    }
}
