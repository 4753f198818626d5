//! Public events between services: the port, an engine within one process and one between many. At least once, in the
//! order of the producer's journal; consumers drop what they have already seen. Knows subjects and bytes, never a
//! service.

#[cfg(feature = "conformance")]
pub mod conformance;
mod local;
#[cfg(feature = "cluster")]
mod nats;

use async_trait::async_trait;
use bytes::Bytes;
use futures::future::BoxFuture;
pub use okienko_journal::NotTaken;
use okienko_journal::relay::RelayHome;
use okienko_journal::{EventRef, Handed, Journal, JournalError, Recorded, Taker};
use okienko_kernel::{Homes, Moment};
use okienko_trace::{Trace, Work, span};
use std::sync::Arc;

pub use local::LocalBus;
#[cfg(feature = "cluster")]
pub use nats::{NatsBus, NatsSettings};

/// A fact that a service tells the others.
#[derive(Clone, Debug)]
pub struct PublicEvent {
    /// `okienko.v1.{office}.{service}.{event}`.
    pub subject: String,
    /// The stream it came from; with `version` and the subject it identifies the event.
    pub stream: Arc<str>,
    /// The version it came from; see `stream`.
    pub version: u64,
    /// Domain time of the event.
    pub at: Moment,
    /// The trace that caused it.
    pub trace: Option<Trace>,
    /// The protobuf message of `proto/`.
    pub payload: Bytes,
}

impl PublicEvent {
    /// The subject of an office's event from a service.
    pub fn subject(office: &str, service: &str, event: &str) -> String {
        format!("okienko.v1.{office}.{service}.{event}")
    }
    /// The event's name: the last part of the subject.
    pub fn name(&self) -> &str {
        self.subject.rsplit('.').next().unwrap_or_default()
    }
    /// The span of taking it: everything that a consumer does with one event.
    pub fn taken(&self, consumer: &'static str) -> Work {
        let span = || {
            span!(
                "take",
                otel.name = format!("take {}", self.name()),
                otel.kind = "consumer",
                consumer,
                office = self.office()
            )
        };
        okienko_trace::caused(self.trace.as_ref(), span)
    }
    /// The office: the third part of the subject.
    pub fn office(&self) -> &str {
        self.subject.split('.').nth(2).unwrap_or_default()
    }
}

impl Handed for PublicEvent {
    fn event_ref(&self) -> EventRef {
        EventRef { stream: self.stream.clone(), version: self.version }
    }
}

/// Maps a service's private events to public ones.
pub trait Publisher: Send + Sync + 'static {
    /// The public events for this one, in order; often none.
    fn publish(&self, event: &Recorded) -> Vec<PublicEvent>;
}

/// Takes public events.
#[async_trait]
pub trait Consumer: Send + Sync + 'static {
    /// Takes a batch in order, idempotently. An error says whether to retry it later, or that one event can never be
    /// taken.
    async fn take(&self, batch: Vec<PublicEvent>) -> Result<(), NotTaken>;
}

impl Taker<PublicEvent> for Arc<dyn Consumer> {
    fn take<'t>(&'t self, events: &'t [PublicEvent]) -> BoxFuture<'t, Result<(), NotTaken>> {
        Consumer::take(&**self, events.to_vec())
    }
}

/// Where a consumer starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// At the first event ever, and after a restart where it stopped.
    Start,
    /// At the present; it reads earlier events elsewhere.
    Now,
}

/// The home of a consumer with a cursor: the events of a service are taken in sequence, by one replica.
fn consumer_home(homes: Arc<dyn Homes>, consumer: &str, service: &str) -> RelayHome {
    RelayHome { homes, role: consumer.to_owned(), key: format!("consumer/{consumer}/{service}") }
}

/// The connection from producers to consumers.
#[async_trait]
pub trait Bus: Send + Sync + 'static {
    /// Offers a service's events. Must come before the consumers of that service.
    fn offer(&self, service: &'static str, journal: Arc<Journal>, publisher: Arc<dyn Publisher>);

    /// Makes `consumer` take the events of `service`. One with [`From::Start`] is named after its role, and runs in one
    /// of its replicas at a time, briefly perhaps in two.
    async fn consume(
        &self,
        consumer: &'static str,
        service: &'static str,
        from: From,
        handler: Arc<dyn Consumer>,
    ) -> Result<(), JournalError>;

    /// Whether everything committed has been taken, as far as this process knows.
    fn is_idle(&self) -> bool;

    /// Why it is not idle, in words, for whoever looks for the cause.
    fn waits_for(&self) -> Vec<String> {
        if self.is_idle() { Vec::new() } else { vec!["the bus".to_owned()] }
    }

    /// Whether events currently do not come through, as far as this process can tell. Whoever depends on them asks
    /// elsewhere.
    fn is_away(&self) -> bool {
        false
    }

    /// Asks now for what other processes have offered, so that [`Bus::is_idle`] covers that too.
    async fn look(&self) {}
}
