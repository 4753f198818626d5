//! The gRPC API of booking: the cards of people who come on a day, for reception and counters, with what a clerk needs
//! to identify a person, but no contact; and the phone of one visit whose holder wants a message. Knows no rule of the
//! hall.

use crate::service::Booking;
use okienko_day::{Confirmed, Day as DayMachine};
use okienko_day::{Contact, Subject};
use okienko_kernel::{Day, Id, IdKind, Moment};
use okienko_office::LoadedOffice;
use okienko_office::form::Means;
use okienko_office::plan::stream_of;
use okienko_proto::booking::booking_server::{Booking as Contract, BookingServer};
use okienko_proto::booking::{
    Card, CardsReply, CardsRequest, KeyShownReply, KeyShownRequest, PhoneReply, PhoneRequest,
};
use okienko_web::Claims;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tonic::{Request, Response, Status};

/// Maximum reservations in one request.
const CARDS_AT_MOST: usize = 500;

/// The server that other services call.
pub fn server(booking: Arc<Booking>) -> BookingServer<Grpc> {
    BookingServer::new(Grpc(booking))
}

/// The contract's implementation.
#[derive(Clone)]
pub struct Grpc(Arc<Booking>);

#[tonic::async_trait]
impl Contract for Grpc {
    async fn cards(&self, request: Request<CardsRequest>) -> Result<Response<CardsReply>, Status> {
        let asked = request.into_inner();
        let known = self.0.offices.get(&asked.office);
        let known = known.ok_or_else(|| okienko_rpc::refuse_code("unknown"))?;
        let day: Day = asked.day.parse().map_err(|_| okienko_rpc::refuse_code("invalid"))?;
        if asked.reservation.len() > CARDS_AT_MOST {
            return Err(okienko_rpc::refuse_code("invalid"));
        }
        let ids = asked.reservation.iter().filter_map(|id| Id::parse(IdKind::Reservation, id).ok());
        let ids = ids.filter(|id| id.way().office == known.office.number && id.way().day == day);
        let mut wanted = self.0.confirmed(&known, ids.collect()).await?;
        wanted.retain(|confirmed| confirmed.place.location == asked.location);
        Ok(Response::new(CardsReply { cards: self.0.cards(&known, &wanted).await? }))
    }

    async fn key_shown(&self, request: Request<KeyShownRequest>) -> Result<Response<KeyShownReply>, Status> {
        let told = request.into_inner();
        let roles = told.roles.iter().filter_map(|word| word.parse().ok()).collect();
        let named = |text: String| Some(text).filter(|text| !text.is_empty());
        let claims = Claims {
            id: told.id,
            office: told.office,
            roles,
            location: named(told.location),
            counter: named(told.counter),
            expires: Moment::from_micros(told.expires),
        };
        let listed = self.0.staff.key_shown(&claims).await;
        listed.map_err(|problem| Status::unavailable(problem.code().as_str()))?;
        Ok(Response::new(KeyShownReply {}))
    }

    async fn phone(&self, request: Request<PhoneRequest>) -> Result<Response<PhoneReply>, Status> {
        let asked = request.into_inner();
        let known = self.0.offices.get(&asked.office);
        let known = known.ok_or_else(|| okienko_rpc::refuse_code("unknown"))?;
        let id = Id::parse(IdKind::Reservation, &asked.reservation);
        let id = id.ok().filter(|id| id.way().office == known.office.number);
        let id = id.ok_or_else(|| okienko_rpc::refuse_code("unknown"))?;
        let wanted = self.0.confirmed(&known, [id].into()).await?;
        let subject = wanted.into_iter().find_map(|it| it.subject);
        let person = self.0.service.vault::<Subject>().open_of(subject).await;
        let person = person.map_err(|fault| Status::unavailable(fault.to_string()))?;
        let phone = match person.and_then(|person| person.contact) {
            Some(Contact::Phone(phone)) => phone,
            _ => String::new(),
        };
        Ok(Response::new(PhoneReply { phone }))
    }
}

impl Booking {
    /// Those of these reservations that were not cancelled or removed.
    async fn confirmed(&self, known: &LoadedOffice, ids: BTreeSet<Id>) -> Result<Vec<Confirmed>, Status> {
        let mut days: BTreeMap<String, Vec<Id>> = BTreeMap::new();
        for id in ids {
            days.entry(stream_of(id)).or_default().push(id);
        }
        let mut found = Vec::new();
        for (stream, ids) in days {
            let look = move |day: &DayMachine| {
                let known = ids.iter().filter_map(|id| day.reservation(*id));
                let held = known.filter(|reservation| reservation.state.has_place());
                held.map(|reservation| reservation.confirmed.clone()).collect::<Vec<_>>()
            };
            let read = self.days.read(&known.office.id, &stream, look).await;
            found.extend(read.map_err(|fault| Status::unavailable(fault.to_string()))?);
        }
        Ok(found)
    }

    async fn cards(&self, known: &LoadedOffice, wanted: &[Confirmed]) -> Result<Vec<Card>, Status> {
        let subjects: Vec<String> =
            wanted.iter().filter_map(|it| it.subject).map(|id| id.to_string()).collect();
        let rows = self.service.vault().open(&subjects).await;
        let rows: Vec<Option<Subject>> = rows.map_err(|fault| Status::unavailable(fault.to_string()))?;
        let opened = subjects.into_iter().zip(rows).filter_map(|(id, row)| Some((id, row?)));
        let people: BTreeMap<String, Subject> = opened.collect();
        let locale = known.office.locales.first().map_or("pl", String::as_str);
        let card = |it: &Confirmed| {
            let person = it.subject.and_then(|id| people.get(&id.to_string()));
            // What a field means is stated by the office, not derived from its id.
            let said = |means| {
                let answers = &person.map(|person| &person.fields)?;
                known.office.answer_meant(&it.service, means, answers)
            };
            let service = known.office.service(&it.service);
            Card {
                reservation: it.reservation.to_string(),
                name: said(Means::Name).unwrap_or_default(),
                number: it.number.clone(),
                matter: service.map_or(it.service.as_str(), |s| s.name.in_locale(locale)).to_owned(),
                children: said(Means::Children).unwrap_or_default(),
            }
        };
        Ok(wanted.iter().map(card).collect())
    }
}
