//! How many more visits a day can take: of a slot with places of its own, or of people to whom visits are given one by one;
//! for everybody or, with the reserved places, for staff. Must not know who asks.

use super::command::Share;
use super::fit::{Ledger, Visit, Visits};
use super::state::{Day, Slot};
use okienko_kernel::{Moment, TimeOfDay};
use okienko_office::plan::{DayPlan, Length, PlannedService, PlannedSlot};
use std::collections::BTreeMap;

impl Day {
    /// Places for everybody at a start of a service that can be held at `now`; 0 where there is no such start. A day that
    /// was never opened is taken as `plan` would open it; so in all of these.
    pub fn free_at(&self, plan: &DayPlan, service: &str, time: TimeOfDay, now: Moment) -> u32 {
        let plan = self.plan.as_deref().unwrap_or(plan);
        let slot = plan.slots.iter().find(|slot| slot.time == time);
        let Some(both) = plan.service(service).zip(slot) else { return 0 };
        if plan.offers(both.0, both.1) {
            self.free_for(plan, both, Share::Everybody, &self.ledger(plan, now), now)
        } else {
            0
        }
    }

    /// Starts of a service later than `after` that `plan` offers, each with the places for everybody that can be held at
    /// `now`; 0 where the day was opened without such a start. What the office has given up since is not offered.
    pub fn free_starts(
        &self,
        plan: &DayPlan,
        service: &str,
        after: Moment,
        now: Moment,
    ) -> Vec<(TimeOfDay, u32)> {
        let Some(offered) = plan.service(service) else { return Vec::new() };
        let starts = plan.slots.iter().filter(|slot| slot.at > after && plan.offers(offered, slot));
        let own = self.plan.as_deref().unwrap_or(plan);
        let Some(service) = own.service(service) else { return starts.map(|slot| (slot.time, 0)).collect() };
        let ledger = self.ledger(own, now);
        let free = |slot: &PlannedSlot| {
            let slot =
                own.slots.binary_search_by_key(&slot.time, |slot| slot.time).ok().map(|at| &own.slots[at]);
            let slot = slot.filter(|slot| own.offers(service, slot));
            slot.map_or(0, |slot| self.free_for(own, (service, slot), Share::Everybody, &ledger, now))
        };
        starts.map(|slot| (slot.time, free(slot))).collect()
    }

    /// How many more people of a share can be given a visit of a service later than `after`. Where a visit is longer than
    /// the way from one start to the next, this is less than the sum of all starts, of which one visit takes several.
    pub fn free_in_all(
        &self,
        plan: &DayPlan,
        service: &str,
        share: Share,
        after: Moment,
        now: Moment,
    ) -> u32 {
        let plan = self.plan.as_deref().unwrap_or(plan);
        let Some(service) = plan.service(service) else { return 0 };
        let Some(length) = service.length else {
            let kept = kept(plan, share, now);
            let of_all = |places: u32| places.saturating_sub(kept);
            return match self.plan {
                Some(_) => {
                    let ahead = self.slots.values().filter(|slot| slot.at > after);
                    ahead.map(|slot| of_all(slot.free(now))).sum()
                }
                None => {
                    plan.slots.iter().filter(|slot| slot.at > after).map(|slot| of_all(slot.places)).sum()
                }
            };
        };
        let mut ledger = self.ledger(plan, now);
        let mut free = 0_u32;
        for slot in plan.slots.iter().filter(|slot| slot.at > after && plan.offers(service, slot)) {
            let more = self.free_for(plan, (service, slot), share, &ledger, now);
            ledger.promise(Visit::new(slot.at, length), more);
            free = free.saturating_add(more);
        }
        free
    }

    /// Places of a start that is offered, with the [`Day::ledger`].
    pub(super) fn free_for(
        &self,
        plan: &DayPlan,
        (service, slot): (&PlannedService, &PlannedSlot),
        share: Share,
        ledger: &Ledger<'_>,
        now: Moment,
    ) -> u32 {
        let free = match service.length {
            Some(length) => ledger.room(Visit::new(slot.at, length)),
            None => self.slots.get(&slot.time).map_or(slot.places, |slot| slot.free(now)),
        };
        free.saturating_sub(kept(plan, share, now))
    }

    /// All visits that are promised at `now`, where they are given to people; otherwise nothing.
    pub(super) fn ledger<'a>(&self, plan: &'a DayPlan, now: Moment) -> Ledger<'a> {
        let slots = self.slots.values().filter(|_| !plan.people.is_empty());
        Ledger::new(&plan.people, slots.flat_map(|slot| self.visits_of(slot, now)).collect())
    }

    fn visits_of(&self, slot: &Slot, now: Moment) -> Vec<Visits> {
        let mut lengths: BTreeMap<Length, u32> = slot.lengths.clone();
        let held = slot.ends.iter().rev().take_while(|(end, _)| *end > now);
        let held = held.filter_map(|(_, id)| self.holds.get(id)?.length);
        let returning = slot.returning.iter().rev().take_while(|(free_from, _)| *free_from > now);
        for length in held.chain(returning.filter_map(|(_, length)| *length)) {
            *lengths.entry(length).or_default() += 1;
        }
        let promised = lengths.into_iter().filter(|(_, count)| *count > 0);
        promised.map(|(length, count)| (Visit::new(slot.at, length), count)).collect()
    }
}

/// Places of each start that are kept from this share at `now`.
fn kept(plan: &DayPlan, share: Share, now: Moment) -> u32 {
    let kept = plan.reserved.filter(|kept| share == Share::Everybody && now < kept.until);
    kept.map_or(0, |kept| kept.people)
}
