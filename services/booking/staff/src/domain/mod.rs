//! The staff and devices of one office (stream `staff/{office}`): who may do what and where, which tokens they have,
//! which were revoked. Must not know names, logins or passwords: those lie sealed beside the events.

mod command;
mod decide;
mod event;
mod state;

pub use command::{Revoke, StaffCommand, StaffRefusal, StaffReply};
pub use event::{Enrolled, Issued, KeyShown, Moved, Noted, StaffEvent, Withdrawn};
pub use state::{Key, Live, Member, Staff};

use okienko_kernel::Role;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The office of operators: stands for all offices.
pub const EVERYWHERE: &str = "*";

/// Key of the stream of an office's staff.
pub fn stream_key(office: &str) -> String {
    format!("staff/{office}")
}

/// The duties and place of a person or device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// At least one; a device has exactly one.
    pub duties: BTreeSet<Role>,
    /// Only at this location; `None`: at all locations of the office.
    pub location: Option<String>,
    /// The usual counter.
    pub counter: Option<String>,
}

impl Post {
    /// Whether this is a device.
    pub fn is_device(&self) -> bool {
        self.duties.iter().any(|role| role.is_device())
    }
    /// Whether it is valid in an office: either people's duties or one device with a location, operators only in
    /// [`EVERYWHERE`], a counter only with a location.
    pub fn fits(&self, office: &str) -> bool {
        let operator = self.duties.contains(&Role::Operator);
        let one_kind = !self.is_device() || (self.duties.len() == 1 && self.location.is_some());
        let placed = self.counter.is_none() || self.location.is_some();
        !self.duties.is_empty() && one_kind && placed && operator == (office == EVERYWHERE)
    }
}

#[cfg(test)]
mod tests;
