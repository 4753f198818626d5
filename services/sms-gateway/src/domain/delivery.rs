//! The life of a message from the queue to its final status: attempts journaled before they are made, growing pauses
//! between them, and a status that only moves forward. Knows no provider and no text.

use super::command::{Final, NotSentClass, ReportOf};
use super::event::{Channel, CodeRef, Event};
use super::reason::Reason;
use super::refusal::Refusal;
use okienko_kernel::{Id, Moment, Span};
use std::collections::{BTreeMap, BTreeSet};

/// How many attempts are made before a message has failed.
pub const MAX_ATTEMPTS: u32 = 5;
/// An attempt without an outcome after this long counts as lost (its process has died).
pub const UNANSWERED: Span = Span::from_secs(60);
/// The pause after the first failed attempt, the second, …; one fewer than [`MAX_ATTEMPTS`].
const PAUSES: [Span; 4] = [Span::from_secs(5), Span::from_secs(30), Span::from_mins(2), Span::from_mins(10)];

/// The status of a message. The last three are final.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// Accepted; no attempt was made yet.
    Queued,
    /// A provider is being called.
    Attempting {
        /// Since when.
        since: Moment,
    },
    /// An attempt has failed, or the first one is delayed.
    Waiting {
        /// When the next attempt is due.
        until: Moment,
    },
    /// Another attempt is due.
    Due,
    /// A provider has accepted it.
    Sent,
    /// It has arrived.
    Delivered,
    /// It was sent and did not arrive.
    Undelivered,
    /// It could not be sent.
    Failed,
}

impl Status {
    /// Whether nothing can change it any more.
    pub fn is_final(self) -> bool {
        matches!(self, Status::Delivered | Status::Undelivered | Status::Failed)
    }
    /// The progress shown to the person who waits for the message.
    pub(super) fn progress(self, attempts: u32) -> Progress {
        match self {
            Status::Sent => Progress::Sent,
            Status::Delivered => Progress::Delivered,
            Status::Undelivered => Progress::Undelivered,
            Status::Failed => Progress::Failed,
            Status::Queued => Progress::Queued,
            Status::Attempting { .. } if attempts <= 1 => Progress::Queued,
            Status::Attempting { .. } | Status::Waiting { .. } | Status::Due => Progress::Delayed,
        }
    }
    /// When it needs a wake-up.
    fn due(self) -> Option<Moment> {
        match self {
            Status::Attempting { since } => Some(since + UNANSWERED),
            Status::Waiting { until } => Some(until),
            _ => None,
        }
    }
}

/// The progress of a message, as shown to the person who waits for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    /// About to be handed to a provider.
    Queued,
    /// No provider has accepted it so far; it will be tried again.
    Delayed,
    /// A provider has accepted it.
    Sent,
    /// It has arrived, according to the provider.
    Delivered,
    /// It will not arrive, according to the provider.
    Undelivered,
    /// It will not be sent.
    Failed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) channel: Channel,
    pub(super) template: String,
    pub(super) code: Option<CodeRef>,
    pub(super) request_key: Option<String>,
    pub(super) parts: u32,
    pub(super) attempts: u32,
    pub(super) status: Status,
    /// The provider that accepted it.
    pub(super) provider: Option<String>,
    /// The provider that may have accepted it, with no answer to confirm it.
    pub(super) held_by: Option<String>,
    /// Whether its first attempt was scheduled for later (`not_before`).
    pub(super) waits: bool,
    /// From this moment on it is useless.
    pub(super) not_after: Option<Moment>,
}

/// Why an attempt failed.
pub(super) struct NotSent<'a> {
    pub(super) class: NotSentClass,
    pub(super) reason: &'a Reason,
    pub(super) held_by: Option<&'a str>,
}

/// All messages of an outbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Messages {
    pub(super) by_id: BTreeMap<Id, Message>,
    pub(super) by_request: BTreeMap<String, Id>,
    pub(super) by_provider: BTreeMap<String, BTreeMap<String, Id>>,
    /// Every message that needs a wake-up, ordered by its time.
    pub(super) due: BTreeSet<(Moment, Id)>,
}

impl Messages {
    fn get(&self, message: Id) -> Result<&Message, Refusal> {
        self.by_id.get(&message).ok_or(Refusal::Unknown)
    }

    /// An earlier message under this key or this id.
    pub(super) fn earlier(&self, request_key: Option<&str>, message: Id) -> Option<(Id, &Message)> {
        let by_key = request_key.and_then(|key| self.by_request.get(key)).copied();
        let id = by_key.unwrap_or(message);
        self.by_id.get(&id).map(|found| (id, found))
    }

    /// `void`: whether its code is void, so that sending it would be useless.
    pub(super) fn attempt(&self, message: Id, void: bool, now: Moment) -> Result<Vec<Event>, Refusal> {
        let found = self.get(message)?;
        if found.status == Status::Sent || found.status.is_final() {
            return Err(Refusal::AlreadyDone);
        }
        if let Some(due) = found.status.due().filter(|due| now < *due) {
            return Err(Refusal::AttemptNotDue { retry_after: due.since(now) });
        }
        let attempt = found.attempts + 1;
        Ok(vec![gone(message, found, void, now).unwrap_or(Event::Attempted { message, attempt, at: now })])
    }

    pub(super) fn sent(
        &self,
        message: Id,
        provider: &str,
        provider_id: &str,
        now: Moment,
    ) -> Result<Vec<Event>, Refusal> {
        let found = self.tried(message)?;
        if found.status == Status::Sent || found.status.is_final() {
            return Ok(Vec::new());
        }
        let (provider, provider_id) = (provider.to_owned(), provider_id.to_owned());
        Ok(vec![Event::Sent { message, provider, provider_id, at: now }])
    }

