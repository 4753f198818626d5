//! Sends what was queued, after the commit: driven by a relay over the service's own journal. Each attempt is journaled
//! before the provider is called, and its outcome after. Knows no provider by name.

use crate::code;
use crate::domain::{CodeRef, Command, Event, NotSentClass, Outbox, Reason, Refusal, Reply};
use crate::letter::Letter;
use crate::provider::{OutMessage, ProviderFault, ProviderReceipt};
use crate::service::{Failure, SmsGateway, stream};
use async_trait::async_trait;
use futures::stream::{self, StreamExt, TryStreamExt};
use okienko_actor::Stored;
use okienko_journal::Recorded;
use okienko_journal::relay::Sink;
use okienko_kernel::Id;
use std::sync::Arc;

/// Messages on their way to providers at once.
const AT_ONCE: usize = 64;

/// The sink of the sending relay.
pub struct Sender(pub Arc<SmsGateway>);

#[async_trait]
impl Sink for Sender {
    async fn take(&self, batch: &[Recorded]) -> Result<(), String> {
        let due = batch.iter().filter_map(|event| {
            let known = <Event as Stored>::decode(&event.kind, event.schema, &event.data).ok()?;
            match known {
                Event::MessageQueued { message, .. } | Event::RetryDue { message, .. } => {
                    Some((event.office.clone(), message))
                }
                _ => None,
            }
        });
        let work: Vec<_> = due.collect();
        stream::iter(work)
            .map(|(office, message)| async move { self.0.deliver(&office, message).await })
            .buffer_unordered(AT_ONCE)
            .try_for_each(|()| async { Ok(()) })
            .await
    }
}

impl SmsGateway {
    /// One attempt for one message. An error means that the journal could not be asked: the batch comes again.
    async fn deliver(&self, office: &str, message: Id) -> Result<(), String> {
        let day = message.way().day;
        let attempt = match self.ask(office, day, Command::Attempt { message }, vec![]).await {
            Ok(Reply::Attempted { attempt }) => attempt,
            // Sent already, under way, or void: nothing to do now; what is due later is woken by its timer.
            Ok(_) | Err(Failure::Refused(_)) => return Ok(()),
            Err(failure) => return Err(failure.to_string()),
        };
        let outcome = match self.out_message(office, message).await? {
            Some(out) => self.hand_over(message, attempt, out).await,
            None => Command::NotSent {
                message,
                attempt,
                class: NotSentClass::Never,
                reason: Reason::new("letter gone"),
                held_by: None,
            },
        };
        match self.ask(office, day, outcome, vec![]).await {
            Ok(_) | Err(Failure::Refused(Refusal::AlreadyDone | Refusal::NotAttempted)) => Ok(()),
            Err(failure) => Err(failure.to_string()),
        }
    }

    /// Gives the message to its provider; what is to be journaled of that.
    async fn hand_over(&self, message: Id, attempt: u32, out: OutMessage) -> Command {
        match self.provider.send(out).await {
            Ok(ProviderReceipt { provider, provider_id }) => Command::Sent { message, provider, provider_id },
            Err(fault) => {
                if let ProviderFault::CallOperator(reason) = &fault {
                    tracing::error!(%reason, "no message goes out until somebody acts");
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

    /// The message in its words; `None` when its sealed row is gone or cannot be put into words.
    async fn out_message(&self, office: &str, message: Id) -> Result<Option<OutMessage>, String> {
        let rows = self.service.open_vault(&[message.to_string()]).await.map_err(|e| e.to_string())?;
        let letter = rows.into_iter().next().flatten();
        let Some(letter) = letter.and_then(|plain| serde_json::from_slice::<Letter>(&plain).ok()) else {
            return Ok(None);
        };
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
