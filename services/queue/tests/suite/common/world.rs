//! A complete queue in an in-memory World with a clock moved by hand, a stand-in for booking that publishes what the
//! test tells it to, and an HTTP client.
#![allow(dead_code, missing_docs, clippy::unwrap_used)]

pub use super::cards::CardBox;
use axum::body::Body;
use http::{Request, StatusCode};
use okienko_actor::{Order, Registry};
use okienko_bus::{Consumer, From, LocalBus, NotTaken, PublicEvent, Publisher};
use okienko_host::{DomainClock, OsEntropy, Settle, TokioTasks, WallClock, World};
use okienko_journal::{Append, Engine, MemoryEngine, NewEvent, Recorded};
use okienko_kernel::{Clock, Day, Id, IdKind, Keys, Machine, Moment, Span, Stored, Way, Zone};
use okienko_limits::MemoryLimits;
use okienko_placement::Hub;
use okienko_proto::booking;
use okienko_proto::queue::{Attendance, HallEvent};
use okienko_proto::sms::SendRequest;
use okienko_proto::sms::sms_gateway_server::SmsGatewayServer;
use okienko_queue::Queue;
use okienko_web::{Claims, Role, SignIn, Surface};
use parking_lot::Mutex;
use prost::Message;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use tower::ServiceExt;

type Engines = Arc<Mutex<BTreeMap<&'static str, Arc<MemoryEngine>>>>;

pub fn keys() -> Keys {
    Keys::from_secret(b"a test's secret")
}
pub fn moment(day: &str, time: &str) -> Moment {
    Zone::named("Europe/Warsaw").unwrap().moment(day.parse().unwrap(), time.parse().unwrap()).unwrap()
}

/// An event that booking publishes in a test.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub struct Fact {
    name: String,
    payload: Vec<u8>,
}
struct Booking;
impl Machine for Booking {
    type Command = Fact;
    type Event = Fact;
    type Refusal = ();
    type Reply = ();
    fn new(_: &str) -> Self {
        Booking
    }
    fn decide(&self, fact: &Fact, _: Moment) -> Result<Vec<Fact>, ()> {
        Ok(vec![fact.clone()])
    }
    fn apply(&mut self, _: &Fact) {}
    fn reply(&self, _: &Fact, _: &[Fact], _: Moment) {}
}
impl Stored for Fact {
    const KINDS: &'static [&'static str] = &["fact"];
    fn kind(&self) -> &'static str {
        "fact"
    }
    fn encode(&self) -> Result<Vec<u8>, String> {
        Ok(serde_json::to_vec(&(&self.name, &self.payload)).unwrap())
    }
    fn decode(_: &str, _: u16, data: &[u8]) -> Result<Self, String> {
        let (name, payload) = serde_json::from_slice(data).map_err(|e| e.to_string())?;
        Ok(Fact { name, payload })
    }
}
struct Tell;
impl Publisher for Tell {
    fn publish(&self, event: &Recorded) -> Vec<PublicEvent> {
        let fact = Fact::decode(&event.kind, event.schema, &event.data).unwrap();
        vec![PublicEvent {
            subject: PublicEvent::subject(&event.office, "booking", &fact.name),
            stream: event.stream.clone(),
            version: event.version,
            at: event.at,
            trace: event.trace(),
            payload: fact.payload.into(),
        }]
    }
}

/// Everything that queue has published.
#[derive(Default)]
pub struct RecordingConsumer {
    pub halls: Mutex<Vec<HallEvent>>,
    pub attendance: Mutex<Vec<Attendance>>,
    pub revoked: Mutex<Vec<booking::StaffRevoked>>,
}
#[async_trait::async_trait]
impl Consumer for RecordingConsumer {
    async fn take(&self, batch: Vec<PublicEvent>) -> Result<(), NotTaken> {
        for event in batch {
            match event.name() {
                "staff_revoked" => {
                    let told = booking::StaffRevoked::decode(event.payload).unwrap();
                    self.revoked.lock().push(told);
                }
                "hall" => {
                    let event = HallEvent::decode(event.payload).unwrap();
                    let mut halls = self.halls.lock();
                    // The bus may redeliver after a restart.
                    let same = |old: &HallEvent| old.location == event.location && old.seq == event.seq;
                    if !halls.iter().any(same) {
                        halls.push(event);
                    }
                }
                _ => self.attendance.lock().push(Attendance::decode(event.payload).unwrap()),
            }
        }
        Ok(())
    }
}

