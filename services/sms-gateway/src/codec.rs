//! How the outbox's events are stored: a kind, a schema number and JSON. Old schemas are brought up to date here and
//! nowhere else; `samples/` holds one stored event of every kind and schema that was ever written.
//! Knows no journal.

use crate::domain::Event;
use serde_json::{Map, Value};

impl Event {
    /// The name under which it is stored.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::VerificationStarted { .. } => "verification_started",
            Event::CodeRenewed { .. } => "code_renewed",
            Event::MessageQueued { .. } => "message_queued",
            Event::CodeProved { .. } => "code_proved",
            Event::CodeFailed { .. } => "code_failed",
            Event::Attempted { .. } => "attempted",
            Event::Sent { .. } => "sent",
            Event::AttemptFailed { .. } => "attempt_failed",
            Event::RetryDue { .. } => "retry_due",
            Event::Failed { .. } => "failed",
            Event::Delivered { .. } => "delivered",
            Event::Undelivered { .. } => "undelivered",
        }
    }

    /// The schema in which [`Event::encode`] writes it.
    pub fn schema(&self) -> u16 {
        newest(self.kind()).unwrap_or(1)
    }

    /// Its fields as JSON.
    pub fn encode(&self) -> Vec<u8> {
        let fields = match serde_json::to_value(self) {
            Ok(Value::Object(tagged)) => tagged.into_iter().next().map(|(_, fields)| fields),
            _ => None,
        };
        let bytes = fields.and_then(|fields| serde_json::to_vec(&fields).ok());
        let Some(bytes) = bytes else { unreachable!("events are plain data with text keys") };
        bytes
    }

    /// Reads what any version has written. The error says what is wrong, without any of the data.
    pub fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Event, String> {
        let fields: Value = serde_json::from_slice(data).map_err(|e| fault(kind, schema, &e))?;
        let fields = upcast(kind, schema, fields)?;
        let tagged = Value::Object(Map::from_iter([(kind.to_owned(), fields)]));
        serde_json::from_value(tagged).map_err(|e| fault(kind, schema, &e))
    }
}

/// The schema that this version writes for a kind; `None` for a kind it does not know.
fn newest(kind: &str) -> Option<u16> {
    match kind {
        "verification_started"
        | "code_renewed"
        | "message_queued"
        | "code_proved"
        | "code_failed"
        | "attempted"
        | "sent"
        | "attempt_failed"
        | "retry_due"
        | "failed"
        | "delivered"
        | "undelivered" => Some(1),
        _ => None,
    }
}

/// Fields of an older schema as those of the newest. A new schema adds its arm `(kind, old) => …` and a sample.
fn upcast(kind: &str, schema: u16, fields: Value) -> Result<Value, String> {
    match newest(kind) {
        None => Err(format!("no event is called {kind}")),
        Some(newest) if schema == newest => Ok(fields),
        Some(newest) => Err(format!("{kind} of schema {schema}; this version reads up to {newest}")),
    }
}

fn fault(kind: &str, schema: u16, error: &serde_json::Error) -> String {
    format!("{kind} of schema {schema}, line {} column {}: not readable", error.line(), error.column())
}

impl okienko_actor::Stored for Event {
    fn kind(&self) -> &'static str {
        Event::kind(self)
    }
    fn schema(&self) -> u16 {
        Event::schema(self)
    }
    fn encode(&self) -> Vec<u8> {
        Event::encode(self)
    }
    fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Event, String> {
        Event::decode(kind, schema, data)
    }
}

#[cfg(test)]
#[path = "codec_tests.rs"]
mod tests;
