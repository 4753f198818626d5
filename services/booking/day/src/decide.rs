//! The decisions of a day, one function per command. Each returns the resulting events and changes nothing.

use super::command::{Attendance, Confirm, PlaceHold};
use super::event::{
    Attended, Cancelled, CodeSent, Confirmed, DayEvent, DayOpened, FormSaved, HoldExpired, HoldPlaced,
    HoldReleased, Place, Removed,
};
use super::refusal::Refusal;
use super::state::{Day, Hold, HoldEnd, Reservation, State};
use super::{HOLD, HOLD_MAX};
use okienko_kernel::{Id, Moment, Span};
use okienko_office::Proof;
use okienko_office::plan::{DayPlan, PlannedService};
use std::sync::Arc;

/// The events that follow from a command.
pub(super) type Decided = Result<Vec<DayEvent>, Refusal>;

/// Number of possible endings of a check-in code after the pool's digit; a tenth of it after two digits.
const CODES: u32 = 10_000_000;

impl Day {
    pub(super) fn place_hold(&self, it: &PlaceHold, now: Moment) -> Decided {
        if let Some(known) = self.hold(it.hold) {
            return match known {
                _ if (&known.service, known.time) != (&it.service, it.time) => Err(Refusal::IdTaken),
                _ if known.runs(now) || matches!(known.end, Some(HoldEnd::Confirmed(_))) => Ok(Vec::new()),
                _ => Err(Refusal::HoldExpired),
            };
        }
        let plan = self.plan.as_ref().unwrap_or(&it.plan);
        let service = plan.service(&it.service).filter(|_| plan.stream() == self.stream);
        let service = service.ok_or(Refusal::Unknown)?;
        let planned = plan.slots.iter().find(|slot| slot.time == it.time && plan.offers(service, slot));
        let planned = planned.ok_or(Refusal::Unknown)?;
        let closes = planned.at - Span::from_mins(i64::from(it.lead_min));
        // A day opened before plans had this value uses the office's current one.
        let used_until = DayPlan::used_until(plan.used_until_min.or(it.plan.used_until_min), planned.at);
        if planned.at <= now || closes < now || used_until <= now {
            return Err(Refusal::Past);
        }
        if self.free_for(plan, (service, planned), it.share, &self.ledger(plan, now), now) == 0 {
            return Err(Refusal::SlotFull);
        }
        let mut events = Vec::new();
        if self.plan.is_none() {
            events.push(DayEvent::DayOpened(DayOpened { plan: Arc::clone(&it.plan) }));
        }
        // Expired holds whose place this may be are ended for good, even if the clock should step back.
        let expired = |hold| DayEvent::HoldExpired(HoldExpired { hold });
        match service.length {
            // Any of them may have had one of the people who are free now.
            Some(_) => events.extend(self.expired(now).map(expired)),
            None => events
                .extend(self.slots.get(&it.time).into_iter().flat_map(|slot| slot.expired(now)).map(expired)),
        }
        events.push(DayEvent::HoldPlaced(HoldPlaced {
            hold: it.hold,
            service: it.service.clone(),
            time: it.time,
            length: service.length,
            placed_at: now,
            // A confirmation in the last second must still yield a visit that can be used.
            ends_at: (now + HOLD).min(used_until),
            account: it.account,
            account_id: it.account_id,
        }));
        Ok(events)
    }

    pub(super) fn save_form(&self, (id, sealed): (Id, Option<u32>), subject: Id, now: Moment) -> Decided {
        let (hold, _, _) = self.running(id, now)?;
        if hold.subject == Some(subject) {
            return Ok(Vec::new());
        }
        as_seen(hold, sealed)?;
        Ok(vec![DayEvent::FormSaved(FormSaved { hold: id, subject })])
    }

