//! What holds for every outbox after every event: the same predicate for tests, the simulator and production checks.
//! Takes time proportional to the state; not for use on the command path.

use super::delivery::{MAX_ATTEMPTS, Status, UNANSWERED};
use super::outbox::Outbox;
use super::verification::{MAX_SENDS, MAX_VERIFICATIONS, MAX_WRONG};
use okienko_kernel::{Id, Moment};
use std::collections::BTreeSet;

impl Outbox {
    /// `Err` names the first rule that does not hold.
    pub fn invariant_check(&self) -> Result<(), String> {
        self.check_budget()?;
        self.check_verifications()?;
        self.check_messages()
    }

    fn check_budget(&self) -> Result<(), String> {
        let sum: u64 = self.messages.by_id.values().map(|m| u64::from(m.parts)).sum();
        ensure(sum == self.budget.used(), || format!("{sum} parts queued, {} counted", self.budget.used()))?;
        ensure(sum <= u64::from(self.budget.highest), || {
            format!("{sum} parts queued under a budget of {}", self.budget.highest)
        })
    }

    fn check_verifications(&self) -> Result<(), String> {
        let all = &self.verifications;
        for (id, verification) in &all.by_id {
            let current = all.by_subject.get(&verification.subject).map(|s| s.current);
            ensure((current == Some(*id)) != verification.replaced, || {
                format!("{id} is both current and replaced, or neither")
            })?;
            ensure(verification.wrong <= MAX_WRONG, || format!("{id}: {} wrong tries", verification.wrong))?;
            ensure((1..=MAX_SENDS).contains(&verification.code_no), || {
                format!("{id}: code number {}", verification.code_no)
            })?;
            let late = verification.proved_at.is_some_and(|at| at >= verification.expires_at);
            ensure(!late, || format!("{id} was proved by a void code"))?;
        }
        for (name, subject) in &all.by_subject {
            ensure(subject.verifications <= MAX_VERIFICATIONS, || format!("{name}: too many verifications"))?;
            let most = subject.sends.values().map(|s| s.count).max().unwrap_or_default();
            ensure(most <= MAX_SENDS, || format!("{name}: {most} codes to one address"))?;
        }
        Ok(())
    }

    fn check_messages(&self) -> Result<(), String> {
        let all = &self.messages;
        let mut due: BTreeSet<(Moment, Id)> = BTreeSet::new();
        let mut keys = 0;
        for (id, message) in &all.by_id {
            ensure(message.attempts <= MAX_ATTEMPTS, || format!("{id}: {} attempts", message.attempts))?;
            let untried = match message.status {
                Status::Queued | Status::Failed => true,
                Status::Waiting { .. } | Status::Due => message.waits,
                _ => false,
            };
            ensure(message.attempts > 0 || untried, || format!("{id}: an outcome without an attempt"))?;
            if let Some(key) = &message.request_key {
                keys += 1;
                ensure(all.by_request.get(key) == Some(id), || format!("{id}: two messages for {key}"))?;
            }
            match message.status {
                Status::Attempting { since } => due.insert((since + UNANSWERED, *id)),
                Status::Waiting { until } => due.insert((until, *id)),
                _ => false,
            };
        }
        ensure(keys == all.by_request.len(), || "a key without its message".into())?;
        ensure(due == all.due, || "the timers are not those of the messages".into())
    }
}

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}
