//! All phones and mailboxes of a run, and the provider that carries messages to them: it may refuse, be late, not
//! answer, deliver twice or never. Counts what it was given. Does not know what a text means.

use crate::dice::Dice;
use crate::world::executor::{Executor, Group};
use crate::world::weather::Weather;
use async_trait::async_trait;
use okienko_kernel::{Day, Id};
use okienko_sms_gateway::domain::{Channel, Reason};
use okienko_sms_gateway::provider::{OutMessage, Provider, ProviderFault, ProviderReceipt};
use parking_lot::Mutex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// How long a provider stays silent before the connection to it ends.
const SILENCE: Duration = Duration::from_secs(45);

/// Phones, mailboxes, and the provider.
pub struct Phones {
    weather: Arc<Weather>,
    dice: Dice,
    executor: Executor,
    /// The group in which messages travel: outside all processes.
    outside: Group,
    inboxes: Mutex<BTreeMap<String, Vec<String>>>,
    accepted: Mutex<BTreeMap<(String, Day), BTreeSet<Id>>>,
    arrived: Notify,
}

impl Phones {
    /// No messages yet.
    pub fn new(executor: Executor, outside: Group, weather: Arc<Weather>, dice: Dice) -> Arc<Phones> {
        let (inboxes, accepted) = (Mutex::default(), Mutex::default());
        Arc::new(Phones { weather, dice, executor, outside, inboxes, accepted, arrived: Notify::new() })
    }

    /// All texts that arrived at an address, oldest first.
    pub fn inbox(&self, address: &str) -> Vec<String> {
        self.inboxes.lock().get(address).cloned().unwrap_or_default()
    }

    /// The newest text after the first `seen` ones that `wanted` accepts; `None` if none arrives within `patience`.
    pub async fn wait<T>(
        &self,
        address: &str,
        seen: usize,
        patience: Duration,
        wanted: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let look = async {
            loop {
                let news = self.arrived.notified();
                let found = self.inbox(address).iter().skip(seen).rev().find_map(|text| wanted(text));
                if let Some(found) = found {
                    return found;
                }
                news.await;
            }
        };
        tokio::time::timeout(patience, look).await.ok()
    }

    /// How many text messages the provider accepted for each office and day.
    pub fn accepted(&self) -> BTreeMap<(String, Day), usize> {
        self.accepted.lock().iter().map(|(key, ids)| (key.clone(), ids.len())).collect()
    }

    fn deliver(self: &Arc<Self>, message: &OutMessage) {
        let late = self.weather.now().provider_late;
        let late = if late.is_zero() { late } else { self.dice.around(late) };
        let (to, text, phones) = (message.to.clone(), message.text.clone(), self.clone());
        let arrive = async move {
            tokio::time::sleep(late).await;
            phones.inboxes.lock().entry(to).or_default().push(text);
            phones.arrived.notify_waiters();
        };
        self.executor.spawn(self.outside, Box::pin(arrive));
    }
}

/// The provider, as a process sees it.
pub struct SimProvider(pub Arc<Phones>);

#[async_trait]
impl Provider for SimProvider {
    fn name(&self) -> &str {
        "simulated"
    }

    async fn send(&self, message: OutMessage) -> Result<ProviderReceipt, ProviderFault> {
        let (phones, faults) = (&self.0, self.0.weather.now());
        let dice = &phones.dice;
        if message.channel == Channel::Sms {
            let day = message.id.way().day;
            phones.accepted.lock().entry((message.office.clone(), day)).or_default().insert(message.id);
        }
        if dice.chance(faults.provider_refuses) {
            return Err(ProviderFault::Again(Reason::new("busy")));
        }
        let hangs = dice.chance(faults.provider_hangs);
        if !dice.chance(faults.provider_loses) {
            phones.deliver(&message);
        }
        if dice.chance(faults.provider_twice) {
            phones.deliver(&message);
        }
        if hangs {
            tokio::time::sleep(SILENCE).await;
            let (by, reason) = (self.name().to_owned(), Reason::new("no answer"));
            return Err(ProviderFault::Held { by, reason });
        }
        Ok(ProviderReceipt::new(self.name(), &message.id.to_string()))
    }
}
