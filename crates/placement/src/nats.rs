//! Presence on NATS: a bucket per role, where each replica keeps writing its address, and entries that are not renewed
//! expire. NATS notifies of writes and deletions, never of expiry, so ages are tracked here. While the bucket is
//! unreachable the last view stands. Knows no machine.

use crate::replicas::Replicas;
use crate::view::View;
use async_nats::jetstream::kv::{Entry, Operation, Store, Watch};
use async_nats::jetstream::{Context, stream};
use futures::StreamExt;
use okienko_kernel::{Tasks, again};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

/// How long a replica counts as present after its last beat.
pub const TTL: Duration = Duration::from_secs(2);
/// The interval between two beats.
pub const BEAT: Duration = Duration::from_millis(600);
/// How often ages are checked.
const LOOK: Duration = Duration::from_millis(100);
/// Delay before the bucket is opened again after an error.
const RETRY: Duration = Duration::from_millis(300);
/// How long start and shutdown wait for NATS before they go on without it.
const PATIENCE: Duration = Duration::from_secs(3);

/// This process's presence in all of its roles.
pub struct Presence {
    wish: watch::Sender<Wish>,
    members: Vec<watch::Receiver<Step>>,
    replicas: Arc<Replicas>,
}

/// What this process wants the others to see.
#[derive(Clone)]
enum Wish {
    /// Nothing yet: it only watches.
    Look,
    /// A replica at this address.
    Join(String),
    /// That it has left.
    Leave,
}

/// How far a member has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Begun,
    /// It knows who is present.
    Looked,
    /// The others can know of it.
    Joined,
    Left,
}

impl Presence {
    /// Tells `replicas` about the others in its roles, without announcing this process; returns once they are known, or
    /// after a few seconds without NATS. `installation` separates installations that share a NATS; `copies` is the
    /// number of servers that store each bucket.
    pub async fn look(
        context: Context,
        installation: &str,
        copies: usize,
        replicas: Arc<Replicas>,
        tasks: &dyn Tasks,
    ) -> Presence {
        let wish = watch::Sender::new(Wish::Look);
        let mut members = Vec::new();
        for role in replicas.roles() {
            let (step, shown) = watch::channel(Step::Begun);
            let member = Member {
                bucket: bucket(installation, &format!("presence-{role}")),
                role,
                context: context.clone(),
                copies,
                replicas: replicas.clone(),
                wish: wish.subscribe(),
                step,
                begun: Instant::now(),
            };
            let member = Arc::new(member);
            tasks.keep("presence", again(move || member.clone().run()));
            members.push(shown);
        }
        let presence = Presence { wish, members, replicas };
        presence.wait_for(Step::Looked).await;
        presence
    }

    /// Announces this process at `address`, where it must already be serving. Returns once the others can know, or
    /// after a few seconds without NATS.
    pub async fn join(&self, address: &str) {
        self.wish.send_replace(Wish::Join(address.to_owned()));
        self.wait_for(Step::Joined).await;
    }

    /// Leaves: from now on nothing has its home here, and the others learn of it at once. Returns when they were told,
    /// or after a few seconds without NATS.
    pub async fn leave(&self) {
        self.replicas.leave();
        self.wish.send_replace(Wish::Leave);
        self.wait_for(Step::Left).await;
    }

    async fn wait_for(&self, step: Step) {
        let all = async {
            for shown in &self.members {
                // An error means that the World is shut down.
                let _ = shown.clone().wait_for(|now| *now >= step).await;
            }
        };
        if timeout(PATIENCE, all).await.is_err() {
            tracing::warn!("NATS does not show the other replicas; this one goes on with those it knows");
        }
    }
}

/// The name of a bucket, with characters that NATS does not allow replaced.
pub(crate) fn bucket(installation: &str, what: &str) -> String {
    let begin = if installation.is_empty() { "okienko" } else { installation };
    let allowed = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' };
    format!("{begin}-{what}").chars().map(allowed).collect()
}

/// A bucket whose entries expire after `ttl`. Created by hand, because the client's own call fails on servers of this
/// age.
pub(crate) async fn store(
    context: &Context,
    bucket: &str,
    ttl: Duration,
    copies: usize,
) -> Result<Store, String> {
    let wanted = stream::Config {
        name: format!("KV_{bucket}"),
        subjects: vec![format!("$KV.{bucket}.>")],
        max_messages_per_subject: 1,
        max_age: ttl,
        discard: stream::DiscardPolicy::New,
        storage: stream::StorageType::Memory,
        num_replicas: copies,
        allow_rollup: true,
        deny_delete: true,
        allow_direct: true,
        duplicate_window: ttl.min(TTL),
        ..stream::Config::default()
    };
    context.get_or_create_stream(wanted).await.map_err(|e| e.to_string())?;
    context.get_key_value(bucket).await.map_err(|e| e.to_string())
}