/// The access log as recorded for a test.
#[derive(Default)]
pub struct Noted(pub Mutex<Vec<okienko_host::Access>>);
impl okienko_host::AccessLog for Noted {
    fn note(&self, line: okienko_host::Access) {
        self.0.lock().push(line);
    }
}
impl Noted {
    pub fn acts(&self) -> Vec<(String, String)> {
        self.0.lock().iter().map(|line| (line.act.to_owned(), line.outcome.to_owned())).collect()
    }
}

/// An office with its queue, fed by booking's events.
pub struct Town {
    pub world: World,
    pub queue: Arc<Queue>,
    pub heard: Arc<RecordingConsumer>,
    /// What sms-gateway was asked to send since the last start.
    pub sms: Arc<Mutex<Vec<SendRequest>>>,
    pub router: axum::Router,
    pub cards: CardBox,
    pub noted: Arc<Noted>,
    booking: Registry<Booking>,
    engines: Engines,
}

impl Town {
    /// An installation at that moment with no office yet.
    pub async fn empty(now: Moment) -> Town {
        Town::on(Engines::default(), Arc::default(), CardBox::default(), now).await
    }
    /// Two replicas of an installation with no office yet.
    pub async fn two(now: Moment) -> (Town, Town) {
        let (engines, heard, hub) = (Engines::default(), Arc::<RecordingConsumer>::default(), Hub::default());
        for name in ["booking", "queue"] {
            engines.lock().insert(name, MemoryEngine::of_many(std::time::Duration::from_millis(2)));
        }
        let (one, other) = (hub.join("one", &["booking", "queue"]), hub.join("other", &["booking", "queue"]));
        let begin = |homes| Town::among(homes, engines.clone(), heard.clone(), CardBox::default(), now);
        (begin(one).await, begin(other).await)
    }
    /// An installation where queue knows the sample office.
    pub async fn at(day: &str, time: &str) -> Town {
        let town = Town::empty(moment(day, time)).await;
        town.tell(fact("office_published", booking::OfficePublished { office: Some(office("torun", 1)) }))
            .await;
        town
    }
    /// The same installation restarted at `now`.
    pub async fn restarted(self, now: Moment) -> Town {
        Town::on(self.engines, self.heard, self.cards, now).await
    }

    async fn on(engines: Engines, heard: Arc<RecordingConsumer>, cards: CardBox, now: Moment) -> Town {
        Town::among(Arc::new(okienko_kernel::Rehearsing), engines, heard, cards, now).await
    }

    async fn among(
        homes: Arc<dyn okienko_kernel::Homes>,
        engines: Engines,
        heard: Arc<RecordingConsumer>,
        cards: CardBox,
        now: Moment,
    ) -> Town {
        let noted = Arc::new(Noted::default());
        let (tasks, wall) = (Arc::new(TokioTasks::here()), Arc::new(WallClock));
        let stored = engines.clone();
        let world = World {
            clock: DomainClock::standing(now),
            wall: wall.clone(),
            entropy: Arc::new(OsEntropy),
            tasks: tasks.clone(),
            keys: keys(),
            bus: Arc::new(LocalBus::new(tasks).among(homes.clone())),
            limits: Arc::new(MemoryLimits::new(wall.clone())),
            homes,
            settle: Arc::new(Settle::default()),
            access: noted.clone(),
            open_engine: Arc::new(move |name| {
                Ok(stored.lock().entry(name).or_insert_with(|| Arc::new(MemoryEngine::default())).clone()
                    as Arc<dyn Engine>)
            }),
        };
        let service = world.service("booking").await.unwrap();
        world.bus.offer("booking", service.journal.clone(), Arc::new(Tell));
        let gateway = super::sms::Gateway::default();
        let sms = gateway.sent.clone();
        let gateway = okienko_rpc::local(SmsGatewayServer::new(gateway));
        let link = okienko_rpc::local(booking::booking_server::BookingServer::new(cards.clone()));
        let queue = Queue::start(&world, link, gateway, "https://wizyty.example.pl").await.unwrap();
        queue.listen().await.unwrap();
        world.bus.consume("ear", "queue", From::Start, heard.clone()).await.unwrap();
        let mut sign_in = SignIn::new(keys(), Arc::new(move || wall.now()));
        sign_in.tasks = Some(world.tasks.clone());
        let sign_in = Arc::new(sign_in);
        let router = queue.router(&Surface::new(okienko_queue::texts()).sign_in(sign_in));
        let booking = service.registry("fact/").await.unwrap();
        let town = Town { world, queue, heard, sms, router, cards, noted, booking, engines };
        town.settled().await;
        town
    }

