//! Several providers as one: which provider gets a message first, which is next if that one has certainly not accepted
//! it, and which is paused for a while. A provider that may already have accepted a message is the only one tried
//! again, so that impatience never sends a code twice. Knows no provider's protocol.

use crate::domain::Reason;
use crate::measured;
use crate::provider::{OutMessage, Provider, ProviderFault, ProviderReceipt};
use async_trait::async_trait;
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// How many of a provider's latest answers are remembered. It is paused when three quarters of them are faults, …
const REMEMBERED: u32 = 40;
/// … once there are this many; occasional failures do not pause it.
const ENOUGH: u32 = 10;
/// The length of the pause; then one message tries the provider.
const REST: Duration = Duration::from_secs(30);
/// The pause when an operator must intervene: trying sooner is pointless.
const REST_FOR_OPERATOR: Duration = Duration::from_secs(120);

/// How much may be sent to a provider in parallel and per second.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Messages in flight to it, 1 or more.
    pub at_once: usize,
    /// Messages per second, 1 or more. SMSAPI allows 100 from one address.
    pub per_second: u32,
}

/// Which providers carry which messages; the first matching rule applies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// The office; any if `None`.
    office: Option<String>,
    /// Prefix of the number, e.g. `+380`; any if `None`.
    dial: Option<String>,
    /// Names of providers in order, each with its share of the messages that it gets first; 0: only when others fail.
    shares: Vec<(String, u32)>,
}

/// An unusable rule; the message says what to write.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0:?} is no rule: write e.g. \"torun +380 = twilio smsapi\" or \"* * = smsapi:3 twilio:1\"")]
pub struct BadRule(pub String);

impl Rule {
    /// Parses `office dial = provider[:share] …`; `*` for any office or number. Without shares the first gets all.
    pub fn parse(text: &str) -> Result<Rule, BadRule> {
        let bad = || BadRule(text.to_owned());
        let (whom, by) = text.split_once('=').ok_or_else(bad)?;
        let mut whom = whom.split_whitespace();
        let (office, dial) = (whom.next().ok_or_else(bad)?, whom.next().ok_or_else(bad)?);
        let given = |text: &str| (text != "*").then(|| text.to_owned());
        let is_dial = dial.strip_prefix('+').is_some_and(|rest| rest.parse::<u32>().is_ok());
        if whom.next().is_some() || (dial != "*" && !is_dial) {
            return Err(bad());
        }
        let mut shares = Vec::new();
        for (place, part) in by.split_whitespace().enumerate() {
            let (name, share) =
                part.split_once(':').map_or((part, None), |(name, share)| (name, Some(share)));
            let share = match share {
                Some(share) => share.parse().map_err(|_| bad())?,
                None => u32::from(place == 0),
            };
            if name.is_empty() {
                return Err(bad());
            }
            shares.push((name.to_owned(), share));
        }
        if shares.is_empty() {
            return Err(bad());
        }
        Ok(Rule { office: given(office), dial: given(dial), shares })
    }

    /// The providers that it names.
    pub fn providers(&self) -> impl Iterator<Item = &str> {
        self.shares.iter().map(|(name, _)| name.as_str())
    }

    fn fits(&self, message: &OutMessage) -> bool {
        self.office.as_ref().is_none_or(|office| *office == message.office)
            && self.dial.as_ref().is_none_or(|dial| message.to.starts_with(dial.as_str()))
    }

    /// The names in the order in which this message tries them; the same in each of its attempts.
    fn order(&self, lot: u64) -> Vec<&str> {
        let sum: u64 = self.shares.iter().map(|(_, share)| u64::from(*share)).sum();
        let mut names: Vec<&str> = self.providers().collect();
        let mut left = if sum == 0 { 0 } else { lot % sum };
        for (place, (_, share)) in self.shares.iter().enumerate() {
            match left.checked_sub(u64::from(*share)) {
                Some(rest) => left = rest,
                None => {
                    names[..=place].rotate_right(1);
                    break;
                }
            }
        }
        names
    }
}

/// Several providers combined.
pub struct Routes {
    carriers: Vec<Carrier>,
    rules: Vec<Rule>,
}

struct Carrier {
    provider: Arc<dyn Provider>,
    at_once: Semaphore,
    /// The interval between two messages.
    every: Duration,
    state: Mutex<State>,
}

