//! Display in its own World: a fake queue that says what the test wants, and a bus that carries what the test puts on
//! it. Knows display only through its router.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod events;

pub use events::*;

use async_trait::async_trait;
use axum::body::{Body, BodyDataStream, to_bytes};
use futures::StreamExt;
use http::{Request, StatusCode};
use okienko_bus::{Bus, Consumer, From, PublicEvent, Publisher};
use okienko_display::{Espeak, start_with, texts};
use okienko_host::{DomainClock, Settle, TokioTasks, WallClock, World};
use okienko_journal::{Journal, JournalError, MemoryEngine};
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Clock, Day, Id, IdKind, Keys, Way, Zone};
use okienko_limits::MemoryLimits;
use okienko_proto::booking::Location;
use okienko_proto::queue::hall_event::Change;
use okienko_proto::queue::queue_server::{Queue, QueueServer};
use okienko_proto::queue::*;
use okienko_web::{SignIn, Surface};
use parking_lot::Mutex;
use prost::Message;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tonic::{Response, Status};
use tower::ServiceExt;

/// The day of all tests, which start on Tuesday, 1 December 2026, 09:00 in Warsaw.
pub const DAY: &str = "2026-12-01";

/// The life in which queue starts.
pub const LIFE: u64 = 1_796_000_000_000_000;

/// An event that has not come by then will not come: a limit for hangs, not a measurement.
const HANG: std::time::Duration = std::time::Duration::from_secs(20);

/// The fake queue's data and behaviour.
#[derive(Default)]
pub struct FakeQueueState {
    pub log: Vec<HallEvent>,
    /// The life of its numbers; 0 as from a version of queue without lives.
    pub life: u64,
    pub away: bool,
    pub left: Vec<String>,
    pub refuse_leave: bool,
    pub wishes: Vec<NotifyRequest>,
    pub refuse_wish: Option<okienko_proto::common::Refusal>,
    /// Tickets whose visit was cancelled before the day opened.
    pub cancelled: Vec<String>,
    /// Visits are booked with a phone.
    pub has_phone: bool,
    /// Halls have no announcements.
    pub silent: bool,
    pub revoked: Vec<okienko_proto::booking::StaffRevoked>,
    /// The location for which it does not answer for now.
    pub slow: Option<String>,
    /// The location for which an answer crashes the caller, once.
    pub breaks: Option<String>,
}

#[derive(Clone, Default)]
struct FakeQueue(Arc<Mutex<FakeQueueState>>);

impl FakeQueue {
    fn told(&self) -> Result<parking_lot::MutexGuard<'_, FakeQueueState>, Status> {
        let told = self.0.lock();
        if told.away { Err(Status::unavailable("away")) } else { Ok(told) }
    }
}