    /// Publishes an event of booking; returns when it has been processed.
    pub async fn tell(&self, fact: Fact) {
        self.booking.send("torun", "fact/torun", Order::new(fact, "test")).await.unwrap().unwrap();
        self.settled().await;
    }
    pub async fn settled(&self) {
        self.world.settle.settled(&self.world.clock, &*self.world.bus).await;
    }
    pub async fn advance_to(&self, at: Moment) {
        self.world.settle.advance(&self.world.clock, &*self.world.bus, at).await;
    }
    pub async fn advance(&self, minutes: i64) {
        self.advance_to(self.world.clock.now() + Span::from_mins(minutes)).await;
    }
    /// Everything that queue has written for halls, as text.
    pub async fn journal(&self) -> String {
        let engine = self.engines.lock()["queue"].clone();
        let mut all = String::new();
        for stream in engine.streams("hall/").await.unwrap() {
            for event in engine.read_stream(&stream, 0).await.unwrap() {
                all.push_str(&event.kind);
                all.push_str(&String::from_utf8_lossy(&event.data));
            }
        }
        all
    }
    /// Starts that stream of queue with an event that cannot be read.
    pub async fn damage(&self, stream: &str) {
        let (kind, schema, at) = ("day_opened", 1, self.world.clock.now());
        let event = NewEvent { kind, schema, data: b"{}".to_vec(), at, cause: "test".into(), hash: [7; 32] };
        let append = Append {
            office: "torun".into(),
            stream: stream.into(),
            expected: 0,
            at,
            events: vec![event],
            receipts: Vec::new(),
            claims: Vec::new(),
            vault: Vec::new(),
            wake: None,
        };
        let engine = self.engines.lock()["queue"].clone();
        engine.append(&[&append], &[]).await.unwrap();
    }
    /// Confirms a reservation for that day.
    pub async fn book(&self, n: u64, day: &str, time: &str, code: &str) -> Id {
        let (reservation, ticket) = ids(n, day);
        self.tell(fact(
            "reservation_confirmed",
            booking::ReservationConfirmed {
                office: "torun".into(),
                location: "glowny".into(),
                day: day.into(),
                reservation: reservation.to_string(),
                service: "dowod".into(),
                at: moment(day, time).micros(),
                time: time.into(),
                ticket: ticket.to_string(),
                ticket_number: format!("R{n:03}"),
                check_in_code: code.into(),
            },
        ))
        .await;
        reservation
    }

    /// Sends a request; returns status and JSON (null for an empty body, a string for a page).
    pub async fn ask(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        self.ask_with(method, path, token, body, None).await
    }
    pub async fn ask_with(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: Option<Value>,
        key: Option<&str>,
    ) -> (StatusCode, Value) {
        let mut request = Request::builder().method(method).uri(path);
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or(Body::empty(), |body| Body::from(body.to_string()));
        let (status, _, text) = self.send(request.body(body).unwrap()).await;
        (
            status,
            serde_json::from_str(&text).unwrap_or(if text.is_empty() { Value::Null } else { json!(text) }),
        )
    }
    /// Sends a form as a browser without a script does.
    pub async fn form(&self, path: &str, token: &str, fields: &str) -> (StatusCode, String, String) {
        let request = Request::builder().method("POST").uri(path);
        let request =
            request.header("authorization", format!("Bearer {token}")).header("host", "okienko.example");
        let request =
            request.header("accept", "text/html").header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(fields.to_owned())).unwrap()).await
    }
    pub async fn page(&self, path: &str, token: &str) -> (StatusCode, String, String) {
        let request =
            Request::builder().uri(path).header("accept", "text/html").header("host", "okienko.example");
        let request = match token {
            "" => request,
            token => request.header("authorization", format!("Bearer {token}")),
        };
        self.send(request.body(Body::empty()).unwrap()).await
    }
    /// Status, `Location` and body.
    async fn send(&self, request: Request<Body>) -> (StatusCode, String, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let to = response.headers().get("location").map_or("", |to| to.to_str().unwrap()).to_owned();
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, to, String::from_utf8(body.to_vec()).unwrap())
    }

    pub async fn walk_in(&self) -> Value {
        let wish = Some(json!({"service": "dowod"}));
        let (status, answer) = self.ask("POST", "/api/v1/kiosk/tickets", &kiosk(), wish).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        answer["ticket"].clone()
    }
    /// Performs an act at a counter; returns "`state` `ticket` `attempt`", "nobody", or a problem's code.
    pub async fn desk(&self, counter: &str, act: &str, body: Value) -> String {
        let (status, desk) =
            self.ask("POST", &format!("/api/v1/desk/{act}"), &clerk(counter), Some(body)).await;
        match status {
            StatusCode::NO_CONTENT => "nobody".into(),
            StatusCode::OK => seen(&desk),
            _ => desk["code"].as_str().unwrap().to_owned(),
        }
    }
    pub async fn look(&self, counter: &str) -> String {
        seen(&self.ask("GET", "/api/v1/desk", &clerk(counter), None).await.1)
    }
}

