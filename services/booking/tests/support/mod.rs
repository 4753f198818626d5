//! A town with booking and the real sms-gateway in one process, on a clock that stands still.

#![allow(dead_code, reason = "each test file needs another part of this")]

pub mod api;
pub mod browser;

use browser::Browser;
use okienko_booking::domain::office::Office;
use okienko_booking::{Booking, Settings, office_file, texts};
use okienko_bus::LocalBus;
use okienko_host::{DomainClock, Settle, TokioTasks, WallClock, World};
use okienko_journal::MemoryEngine;
use okienko_kernel::civil::{parse_iso_span, parse_rfc3339};
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Clock, Keys, Zone};
use okienko_limits::MemoryLimits;
use okienko_sms_gateway::provider::DemoPhone;
use okienko_sms_gateway::{SmsGateway, server};
use okienko_web::{SignIn, Surface};
use std::sync::Arc;

/// Tuesday before the office opens.
pub const START: &str = "2026-12-01T07:00:00+01:00";

/// Before the addresses in messages.
pub const BASE: &str = "https://wizyty.example.pl";

pub struct Town {
    pub world: World,
    pub phone: Arc<DemoPhone>,
    pub router: axum::Router,
    #[allow(dead_code, reason = "not every test asks it")]
    pub booking: Arc<Booking>,
    #[allow(dead_code, reason = "not every test looks at it")]
    pub lines: Arc<Lines>,
}

/// The access log, to be looked at.
#[derive(Default)]
pub struct Lines(pub std::sync::Mutex<Vec<okienko_host::Access>>);

impl okienko_host::AccessLog for Lines {
    fn note(&self, line: okienko_host::Access) {
        self.0.lock().unwrap().push(line);
    }
}

impl Town {
    pub async fn start() -> Town {
        Town::with(|_| {}).await
    }
    /// With Toruń's data changed.
    pub async fn with(change: impl FnOnce(&mut Office)) -> Town {
        let wall = Arc::new(WallClock);
        let tasks = Arc::new(TokioTasks::here());
        let lines = Arc::new(Lines::default());
        let world = World {
            clock: DomainClock::standing(parse_rfc3339(START).unwrap()),
            wall: wall.clone(),
            entropy: Arc::new(SeededEntropy::new(7)),
            tasks: tasks.clone(),
            keys: Keys::from_secret(b"town"),
            bus: Arc::new(LocalBus::new(tasks)),
            limits: Arc::new(MemoryLimits::new(wall)),
            settle: Arc::new(Settle::default()),
            access: lines.clone(),
            open_engine: Arc::new(|_| Ok(Arc::new(MemoryEngine::default()))),
        };
        let zone = Zone::named("Europe/Warsaw").unwrap();
        let phone = Arc::new(DemoPhone::new(world.clock.clone(), zone));
        let gateway = SmsGateway::start(&world, phone.clone()).await.unwrap();
        let mut office = office_file::read(include_str!("../../../../deploy/offices/torun.toml")).unwrap();
        change(&mut office);
        let settings = Settings { base_url: BASE.into(), territory: Arc::new(okienko_territory::NoDatabase) };
        let sms = okienko_rpc::local(server(gateway));
        let booking = Booking::start(&world, sms, vec![office], settings).await.unwrap();
        let real = world.wall.clone();
        let sign_in = SignIn::new(world.keys.clone(), Arc::new(move || real.now()));
        let surface = Surface::new(texts()).sign_in(Arc::new(sign_in));
        let router = surface.whole(booking.router(&surface));
        Town { world, phone, router, lines, booking }
    }
    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }
    /// Moves the clock; all that fell due is carried out.
    pub async fn advance(&self, span: &str) {
        let target = self.world.clock.now() + parse_iso_span(span).unwrap();
        self.world.settle.advance(&self.world.clock, &*self.world.bus, target).await;
    }
    /// All carried out that was asked for.
    pub async fn settled(&self) {
        self.world.settle.settled(&self.world.clock, &*self.world.bus).await;
    }
    /// The path behind the newest link that came to an address.
    pub async fn link(&self, to: &str) -> String {
        self.settled().await;
        let text = self.phone.list(to).pop().expect("a message came").text;
        let at = text.find(BASE).expect("the message has a link") + BASE.len();
        text[at..].split_whitespace().next().unwrap_or_default().to_owned()
    }
    /// The newest code that came to an address.
    pub async fn code(&self, to: &str) -> String {
        self.world.settle.settled(&self.world.clock, &*self.world.bus).await;
        let text = self.phone.list(to).pop().expect("a message came").text;
        let digits = text.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() == 6);
        digits.expect("the message has a code").to_owned()
    }
}
