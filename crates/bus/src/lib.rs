//! Public events between services: the port, the engine inside one process and the one between many. Knows subjects and bytes, never a
//! service. At least once, in the order of the producer's journal; consumers drop what they have seen.

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
    /// The stream and version that it came from: together with the subject they name it.
    pub stream: Arc<str>,
    /// See `stream`.
    pub version: u64,
    /// Domain time of the event.
    pub at: Moment,
    /// The trace of what has caused it.
    pub trace: Option<Trace>,
    /// The protobuf message of `proto/`.
    pub payload: Bytes,
}

impl PublicEvent {
    /// The subject of an office's event of a service.
    pub fn subject(office: &str, service: &str, event: &str) -> String {
        format!("okienko.v1.{office}.{service}.{event}")
    }
    /// The event's name: the last word of the subject.
    pub fn name(&self) -> &str {
        self.subject.rsplit('.').next().unwrap_or_default()
    }
    /// The span of taking it: all that a consumer does with one event.
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
    /// The office: the third word of the subject.
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
    /// What the others are told of this event, in order; often nothing.
    fn publish(&self, event: &Recorded) -> Vec<PublicEvent>;
}

/// Takes public events.
#[async_trait]
pub trait Consumer: Send + Sync + 'static {
    /// Takes a batch, in order; a repeat must change nothing. An error says whether the same is to come again later, or one of
    /// them never.
    async fn take(&self, batch: Vec<PublicEvent>) -> Result<(), NotTaken>;
}

impl Taker<PublicEvent> for Arc<dyn Consumer> {
    fn take<'t>(&'t self, events: &'t [PublicEvent]) -> BoxFuture<'t, Result<(), NotTaken>> {
        Consumer::take(&**self, events.to_vec())
    }
}

/// From where a consumer wants events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// From the first ever, and after a restart from where it was.
    Start,
    /// From now on; what was before it asks for elsewhere.
    Now,
}

/// Where a consumer with a memory is at home: the events of a service are taken one after another, by one replica.
fn consumer_home(homes: Arc<dyn Homes>, consumer: &str, service: &str) -> RelayHome {
    RelayHome { homes, role: consumer.to_owned(), key: format!("consumer/{consumer}/{service}") }
}

/// The way from producers to consumers.
#[async_trait]
pub trait Bus: Send + Sync + 'static {
    /// A service offers its events. Comes before the consumers of that service.
    fn offer(&self, service: &'static str, journal: Arc<Journal>, publisher: Arc<dyn Publisher>);

    /// `consumer` takes the events of `service`. One from the start bears the name of its role, and runs in one replica of
    /// it at a time; for a moment it may be two.
    async fn consume(
        &self,
        consumer: &'static str,
        service: &'static str,
        from: From,
        handler: Arc<dyn Consumer>,
    ) -> Result<(), JournalError>;

    /// Whether everything that was committed has been taken, as far as this process knows.
    fn is_idle(&self) -> bool;

    /// What it is not idle for, in words for whoever looks for the cause.
    fn waits_for(&self) -> Vec<String> {
        if self.is_idle() { Vec::new() } else { vec!["the bus".to_owned()] }
    }

    /// Whether events do not come through now, as far as this process can tell. Whoever lives from them asks elsewhere.
    fn is_away(&self) -> bool {
        false
    }

    /// Learns now what other processes have offered, so that [`Bus::is_idle`] is true of that too.
    async fn look(&self) {}
}
