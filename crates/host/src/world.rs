//! A World, and a service's place in it. The only choice of engines is made where a World is built.

use crate::access::AccessLog;
use crate::clock::DomainClock;
use crate::settle::Settle;
use okienko_actor::{Context, RECEIPT_LIFE};
use okienko_bus::Bus;
use okienko_journal::{Engine, Journal, JournalError, Vault};
use okienko_kernel::{Clock, Entropy, Keys, Tasks};
use okienko_limits::Limits;
use std::sync::Arc;

/// How often old rows are deleted.
const PURGE: std::time::Duration = std::time::Duration::from_secs(15 * 60);

type OpenEngine = dyn Fn(&'static str) -> Result<Arc<dyn Engine>, JournalError> + Send + Sync;

/// What a composition runs in.
#[derive(Clone)]
pub struct World {
    /// Domain time.
    pub clock: Arc<DomainClock>,
    /// Real time: deadlines, limits, tokens.
    pub wall: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Where tasks run.
    pub tasks: Arc<dyn Tasks>,
    /// Keys of the installation.
    pub keys: Keys,
    /// Public events.
    pub bus: Arc<dyn Bus>,
    /// How often somebody may do something.
    pub limits: Arc<dyn Limits>,
    /// Who may still have work.
    pub settle: Arc<Settle>,
    /// Who looked at or did what.
    pub access: Arc<dyn AccessLog>,
    /// Opens the storage of a service's journal.
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
    /// Its encrypted rows.
    pub vault: Vault,
}

impl World {
    /// Opens a service's journal and starts its committer.
    pub async fn service(&self, name: &'static str) -> Result<Service, JournalError> {
        let journal = Journal::start((self.open_engine)(name)?, &*self.tasks).await?;
        self.settle.journal(&journal);
        let context = Context {
            journal: journal.clone(),
            clock: self.clock.clone(),
            wall: self.wall.clone(),
            tasks: self.tasks.clone(),
        };
        let vault = Vault::new(&self.keys, name);
        self.tasks.spawn("purge", Box::pin(purge_forever(self.clone(), journal.clone())));
        Ok(Service { name, world: self.clone(), journal, context, vault })
    }
}

/// Deletes, again and again, what has had its time: receipts, ended claims, personal data past its keeping.
async fn purge_forever(world: World, journal: Arc<Journal>) {
    loop {
        tokio::time::sleep(PURGE).await;
        let receipts_before = world.wall.now().minus(RECEIPT_LIFE);
        match journal.engine().purge(receipts_before, world.clock.now()).await {
            Ok(rows) => tracing::debug!(rows, "purged"),
            Err(error) => tracing::warn!(%error, "the purge will be tried again"),
        }
    }
}

impl Service {
    /// The present domain moment.
    pub fn now(&self) -> okienko_kernel::Moment {
        self.world.clock.now()
    }

    /// Opens vault rows, in the order of `ids`; a row that is gone or does not open is `None`.
    pub async fn open_vault(&self, ids: &[String]) -> Result<Vec<Option<Vec<u8>>>, JournalError> {
        let rows = self.journal.engine().vault(ids).await?;
        Ok(ids.iter().zip(rows).map(|(id, row)| row.and_then(|row| self.vault.open(id, &row))).collect())
    }

    /// Starts actors for streams with this prefix and lets the World wait for their timers.
    pub async fn registry<M>(&self, prefix: &str) -> Result<okienko_actor::Registry<M>, JournalError>
    where
        M: okienko_kernel::Machine,
        M::Event: okienko_actor::Stored,
        M::Reply: serde::Serialize + serde::de::DeserializeOwned,
    {
        let registry = okienko_actor::Registry::<M>::start(&self.context, prefix).await?;
        let asked = registry.clone();
        self.world.settle.timers(move || asked.next_wake());
        Ok(registry)
    }

    /// Starts a relay over this service's own journal, from the durable cursor `name`.
    pub async fn relay(
        &self,
        name: &str,
        sink: Arc<dyn okienko_journal::relay::Sink>,
    ) -> Result<(), JournalError> {
        let (relay, progress) = okienko_journal::relay::Relay::open(self.journal.clone(), name, sink).await?;
        self.world.settle.relay(progress);
        self.world.tasks.spawn("relay", Box::pin(relay.run()));
        Ok(())
    }
}
