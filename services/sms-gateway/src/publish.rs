//! Which private events of an outbox become public ones, and how: the only place that knows both. Knows no bus: it
//! returns a subject and a message.

use crate::domain::Event;
use okienko_kernel::{Id, Moment};
use okienko_proto::sms::MessageStatus;
use okienko_proto::sms::message_status::Status;

/// The subject of an office's message statuses.
pub fn subject(office: &str) -> String {
    format!("okienko.v1.{office}.sms-gateway.status")
}

/// The public form of a private event, with its subject; `None` for events that stay in this service.
pub fn publish(office: &str, event: &Event) -> Option<(String, MessageStatus)> {
    let (message, status, at): (&Id, Status, &Moment) = match event {
        Event::Sent { message, at, .. } => (message, Status::Sent, at),
        Event::Delivered { message, at } => (message, Status::Delivered, at),
        Event::Failed { message, at, .. } | Event::Undelivered { message, at } => {
            (message, Status::Failed, at)
        }
        Event::VerificationStarted { .. }
        | Event::CodeRenewed { .. }
        | Event::MessageQueued { .. }
        | Event::CodeProved { .. }
        | Event::CodeFailed { .. }
        | Event::Attempted { .. }
        | Event::AttemptFailed { .. }
        | Event::RetryDue { .. } => return None,
    };
    let public = MessageStatus {
        office: office.to_owned(),
        message: message.to_string(),
        status: status.into(),
        at: at.micros(),
    };
    Some((subject(office), public))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Reason;
    use okienko_kernel::world::SeededEntropy;
    use okienko_kernel::{Day, IdKind, Way};

    #[test]
    fn outcomes_are_public_and_attempts_are_not() {
        let way = Way { office: 1, place: 0, day: Day::from_number(2526) };
        let message = Id::new(IdKind::Message, way, &SeededEntropy::new(1));
        let at = Moment::from_micros(7);
        let status = |event: Event| publish("torun", &event).map(|(_, public)| public.status());
        let sent = Event::Sent { message, provider: "demo".into(), provider_id: "1".into(), at };
        let (subject, public) = publish("torun", &sent).unwrap();
        assert_eq!(subject, "okienko.v1.torun.sms-gateway.status");
        assert_eq!((public.message, public.at, public.office), (message.to_string(), 7, "torun".into()));
        assert_eq!(status(sent), Some(Status::Sent));
        assert_eq!(status(Event::Delivered { message, at }), Some(Status::Delivered));
        assert_eq!(status(Event::Undelivered { message, at }), Some(Status::Failed));
        assert_eq!(status(Event::Failed { message, reason: Reason::new("x"), at }), Some(Status::Failed));
        assert_eq!(status(Event::Attempted { message, attempt: 1, at }), None);
    }
}
