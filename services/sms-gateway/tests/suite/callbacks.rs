//! Providers' reports over real HTTP: the fake sends them like the real ones, and strangers try to.
#![allow(clippy::disallowed_methods, reason = "tests")]

use crate::providers::{PHONE, ask_for_a_code, message, start, world};
use axum::Router;
use axum::body::Body;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use okienko_fake_provider::{FakeProvider, Mode, Reports};
use okienko_host::World;
use okienko_kernel::{Clock, Day, Id, IdKind, Span, Way};
use okienko_proto::sms::progress_reply::State;
use okienko_proto::sms::{ProgressRequest, StartVerificationRequest, TallyRequest, TallyRow};
use okienko_sms_gateway::SmsGateway;
use okienko_sms_gateway::callbacks::{Reporters, smsapi_address, twilio_address};
use okienko_sms_gateway::domain::Channel;
use okienko_sms_gateway::provider::{OutMessage, Provider, ProviderFault};
use okienko_sms_gateway::providers::{Pace, Routes, SmsApi, Twilio};
use okienko_web::{Surface, Texts, TrustedProxies};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tower::ServiceExt;

const ACCOUNT: &str = "AC00000000000000000000000000000000";
const TOKEN: &str = "token";

/// A gateway that listens, with a provider that reports to it.
struct Site {
    world: World,
    gateway: Arc<SmsGateway>,
    router: Router,
    base: String,
    fake: FakeProvider,
}

