//! Which days and hours are free. Read from the days' memory: a hint that may be slightly outdated, never a promise.

use crate::service::Booking;
use async_trait::async_trait;
use okienko_actor::Registry;
use okienko_backoffice::PlacesLeft;
use okienko_day::{Day as DayMachine, Share};
use okienko_host::Service;
use okienko_kernel::{Day, Moment, Span, TimeOfDay};
use okienko_office::plan::{DayPlan, stream_key};
use okienko_office::{LoadedOffice, Release};
use okienko_web::{Code, Problem};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

/// Minutes to confirm a held place: as long as a hold lasts.
const TO_CONFIRM_MIN: u32 = 10;

/// Whether a day can be chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayState {
    /// There are free hours.
    Open,
    /// All places of the day are taken.
    Full,
    /// Nothing is served that day.
    Closed,
    /// Behind the horizon.
    NotReleased,
    /// Over.
    Past,
}

/// A day and its free places.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct DayFree {
    /// `YYYY-MM-DD`.
    #[schema(value_type = String)]
    pub date: Day,
    /// Whether it can be chosen.
    pub state: DayState,
    /// How many more people can be given a visit that day.
    pub free: u32,
}

/// An hour and its free places.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct TimeFree {
    /// Local `HH:MM`.
    #[schema(value_type = String)]
    pub time: TimeOfDay,
    /// Free places.
    pub free: u32,
}

impl Booking {
    /// The office, if it offers that service at that location; otherwise `unknown`.
    pub fn offered(&self, office: &str, location: &str, service: &str) -> Result<Arc<LoadedOffice>, Problem> {
        let known = self.offices.get(office).ok_or(Code::Unknown)?;
        known.service_at(service, location).ok_or(Code::Unknown)?;
        Ok(known)
    }

    /// The local day at an office.
    pub fn today(&self, known: &LoadedOffice) -> Day {
        known.office.day_at(self.service.now())
    }
}

/// What the days of this process know about free places.
pub struct FreePlaces {
    /// The clock.
    pub service: Arc<Service>,
    /// The days.
    pub days: Registry<DayMachine>,
}

#[async_trait]
impl PlacesLeft for FreePlaces {
    async fn places_left(
        &self,
        known: &LoadedOffice,
        location: &str,
        service: &str,
        date: Day,
    ) -> Result<u32, Problem> {
        let days = self.days(known, location, service, date, 1).await?;
        Ok(days.iter().map(|day| day.free).sum())
    }
}

impl FreePlaces {
    /// Free places of `count` days from `from`.
    pub async fn days(
        &self,
        known: &LoadedOffice,
        location: &str,
        service: &str,
        from: Day,
        count: u16,
    ) -> Result<Vec<DayFree>, Problem> {
        let now = self.service.now();
        let today = known.office.day_at(now);
        let from_now_on = now.plus(Span::from_mins(i64::from(lead_min(known, location))));
        let mut days = Vec::with_capacity(usize::from(count));
        for ahead in 0..i64::from(count) {
            let date = from.plus_days(ahead);
            let closed = |state| DayFree { date, state, free: 0 };
            days.push(match known.release(date, today) {
                Release::Past => closed(DayState::Past),
                Release::NotReleased => closed(DayState::NotReleased),
                Release::Open => {
                    let mut free = None;
                    for pool in known.office.pools_of(service, location) {
                        if let Some(plan) = known.plan(pool, date) {
                            *free.get_or_insert(0) += self.free_of(&plan, service, from_now_on, now).await?;
                        }
                    }
                    match free {
                        None => closed(DayState::Closed),
                        Some(0) => closed(DayState::Full),
                        Some(free) => DayFree { date, state: DayState::Open, free },
                    }
                }
            });
        }
        Ok(days)
    }

    async fn free_of(
        &self,
        plan: &DayPlan,
        service: &str,
        after: Moment,
        now: Moment,
    ) -> Result<u32, Problem> {
        let key = stream_key(plan.office_number, plan.pool_number, plan.day);
        let look = |day: &DayMachine| day.free_in_all(plan, service, Share::Everybody, after, now);
        Ok(self.days.peek(&plan.office, &key, look).await?)
    }

    /// The remaining hours of a day, with their free places; empty if the day cannot be chosen.
    pub async fn times(
        &self,
        known: &LoadedOffice,
        location: &str,
        service: &str,
        date: Day,
    ) -> Result<Vec<TimeFree>, Problem> {
        let now = self.service.now();
        let from_now_on = now.plus(Span::from_mins(i64::from(lead_min(known, location))));
        if known.release(date, known.office.day_at(now)) != Release::Open {
            return Ok(Vec::new());
        }
        let mut free: BTreeMap<TimeOfDay, u32> = BTreeMap::new();
        for pool in known.office.pools_of(service, location) {
            let Some(plan) = known.plan(pool, date) else { continue };
            let key = stream_key(plan.office_number, plan.pool_number, plan.day);
            let look = |day: &DayMachine| day.free_starts(&plan, service, from_now_on, now);
            for (time, places) in self.days.peek(&plan.office, &key, look).await? {
                *free.entry(time).or_default() += places;
            }
        }
        Ok(free.into_iter().map(|(time, free)| TimeFree { time, free }).collect())
    }
}

/// Minutes before an hour from which it is no longer offered: where a visitor enters the queue by a code alone,
/// accepted only until some time before the hour, whoever holds a place must still have time to confirm it and come.
pub(super) fn lead_min(known: &LoadedOffice, location: &str) -> u32 {
    let queue = known.office.location(location).map(|location| &location.queue);
    let closes = queue.filter(|queue| !queue.placed_at_hour).map_or(0, |queue| queue.check_in_closes_min);
    u32::try_from(closes).ok().filter(|closes| *closes > 0).map_or(0, |closes| closes + TO_CONFIRM_MIN)
}
