//! An office's day in numbers: per location and service what is free, booked, there and missed, and what waits for
//! somebody. Opens nothing of the vault.

use super::Filter;
use crate::domain::day::State;
use crate::offices::Known;
use crate::service::Booking;
use okienko_kernel::Day;
use okienko_web::{Claims, Problem};
use serde::Serialize;

/// One service at one location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The location's id.
    pub location: String,
    /// The service's id.
    pub service: String,
    /// Places that can still be booked; services may share them.
    pub free: u32,
    /// Expected.
    pub booked: usize,
    /// In the hall, or served.
    pub checked_in: usize,
    /// Did not come.
    pub missed: usize,
    /// Were there, and the office did not call.
    pub not_called: usize,
    /// Cancelled by the holder, or removed by the office.
    pub ended: usize,
}

/// The day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Today {
    /// By location and service, in the office's order.
    pub lines: Vec<Line>,
    /// Answers that nobody has read.
    pub answers: usize,
    /// Reservations of the coming days that look suspicious.
    pub suspicious: usize,
}

impl Booking {
    /// The numbers of a day.
    pub async fn day_in_numbers(&self, claims: &Claims, known: &Known, date: Day) -> Result<Today, Problem> {
        let filter = Filter { date, location: None, service: None, search: None };
        let all = self.reservations_of(claims, known, &filter).await?;
        let mut lines = Vec::new();
        for location in &known.office.locations {
            if claims.location.as_deref().is_some_and(|only| only != location.id) {
                continue;
            }
            for service in &known.office.services {
                if !service.locations.contains(&location.id) {
                    continue;
                }
                let times = self.times(known, &location.id, &service.id, date).await?;
                let here = all.iter().filter(|it| {
                    it.confirmed.place.location == location.id && it.confirmed.service == service.id
                });
                let count = |of: fn(&State) -> bool| {
                    here.clone().filter(|reservation| of(&reservation.state)).count()
                };
                lines.push(Line {
                    location: location.id.clone(),
                    service: service.id.clone(),
                    free: times.iter().map(|time| time.free).sum(),
                    booked: count(|state| *state == State::Confirmed),
                    checked_in: count(|state| matches!(state, State::CheckedIn | State::Served)),
                    missed: count(|state| *state == State::Missed),
                    not_called: count(|state| *state == State::NotCalled),
                    ended: count(|state| !state.has_place()),
                });
            }
        }
        let mut answers = 0;
        let asked = self.asked_on(known, date).await?;
        for reservation in all.iter().map(|it| it.confirmed.reservation) {
            if asked.contains(&crate::domain::inquiry::stream_key(reservation)) {
                let round = self.round_of(known, reservation).await?;
                answers += usize::from(round.is_some_and(|round| round.word() == "answered"));
            }
        }
        let suspicious = self.suspects(claims, known).await?.len();
        Ok(Today { lines, answers, suspicious })
    }
}
