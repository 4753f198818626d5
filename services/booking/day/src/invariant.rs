//! What must hold for a day at any time: the same predicate for tests, the simulator and production assertions.
//! Recounts from holds and reservations, independently of the counters that decisions use.

use super::fit::{Served, Visit, served};
use super::state::{Day, HoldEnd, State};
use okienko_kernel::Moment;
use okienko_office::Proof;
use okienko_office::plan::DayPlan;
use std::collections::{BTreeMap, BTreeSet};

impl Day {
    /// Checks invariants 1 (no slot is promised to more people than it has places) and 2 (no reservation without its
    /// proof), that no visit is promised after its last usable moment, that nobody is reminded of a visit that is over,
    /// that numbers and codes are unique, and that the counters are correct. An error says what is wrong.
    pub fn invariant_check(&self, now: Moment) -> Result<(), String> {
        self.check_places(now)?;
        self.check_ends()?;
        self.check_proofs()?;
        self.check_reminders()?;
        self.check_numbers()
    }

    fn check_places(&self, now: Moment) -> Result<(), String> {
        if let Some(plan) = self.plan.as_ref().filter(|plan| !plan.people.is_empty()) {
            return self.check_people(plan, now);
        }
        let mut promised: BTreeMap<_, (u32, u32)> = BTreeMap::new();
        for reservation in self.reservations.values().filter(|r| r.state.has_place()) {
            promised.entry(reservation.confirmed.time).or_default().0 += 1;
        }
        for hold in self.holds.values().filter(|hold| hold.runs(now)) {
            promised.entry(hold.time).or_default().1 += 1;
        }
        for (time, (reserved, held)) in promised {
            let slot = self.slots.get(&time).ok_or(format!("{time} is promised and no slot"))?;
            if reserved + held > slot.places {
                return Err(format!("{time}: {reserved} reserved and {held} held of {} places", slot.places));
            }
            if slot.taken != reserved {
                return Err(format!("{time}: {reserved} reserved, counted {}", slot.taken));
            }
            if slot.free(now) + reserved + held > slot.places {
                return Err(format!(
                    "{time}: {} free beside {reserved} reserved and {held} held",
                    slot.free(now)
                ));
            }
        }
        self.check_timers()
    }

    /// Each promised visit can be given to one person from beginning to end, and is counted as long as it is.
    fn check_people(&self, plan: &DayPlan, now: Moment) -> Result<(), String> {
        let at = |time| {
            self.slots.get(&time).map(|slot| slot.at).ok_or(format!("{time} is promised and no start"))
        };
        let mut visits: BTreeMap<Visit, u32> = BTreeMap::new();
        let mut reserved: BTreeMap<_, u32> = BTreeMap::new();
        for reservation in self.reservations.values().filter(|r| r.state.has_place()) {
            let it = &reservation.confirmed;
            let length = self.holds.get(&it.hold).and_then(|hold| hold.length);
            let length = length.ok_or(format!("{} has no length", it.reservation))?;
            *visits.entry(Visit::new(at(it.time)?, length)).or_default() += 1;
            *reserved.entry((it.time, length)).or_default() += 1;
        }
        for (id, hold) in self.holds.iter().filter(|(_, hold)| hold.runs(now)) {
            let length = hold.length.ok_or(format!("{id} has no length"))?;
            *visits.entry(Visit::new(at(hold.time)?, length)).or_default() += 1;
        }
        let visits: Vec<_> = visits.into_iter().collect();
        if served(&plan.people, &visits) == Served::No {
            return Err(format!("these visits cannot be given to {:?}: {visits:?}", plan.people));
        }
        let counted = self.slots.iter().flat_map(|(time, slot)| {
            slot.lengths.iter().map(move |(length, count)| ((*time, *length), *count))
        });
        let counted: BTreeMap<_, u32> = counted.filter(|(_, count)| *count > 0).collect();
        if counted != reserved {
            return Err(format!("reserved are {reserved:?}, counted {counted:?}"));
        }
        self.check_timers()
    }

    fn check_timers(&self) -> Result<(), String> {
        let open = self.holds.values().filter(|hold| hold.end.is_none()).count();
        let in_slots: usize = self.slots.values().map(|slot| slot.ends.len()).sum();
        if open != self.ends.len() || open != in_slots {
            return Err(format!("{open} holds, {} timers, {in_slots} of slots", self.ends.len()));
        }
        Ok(())
    }

    /// No hold runs past the last moment at which its visit can be used. Days opened before plans had that moment may
    /// have such holds.
    fn check_ends(&self) -> Result<(), String> {
        let Some(until) = self.plan.as_ref().and_then(|plan| plan.used_until_min) else { return Ok(()) };
        for (id, hold) in &self.holds {
            let used_until = self.slots.get(&hold.time).map(|slot| DayPlan::used_until(Some(until), slot.at));
            if used_until.is_none_or(|used_until| hold.ends_at > used_until) {
                return Err(format!("{id} runs longer than its visit at {} can be used", hold.time));
            }
        }
        Ok(())
    }

    fn check_proofs(&self) -> Result<(), String> {
        for (id, reservation) in &self.reservations {
            let it = &reservation.confirmed;
            let hold = self.holds.get(&it.hold).ok_or(format!("{id} comes of no hold"))?;
            let service = self.plan.as_ref().and_then(|plan| plan.service(&it.service));
            let by_account = hold.account && service.is_some_and(|s| s.proof.contains(&Proof::Account));
            let proved = it.verification.as_ref().map_or(by_account, |proof| hold.proofs.contains_key(proof));
            if !proved {
                return Err(format!("{id} has no proof"));
            }
            if hold.end != Some(HoldEnd::Confirmed(*id)) {
                return Err(format!("{id} and its hold do not agree"));
            }
            if service.is_some_and(|service| service.form) && it.subject.is_none() {
                return Err(format!("{id} has no form"));
            }
        }
        Ok(())
    }

    fn check_reminders(&self) -> Result<(), String> {
        let expected = |id| self.reservations.get(id).is_some_and(|it| it.state == State::Confirmed);
        match self.to_remind.iter().find(|id| self.was_reminded || !expected(*id)) {
            Some(id) => Err(format!("{id} is to be reminded of, and is over or was")),
            None => Ok(()),
        }
    }

    fn check_numbers(&self) -> Result<(), String> {
        let all = || self.reservations.values().map(|reservation| &reservation.confirmed);
        let count = self.reservations.len();
        let unique = [
            ("number", all().map(|it| it.number.clone()).collect::<BTreeSet<_>>()),
            ("ticket number", all().map(|it| it.ticket_number.clone()).collect()),
            ("check-in code", all().map(|it| it.check_in_code.clone()).collect()),
        ];
        if let Some((name, _)) = unique.iter().find(|(_, values)| values.len() != count) {
            return Err(format!("a {name} was given twice"));
        }
        let malformed = all().find(|it| it.check_in_code.len() != 8);
        malformed.map_or(Ok(()), |it| Err(format!("{} is no check-in code", it.check_in_code)))
    }
}