fn seen(desk: &Value) -> String {
    let state = desk["state"].as_str().unwrap_or_else(|| panic!("no desk: {desk}"));
    match &desk["current"] {
        Value::Null => state.to_owned(),
        now => format!("{state} {} {}", now["ticket"].as_str().unwrap(), now["attempt"]),
    }
}

pub fn fact(name: &str, message: impl Message) -> Fact {
    Fact { name: name.into(), payload: message.encode_to_vec() }
}

pub fn ids(n: u64, day: &str) -> (Id, Id) {
    let way = Way { office: 1, place: 1, day: day.parse::<Day>().unwrap() };
    let entropy = okienko_kernel::world::SeededEntropy::new(n);
    let id = Id::new(IdKind::Reservation, way, &entropy);
    (id, id.as_kind(IdKind::Ticket))
}

/// Open Monday to Friday, closed on 24 December; two services with walk-in tickets and one without.
pub fn office(id: &str, number: u32) -> booking::Office {
    let service = |id: &str, name: &str, prefix: &str| booking::Service {
        id: id.into(),
        name: name.into(),
        category: "sprawy".into(),
        category_name: "Sprawy obywatelskie".into(),
        locations: vec!["glowny".into(), "plaza".into()],
        minutes: 10,
        walk_in_prefix: prefix.into(),
    };
    let location = |id: &str, number| booking::Location {
        id: id.into(),
        number,
        name: "Urząd".into(),
        address: "Wały 12".into(),
        voice: true,
        counters: (1..=3).map(|n| booking::Counter { number: n.to_string(), services: vec![] }).collect(),
        rules: Some(booking::QueueRules {
            merge: booking::queue_rules::Merge::ByTime.into(),
            calls: 3,
            absent_pause_s: 300,
            placed_at_hour: true,
            check_in_opens_min: 60,
            check_in_closes_min: -60,
            ..booking::QueueRules::default()
        }),
        hours: (1..=5)
            .map(|weekday| booking::OpeningHours { weekday, open: "07:30".into(), close: "15:30".into() })
            .collect(),
        closed_days: vec!["2026-12-24".into()],
    };
    booking::Office {
        id: id.into(),
        number,
        name: "Urząd Miasta Torunia".into(),
        zone: "Europe/Warsaw".into(),
        version: 1,
        locations: vec![location("glowny", 1), location("plaza", 2)],
        services: vec![
            service("dowod", "Dowód osobisty", "A"),
            service("meldunek", "Meldunek", "B"),
            service("slub", "Ślub", ""),
        ],
        sender: "UM Torun".into(),
        sms_daily_budget: 500,
        sms_dial_codes: vec![48, 380],
    }
}

pub fn token(roles: &[Role], office: &str, location: &str, counter: Option<&str>) -> String {
    let claims = Claims {
        id: format!("{roles:?}{office}{location}{counter:?}"),
        office: office.into(),
        roles: roles.to_vec(),
        location: Some(location.into()),
        counter: counter.map(str::to_owned),
        expires: Moment::MAX,
    };
    okienko_web::staff::sign(&keys(), &claims)
}
pub fn kiosk() -> String {
    token(&[Role::Kiosk], "torun", "glowny", None)
}
pub fn clerk(counter: &str) -> String {
    token(&[Role::Clerk], "torun", "glowny", Some(counter))
}
pub fn reception() -> String {
    token(&[Role::Reception], "torun", "glowny", None)
}
