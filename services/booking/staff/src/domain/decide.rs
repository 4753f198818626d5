//! The rules of staff: who may have a token, and that a revoked one stays revoked.

use super::event::{Enrolled, Issued, KeyShown, Moved, Noted, StaffEvent, Withdrawn};
use super::{Post, Revoke, Staff, StaffCommand, StaffRefusal, StaffReply};
use okienko_kernel::{Machine, Moment};

/// Maximum people and devices of one office.
const MEMBERS_AT_MOST: usize = 2_000;
/// Maximum tokens of one person at a time; the oldest is revoked for the next.
const TOKENS_AT_MOST: usize = 10;
/// Maximum unexpired manually made keys of one office.
const KEYS_AT_MOST: usize = 1_000;

type Decided = Result<Vec<StaffEvent>, StaffRefusal>;

impl Machine for Staff {
    type Command = StaffCommand;
    type Event = StaffEvent;
    type Refusal = StaffRefusal;
    type Reply = StaffReply;

    fn new(stream: &str) -> Self {
        Staff::of_stream(stream)
    }

    fn decide(&self, command: &StaffCommand, _now: Moment) -> Decided {
        match command {
            StaffCommand::Enrol { member, post, real } => self.enrol(member, post, *real),
            StaffCommand::Move { member, changes, post, real } => {
                let before = &self.known(member)?.post;
                if before == post {
                    return Ok(Vec::new());
                }
                self.unchanged(member, *changes)?;
                self.moved(member, post, *real)
            }
            StaffCommand::SetPassword { member, changes, real } => {
                self.unchanged(member, *changes)?;
                let set = StaffEvent::PasswordSet(Noted { member: member.clone(), at: *real });
                Ok([set].into_iter().chain(self.withdraw_all(member, *real)).collect())
            }
            StaffCommand::Disable { member, changes, real } => {
                if self.known(member)?.disabled {
                    return Ok(Vec::new());
                }
                self.unchanged(member, *changes)?;
                let disabled = StaffEvent::Disabled(Noted { member: member.clone(), at: *real });
                Ok([disabled].into_iter().chain(self.withdraw_all(member, *real)).collect())
            }
            StaffCommand::Enable { member, changes, real } => {
                if !self.known(member)?.disabled {
                    return Ok(Vec::new());
                }
                self.unchanged(member, *changes)?;
                Ok(vec![StaffEvent::Enabled(Noted { member: member.clone(), at: *real })])
            }
            StaffCommand::Issue { member, post, changes, token, expires, real } => {
                self.unchanged(member, *changes)?;
                self.issue(member, post, (token, *expires), *real)
            }
            StaffCommand::ShowKey { token, post, expires, real } => {
                self.show_key(token, post, *expires, *real)
            }
            StaffCommand::Revoke { which, real } => self.revoke(which, *real),
        }
    }

    fn apply(&mut self, event: &StaffEvent) {
        self.take(event);
    }

    fn reply(&self, _command: &StaffCommand, events: &[StaffEvent], _now: Moment) -> StaffReply {
        let mut reply = StaffReply::default();
        for event in events {
            if let StaffEvent::Withdrawn(it) = event {
                reply.withdrawn.extend(it.tokens.iter().cloned());
                reply.until = reply.until.max(it.until);
            }
        }
        reply
    }
}

impl Staff {
    fn known(&self, member: &str) -> Result<&super::Member, StaffRefusal> {
        self.members.get(member).ok_or(StaffRefusal::Unknown)
    }

    /// The same, if they have not changed since the caller read them.
    fn unchanged(&self, member: &str, looked_at: Option<u32>) -> Result<&super::Member, StaffRefusal> {
        let known = self.known(member)?;
        match looked_at {
            Some(number) if number != known.changes => Err(StaffRefusal::Changed),
            _ => Ok(known),
        }
    }

