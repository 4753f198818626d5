//! A public event as a NATS message, and the names used there. Knows no connection.

use crate::PublicEvent;
use async_nats::jetstream::message::PublishMessage;
use async_nats::{HeaderMap, Message};
use okienko_kernel::Moment;
use std::str::FromStr;

const STREAM: &str = "Okienko-Stream";
const VERSION: &str = "Okienko-Version";
/// W3C Trace Context.
const TRACE: &str = "traceparent";
const AT: &str = "Okienko-At";
/// The position in the producer's journal.
const POSITION: &str = "Okienko-Position";

/// The subject on the wire.
pub(super) fn subject(installation: &str, subject: &str) -> String {
    if installation.is_empty() { subject.to_owned() } else { format!("{installation}.{subject}") }
}

/// The name of a service's stream.
pub(super) fn stream_name(installation: &str, service: &str) -> String {
    let begin = if installation.is_empty() { "okienko" } else { installation };
    plain(&format!("{begin}-{service}"))
}

/// The name of a durable consumer.
pub(super) fn consumer_name(consumer: &str) -> String {
    plain(consumer)
}

fn plain(name: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' };
    name.chars().map(allowed).collect()
}

/// The message for the `nth` public event of the event at position `pos` in the journal. Retries carry the same id, so
/// that NATS drops duplicates that come soon.
pub(super) fn encode(event: &PublicEvent, pos: u64, nth: usize) -> PublishMessage {
    let message = PublishMessage::build()
        .message_id(format!("{}@{}.{nth}", event.stream, event.version))
        .header(STREAM, &*event.stream)
        .header(VERSION, event.version.to_string())
        .header(AT, event.at.micros().to_string())
        .header(POSITION, pos.to_string())
        .payload(event.payload.clone());
    match event.trace {
        Some(trace) => message.header(TRACE, trace.to_string()),
        None => message,
    }
}

/// The event in a message, and its position in the producer's journal; `None` if the message is not ours.
pub(super) fn decode(installation: &str, message: &Message) -> Option<(PublicEvent, u64)> {
    let headers = message.headers.as_ref()?;
    let subject = message.subject.as_str();
    let subject = match installation {
        "" => subject,
        begin => subject.strip_prefix(begin)?.strip_prefix('.')?,
    };
    let event = PublicEvent {
        subject: subject.to_owned(),
        stream: headers.get(STREAM)?.as_str().into(),
        version: number(headers, VERSION)?,
        at: Moment::from_micros(number(headers, AT)?),
        trace: headers.get(TRACE).and_then(|trace| trace.as_str().parse().ok()),
        payload: message.payload.clone(),
    };
    Some((event, number(headers, POSITION)?))
}

fn number<T: FromStr>(headers: &HeaderMap, name: &str) -> Option<T> {
    headers.get(name)?.as_str().parse().ok()
}
