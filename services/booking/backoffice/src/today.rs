//! An office's day in numbers: per location and service what is free, booked, present and missed, and what waits for
//! staff. Must not open the vault.

use crate::BackOffice;
use crate::Filter;
use async_trait::async_trait;
use okienko_day::State;
use okienko_kernel::Day;
use okienko_office::{LoadedOffice, Pool};
use okienko_web::{Claims, Problem};
use serde::Serialize;

/// One service at one location. Services that share a pool are adjacent; the free places are the pool's, counted once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The location's id.
    pub location: String,
    /// The service's id.
    pub service: String,
    /// The pool whose places it uses; empty if it has none.
    pub pool: String,
    /// Places of that pool that can still be booked.
    pub free: u32,
    /// Whether the office is closed: there are no slots at all.
    pub closed: bool,
    /// Expected visits.
    pub booked: usize,
    /// Checked in, or served.
    pub checked_in: usize,
    /// Did not come.
    pub missed: usize,
    /// Checked in, but the office did not call them.
    pub not_called: usize,
    /// Cancelled by the holder, or removed by the office.
    pub ended: usize,
}

/// The numbers of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Today {
    /// By location and service, in the office's order.
    pub lines: Vec<Line>,
    /// Answers that nobody has read yet.
    pub answers: usize,
    /// Reservations of the coming days that look suspicious.
    pub suspicious: usize,
}

/// What the days know about free places.
#[async_trait]
pub trait PlacesLeft: Send + Sync {
    /// Places of a service at a location that can still be booked on a day; `None` if the day cannot be chosen.
    async fn places_left(
        &self,
        known: &LoadedOffice,
        location: &str,
        service: &str,
        date: Day,
    ) -> Result<u32, Problem>;
}

impl BackOffice {
    /// The numbers of a day.
    pub async fn day_in_numbers(
        &self,
        claims: &Claims,
        known: &LoadedOffice,
        date: Day,
    ) -> Result<Today, Problem> {
        let filter = Filter { date, location: None, service: None, search: None };
        let all = self.reservations_of(claims, known, &filter).await?;
        let mut lines: Vec<Line> = Vec::new();
        for location in &known.office.locations {
            let first = lines.len();
            if claims.location.as_deref().is_some_and(|only| only != location.id) {
                continue;
            }
            for service in &known.office.services {
                if !service.locations.contains(&location.id) {
                    continue;
                }
                let pools: Vec<&Pool> = known.office.pools_of(&service.id, &location.id).collect();
                let works = |pool: &&Pool| known.plan(pool, date).is_some_and(|plan| !plan.slots.is_empty());
                let closed = !pools.iter().any(works);
                let free = self.places.places_left(known, &location.id, &service.id, date).await?;
                let here = all.iter().filter(|it| {
                    it.confirmed.place.location == location.id && it.confirmed.service == service.id
                });
                let count = |of: fn(&State) -> bool| {
                    here.clone().filter(|reservation| of(&reservation.state)).count()
                };
                lines.push(Line {
                    location: location.id.clone(),
                    service: service.id.clone(),
                    pool: pools.iter().map(|pool| pool.id.as_str()).collect::<Vec<_>>().join(" "),
                    closed,
                    free,
                    booked: count(|state| *state == State::Confirmed),
                    checked_in: count(|state| matches!(state, State::CheckedIn | State::Served)),
                    missed: count(|state| *state == State::Missed),
                    not_called: count(|state| *state == State::NotCalled),
                    ended: count(|state| !state.has_place()),
                });
            }
            // Services of one pool are placed side by side, in the order of the first of each pool.
            let order: Vec<String> = lines[first..].iter().map(|line| line.pool.clone()).collect();
            lines[first..].sort_by_key(|line| order.iter().position(|pool| *pool == line.pool));
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
