//! Proving a phone or address by a code: one verification per subject and address at a time, the same code while it is
//! valid, growing pauses, few sends, few wrong guesses. Knows no code: only derivation numbers and whether one was
//! right.

use super::command::{CheckCode, StartVerification};
use super::event::{CodeRef, Event};
use super::refusal::{Limit, Refusal};
use okienko_kernel::{Id, Moment, Span};
use std::collections::BTreeMap;

/// How long a code is valid from when it is first sent.
pub const CODE_LIFE: Span = Span::from_mins(10);
/// How many wrong guesses make a code void.
pub const MAX_WRONG: u32 = 5;
/// How often codes are sent to one address for one subject.
pub const MAX_SENDS: u32 = 5;
/// How many verifications one subject may have in turn, each a change of address.
pub const MAX_VERIFICATIONS: u32 = 5;
/// The pause after the first code is sent; it doubles with each one.
const FIRST_PAUSE: Span = Span::from_secs(30);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verification {
    pub(super) subject: String,
    pub(super) address_hash: String,
    pub(super) code_no: u32,
    pub(super) expires_at: Moment,
    /// Wrong guesses at the current code.
    pub(super) wrong: u32,
    pub(super) proved_at: Option<Moment>,
    pub(super) replaced: bool,
    /// The newest message with a code of this verification.
    pub(super) message: Option<Id>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) current: Id,
    pub(super) verifications: u32,
    /// By address: going back to an earlier address does not restart its pauses.
    pub(super) sends: BTreeMap<String, Sends>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sends {
    pub(super) count: u32,
    pub(super) last: Moment,
}

/// All verifications of an outbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Verifications {
    pub(super) by_id: BTreeMap<Id, Verification>,
    pub(super) by_subject: BTreeMap<String, Subject>,
}

/// The result of a start, before the budget is checked.
pub(super) enum Start {
    /// Nothing is left to prove: no message is sent.
    Proved,
    /// The event first, if any; then a message with that code.
    Send(Option<Event>, CodeRef),
}

impl Verification {
    /// Whether the current code would be accepted now if it were typed.
    pub(super) fn is_open(&self, now: Moment) -> bool {
        !self.replaced && self.proved_at.is_none() && self.wrong < MAX_WRONG && now < self.expires_at
    }
    pub(super) fn attempts_left(&self) -> u32 {
        MAX_WRONG.saturating_sub(self.wrong)
    }
}

impl Sends {
    /// When another code may be sent; `None` if no more may.
    pub(super) fn next(&self) -> Option<Moment> {
        match self.count {
            0 => Some(Moment::from_micros(i64::MIN)),
            n if n >= MAX_SENDS => None,
            n => Some(self.last + Span::from_micros(FIRST_PAUSE.micros() << (n - 1))),
        }
    }
}

impl Verifications {
    pub(super) fn start(&self, start: &StartVerification, now: Moment) -> Result<Start, Refusal> {
        if start.not_after <= now {
            return Err(Refusal::HoldExpired);
        }
        let subject = self.by_subject.get(&start.subject);
        let current = subject.and_then(|s| Some((s.current, self.by_id.get(&s.current)?)));
        let same = current.filter(|(_, v)| v.address_hash == start.address_hash);
        if let Some((_, verification)) = same
            && verification.proved_at.is_some()
        {
            return Ok(Start::Proved);
        }
        self.may_send(subject, &start.address_hash, now)?;
        let expires_at = (now + CODE_LIFE).min(start.not_after);
        if let Some((id, verification)) = same {
            if verification.is_open(now) {
                return Ok(Start::Send(None, CodeRef { verification: id, no: verification.code_no }));
            }
            let no = verification.code_no + 1;
            let renewed = Event::CodeRenewed { verification: id, no, expires_at, at: now };
            return Ok(Start::Send(Some(renewed), CodeRef { verification: id, no }));
        }
        if subject.is_some_and(|s| s.verifications >= MAX_VERIFICATIONS) {
            return Err(Refusal::LimitReached(Limit::Addresses));
        }
        if self.by_id.contains_key(&start.verification) {
            return Err(Refusal::KeyReused);
        }
        let started = Event::VerificationStarted {
            verification: start.verification,
            subject: start.subject.clone(),
            address_hash: start.address_hash.clone(),
            ranges: start.ranges.clone(),
            channel: start.channel,
            locale: start.locale.clone(),
            expires_at,
            replaces: current.map(|(id, _)| id),
            at: now,
        };
        Ok(Start::Send(Some(started), CodeRef { verification: start.verification, no: 1 }))
    }

