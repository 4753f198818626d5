//! What became of a day's messages, in numbers: by occasion and by who carried them. Knows no price and nobody's address.

use super::delivery::{Message, Messages, Status};
use super::event::Channel;
use std::collections::BTreeMap;

/// Messages of one occasion that one provider carried, or that nobody has carried yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Which text.
    pub template: String,
    /// How they travel.
    pub channel: Channel,
    /// Who has taken them; `None`: nobody, or somebody whose report came before the answer and was the end of it.
    pub provider: Option<String>,
    /// Parts of SMS that the provider has taken: what it bills.
    pub parts: u32,
    /// Not yet with a provider.
    pub waiting: u32,
    /// With the provider, which has said nothing more.
    pub sent: u32,
    /// On the phone, as the provider says.
    pub delivered: u32,
    /// Sent and not arrived, as the provider says.
    pub undelivered: u32,
    /// Not sent.
    pub failed: u32,
}

impl Messages {
    /// All messages, each counted once.
    pub(super) fn tally(&self) -> Vec<Tally> {
        let mut rows = BTreeMap::new();
        for message in self.by_id.values() {
            let key =
                (&*message.template, message.channel, message.provider.as_deref(), is_taken(message.status));
            rows.entry(key).or_insert_with(|| Tally::new(message)).add(message);
        }
        rows.into_values().collect()
    }
}

/// Whether a provider has it, and bills it.
fn is_taken(status: Status) -> bool {
    matches!(status, Status::Sent | Status::Delivered | Status::Undelivered)
}

impl Tally {
    fn new(message: &Message) -> Tally {
        Tally {
            template: message.template.clone(),
            channel: message.channel,
            provider: message.provider.clone(),
            parts: 0,
            waiting: 0,
            sent: 0,
            delivered: 0,
            undelivered: 0,
            failed: 0,
        }
    }

    fn add(&mut self, message: &Message) {
        *match message.status {
            Status::Queued | Status::Attempting { .. } | Status::Waiting { .. } | Status::Due => {
                &mut self.waiting
            }
            Status::Sent => &mut self.sent,
            Status::Delivered => &mut self.delivered,
            Status::Undelivered => &mut self.undelivered,
            Status::Failed => &mut self.failed,
        } += 1;
        if is_taken(message.status) {
            self.parts += message.parts;
        }
    }
}
