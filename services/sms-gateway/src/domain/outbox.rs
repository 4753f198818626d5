//! The outbox of one office on one local day: verifications, messages and the budget, as one machine. Knows no phone,
//! text or code; who may send commands, and what follows from an event, is the shell's concern.

use super::budget::Budget;
use super::command::{Command, Send, StartVerification};
use super::conversion::Conversion;
use super::delivery::{Message, Messages, NotSent, Progress, Status};
use super::event::{Channel, CodeRef, Event};
use super::refusal::{Limit, Refusal, Reply};
use super::tally::Tally;
use super::verification::{Start, Verifications};
use okienko_kernel::{Id, Machine, Moment};

/// State of the stream `outbox/{office}/{date}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbox {
    office: String,
    pub(super) verifications: Verifications,
    pub(super) messages: Messages,
    pub(super) budget: Budget,
    conversion: Conversion,
}

impl Outbox {
    /// Template of a code's SMS.
    pub const CODE_SMS: &'static str = "sms-code";
    /// Template of a code's mail.
    pub const CODE_MAIL: &'static str = "mail-code";

    /// The office, taken from the stream's key.
    pub fn office(&self) -> &str {
        &self.office
    }
    /// A message's status; `None` if there is no such message.
    pub fn status(&self, message: Id) -> Option<Status> {
        self.messages.by_id.get(&message).map(|m| m.status)
    }
    /// The first message that still has an attempt ahead, not counting those whose first attempt is scheduled for
    /// later.
    pub fn unsettled(&self) -> Option<Id> {
        let settled = |message: &Message| match message.status {
            Status::Waiting { .. } => message.waits && message.attempts == 0,
            status => status == Status::Sent || status.is_final(),
        };
        self.messages.by_id.iter().find(|(_, message)| !settled(message)).map(|(id, _)| *id)
    }
    /// SMS parts accepted so far on this day.
    pub fn used(&self) -> u64 {
        self.budget.used()
    }

    /// Counts of its messages by outcome.
    pub fn tally(&self) -> Vec<Tally> {
        self.messages.tally()
    }

    /// The code that a message carries, if it carries one.
    pub fn code_of(&self, message: Id) -> Option<CodeRef> {
        self.messages.by_id.get(&message).and_then(|m| m.code)
    }

    /// The provider that may have accepted a message in an earlier attempt.
    pub fn held_by(&self, message: Id) -> Option<String> {
        self.messages.by_id.get(&message)?.held_by.clone()
    }

    /// The progress of the newest code of a verification; `None` if there is none.
    pub fn progress_of(&self, verification: Id) -> Option<Progress> {
        let message = self.verifications.by_id.get(&verification)?.message?;
        let found = self.messages.by_id.get(&message)?;
        Some(found.status.progress(found.attempts))
    }

    fn start(&self, start: &StartVerification, now: Moment) -> Result<Vec<Event>, Refusal> {
        if let Some((_, earlier)) = self.messages.earlier(start.request_key.as_deref(), start.message) {
            let subject = earlier.code.and_then(|c| self.verifications.by_id.get(&c.verification));
            let same =
                subject.is_some_and(|v| v.subject == start.subject && v.address_hash == start.address_hash);
            return if same { Ok(Vec::new()) } else { Err(Refusal::KeyReused) };
        }
        let (first, code) = match self.verifications.start(start, now)? {
            Start::Proved => return Ok(Vec::new()),
            Start::Send(first, code) => (first, code),
        };
        self.conversion.may_send(&start.ranges, now)?;
        let template = match start.channel {
            Channel::Sms => Self::CODE_SMS,
            Channel::Email => Self::CODE_MAIL,
        };
        let queued = self.queue(Queue {
            message: start.message,
            channel: start.channel,
            template,
            request_key: start.request_key.as_deref(),
            code: Some(code),
            parts: start.parts,
            budget: start.budget,
            // Not needed: an expired code is void anyway.
            not_before: None,
            not_after: None,
            at: now,
        })?;
        Ok(first.into_iter().chain([queued]).collect())
    }

    fn send(&self, send: &Send, now: Moment) -> Result<Vec<Event>, Refusal> {
        if send.template == Self::CODE_SMS || send.template == Self::CODE_MAIL {
            return Err(Refusal::TemplateOfCodes);
        }
        if let Some((_, earlier)) = self.messages.earlier(Some(&send.request_key), send.message) {
            let same = earlier.request_key.as_deref() == Some(send.request_key.as_str())
                && earlier.template == send.template
                && earlier.channel == send.channel;
            return if same { Ok(Vec::new()) } else { Err(Refusal::KeyReused) };
        }
        let queued = self.queue(Queue {
            message: send.message,
            channel: send.channel,
            template: &send.template,
            request_key: Some(&send.request_key),
            code: None,
            parts: send.parts,
            budget: send.budget,
            not_before: send.not_before.filter(|from| now < *from),
            not_after: send.not_after,
            at: now,
        })?;
        Ok(vec![queued])
    }

