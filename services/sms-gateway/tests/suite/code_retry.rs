//! A code typed once but sent twice with one request key, against the real journal: a retry does not use up an attempt.

use okienko_bus::{Bus, LocalBus};
use okienko_host::{Access, AccessLog, DomainClock, Settle, TokioTasks, WallClock, World};
use okienko_journal::MemoryEngine;
use okienko_kernel::civil::parse_rfc3339;
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Keys, Zone};
use okienko_limits::MemoryLimits;
use okienko_proto::sms::address::Kind;
use okienko_proto::sms::sms_gateway_client::SmsGatewayClient;
use okienko_proto::sms::{Address, CheckCodeRequest, StartVerificationRequest};
use okienko_rpc::Link;
use okienko_sms_gateway::callbacks::Reporters;
use okienko_sms_gateway::provider::DemoPhone;
use okienko_sms_gateway::{SmsGateway, server};
use std::sync::Arc;

const PHONE: &str = "+48601234567";

struct NoLog;

impl AccessLog for NoLog {
    fn note(&self, _: Access) {}
}

fn world() -> World {
    let (wall, tasks) = (Arc::new(WallClock), Arc::new(TokioTasks::here()));
    World {
        clock: DomainClock::standing(parse_rfc3339("2026-12-01T07:00:00+01:00").unwrap()),
        wall: wall.clone(),
        entropy: Arc::new(SeededEntropy::new(7)),
        tasks: tasks.clone(),
        keys: Keys::from_secret(b"retry"),
        bus: Arc::new(LocalBus::new(tasks)) as Arc<dyn Bus>,
        limits: Arc::new(MemoryLimits::new(wall)),
        homes: Arc::new(okienko_kernel::Rehearsing),
        settle: Arc::new(Settle::default()),
        access: Arc::new(NoLog),
        open_engine: Arc::new(|_| Ok(Arc::new(MemoryEngine::default()))),
    }
}

/// Requests a code; returns the verification and the code.
async fn started(world: &World, sms: &mut SmsGatewayClient<Link>, phone: &DemoPhone) -> (String, String) {
    let start = StartVerificationRequest {
        office: "torun".into(),
        office_number: 1,
        subject: "hold".into(),
        to: Some(Address { kind: Some(Kind::Phone(PHONE.into())) }),
        locale: "pl".into(),
        sender: "Torun".into(),
        host: "wizyty.example.pl".into(),
        day: "2026-12-01".into(),
        not_after: parse_rfc3339("2026-12-01T08:00:00+01:00").unwrap().micros(),
        budget: 100,
        dial_codes: vec![],
        ..StartVerificationRequest::default()
    };
    let verification = sms.start_verification(start).await.unwrap().into_inner().verification;
    world.settle.settled(&world.clock, &*world.bus).await;
    let text = phone.list(PHONE).pop().unwrap().text;
    (verification, text.rsplit('#').next().unwrap().trim().to_owned())
}

/// The result of a check: nothing, or the refusal's code with the remaining attempts.
async fn checked(
    sms: &mut SmsGatewayClient<Link>,
    verification: &str,
    (code, key): (&str, &str),
) -> Option<(String, Option<u32>)> {
    let request = CheckCodeRequest {
        office: "torun".into(),
        verification: verification.into(),
        subject: "hold".into(),
        code: code.into(),
        request_key: key.into(),
    };
    let status = sms.check_code(request).await.err()?;
    let refusal = okienko_rpc::refusal(&status).unwrap_or_else(|| panic!("{status:?}"));
    Some((refusal.code, refusal.attempts_left))
}

#[tokio::test]
async fn a_retried_code_uses_up_no_other_try_and_its_key_belongs_to_it() {
    let world = world();
    let phone = Arc::new(DemoPhone::new(world.clock.clone(), Zone::named("Europe/Warsaw").unwrap()));
    let gateway = SmsGateway::start(&world, phone.clone(), Reporters::default()).await.unwrap();
    let mut sms = SmsGatewayClient::new(okienko_rpc::local(server(gateway)));
    let (verification, right) = started(&world, &mut sms, &phone).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let left = |n| Some(("code_wrong".to_owned(), Some(n)));
    for _ in 0..7 {
        assert_eq!(
            checked(&mut sms, &verification, (wrong, "one")).await,
            left(4),
            "a retry is no other try"
        );
    }
    assert_eq!(checked(&mut sms, &verification, (wrong, "two")).await, left(3));
    assert_eq!(checked(&mut sms, &verification, (wrong, "")).await, left(2), "without a key each is a try");
    assert_eq!(checked(&mut sms, &verification, (wrong, "")).await, left(1));
    let reused = checked(&mut sms, &verification, (&right, "one")).await;
    assert_eq!(reused, Some(("key_reused".to_owned(), None)), "also with the right one");
    for _ in 0..2 {
        assert_eq!(checked(&mut sms, &verification, (&right, "three")).await, None);
    }
    assert_eq!(checked(&mut sms, &verification, (wrong, "one")).await, left(4), "the first answer stands");
}

#[tokio::test]
async fn a_message_says_how_long_its_code_counts_also_when_that_is_shorter_than_usual() {
    let world = world();
    let phone = Arc::new(DemoPhone::new(world.clock.clone(), Zone::named("Europe/Warsaw").unwrap()));
    let gateway = SmsGateway::start(&world, phone.clone(), Reporters::default()).await.unwrap();
    let mut sms = SmsGatewayClient::new(okienko_rpc::local(server(gateway)));
    started(&world, &mut sms, &phone).await;
    assert!(phone.list(PHONE).pop().unwrap().text.contains("Wazny 10 min"));
    world.clock.move_to(parse_rfc3339("2026-12-01T07:54:30+01:00").unwrap());
    started(&world, &mut sms, &phone).await;
    let text = phone.list(PHONE).pop().unwrap().text;
    assert!(text.contains("Wazny 5 min"), "{text}");
}
