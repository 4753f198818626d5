//! A town whose offices restrict booking, and people who come from everywhere. Both clocks stand still.

use super::browser::Browser;
use axum::body::Body;
use data_encoding::{BASE64, HEXLOWER};
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use okienko_booking::{Booking, Settings, texts};
use okienko_bus::LocalBus;
use okienko_host::{Access, AccessLog, DomainClock, Settle, TokioTasks, World};
use okienko_journal::MemoryEngine;
use okienko_kernel::civil::parse_rfc3339;
use okienko_kernel::world::{SeededEntropy, Task};
use okienko_kernel::{Clock, Keys, Moment, Zone};
use okienko_limits::MemoryLimits;
use okienko_office::Office;
use okienko_sms_gateway::callbacks::Reporters;
use okienko_sms_gateway::provider::DemoPhone;
use okienko_sms_gateway::{SmsGateway, server};
use okienko_territory::{LocalIs, Mmdb, NoDatabase, Territory};
use okienko_web::{Surface, TrustedProxies};
use parking_lot::Mutex;
use ring::{hmac, pbkdf2};
use serde_json::{Value, json};
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tower::ServiceExt;

const START: &str = "2026-12-01T07:00:00+01:00";
const SECRET: &[u8] = b"crowd";

/// Real time, moved by hand.
pub struct Wall(AtomicI64);

impl Clock for Wall {
    fn now(&self) -> Moment {
        Moment::from_micros(self.0.load(Ordering::Relaxed))
    }
    fn until(&self, _: Moment) -> Task {
        Box::pin(std::future::pending())
    }
}

#[derive(Default)]
pub struct Lines(pub Mutex<Vec<Access>>);

impl AccessLog for Lines {
    fn note(&self, line: Access) {
        self.0.lock().push(line);
    }
}

pub struct Crowd {
    pub world: World,
    pub wall: Arc<Wall>,
    pub lines: Arc<Lines>,
    pub phone: Arc<DemoPhone>,
    router: axum::Router,
}

/// Toruń's file under another id: `open` requires nothing, `priced` the work, `bound` an address in Poland, `strict`
/// both.
fn variation(id: &str, number: u32) -> Office {
    let mut office =
        okienko_office::file::read(include_str!("../../../../../deploy/offices/torun.toml")).unwrap();
    office.id = id.into();
    office.number = number;
    for pool in &mut office.pools {
        pool.capacity = 40;
    }
    office.proof_of_work = matches!(id, "priced" | "strict");
    if matches!(id, "bound" | "strict") {
        office.territory = vec!["PL".into()];
    }
    office
}

/// The content of a vendor's database.
pub fn vendor() -> Arc<dyn Territory> {
    let file = "../../crates/territory/tests/data/GeoIP2-Country-Test.mmdb";
    let others = Mmdb::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    Arc::new(LocalIs { country: "PL".parse().unwrap(), others })
}