struct State {
    /// When the next message may be sent.
    next: Instant,
    /// The latest answers, one bit each: whether it was a fault.
    recent: u64,
    /// How many answers that covers.
    known: u32,
    rests_until: Option<Instant>,
}

impl State {
    /// Records this answer; whether too many are faults now.
    fn is_bad(&mut self, is_fault: bool) -> bool {
        self.recent = (self.recent << 1 | u64::from(is_fault)) & ((1 << REMEMBERED) - 1);
        self.known = (self.known + 1).min(REMEMBERED);
        self.known >= ENOUGH && 4 * self.recent.count_ones() >= 3 * self.known
    }

    fn forget(&mut self) {
        (self.recent, self.known, self.rests_until) = (0, 0, None);
    }
}

impl Routes {
    /// These providers, with rules over their names; without rules they are tried in the given order.
    pub fn new(providers: Vec<(Arc<dyn Provider>, Pace)>, rules: Vec<Rule>) -> Routes {
        let carriers = providers.into_iter().map(|(provider, pace)| Carrier {
            provider,
            at_once: Semaphore::new(pace.at_once.max(1)),
            every: Duration::from_secs(1) / pace.per_second.max(1),
            state: Mutex::new(State { next: Instant::now(), recent: 0, known: 0, rests_until: None }),
        });
        Routes { carriers: carriers.collect(), rules }
    }

    fn named(&self, name: &str) -> Option<&Carrier> {
        self.carriers.iter().find(|carrier| carrier.provider.name() == name)
    }

    /// The providers to try, in order.
    fn candidates(&self, message: &OutMessage) -> Vec<&Carrier> {
        if let Some(holder) = message.held_by.as_deref() {
            // A provider no longer in the settings cannot be asked.
            return self.named(holder).map_or_else(|| self.in_order(message), |holder| vec![holder]);
        }
        self.in_order(message)
    }

    fn in_order(&self, message: &OutMessage) -> Vec<&Carrier> {
        match self.rules.iter().find(|rule| rule.fits(message)) {
            Some(rule) => rule.order(lot(message)).into_iter().filter_map(|name| self.named(name)).collect(),
            None => self.carriers.iter().collect(),
        }
    }
}

/// An arbitrary number, the same in each attempt of a message.
fn lot(message: &OutMessage) -> u64 {
    let id = message.id.to_string();
    id.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |sum: u64, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
        >> 16
}

#[async_trait]
impl Provider for Routes {
    fn name(&self) -> &str {
        "routes"
    }

    async fn send(&self, message: OutMessage) -> Result<ProviderReceipt, ProviderFault> {
        let mut last = ProviderFault::Again(Reason::new("no provider"));
        for carrier in self.candidates(&message) {
            if let Err(fault) = carrier.wakes() {
                // A message that may already be there is worth trying even while the provider is paused.
                if message.held_by.is_none() {
                    last = fault;
                    continue;
                }
            }
            let name = carrier.provider.name();
            match carrier.send(message.clone()).await {
                Ok(receipt) => return Ok(receipt),
                Err(ProviderFault::Never(reason)) => return Err(ProviderFault::Never(reason)),
                Err(ProviderFault::Unknown(reason)) => {
                    return Err(ProviderFault::Held { by: name.to_owned(), reason });
                }
                Err(fault) => {
                    tracing::warn!(provider = name, error = %fault, office = message.office, "another provider is asked");
                    last = fault;
                }
            }
        }
        Err(last)
    }
}

impl Carrier {
    async fn send(&self, message: OutMessage) -> Result<ProviderReceipt, ProviderFault> {
        let _turn = self.at_once.acquire().await;
        tokio::time::sleep_until(self.slot()).await;
        let begun = Instant::now();
        let answer = self.provider.send(message).await;
        measured::answered(self.provider.name(), answer.as_ref().err(), begun.elapsed());
        self.note(answer.as_ref().err());
        answer
    }

    /// Reserves the moment at which this message may be sent.
    fn slot(&self) -> Instant {
        let mut state = self.state.lock();
        let at = state.next.max(Instant::now());
        state.next = at + self.every;
        at
    }

