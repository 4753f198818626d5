//! Ways to other processes over real connections: replicas that are gone, callers that are strangers, answers that get
//! lost. Each fake service counts its calls, so that a call carried out twice is noticed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    reason = "a test fails by panicking"
)]

use okienko_drill::Proxy;
use okienko_kernel::Keys;
use okienko_proto::booking::booking_client::BookingClient;
use okienko_proto::booking::booking_server::{Booking, BookingServer};
use okienko_proto::booking::{
    CardsReply, CardsRequest, KeyShownReply, KeyShownRequest, PhoneReply, PhoneRequest,
};
use okienko_proto::sms::sms_gateway_client::SmsGatewayClient;
use okienko_proto::sms::sms_gateway_server::{SmsGateway, SmsGatewayServer};
use okienko_proto::sms::*;
use okienko_rpc::{Carried, Guard, Link, ServiceKey, Tls, far, is_not_delivered, local};
use okienko_trace::{Instrument, Trace};
use opentelemetry::trace::TracerProvider;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Request, Response, Status};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// A service that counts calls, and fails as often as told.
#[derive(Clone, Default)]
struct Fake {
    asked: Arc<AtomicUsize>,
    failing: Arc<AtomicUsize>,
    carried: Arc<std::sync::Mutex<Carried>>,
    trace: Arc<std::sync::Mutex<Option<Trace>>>,
}

impl Fake {
    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
    fn ask(&self) -> Result<(), Status> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        *self.carried.lock().unwrap() = Carried::here();
        *self.trace.lock().unwrap() = okienko_trace::here();
        let fails = self.failing.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if fails.is_ok() { Err(Status::unavailable("not now")) } else { Ok(()) }
    }
}

#[tonic::async_trait]
impl Booking for Fake {
    async fn cards(&self, _: Request<CardsRequest>) -> Result<Response<CardsReply>, Status> {
        self.ask().map(|()| Response::new(CardsReply::default()))
    }
    async fn key_shown(&self, _: Request<KeyShownRequest>) -> Result<Response<KeyShownReply>, Status> {
        self.ask().map(|()| Response::new(KeyShownReply::default()))
    }
    async fn phone(&self, _: Request<PhoneRequest>) -> Result<Response<PhoneReply>, Status> {
        self.ask().map(|()| Response::new(PhoneReply::default()))
    }
}

#[tonic::async_trait]
impl SmsGateway for Fake {
    async fn start_verification(
        &self,
        _: Request<StartVerificationRequest>,
    ) -> Result<Response<StartVerificationReply>, Status> {
        // Longer than any caller waits.
        std::future::pending::<()>().await;
        Err(Status::internal("never"))
    }
    async fn check_code(&self, _: Request<CheckCodeRequest>) -> Result<Response<CheckCodeReply>, Status> {
        self.ask().map(|()| Response::new(CheckCodeReply::default()))
    }
    async fn progress(&self, _: Request<ProgressRequest>) -> Result<Response<ProgressReply>, Status> {
        self.ask().map(|()| Response::new(ProgressReply::default()))
    }
    async fn tally(&self, _: Request<TallyRequest>) -> Result<Response<TallyReply>, Status> {
        self.ask().map(|()| Response::new(TallyReply::default()))
    }
    async fn send(&self, _: Request<SendRequest>) -> Result<Response<SendReply>, Status> {
        self.ask().map(|()| Response::new(SendReply::default()))
    }
}

fn key(installation: &str) -> ServiceKey {
    ServiceKey::of(&Keys::from_secret(installation.as_bytes()))
}

/// Serves `fake` behind our installation's guard, until the set is dropped.
async fn serve(fake: &Fake) -> (SocketAddr, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::builder()
        .layer(Guard::new(key("ours")))
        .add_service(BookingServer::new(fake.clone()))
        .add_service(SmsGatewayServer::new(fake.clone()));
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { server.serve_with_incoming(TcpIncoming::from(listener)).await.unwrap() });
    (address, tasks)
}

