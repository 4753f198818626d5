//! The bus between processes, on NATS JetStream: one stream per service, filled by a relay over the service's journal
//! and read by one durable consumer per name. While NATS is unreachable facts wait in the journals; everything here
//! resumes by itself afterwards. Knows no service.

mod intake;
mod outlet;
mod wire;

use crate::{Bus, Consumer, From, Publisher, consumer_home};
use async_nats::ConnectOptions;
use async_nats::jetstream::{self, stream};
use async_trait::async_trait;
use intake::Intake;
use okienko_journal::relay::{Progress, RelayHome};
use okienko_journal::{Journal, JournalError};
use okienko_kernel::{Alone, Clock, Homes, Tasks, again};
use outlet::Outlet;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long NATS may take to answer before a retry.
const ANSWER: Duration = Duration::from_secs(3);
/// Backoff between attempts to connect: short at first, and never long.
const RECONNECT_FIRST_MS: u64 = 50;
const RECONNECT_LONGEST: Duration = Duration::from_secs(1);
/// The window in which NATS itself drops duplicates; later ones are dropped by consumers.
const DUPLICATES: Duration = Duration::from_secs(5 * 60);
/// How long a service's start waits for NATS to create a consumer before it goes on without.
const SET_UP: Duration = Duration::from_secs(5);

/// Where NATS is, and how long it keeps events.
#[derive(Clone, Debug)]
pub struct NatsSettings {
    /// `nats://…`, several separated by commas; may carry user and password.
    pub url: String,
    /// The contents of a credentials file, if NATS requires one.
    pub credentials: Option<String>,
    /// Services whose events may come from other processes.
    pub services: Vec<String>,
    /// A prefix of subjects and stream names when several installations share an account; usually empty.
    pub installation: String,
    /// How long events are kept for consumers that are away.
    pub keep: Duration,
    /// The number of servers that store each stream: 3 in a NATS cluster.
    pub replicas: usize,
}

impl NatsSettings {
    /// One server, events kept for a week.
    pub fn new(url: &str, services: &[&str]) -> NatsSettings {
        NatsSettings {
            url: url.to_owned(),
            credentials: None,
            services: services.iter().map(|service| (*service).to_owned()).collect(),
            installation: String::new(),
            keep: Duration::from_secs(7 * 24 * 3600),
            replicas: 1,
        }
    }
}

/// What the producers and consumers of a process share.
struct Shared {
    settings: NatsSettings,
    context: jetstream::Context,
    /// By service: the newest sequence number in its stream that this process has heard of.
    known: Mutex<BTreeMap<String, Arc<AtomicU64>>>,
}

impl Shared {
    /// The stream of a service, created if it does not exist.
    async fn stream(&self, service: &str) -> Result<stream::Stream, String> {
        let wanted = stream::Config {
            name: wire::stream_name(&self.settings.installation, service),
            subjects: vec![wire::subject(&self.settings.installation, &format!("okienko.v1.*.{service}.*"))],
            max_age: self.settings.keep,
            duplicate_window: DUPLICATES.min(self.settings.keep),
            num_replicas: self.settings.replicas,
            storage: stream::StorageType::File,
            allow_direct: true,
            ..stream::Config::default()
        };
        self.context.get_or_create_stream(wanted).await.map_err(|e| e.to_string())
    }

    /// The newest sequence number in the stream now; also recorded in `known`.
    async fn newest(&self, service: &str, stream: &stream::Stream) -> Result<u64, String> {
        let newest = stream.get_info().await.map_err(|e| e.to_string())?.state.last_sequence;
        self.known(service).fetch_max(newest, Ordering::AcqRel);
        Ok(newest)
    }

    fn known(&self, service: &str) -> Arc<AtomicU64> {
        self.known.lock().entry(service.to_owned()).or_default().clone()
    }
}

/// A service of this process that offers its events; its progress is set once the relay has read its cursor.
struct Offer {
    journal: Arc<Journal>,
    progress: Arc<Mutex<Option<Progress>>>,
}

/// The bus between processes.
pub struct NatsBus {
    shared: Arc<Shared>,
    tasks: Arc<dyn Tasks>,
    wall: Arc<dyn Clock>,
    homes: Arc<dyn Homes>,
    offers: Mutex<BTreeMap<&'static str, Offer>>,
    intakes: Mutex<Vec<Arc<intake::State>>>,
}

