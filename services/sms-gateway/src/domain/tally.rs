//! The outcomes of a day's messages, in numbers: by template and by provider. Knows no price and nobody's address.

use super::delivery::{Message, Messages, Status};
use super::event::Channel;
use std::collections::BTreeMap;

/// Messages with one template that one provider accepted, or that no provider has accepted yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Name of the text.
    pub template: String,
    /// How they travel.
    pub channel: Channel,
    /// The provider that accepted them; `None` if none did, or if its final report came before its answer.
    pub provider: Option<String>,
    /// SMS parts that the provider has accepted: what it bills.
    pub parts: u32,
    /// Not yet with a provider.
    pub waiting: u32,
    /// With the provider, which has reported nothing further.
    pub sent: u32,
    /// On the phone, according to the provider.
    pub delivered: u32,
    /// Sent and not arrived, according to the provider.
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

/// Whether a provider has accepted it, and bills it.
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