impl Crowd {
    pub async fn start() -> Crowd {
        Crowd::within(vendor()).await
    }
    pub async fn without_database() -> Crowd {
        Crowd::within(Arc::new(NoDatabase)).await
    }
    async fn within(territory: Arc<dyn Territory>) -> Crowd {
        let start = parse_rfc3339(START).unwrap();
        let wall = Arc::new(Wall(AtomicI64::new(start.micros())));
        let tasks = Arc::new(TokioTasks::here());
        let lines = Arc::new(Lines::default());
        let world = World {
            clock: DomainClock::standing(start),
            wall: wall.clone(),
            entropy: Arc::new(SeededEntropy::new(7)),
            tasks: tasks.clone(),
            keys: Keys::from_secret(SECRET),
            bus: Arc::new(LocalBus::new(tasks)),
            limits: Arc::new(MemoryLimits::new(wall.clone())),
            homes: Arc::new(okienko_kernel::Rehearsing),
            settle: Arc::new(Settle::default()),
            access: lines.clone(),
            open_engine: Arc::new(|_| Ok(Arc::new(MemoryEngine::default()))),
        };
        let phone = Arc::new(DemoPhone::new(world.clock.clone(), Zone::named("Europe/Warsaw").unwrap()));
        let gateway = SmsGateway::start(&world, phone.clone(), Reporters::default()).await.unwrap();
        let offices = ["open", "priced", "bound", "strict"].iter().zip(101..);
        let offices = offices.map(|(id, number)| variation(id, number)).collect();
        let settings = Settings {
            base_url: "https://wizyty.example.pl".into(),
            territory,
            passwords: Default::default(),
        };
        let sms = okienko_rpc::local(server(gateway));
        let booking = Booking::start(&world, sms, offices, settings).await.unwrap();
        // Requests without a peer come from 0.0.0.0: here that is the proxy that reports everybody's address.
        let proxies = TrustedProxies::parse(["0.0.0.0"]).unwrap();
        let surface = Surface::new(texts()).trusted(Arc::new(proxies));
        let router = surface.whole(booking.router(&surface));
        Crowd { world, wall, lines, phone, router }
    }
    pub fn browser(&self, from: &'static str) -> Browser {
        let mut browser = Browser::new(self.router.clone());
        browser.from = Some(from);
        browser
    }
    /// Advances real time.
    pub fn wait(&self, seconds: i64) {
        self.wall.0.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }
    pub async fn settled(&self) {
        self.world.settle.settled(&self.world.clock, &*self.world.bus).await;
    }
    /// The newest code sent to an address.
    pub async fn code(&self, to: &str) -> String {
        self.settled().await;
        let text = self.phone.list(to).pop().expect("a message came").text;
        let digits = text.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() == 6);
        digits.expect("the message has a code").to_owned()
    }
    /// Sends a request from `from`, with a bearer secret and an idempotency key unless they are empty.
    pub async fn ask(
        &self,
        (method, path): (&str, &str),
        from: &str,
        (bearer, key): (&str, &str),
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("x-forwarded-for", from);
        if !bearer.is_empty() {
            request = request.header("authorization", format!("Bearer {bearer}"));
        }
        if !key.is_empty() {
            request = request.header("idempotency-key", key);
        }
        let bytes = body.map(|body| body.to_string());
        if bytes.is_some() {
            request = request.header("content-type", "application/json");
        }
        let request = request.body(Body::from(bytes.unwrap_or_default())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let retry_after = headers.get("retry-after").map(|wait| wait.to_str().unwrap().parse().unwrap());
        Answer { status, body, retry_after }
    }
    pub async fn get(&self, path: &str, from: &str) -> Answer {
        self.ask(("GET", path), from, ("", ""), None).await
    }
    pub async fn hold(
        &self,
        office: &str,
        from: &str,
        place: (&str, &str),
        challenge: Option<&str>,
    ) -> Answer {
        let path = format!("/api/v1/offices/{office}/holds");
        self.ask(("POST", &path), from, ("", ""), Some(hold_body(place, challenge))).await
    }
    /// The days and hours with places of an office, each repeated as often as it has places.
    pub async fn places(&self, office: &str) -> Vec<(String, String)> {
        let base = format!("/api/v1/offices/{office}/locations/glowny/services/{SERVICE}/days");
        let mut places = Vec::new();
        for day in 2..=18 {
            let date = format!("2026-12-{day:02}");
            let times = self.get(&format!("{base}/{date}/times"), "127.0.0.1").await.body;
            for time in times["times"].as_array().unwrap() {
                for _ in 0..time["free"].as_u64().unwrap() {
                    places.push((date.clone(), time["time"].as_str().unwrap().to_owned()));
                }
            }
        }
        places
    }
    pub async fn challenge(&self, office: &str, from: &str) -> Value {
        let answer = self.get(&format!("/api/v1/challenge?office={office}"), from).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.body
    }
    pub async fn level(&self, office: &str, from: &str) -> u64 {
        self.challenge(office, from).await["parameters"]["data"]["level"].as_u64().unwrap()
    }
    /// A challenge of this installation that needs next to no work, with its solution: tests of hundreds of holds
    /// cannot do the work that scripts must do.
    pub fn stamp(&self, office: &str, level: u64, life_s: i64, nonce: u64) -> Value {
        let expires = self.wall.now().micros() / 1_000_000 + life_s;
        let (nonce, salt) = (format!("{nonce:032x}"), "5e00d5d152e1a5db7d44fb6404a40a5e");
        let key = key(&nonce, salt, 1000, 0);
        let sign = |purpose: &str, bytes: &[u8]| {
            let secret = hmac::Key::new(hmac::HMAC_SHA256, &self.world.keys.key(purpose));
            HEXLOWER.encode(hmac::sign(&secret, bytes).as_ref())
        };
        let parameters = json!({"algorithm": "PBKDF2/SHA-256", "cost": 1000, "data": {"level": level, "office": office},
            "expiresAt": expires, "keyLength": 32, "keyPrefix": &key[..32], "nonce": nonce, "salt": salt,
            "keySignature": sign("challenge-solution", &HEXLOWER.decode(key.as_bytes()).unwrap())});
        let signature = sign("challenge", parameters.to_string().as_bytes());
        json!({"challenge": {"parameters": parameters, "signature": signature},
            "solution": {"counter": 0, "derivedKey": key, "time": 1}})
    }
}

pub const SERVICE: &str = "dzialalnosc-gospodarcza";

pub fn hold_body((date, time): (&str, &str), challenge: Option<&str>) -> Value {
    let mut body = json!({"location": "glowny", "service": SERVICE, "date": date, "time": time});
    if let Some(challenge) = challenge {
        body["challenge"] = challenge.into();
    }
    body
}

pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
    pub retry_after: Option<u64>,
}

impl Answer {
    /// Status and code of a refusal.
    pub fn refusal(&self) -> (u16, &str) {
        (self.status.as_u16(), self.body["code"].as_str().unwrap_or_default())
    }
    pub fn text(&self, name: &str) -> String {
        self.body[name].as_str().unwrap_or_default().to_owned()
    }
}

/// Encoded as it is sent.
pub fn packed(answer: &Value) -> String {
    BASE64.encode(answer.to_string().as_bytes())
}

fn key(nonce: &str, salt: &str, cost: u32, counter: u32) -> String {
    let mut password = HEXLOWER.decode(nonce.as_bytes()).unwrap();
    password.extend(counter.to_be_bytes());
    let mut key = [0; 32];
    let salt = HEXLOWER.decode(salt.as_bytes()).unwrap();
    let cost = NonZeroU32::new(cost).unwrap();
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, cost, &salt, &password, &mut key);
    HEXLOWER.encode(&key)
}

/// What any client of the standard does, from the challenge's JSON alone.
pub fn solved(challenge: &Value) -> Value {
    let parameters = &challenge["parameters"];
    assert_eq!(parameters["algorithm"], "PBKDF2/SHA-256");
    let text = |name: &str| parameters[name].as_str().unwrap();
    let cost = u32::try_from(parameters["cost"].as_u64().unwrap()).unwrap();
    let found = (0..u32::MAX).find_map(|counter| {
        let key = key(text("nonce"), text("salt"), cost, counter);
        key.starts_with(text("keyPrefix")).then_some((counter, key))
    });
    let (counter, key) = found.unwrap();
    json!({"challenge": challenge, "solution": {"counter": counter, "derivedKey": key, "time": 900.5}})
}