    /// An error while the provider is paused. The first message after that tries it; all others wait for its result.
    fn wakes(&self) -> Result<(), ProviderFault> {
        let mut state = self.state.lock();
        match state.rests_until {
            Some(until) if Instant::now() < until => {
                Err(ProviderFault::Again(Reason::new(&format!("{} rests", self.provider.name()))))
            }
            Some(_) => {
                state.rests_until = Some(Instant::now() + REST);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn note(&self, fault: Option<&ProviderFault>) {
        let mut state = self.state.lock();
        let rest = match fault {
            // The provider works: the fault lies in the message.
            None | Some(ProviderFault::Never(_) | ProviderFault::NextProvider(_)) => {
                if state.rests_until.is_some() {
                    measured::rests(self.provider.name(), false);
                    measured::needs_operator(self.provider.name(), false);
                    state.forget();
                }
                state.is_bad(false);
                return;
            }
            Some(ProviderFault::CallOperator(reason)) => {
                let provider = self.provider.name();
                tracing::error!(provider, error = %reason, "nothing goes out there until somebody acts");
                measured::needs_operator(provider, true);
                REST_FOR_OPERATOR
            }
            Some(_) => {
                // A try during a pause has found the provider unchanged.
                let is_bad = state.is_bad(true);
                if !is_bad && state.rests_until.is_none() {
                    return;
                }
                REST
            }
        };
        measured::rests(self.provider.name(), true);
        state.rests_until = Some(Instant::now() + rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Channel;
    use okienko_kernel::world::SeededEntropy;
    use okienko_kernel::{Day, Id, IdKind, Way};
    use std::collections::VecDeque;

    /// Returns the scripted faults, then succeeds; records the messages it got.
    struct ScriptedProvider {
        name: &'static str,
        answers: Mutex<VecDeque<ProviderFault>>,
        asked: Mutex<Vec<Id>>,
    }

    #[async_trait]
    impl Provider for ScriptedProvider {
        fn name(&self) -> &str {
            self.name
        }
        async fn send(&self, message: OutMessage) -> Result<ProviderReceipt, ProviderFault> {
            self.asked.lock().push(message.id);
            match self.answers.lock().pop_front() {
                Some(fault) => Err(fault),
                None => Ok(ProviderReceipt::new(self.name, "1")),
            }
        }
    }

    fn told(name: &'static str, answers: &[ProviderFault]) -> Arc<ScriptedProvider> {
        Arc::new(ScriptedProvider {
            name,
            answers: Mutex::new(answers.to_vec().into()),
            asked: Mutex::default(),
        })
    }

    fn routes(providers: &[&Arc<ScriptedProvider>], rules: &[&str]) -> Routes {
        let pace = Pace { at_once: 4, per_second: 1_000 };
        let with_pace = |told: &&Arc<ScriptedProvider>| ((*told).clone() as Arc<dyn Provider>, pace);
        let rules = rules.iter().map(|rule| Rule::parse(rule).unwrap()).collect();
        Routes::new(providers.iter().map(with_pace).collect(), rules)
    }

    fn message(seed: u64, office: &str, to: &str) -> OutMessage {
        let way = Way { office: 1, place: 0, day: Day::from_number(2526) };
        OutMessage {
            id: Id::new(IdKind::Message, way, &SeededEntropy::new(seed)),
            office: office.into(),
            channel: Channel::Sms,
            to: to.into(),
            sender: "Torun".into(),
            subject: None,
            text: "Kod".into(),
            held_by: None,
        }
    }

    fn again() -> ProviderFault {
        ProviderFault::Again(Reason::new("x"))
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_certainly_not_taken_goes_to_the_next_and_a_bad_address_to_nobody() {
        let operator = ProviderFault::CallOperator(Reason::new("credit"));
        let next = ProviderFault::NextProvider(Reason::new("country"));
        for fault in [again(), operator, next] {
            let (first, second) = (told("a", &[fault]), told("b", &[]));
            let sent = routes(&[&first, &second], &[]).send(message(1, "torun", "+48601234567")).await;
            assert_eq!(sent, Ok(ProviderReceipt::new("b", "1")));
        }
        let never = ProviderFault::Never(Reason::new("number"));
        let (first, second) = (told("a", std::slice::from_ref(&never)), told("b", &[]));
        assert_eq!(
            routes(&[&first, &second], &[]).send(message(1, "torun", "+48601234567")).await,
            Err(never)
        );
        assert!(second.asked.lock().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_may_have_taken_it_is_the_only_one_that_is_asked_again() {
        let (first, second) = (told("a", &[ProviderFault::Unknown(Reason::new("lost"))]), told("b", &[]));
        let routes = routes(&[&first, &second], &[]);
        let held = routes.send(message(1, "torun", "+48601234567")).await;
        assert_eq!(held, Err(ProviderFault::Held { by: "a".into(), reason: Reason::new("lost") }));
        assert!(second.asked.lock().is_empty());
        let again = OutMessage { held_by: Some("a".into()), ..message(1, "torun", "+48601234567") };
        assert_eq!(routes.send(again).await, Ok(ProviderReceipt::new("a", "1")));
        let of_another_time = OutMessage { held_by: Some("c".into()), ..message(2, "torun", "+48601234567") };
        assert!(routes.send(of_another_time).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_fails_rests_and_is_then_tried_by_one_message() {
        let (first, second) = (told("a", &vec![again(); ENOUGH as usize + 1]), told("b", &[]));
        let routes = routes(&[&first, &second], &[]);
        for seed in 0..u64::from(ENOUGH) + 3 {
            routes.send(message(seed, "torun", "+48601234567")).await.unwrap();
        }
        assert_eq!(first.asked.lock().len(), ENOUGH as usize, "then it was left alone");
        tokio::time::sleep(REST).await;
        for seed in 100..103 {
            routes.send(message(seed, "torun", "+48601234567")).await.unwrap();
        }
        assert_eq!(first.asked.lock().len(), ENOUGH as usize + 1, "one tried, and failed");
        tokio::time::sleep(REST).await;
        let sent = routes.send(message(200, "torun", "+48601234567")).await.unwrap();
        assert_eq!(sent.provider, "a", "it is well again");
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_fails_now_and_then_is_not_left_alone() {
        let first = told("a", &[]);
        let routes = routes(&[&first], &[]);
        for seed in 0..200 {
            if seed % 2 == 0 {
                first.answers.lock().push_back(again());
            }
            let _ = routes.send(message(seed, "torun", "+48601234567")).await;
        }
        assert_eq!(first.asked.lock().len(), 200);
    }

    #[tokio::test(start_paused = true)]
    async fn rules_choose_by_office_and_number_and_shares_divide() {
        let all = [told("a", &[]), told("b", &[])];
        let all: Vec<&Arc<ScriptedProvider>> = all.iter().collect();
        let routes = routes(&all, &["torun +380 = b a", "wroclaw * = a:3 b:1", "* * = a"]);
        let by = async |seed, office, to| routes.send(message(seed, office, to)).await.unwrap().provider;
        assert_eq!(by(1, "torun", "+380671234567").await, "b");
        assert_eq!(by(1, "torun", "+48601234567").await, "a");
        let mut first = 0;
        for seed in 0..400 {
            let provider = by(seed, "wroclaw", "+48601234567").await;
            assert_eq!(
                provider,
                by(seed, "wroclaw", "+48601234567").await,
                "each attempt asks the same one first"
            );
            first += u32::from(provider == "a");
        }
        assert!((250..350).contains(&first), "{first} of 400 to the one with three of four shares");
    }

    #[tokio::test(start_paused = true)]
    async fn no_provider_is_asked_faster_than_it_takes() {
        let one = told("a", &[]);
        let pace = Pace { at_once: 64, per_second: 10 };
        let routes = Arc::new(Routes::new(vec![(one.clone() as Arc<dyn Provider>, pace)], vec![]));
        let began = Instant::now();
        let all = (0..30).map(|seed| {
            let routes = routes.clone();
            async move { routes.send(message(seed, "torun", "+48601234567")).await.unwrap() }
        });
        futures::future::join_all(all).await;
        assert!(began.elapsed() >= Duration::from_millis(2_900), "{:?}", began.elapsed());
    }

    #[test]
    fn a_rule_that_is_none_says_how_one_is_written() {
        for good in ["* * = a", "torun +48 = a b", "torun * = a:0 b:2"] {
            assert!(Rule::parse(good).is_ok(), "{good}");
        }
        for bad in
            ["", "* = a", "* * a", "* 48 = a", "* +x = a", "* * * = a", "* * =", "* * = a:", "* * = a:x"]
        {
            assert_eq!(Rule::parse(bad), Err(BadRule(bad.to_owned())));
        }
    }
}
