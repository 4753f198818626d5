//! "Tell me earlier" by SMS: stores the wish of a ticket's holder, keeps the phone sealed until the end of the day, and
//! sends the one message once the hall's day has decided that it is due. Contains no rule on when.

use crate::hall::Hall;
use crate::service::{Failure, Queue};
use async_trait::async_trait;
use futures::future::ready;
use futures::stream::{self, StreamExt};
use okienko_actor::Order;
use okienko_address::{Mobile, PhoneFault, parse_mobile, served};
use okienko_hall::{AHEAD_MOST, HallCommand, HallDay, HallEvent, HallKey, OfficeData, Ticket, TicketState};
use okienko_journal::relay::Sink;
use okienko_journal::{EventRef, Handed, NotTaken, Recorded, VaultChange};
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Fault, Id, IdKind, Moment, Span, base32};
use okienko_limits::{Hit, Rate};
use okienko_proto::booking::PhoneRequest;
use okienko_proto::common::Refusal;
use okienko_proto::queue::{NoticeOfReply, NoticeOfRequest, NotifyReply, NotifyRequest};
use okienko_proto::sms::address::Kind;
use okienko_proto::sms::{Address, SendRequest};
use okienko_trace::{Instrument, span};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tonic::Status;

/// Wishes per phone, whatever the ticket: prevents flooding somebody's phone with messages.
const PER_PHONE: Rate = Rate::new(6, Duration::from_secs(24 * 3600));
/// A message about a call is useless later than this after it was due.
const STALE: Span = Span::from_mins(20);
/// How long to wait for booking when asking it for a phone.
const BOOKING_AT_MOST: Duration = Duration::from_secs(2);
/// Messages in flight at once.
const AT_ONCE: usize = 16;

/// What the vault keeps for a wish.
#[derive(Serialize, Deserialize)]
struct NoticeContact {
    phone: String,
    locale: String,
}

impl Queue {
    /// Stores the wish of a ticket's holder.
    pub(crate) async fn notify(&self, asked: NotifyRequest) -> Result<NotifyReply, Status> {
        let (ticket, office, hall) = self.ticket(&asked.ticket)?;
        if !(1..=AHEAD_MOST).contains(&asked.ahead_min) {
            return Err(invalid("ahead_min", "notify-minutes"));
        }
        let typed = if asked.visits_phone {
            self.phone_of(&hall, ticket).await?.ok_or_else(|| invalid("phone", "notify-phone"))?
        } else {
            asked.phone
        };
        let phone = parse_mobile(&typed, "PL", served(&office.sms_dial_codes)).map_err(|fault| {
            let said = match fault {
                PhoneFault::NotANumber => "notify-phone",
                PhoneFault::Letters => "notify-phone-letters",
                PhoneFault::Extension => "notify-phone-extension",
                PhoneFault::CannotReceiveSms => "notify-phone-no-sms",
                PhoneFault::CountryNotServed => "notify-phone-country",
            };
            invalid("phone", said)
        })?;
        if office.sms_daily_budget == 0 {
            return Err(okienko_rpc::refuse_code("conflict"));
        }
        let locale = okienko_web::Locale::parse(&asked.locale).unwrap_or_default().tag();
        let look = move |hall: &Hall| {
            let before = hall.0.wish_of(ticket).map(|wish| (wish.subject, wish.count));
            (before, hall.0.may_wish(ticket))
        };
        let looked = self.halls.read(&hall.office, &hall.to_string(), look).await;
        let (before, may) = looked.map_err(|fault| Status::unavailable(fault.to_string()))?;
        let (before, count) = (before.map(|(subject, _)| subject), before.map_or(0, |(_, count)| count));
        let nth = |count| self.subject(ticket, &phone, asked.ahead_min, locale, count);
        // Repeating the same wish keeps its id; a changed wish gets an id never used before.
        let same = before.filter(|old| *old == nth(count));
        if same.is_none() {
            may.map_err(|refusal| crate::grpc::status(refusal.into()))?;
            self.phone_may(&phone).await?;
        }
        let subject = same.unwrap_or_else(|| nth(count + 1));
        let kept = NoticeContact { phone: phone.as_str().to_owned(), locale: locale.to_owned() };
        let until = office.zone.start_of(hall.day.plus_days(1));
        let sealed = self.seal(subject, &kept, until).map_err(Failure::from).map_err(crate::grpc::status)?;
        let mut vault = vec![sealed];
        vault.extend(
            before.filter(|old| *old != subject).map(|old| VaultChange::Delete { id: old.to_string() }),
        );
        let command = HallCommand::Notify { ticket, subject, ahead_min: asked.ahead_min };
        let order = Order::new(command, "citizen").vault(vault);
        let kept = self.halls.send(&hall.office, &hall.to_string(), order).await;
        let kept = kept.map_err(Failure::from).and_then(|kept| kept.map_err(Failure::from));
        kept.map_err(crate::grpc::status)?;
        // The holder of the ticket need not be the person who booked.
        let masked_phone = if asked.visits_phone { String::new() } else { phone.masked() };
        Ok(NotifyReply { masked_phone })
    }

