//! Sends queued messages after the commit, driven by relays over the service's own journal. Each attempt is journaled
//! before the provider is called, and its outcome after; in between it runs as its own task, and an attempt that dies
//! with its process becomes due again. Codes have their own lane, so that no mass of notices delays one. Knows no
//! provider.

use crate::code;
use crate::domain::{CodeRef, Command, Event, NotSentClass, Outbox, Reason, Refusal, Reply};
use crate::letter::Letter;
use crate::measured;
use crate::provider::{OutMessage, ProviderFault, ProviderReceipt};
use crate::service::{Failure, SmsGateway, stream};
use async_trait::async_trait;
use futures::future::ready;
use futures::stream::{self, StreamExt};
use okienko_journal::relay::Sink;
use okienko_journal::{EventRef, Handed, NotTaken, Recorded};
use okienko_kernel::Id;
use okienko_trace::{Instrument, Trace, Work, span};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Messages per lane in flight to providers.
const AT_ONCE: usize = 64;

/// Which messages a relay sends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lane {
    /// Codes: a person is waiting for them.
    Codes,
    /// All others.
    Rest,
}

impl Lane {
    /// Both lanes.
    pub const ALL: [Lane; 2] = [Lane::Codes, Lane::Rest];

    /// The name of its relay.
    pub fn relay(self) -> &'static str {
        match self {
            Lane::Codes => "sender",
            Lane::Rest => "sender-rest",
        }
    }
}

/// The sink of a lane's relay.
pub struct Sender {
    gateway: Arc<SmsGateway>,
    lane: Lane,
    turns: Arc<Semaphore>,
}

impl Sender {
    /// The sender of a lane.
    pub fn new(gateway: Arc<SmsGateway>, lane: Lane) -> Sender {
        Sender { gateway, lane, turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Returns a check whether anything is in flight, for those who wait until all is done.
    pub fn is_busy(&self) -> impl Fn() -> bool + Send + Sync + 'static {
        let turns = self.turns.clone();
        move || turns.available_permits() < AT_ONCE
    }

    /// The message that becomes due by an event, if it belongs to this lane.
    async fn due(&self, event: &Recorded) -> Result<Option<(Arc<str>, Due)>, NotTaken> {
        let (message, lane) = match event.read() {
            Some(Event::MessageQueued { message, code, .. }) => (message, lane_of(code.as_ref())),
            Some(Event::RetryDue { message, .. }) => {
                let key = stream(&event.office, message.way().day);
                let look = move |outbox: &Outbox| outbox.code_of(message);
                let code = self.gateway.outboxes.read(&event.office, &key, look).await;
                (message, lane_of(code.map_err(|fault| NotTaken::of(event, fault))?.as_ref()))
            }
            _ => return Ok(None),
        };
        let due = || Due { event: event.event_ref(), message, trace: event.trace() };
        Ok((lane == self.lane).then(|| (event.office.clone(), due())))
    }

    /// Journals an attempt; the delivery continues in its own task.
    async fn begin(&self, office: Arc<str>, due: Due) -> Result<(), NotTaken> {
        let span = okienko_trace::caused(due.trace.as_ref(), || span!("deliver", office = &*office));
        self.attempt(office, &due, span.clone()).instrument(span).await
    }

    async fn attempt(&self, office: Arc<str>, due: &Due, span: Work) -> Result<(), NotTaken> {
        let message = due.message;
        let turn = self.turns.clone().acquire_owned().await.map_err(|e| e.to_string())?;
        let (gateway, day) = (self.gateway.clone(), message.way().day);
        let attempt = match gateway.ask(&office, day, Command::Attempt { message }, vec![]).await {
            Ok(Reply::Attempted { attempt }) => attempt,
            // Already sent, in progress, or void: nothing to do now; the timer wakes what is due later.
            Ok(_) | Err(Failure::Refused(_)) => return Ok(()),
            Err(Failure::Fault(fault)) => return Err(NotTaken::of(&due.event, fault)),
            Err(failure @ Failure::Invalid(_)) => return Err(NotTaken::never(&due.event, failure)),
        };
        let tasks = gateway.service.world.tasks.clone();
        let delivery = gateway.deliver(office, message, attempt, turn).instrument(span);
        tasks.spawn("delivery", Box::pin(delivery));
        Ok(())
    }
}

fn lane_of(code: Option<&CodeRef>) -> Lane {
    if code.is_some() { Lane::Codes } else { Lane::Rest }
}

/// A message that is due, and the trace of its cause.
struct Due {
    event: EventRef,
    message: Id,
    trace: Option<Trace>,
}

/// Reorders the messages so that offices take turns: none waits for another's mass of messages.
fn in_turns<T>(due: Vec<(Arc<str>, T)>) -> Vec<(Arc<str>, T)> {
    let mut of_office = BTreeMap::<Arc<str>, usize>::new();
    let mut turned: Vec<(usize, (Arc<str>, T))> = Vec::with_capacity(due.len());
    for one in due {
        let nth = of_office.entry(one.0.clone()).or_default();
        turned.push((*nth, one));
        *nth += 1;
    }
    turned.sort_by_key(|(nth, _)| *nth);
    turned.into_iter().map(|(_, one)| one).collect()
}

#[async_trait]
impl Sink for Sender {
    async fn take(&self, batch: &[Recorded]) -> Result<(), NotTaken> {
        let mut due = Vec::new();
        for event in batch {
            due.extend(self.due(event).await?);
        }
        stream::iter(in_turns(due))
            .map(|(office, due)| self.begin(office, due))
            .buffer_unordered(AT_ONCE)
            // Runs all of them to the end: one failure must not stop the others halfway.
            .fold(Ok(()), |all, one| ready(all.and(one)))
            .await
    }
}

impl SmsGateway {
    /// Carries out an attempt. If its outcome cannot be journaled, the message becomes due again automatically.
    async fn deliver(
        self: Arc<Self>,
        office: Arc<str>,
        message: Id,
        attempt: u32,
        _turn: OwnedSemaphorePermit,
    ) {
        let outcome = match self.out_message(&office, message).await {
            Ok(Some(out)) => self.hand_over(message, attempt, out).await,
            Ok(None) => Command::NotSent {
                message,
                attempt,
                class: NotSentClass::Never,
                reason: Reason::new("letter gone"),
                held_by: None,
            },
            Err(error) => {
                tracing::warn!(%office, error, "a message cannot be read now; it falls due again");
                return;
            }
        };
        match self.ask(&office, message.way().day, outcome, vec![]).await {
            Ok(_) | Err(Failure::Refused(Refusal::AlreadyDone | Refusal::NotAttempted)) => {}
            Err(failure) => {
                tracing::warn!(%office, error = %failure, "what became of a message is not journaled; it falls due again");
            }
        }
    }