impl Site {
    async fn with(twilio: bool) -> Site {
        let (listener, http) = (
            TcpListener::bind("127.0.0.1:0").await.unwrap(),
            TcpListener::bind("127.0.0.1:0").await.unwrap(),
        );
        let base = format!("http://{}", listener.local_addr().unwrap());
        let at = format!("http://{}", http.local_addr().unwrap());
        let fake = FakeProvider::new(Some(TOKEN), Box::new(|| "now".into()));
        tokio::spawn(fake.clone().serve_http(http));
        let world = world();
        let provider: Arc<dyn Provider> = if twilio {
            Arc::new(Twilio::new(&at, ACCOUNT, TOKEN, None).unwrap().reporting(&base))
        } else {
            let (keys, base) = (world.keys.clone(), base.clone());
            let to = Box::new(move |office: &str| smsapi_address(&keys, &base, office));
            Arc::new(SmsApi::new(&at, TOKEN).unwrap().reporting(to))
        };
        let routes = Routes::new(vec![(provider, Pace { at_once: 8, per_second: 1_000 })], vec![]);
        let reporters = Reporters {
            base_url: base.clone(),
            smsapi_networks: Some(TrustedProxies::loopback()),
            twilio_token: Some(TOKEN.into()),
        };
        let gateway = SmsGateway::start(&world, Arc::new(routes), reporters).await.unwrap();
        let router = gateway.router(&Surface::new(Arc::new(Texts::new(&[], &[]))));
        let served = router.clone().into_make_service_with_connect_info::<std::net::SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, served).await.unwrap() });
        Site { world, gateway, router, base, fake }
    }

    async fn state(&self, verification: &str) -> State {
        let asked = ProgressRequest { office: "torun".into(), verification: verification.into() };
        self.gateway.progress(asked).await.unwrap().state()
    }

    /// Waits until the code has reached that state.
    async fn until(&self, verification: &str, state: State) {
        for _ in 0..400 {
            if self.state(verification).await == state {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it is {:?}, not {state:?}", self.state(verification).await);
    }

    /// Checks that the state does not change for a while.
    async fn stays(&self, verification: &str, state: State) {
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(self.state(verification).await, state);
    }

    async fn asked(&self, request: Request<Body>) -> (StatusCode, String) {
        let mut request = request;
        let from = std::net::SocketAddr::from(([127, 0, 0, 1], 1));
        request.extensions_mut().insert(axum::extract::ConnectInfo(from));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (head.status, String::from_utf8_lossy(&body).into_owned())
    }

    /// Sends a report in SMSAPI's format, for a message of that office.
    async fn smsapi(&self, office: &str, query: &str) -> (StatusCode, String) {
        let address = smsapi_address(&self.world.keys, &self.base, office);
        let path = address.strip_prefix(&self.base).unwrap();
        self.asked(Request::get(format!("{path}?{query}")).body(Body::empty()).unwrap()).await
    }
}

#[tokio::test]
async fn what_became_of_a_message_is_heard_from_either_provider_in_any_order() {
    for twilio in [false, true] {
        for how in [Reports::Fine, Reports::Twice, Reports::Backwards] {
            let site = Site::with(twilio).await;
            site.fake.reports(how);
            let code = ask_for_a_code(&site.gateway).await;
            site.until(&code, State::Delivered).await;
            site.stays(&code, State::Delivered).await;
        }
        let site = Site::with(twilio).await;
        site.fake.reports(Reports::Never);
        let code = ask_for_a_code(&site.gateway).await;
        site.until(&code, State::Sent).await;
        site.stays(&code, State::Sent).await;

        let site = Site::with(twilio).await;
        site.fake.behave(Mode::Lose, Some(1));
        let code = ask_for_a_code(&site.gateway).await;
        site.until(&code, State::Undelivered).await;
    }
}

#[tokio::test]
async fn a_report_that_comes_before_the_answer_to_the_send_is_the_end_all_the_same() {
    let site = Site::with(false).await;
    site.fake.behave(Mode::Slow { ms: 600 }, Some(1));
    let code = ask_for_a_code(&site.gateway).await;
    site.until(&code, State::Delivered).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(site.state(&code).await, State::Delivered, "the answer comes later and takes nothing back");
}

#[tokio::test]
async fn an_office_is_told_what_became_of_its_messages_and_of_nobody_elses() {
    let site = Site::with(false).await;
    let tally = async |office: &str, days: &[&str]| {
        let day = days.iter().map(|day| (*day).to_owned()).collect();
        site.gateway.tally(TallyRequest { office: office.into(), day }).await
    };
    let row = |provider: &str, delivered, undelivered| TallyRow {
        template: "sms-code".into(),
        sms: true,
        provider: provider.into(),
        parts: delivered + undelivered,
        delivered,
        undelivered,
        ..TallyRow::default()
    };
    let days = ["2026-11-30", "2026-12-01"];
    assert!(tally("torun", &days).await.unwrap().days.iter().all(|day| day.rows.is_empty()));
    let code = async |n: u32| {
        let phone = format!("+4860123{n:04}");
        let start = StartVerificationRequest { subject: format!("hold/{n}"), ..start(&phone) };
        site.gateway.start_verification(start).await.unwrap().verification
    };
    site.until(&code(1).await, State::Delivered).await;
    site.fake.behave(Mode::Lose, Some(1));
    site.until(&code(2).await, State::Undelivered).await;
    // Its report comes before its answer: the provider is unknown, and it is billed all the same.
    site.fake.behave(Mode::Slow { ms: 5_000 }, Some(1));
    site.until(&code(3).await, State::Delivered).await;
    let told = tally("torun", &days).await.unwrap().days;
    assert_eq!(told.iter().map(|day| &*day.day).collect::<Vec<_>>(), days);
    assert!(told[0].rows.is_empty());
    assert_eq!(told[1].rows, [row("", 1, 0), row("smsapi", 1, 1)]);
    for other in ["wroclaw", "", "torun/2026-12-01"] {
        let told = tally(other, &days).await.unwrap().days;
        assert!(told.iter().all(|day| day.rows.is_empty()), "{other}: {told:?}");
    }
    assert!(tally("torun", &["yesterday"]).await.is_err());
    assert!(tally("torun", &["2026-12-01"; 32]).await.is_err());
}

#[tokio::test]
async fn a_provider_that_hung_up_and_reports_is_not_asked_again() {
    let site = Site::with(false).await;
    site.fake.behave(Mode::HangUp, Some(1));
    let code = ask_for_a_code(&site.gateway).await;
    site.until(&code, State::Delivered).await;
    let later = site.world.clock.now().plus(Span::from_mins(5));
    site.world.settle.advance(&site.world.clock, &*site.world.bus, later).await;
    assert_eq!(site.fake.accepted().iter().map(|sent| sent.asked).collect::<Vec<_>>(), [1]);
}

#[tokio::test]
async fn several_reports_of_one_request_are_written_and_unknown_ones_passed_over() {
    let site = Site::with(false).await;
    site.fake.reports(Reports::Never);
    let code = ask_for_a_code(&site.gateway).await;
    site.until(&code, State::Sent).await;
    let ours = site.fake.accepted()[0].idx.clone();
    let way = Way { office: 1, place: 0, day: Day::from_number(2526) };
    let unknown = Id::new(IdKind::Message, way, &okienko_kernel::world::SeededEntropy::new(99));
    let query = format!("MsgId=a,b,c&status=404,404,404&idx={unknown},{ours},rubbish");
    // Sent for another office it has no effect.
    assert_eq!(site.smsapi("wroclaw", &query).await, (StatusCode::OK, "OK".into()));
    assert_eq!(site.state(&code).await, State::Sent);
    assert_eq!(site.smsapi("torun", &query).await, (StatusCode::OK, "OK".into()));
    assert_eq!(site.state(&code).await, State::Delivered);
    // Hours later, with a different outcome: the first one stands.
    let query = format!("MsgId=b&status=405&idx={ours}");
    assert_eq!(site.smsapi("torun", &query).await.0, StatusCode::OK);
    assert_eq!(site.state(&code).await, State::Delivered);
}

#[tokio::test]
async fn who_is_not_the_provider_changes_nothing_and_learns_nothing() {
    let site = Site::with(false).await;
    site.fake.reports(Reports::Never);
    let code = ask_for_a_code(&site.gateway).await;
    site.until(&code, State::Sent).await;
    let ours: Id = Id::parse(IdKind::Message, &site.fake.accepted()[0].idx).unwrap();
    let query = format!("MsgId=b&status=404&idx={ours}");
    let secret = smsapi_address(&site.world.keys, "", "torun");
    let other = smsapi_address(&site.world.keys, "", "wroclaw");
    let stolen = secret.replace("torun", "wroclaw");
    let long = format!("{secret}{}", "x".repeat(2_000));
    let cut = &secret[..secret.len() - 1];
    for path in [cut, &stolen, &other.replace("wroclaw", "torun"), &long, "/callbacks/sms/smsapi/torun/x"] {
        let (status, body) =
            site.asked(Request::get(format!("{path}?{query}")).body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(!body.contains(&ours.to_string()), "{body}");
    }
    // The right secret from a network that is not the provider's.
    let mut from_afar = Request::get(format!("{secret}?{query}")).body(Body::empty()).unwrap();
    let afar = std::net::SocketAddr::from(([203, 0, 113, 7], 1));
    from_afar.extensions_mut().insert(axum::extract::ConnectInfo(afar));
    assert_eq!(site.router.clone().oneshot(from_afar).await.unwrap().status(), StatusCode::NOT_FOUND);

    let twilio = twilio_address("", "torun", ours);
    let form = "MessageStatus=delivered&MessageSid=SM1";
    let kind = "application/x-www-form-urlencoded";
    for signature in [None, Some(""), Some("5EoJb3BjXS3XfnBrD2l0bHBkqtc="), Some("ż")] {
        let mut request = Request::post(&twilio).header(header::CONTENT_TYPE, kind);
        if let Some(signature) = signature {
            request = request.header("x-twilio-signature", signature);
        }
        let (status, _) = site.asked(request.body(Body::from(form)).unwrap()).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{signature:?}");
    }
    assert_eq!(site.state(&code).await, State::Sent);
}

#[tokio::test]
async fn what_is_no_report_is_refused_and_a_large_one_too() {
    let site = Site::with(false).await;
    assert_eq!(site.smsapi("torun", "").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(site.smsapi("torun", "MsgId=a,b&status=404").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let path = smsapi_address(&site.world.keys, "", "torun");
    let large = Request::post(&path).body(Body::from(vec![b'a'; 4 * 1024 * 1024])).unwrap();
    assert_eq!(site.asked(large).await.0, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn where_one_provider_fails_the_other_carries_and_a_code_never_goes_both_ways() {
    let fakes = [(); 2].map(|()| FakeProvider::new(Some(TOKEN), Box::new(|| "now".into())));
    let mut at = Vec::new();
    for fake in &fakes {
        let http = TcpListener::bind("127.0.0.1:0").await.unwrap();
        at.push(format!("http://{}", http.local_addr().unwrap()));
        tokio::spawn(fake.clone().serve_http(http));
    }
    let world = world();
    let gateway = SmsGateway::start(&world, Arc::new(routes(&at)), Reporters::default()).await.unwrap();

    fakes[0].behave(Mode::Error { number: 103 }, Some(1));
    ask_for_a_code(&gateway).await;
    world.settle.settled(&world.clock, &*world.bus).await;
    let taken = || [fakes[0].arrived(PHONE).len(), fakes[1].arrived(PHONE).len()];
    assert_eq!(taken(), [0, 1], "without credit at the first the second carries it");

    // Now the first provider accepts a message and hangs up: only that provider is tried again.
    let (fresh, sent) = (routes(&at), message(5, Channel::Sms, PHONE));
    fakes[0].behave(Mode::HangUp, Some(1));
    assert!(matches!(fresh.send(sent.clone()).await, Err(ProviderFault::Held { by, .. }) if by == "smsapi"));
    assert_eq!(taken(), [1, 1]);
    let again = OutMessage { held_by: Some("smsapi".into()), ..sent };
    assert_eq!(fresh.send(again).await.unwrap().provider, "smsapi");
    assert_eq!(taken(), [1, 1], "it was asked again, and had it");
}

fn routes(at: &[String]) -> Routes {
    let pace = Pace { at_once: 8, per_second: 1_000 };
    let smsapi: Arc<dyn Provider> = Arc::new(SmsApi::new(&at[0], TOKEN).unwrap());
    let twilio: Arc<dyn Provider> = Arc::new(Twilio::new(&at[1], ACCOUNT, TOKEN, None).unwrap());
    Routes::new(vec![(smsapi, pace), (twilio, pace)], vec![])
}
