//! A town with booking and the real sms-gateway in one process, on a clock that stands still.

#![allow(dead_code, reason = "each test file needs another part of this")]

pub mod api;
pub mod browser;
pub mod crowd;
pub mod staff;

use browser::Browser;
use okienko_booking::{Booking, Settings, texts};
use okienko_bus::LocalBus;
use okienko_host::{
    Access, AccessLine, AccessLog, DomainClock, OsEntropy, Settle, TokioTasks, WallClock, World,
};
use okienko_journal::{Engine, MemoryEngine};
use okienko_kernel::civil::{parse_iso_span, parse_rfc3339};
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Clock, Entropy, Homes, Keys, Moment, Rehearsing, Zone};
use okienko_limits::MemoryLimits;
use okienko_office::Office;
use okienko_placement::Hub;
use okienko_sms_gateway::callbacks::Reporters;
use okienko_sms_gateway::provider::DemoPhone;
use okienko_sms_gateway::{SmsGateway, server};
use okienko_web::{SignIn, Surface};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A Tuesday, before the office opens.
pub const START: &str = "2026-12-01T07:00:00+01:00";

/// Base URL of the addresses in messages.
pub const BASE: &str = "https://wizyty.example.pl";

pub struct Town {
    pub world: World,
    pub phone: Arc<DemoPhone>,
    pub router: axum::Router,
    pub booking: Arc<Booking>,
    pub sign_in: Arc<SignIn>,
    pub noted: Arc<Noted>,
    engines: Engines,
}

type Engines = Arc<Mutex<BTreeMap<&'static str, Arc<MemoryEngine>>>>;

/// The access log of a test.
#[derive(Default)]
pub struct Noted(pub Mutex<Vec<Access>>);

impl AccessLog for Noted {
    fn note(&self, line: Access) {
        self.0.lock().push(line);
    }
    fn read(
        &self,
        from: Moment,
        until: Moment,
        wanted: &dyn Fn(&AccessLine) -> bool,
        most: usize,
    ) -> Vec<AccessLine> {
        let lines = self.0.lock();
        let read =
            lines.iter().map(|line| serde_json::from_value(serde_json::to_value(line).unwrap()).unwrap());
        read.filter(|line: &AccessLine| line.at >= from && line.at < until && wanted(line))
            .take(most)
            .collect()
    }
}

const ROLES: [&str; 2] = ["booking", "sms-gateway"];

fn phone() -> Arc<DemoPhone> {
    let clock = DomainClock::standing(parse_rfc3339(START).unwrap());
    Arc::new(DemoPhone::new(clock, Zone::named("Europe/Warsaw").unwrap()))
}

impl Town {
    pub async fn start() -> Town {
        Town::with(|_| {}).await
    }
    /// A town with changed data of Toruń.
    pub async fn with(change: impl FnOnce(&mut Office)) -> Town {
        Town::on(Engines::default(), change).await
    }
    /// The same installation after a restart.
    pub async fn restarted(self) -> Town {
        Town::on(self.engines, |_| {}).await
    }
    /// Two replicas of booking and of sms-gateway over the same journals, and one phone.
    pub async fn two() -> (Town, Town) {
        let (engines, hub) = (Engines::default(), Hub::default());
        for name in ROLES {
            engines.lock().insert(name, MemoryEngine::of_many(Duration::from_millis(2)));
        }
        let homes = ["one", "other"].map(|name| hub.join(name, &ROLES));
        let phone = phone();
        let [one, other] = homes;
        let one = Town::among(one, phone.clone(), engines.clone(), |_| {}).await;
        (one, Town::among(other, phone, engines, |_| {}).await)
    }
    async fn on(engines: Engines, change: impl FnOnce(&mut Office)) -> Town {
        Town::among(Arc::new(Rehearsing), phone(), engines, change).await
    }
    async fn among(
        homes: Arc<dyn Homes>,
        phone: Arc<DemoPhone>,
        engines: Engines,
        change: impl FnOnce(&mut Office),
    ) -> Town {
        let stored = engines.clone();
        // The same seed after a restart would produce the same ids again.
        let fresh = homes.is_alone() && engines.lock().is_empty();
        let entropy: Arc<dyn Entropy> =
            if fresh { Arc::new(SeededEntropy::new(7)) } else { Arc::new(OsEntropy) };
        let (wall, noted) = (Arc::new(WallClock), Arc::new(Noted::default()));
        let tasks = Arc::new(TokioTasks::here());
        let world = World {
            clock: DomainClock::standing(parse_rfc3339(START).unwrap()),
            wall: wall.clone(),
            entropy,
            tasks: tasks.clone(),
            keys: Keys::from_secret(b"town"),
            bus: Arc::new(LocalBus::new(tasks).among(homes.clone())),
            limits: Arc::new(MemoryLimits::new(wall)),
            homes,
            settle: Arc::new(Settle::default()),
            access: noted.clone(),
            open_engine: Arc::new(move |name| {
                Ok(stored.lock().entry(name).or_insert_with(|| Arc::new(MemoryEngine::default())).clone()
                    as Arc<dyn Engine>)
            }),
        };
        let gateway = SmsGateway::start(&world, phone.clone(), Reporters::default()).await.unwrap();
        let mut office =
            okienko_office::file::read(include_str!("../../../../../deploy/offices/torun.toml")).unwrap();
        change(&mut office);
        let settings = Settings {
            base_url: BASE.into(),
            territory: Arc::new(okienko_territory::NoDatabase),
            passwords: Default::default(),
        };
        let sms = okienko_rpc::local(server(gateway));
        let booking = Booking::start(&world, sms, vec![office], settings).await.unwrap();
        let mut sign_in = SignIn::new(world.keys.clone(), Arc::new(|| WallClock.now()));
        sign_in.tasks = Some(world.tasks.clone());
        let sign_in = Arc::new(sign_in);
        let surface = Surface::new(texts()).sign_in(sign_in.clone());
        let pages = booking.router(&surface);
        let router = surface.whole(pages.merge(surface.dress(okienko_web::sign_in_router())));
        Town { world, phone, router, booking, sign_in, noted, engines }
    }
    /// What booking has stored.
    pub fn engine(&self) -> Arc<MemoryEngine> {
        self.engines.lock().get("booking").expect("booking has started").clone()
    }
    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }
    /// Advances the clock and waits until everything due is done.
    pub async fn advance(&self, span: &str) {
        let target = self.world.clock.now() + parse_iso_span(span).unwrap();
        self.world.settle.advance(&self.world.clock, &*self.world.bus, target).await;
    }
    /// The number of events that booking has written.
    pub async fn written(&self) -> u64 {
        let engine = self.engines.lock()["booking"].clone();
        engine.head().await.unwrap()
    }
    /// Waits until everything requested is done.
    pub async fn settled(&self) {
        self.world.settle.settled(&self.world.clock, &*self.world.bus).await;
    }
    /// The path of the newest link sent to an address.
    pub async fn link(&self, to: &str) -> String {
        self.settled().await;
        let text = self.phone.list(to).pop().expect("a message came").text;
        let at = text.find(BASE).expect("the message has a link") + BASE.len();
        text[at..].split_whitespace().next().unwrap_or_default().to_owned()
    }
    /// The newest code sent to an address.
    pub async fn code(&self, to: &str) -> String {
        self.world.settle.settled(&self.world.clock, &*self.world.bus).await;
        let text = self.phone.list(to).pop().expect("a message came").text;
        let digits = text.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() == 6);
        digits.expect("the message has a code").to_owned()
    }
}