/// An address where nobody listens.
async fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

fn link(addresses: &[SocketAddr]) -> Link {
    let addresses: Vec<String> = addresses.iter().map(|address| format!("http://{address}")).collect();
    far(&addresses, &key("ours"), None).unwrap()
}

async fn check(link: &Link) -> Result<(), Status> {
    SmsGatewayClient::new(link.clone()).check_code(CheckCodeRequest::default()).await.map(drop)
}

async fn cards(link: &Link) -> Result<(), Status> {
    BookingClient::new(link.clone()).cards(CardsRequest::default()).await.map(drop)
}

#[tokio::test]
async fn a_replica_that_is_gone_is_passed_over_and_every_call_is_carried_out_once() {
    let fake = Fake::default();
    let (first, tasks) = serve(&fake).await;
    let (second, _tasks) = serve(&fake).await;
    let link = link(&[nobody().await, first, second]);
    for n in 1..=20 {
        check(&link).await.unwrap();
        assert_eq!(fake.asked(), n);
    }
    // Another replica goes away while its connection is in use.
    drop(tasks);
    for n in 21..=40 {
        check(&link).await.unwrap();
        assert_eq!(fake.asked(), n);
    }
}

#[tokio::test]
async fn where_nobody_is_the_call_certainly_reached_nobody() {
    let link = link(&[nobody().await, nobody().await]);
    for status in [check(&link).await.unwrap_err(), cards(&link).await.unwrap_err()] {
        assert!(status.code() == Code::Unavailable && is_not_delivered(&status), "{status:?}");
    }
}

#[tokio::test]
async fn a_stranger_is_refused_and_never_reaches_a_service() {
    let fake = Fake::default();
    let (address, _tasks) = serve(&fake).await;
    let stranger = far(&[format!("http://{address}")], &key("theirs"), None).unwrap();
    for status in [check(&stranger).await.unwrap_err(), cards(&stranger).await.unwrap_err()] {
        assert_eq!(status.code(), Code::Unauthenticated, "{status:?}");
    }
    assert_eq!(fake.asked(), 0);
}