    fn enrol(&self, member: &str, post: &Post, real: Moment) -> Decided {
        if self.members.contains_key(member) {
            return Err(StaffRefusal::Taken);
        }
        if !post.fits(&self.office) {
            return Err(StaffRefusal::Misfit);
        }
        if self.members.len() >= MEMBERS_AT_MOST {
            return Err(StaffRefusal::Full);
        }
        Ok(vec![StaffEvent::Enrolled(Enrolled { member: member.to_owned(), post: post.clone(), at: real })])
    }

    fn moved(&self, member: &str, post: &Post, real: Moment) -> Decided {
        let before = &self.known(member)?.post;
        if !post.fits(&self.office) || before.is_device() != post.is_device() {
            return Err(StaffRefusal::Misfit);
        }
        let moved = StaffEvent::Moved(Moved { member: member.to_owned(), post: post.clone(), at: real });
        Ok([moved].into_iter().chain(self.withdraw_all(member, real)).collect())
    }

    fn issue(&self, id: &str, post: &Post, (token, expires): (&str, Moment), real: Moment) -> Decided {
        let member = self.known(id)?;
        if member.disabled {
            return Err(StaffRefusal::Disabled);
        }
        if member.post != *post {
            return Err(StaffRefusal::Changed);
        }
        if self.withdrawn.contains_key(token) || self.end_of(token).is_some() {
            return Err(StaffRefusal::Taken);
        }
        let keep = if member.post.is_device() { 0 } else { TOKENS_AT_MOST - 1 };
        let mut oldest_first: Vec<_> = member.tokens.iter().map(|(id, live)| (live.at, id)).collect();
        oldest_first.sort();
        let too_many = oldest_first.len().saturating_sub(keep);
        let old = oldest_first.into_iter().take(too_many).map(|(_, token)| token.clone()).collect();
        let (member, token) = (id.to_owned(), token.to_owned());
        let issued = StaffEvent::Issued(Issued { member, token, expires, at: real });
        Ok([issued].into_iter().chain(self.withdraw(old, real)).collect())
    }

    fn show_key(&self, token: &str, post: &Post, expires: Moment, real: Moment) -> Decided {
        if self.withdrawn.contains_key(token) || self.end_of(token).is_some() || expires <= real {
            return Ok(Vec::new());
        }
        if self.keys.values().filter(|key| key.live.expires > real).count() >= KEYS_AT_MOST {
            return Err(StaffRefusal::Full);
        }
        let (token, post) = (token.to_owned(), post.clone());
        Ok(vec![StaffEvent::KeyShown(KeyShown { token, post, expires, at: real })])
    }

    fn revoke(&self, which: &Revoke, real: Moment) -> Decided {
        match which {
            Revoke::AllOf(member) => {
                self.known(member)?;
                Ok(self.withdraw_all(member, real).into_iter().collect())
            }
            Revoke::Known(token) if self.withdrawn.contains_key(token) => Ok(Vec::new()),
            Revoke::Known(token) => {
                self.end_of(token).ok_or(StaffRefusal::Unknown)?;
                Ok(self.withdraw(vec![token.clone()], real).into_iter().collect())
            }
            Revoke::Shown { token, expires } => {
                if self.withdrawn.contains_key(token) {
                    return Ok(Vec::new());
                }
                let until = self.end_of(token).map_or(*expires, |end| end.max(*expires));
                Ok(vec![self.event(vec![token.clone()], until, real)])
            }
        }
    }

    fn withdraw_all(&self, member: &str, real: Moment) -> Option<StaffEvent> {
        let tokens = self.members.get(member).map(|member| member.tokens.keys().cloned().collect());
        self.withdraw(tokens.unwrap_or_default(), real)
    }

    fn withdraw(&self, tokens: Vec<String>, real: Moment) -> Option<StaffEvent> {
        let until = tokens.iter().filter_map(|token| self.end_of(token)).max()?;
        Some(self.event(tokens, until, real))
    }

    fn event(&self, tokens: Vec<String>, until: Moment, real: Moment) -> StaffEvent {
        StaffEvent::Withdrawn(Withdrawn { office: self.office.clone(), tokens, until, at: real })
    }
}
