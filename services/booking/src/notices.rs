//! Messages to citizens after the commit: the confirmation with hour and ticket number, notices of a cancellation, of a
//! missed visit and of one that the office did not call, the reminder on the day before. Driven by a relay over
//! booking's own journal; one message per reservation, occasion and channel.

mod samples;

pub use samples::{Sample, samples};

use crate::come::come;
use crate::heard;
use crate::service::Booking;
use async_trait::async_trait;
use futures::future::ready;
use futures::stream::{self, StreamExt};
use okienko_day::{Attendance, Confirmed, DayEvent, Reservation, State};
use okienko_day::{Contact, Subject};
use okienko_journal::relay::Sink;
use okienko_journal::{EventRef, Handed, NotTaken, Recorded};
use okienko_kernel::{Id, Moment, Span};
use okienko_office::plan::stream_of;
use okienko_office::text::Text;
use okienko_office::{Office, Service};
use okienko_proto::sms::address::Kind;
use okienko_proto::sms::{Address, SendRequest};
use okienko_trace::{Instrument, Trace, span};
use std::collections::HashMap;
use std::sync::Arc;

/// Maximum notices in progress at once.
const AT_ONCE: usize = 32;

/// The sink of the notices' relay.
pub struct Notices(pub Arc<Booking>);

#[async_trait]
impl Sink for Notices {
    async fn take(&self, batch: &[Recorded]) -> Result<(), NotTaken> {
        let events: Vec<(&Recorded, DayEvent)> =
            batch.iter().filter_map(|event| Some((event, heard::of_day(event)?))).collect();
        // With several replicas, each follows the journal and tells its own gate.
        if !self.0.service.journal.is_shared() {
            for (_, event) in &events {
                crate::unproved::tell(&self.0.gate, event).await;
            }
        }
        let due: Vec<Due> = events.iter().flat_map(|(recorded, event)| due(recorded, event)).collect();
        stream::iter(due)
            .map(|due| {
                let span = okienko_trace::caused(due.trace.as_ref(), || span!("notify"));
                self.0.clone().notify(due).instrument(span)
            })
            .buffer_unordered(AT_ONCE)
            // All run to their end: one that is in progress must not be stopped halfway because another failed.
            .fold(Ok(()), |all, one| ready(all.and(one)))
            .await
    }
}

/// A message to be sent.
struct Due {
    /// The event that causes it.
    event: EventRef,
    occasion: Occasion,
    reservation: Id,
    /// When the event happened: a repeat on another day is still the same message.
    since: Moment,
    trace: Option<Trace>,
}

fn due(recorded: &Recorded, event: &DayEvent) -> Vec<Due> {
    let (occasion, reservations) = match event {
        DayEvent::Confirmed(it) => (Occasion::Confirmed, std::slice::from_ref(&it.reservation)),
        DayEvent::Cancelled(it) => (Occasion::Cancelled, std::slice::from_ref(&it.reservation)),
        DayEvent::Attended(it) if it.state == Attendance::Missed => {
            (Occasion::Missed, std::slice::from_ref(&it.reservation))
        }
        DayEvent::Attended(it) if it.state == Attendance::NotCalled => {
            (Occasion::NotCalled, std::slice::from_ref(&it.reservation))
        }
        DayEvent::Reminded(it) => (Occasion::Reminder, it.reservations.as_slice()),
        _ => return Vec::new(),
    };
    let (since, trace) = (recorded.at, recorded.trace());
    let of = |reservation: &Id| {
        let (event, reservation) = (recorded.event_ref(), *reservation);
        Due { event, occasion, reservation, since, trace }
    };
    reservations.iter().map(of).collect()
}

/// Why a message is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Occasion {
    Confirmed,
    Cancelled,
    Missed,
    NotCalled,
    Reminder,
}

impl Occasion {
    /// The text's name, without its channel.
    fn template(self) -> &'static str {
        match self {
            Occasion::Confirmed => "confirmed",
            Occasion::Cancelled => "cancelled",
            Occasion::Missed => "missed",
            Occasion::NotCalled => "not-called",
            Occasion::Reminder => "reminder",
        }
    }

    /// Whether it may wait for the morning: the recipient did not just do what it is about.
    fn can_wait(self) -> bool {
        matches!(self, Occasion::Missed | Occasion::NotCalled | Occasion::Reminder)
    }

    /// The recipients' addresses, each with the suffix of its key: the phone or mail address that was proved, and the
    /// account's mail address if it is different.
    fn addresses(self, subject: &Subject) -> Vec<(Kind, &'static str)> {
        let proved = subject.contact.clone().map(|contact| match contact {
            Contact::Phone(phone) => Kind::Phone(phone),
            Contact::Email(email) => Kind::Email(email),
        });
        let account = subject.email.clone().map(Kind::Email).filter(|mail| proved.as_ref() != Some(mail));
        let (proved, account) = (proved.map(|to| (to, "")), account.map(|to| (to, "/account")));
        match self {
            // The SMS to show at the counter, and the mail with all the details.
            Occasion::Confirmed | Occasion::Cancelled => proved.into_iter().chain(account).collect(),
            // The contact they have proved that they read.
            Occasion::Reminder => proved.or(account).into_iter().collect(),
            // A text message costs money: sent only if no mail reaches them.
            Occasion::Missed | Occasion::NotCalled => account.or(proved).into_iter().collect(),
        }
    }
}

