//! A reservation as its holder sees it.

use crate::service::Booking;
use okienko_day::{Confirmed, Day as DayMachine, Reservation};
use okienko_kernel::{Id, IdKind, Keys};
use okienko_office::LoadedOffice;
use okienko_office::plan::stream_of;
use okienko_web::{Code, Problem};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// A reservation as its holder sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReservationView {
    /// The number that one reads out.
    pub number: String,
    /// Proves that one was given it; part of `manage_url`.
    pub token: String,
    /// `confirmed`, `checked_in`, `served`, `missed`, `not_called`, `cancelled` or `removed`.
    pub state: String,
    /// Typed at the kiosk.
    pub check_in_code: String,
    /// The ticket's number on the screens, where it is known in advance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// The e-ticket's token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket_token: Option<String>,
    /// The office's id.
    pub office: String,
    /// The location's id.
    pub location: String,
    /// The service's id.
    pub service: String,
    /// Local day.
    pub date: String,
    /// Local hour.
    pub time: String,
    /// The page with all of this.
    pub manage_url: String,
}

impl Booking {
    /// The reservation of a token, and its office.
    pub async fn reservation(&self, token: &str) -> Result<(Arc<LoadedOffice>, Reservation), Problem> {
        let id = self.reservation_id(token)?;
        let known = self.offices.numbered(id.way().office).ok_or(Code::Unknown)?;
        let look = move |day: &DayMachine| day.reservation(id).cloned();
        let found = self.days.read(&known.office.id, &stream_of(id), look).await?;
        Ok((known, found.ok_or(Code::Unknown)?))
    }

    /// The reservation id in a token.
    pub(super) fn reservation_id(&self, token: &str) -> Result<Id, Problem> {
        Id::from_token(IdKind::Reservation, token, &self.service.world.keys)
            .map_err(|_| Problem::new(Code::Unknown))
    }

    /// The reservation as its holder sees it.
    pub fn view(&self, reservation: &Reservation) -> ReservationView {
        let (confirmed, keys) = (&reservation.confirmed, &self.service.world.keys);
        let has_ticket = !confirmed.ticket_number.is_empty();
        ReservationView {
            number: confirmed.number.clone(),
            token: confirmed.reservation.token(keys),
            state: reservation.state.word().to_owned(),
            check_in_code: confirmed.check_in_code.clone(),
            ticket: has_ticket.then(|| confirmed.ticket_number.clone()),
            ticket_token: has_ticket.then(|| confirmed.ticket.token(keys)),
            office: confirmed.place.office.clone(),
            location: confirmed.place.location.clone(),
            service: confirmed.service.clone(),
            date: confirmed.place.day.to_string(),
            time: confirmed.time.to_string(),
            manage_url: self.visit_path(confirmed),
        }
    }

    /// The address of a reservation's page.
    pub(crate) fn visit_path(&self, confirmed: &Confirmed) -> String {
        visit_path(confirmed, &self.service.world.keys)
    }
}

/// The path of a reservation's page, beginning with a slash.
pub(crate) fn visit_path(confirmed: &Confirmed, keys: &Keys) -> String {
    format!("/{}/visit/{}", confirmed.place.office, confirmed.reservation.token(keys))
}
