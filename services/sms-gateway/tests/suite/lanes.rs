//! Lanes: codes wait for no other message.
#![allow(clippy::disallowed_methods, reason = "tests")]

use crate::providers::{PHONE, start, world};
use async_trait::async_trait;
use okienko_proto::sms::address::Kind;
use okienko_proto::sms::{Address, SendRequest, StartVerificationRequest};
use okienko_sms_gateway::SmsGateway;
use okienko_sms_gateway::callbacks::Reporters;
use okienko_sms_gateway::provider::{OutMessage, Provider, ProviderFault, ProviderReceipt};
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Accepts codes at once, and other texts only when allowed to.
struct Gate {
    let_through: Semaphore,
    taken: Mutex<Vec<String>>,
}

#[async_trait]
impl Provider for Gate {
    fn name(&self) -> &str {
        "gate"
    }
    async fn send(&self, message: OutMessage) -> Result<ProviderReceipt, ProviderFault> {
        if !message.text.contains('#') {
            self.let_through.acquire().await.expect("open").forget();
        }
        self.taken.lock().push(message.text);
        Ok(ProviderReceipt::new("gate", ""))
    }
}

#[tokio::test]
async fn a_mass_of_notices_that_a_provider_does_not_take_delays_no_code() {
    const NOTICES: usize = 300;
    let world = world();
    let gate = Arc::new(Gate { let_through: Semaphore::new(0), taken: Mutex::default() });
    let gateway = SmsGateway::start(&world, gate.clone(), Reporters::default()).await.unwrap();
    for n in 0..NOTICES {
        let notice = SendRequest {
            office: "torun".into(),
            office_number: 1,
            to: Some(Address { kind: Some(Kind::Phone(format!("+4860{n:07}"))) }),
            locale: "pl".into(),
            sender: "Torun".into(),
            template: "soon".into(),
            arguments: [
                ("ticket", format!("A{n:03}")),
                ("counter-given", "no".to_owned()),
                ("counter", String::new()),
                ("minutes", "10".to_owned()),
                ("ahead", "3".to_owned()),
                ("location", "Sala".to_owned()),
                ("url", "https://wizyty.example.pl/t/x".to_owned()),
            ]
            .map(|(name, value)| (name.to_owned(), value))
            .into(),
            request_key: format!("notice/{n}"),
            day: "2026-12-01".into(),
            budget: 10_000,
            dial_codes: vec![],
            not_before: 0,
            not_after: 0,
            keeps_letters: false,
        };
        gateway.send(notice).await.unwrap();
    }
    let codes = || gate.taken.lock().iter().filter(|text| text.contains('#')).count();
    let code = StartVerificationRequest { budget: 10_000, ..start(PHONE) };
    gateway.start_verification(code).await.unwrap();
    for _ in 0..500 {
        if codes() == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!((codes(), gate.taken.lock().len()), (1, 1), "the code has gone past all notices");
    gate.let_through.add_permits(NOTICES);
    world.settle.settled(&world.clock, &*world.bus).await;
    assert_eq!(gate.taken.lock().len(), NOTICES + 1, "and each notice has gone once");
}