/// The presence in one role.
struct Member {
    role: String,
    bucket: String,
    context: Context,
    copies: usize,
    replicas: Arc<Replicas>,
    wish: watch::Receiver<Wish>,
    step: watch::Sender<Step>,
    begun: Instant,
}

impl Member {
    async fn run(self: Arc<Self>) {
        let mut view = View::new(self.replicas.me(), TTL);
        let mut wish = self.wish.clone();
        loop {
            let session = self.session(&mut view);
            tokio::select! {
                biased;
                _ = wish.wait_for(|wish| matches!(wish, Wish::Leave)) => break,
                ended = session => {
                    let error = ended.err().unwrap_or_else(|| "the bucket tells nothing any more".to_owned());
                    tracing::warn!(role = self.role, error, "presence: the bucket is set up again");
                }
            }
            tokio::time::sleep(RETRY).await;
        }
        let _ = timeout(RETRY, self.take_away()).await;
        self.reached(Step::Left);
        // Nothing is left to do, and nothing was lost.
        std::future::pending().await
    }

    async fn take_away(&self) {
        if let Ok(store) = self.context.get_key_value(&self.bucket).await
            && let Err(error) = store.delete(self.replicas.me()).await
        {
            tracing::warn!(%error, role = self.role, "the others will notice by themselves that this replica is gone");
        }
    }

    async fn store(&self) -> Result<Store, String> {
        store(&self.context, &self.bucket, TTL, self.copies).await
    }

    /// Everything in the bucket now, and a watch for what follows.
    async fn first_look(&self, view: &mut View) -> Result<(Store, Watch), String> {
        let store = self.store().await?;
        let told = store.watch_all().await.map_err(|e| e.to_string())?;
        let names: Vec<String> =
            store.keys().await.map_err(|e| e.to_string())?.filter_map(async |name| name.ok()).collect().await;
        for name in names.iter().filter(|name| *name != self.replicas.me()) {
            if let Some(address) = store.get(name).await.map_err(|e| e.to_string())? {
                view.heard(name, &String::from_utf8_lossy(&address), self.begun.elapsed());
            }
        }
        Ok((store, told))
    }

    /// Beats and listens until something goes wrong.
    async fn session(&self, view: &mut View) -> Result<(), String> {
        let looked = timeout(TTL, self.first_look(view)).await;
        let (store, mut told) = looked.map_err(|_| "NATS does not answer")??;
        self.tell(view);
        self.reached(Step::Looked);
        let (mut looks, mut beats) = (interval(LOOK), interval(BEAT));
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut beating_since = None;
        let mut wish = self.wish.clone();
        loop {
            tokio::select! {
                biased;
                entry = told.next() => {
                    let Some(entry) = entry else { return Ok(()) };
                    self.hear(view, entry.map_err(|e| e.to_string())?);
                }
                _ = looks.tick() => {
                    self.tell(view);
                    let long = beating_since.is_some_and(|since: Instant| since.elapsed() > TTL);
                    if long && !view.is_well(self.begun.elapsed()) {
                        return Err("beats do not come back".to_owned());
                    }
                }
                // The first beat is sent at once.
                Ok(()) = wish.changed() => beats.reset_immediately(),
                _ = beats.tick() => {
                    let Wish::Join(address) = wish.borrow_and_update().clone() else { continue };
                    beating_since.get_or_insert_with(Instant::now);
                    let beat = store.put(self.replicas.me(), address.into());
                    timeout(BEAT, beat).await.map_err(|_| "a beat was not taken")?.map_err(|e| e.to_string())?;
                }
            }
        }
    }

    fn hear(&self, view: &mut View, entry: Entry) {
        let now = self.begun.elapsed();
        match entry.operation {
            Operation::Put => view.heard(&entry.key, &String::from_utf8_lossy(&entry.value), now),
            Operation::Delete | Operation::Purge => view.gone(&entry.key),
        }
        self.tell(view);
        if view.is_well(now) && *self.step.borrow() < Step::Joined {
            self.replicas.join(&self.role);
            self.reached(Step::Joined);
        }
    }

    fn tell(&self, view: &mut View) {
        self.replicas.present(&self.role, &view.present(self.begun.elapsed()));
    }

    /// Records a step; steps are never taken back.
    fn reached(&self, step: Step) {
        self.step.send_if_modified(|now| {
            let further = *now < step;
            *now = step.max(*now);
            further
        });
    }
}
