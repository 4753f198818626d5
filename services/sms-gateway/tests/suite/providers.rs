//! Real providers against the fake, over real HTTP and SMTP, with every way in which a provider can fail or mislead.
#![allow(clippy::disallowed_methods, reason = "tests")]

use okienko_bus::{Bus, LocalBus};
use okienko_fake_provider::{FakeProvider, Mode};
use okienko_host::{Access, AccessLog, DomainClock, Settle, TokioTasks, WallClock, World};
use okienko_journal::MemoryEngine;
use okienko_kernel::civil::parse_rfc3339;
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Clock, Day, Id, IdKind, Keys, Span, Way};
use okienko_limits::MemoryLimits;
use okienko_proto::sms::address::Kind;
use okienko_proto::sms::{Address, StartVerificationRequest};
use okienko_sms_gateway::SmsGateway;
use okienko_sms_gateway::callbacks::Reporters;
use okienko_sms_gateway::domain::Channel;
use okienko_sms_gateway::provider::{OutMessage, Provider, ProviderFault};
use okienko_sms_gateway::providers::{ByChannel, Encryption, Relay, SmsApi, Smtp};
use std::sync::Arc;
use tokio::net::TcpListener;

pub const PHONE: &str = "+48601234567";

struct Outside {
    fake: FakeProvider,
    http: String,
    mail: String,
}

