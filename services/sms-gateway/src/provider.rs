//! The port to message providers, and the demo's phone that only keeps messages for viewing. Knows no budget and no
//! retries: those are journaled decisions, made before a provider is called.

use crate::domain::{Channel, NotSentClass, Reason};
use async_trait::async_trait;
use okienko_kernel::{Clock, Id, Zone};
use parking_lot::Mutex;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A message as given to a provider.
#[derive(Clone)]
pub struct OutMessage {
    /// Our id: the key by which a provider drops duplicates.
    pub id: Id,
    /// The office that sends.
    pub office: String,
    /// SMS or mail.
    pub channel: Channel,
    /// E.164 with the plus, or a mail address.
    pub to: String,
    /// The name shown to the person.
    pub sender: String,
    /// The subject of a mail.
    pub subject: Option<String>,
    /// The text.
    pub text: String,
    /// The provider that may have accepted it in an earlier attempt, if known.
    pub held_by: Option<String>,
}

/// A provider accepted the message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProviderReceipt {
    /// Its name.
    pub provider: String,
    /// The provider's id of the message, used in its reports; empty if there is none.
    pub provider_id: String,
}

impl ProviderReceipt {
    /// A receipt of this provider, with its own id of the message.
    pub fn new(provider: &str, provider_id: &str) -> ProviderReceipt {
        ProviderReceipt { provider: provider.to_owned(), provider_id: provider_id.to_owned() }
    }
}

/// The message was not accepted.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ProviderFault {
    /// A later attempt may succeed.
    #[error("try again later: {0}")]
    Again(Reason),
    /// It may or may not have been accepted: only this provider may be tried again, with the same id.
    #[error("nobody knows: {0}")]
    Unknown(Reason),
    /// The same, for one of several providers.
    #[error("nobody but {by} knows: {reason}")]
    Held {
        /// Its name.
        by: String,
        /// Why.
        reason: Reason,
    },
    /// Not through this provider; another one may succeed now.
    #[error("try another provider: {0}")]
    NextProvider(Reason),
    /// Through no provider: the address or the text is invalid.
    #[error("cannot be sent: {0}")]
    Never(Reason),
    /// The account is at fault (password, credit, allowed addresses): nothing is sent until an operator intervenes.
    #[error("the operator has to act: {0}")]
    CallOperator(Reason),
}

impl ProviderFault {
    /// How the outbox treats the fault once no other provider is left.
    pub fn class(&self) -> NotSentClass {
        match self {
            ProviderFault::Never(_) => NotSentClass::Never,
            _ => NotSentClass::Again,
        }
    }
    /// Why.
    pub fn reason(&self) -> &Reason {
        match self {
            ProviderFault::Again(reason)
            | ProviderFault::Unknown(reason)
            | ProviderFault::Held { reason, .. }
            | ProviderFault::NextProvider(reason)
            | ProviderFault::Never(reason)
            | ProviderFault::CallOperator(reason) => reason,
        }
    }
}

/// A message provider. Sending one id twice results in one message, wherever the provider can detect duplicates.
#[async_trait]
pub trait Provider: Send + Sync + 'static {
    /// Its name in settings, events and callback addresses.
    fn name(&self) -> &str;
    /// Hands the message over. `Ok` means "accepted", not "delivered".
    async fn send(&self, message: OutMessage) -> Result<ProviderReceipt, ProviderFault>;
}

/// A phone and mailbox for everybody, in memory: sent messages can be read at `/dev/outbox`. Never in production.
pub struct DemoPhone {
    clock: Arc<dyn Clock>,
    zone: Zone,
    kept: Mutex<DemoInbox>,
}

/// A message as `/dev/outbox` shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, utoipa::ToSchema)]
pub struct DemoMessage {
    /// Its id.
    pub id: String,
    /// When it was sent, RFC 3339.
    pub at: String,
    /// `sms` or `email`.
    pub channel: &'static str,
    /// To whom.
    pub to: String,
    /// From whom.
    pub sender: String,
    /// The text.
    pub text: String,
    /// Of a mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The office that sent it.
    pub office: String,
}

#[derive(Default)]
struct DemoInbox {
    next: u64,
    messages: BTreeMap<u64, DemoMessage>,
    ids: BTreeMap<String, u64>,
    by_address: BTreeMap<String, BTreeSet<u64>>,
}

impl DemoPhone {
    /// Its name as a provider.
    pub const NAME: &'static str = "demo";
    /// How many messages it keeps; older ones are dropped.
    pub const KEEPS: usize = 10_000;

    /// An empty phone that records `clock`'s time as local time in `zone`.
    pub fn new(clock: Arc<dyn Clock>, zone: Zone) -> DemoPhone {
        DemoPhone { clock, zone, kept: Mutex::default() }
    }

    /// What was sent to an address, newest last. Accepts a plus that a query string has turned into a space.
    pub fn list(&self, to: &str) -> Vec<DemoMessage> {
        let kept = self.kept.lock();
        let seqs = kept.by_address.get(&address(to)).into_iter().flatten();
        seqs.filter_map(|seq| kept.messages.get(seq).cloned()).collect()
    }

