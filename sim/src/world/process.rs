//! Processes: each runs some roles, composed as in production, crashes, and is started again from its journals. Knows
//! no person.

use crate::dice::Dice;
use crate::watch::Watch;
use crate::world::bus::{Broker, SimBus};
use crate::world::clock::VirtualClock;
use crate::world::executor::{Executor, Group, GroupTasks};
use crate::world::front::Front;
use crate::world::net::{Net, ProcessWays};
use crate::world::phones::{Phones, SimProvider};
use crate::world::presence::Presence;
use crate::world::storage::Storage;
use crate::world::weather::Weather;
use okienko::{Composed, Plan, Role, compose};
use okienko_booking::Settings;
use okienko_host::{AccessLog, DomainClock, Settle, World};
use okienko_journal::{Engine, JournalError, MemoryEngine};
use okienko_kernel::{Clock, Homes, Keys, Rehearsing, Span};
use okienko_limits::Limits;
use okienko_office::Office;
use okienko_sms_gateway::callbacks::Reporters;
use okienko_territory::Territory;
use okienko_web::{SignIn, Surface, Texts, TrustedProxies};
use parking_lot::Mutex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// The base URL of pages, as it appears in texts.
pub const BASE_URL: &str = "https://wizyty.example.pl";

/// Everything that all processes of a run share.
pub struct Ground {
    /// Runs all tasks.
    pub executor: Executor,
    /// What goes wrong.
    pub weather: Arc<Weather>,
    /// The source of all draws.
    pub dice: Dice,
    /// Sees everything that is written.
    pub watch: Arc<Watch>,
    /// The correct time.
    pub clock: VirtualClock,
    /// The installation's keys.
    pub keys: Keys,
    /// The bus, outside the processes.
    pub broker: Arc<Broker>,
    /// Connections between roles.
    pub net: Arc<Net>,
    /// Connections of people.
    pub front: Arc<Front>,
    /// Phones and mailboxes.
    pub phones: Arc<Phones>,
    /// Rate limits; the same for all processes.
    pub limits: Arc<dyn Limits>,
    /// The offices.
    pub offices: Vec<Office>,
    /// The access log.
    pub access: Arc<dyn AccessLog>,
    /// The countries of network addresses.
    pub territory: Arc<dyn Territory>,
    /// The stores, by service.
    pub stores: BTreeMap<&'static str, Arc<MemoryEngine>>,
    /// Services whose journal is written by more than one process.
    pub shared: BTreeSet<&'static str>,
    /// How replicas see each other; without it every process considers itself the home of everything.
    pub presence: Option<Arc<Presence>>,
}

impl Ground {
    /// Drops the processes, which would otherwise keep this alive.
    pub fn empty(&self) {
        self.net.empty();
        self.front.empty();
        if let Some(presence) = &self.presence {
            presence.empty();
        }
        self.broker.empty();
    }
}

/// A process: dead or alive.
pub struct Process {
    ground: Arc<Ground>,
    /// Its name in a trace, e.g. `booking-1`.
    pub name: String,
    roles: BTreeSet<Role>,
    lives: Mutex<u64>,
    alive: Mutex<Option<Alive>>,
}

struct Alive {
    group: Group,
    settle: Arc<Settle>,
    _composed: Composed,
}

impl Process {
    /// A process that is not started yet.
    pub fn new(ground: Arc<Ground>, name: &str, roles: impl IntoIterator<Item = Role>) -> Arc<Process> {
        let roles = roles.into_iter().collect();
        Arc::new(Process {
            ground,
            name: name.to_owned(),
            roles,
            lives: Mutex::new(0),
            alive: Mutex::default(),
        })
    }

    /// Keeps it running: starts it, and starts it again a moment after it died or failed to start.
    pub async fn supervise(self: Arc<Self>) {
        let dice = self.ground.dice.fork(&format!("supervise/{}", self.name));
        loop {
            let group = self.ground.executor.group();
            let started = self.ground.executor.run_in(group, self.clone().start(group));
            let started = started.await.map_err(|_| "it died while it started".to_owned());
            if started.and_then(|done| done).is_ok() {
                self.ground.executor.died(group).await;
            } else {
                self.ground.executor.kill(group);
            }
            ground_tell(&self.ground, &self.name);
            self.alive.lock().take();
            if let Some(presence) = &self.ground.presence {
                presence.forget(group);
            }
            self.ground.net.forget(group);
            self.ground.front.forget(group);
            tokio::time::sleep(dice.millis(100..10_000)).await;
        }
    }

    /// Crashes it soon: after this many more steps of its tasks.
    pub fn crash_after(&self, steps: u64) {
        if let Some(alive) = &*self.alive.lock() {
            self.ground.executor.kill_after(alive.group, steps);
        }
    }