    pub(super) fn not_sent(
        &self,
        message: Id,
        attempt: u32,
        NotSent { class, reason, held_by }: NotSent<'_>,
        now: Moment,
    ) -> Result<Vec<Event>, Refusal> {
        let found = self.tried(message)?;
        let current = matches!(found.status, Status::Attempting { .. }) && found.attempts == attempt;
        if !current {
            return Ok(Vec::new());
        }
        let reason = reason.clone();
        let pause = PAUSES.get(attempt as usize - 1).filter(|_| class == NotSentClass::Again);
        Ok(vec![match pause {
            Some(pause) => Event::AttemptFailed {
                message,
                attempt,
                reason,
                retry_at: now + *pause,
                held_by: held_by.map(str::to_owned),
                at: now,
            },
            None => Event::Failed { message, reason, at: now },
        }])
    }

    pub(super) fn report(&self, of: &ReportOf, status: Final, now: Moment) -> Result<Vec<Event>, Refusal> {
        let message = match of {
            ReportOf::Message(message) => *message,
            ReportOf::Provider { provider, provider_id } => {
                let known = self.by_provider.get(provider).and_then(|ids| ids.get(provider_id));
                *known.ok_or(Refusal::Unknown)?
            }
        };
        if self.tried(message)?.status.is_final() {
            return Ok(Vec::new());
        }
        Ok(vec![match status {
            Final::Delivered => Event::Delivered { message, at: now },
            Final::Undelivered => Event::Undelivered { message, at: now },
        }])
    }

    fn tried(&self, message: Id) -> Result<&Message, Refusal> {
        let found = self.get(message)?;
        if found.attempts == 0 { Err(Refusal::NotAttempted) } else { Ok(found) }
    }

    pub(super) fn wake(&self) -> Option<Moment> {
        self.due.first().map(|(at, _)| *at)
    }

    pub(super) fn on_wake(&self, is_void: impl Fn(CodeRef) -> bool, now: Moment) -> Vec<Event> {
        let due = self.due.iter().take_while(|(at, _)| *at <= now);
        let found = due.filter_map(|(_, id)| Some((*id, self.by_id.get(id)?)));
        let event = |(message, found): (Id, &Message)| {
            let void = found.code.is_some_and(&is_void);
            gone(message, found, void, now).unwrap_or(Event::RetryDue { message, at: now })
        };
        found.map(event).collect()
    }

    pub(super) fn apply(&mut self, event: &Event) {
        match event {
            Event::MessageQueued {
                message,
                channel,
                template,
                request_key,
                code,
                parts,
                not_before,
                not_after,
                ..
            } => {
                if let Some(key) = request_key {
                    self.by_request.insert(key.clone(), *message);
                }
                let new = Message {
                    channel: *channel,
                    template: template.clone(),
                    code: *code,
                    request_key: request_key.clone(),
                    parts: *parts,
                    attempts: 0,
                    status: Status::Queued,
                    provider: None,
                    held_by: None,
                    waits: not_before.is_some(),
                    not_after: *not_after,
                };
                self.by_id.insert(*message, new);
                if let Some(until) = *not_before {
                    self.step(*message, Status::Waiting { until });
                }
            }
            Event::Attempted { message, attempt, at } => {
                if let Some(found) = self.by_id.get_mut(message) {
                    found.attempts = *attempt;
                }
                self.step(*message, Status::Attempting { since: *at });
            }
            Event::Sent { message, provider, provider_id, .. } => {
                if !provider_id.is_empty() {
                    // If a provider gives the same id twice, reports must not move from one message to another.
                    let ids = self.by_provider.entry(provider.clone()).or_default();
                    ids.entry(provider_id.clone()).or_insert(*message);
                }
                if let Some(found) = self.by_id.get_mut(message) {
                    found.provider = Some(provider.clone());
                }
                self.step(*message, Status::Sent);
            }
            Event::AttemptFailed { message, retry_at, held_by, .. } => {
                // A provider that may once have accepted it stays recorded, whatever is answered later.
                if let Some(found) = self.by_id.get_mut(message).filter(|_| held_by.is_some()) {
                    found.held_by.clone_from(held_by);
                }
                self.step(*message, Status::Waiting { until: *retry_at })
            }
            Event::RetryDue { message, .. } => self.step(*message, Status::Due),
            Event::Failed { message, .. } => self.step(*message, Status::Failed),
            Event::Delivered { message, .. } => self.step(*message, Status::Delivered),
            Event::Undelivered { message, .. } => self.step(*message, Status::Undelivered),
            _ => {}
        }
    }

    fn step(&mut self, id: Id, status: Status) {
        let Some(message) = self.by_id.get_mut(&id) else { return };
        if let Some(due) = message.status.due() {
            self.due.remove(&(due, id));
        }
        message.status = status;
        if let Some(due) = status.due() {
            self.due.insert((due, id));
        }
    }
}

/// The final event of a message that is not worth another attempt.
fn gone(message: Id, found: &Message, void: bool, now: Moment) -> Option<Event> {
    let reason = match () {
        () if void => "code_void",
        () if found.not_after.is_some_and(|end| end <= now) => "too_late",
        () if found.attempts >= MAX_ATTEMPTS => "no_answer",
        () => return None,
    };
    Some(Event::Failed { message, reason: Reason::new(reason), at: now })
}