async fn outside() -> Outside {
    let (http, mail) =
        (TcpListener::bind("127.0.0.1:0").await.unwrap(), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let fake = FakeProvider::new(Some("token"), Box::new(|| "now".into()));
    let outside = Outside {
        fake: fake.clone(),
        http: format!("http://{}", http.local_addr().unwrap()),
        mail: mail.local_addr().unwrap().to_string(),
    };
    tokio::spawn(fake.clone().serve_http(http));
    tokio::spawn(fake.serve_mail(mail));
    outside
}

pub fn message(seed: u64, channel: Channel, to: &str) -> OutMessage {
    let way = Way { office: 1, place: 0, day: Day::from_number(2526) };
    OutMessage {
        id: Id::new(IdKind::Message, way, &SeededEntropy::new(seed)),
        office: "torun".into(),
        channel,
        to: to.into(),
        sender: "Urząd & spółka".into(),
        subject: (channel == Channel::Email)
            .then(|| "Wizyta: żółta łódź, bardzo długi temat dla dwóch słów".into()),
        text: "Kod: 123456\n100% + & = żółw".into(),
        held_by: None,
    }
}

#[tokio::test]
async fn a_text_arrives_in_its_words_and_sent_again_it_is_the_same_one() {
    let outside = outside().await;
    let smsapi = SmsApi::new(&outside.http, "token").unwrap();
    let sent = message(1, Channel::Sms, PHONE);
    let receipt = smsapi.send(sent.clone()).await.unwrap();
    let kept = outside.fake.arrived(PHONE).pop().unwrap();
    assert_eq!((&kept.text, &kept.sender, &kept.idx), (&sent.text, &sent.sender, &sent.id.to_string()));
    assert_eq!(receipt.provider_id, kept.id);
    smsapi.send(sent).await.unwrap();
    assert_eq!(outside.fake.accepted().len(), 1);
    smsapi.send(message(2, Channel::Sms, PHONE)).await.unwrap();
    assert_eq!(outside.fake.accepted().len(), 2);
}

#[tokio::test]
async fn each_failure_has_its_consequence_and_leaves_nothing_behind() {
    let outside = outside().await;
    let smsapi = SmsApi::new(&outside.http, "token").unwrap();
    let again = |fault: &ProviderFault| matches!(fault, ProviderFault::Again(_));
    let operator = |fault: &ProviderFault| matches!(fault, ProviderFault::CallOperator(_));
    let never = |fault: &ProviderFault| matches!(fault, ProviderFault::Never(_));
    let unknown = |fault: &ProviderFault| matches!(fault, ProviderFault::Unknown(_));
    type Judge<'a> = &'a dyn Fn(&ProviderFault) -> bool;
    let modes: [(Mode, Judge<'_>); 7] = [
        (Mode::Status { status: 500 }, &again),
        (Mode::Status { status: 429 }, &again),
        (Mode::Nonsense, &unknown),
        (Mode::Error { number: 201 }, &again),
        (Mode::Error { number: 103 }, &operator),
        (Mode::Error { number: 105 }, &operator),
        (Mode::Error { number: 13 }, &never),
    ];
    for (mode, is_right) in modes {
        outside.fake.behave(mode, Some(1));
        let fault = smsapi.send(message(1, Channel::Sms, PHONE)).await.unwrap_err();
        assert!(is_right(&fault), "{mode:?}: {fault}");
        assert!(!fault.to_string().contains("601234567"), "{fault}");
    }
    assert!(outside.fake.accepted().is_empty());
    let stranger = SmsApi::new(&outside.http, "wrong").unwrap();
    assert!(operator(&stranger.send(message(1, Channel::Sms, PHONE)).await.unwrap_err()));
    let nobody = SmsApi::new("http://127.0.0.1:1", "token").unwrap();
    assert!(again(&nobody.send(message(1, Channel::Sms, PHONE)).await.unwrap_err()));
}

fn relay(outside: &Outside) -> Relay {
    Relay { address: outside.mail.clone(), encryption: Encryption::None, login: None }
}

#[tokio::test]
async fn a_relay_that_offers_no_encryption_is_given_nothing_where_it_is_asked_for() {
    let outside = outside().await;
    let relay = Relay { encryption: Encryption::StartTls, ..relay(&outside) };
    let smtp = Smtp::new(&relay, "wizyty@example.pl").unwrap();
    let fault = smtp.send(message(3, Channel::Email, "jan@example.org")).await.unwrap_err();
    assert!(matches!(fault, ProviderFault::Again(_)), "{fault}");
    assert!(outside.fake.arrived("jan@example.org").is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_relay_that_takes_the_call_and_says_nothing_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let smtp = Smtp::new(&Relay { address, encryption: Encryption::None, login: None }, "a@b.pl").unwrap();
    let fault = smtp.send(message(3, Channel::Email, "jan@example.org")).await.unwrap_err();
    assert!(matches!(fault, ProviderFault::Again(_)), "{fault}");
}

#[tokio::test]
async fn a_mail_arrives_in_its_words() {
    let outside = outside().await;
    let relay = Smtp::new(&relay(&outside), "wizyty@example.pl").unwrap();
    let sent = message(3, Channel::Email, "jan@example.org");
    relay.send(sent.clone()).await.unwrap();
    let kept = outside.fake.arrived("Jan@example.org").pop().unwrap();
    assert_eq!((kept.text, kept.subject, kept.sender), (sent.text, sent.subject, sent.sender));
    assert_eq!(kept.idx, sent.id.to_string());
}

#[tokio::test]
async fn each_channel_has_its_provider_and_a_channel_without_one_is_the_operators() {
    let outside = outside().await;
    let sms: Arc<dyn Provider> = Arc::new(SmsApi::new(&outside.http, "token").unwrap());
    let both = ByChannel {
        sms: Some(sms.clone()),
        mail: Some(Arc::new(Smtp::new(&relay(&outside), "a@b.pl").unwrap())),
    };
    both.send(message(1, Channel::Sms, PHONE)).await.unwrap();
    both.send(message(2, Channel::Email, "jan@example.org")).await.unwrap();
    assert_eq!((outside.fake.arrived(PHONE).len(), outside.fake.arrived("jan@example.org").len()), (1, 1));
    let one = ByChannel { sms: Some(sms), mail: None };
    let fault = one.send(message(2, Channel::Email, "jan@example.org")).await.unwrap_err();
    assert!(matches!(fault, ProviderFault::CallOperator(_)));
}

struct NoLog;

impl AccessLog for NoLog {
    fn note(&self, _: Access) {}
}

pub fn world() -> World {
    let (wall, tasks) = (Arc::new(WallClock), Arc::new(TokioTasks::here()));
    World {
        clock: DomainClock::standing(parse_rfc3339("2026-12-01T07:00:00+01:00").unwrap()),
        wall: wall.clone(),
        entropy: Arc::new(SeededEntropy::new(7)),
        tasks: tasks.clone(),
        keys: Keys::from_secret(b"providers"),
        homes: Arc::new(okienko_kernel::Rehearsing),
        bus: Arc::new(LocalBus::new(tasks)) as Arc<dyn Bus>,
        limits: Arc::new(MemoryLimits::new(wall)),
        settle: Arc::new(Settle::default()),
        access: Arc::new(NoLog),
        open_engine: Arc::new(|_| Ok(Arc::new(MemoryEngine::default()))),
    }
}

/// A request to send a code to that phone.
pub fn start(phone: &str) -> StartVerificationRequest {
    StartVerificationRequest {
        office: "torun".into(),
        office_number: 1,
        subject: "hold".into(),
        to: Some(Address { kind: Some(Kind::Phone(phone.into())) }),
        locale: "pl".into(),
        sender: "Torun".into(),
        host: "wizyty.example.pl".into(),
        day: "2026-12-01".into(),
        not_after: parse_rfc3339("2026-12-01T08:00:00+01:00").unwrap().micros(),
        budget: 100,
        dial_codes: vec![],
        ..StartVerificationRequest::default()
    }
}

#[tokio::test]
async fn a_number_that_the_office_does_not_write_to_is_refused_and_costs_nothing() {
    let (world, outside) = (world(), outside().await);
    let provider = Arc::new(SmsApi::new(&outside.http, "token").unwrap());
    let gateway = SmsGateway::start(&world, provider, Reporters::default()).await.unwrap();
    let german = |dial_codes: &[u32]| StartVerificationRequest {
        dial_codes: dial_codes.to_vec(),
        ..start("+4915123456789")
    };
    let refused = gateway.start_verification(german(&[48, 380])).await.unwrap_err();
    assert!(matches!(refused, okienko_sms_gateway::Failure::Invalid("phone")), "{refused}");
    world.settle.settled(&world.clock, &*world.bus).await;
    assert_eq!(outside.fake.accepted().len(), 0);
    gateway.start_verification(german(&[48, 49])).await.unwrap();
}

/// Starts a verification and returns its id.
pub async fn ask_for_a_code(gateway: &SmsGateway) -> String {
    gateway.start_verification(start(PHONE)).await.unwrap().verification
}

#[tokio::test]
async fn a_provider_that_hangs_up_after_it_has_accepted_is_asked_again_and_the_person_has_one_sms() {
    let (world, outside) = (world(), outside().await);
    let provider = Arc::new(SmsApi::new(&outside.http, "token").unwrap());
    let gateway = SmsGateway::start(&world, provider, Reporters::default()).await.unwrap();
    outside.fake.behave(Mode::HangUp, Some(1));
    ask_for_a_code(&gateway).await;
    world.settle.settled(&world.clock, &*world.bus).await;
    assert_eq!(outside.fake.accepted()[0].asked, 1);
    for minutes in [1, 30] {
        let later = world.clock.now().plus(Span::from_mins(minutes));
        world.settle.advance(&world.clock, &*world.bus, later).await;
        let accepted = outside.fake.accepted();
        // Tried once more, answered "already accepted", and never again.
        assert_eq!((accepted.len(), accepted[0].asked), (1, 2), "after {minutes} min");
    }
}