#[async_trait]
impl Queue for FakeQueue {
    async fn hall_events(
        &self,
        request: tonic::Request<HallEventsRequest>,
    ) -> Result<Response<HallEventsReply>, Status> {
        let asked = request.into_inner();
        while self.0.lock().slow.as_ref() == Some(&asked.location) {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let breaks = self.0.lock().breaks.take_if(|breaks| *breaks == asked.location).is_some();
        assert!(!breaks, "planned");
        let told = self.told()?;
        // Like the real queue: a number of another life is ignored.
        let skips = told.life == 0 || asked.life == 0 || asked.life == told.life;
        let after = if skips { asked.after_seq } else { 0 };
        let mut events: Vec<_> = told.log.iter().filter(|event| event.seq > after).cloned().collect();
        events.iter_mut().for_each(|event| event.location.clone_from(&asked.location));
        // A few per page, so that display has to ask for the rest.
        let more = events.len() > 3;
        events.truncate(3);
        events.iter_mut().for_each(|event| event.life = told.life);
        Ok(Response::new(HallEventsReply { events, more, life: told.life }))
    }
    async fn offices(&self, _: tonic::Request<OfficesRequest>) -> Result<Response<OfficesReply>, Status> {
        let mut office = office();
        office.locations[0].voice = !self.told()?.silent;
        // Another hall with the same events.
        let annex = Location { id: "annex".into(), number: 2, ..office.locations[0].clone() };
        office.locations.push(annex);
        Ok(Response::new(OfficesReply { offices: vec![office] }))
    }
    async fn revoked(&self, _: tonic::Request<RevokedRequest>) -> Result<Response<RevokedReply>, Status> {
        Ok(Response::new(RevokedReply { revoked: self.told()?.revoked.clone() }))
    }
    async fn key_shown(
        &self,
        _: tonic::Request<okienko_proto::booking::KeyShownRequest>,
    ) -> Result<Response<okienko_proto::booking::KeyShownReply>, Status> {
        self.told().map(|_| Response::new(okienko_proto::booking::KeyShownReply {}))
    }
    async fn leave(&self, request: tonic::Request<LeaveRequest>) -> Result<Response<LeaveReply>, Status> {
        let mut told = self.told()?;
        let ticket = request.into_inner().ticket;
        if told.refuse_leave {
            return Err(okienko_rpc::refuse_code("conflict"));
        }
        // Like the real queue: whoever is not here yet has a visit to cancel. Before its day the hall does not know the
        // ticket.
        let last = told.log.iter().rev().find_map(|event| match &event.change {
            Some(hall_event::Change::Ticket(changed)) if changed.ticket == ticket => Some(changed.state()),
            _ => None,
        });
        if last.is_none_or(|state| state == ticket_changed::State::Expected) {
            let visit = "/torun/visit/its-token".to_owned();
            return Err(okienko_rpc::refuse(&okienko_proto::common::Refusal {
                code: "conflict".into(),
                visit,
                ..Default::default()
            }));
        }
        told.left.push(ticket);
        Ok(Response::new(LeaveReply {}))
    }
    async fn notify(&self, request: tonic::Request<NotifyRequest>) -> Result<Response<NotifyReply>, Status> {
        let mut told = self.told()?;
        if let Some(refusal) = &told.refuse_wish {
            return Err(okienko_rpc::refuse(refusal));
        }
        told.wishes.push(request.into_inner());
        Ok(Response::new(NotifyReply { masked_phone: "+48 601 *** 567".into() }))
    }
    async fn notice_of(
        &self,
        request: tonic::Request<NoticeOfRequest>,
    ) -> Result<Response<NoticeOfReply>, Status> {
        let (told, ticket) = (self.told()?, request.into_inner().ticket);
        let last = told.wishes.iter().rev().find(|wish| wish.ticket == ticket);
        let ahead_min = last.map_or(0, |wish| wish.ahead_min);
        let (cancelled, has_phone) = (told.cancelled.contains(&ticket), told.has_phone);
        Ok(Response::new(NoticeOfReply { ahead_min, told: false, cancelled, has_phone }))
    }
}

#[derive(Default)]
struct TestBus(Mutex<Vec<Arc<dyn Consumer>>>, AtomicBool);

#[async_trait]
impl Bus for TestBus {
    fn offer(&self, _: &'static str, _: Arc<Journal>, _: Arc<dyn Publisher>) {}
    async fn consume(
        &self,
        consumer: &'static str,
        service: &'static str,
        from: From,
        handler: Arc<dyn Consumer>,
    ) -> Result<(), JournalError> {
        assert_eq!((consumer, service, from), ("display", "queue", From::Now));
        self.0.lock().push(handler);
        Ok(())
    }
    fn is_idle(&self) -> bool {
        true
    }
    fn is_away(&self) -> bool {
        self.1.load(Ordering::Acquire)
    }
}

/// Display and what it depends on.
pub struct Town {
    pub told: Arc<Mutex<FakeQueueState>>,
    pub keys: Keys,
    pub sign_in: Arc<SignIn>,
    bus: Arc<TestBus>,
    settle: Arc<Settle>,
    router: axum::Router,
}

/// An answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: http::HeaderMap,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }
    /// The text that people read: no markup, no script templates, one space between words.
    pub fn text(&self) -> String {
        let mut html = self.body.as_str();
        let mut text = String::new();
        while let Some((before, rest)) = html.split_once('<') {
            text.push_str(before);
            text.push(' ');
            let end = if rest.starts_with("template") { "</template>" } else { ">" };
            html = rest.split_once(end).map_or("", |(_, after)| after);
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl Town {
    /// Display, started with queue's events so far.
    pub async fn with(changes: Vec<Change>) -> Town {
        Town::speaking(changes, None, true).await
    }
    /// The same with a speech program, in a hall with or without announcements.
    pub async fn speaking(changes: Vec<Change>, program: Option<Espeak>, voice: bool) -> Town {
        let queue = FakeQueue::default();
        queue.0.lock().silent = !voice;
        queue.0.lock().log = numbered(1, changes);
        queue.0.lock().life = LIFE;
        Town::of(queue, program).await
    }
    /// Display, started after queue has learned that this token is revoked.
    pub async fn with_revoked(token: &str) -> Town {
        let queue = FakeQueue::default();
        queue.0.lock().revoked.push(revoked(token));
        Town::of(queue, None).await
    }
    async fn of(queue: FakeQueue, program: Option<Espeak>) -> Town {
        let zone = Zone::named("Europe/Warsaw").unwrap();
        let now = zone.moment(DAY.parse().unwrap(), "09:00".parse().unwrap()).unwrap();
        let bus = Arc::new(TestBus::default());
        let keys = Keys::from_secret(b"one");
        let (wall, settle) = (Arc::new(WallClock), Arc::new(Settle::default()));
        let world = World {
            clock: DomainClock::standing(now),
            wall: wall.clone(),
            entropy: Arc::new(SeededEntropy::new(1)),
            tasks: Arc::new(TokioTasks::here()),
            keys: keys.clone(),
            bus: bus.clone(),
            limits: Arc::new(MemoryLimits::new(wall)),
            homes: Arc::new(okienko_kernel::Alone),
            settle: settle.clone(),
            access: Arc::new(okienko_host::NoAccessLog),
            open_engine: Arc::new(|_| Ok(Arc::new(MemoryEngine::default()))),
        };
        let told = queue.0.clone();
        let display = start_with(world, okienko_rpc::local(QueueServer::new(queue)), program).await.unwrap();
        let sign_in = Arc::new(SignIn::new(keys.clone(), Arc::new(|| WallClock.now())));
        let surface = Surface::new(texts()).sign_in(sign_in.clone());
        let router = surface.whole(display.router(&surface));
        Town { told, keys, bus, sign_in, settle, router }
    }

    /// Queue has new events, and the bus delivers them.
    pub async fn tell(&self, changes: Vec<Change>) {
        let events = self.only_log(changes);
        self.carry(events).await;
    }
    /// Queue has new events, and the bus loses them.
    pub fn only_log(&self, changes: Vec<Change>) -> Vec<HallEvent> {
        let mut told = self.told.lock();
        let life = told.life;
        let events = numbered(told.log.last().map_or(1, |event| event.seq + 1), changes);
        let events: Vec<_> = events.into_iter().map(|event| HallEvent { life, ..event }).collect();
        told.log.extend(events.clone());
        events
    }
    /// Restores a backup: queue keeps its first `first` events and begins a new life.
    pub fn restore(&self, first: usize) {
        let mut told = self.told.lock();
        told.log.truncate(first);
        told.life += 1;
    }
    /// The bus delivers these events.
    pub async fn carry(&self, events: Vec<HallEvent>) {
        let batch: Vec<PublicEvent> = events
            .into_iter()
            .map(|event| PublicEvent {
                subject: PublicEvent::subject(&event.office, "queue", "hall"),
                stream: "queue/torun/glowny/2026-12-01".into(),
                version: event.seq,
                at: okienko_kernel::Moment::from_micros(event.at),
                trace: None,
                payload: event.encode_to_vec().into(),
            })
            .collect();
        let consumers = self.bus.0.lock().clone();
        for consumer in consumers {
            consumer.take(batch.clone()).await.unwrap();
        }
        self.taken().await;
    }

    /// Waits until halls have applied everything that is available.
    async fn taken(&self) {
        while self.settle.is_busy() && !self.told.lock().away && self.told.lock().slow.is_none() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }

    /// Takes the bus down, or up again.
    pub fn bus_is_away(&self, away: bool) {
        self.bus.1.store(away, Ordering::Release);
    }
    /// Repeats a request until the answer is as wanted.
    pub async fn until(&self, path: &str, wanted: impl Fn(&serde_json::Value) -> bool) {
        let come = async {
            while !wanted(&self.get(path).await.json()) {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(HANG, come).await.unwrap_or_else(|_| panic!("{path} is never as wanted"));
    }

    /// The bus delivers the revocation of a token.
    pub async fn carry_revoked(&self, token: &str) {
        let event = PublicEvent {
            subject: PublicEvent::subject("torun", "queue", "staff_revoked"),
            stream: "staff/torun".into(),
            version: 1,
            at: okienko_kernel::Moment::default(),
            trace: None,
            payload: revoked(token).encode_to_vec().into(),
        };
        let consumers = self.bus.0.lock().clone();
        for consumer in consumers {
            consumer.take(vec![event.clone()]).await.unwrap();
        }
    }

    async fn send(&self, request: Request<Body>) -> http::Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }
    /// Sends a request without a body.
    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, body) = self.send(request.body(Body::empty()).unwrap()).await.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.unwrap();
        let (bytes, body) = (bytes.to_vec(), String::from_utf8_lossy(&bytes).into_owned());
        Answer { status: parts.status, headers: parts.headers, body, bytes }
    }
    /// Sends a request with a body.
    pub async fn post(&self, path: &str, kind: &str, accept: &str, body: &str) -> Answer {
        let request = Request::post(path).header("content-type", kind).header("accept", accept);
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let (parts, body) = self.send(request).await.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.unwrap().to_vec();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, body, bytes }
    }
    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[]).await
    }
    /// Opens a page in a language, like a browser.
    pub async fn page(&self, path: &str, language: &str) -> Answer {
        self.ask("GET", path, &[("accept", "text/html"), ("accept-language", language)]).await
    }
    /// Opens an event stream.
    pub async fn listen(&self, path: &str, last: Option<u64>) -> Listener {
        self.listen_after(path, last.map(|last| last.to_string())).await
    }
    /// Opens an event stream after that id.
    pub async fn listen_after(&self, path: &str, last: Option<String>) -> Listener {
        let mut request = Request::get(path);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = self.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::OK);
        Listener { body: response.into_body().into_data_stream() }
    }
    /// Opens an event stream as a device.
    pub async fn listen_as(&self, path: &str, token: &str) -> Listener {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        let response = self.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::OK);
        Listener { body: response.into_body().into_data_stream() }
    }

    /// The token of a ticket.
    pub fn token(&self, id: Id) -> String {
        id.token(&self.keys)
    }
}

