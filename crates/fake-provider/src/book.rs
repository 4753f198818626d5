//! What was accepted: by number, and by the sender's own key, under which nothing is accepted twice.

use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};

/// The most that is kept; the oldest are forgotten.
const KEEPS: usize = 200_000;

/// How a message came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// By SMSAPI's HTTP.
    Sms,
    /// By SMTP.
    Email,
}

/// A message that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AcceptedMessage {
    /// The provider's id of it.
    pub id: String,
    /// The sender's own key: `idx`, or what stands before the `@` of a Message-ID.
    pub idx: String,
    /// When it came.
    pub at: String,
    /// How it came.
    pub channel: Channel,
    /// The phone with its plus, or the mail address.
    pub to: String,
    /// The name that the person sees.
    pub sender: String,
    /// Of a mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The text.
    pub text: String,
    /// Whether it arrived: false where the provider was told to lose it.
    pub arrived: bool,
    /// Whether its key is looked at, so that it is taken once: SMSAPI's are, Twilio has none.
    #[serde(skip)]
    pub by_key: bool,
    /// How often it was handed over: once, and once more for each time that its key came again.
    pub asked: u32,
}

#[derive(Default)]
pub(crate) struct Book {
    sent: VecDeque<AcceptedMessage>,
    by_idx: BTreeMap<String, u64>,
    next: u64,
    forgotten: u64,
}

impl Book {
    pub(crate) fn all(&self) -> impl Iterator<Item = &AcceptedMessage> {
        self.sent.iter()
    }

    /// Whether a message with this key was accepted before; it then counts as handed over once more.
    pub(crate) fn has(&mut self, idx: &str) -> bool {
        let at = self.by_idx.get(idx).and_then(|number| usize::try_from(number - self.forgotten).ok());
        let sent = at.and_then(|at| self.sent.get_mut(at));
        sent.map(|sent| sent.asked += 1).is_some()
    }

    /// Keeps a message, whose `id` is given here.
    pub(crate) fn keep(&mut self, mut sent: AcceptedMessage) -> String {
        sent.id = format!("{:024X}", self.next);
        if !sent.idx.is_empty() {
            self.by_idx.insert(sent.idx.clone(), self.next);
        }
        self.next += 1;
        let id = sent.id.clone();
        self.sent.push_back(sent);
        if self.sent.len() > KEEPS
            && let Some(oldest) = self.sent.pop_front()
        {
            self.by_idx.remove(&oldest.idx);
            self.forgotten += 1;
        }
        id
    }

    pub(crate) fn forget(&mut self) {
        self.sent.clear();
        self.by_idx.clear();
        self.forgotten = self.next;
    }
}

/// Whether both are the same phone or mail address.
pub(crate) fn same_address(kept: &str, asked: &str) -> bool {
    let asked = asked.trim();
    kept.eq_ignore_ascii_case(asked) || kept.strip_prefix('+') == Some(asked)
}