    fn queue(&self, queue: Queue<'_>) -> Result<Event, Refusal> {
        let parts = match queue.channel {
            Channel::Sms => queue.parts.max(1),
            Channel::Email => 0,
        };
        if parts > 0 && !self.budget.allows(queue.code.is_some(), parts, queue.budget) {
            return Err(Refusal::LimitReached(Limit::Budget));
        }
        Ok(Event::MessageQueued {
            message: queue.message,
            channel: queue.channel,
            template: queue.template.to_owned(),
            request_key: queue.request_key.map(str::to_owned),
            code: queue.code,
            parts,
            budget: queue.budget,
            not_before: queue.not_before,
            not_after: queue.not_after,
            at: queue.at,
        })
    }

    fn is_void(&self, message: Id, now: Moment) -> bool {
        let code = self.messages.by_id.get(&message).and_then(|m| m.code);
        code.is_some_and(|code| self.verifications.is_void(code, now))
    }

    fn started(&self, start: &StartVerification) -> Reply {
        let earlier = self.messages.earlier(start.request_key.as_deref(), start.message);
        let current = self.verifications.by_subject.get(&start.subject).map(|s| s.current);
        let verification = earlier.and_then(|(_, m)| m.code).map(|c| c.verification).or(current);
        let verification = verification.unwrap_or(start.verification);
        let Some(found) = self.verifications.by_id.get(&verification) else { return Reply::Noted };
        let message = earlier.map(|(id, _)| id).or(found.message).unwrap_or(start.message);
        Reply::Started {
            verification,
            message,
            expires_at: found.expires_at,
            resend_after: self.verifications.resend_after(found),
        }
    }

    fn checked(&self, verification: Id) -> Reply {
        match self.verifications.by_id.get(&verification) {
            Some(found) if found.proved_at.is_some() => {
                Reply::Proved { address_hash: found.address_hash.clone() }
            }
            Some(found) => Reply::Wrong { attempts_left: found.attempts_left() },
            None => Reply::Noted,
        }
    }
}

struct Queue<'a> {
    message: Id,
    channel: Channel,
    template: &'a str,
    request_key: Option<&'a str>,
    code: Option<CodeRef>,
    parts: u32,
    budget: u32,
    not_before: Option<Moment>,
    not_after: Option<Moment>,
    at: Moment,
}

impl Machine for Outbox {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;
    type Reply = Reply;

    fn new(stream: &str) -> Self {
        Outbox {
            office: stream.split('/').nth(1).unwrap_or_default().to_owned(),
            verifications: Verifications::default(),
            messages: Messages::default(),
            budget: Budget::default(),
            conversion: Conversion::default(),
        }
    }

    fn decide(&self, command: &Command, now: Moment) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::StartVerification(start) => self.start(start, now),
            Command::CheckCode(check) => self.verifications.check(check, now),
            Command::Send(send) => self.send(send, now),
            Command::Attempt { message } => self.messages.attempt(*message, self.is_void(*message, now), now),
            Command::Sent { message, provider, provider_id } => {
                self.messages.sent(*message, provider, provider_id, now)
            }
            Command::NotSent { message, attempt, class, reason, held_by } => {
                let why = NotSent { class: *class, reason, held_by: held_by.as_deref() };
                self.messages.not_sent(*message, *attempt, why, now)
            }
            Command::Report { of, status } => self.messages.report(of, *status, now),
        }
    }

    fn apply(&mut self, event: &Event) {
        if let Event::MessageQueued { code, parts, budget, .. } = event {
            self.budget.take(code.is_some(), *parts, *budget);
        }
        self.conversion.apply(event);
        self.verifications.apply(event);
        self.messages.apply(event);
    }

    fn reply(&self, command: &Command, events: &[Event], _now: Moment) -> Reply {
        match command {
            Command::StartVerification(start) => self.started(start),
            Command::CheckCode(check) => self.checked(check.verification),
            Command::Send(send) => {
                let earlier = self.messages.earlier(Some(&send.request_key), send.message);
                Reply::Queued { message: earlier.map_or(send.message, |(id, _)| id) }
            }
            Command::Attempt { .. } => match events {
                [Event::Attempted { attempt, .. }] => Reply::Attempted { attempt: *attempt },
                _ => Reply::Dropped,
            },
            Command::Sent { .. } | Command::NotSent { .. } | Command::Report { .. } => Reply::Noted,
        }
    }

    fn wake(&self) -> Option<Moment> {
        self.messages.wake()
    }

    fn on_wake(&self, now: Moment) -> Vec<Event> {
        self.messages.on_wake(|code| self.verifications.is_void(code, now), now)
    }
}
