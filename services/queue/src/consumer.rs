//! What booking publishes: offices, reservations, their end, revoked tokens. A repeat changes nothing. Contains no
//! rule.

use crate::publish::office_from_proto;
use crate::service::{Failure, NAME, Queue};
use async_trait::async_trait;
use okienko_bus::{Consumer, NotTaken, PublicEvent};
use okienko_hall::{HallCommand, HallKey, Reservation};
use okienko_kernel::{Id, IdKind, Moment};
use okienko_proto::booking::{OfficePublished, ReservationConfirmed, ReservationEnded};
use okienko_trace::Instrument;
use prost::Message;
use std::sync::Arc;

/// Consumes booking's events from the bus.
pub struct Booked(pub Arc<Queue>);

#[async_trait]
impl Consumer for Booked {
    async fn take(&self, batch: Vec<PublicEvent>) -> Result<(), NotTaken> {
        for event in batch {
            self.one(&event).instrument(event.taken(NAME)).await?;
        }
        Ok(())
    }
}

impl Booked {
    async fn one(&self, event: &PublicEvent) -> Result<(), NotTaken> {
        match event.name() {
            "office_published" => self.office(event).await,
            "reservation_confirmed" => self.hall(event, self.confirmed(event)).await,
            "reservation_ended" => self.hall(event, ended(event)).await,
            "staff_revoked" => self.0.revoked.learn(event).await,
            _ => Ok(()),
        }
    }

    async fn office(&self, event: &PublicEvent) -> Result<(), NotTaken> {
        let published = OfficePublished::decode(event.payload.clone()).map_err(|e| e.to_string());
        let office = published.and_then(|it| it.office.ok_or_else(|| "no office in it".to_owned()));
        let office = office.and_then(|office| office_from_proto(&office));
        let office = office.map_err(|what| NotTaken::never(event, what))?;
        self.0.learn(office).await.map_err(|fault| NotTaken::of(event, fault))
    }

    /// Adds the location's strike-off rule as known now: the hall may need it before it is opened.
    fn confirmed(&self, event: &PublicEvent) -> Result<(HallKey, HallCommand), String> {
        let (hall, mut reservation) = confirmed(event)?;
        let office = self.0.offices.get(&hall.office);
        let place = office.as_ref().and_then(|office| crate::offices::location(office, &hall.location));
        reservation.cancel_at_min = place.and_then(|place| place.rules.cancel_at_min);
        Ok((hall, HallCommand::Expect(reservation)))
    }

    async fn hall(
        &self,
        event: &PublicEvent,
        read: Result<(HallKey, HallCommand), String>,
    ) -> Result<(), NotTaken> {
        let (hall, command) = read.map_err(|what| NotTaken::never(event, what))?;
        match self.0.ask(&hall, command, None, NAME).await {
            Ok(_) => {
                self.want_card(hall);
                Ok(())
            }
            // The day is over, for instance: a final answer that no repeat would change.
            Err(Failure::Refused(refusal)) => {
                let (subject, version) = (&event.subject, event.version);
                tracing::error!(subject, stream = %event.stream, version, error = %refusal, "an event is dropped");
                Ok(())
            }
            Err(Failure::Fault(fault)) => Err(NotTaken::of(event, fault)),
        }
    }

    /// If clerks compare names, fetches the card of somebody who has just booked for today ahead of time.
    fn want_card(&self, hall: HallKey) {
        let Some(office) = self.0.offices.get(&hall.office) else { return };
        let verify = crate::offices::location(&office, &hall.location).is_some_and(|it| it.rules.verify);
        if verify && self.0.today(&office, &hall.location) == hall {
            self.0.cards.want(hall);
        }
    }
}

fn key(office: String, location: String, day: &str) -> Result<HallKey, String> {
    Ok(HallKey { office, location, day: day.parse().map_err(|_| "its day is no date")? })
}

fn confirmed(event: &PublicEvent) -> Result<(HallKey, Reservation), String> {
    let it = ReservationConfirmed::decode(event.payload.clone()).map_err(|e| e.to_string())?;
    let reservation = Reservation {
        reservation: Id::parse(IdKind::Reservation, &it.reservation).map_err(|e| e.to_string())?,
        ticket: Id::parse(IdKind::Ticket, &it.ticket).map_err(|e| e.to_string())?,
        ticket_number: it.ticket_number,
        service: it.service,
        at: Moment::from_micros(it.at),
        time: it.time.parse().map_err(|_| "its hour is not written HH:MM")?,
        code: it.check_in_code,
        cancel_at_min: None,
    };
    Ok((key(it.office, it.location, &it.day)?, reservation))
}

fn ended(event: &PublicEvent) -> Result<(HallKey, HallCommand), String> {
    let it = ReservationEnded::decode(event.payload.clone()).map_err(|e| e.to_string())?;
    let reservation = Id::parse(IdKind::Reservation, &it.reservation).map_err(|e| e.to_string())?;
    Ok((key(it.office, it.location, &it.day)?, HallCommand::Unexpect { reservation }))
}
