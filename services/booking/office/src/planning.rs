//! Makes the plan of a pool's day from the office's data: who is there, and when visits may begin. Must not know of what is
//! booked, nor of the plans that were made before.

use crate::calendar::{Interval, WeekHours};
use crate::data::{Office, Pool, Service};
use crate::plan::{DayPlan, Length, PlannedService, PlannedSlot, Presence, Remind, Reserved};
use okienko_kernel::{Day, Moment, Span, TimeOfDay, Zone};
use std::collections::BTreeMap;

/// Starts by local time.
type Starts = BTreeMap<TimeOfDay, PlannedSlot>;

impl Office {
    fn remind(&self, day: Day) -> Option<Remind> {
        let eve = day.plus_days(-1);
        let at = self.zone.moment(eve, self.remind_at?)?;
        Some(Remind { at, booked_before: self.zone.start_of(eve) })
    }

    /// The plan of a pool on a local day; `None` if there is no such pool or nothing can be booked that day. A slot
    /// whose local time does not exist that night is left out; one that occurs twice is used once.
    pub fn plan(&self, pool: &str, day: Day) -> Option<DayPlan> {
        let pool = self.pool(pool)?;
        let location = self.location(&pool.location)?;
        let hours = self.pool_hours_on(location, pool, day);
        let services: Vec<&Service> = pool.services.iter().filter_map(|id| self.service(id)).collect();
        let is_by_people = self.is_by_people(pool);
        let people = if is_by_people { people(pool, hours, day, &self.zone) } else { Vec::new() };
        let planned: Vec<PlannedService> = services
            .iter()
            .map(|service| PlannedService {
                id: service.id.clone(),
                form: !service.form.is_empty(),
                proof: service.proof.clone(),
                cancel_until_min: service.cancel_until_min.unwrap_or(0),
                length: is_by_people.then(|| length(service, pool)),
                step_min: is_by_people.then(|| service.step.unwrap_or(pool.slot_minutes).max(1)),
            })
            .collect();
        let mut plan = DayPlan {
            office: self.id.clone(),
            office_number: self.number,
            location: location.id.clone(),
            location_number: location.number,
            pool: pool.id.clone(),
            pool_number: pool.number,
            day,
            zone: self.zone.clone(),
            ends_at: self.zone.start_of(day.plus_days(1)),
            slots: Vec::new(),
            people,
            reserved: reserved(pool, day, &self.zone),
            services: planned,
            booked_prefix: pool.prefix.clone(),
            code_digit: pool.code_digit,
            reappear_after_min: pool.reappear_after_min,
            remind: self.remind(day),
            used_until_min: Some(location.queue.used_until_min()),
        };
        let slots = if is_by_people { starts(&plan) } else { slots(pool, hours, day, &self.zone) };
        plan.slots = slots.into_values().collect();
        (!plan.slots.is_empty()).then_some(plan)
    }

    /// Whether a service of a pool ever begins within these hours of its week.
    pub(crate) fn is_ever_offered(&self, pool: &Pool, hours: &WeekHours, service: &Service) -> bool {
        let length = Span::from_mins(i64::from(length(service, pool).minutes));
        let step = service.step.unwrap_or(pool.slot_minutes);
        // Any week does in which no clocks change.
        (0..7).map(|ahead| Day::from_number(150).plus_days(ahead)).any(|day| {
            let people = people(pool, hours.on(day.weekday()), day, &self.zone);
            let blocks = crate::plan::blocks(&people).into_iter();
            let mut starts = blocks.flat_map(|block| steps(block, step, day, &self.zone));
            starts.any(|(_, at)| people.iter().any(|it| it.from <= at && at + length <= it.to))
        })
    }

    /// Whether visits of a pool are given to its people one by one. Where each takes one slot and nobody has a shift, the
    /// slots have places of their own, which says the same and costs less.
    fn is_by_people(&self, pool: &Pool) -> bool {
        let mut services = pool.services.iter().filter_map(|id| self.service(id));
        !pool.shifts.is_empty()
            || services.any(|it| it.step.is_some() || it.pause.is_some() || it.minutes > pool.slot_minutes)
    }
}

/// Without a step of its own, a service takes whole slots.
fn length(service: &Service, pool: &Pool) -> Length {
    let slot = pool.slot_minutes.max(1);
    let whole = service.minutes.div_ceil(slot).saturating_mul(slot);
    let minutes = if service.step.is_some() { service.minutes } else { whole };
    Length { minutes, pause_min: service.pause.unwrap_or(0) }
}

