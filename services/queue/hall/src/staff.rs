//! Revoked tokens of an office's staff and devices (stream `staff/{office}`), as received from booking: kept here so
//! that they stay revoked while booking is down. Knows no person.

use okienko_kernel::{Machine, Moment, Span, stored_events};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long an expired token is still remembered, since a clock may be set back a little.
const GRACE: Span = Span::from_hours(24);

/// The revoked tokens of one office.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffLog {
    revoked: BTreeMap<String, Moment>,
}

impl StaffLog {
    /// Ids of the tokens, each with the moment by which it expires anyway (real time).
    pub fn revoked(&self) -> &BTreeMap<String, Moment> {
        &self.revoked
    }
}

/// A command to the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StaffCommand {
    /// These tokens are revoked; a repeat changes nothing.
    Revoke {
        /// Ids of the tokens.
        tokens: Vec<String>,
        /// By then the last of them has expired anyway.
        until: Moment,
        /// The current real time: token lifetimes never follow the demo clock.
        real: Moment,
    },
}

/// The events of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffEvent {
    /// See [`StaffCommand::Revoke`].
    StaffRevoked {
        /// Those that were not known before.
        tokens: Vec<String>,
        /// By then the last of them has expired anyway; real time.
        until: Moment,
        /// Real time.
        at: Moment,
    },
}

stored_events! {
    StaffEvent as whole {
        StaffRevoked = "staff_revoked",
    }
}

/// Nothing is ever refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StaffRefusal {}

impl Machine for StaffLog {
    type Command = StaffCommand;
    type Event = StaffEvent;
    type Refusal = StaffRefusal;
    /// How many revoked tokens are known afterwards.
    type Reply = u64;

    fn new(_stream: &str) -> StaffLog {
        StaffLog::default()
    }

    fn decide(&self, command: &StaffCommand, _now: Moment) -> Result<Vec<StaffEvent>, StaffRefusal> {
        let StaffCommand::Revoke { tokens, until, real } = command;
        let news = tokens.iter().filter(|token| self.revoked.get(*token).is_none_or(|known| known < until));
        let tokens: Vec<String> = news.cloned().collect();
        let event = StaffEvent::StaffRevoked { tokens, until: *until, at: *real };
        let StaffEvent::StaffRevoked { tokens, .. } = &event;
        Ok(if tokens.is_empty() { Vec::new() } else { vec![event] })
    }

    fn apply(&mut self, event: &StaffEvent) {
        let StaffEvent::StaffRevoked { tokens, until, at } = event;
        self.revoked.retain(|_, until| *until > at.minus(GRACE));
        self.revoked.extend(tokens.iter().map(|token| (token.clone(), *until)));
    }

    fn reply(&self, _command: &StaffCommand, _events: &[StaffEvent], _now: Moment) -> u64 {
        self.revoked.len() as u64
    }
}
