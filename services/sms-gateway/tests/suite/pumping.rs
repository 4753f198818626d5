//! SMS pumping: a program that requests codes for numbers that earn it money, alongside honest people.
#![allow(clippy::disallowed_methods, reason = "tests")]

use crate::providers::{start, world};
use okienko_host::World;
use okienko_kernel::{Clock, Span, Zone};
use okienko_proto::sms::CheckCodeRequest;
use okienko_sms_gateway::callbacks::Reporters;
use okienko_sms_gateway::domain::{Refusal, TRICKLE};
use okienko_sms_gateway::provider::DemoPhone;
use okienko_sms_gateway::{Failure, SmsGateway};
use std::sync::Arc;

struct Site {
    world: World,
    phones: Arc<DemoPhone>,
    gateway: Arc<SmsGateway>,
}

async fn site() -> Site {
    let world = world();
    let phones = Arc::new(DemoPhone::new(world.clock.clone(), Zone::named("Europe/Warsaw").unwrap()));
    let gateway = SmsGateway::start(&world, phones.clone(), Reporters::default()).await.unwrap();
    Site { world, phones, gateway }
}

impl Site {
    /// Requests a code, for a separate hold.
    async fn asks(&self, phone: &str) -> Result<String, Failure> {
        let mut request = start(phone);
        request.subject = format!("hold of {phone}");
        request.budget = 100_000;
        request.not_after = self.world.clock.now().plus(Span::from_mins(10)).micros();
        self.gateway.start_verification(request).await.map(|started| started.verification)
    }

    /// Requests a code and types the one received.
    async fn proves(&self, phone: &str) -> Result<(), Failure> {
        let verification = self.asks(phone).await?;
        self.rests().await;
        let text = self.phones.list(phone).pop().expect("an SMS").text;
        let code = text.rsplit('#').next().unwrap().trim().to_owned();
        let check = CheckCodeRequest {
            office: "torun".into(),
            verification,
            subject: format!("hold of {phone}"),
            code,
            ..CheckCodeRequest::default()
        };
        self.gateway.check_code(check).await.map(drop)
    }

    async fn rests(&self) {
        self.world.settle.settled(&self.world.clock, &*self.world.bus).await;
    }
}

fn pause_of(failure: Failure) -> Span {
    match failure {
        Failure::Refused(Refusal::RateLimited { retry_after }) => retry_after,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn ten_thousand_numbers_of_one_block_get_fewer_than_fifty_codes_and_others_do_not_notice() {
    let site = site().await;
    let mut sent = 0;
    for n in 0..10_000 {
        match site.asks(&format!("+4860123{n:04}")).await {
            Ok(_) => sent += 1,
            Err(failure) => assert!(pause_of(failure) <= TRICKLE),
        }
        if n % 500 == 0 {
            site.proves(&format!("+4869{:03}{n:04}", n / 500))
                .await
                .expect("an honest person of another block");
        }
    }
    assert!((1..50).contains(&sent), "{sent} codes to the block");
}

#[tokio::test]
async fn an_honest_person_of_such_a_block_waits_for_the_pause_and_no_longer() {
    let site = site().await;
    let mut pause = None;
    for n in 0..60 {
        pause = site.asks(&format!("+4860123{n:04}")).await.err().map(pause_of).or(pause);
    }
    let later = site.world.clock.now().plus(pause.expect("the block is slowed down"));
    site.rests().await;
    site.world.settle.advance(&site.world.clock, &*site.world.bus, later).await;
    site.proves("+48601239999").await.expect("after the pause");
}

#[tokio::test]
async fn a_block_whose_people_prove_their_codes_is_never_slowed_down() {
    let site = site().await;
    for n in 0..120 {
        site.proves(&format!("+4860123{n:04}")).await.unwrap_or_else(|failure| panic!("{n}: {failure}"));
    }
}

#[tokio::test]
async fn a_country_abroad_whose_codes_are_lost_is_slowed_down_and_ours_is_not() {
    let site = site().await;
    // Numbers of many blocks; nobody types a code.
    let numbers = |country: &'static str| (0..140).map(move |n| format!("{country}{:03}4567", 100 + n));
    for (country, is_slowed) in [("+38067", true), ("+48601", false)] {
        let numbers: Vec<String> = match country {
            "+48601" => (0..140).map(|n| format!("+4860{:03}4567", 100 + n)).collect(),
            _ => numbers(country).collect(),
        };
        for phone in &numbers {
            site.asks(phone)
                .await
                .unwrap_or_else(|failure| panic!("{phone}: in a rush nobody has typed one yet: {failure}"));
        }
        site.rests().await;
        let later = site.world.clock.now().plus(Span::from_mins(10));
        site.world.settle.advance(&site.world.clock, &*site.world.bus, later).await;
        let one = format!("{country}9994567");
        let first = site.asks(if is_slowed { &one } else { "+48609994567" }).await;
        let second = site.asks(if is_slowed { "+380679984567" } else { "+48609984567" }).await;
        assert_eq!(
            (first.is_ok(), second.is_err()),
            (true, is_slowed),
            "{country}: one after the pause, then a trickle"
        );
    }
}