    /// Gives the message to its provider; returns the outcome to be journaled.
    async fn hand_over(&self, message: Id, attempt: u32, out: OutMessage) -> Command {
        let (office, channel) = (out.office.clone(), out.channel);
        let asked = self.provider.send(out);
        let answer = asked.instrument(span!("provider", otel.kind = "client", office, ?channel)).await;
        measured::handed_over(&office, channel, &answer);
        match answer {
            Ok(ProviderReceipt { provider, provider_id }) => Command::Sent { message, provider, provider_id },
            Err(fault) => {
                if let ProviderFault::CallOperator(reason) = &fault {
                    tracing::error!(error = %reason, "no message goes out until somebody acts");
                }
                let (class, reason) = (fault.class(), fault.reason().clone());
                let held_by = match fault {
                    ProviderFault::Held { by, .. } => Some(by),
                    _ => None,
                };
                Command::NotSent { message, attempt, class, reason, held_by }
            }
        }
    }

    /// Renders the message; `None` if its sealed row is gone or it cannot be rendered.
    async fn out_message(&self, office: &str, message: Id) -> Result<Option<OutMessage>, String> {
        let letter = self.service.vault::<Letter>().open_of(Some(message)).await;
        let Some(letter) = letter.map_err(|fault| fault.to_string())? else { return Ok(None) };
        let key = stream(office, message.way().day);
        let look = move |outbox: &Outbox| (outbox.code_of(message), outbox.held_by(message));
        let (code, held_by): (Option<CodeRef>, Option<String>) =
            self.outboxes.read(office, &key, look).await.map_err(|e| e.to_string())?;
        let code = code.map(|c| code::code(&self.service.world.keys, c.verification, c.no));
        Ok(letter.render(code.as_deref()).ok().map(|text| OutMessage {
            id: message,
            office: office.to_owned(),
            channel: letter.channel,
            to: letter.to,
            sender: letter.sender,
            subject: text.subject,
            text: text.text,
            held_by,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_kernel::world::SeededEntropy;
    use okienko_kernel::{Day, IdKind, Way};

    #[test]
    fn offices_take_turns_and_each_keeps_its_order() {
        let entropy = SeededEntropy::new(1);
        let way = Way { office: 1, place: 0, day: Day::from_number(2526) };
        let due: Vec<(Arc<str>, Id)> = ["a", "a", "a", "b", "c", "b"]
            .map(|office| (Arc::from(office), Id::new(IdKind::Message, way, &entropy)))
            .to_vec();
        let turned = in_turns(due.clone());
        let offices: Vec<&str> = turned.iter().map(|(office, _)| &**office).collect();
        assert_eq!(offices, ["a", "b", "c", "a", "b", "a"]);
        let of_a = |all: &[(Arc<str>, Id)]| -> Vec<Id> {
            all.iter().filter(|(office, _)| &**office == "a").map(|(_, id)| *id).collect()
        };
        assert_eq!(of_a(&turned), of_a(&due));
    }
}