    fn keep(&self, message: OutMessage) {
        let at = self.zone.rfc3339(self.clock.now());
        let id = message.id.to_string();
        let mut kept = self.kept.lock();
        if kept.ids.contains_key(&id) {
            return;
        }
        let seq = kept.next;
        kept.next += 1;
        kept.ids.insert(id.clone(), seq);
        kept.by_address.entry(address(&message.to)).or_default().insert(seq);
        let shown = DemoMessage {
            id,
            at,
            channel: match message.channel {
                Channel::Sms => "sms",
                Channel::Email => "email",
            },
            to: message.to,
            sender: message.sender,
            text: message.text,
            subject: message.subject,
            office: message.office,
        };
        kept.messages.insert(seq, shown);
        kept.forget_oldest();
    }
}

impl DemoInbox {
    fn forget_oldest(&mut self) {
        while self.messages.len() > DemoPhone::KEEPS {
            let Some((seq, oldest)) = self.messages.pop_first() else { return };
            self.ids.remove(&oldest.id);
            let to = address(&oldest.to);
            if let Some(seqs) = self.by_address.get_mut(&to) {
                seqs.remove(&seq);
                if seqs.is_empty() {
                    self.by_address.remove(&to);
                }
            }
        }
    }
}

fn address(to: &str) -> String {
    let to = to.trim();
    let digits = !to.is_empty() && to.bytes().all(|b| b.is_ascii_digit());
    if digits { format!("+{to}") } else { to.to_lowercase() }
}

#[async_trait]
impl Provider for DemoPhone {
    fn name(&self) -> &str {
        Self::NAME
    }
    async fn send(&self, message: OutMessage) -> Result<ProviderReceipt, ProviderFault> {
        let provider_id = message.id.to_string();
        self.keep(message);
        Ok(ProviderReceipt::new(Self::NAME, &provider_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_kernel::civil::parse_rfc3339;
    use okienko_kernel::world::{SeededEntropy, Task};
    use okienko_kernel::{Day, IdKind, Moment, Way};

    struct Still(Moment);
    impl Clock for Still {
        fn now(&self) -> Moment {
            self.0
        }
        fn until(&self, _: Moment) -> Task {
            Box::pin(std::future::pending())
        }
    }

    fn phone() -> DemoPhone {
        let at = parse_rfc3339("2026-12-01T07:30:00+01:00").unwrap();
        DemoPhone::new(Arc::new(Still(at)), Zone::named("Europe/Warsaw").unwrap())
    }

    fn message(seed: u64, channel: Channel, to: &str) -> OutMessage {
        let way = Way { office: 1, place: 0, day: Day::from_number(2526) };
        OutMessage {
            id: Id::new(IdKind::Message, way, &SeededEntropy::new(seed)),
            office: "torun".into(),
            channel,
            to: to.into(),
            sender: "Torun".into(),
            subject: (channel == Channel::Email).then(|| "S".into()),
            text: format!("text {seed}"),
            held_by: None,
        }
    }

    #[tokio::test]
    async fn what_is_sent_is_listed_by_address_newest_last_in_the_shape_of_the_contract() {
        let phone = phone();
        for (seed, channel, to) in [
            (1, Channel::Sms, "+48601234567"),
            (2, Channel::Email, "Jan@example.org"),
            (3, Channel::Sms, "+48601234567"),
        ] {
            phone.send(message(seed, channel, to)).await.unwrap();
        }
        for to in ["+48601234567", " 48601234567"] {
            let texts: Vec<_> = phone.list(to).into_iter().map(|m| m.text).collect();
            assert_eq!(texts, ["text 1", "text 3"], "{to:?}");
        }
        let sms = serde_json::to_value(&phone.list("+48601234567")[0]).unwrap();
        assert_eq!(sms["at"], "2026-12-01T07:30:00+01:00");
        assert_eq!((&sms["channel"], &sms["office"]), (&"sms".into(), &"torun".into()));
        assert!(sms.get("subject").is_none());
        let mail = serde_json::to_value(&phone.list("jan@example.org")[0]).unwrap();
        assert_eq!((&mail["channel"], &mail["subject"]), (&"email".into(), &"S".into()));
        assert!(phone.list("+48600000000").is_empty());
    }

    #[tokio::test]
    async fn one_id_is_one_message_and_one_receipt_however_often_it_is_sent() {
        let phone = phone();
        let first = phone.send(message(1, Channel::Sms, "+48601234567")).await;
        assert_eq!(phone.send(message(1, Channel::Sms, "+48601234567")).await, first);
        assert_eq!(phone.list("+48601234567").len(), 1);
    }

    #[tokio::test]
    async fn the_oldest_are_forgotten_beyond_the_bound() {
        let phone = phone();
        for seed in 0..DemoPhone::KEEPS as u64 + 5 {
            phone.send(message(seed, Channel::Sms, &format!("+4860{:07}", seed / 2))).await.unwrap();
        }
        let kept = phone.kept.lock();
        assert_eq!((kept.messages.len(), kept.ids.len()), (DemoPhone::KEEPS, DemoPhone::KEEPS));
        let listed: usize = kept.by_address.values().map(BTreeSet::len).sum();
        assert_eq!(listed, DemoPhone::KEEPS);
        assert!(!kept.by_address.contains_key("+48600000000"));
    }
}