/// Who is there within these hours: the pool's shifts or, without any, its whole capacity all the time.
fn people(pool: &Pool, hours: &[Interval], day: Day, zone: &Zone) -> Vec<Presence> {
    if pool.shifts.is_empty() {
        return hours.iter().filter_map(|open| presence(*open, pool.capacity, day, zone)).collect();
    }
    let shifts = pool.shifts.iter().filter(|shift| shift.is_on(day.weekday()));
    let mut all: Vec<Presence> = shifts
        .flat_map(|shift| {
            let worked = shift.without_breaks();
            let inside = worked.iter().flat_map(|worked| hours.iter().filter_map(|open| worked.within(open)));
            joined(inside.filter_map(|worked| presence(worked, shift.people, day, zone)))
        })
        .collect();
    all.sort_unstable();
    all
}

/// The times of the same people, in order; a break that the night leaves out is none.
fn joined(times: impl Iterator<Item = Presence>) -> Vec<Presence> {
    let mut times: Vec<Presence> = times.collect();
    times.sort_unstable();
    times.dedup_by(|later, before| {
        let follows = before.to == later.from;
        if follows {
            before.to = later.to;
        }
        follows
    });
    times
}

fn presence(worked: Interval, people: u32, day: Day, zone: &Zone) -> Option<Presence> {
    let (from, to) = (existing(worked.open, day, zone)?, existing(worked.close, day, zone)?);
    (from < to && people > 0).then_some(Presence { from, to, people })
}

/// That local time or, in a night that leaves it out, the first one after it.
fn existing(time: TimeOfDay, day: Day, zone: &Zone) -> Option<Moment> {
    let mut later = (time.minutes()..).map_while(TimeOfDay::from_minutes);
    later.find_map(|time| zone.moment(day, time))
}

/// What is kept for staff; a release at a time that the night leaves out is at the next one.
fn reserved(pool: &Pool, day: Day, zone: &Zone) -> Option<Reserved> {
    let until = match pool.reserved_until {
        Some(release) => existing(release.at, day.plus_days(-i64::from(release.days_before)), zone)?,
        None => zone.start_of(day.plus_days(1)),
    };
    (pool.reserved > 0).then_some(Reserved { people: pool.reserved, until })
}

/// All starts of all services, with the number of people who are there then.
fn starts(plan: &DayPlan) -> Starts {
    let mut starts = Starts::new();
    for block in plan.blocks() {
        for step in plan.services.iter().filter_map(|service| service.step_min) {
            for (time, at) in steps(block, step, plan.day, &plan.zone) {
                let there = plan.people.iter().filter(|it| it.from <= at && at < it.to);
                let slot = PlannedSlot { time, at, places: there.map(|it| it.people).sum() };
                if plan.services.iter().any(|service| plan.offers(service, &slot)) {
                    starts.insert(time, slot);
                }
            }
        }
    }
    starts
}

/// Slots one after the other, each with all places.
fn slots(pool: &Pool, hours: &[Interval], day: Day, zone: &Zone) -> Starts {
    let length = Span::from_mins(i64::from(pool.slot_minutes));
    let blocks = hours.iter().filter_map(|open| presence(*open, pool.capacity, day, zone));
    let starts = blocks.flat_map(|block| {
        let fits = steps(block, pool.slot_minutes, day, zone).filter(move |(_, at)| *at + length <= block.to);
        fits.map(move |(time, at)| (time, PlannedSlot { time, at, places: block.people }))
    });
    starts.collect()
}

/// Every so many minutes from the beginning on, as time passes and not as clocks show it in a night when they change. A
/// local time that occurs twice means its first occurrence, as everybody would take it.
fn steps(block: Presence, minutes: u16, day: Day, zone: &Zone) -> impl Iterator<Item = (TimeOfDay, Moment)> {
    let step = Span::from_mins(i64::from(minutes.max(1)));
    let all = std::iter::successors(Some(block.from), move |at| Some(*at + step));
    let inside = all.take_while(move |at| *at < block.to).map(|at| (zone.local(at).1, at));
    inside.filter(move |(time, at)| zone.moment(day, *time) == Some(*at))
}

#[cfg(test)]
mod tests;
