//! What citizens are written after the commit: the confirmation with hour and ticket number, the notice of a
//! cancellation. Driven by a relay over booking's own journal; one message per reservation and occasion.

use crate::domain::day::{Confirmed, DayEvent};
use crate::domain::plan::stream_of;
use crate::service::Booking;
use crate::subject::{Contact, Subject};
use async_trait::async_trait;
use futures::stream::{self, StreamExt, TryStreamExt};
use okienko_actor::Stored;
use okienko_journal::Recorded;
use okienko_journal::relay::Sink;
use okienko_proto::sms::address::Kind;
use okienko_proto::sms::{Address, SendRequest};
use std::collections::HashMap;
use std::sync::Arc;

/// Notices under way at once.
const AT_ONCE: usize = 32;
/// Minutes before the hour that people are asked to come; Toruń's own words.
const EARLY: &str = "5-10";

/// The sink of the notices' relay.
pub struct Notices(pub Arc<Booking>);

#[async_trait]
impl Sink for Notices {
    async fn take(&self, batch: &[Recorded]) -> Result<(), String> {
        let due = batch.iter().filter(|event| event.stream.starts_with("day/")).filter_map(|event| {
            let known = <DayEvent as Stored>::decode(&event.kind, event.schema, &event.data).ok()?;
            match known {
                DayEvent::Confirmed(confirmed) => Some((Occasion::Confirmed, confirmed.reservation)),
                DayEvent::Cancelled(cancelled) => Some((Occasion::Cancelled, cancelled.reservation)),
                _ => None,
            }
        });
        let work: Vec<_> = due.collect();
        stream::iter(work)
            .map(|(occasion, reservation)| self.0.clone().notify(occasion, reservation))
            .buffer_unordered(AT_ONCE)
            .try_for_each(|()| async { Ok(()) })
            .await
    }
}

/// Why somebody is written to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Occasion {
    Confirmed,
    Cancelled,
}

impl Occasion {
    /// The text's name, without its channel.
    fn template(self) -> &'static str {
        match self {
            Occasion::Confirmed => "confirmed",
            Occasion::Cancelled => "cancelled",
        }
    }
}

impl Booking {
    async fn notify(
        self: Arc<Self>,
        occasion: Occasion,
        reservation: okienko_kernel::Id,
    ) -> Result<(), String> {
        let stream = stream_of(reservation);
        let Some(known) = self.offices.numbered(reservation.way().office) else { return Ok(()) };
        let office = known.office.clone();
        let look =
            move |day: &crate::domain::day::Day| day.reservation(reservation).map(|r| r.confirmed.clone());
        let found = self.days.read(&office.id, &stream, look).await.map_err(|e| e.to_string())?;
        let Some(confirmed) = found else { return Ok(()) };
        let Some(subject) = self.subject_of(&confirmed).await? else { return Ok(()) };
        let (today, _) = office.zone.local(self.service.now());
        let key = format!("{}/{reservation}", occasion.template());
        let base = SendRequest {
            office: office.id.clone(),
            office_number: office.number,
            to: None,
            locale: subject.locale.clone(),
            sender: office.sender.clone(),
            template: occasion.template().to_owned(),
            arguments: self.arguments(occasion, &confirmed, &subject.locale),
            day: today.to_string(),
            request_key: String::new(),
            budget: office.sms_daily_budget,
        };
        for (to, request_key) in recipients(&subject, &key) {
            let to = Some(Address { kind: Some(to) });
            self.tell(occasion, SendRequest { to, request_key, ..base.clone() }).await?;
        }
        Ok(())
    }

    async fn tell(&self, occasion: Occasion, request: SendRequest) -> Result<(), String> {
        match self.sms.clone().send(request).await {
            Ok(_) => Ok(()),
            Err(status) => match okienko_rpc::refusal(&status) {
                // The budget of the day or a text that cannot be sent: nothing that a repeat would mend.
                Some(refusal) => {
                    tracing::warn!(
                        code = refusal.code,
                        occasion = occasion.template(),
                        "a notice was refused"
                    );
                    Ok(())
                }
                None => Err(status.to_string()),
            },
        }
    }

    async fn subject_of(&self, confirmed: &Confirmed) -> Result<Option<Subject>, String> {
        let Some(id) = confirmed.subject else { return Ok(None) };
        let rows = self.service.open_vault(&[id.to_string()]).await.map_err(|e| e.to_string())?;
        Ok(rows.into_iter().next().flatten().and_then(|plain| serde_json::from_slice(&plain).ok()))
    }

    fn arguments(&self, occasion: Occasion, confirmed: &Confirmed, locale: &str) -> HashMap<String, String> {
        let Some(known) = self.offices.get(&confirmed.place.office) else { return HashMap::new() };
        let office = &known.office;
        let location = office.location(&confirmed.place.location);
        let service = office.service(&confirmed.service);
        let place = location.map(|l| l.address.in_locale(locale).to_owned()).unwrap_or_default();
        let url = match occasion {
            Occasion::Cancelled => format!("{}/{}/book", self.settings.base_url, office.id),
            Occasion::Confirmed => format!("{}{}", self.settings.base_url, self.visit_path(confirmed)),
        };
        let values = [
            ("number", confirmed.number.clone()),
            ("service", service.map(|s| s.name.in_locale(locale).to_owned()).unwrap_or_default()),
            ("date", confirmed.place.day.to_string()),
            ("time", confirmed.time.to_string()),
            ("location", place),
            ("ticket", confirmed.ticket_number.clone()),
            ("code", confirmed.check_in_code.clone()),
            ("early", EARLY.to_owned()),
            ("url", url),
        ];
        values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Whoever is told, each under a key of their own: the phone or address that was proved, and the account's mail where
/// that is another.
fn recipients(subject: &Subject, key: &str) -> Vec<(Kind, String)> {
    let proved = subject.contact.clone().map(|contact| match contact {
        Contact::Phone(phone) => Kind::Phone(phone),
        Contact::Email(email) => Kind::Email(email),
    });
    let account = subject.email.clone().map(Kind::Email).filter(|mail| proved.as_ref() != Some(mail));
    let account = account.map(|mail| (mail, format!("{key}/account")));
    proved.map(|to| (to, key.to_owned())).into_iter().chain(account).collect()
}