    /// Events that its relays have not taken yet, at least one while it is busy; `None` while it is dead.
    pub fn lag(&self) -> Option<u64> {
        self.alive.lock().as_ref().map(|alive| alive.settle.lag().max(u64::from(alive.settle.is_busy())))
    }

    async fn start(self: Arc<Self>, group: Group) -> Result<(), String> {
        let ground = &self.ground;
        let life = {
            let mut lives = self.lives.lock();
            *lives += 1;
            *lives
        };
        let dice = ground.dice.fork(&format!("process/{}/{life}", self.name));
        let name = format!("{}/{life}", self.name);
        let world = self.world(group, &name, &dice);
        let (roles, offices) = (self.roles.clone(), ground.offices.clone());
        let ways = Arc::new(ProcessWays { net: ground.net.clone(), group });
        let settings = Settings {
            base_url: BASE_URL.to_owned(),
            territory: ground.territory.clone(),
            passwords: okienko_passwords::PasswordCost::CHEAPEST,
        };
        let provider = Arc::new(SimProvider(ground.phones.clone()));
        let plan = Plan { roles, ways, offices, settings, provider, reporters: Reporters::default() };
        let composed = compose(&world, plan).await.map_err(|error| error.to_string())?;
        let (wall, keys) = (world.wall.clone(), ground.keys.clone());
        let mut sign_in = SignIn::new(keys, Arc::new(move || wall.now()));
        sign_in.tasks = Some(world.tasks.clone());
        let sign_in = Arc::new(sign_in);
        let trusted = Arc::new(TrustedProxies::loopback());
        let surface =
            |texts: Arc<Texts>| Surface::new(texts).trusted(trusted.clone()).sign_in(sign_in.clone());
        ground.front.open(group, self.roles.iter().copied(), &composed.router(surface));
        if let Some(presence) = &ground.presence {
            presence.show(&name);
        }
        *self.alive.lock() = Some(Alive { group, settle: world.settle.clone(), _composed: composed });
        Ok(())
    }

    fn world(&self, group: Group, name: &str, dice: &Dice) -> World {
        let ground = self.ground.clone();
        let roles: Vec<&str> = self.roles.iter().map(|role| role.name()).collect();
        let homes: Arc<dyn Homes> = match &ground.presence {
            Some(presence) => presence.look(name, group, &roles),
            None => Arc::new(Rehearsing),
        };
        let most = ground.weather.now().skew.micros();
        let skew = Span::from_micros(dice.range(0..2 * most.unsigned_abs() + 1) as i64 - most);
        let wall: Arc<dyn Clock> = Arc::new(ground.clock.skewed(skew));
        let tasks = Arc::new(GroupTasks { executor: ground.executor.clone(), group });
        let bus = SimBus {
            broker: ground.broker.clone(),
            tasks: tasks.clone(),
            weather: ground.weather.clone(),
            dice: dice.fork("bus"),
            relays: Arc::default(),
            homes: homes.clone(),
        };
        let (shared, storing) = (ground.clone(), dice.fork("storage"));
        let open = move |service: &'static str| -> Result<Arc<dyn Engine>, JournalError> {
            let store = shared.stores.get(service);
            let store = store.ok_or_else(|| JournalError(format!("there is no store of {service}")))?;
            let parts = (shared.weather.clone(), storing.fork(service), shared.watch.clone());
            Ok(Arc::new(Storage::open(service, store.clone(), parts, shared.shared.contains(service))))
        };
        World {
            clock: DomainClock::over(wall.clone()),
            wall,
            entropy: dice.entropy("entropy"),
            tasks,
            keys: ground.keys.clone(),
            bus: Arc::new(bus),
            limits: ground.limits.clone(),
            homes,
            settle: Arc::default(),
            access: ground.access.clone(),
            open_engine: Arc::new(open),
        }
    }
}

fn ground_tell(ground: &Ground, name: &str) {
    ground
        .watch
        .tell(|| format!("{} process {name} died", ground.clock.now().micros() / 1000 % 1_000_000_000));
}

/// Crashes processes now and then, at any step of any of their tasks, until the faults stop.
pub async fn crash_now_and_then(ground: Arc<Ground>, processes: Vec<Arc<Process>>) {
    let dice = ground.dice.fork("crashes");
    let every = ground.weather.now().crash_every;
    if every.is_zero() {
        return;
    }
    loop {
        tokio::time::sleep(dice.around(every) + Duration::from_millis(1)).await;
        if ground.weather.is_calm() {
            return;
        }
        if let Some(process) = dice.pick(&processes) {
            process.crash_after(dice.range(0..300));
        }
    }
}
