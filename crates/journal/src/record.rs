//! What goes into the journal and what comes out. Plain data; knows no engine.

use crate::hash::ChainHash;
use okienko_kernel::{ClaimChange, EventRef, Handed, Moment, Span, Stored};
use okienko_trace::{Cause, Trace};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An event to be appended.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Its name, stable for ever: events are decoded by it.
    pub kind: &'static str,
    /// The version of the shape of `data`.
    pub schema: u16,
    /// The event itself; no personal data.
    pub data: Vec<u8>,
    /// Domain time of the decision.
    pub at: Moment,
    /// Who caused it, and in which trace: an [`okienko_trace::Cause`] as text. No personal data.
    pub cause: Arc<str>,
    /// Hash over the event and the previous hash of its stream.
    pub hash: ChainHash,
}

/// How long a receipt counts, in real time: a retry with its key gets the stored answer.
pub const RECEIPT_LIFE: Span = Span::from_hours(24);

/// The answer to an accepted command, kept so that a retry gets the same one. Appending a receipt whose key the stream
/// already has is a conflict: another process has answered that request, perhaps with no event that would move the
/// version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Hash of route and idempotency key.
    pub key: [u8; 16],
    /// Hash of the request's body: the same key with another body is refused.
    pub body: [u8; 16],
    /// The encoded reply; contains no secrets.
    pub reply: Vec<u8>,
    /// Real time of the commit; it counts for [`RECEIPT_LIFE`] from here.
    pub at: Moment,
}

/// A change to an encrypted, deletable row beside the events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VaultChange {
    /// Sets the row `id`, to be purged after `until`.
    Put {
        /// The row's id.
        id: String,
        /// Encrypted content, see the `Vault` of `okienko-host`.
        sealed: Vec<u8>,
        /// Domain time after which the row is purged.
        until: Moment,
    },
    /// Deletes the row `id` now.
    Delete {
        /// The row's id.
        id: String,
    },
}

/// One transaction of one stream.
#[derive(Clone, Debug)]
pub struct Append {
    /// The office that the stream belongs to.
    pub office: Arc<str>,
    /// The stream's key.
    pub stream: Arc<str>,
    /// The version that the stream must have: the fence against a second writer.
    pub expected: u64,
    /// Domain time: a claim that has ended by then may be taken by anybody.
    pub at: Moment,
    /// In order, with versions `expected + 1 …`.
    pub events: Vec<NewEvent>,
    /// Answers to the commands that led here.
    pub receipts: Vec<Receipt>,
    /// Unique keys taken, released or handed over.
    pub claims: Vec<ClaimChange>,
    /// Vault rows beside the events.
    pub vault: Vec<VaultChange>,
    /// When the stream's next timer falls due after this append; an outer `None` leaves it unchanged.
    pub wake: Option<Option<Moment>>,
}

impl Append {
    /// Whether there is nothing to write. Refusals and reads ride along in empty appends.
    pub fn is_empty(&self) -> bool {
        let no_rows = self.receipts.is_empty() && self.claims.is_empty() && self.vault.is_empty();
        self.events.is_empty() && no_rows && self.wake.is_none()
    }
}

/// An event as stored in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its position in the service's whole journal: 1, 2, 3 … without a gap, in commit order.
    pub pos: u64,
    /// The stream's key.
    pub stream: Arc<str>,
    /// Its version in the stream: 1, 2, 3 … without a gap.
    pub version: u64,
    /// The office that the stream belongs to.
    pub office: Arc<str>,
    /// See [`NewEvent::kind`].
    pub kind: Arc<str>,
    /// See [`NewEvent::schema`].
    pub schema: u16,
    /// Domain time of the decision.
    pub at: Moment,
    /// See [`NewEvent::cause`].
    pub cause: Arc<str>,
    /// The event itself.
    pub data: Vec<u8>,
    /// See [`NewEvent::hash`].
    pub hash: ChainHash,
}

impl Handed for Recorded {
    fn event_ref(&self) -> EventRef {
        EventRef { stream: self.stream.clone(), version: self.version }
    }
}

impl Recorded {
    /// The trace that caused it, if there was one.
    pub fn trace(&self) -> Option<Trace> {
        Cause::read(&self.cause).trace
    }

    /// Decodes the event as its service's type. `None` when it cannot be read, because it is damaged or a later version
    /// has written it; that is logged with its position and counted, and the caller goes on without it.
    pub fn read<E: Stored>(&self) -> Option<E> {
        let error = match E::decode(&self.kind, self.schema, &self.data) {
            Ok(event) => return Some(event),
            Err(error) => error,
        };
        let (stream, pos, kind) = (&*self.stream, self.pos, &*self.kind);
        tracing::error!(stream, pos, version = self.version, kind, error, "an event cannot be read");
        metrics::counter!("okienko_events_unread_total", "stream" => of_kind(stream).to_owned()).increment(1);
        None
    }
}

/// The kind of a stream: `day` of `day/1/1/2026-12-01`.
fn of_kind(stream: &str) -> &str {
    stream.split('/').next().unwrap_or_default()
}

/// A unique key that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who has it.
    pub holder: String,
    /// From this moment on anybody may take it.
    pub until: Moment,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Opened;

    impl Stored for Opened {
        const KINDS: &'static [&'static str] = &["opened"];
        fn kind(&self) -> &'static str {
            "opened"
        }
        fn encode(&self) -> Result<Vec<u8>, String> {
            Ok(b"{}".to_vec())
        }
        fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String> {
            match (kind, schema, data) {
                ("opened", 1, b"{}") => Ok(Opened),
                other => Err(format!("unknown: {other:?}")),
            }
        }
    }

    #[test]
    fn an_event_of_a_later_version_a_foreign_kind_or_with_damage_is_counted_by_its_kind_of_stream() {
        let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
        let counted = recorder.handle();
        let event = |kind: &str, schema, data: &[u8], stream: &str| Recorded {
            pos: 7,
            stream: stream.into(),
            version: 1,
            office: "torun".into(),
            kind: kind.into(),
            schema,
            at: Moment::default(),
            cause: "test".into(),
            data: data.to_vec(),
            hash: [0; 32],
        };
        metrics::with_local_recorder(&recorder, || {
            assert_eq!(event("opened", 1, b"{}", "day/torun/1").read(), Some(Opened));
            for (kind, schema, data) in [("opened", 2, "{}"), ("folded", 1, "{}"), ("opened", 1, "{")] {
                assert_eq!(event(kind, schema, data.as_bytes(), "day/torun/1").read::<Opened>(), None);
            }
            assert_eq!(event("opened", 1, b"", "hall/torun/glowny").read::<Opened>(), None);
        });
        let told = counted.render();
        for line in [r#"{stream="day"} 3"#, r#"{stream="hall"} 1"#] {
            assert!(told.contains(&format!("okienko_events_unread_total{line}")), "{line}: {told}");
        }
    }
}