    fn may_send(&self, subject: Option<&Subject>, address_hash: &str, now: Moment) -> Result<(), Refusal> {
        let Some(sends) = subject.and_then(|s| s.sends.get(address_hash)) else { return Ok(()) };
        match sends.next() {
            None => Err(Refusal::LimitReached(Limit::Sends)),
            Some(next) if now < next => Err(Refusal::RateLimited { retry_after: next.since(now) }),
            Some(_) => Ok(()),
        }
    }

    pub(super) fn check(&self, check: &CheckCode, now: Moment) -> Result<Vec<Event>, Refusal> {
        let verification = self.by_id.get(&check.verification).filter(|v| v.subject == check.subject);
        let verification = verification.ok_or(Refusal::Unknown)?;
        let right = check.right_for.contains(&verification.code_no);
        if verification.replaced {
            return Err(Refusal::CodeExpired);
        }
        if verification.proved_at.is_some() {
            let wrong = Refusal::CodeWrong { attempts_left: verification.attempts_left() };
            return if right { Ok(Vec::new()) } else { Err(wrong) };
        }
        if !verification.is_open(now) {
            return Err(Refusal::CodeExpired);
        }
        let verification = check.verification;
        Ok(vec![if right {
            Event::CodeProved { verification, at: now }
        } else {
            Event::CodeFailed { verification, at: now }
        }])
    }

    /// Whether sending this code would be a waste of money.
    pub(super) fn is_void(&self, code: CodeRef, now: Moment) -> bool {
        self.by_id.get(&code.verification).is_none_or(|v| v.code_no != code.no || !v.is_open(now))
    }

    /// When a verification's code may be sent again; the code's expiry if it may not.
    pub(super) fn resend_after(&self, verification: &Verification) -> Moment {
        let sends = self.by_subject.get(&verification.subject);
        let sends = sends.and_then(|s| s.sends.get(&verification.address_hash));
        sends.and_then(Sends::next).unwrap_or(verification.expires_at)
    }

    pub(super) fn apply(&mut self, event: &Event) {
        match event {
            Event::VerificationStarted {
                verification, subject, address_hash, expires_at, replaces, ..
            } => {
                if let Some(old) = replaces.and_then(|old| self.by_id.get_mut(&old)) {
                    old.replaced = true;
                }
                let entry = self.by_subject.entry(subject.clone()).or_insert_with(|| Subject {
                    current: *verification,
                    verifications: 0,
                    sends: BTreeMap::new(),
                });
                entry.current = *verification;
                entry.verifications += 1;
                let new = Verification {
                    subject: subject.clone(),
                    address_hash: address_hash.clone(),
                    code_no: 1,
                    expires_at: *expires_at,
                    wrong: 0,
                    proved_at: None,
                    replaced: false,
                    message: None,
                };
                self.by_id.insert(*verification, new);
            }
            Event::CodeRenewed { verification, no, expires_at, .. } => {
                self.change(*verification, |v| (v.code_no, v.expires_at, v.wrong) = (*no, *expires_at, 0));
            }
            Event::CodeProved { verification, at } => self.change(*verification, |v| v.proved_at = Some(*at)),
            Event::CodeFailed { verification, .. } => self.change(*verification, |v| v.wrong += 1),
            Event::MessageQueued { message, code: Some(code), at, .. } => self.sent(*message, *code, *at),
            _ => {}
        }
    }

    fn change(&mut self, id: Id, change: impl FnOnce(&mut Verification)) {
        if let Some(verification) = self.by_id.get_mut(&id) {
            change(verification);
        }
    }

    fn sent(&mut self, message: Id, code: CodeRef, at: Moment) {
        let Some(verification) = self.by_id.get_mut(&code.verification) else { return };
        verification.message = Some(message);
        if let Some(subject) = self.by_subject.get_mut(&verification.subject) {
            let sends = subject.sends.entry(verification.address_hash.clone()).or_default();
            sends.count += 1;
            sends.last = sends.last.max(at);
        }
    }
}