impl NatsBus {
    /// A bus on the NATS of `settings`, which need not be reachable yet. `wall` is real time. An error says what is
    /// wrong with the address or the credentials.
    pub async fn open(
        settings: NatsSettings,
        tasks: Arc<dyn Tasks>,
        wall: Arc<dyn Clock>,
    ) -> Result<NatsBus, JournalError> {
        let wrong = |what: String| JournalError(format!("NATS: {what}"));
        let mut options = ConnectOptions::new()
            .name("okienko")
            .retry_on_initial_connect()
            .connection_timeout(ANSWER)
            .reconnect_delay_callback(|attempts| {
                let doubled = RECONNECT_FIRST_MS << attempts.min(10);
                Duration::from_millis(doubled).min(RECONNECT_LONGEST)
            });
        if let Some(credentials) = &settings.credentials {
            options = options.credentials(credentials).map_err(|e| wrong(e.to_string()))?;
        }
        let servers: Vec<&str> = settings.url.split(',').map(str::trim).collect();
        let client = options.connect(servers).await.map_err(|e| wrong(e.to_string()))?;
        let mut context = jetstream::new(client);
        context.set_timeout(ANSWER);
        let shared = Arc::new(Shared { settings, context, known: Mutex::default() });
        let homes = Arc::new(Alone);
        Ok(NatsBus { shared, tasks, wall, homes, offers: Mutex::default(), intakes: Mutex::default() })
    }

    /// Makes publishing, and consumers that have a position in NATS, run only in their home.
    pub fn among(mut self, homes: Arc<dyn Homes>) -> NatsBus {
        self.homes = homes;
        self
    }

    /// The JetStream context of this connection, for whoever else keeps something on this NATS.
    pub fn jetstream(&self) -> jetstream::Context {
        self.shared.context.clone()
    }

    /// Whether NATS is connected now.
    pub fn is_connected(&self) -> bool {
        let state = self.shared.context.client().connection_state();
        state == async_nats::connection::State::Connected
    }
}

#[async_trait]
impl Bus for NatsBus {
    fn offer(&self, service: &'static str, journal: Arc<Journal>, publisher: Arc<dyn Publisher>) {
        let progress = Arc::new(Mutex::new(None));
        let outlet = Outlet::new(self.shared.clone(), service, publisher, journal.clone());
        let (homes, role) = (self.homes.clone(), service.to_owned());
        let home = RelayHome { homes, role, key: format!("relay/{service}/bus") };
        let (of, told, outlet) = (journal.clone(), progress.clone(), Arc::new(outlet));
        let begin = again(move || outlet::run(of.clone(), home.clone(), outlet.clone(), told.clone()));
        self.offers.lock().insert(service, Offer { journal, progress });
        self.tasks.keep("bus outlet", begin);
    }

    async fn consume(
        &self,
        consumer: &'static str,
        service: &'static str,
        from: From,
        handler: Arc<dyn Consumer>,
    ) -> Result<(), JournalError> {
        let head = self.offers.lock().get(service).map(|offer| *offer.journal.head().borrow());
        if head.is_none() && !self.shared.settings.services.iter().any(|known| known == service) {
            return Err(JournalError(format!("{service} offers no events")));
        }
        let durable = from == From::Start;
        let home = durable.then(|| consumer_home(self.homes.clone(), consumer, service));
        let state = Arc::new(intake::State::new(self.shared.known(service), home));
        self.intakes.lock().push(state.clone());
        let intake = Intake {
            shared: self.shared.clone(),
            service,
            durable: durable.then(|| wire::consumer_name(consumer)),
            // The producer may still be publishing what it had committed before now.
            not_before: if from == From::Now { head.unwrap_or(0) } else { 0 },
            asked_at: self.wall.now(),
            handler,
            state: state.clone(),
        };
        let intake = Arc::new(intake);
        self.tasks.keep("bus intake", again(move || intake.clone().run()));
        if !state.is_here() {
            return Ok(());
        }
        // "From now on" starts here; but a service also starts without NATS, and then gets what has come since.
        let _ = tokio::time::timeout(SET_UP, state.is_set_up()).await;
        Ok(())
    }

    /// As far as this process knows: its own journals are published, and its consumers have taken everything that
    /// existed when they were set up or that this process has published since.
    fn is_idle(&self) -> bool {
        let published = |offer: &Offer| offer.progress.lock().as_ref().is_some_and(Progress::is_idle);
        self.offers.lock().values().all(published)
            && self.intakes.lock().iter().all(|intake| intake.is_idle())
    }

    fn waits_for(&self) -> Vec<String> {
        let offers = self.offers.lock();
        let offers = offers.iter().filter_map(|(service, offer)| match offer.progress.lock().as_ref() {
            None => Some(format!("{service}: nothing is published yet")),
            Some(progress) => progress.waits_for(),
        });
        let intakes = self.intakes.lock();
        offers.chain(intakes.iter().filter_map(|intake| intake.waits_for())).collect()
    }

    fn is_away(&self) -> bool {
        !self.is_connected()
            || self.intakes.lock().iter().any(|intake| intake.is_here() && !intake.is_listening())
    }

    async fn look(&self) {
        let services: Vec<String> = self.shared.known.lock().keys().cloned().collect();
        for service in services {
            let looked = async {
                let stream = self.shared.stream(&service).await?;
                self.shared.newest(&service, &stream).await
            };
            if let Err(error) = looked.await {
                tracing::debug!(service, error, "what is there is not known");
            }
        }
    }
}