    /// The wish of a ticket's holder.
    pub(crate) async fn notice_of(&self, asked: &NoticeOfRequest) -> Result<NoticeOfReply, Status> {
        let (ticket, _, hall) = self.ticket(&asked.ticket)?;
        let look = move |hall: &Hall| {
            let wish = hall.0.wish_of(ticket).map(|wish| (wish.ahead_min, wish.told));
            (wish, hall.0.ticket(ticket).is_some_and(|ticket| ticket.state == TicketState::Left))
        };
        let seen = self.halls.peek(&hall.office, &hall.to_string(), look).await;
        let (wish, cancelled) = seen.map_err(|fault| Status::unavailable(fault.to_string()))?;
        let (ahead_min, told) = wish.unwrap_or_default();
        // While booking is down the holder types the phone, like somebody who has not booked.
        let has_phone = asked.about_phone && matches!(self.phone_of(&hall, ticket).await, Ok(Some(_)));
        Ok(NoticeOfReply { ahead_min, told, cancelled, has_phone })
    }

    /// The phone with which the visit behind a ticket was booked; booking has it.
    async fn phone_of(&self, hall: &HallKey, ticket: Id) -> Result<Option<String>, Status> {
        let look = move |hall: &Hall| hall.0.ticket(ticket).and_then(Ticket::reservation);
        let reservation = self.halls.peek(&hall.office, &hall.to_string(), look).await;
        let reservation = reservation.map_err(|fault| Status::unavailable(fault.to_string()))?;
        let Some(reservation) = reservation else { return Ok(None) };
        let request = PhoneRequest { office: hall.office.clone(), reservation: reservation.to_string() };
        let mut booking = self.cards.booking();
        let told = tokio::time::timeout(BOOKING_AT_MOST, booking.phone(request)).await;
        let told = told.map_err(|_| Status::unavailable("booking does not answer"))??;
        Ok(Some(told.into_inner().phone).filter(|phone| !phone.is_empty()))
    }

    fn ticket(&self, id: &str) -> Result<(Id, Arc<OfficeData>, HallKey), Status> {
        let unknown = || okienko_rpc::refuse_code("unknown");
        let ticket = Id::parse(IdKind::Ticket, id).map_err(|_| unknown())?;
        let way = ticket.way();
        let (office, location) = self.offices.by_number(way.office, way.place).ok_or_else(unknown)?;
        let hall = HallKey { office: office.id.clone(), location, day: way.day };
        Ok((ticket, office, hall))
    }

    /// The id of a ticket's wish number `count`: deterministic, so that repeated requests give the same id.
    fn subject(&self, ticket: Id, phone: &Mobile, ahead_min: u32, locale: &str, count: u32) -> Id {
        let numbers = [ahead_min.to_be_bytes(), count.to_be_bytes()].concat();
        let parts = [&ticket.bytes()[..], phone.as_str().as_bytes(), &numbers, locale.as_bytes()];
        let [a, b, c, d, e, f, g, h, ..] = self.service.world.keys.mac("notice", &parts);
        let seed = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
        Id::new(IdKind::Subject, ticket.way(), &SeededEntropy::new(seed))
    }

    async fn phone_may(&self, phone: &Mobile) -> Result<(), Status> {
        let hash = self.service.world.keys.mac("limit", &[phone.as_str().as_bytes()]);
        let hit = Hit { key: format!("notice/to/{}", base32::encode(&hash[..16])), rate: PER_PHONE };
        self.service.world.limits.check(&[hit]).await.map_err(|wait| {
            let seconds = u32::try_from(wait.0.as_secs()).unwrap_or(u32::MAX).max(1);
            let refusal = Refusal { code: "rate_limited".into(), ..Refusal::default() };
            okienko_rpc::refuse(&Refusal { retry_after_s: Some(seconds), ..refusal })
        })
    }

