//! Messages to holders caused by the office: their reservation was removed, or there are questions before the visit.
//! Driven by its own relay over booking's journal, after the commit; one message per occasion.

use crate::BackOffice;
use crate::domain::inquiry::InquiryEvent;
use async_trait::async_trait;
use okienko_day::{Contact, Subject};
use okienko_day::{Day, DayEvent, Reservation, State};
use okienko_journal::relay::Sink;
use okienko_journal::{NotTaken, Recorded};
use okienko_kernel::Id;
use okienko_office::plan::stream_of;
use okienko_proto::sms::address::Kind;
use okienko_proto::sms::{Address, SendRequest};
use okienko_trace::{Instrument, span};
use std::collections::HashMap;
use std::sync::Arc;

/// The sink of this relay.
pub struct Letters(pub Arc<BackOffice>);

/// Why a message is sent.
enum Occasion {
    Removed,
    Asked { round: u8 },
}

#[async_trait]
impl Sink for Letters {
    async fn take(&self, batch: &[Recorded]) -> Result<(), NotTaken> {
        for event in batch {
            if let Some((occasion, reservation)) = due(event) {
                let span = okienko_trace::caused(event.trace().as_ref(), || span!("notify"));
                self.0.letter(event, &occasion, reservation).instrument(span).await?;
            }
        }
        Ok(())
    }
}

fn due(event: &Recorded) -> Option<(Occasion, Id)> {
    if event.stream.starts_with("day/") && &*event.kind == "removed" {
        let DayEvent::Removed(removed) = event.read()? else { return None };
        return Some((Occasion::Removed, removed.reservation));
    }
    if event.stream.starts_with("inquiry/") && &*event.kind == "inquiry_asked" {
        let InquiryEvent::Asked(asked) = event.read()? else { return None };
        return Some((Occasion::Asked { round: asked.round }, asked.reservation));
    }
    None
}

/// Where the notice of a removal goes: the mail address, otherwise the phone.
pub(crate) fn address(subject: &Subject) -> Option<Kind> {
    let phone = match &subject.contact {
        Some(Contact::Phone(phone)) => Some(Kind::Phone(phone.clone())),
        _ => None,
    };
    subject.mail().map(|mail| Kind::Email(mail.to_owned())).or(phone)
}

impl BackOffice {
    async fn letter(&self, event: &Recorded, occasion: &Occasion, id: Id) -> Result<(), NotTaken> {
        let Some(known) = self.offices.numbered(id.way().office) else { return Ok(()) };
        let office = known.office.clone();
        let look = move |day: &Day| day.reservation(id).cloned();
        let found = self.days.read(&office.id, &stream_of(id), look).await;
        let Some(reservation) = found.map_err(|fault| NotTaken::of(event, fault))? else { return Ok(()) };
        let subject = self.service.vault().open_of(reservation.confirmed.subject).await;
        let subject: Option<Subject> = subject.map_err(|fault| NotTaken::of(event, fault))?;
        let Some(subject) = subject else { return Ok(()) };
        let to = match occasion {
            Occasion::Removed => address(&subject),
            Occasion::Asked { .. } => subject.mail().map(|mail| Kind::Email(mail.to_owned())),
        };
        let Some(to) = to else { return Ok(()) };
        let (template, request_key) = match occasion {
            Occasion::Removed => ("removed", format!("removed/{id}")),
            Occasion::Asked { round } => ("question", format!("question/{id}/{round}")),
        };
        let locale = office.writes_in(&subject.locale);
        // The day of the event, not today: a retry after midnight is then still the same message.
        let (day, _) = office.zone.local(event.at);
        let request = SendRequest {
            office: office.id.clone(),
            office_number: office.number,
            to: Some(Address { kind: Some(to) }),
            locale: locale.to_owned(),
            sender: office.sender.clone(),
            template: template.to_owned(),
            arguments: self.said(occasion, &reservation, locale),
            day: day.to_string(),
            request_key,
            budget: office.sms_daily_budget,
            dial_codes: office.dial_codes(),
            // Not delayed at night: a staff member has just decided it, and it may concern tomorrow morning.
            not_before: 0,
            not_after: 0,
            keeps_letters: office.sms_letters,
        };
        okienko_rpc::followed(event, template, self.sms.clone().send(request).await)
    }

    fn said(&self, occasion: &Occasion, reservation: &Reservation, locale: &str) -> HashMap<String, String> {
        let confirmed = &reservation.confirmed;
        let Some(known) = self.offices.get(&confirmed.place.office) else { return HashMap::new() };
        let office = &known.office;
        let base = &self.base_url;
        let reason = match &reservation.state {
            State::Removed(reason) => reason.clone(),
            _ => String::new(),
        };
        let url = match occasion {
            Occasion::Removed => format!("{base}/{}/book", office.id),
            Occasion::Asked { round } => {
                format!("{base}/{}/answer/{}", office.id, self.answer_token(confirmed.reservation, *round))
            }
        };
        let service = office.service(&confirmed.service);
        let location = office.location(&confirmed.place.location);
        let values = [
            ("number", confirmed.number.clone()),
            ("service", service.map(|it| it.name.in_locale(locale).to_owned()).unwrap_or_default()),
            ("date", confirmed.place.day.to_string()),
            ("time", confirmed.time.to_string()),
            ("location", location.map(|it| it.address.in_locale(locale).to_owned()).unwrap_or_default()),
            ("reason", reason),
            ("url", url),
        ];
        values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}