#[tokio::test]
async fn what_bears_it_is_asked_again_near_and_far_and_what_does_not_is_not() {
    let fake = Fake::default();
    let (address, _tasks) = serve(&fake).await;
    let near_cards = local(BookingServer::new(fake.clone()));
    let near_check = local(SmsGatewayServer::new(fake.clone()));
    let far = link(&[address]);
    for (cards_way, check_way) in [(&near_cards, &near_check), (&far, &far)] {
        fake.asked.store(0, Ordering::SeqCst);
        fake.failing.store(2, Ordering::SeqCst);
        cards(cards_way).await.unwrap();
        assert_eq!(fake.asked(), 3);
        fake.failing.store(1, Ordering::SeqCst);
        let status = check(check_way).await.unwrap_err();
        assert!(status.code() == Code::Unavailable && !is_not_delivered(&status), "{status:?}");
        assert_eq!(fake.asked(), 4);
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_leaves_a_call_unknown_and_a_read_is_asked_again() {
    let fake = Fake::default();
    let (address, _tasks) = serve(&fake).await;
    let proxy = Proxy::to(address.port()).unwrap();
    let link = link(&[SocketAddr::from(([127, 0, 0, 1], proxy.port()))]);
    // The connection is established first, so that an answer is lost and not the handshake.
    check(&link).await.unwrap();
    let settled = async {
        // After a few calls the rest of the handshake has passed.
        for _ in 0..5 {
            check(&link).await.unwrap();
        }
    };
    settled.await;
    let before = fake.asked();
    proxy.cut();
    proxy.mend();
    cards(&link).await.unwrap();
    assert_eq!(fake.asked(), before + 1);
    proxy.lose_next_answer();
    let status = check(&link).await.unwrap_err();
    assert!(status.code() == Code::Unavailable && !is_not_delivered(&status), "{status:?}");
}

#[tokio::test]
async fn a_deadline_reaches_the_service_and_nobody_waits_longer_than_the_one_who_asks() {
    let fake = Fake::default();
    let (address, _tasks) = serve(&fake).await;
    let link = link(&[address]);
    let carried = Carried { deadline: Some(Instant::now() + Duration::from_secs(3)) };
    carried.clone().within(check(&link)).await.unwrap();
    assert!(fake.carried.lock().unwrap().deadline.is_some());
    let soon = Carried { deadline: Some(Instant::now() + Duration::from_millis(50)) };
    let mut client = SmsGatewayClient::new(link.clone());
    let asked = soon.within(client.start_verification(StartVerificationRequest::default())).await;
    assert_eq!(asked.unwrap_err().code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn a_trace_reaches_the_service_with_the_call_as_what_has_caused_it() {
    let provider = opentelemetry_sdk::trace::SdkTracerProvider::builder().build();
    let traced = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    let _traced = tracing_subscriber::registry().with(traced).set_default();
    let fake = Fake::default();
    let (address, _tasks) = serve(&fake).await;
    let link = link(&[address]);
    let asked_in = okienko_trace::under(okienko_trace::span!("asker"), Some(&Trace::of_seed("asker")));
    check(&link).instrument(asked_in.clone()).await.unwrap();
    let (asker, seen) = (okienko_trace::of(&asked_in).unwrap(), fake.trace.lock().unwrap().unwrap());
    assert_eq!((asker.id(), seen.id()), (Trace::of_seed("asker").id(), Trace::of_seed("asker").id()));
    assert_ne!(asker, seen, "the call itself comes between");
    check(&link).await.unwrap();
    let seen = fake.trace.lock().unwrap().unwrap();
    assert_ne!(asker.id(), seen.id(), "whoever asks in no trace begins one");
}

#[test]
fn an_address_that_cannot_be_one_is_told() {
    let told = far(&["booking:9090".to_owned()], &key("ours"), None).unwrap_err().to_string();
    assert!(told.starts_with("booking:9090: "), "{told}");
}

/// A certificate authority, and the certificates it signs for processes named `okienko`.
struct Authority {
    issuer: rcgen::Issuer<'static, rcgen::KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Authority {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut about = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
        about.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let pem = about.self_signed(&key).unwrap().pem();
        Authority { issuer: rcgen::Issuer::new(about, key), pem }
    }

    /// A process with a certificate from this authority that trusts `authority`.
    fn process(&self, authority: &Authority) -> Tls {
        let key = rcgen::KeyPair::generate().unwrap();
        let about = rcgen::CertificateParams::new(vec!["okienko".to_owned()]).unwrap();
        let certificate = about.signed_by(&key, &self.issuer).unwrap().pem();
        Tls {
            authority: authority.pem.clone(),
            certificate,
            key: key.serialize_pem(),
            name: "okienko".into(),
        }
    }
}

#[tokio::test]
async fn with_certificates_both_sides_show_theirs_and_nobody_else_gets_through() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    let fake = Fake::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::builder()
        .tls_config(ours.process(&ours).server())
        .unwrap()
        .layer(Guard::new(key("ours")))
        .add_service(SmsGatewayServer::new(fake.clone()));
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { server.serve_with_incoming(TcpIncoming::from(listener)).await.unwrap() });
    let secure = [format!("https://{address}")];
    check(&far(&secure, &key("ours"), Some(&ours.process(&ours))).unwrap()).await.unwrap();
    assert_eq!(fake.asked(), 1);
    let wrong = Tls { name: "other".into(), ..ours.process(&ours) };
    for (addresses, tls) in [
        (&secure, Some(theirs.process(&ours))),
        (&secure, Some(ours.process(&theirs))),
        (&secure, Some(wrong)),
        (&[format!("http://{address}")], None),
    ] {
        check(&far(addresses, &key("ours"), tls.as_ref()).unwrap()).await.unwrap_err();
    }
    assert_eq!(fake.asked(), 1, "a stranger has reached the service");
}