impl Booking {
    async fn notify(self: Arc<Self>, due: Due) -> Result<(), NotTaken> {
        let Due { event, occasion, reservation, since, .. } = due;
        let stream = stream_of(reservation);
        let Some(known) = self.offices.numbered(reservation.way().office) else { return Ok(()) };
        let office = known.office.clone();
        let look = move |day: &okienko_day::Day| day.reservation(reservation).cloned();
        let found = self.days.read(&office.id, &stream, look).await;
        let found = found.map_err(|fault| NotTaken::of(&event, fault))?;
        let Some(Reservation { confirmed, state, .. }) = found else { return Ok(()) };
        let now = self.service.now();
        // A day keeps the plan it opened with; the office may have switched reminders off since.
        let wanted = state == State::Confirmed && confirmed.at > now && office.remind_at.is_some();
        if occasion == Occasion::Reminder && !wanted {
            return Ok(());
        }
        let subject = self.service.vault().open_of(confirmed.subject).await;
        let subject: Option<Subject> = subject.map_err(|fault| NotTaken::of(&event, fault))?;
        let Some(subject) = subject else { return Ok(()) };
        let (day, _) = office.zone.local(since);
        let locale = office.writes_in(&subject.locale);
        let base = SendRequest {
            office: office.id.clone(),
            office_number: office.number,
            to: None,
            locale: locale.to_owned(),
            sender: office.sender.clone(),
            template: occasion.template().to_owned(),
            arguments: self.arguments(occasion, &confirmed, locale),
            day: day.to_string(),
            request_key: String::new(),
            budget: office.sms_daily_budget,
            dial_codes: office.dial_codes(),
            not_before: 0,
            not_after: if occasion == Occasion::Reminder { confirmed.at.micros() } else { 0 },
            keeps_letters: office.sms_letters,
        };
        for (to, whose) in occasion.addresses(&subject) {
            let waits = occasion.can_wait() && matches!(to, Kind::Phone(_));
            let not_before = if waits { office.night_ends(now) } else { None }.map_or(0, Moment::micros);
            let to = Some(Address { kind: Some(to) });
            // One message per occasion and address, however often the relay repeats the event.
            let request_key = format!("{}/{reservation}{whose}", occasion.template());
            let request = SendRequest { to, request_key, not_before, ..base.clone() };
            okienko_rpc::followed(&event, occasion.template(), self.sms.clone().send(request).await)?;
        }
        Ok(())
    }

    fn arguments(&self, occasion: Occasion, confirmed: &Confirmed, locale: &str) -> HashMap<String, String> {
        let Some(known) = self.offices.get(&confirmed.place.office) else { return HashMap::new() };
        let (office, base) = (&known.office, &self.settings.base_url);
        let url = match occasion {
            Occasion::Confirmed | Occasion::Reminder => format!("{base}{}", self.visit_path(confirmed)),
            Occasion::Cancelled | Occasion::Missed | Occasion::NotCalled => {
                format!("{base}/{}/book", office.id)
            }
        };
        let values = said(office, occasion, confirmed, (locale, url));
        values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// All the variables that a text may use.
fn said(
    office: &Office,
    occasion: Occasion,
    confirmed: &Confirmed,
    (locale, url): (&str, String),
) -> Vec<(&'static str, String)> {
    let service = office.service(&confirmed.service);
    let location = office.location(&confirmed.place.location);
    let place = location.map(|l| l.address.in_locale(locale).to_owned()).unwrap_or_default();
    let mut values = vec![
        ("number", confirmed.number.clone()),
        ("service", service.map(|s| s.name.in_locale(locale).to_owned()).unwrap_or_default()),
        ("date", confirmed.place.day.to_string()),
        ("time", confirmed.time.to_string()),
        ("location", place),
        ("url", url),
    ];
    if matches!(occasion, Occasion::Confirmed | Occasion::Reminder) {
        values.extend(on_the_day(office, confirmed, locale));
    }
    values
}

/// Numbers, and what people need to know on the day; what an office does not state is empty.
fn on_the_day(office: &Office, confirmed: &Confirmed, locale: &str) -> Vec<(&'static str, String)> {
    let text = |text: &Text| text.in_locale(locale).to_owned();
    let of = |find: fn(&Office, &Service) -> Text| {
        let found = office.service(&confirmed.service).map(|service| find(office, service));
        found.as_ref().map(text).unwrap_or_default()
    };
    let location = office.location(&confirmed.place.location);
    let queue = location.map(|location| &location.queue);
    // Where the machine issues the ticket, its number would only mislead; there the times for the code matter.
    let checks_in = queue.filter(|queue| !queue.placed_at_hour);
    let before = |minutes: i32| {
        let at = confirmed.at.minus(Span::from_mins(i64::from(minutes)));
        office.zone.local(at).1.to_string()
    };
    let rules: Vec<String> = office
        .service(&confirmed.service)
        .map(|service| office.rules(service).map(text).collect())
        .unwrap_or_default();
    vec![
        ("ticket", if checks_in.is_some() { String::new() } else { confirmed.ticket_number.clone() }),
        ("code", confirmed.check_in_code.clone()),
        ("from", checks_in.map(|queue| before(queue.check_in_opens_min)).unwrap_or_default()),
        ("until", checks_in.map(|queue| before(queue.check_in_closes_min)).unwrap_or_default()),
        ("come", come(office, location, confirmed.at, locale)),
        ("onday", of(|_, service| service.on_the_day.clone())),
        ("bring", of(|office, service| office.bring(service).clone())),
        ("cost", of(|_, service| service.cost.clone())),
        ("late", of(|office, service| office.late(service).clone())),
        ("rules", rules.join(" ")),
    ]
}