fn revoked(token: &str) -> okienko_proto::booking::StaffRevoked {
    okienko_proto::booking::StaffRevoked {
        office: "torun".into(),
        tokens: vec![token.into()],
        until: okienko_kernel::Moment::MAX.micros(),
    }
}

/// A ticket's id on a day of the hall.
pub fn id(day: &str, seed: u64) -> Id {
    let day: Day = day.parse().unwrap();
    Id::new(IdKind::Ticket, Way { office: 7, place: 1, day }, &SeededEntropy::new(seed))
}

/// One frame of an event stream.
#[derive(Debug)]
pub struct EventFrame {
    pub event: String,
    pub id: u64,
    /// Its life, if given.
    pub life: u64,
    pub data: serde_json::Value,
}

/// A client of an event stream.
pub struct Listener {
    body: BodyDataStream,
}

impl Listener {
    /// The next event; pings are skipped.
    pub async fn next(&mut self) -> EventFrame {
        tokio::time::timeout(HANG, self.event()).await.expect("an event comes")
    }
    async fn event(&mut self) -> EventFrame {
        loop {
            let bytes = self.body.next().await.expect("the stream goes on").unwrap();
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
            let Some(event) = field("event:") else { continue };
            let id = field("id:").unwrap();
            let (life, id) = id.split_once('-').unwrap_or(("0", id));
            return EventFrame {
                event: event.to_owned(),
                id: id.parse().unwrap(),
                life: life.parse().unwrap(),
                data: serde_json::from_str(field("data:").unwrap()).unwrap(),
            };
        }
    }
    /// Waits until the stream ends.
    pub async fn ends(&mut self) {
        let end = async { while self.body.next().await.is_some() {} };
        tokio::time::timeout(HANG, end).await.expect("the stream ends");
    }
    pub async fn many(&mut self, count: usize) -> Vec<EventFrame> {
        let mut heard = Vec::new();
        while heard.len() < count {
            heard.push(self.next().await);
        }
        heard
    }
}