    fn seal(&self, subject: Id, kept: &NoticeContact, until: Moment) -> Result<VaultChange, Fault> {
        self.service.vault().seal(subject.to_string(), kept, until)
    }

    async fn write_to(self: Arc<Self>, hall: HallKey, due: Due) -> Result<(), NotTaken> {
        let late = self.service.now().since(due.at) > STALE;
        let look = move |hall: &Hall| line_of(&hall.0, due.ticket);
        let known = self.halls.read(&hall.office, &hall.to_string(), look).await;
        let known = known.map_err(|fault| NotTaken::of(&due.event, fault))?;
        let Some((number, over)) = known else { return Ok(()) };
        let Some(office) = self.offices.get(&hall.office) else { return Ok(()) };
        if late || over {
            tracing::warn!(%hall, "a message before a call would come too late and is not sent");
            return Ok(());
        }
        let kept = self.service.vault().open_of(Some(due.subject)).await;
        let kept: Option<NoticeContact> = kept.map_err(|fault| NotTaken::of(&due.event, fault))?;
        // The wish was changed meanwhile: the new one is handled separately.
        let Some(kept) = kept else { return Ok(()) };
        let place = crate::offices::location(&office, &hall.location);
        let token = due.ticket.token(&self.service.world.keys);
        let arguments = [
            ("ticket", number),
            ("minutes", due.minutes.max(1).to_string()),
            ("ahead", due.ahead.to_string()),
            ("counter", due.counter.unwrap_or_default()),
            ("location", place.map_or_else(String::new, |place| place.name.clone())),
            ("url", format!("{}/t/{token}", self.base_url)),
        ];
        let arguments: HashMap<_, _> = arguments.map(|(name, value)| (name.to_owned(), value)).into();
        let request = SendRequest {
            office: office.id.clone(),
            office_number: office.number,
            to: Some(Address { kind: Some(Kind::Phone(kept.phone)) }),
            locale: kept.locale,
            sender: office.sender.clone(),
            template: "soon".into(),
            arguments,
            day: hall.day.to_string(),
            request_key: format!("soon/{}", due.subject),
            budget: office.sms_daily_budget,
            dial_codes: office.dial_codes(),
            not_before: 0,
            not_after: self.service.now().plus(STALE).micros(),
            keeps_letters: false,
        };
        okienko_rpc::followed(&due.event, "soon", self.sms.clone().send(request).await)
    }
}

fn invalid(field: &str, said: &str) -> Status {
    let fields = [(field.to_owned(), said.to_owned())].into();
    okienko_rpc::refuse(&Refusal { code: "invalid".into(), fields, ..Refusal::default() })
}

/// A ticket's number, and whether its state is final.
fn line_of(hall: &HallDay, ticket: Id) -> Option<(String, bool)> {
    hall.ticket(ticket).map(|ticket| (ticket.line.number.clone(), ticket.state.is_final()))
}

/// A wish that is due.
struct Due {
    /// The event that says that it is due.
    event: EventRef,
    at: Moment,
    ticket: Id,
    subject: Id,
    minutes: u32,
    ahead: u64,
    counter: Option<String>,
}

/// The sink of the relay that sends these messages.
pub struct Soon(pub Arc<Queue>);

#[async_trait]
impl Sink for Soon {
    async fn take(&self, batch: &[Recorded]) -> Result<(), NotTaken> {
        let due = batch.iter().filter(|event| &*event.kind == "notice_due").filter_map(|event| {
            let span = okienko_trace::caused(event.trace().as_ref(), || span!("notify"));
            let (hall, event_at) = (HallKey::parse(&event.stream)?, event.event_ref());
            match event.read()? {
                HallEvent::NoticeDue { at, ticket, subject, minutes, ahead, counter } => {
                    Some((hall, Due { event: event_at, at, ticket, subject, minutes, ahead, counter }, span))
                }
                _ => None,
            }
        });
        let due: Vec<_> = due.collect();
        stream::iter(due)
            .map(|(hall, due, span)| self.0.clone().write_to(hall, due).instrument(span))
            .buffer_unordered(AT_ONCE)
            // Runs all of them to the end: one failure must not stop the others halfway.
            .fold(Ok(()), |all, one| ready(all.and(one)))
            .await
    }
}
