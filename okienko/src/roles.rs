//! The four roles that a process may have, and the links between them. Knows no service: only names and links.

use okienko_rpc::Link;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// One of the four services, as a part of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Codes and messages.
    SmsGateway,
    /// Offices, hours, reservations, people.
    Booking,
    /// Kiosk, tickets, calling.
    Queue,
    /// Screens and e-tickets.
    Display,
}

impl Role {
    /// All of them, each after the ones that it calls.
    pub const ALL: [Role; 4] = [Role::SmsGateway, Role::Booking, Role::Queue, Role::Display];

    /// Its name on command lines, in settings, journals and logs.
    pub fn name(self) -> &'static str {
        match self {
            Role::SmsGateway => okienko_sms_gateway::NAME,
            Role::Booking => okienko_booking::NAME,
            Role::Queue => okienko_queue::NAME,
            Role::Display => okienko_display::NAME,
        }
    }

    /// The roles that it calls, over gRPC.
    pub fn calls(self) -> &'static [Role] {
        match self {
            Role::SmsGateway => &[],
            Role::Booking => &[Role::SmsGateway],
            Role::Queue => &[Role::SmsGateway, Role::Booking],
            Role::Display => &[Role::Queue],
        }
    }

    /// Whether it has its own journal.
    pub fn has_journal(self) -> bool {
        self != Role::Display
    }

    /// All four, for one process that does everything.
    pub fn all() -> BTreeSet<Role> {
        Role::ALL.into()
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Role, String> {
        let known = || Role::ALL.map(Role::name).join(", ");
        let found = Role::ALL.into_iter().find(|role| role.name() == text);
        found.ok_or_else(|| format!("there is no role {text:?}: write some of {}", known()))
    }
}

/// The links between roles. If both ends are in one process the link is a function call; a World may inject faults into
/// it.
pub trait Ways: Send + Sync {
    /// The link to a role whose server is in this process.
    fn near(&self, _role: Role, server: Link) -> Link {
        server
    }
    /// The link to a role that runs elsewhere; an error if none is known.
    fn far(&self, role: Role) -> anyhow::Result<Link>;
}

/// All roles in one process.
pub struct OneProcess;

impl Ways for OneProcess {
    fn far(&self, role: Role) -> anyhow::Result<Link> {
        anyhow::bail!("no way to {role} is known: it does not run in this process")
    }
}
