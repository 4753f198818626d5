//! Presence on NATS: a bucket per role, where each replica writes its address again and again, and what is not written
//! again goes by itself. NATS tells of what is written and of what is taken away, never of what has aged, so ages are
//! counted here. While the bucket is away the last view stands. Knows no machine.

use crate::replicas::Replicas;
use crate::view::View;
use async_nats::jetstream::kv::{Operation, Store};
use async_nats::jetstream::{Context, stream};
use futures::StreamExt;
use okienko_kernel::Tasks;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

/// How long a replica counts as present after its last beat.
pub const TTL: Duration = Duration::from_secs(2);
/// Between two beats.
pub const BEAT: Duration = Duration::from_millis(600);
/// How often ages are looked at.
const LOOK: Duration = Duration::from_millis(100);
/// Before the bucket is asked for again when something went wrong.
const RETRY: Duration = Duration::from_millis(300);
/// How long a start waits to see the others; without NATS it goes on alone.
const FIRST_LOOK: Duration = Duration::from_secs(3);

/// This process's presence in all of its roles.
pub struct Presence {
    leaving: watch::Sender<bool>,
    beating: Vec<watch::Receiver<Step>>,
    replicas: Arc<Replicas>,
}

/// How far the presence in a role is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Joining,
    Present,
    Left,
}

impl Presence {
    /// Shows this process at `address` to the other replicas of its roles, and tells `replicas` of them; returns once the
    /// others have been seen, or after a few seconds without NATS. `installation` keeps several apart on one NATS;
    /// `copies` says on how many servers a bucket lies.
    pub async fn start(
        context: Context,
        installation: &str,
        copies: usize,
        address: &str,
        replicas: Arc<Replicas>,
        tasks: &dyn Tasks,
    ) -> Presence {
        let leaving = watch::Sender::new(false);
        let mut beating = Vec::new();
        for role in replicas.roles() {
            let (step, shown) = watch::channel(Step::Joining);
            let member = Member {
                bucket: bucket(installation, &role),
                role,
                context: context.clone(),
                copies,
                address: address.to_owned(),
                replicas: replicas.clone(),
                leaving: leaving.subscribe(),
                step,
                begun: Instant::now(),
            };
            tasks.spawn("presence", Box::pin(member.run()));
            beating.push(shown);
        }
        let presence = Presence { leaving, beating, replicas };
        if timeout(FIRST_LOOK, presence.reached(Step::Present)).await.is_err() {
            tracing::warn!("NATS does not show the other replicas; this one goes on alone until it does");
        }
        presence
    }

    /// Leaves: nothing is at home here from now on, and the others know at once. Returns when they were told, or after a
    /// few seconds without NATS.
    pub async fn leave(&self) {
        self.replicas.leave();
        self.leaving.send_replace(true);
        let _ = timeout(FIRST_LOOK, self.reached(Step::Left)).await;
    }

    async fn reached(&self, step: Step) {
        for shown in &self.beating {
            // Ended means that the World is shut down.
            let _ = shown.clone().wait_for(|now| *now >= step).await;
        }
    }
}

/// The name of a role's bucket.
fn bucket(installation: &str, role: &str) -> String {
    let begin = if installation.is_empty() { "okienko" } else { installation };
    let allowed = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' };
    format!("{begin}-presence-{role}").chars().map(allowed).collect()
}

/// The presence in one role.
struct Member {
    role: String,
    bucket: String,
    context: Context,
    copies: usize,
    address: String,
    replicas: Arc<Replicas>,
    leaving: watch::Receiver<bool>,
    step: watch::Sender<Step>,
    begun: Instant,
}

impl Member {
    async fn run(self) {
        let mut view = View::new(self.replicas.me(), TTL);
        let mut leaving = self.leaving.clone();
        loop {
            let session = self.session(&mut view);
            tokio::select! {
                biased;
                _ = leaving.wait_for(|leaving| *leaving) => break,
                ended = session => tracing::warn!(role = self.role, error = %ended, "presence: the bucket is set up again"),
            }
            tokio::time::sleep(RETRY).await;
        }
        let _ = timeout(RETRY, self.take_away()).await;
        self.step.send_replace(Step::Left);
    }

    async fn take_away(&self) {
        if let Ok(store) = self.context.get_key_value(&self.bucket).await
            && let Err(error) = store.delete(self.replicas.me()).await
        {
            tracing::warn!(%error, role = self.role, "the others will notice by themselves that this replica is gone");
        }
    }

    /// The bucket, made by hand: the client's own call fails on servers of this age.
    async fn store(&self) -> Result<Store, String> {
        let wanted = stream::Config {
            name: format!("KV_{}", self.bucket),
            subjects: vec![format!("$KV.{}.>", self.bucket)],
            max_messages_per_subject: 1,
            max_age: TTL,
            discard: stream::DiscardPolicy::New,
            storage: stream::StorageType::Memory,
            num_replicas: self.copies,
            allow_rollup: true,
            deny_delete: true,
            allow_direct: true,
            duplicate_window: TTL,
            ..stream::Config::default()
        };
        self.context.get_or_create_stream(wanted).await.map_err(|e| e.to_string())?;
        self.context.get_key_value(&self.bucket).await.map_err(|e| e.to_string())
    }

    /// Beats and listens until something goes wrong, which is told.
    async fn session(&self, view: &mut View) -> String {
        match self.beat_and_listen(view).await {
            Ok(()) => "the bucket tells nothing any more".to_owned(),
            Err(error) => error,
        }
    }

    async fn beat_and_listen(&self, view: &mut View) -> Result<(), String> {
        let set_up = async {
            let store = self.store().await?;
            let told = store.watch_with_history(">").await.map_err(|e| e.to_string())?;
            Ok::<_, String>((store, told))
        };
        let (store, mut told) = timeout(TTL, set_up).await.map_err(|_| "NATS does not answer")??;
        let begun = Instant::now();
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut beats = interval(BEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                entry = told.next() => {
                    let Some(entry) = entry else { return Ok(()) };
                    let entry = entry.map_err(|e| e.to_string())?;
                    let address = String::from_utf8_lossy(&entry.value).into_owned();
                    match entry.operation {
                        Operation::Put => view.heard(&entry.key, &address, self.begun.elapsed()),
                        Operation::Delete | Operation::Purge => view.gone(&entry.key),
                    }
                    self.tell(view);
                }
                _ = looks.tick() => {
                    self.tell(view);
                    if begun.elapsed() > TTL && !view.is_well(self.begun.elapsed()) {
                        return Err("beats do not come back".to_owned());
                    }
                }
                _ = beats.tick() => {
                    let beat = store.put(self.replicas.me(), self.address.clone().into());
                    timeout(BEAT, beat).await.map_err(|_| "a beat was not taken")?.map_err(|e| e.to_string())?;
                }
            }
        }
    }

    fn tell(&self, view: &mut View) {
        let now = self.begun.elapsed();
        let mut all: BTreeMap<String, String> = view.present(now);
        all.insert(self.replicas.me().to_owned(), self.address.clone());
        self.replicas.present(&self.role, &all);
        if view.is_well(now) && *self.step.borrow() == Step::Joining {
            self.step.send_replace(Step::Present);
        }
    }
}
