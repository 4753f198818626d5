//! The office's days and pools in numbers: when each is open, how many people serve, what is booked and free. Must not open
//! the vault.

use crate::BackOffice;
use okienko_day::{Day as DayMachine, Share};
use okienko_kernel::{Day, Machine};
use okienko_office::calendar::Interval;
use okienko_office::plan::stream_key;
use okienko_office::{LoadedOffice, Pool, Release};
use okienko_web::{Claims, Problem};
use std::sync::Arc;

/// The most days of one answer.
pub const MOST_DAYS: i64 = 62;

/// A pool on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolDay {
    /// The pool's id.
    pub pool: String,
    /// When it is open; empty when closed.
    pub open: Vec<Interval>,
    /// The most people who serve at once.
    pub capacity: u32,
    /// Reservations that have their place, those of a day that has been closed since included.
    pub booked: u32,
    /// How many more people can be given a visit, reserved places included; where services differ in length, of the one
    /// of which most fit.
    pub free: u32,
}

impl BackOffice {
    /// The pools that the claims may see, for each day of a range.
    pub async fn calendar(
        &self,
        claims: &Claims,
        known: &LoadedOffice,
        (from, until): (Day, Day),
    ) -> Result<Vec<(Day, Vec<PoolDay>)>, Problem> {
        let seen = |pool: &&Pool| claims.location.as_deref().is_none_or(|only| only == pool.location);
        let mut days = Vec::new();
        for ahead in 0..=until.days_since(from) {
            let date = from.plus_days(ahead);
            let mut pools = Vec::new();
            for pool in known.office.pools.iter().filter(seen) {
                pools.push(self.pool_day(known, pool, date).await?);
            }
            days.push((date, pools));
        }
        Ok(days)
    }

    async fn pool_day(&self, known: &LoadedOffice, pool: &Pool, date: Day) -> Result<PoolDay, Problem> {
        // Other days than those of citizens' months are neither kept in memory nor loaded where nothing was ever booked.
        let is_open = known.release(date, self.today(known)) == Release::Open;
        let plan =
            if is_open { known.plan(pool, date) } else { known.office.plan(&pool.id, date).map(Arc::new) };
        let key = stream_key(known.office.number, pool.number, date);
        let now = self.service.now();
        let count = |day: &DayMachine| {
            let booked = day.reservations().values().filter(|it| it.state.has_place()).count();
            // Whatever the day was opened with: a pool that is closed by now promises nothing more.
            let free = plan.as_ref().map_or(0, |plan| {
                let of = |id: &String| day.free_in_all(plan, id, Share::Staff, now, now);
                plan.services.iter().map(|service| of(&service.id)).max().unwrap_or_default()
            });
            (u32::try_from(booked).unwrap_or(u32::MAX), free)
        };
        let (booked, free) = match is_open || self.has_stream(&key).await? {
            true => self.days.peek(&known.office.id, &key, count).await?,
            false => count(&DayMachine::new(&key)),
        };
        let open = known.office.location(&pool.location).filter(|_| plan.is_some());
        let open = open.map_or(&[][..], |location| known.office.pool_hours_on(location, pool, date));
        let capacity = plan.and_then(|plan| plan.slots.iter().map(|slot| slot.places).max());
        let capacity = capacity.unwrap_or_default();
        Ok(PoolDay { pool: pool.id.clone(), open: open.to_vec(), capacity, booked, free })
    }
}