    pub(super) fn code_sent(
        &self,
        (id, sealed): (Id, Option<u32>),
        (verification, channel, claims): (&String, Proof, &[String]),
        expires_at: Moment,
        now: Moment,
    ) -> Decided {
        let (hold, plan, service) = self.running(id, now)?;
        if service.form && hold.subject.is_none() {
            return Err(Refusal::FormMissing);
        }
        if channel == Proof::Account || !service.proof.contains(&channel) {
            return Err(Refusal::ProofMissing);
        }
        let is_newest = hold.newest_code == Some((verification.clone(), Some(expires_at)));
        if is_newest && hold.proofs.get(verification).is_some_and(|known| known == claims) {
            return Ok(Vec::new());
        }
        as_seen(hold, sealed)?;
        // Only the first code extends the hold: never to an earlier end, and never past the visit's last usable moment.
        let slot = self.slots.get(&hold.time).ok_or(Refusal::Unknown)?;
        let cap = (hold.placed_at + HOLD_MAX).min(DayPlan::used_until(plan.used_until_min, slot.at));
        let extended = if hold.proofs.is_empty() { expires_at.min(cap) } else { hold.ends_at };
        Ok(vec![DayEvent::CodeSent(CodeSent {
            hold: id,
            verification: verification.clone(),
            channel,
            claims: claims.to_vec(),
            expires_at: Some(expires_at),
            ends_at: extended.max(hold.ends_at),
        })])
    }

    pub(super) fn confirm(&self, it: &Confirm, now: Moment) -> Decided {
        if let Some(Hold { end: Some(HoldEnd::Confirmed(_)), .. }) = self.hold(it.hold) {
            return Ok(Vec::new());
        }
        let (hold, plan, service) = self.running(it.hold, now)?;
        if service.form && hold.subject.is_none() {
            return Err(Refusal::FormMissing);
        }
        match &it.verification {
            Some(proved) if hold.proofs.get(proved).is_some_and(|claims| *claims == it.claims) => {}
            None if hold.account && service.proof.contains(&Proof::Account) => {}
            _ => return Err(Refusal::ProofMissing),
        }
        // A form saved in between may be another person's: the proof does not cover it.
        as_seen(hold, it.sealed)?;
        if it.subject.is_some() && it.subject != hold.subject {
            return Err(Refusal::FormChanged);
        }
        if self.reservations.contains_key(&it.reservation) {
            return Err(Refusal::IdTaken);
        }
        let slot = self.slots.get(&hold.time).ok_or(Refusal::Unknown)?;
        let serial = self.serial + 1;
        let (year, month, of_month) = plan.day.parts();
        let confirmed = Confirmed {
            place: place(plan),
            reservation: it.reservation,
            hold: it.hold,
            time: hold.time,
            at: slot.at,
            service: hold.service.clone(),
            number: format!(
                "{}-{:02}{month:02}{of_month:02}-{serial:03}",
                plan.pool_number,
                year.rem_euclid(100)
            ),
            serial,
            ticket: it.ticket,
            ticket_number: format!("{}{serial:03}", plan.booked_prefix),
            check_in_code: self.free_code(plan.code_digit, &it.code_candidates),
            subject: hold.subject,
            verification: it.verification.clone(),
            claims: it.claims.clone(),
            claims_until: plan.ends_at,
            confirmed_at: now,
            account: hold.account_id,
        };
        Ok(vec![DayEvent::Confirmed(Box::new(confirmed))])
    }

    pub(super) fn release(&self, id: Id) -> Decided {
        match self.hold(id).ok_or(Refusal::Unknown)?.end {
            Some(HoldEnd::Confirmed(_)) => Err(Refusal::AlreadyConfirmed),
            Some(HoldEnd::Released | HoldEnd::Expired) => Ok(Vec::new()),
            None => Ok(vec![DayEvent::HoldReleased(HoldReleased { hold: id })]),
        }
    }

    pub(super) fn cancel(&self, id: Id, now: Moment) -> Decided {
        let Some((reservation, plan)) = self.expected(id)? else { return Ok(Vec::new()) };
        let until_min =
            plan.service(&reservation.confirmed.service).map_or(0, |service| service.cancel_until_min);
        if now > reservation.confirmed.at - Span::from_mins(i64::from(until_min)) {
            return Err(Refusal::TooLate);
        }
        Ok(vec![DayEvent::Cancelled(Cancelled {
            place: place(plan),
            reservation: id,
            claims: reservation.confirmed.claims.clone(),
            free_from: reappears(plan, now),
            at: now,
        })])
    }

