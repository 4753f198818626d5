//! The engine of the `Homes` port for many replicas: a view of each role, desks for orders from others, a way to each
//! replica. It is told who is present. Knows neither how presence is detected nor a transport.

use metrics::gauge;
use okienko_kernel::homes::{Answered, Ask, Desk, Home, Homes, NoAnswer, Peer};
use okienko_kernel::rendezvous::home_of;
use okienko_kernel::world::Task;
use parking_lot::{Mutex, RwLock};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// How long a replica may take to answer: longer than any healthy commit, and a person waits for it.
const ASK: Duration = Duration::from_secs(2);
/// How long a replica that did not answer is not asked again; its orders are carried out here meanwhile.
const LEFT_ALONE: Duration = Duration::from_secs(1);

/// Builds the way to the replica at an address.
pub type Dial = Arc<dyn Fn(&str) -> Arc<dyn Peer> + Send + Sync>;

/// All replicas that this process knows of, itself included.
pub struct Replicas {
    me: String,
    dial: Dial,
    roles: RwLock<BTreeMap<String, Role>>,
    desks: RwLock<BTreeMap<(String, String), Arc<dyn Desk>>>,
    moved: watch::Sender<()>,
}

/// The replicas of one role.
#[derive(Default)]
struct Role {
    /// Whether this process has announced itself and not left yet.
    joined: bool,
    others: BTreeMap<String, Arc<Other>>,
}

impl Replicas {
    /// The replica `me`, a name that no other replica has or ever had, in these roles; it has not joined yet, and knows
    /// no others.
    pub fn new(me: &str, roles: &[&str], dial: Dial) -> Arc<Replicas> {
        let roles = roles.iter().map(|role| ((*role).to_owned(), Role::default())).collect();
        let (desks, moved) = (RwLock::default(), watch::Sender::new(()));
        Arc::new(Replicas { me: me.to_owned(), dial, roles: RwLock::new(roles), desks, moved })
    }

    /// This replica's name.
    pub fn me(&self) -> &str {
        &self.me
    }

    /// The names of all others presumed present.
    pub fn others(&self) -> BTreeSet<String> {
        self.roles.read().values().flat_map(|role| role.others.keys().cloned()).collect()
    }

    /// The roles of this process.
    pub fn roles(&self) -> Vec<String> {
        self.roles.read().keys().cloned().collect()
    }

    /// Sets the replicas of `role` that are present, by name, with their addresses; this one may be among them or not.
    pub fn present(&self, role: &str, all: &BTreeMap<String, String>) {
        let mut roles = self.roles.write();
        let Some(known) = roles.get_mut(role) else { return };
        let old = std::mem::take(&mut known.others);
        for (name, address) in all.iter().filter(|(name, _)| **name != self.me) {
            let same = old.get(name).filter(|other| other.address == *address).cloned();
            let other = same.unwrap_or_else(|| Arc::new(Other::new(address, (self.dial)(address))));
            known.others.insert(name.clone(), other);
        }
        let changed = old.keys().ne(known.others.keys());
        let names: Vec<String> = known.others.keys().cloned().collect();
        drop(roles);
        gauge!("okienko_replicas", "role" => role.to_owned()).set(names.len() as f64 + 1.0);
        if changed {
            tracing::info!(role, address = self.me, others = ?names, "replicas present");
            self.moved.send_replace(());
        }
    }

    /// From now on keys of `role` may have their home here; before, only when no other replica is known.
    pub fn join(&self, role: &str) {
        self.roles.write().get_mut(role).into_iter().for_each(|role| role.joined = true);
        self.moved.send_replace(());
    }

    /// From now on nothing has its home here, if there is another replica: timers, relays and consumers stop at once,
    /// and orders go to the others. The first step of a graceful shutdown.
    pub fn leave(&self) {
        self.roles.write().values_mut().for_each(|role| role.joined = false);
        self.moved.send_replace(());
    }

    /// Carries out an order from another replica; `None` when there is no desk for it or it cannot be decoded.
    pub async fn carry_out(&self, ask: Ask) -> Option<Vec<u8>> {
        let desk = self.desks.read().get(&(ask.role.clone(), ask.prefix.clone())).cloned()?;
        desk.ask(ask).await
    }
}

impl Homes for Replicas {
    fn home(&self, role: &str, key: &str) -> Home {
        let roles = self.roles.read();
        let Some(known) = roles.get(role) else { return Home::Here };
        let me = known.joined.then_some(&*self.me);
        let names = known.others.keys().map(|name| &**name).chain(me);
        let there = home_of(key, names).and_then(|name| known.others.get(name));
        there.map_or(Home::Here, |other| Home::There(other.clone()))
    }

    fn moved(&self) -> Task {
        let mut moved = self.moved.subscribe();
        Box::pin(async move {
            // The sender is dropped when the process shuts down.
            if moved.changed().await.is_err() {
                std::future::pending().await
            }
        })
    }

    fn open_desk(&self, role: &'static str, prefix: &str, desk: Arc<dyn Desk>) {
        self.desks.write().insert((role.to_owned(), prefix.to_owned()), desk);
    }
}

/// Another replica, and until when it is left alone.
struct Other {
    address: String,
    peer: Arc<dyn Peer>,
    left_alone: Arc<Mutex<Option<Instant>>>,
}

impl Other {
    fn new(address: &str, peer: Arc<dyn Peer>) -> Other {
        Other { address: address.to_owned(), peer, left_alone: Arc::default() }
    }
}

impl Peer for Other {
    fn ask(&self, ask: Ask) -> Answered<Result<Vec<u8>, NoAnswer>> {
        if self.left_alone.lock().is_some_and(|until| Instant::now() < until) {
            return Box::pin(std::future::ready(Err(NoAnswer::NotDelivered)));
        }
        let (asked, left_alone) = (self.peer.ask(ask), self.left_alone.clone());
        Box::pin(async move {
            let answer = tokio::time::timeout(ASK, asked).await.unwrap_or(Err(NoAnswer::Unknown));
            if answer.is_err() {
                *left_alone.lock() = Some(Instant::now() + LEFT_ALONE);
            }
            answer
        })
    }
}