    pub(super) fn remove(&self, id: Id, reason: &str, now: Moment) -> Decided {
        let Some((reservation, plan)) = self.expected(id)? else { return Ok(Vec::new()) };
        Ok(vec![DayEvent::Removed(Removed {
            place: place(plan),
            reservation: id,
            reason: reason.to_owned(),
            claims: reservation.confirmed.claims.clone(),
            free_from: reappears(plan, now),
            at: now,
        })])
    }

    pub(super) fn attend(&self, id: Id, state: Attendance, at: Moment) -> Decided {
        let reservation = self.reservation(id).ok_or(Refusal::Unknown)?;
        let forward = match reservation.state {
            State::Confirmed => true,
            State::CheckedIn => state != Attendance::CheckedIn,
            State::Served | State::Missed | State::NotCalled | State::Refused => false,
            State::Cancelled | State::Removed(_) => false,
        };
        if !forward {
            return Ok(Vec::new());
        }
        let claims = reservation.confirmed.claims.clone();
        Ok(vec![DayEvent::Attended(Attended { reservation: id, state, at, claims })])
    }

    /// A hold that is still active, with the plan of the day and of its service.
    fn running(&self, id: Id, now: Moment) -> Result<(&Hold, &Arc<DayPlan>, &PlannedService), Refusal> {
        let hold = self.hold(id).ok_or(Refusal::Unknown)?;
        match hold.end {
            Some(HoldEnd::Confirmed(_)) => return Err(Refusal::AlreadyConfirmed),
            _ if !hold.runs(now) => return Err(Refusal::HoldExpired),
            _ => {}
        }
        let plan = self.plan.as_ref().ok_or(Refusal::Unknown)?;
        let service = plan.service(&hold.service).ok_or(Refusal::Unknown)?;
        Ok((hold, plan, service))
    }

    /// A reservation that the person or the office can still end; `None` if one of them already did.
    fn expected(&self, id: Id) -> Result<Option<(&Reservation, &Arc<DayPlan>)>, Refusal> {
        let reservation = self.reservation(id).ok_or(Refusal::Unknown)?;
        let plan = self.plan.as_ref().ok_or(Refusal::Unknown)?;
        match reservation.state {
            State::Confirmed => Ok(Some((reservation, plan))),
            State::Cancelled | State::Removed(_) => Ok(None),
            State::CheckedIn | State::Served | State::Missed | State::NotCalled | State::Refused => {
                Err(Refusal::CheckedIn)
            }
        }
    }

    /// The first candidate code that this day has not issued; if all are taken, counts up from the last candidate.
    fn free_code(&self, digit: u8, candidates: &[u32]) -> String {
        let (width, codes) = if digit < 10 { (7, CODES) } else { (6, CODES / 10) };
        let code = |end: u32| format!("{digit}{:0width$}", end % codes);
        let last = candidates.last().copied().unwrap_or(self.serial) % codes;
        // A day has far fewer reservations than there are codes, so one of the first counted codes is free.
        let counted = (1..=codes).map(|n| last + n);
        let mut all = candidates.iter().copied().chain(counted).map(code);
        all.find(|code| !self.codes.contains(code)).unwrap_or_default()
    }
}

fn place(plan: &DayPlan) -> Place {
    Place { office: plan.office.clone(), location: plan.location.clone(), day: plan.day }
}

fn reappears(plan: &DayPlan, now: Moment) -> Moment {
    now + Span::from_mins(i64::from(plan.reappear_after_min))
}

/// Refuses a command based on older answers or an older code than are sealed now: a request that hung while its retry
/// was answered must not overwrite what came after it.
fn as_seen(hold: &Hold, sealed: Option<u32>) -> Result<(), Refusal> {
    match sealed {
        Some(seen) if seen != hold.sealed => Err(Refusal::FormChanged),
        _ => Ok(()),
    }
}
