//! The machine of one citizen's account at an office: created by a registration, activated by its link, and deleted at
//! its owner's request. It guarantees that a link works once and in time, and that a request made for somebody else's
//! address replaces nothing that is pending there: several registration links and password links may be valid at once.
//!
//! Must not know of addresses (only their keyed hashes), of passwords, or of how links and sessions are written.

mod event;
mod state;

pub use event::{
    AccountEvent, Activated, AddressAsked, AddressChanged, Booked, Deleted, Link, PasswordSet, Registered,
    Reminded, ResetAsked, SignedOut, StrangerAsked, VisitEnded,
};
pub use state::{Account, PendingRegistration, Status, Visit};

use okienko_kernel::{ClaimChange, Id, Machine, Moment, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long a link that activates an account or confirms a new address is valid.
pub const LINK: Span = Span::from_hours(24);
/// How long a link that sets a new password is valid.
pub const RESET_LINK: Span = Span::from_hours(1);
/// Most links of one kind that can be valid at a time. The limit on mails to one address (six an hour) stays far below
/// it.
const LINKS_AT_MOST: usize = 200;

/// Key of an account's stream, derived from the id alone.
pub fn stream_of(account: Id) -> String {
    format!("account/{}/{account}", account.way().office)
}

/// The claim on a mail address at an office: the account that holds it is the one that signs in by that address.
pub fn address_key(office_number: u32, hash: &str) -> String {
    format!("account/{office_number}/{hash}")
}

/// A command to an account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Command {
    /// Register; registrations that are already pending stay as they are.
    Register {
        /// Keyed hash of the address.
        address: String,
        /// What they agree to: ids with versions.
        consents: BTreeMap<String, String>,
        /// Names the vault row of this registration; empty from an older replica.
        #[serde(default)]
        row: String,
    },
    /// Notify the owner that somebody registered the address of this active account.
    Remind,
    /// The activation link was used.
    Activate {
        /// Number of the link.
        link: u64,
        /// Whether the password in the vault was set by whoever used the link; otherwise it came with the registration.
        #[serde(default)]
        own: bool,
    },
    /// Send a link that sets a new password.
    AskReset,
    /// Set the new password that is in the vault; all sessions end.
    SetPassword {
        /// Number of the link that was used.
        link: u64,
    },
    /// Request a change of address.
    AskAddress {
        /// Keyed hash of the new one.
        address: String,
    },
    /// The link that was sent to the new address was used.
    ChangeAddress {
        /// Number of the link.
        link: u64,
    },
    /// End all sessions.
    SignOut,
    /// Delete the account.
    Delete,
    /// A visit was booked with the account.
    Book {
        /// The reservation.
        reservation: Id,
    },
    /// That visit is over, or will not take place.
    End {
        /// The reservation.
        reservation: Id,
    },
    /// Answer somebody who made a request for an address without an account; the address lies sealed in the vault. Sent
    /// to a stream that is nobody's account, so that the work is the same as for an address that has one.
    AnswerStranger {
        /// Names the vault row.
        letter: String,
    },
}

/// Why an account refuses a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// There is no account here, or no longer.
    #[error("there is no such account")]
    Unknown,
    /// There is already an account here.
    #[error("there is an account already")]
    Exists,
    /// The link was already used, has expired or was replaced.
    #[error("the link is over")]
    LinkOver,
    /// Another account has that address.
    #[error("the address belongs to another account")]
    AddressTaken,
    /// More than one registration is pending: only a password set by whoever uses the link counts.
    #[error("a password must be written with the link")]
    PasswordNeeded,
    /// Too many links are valid.
    #[error("too many links are good")]
    TooMany,
}

/// The reply to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Only sessions with this number are valid.
    pub epoch: u64,
}

type Decided = Result<Vec<AccountEvent>, Refusal>;

impl Machine for Account {
    type Command = Command;
    type Event = AccountEvent;
    type Refusal = Refusal;
    type Reply = Reply;

    fn new(stream: &str) -> Self {
        Account::empty(stream.rsplit('/').next().and_then(|id| id.parse().ok()))
    }

    fn decide(&self, command: &Command, now: Moment) -> Decided {
        match command {
            Command::Register { address, consents, row } => self.register((address, row), consents, now),
            Command::Remind => self.alive().map(|_| vec![AccountEvent::Reminded(Reminded { at: now })]),
            Command::Activate { link, own } => self.activate(*link, *own, now),
            Command::AskReset => {
                self.alive()?;
                few(self.resets.iter(), now)?;
                let link = self.next_link(now, RESET_LINK);
                Ok(vec![AccountEvent::ResetAsked(ResetAsked { link, at: now })])
            }
            Command::SetPassword { link } => {
                self.alive()?;
                usable(self.resets.iter(), *link, now)?;
                Ok(vec![AccountEvent::PasswordSet(PasswordSet { epoch: self.epoch + 1, at: now })])
            }
            Command::AskAddress { address } => {
                self.alive()?;
                let link = self.next_link(now, LINK);
                Ok(vec![AccountEvent::AddressAsked(AddressAsked { address: address.clone(), link, at: now })])
            }
            Command::ChangeAddress { link } => self.change_address(*link, now),
            Command::SignOut => {
                self.alive()?;
                Ok(vec![AccountEvent::SignedOut(SignedOut { epoch: self.epoch + 1, at: now })])
            }
            Command::Delete => {
                let account = self.alive()?;
                let address = self.address.clone();
                Ok(vec![AccountEvent::Deleted(Deleted { account, address, at: now })])
            }
            Command::Book { reservation } => Ok(self.book(*reservation, now)),
            Command::End { reservation } => Ok(self.end(*reservation, now)),
            Command::AnswerStranger { letter } => {
                let event = StrangerAsked { letter: letter.clone(), at: now };
                Ok(vec![AccountEvent::StrangerAsked(event)])
            }
        }
    }

    fn apply(&mut self, event: &AccountEvent) {
        self.take(event);
    }

    fn reply(&self, _command: &Command, _events: &[AccountEvent], _now: Moment) -> Reply {
        Reply { epoch: self.epoch }
    }

    fn claim_refusal(_command: &Command, _key: &str) -> Option<Refusal> {
        Some(Refusal::AddressTaken)
    }

    fn claim_changes(event: &AccountEvent) -> Vec<ClaimChange> {
        let take = |account: Id, address: &str, until| ClaimChange::Take {
            key: address_key(account.way().office, address),
            holder: account.to_string(),
            until,
        };
        let release = |account: Id, address: &str| ClaimChange::Release {
            key: address_key(account.way().office, address),
            holder: account.to_string(),
        };
        match event {
            // If the account is not activated, the address is free again when the link expires.
            AccountEvent::Registered(it) => vec![take(it.account, &it.address, it.link.until)],
            AccountEvent::Activated(it) => vec![take(it.account, &it.address, Moment::MAX)],
            AccountEvent::AddressChanged(it) => {
                vec![take(it.account, &it.to, Moment::MAX), release(it.account, &it.from)]
            }
            AccountEvent::Deleted(it) => vec![release(it.account, &it.address)],
            _ => Vec::new(),
        }
    }
}

impl Account {
    fn register(
        &self,
        (address, row): (&str, &str),
        consents: &BTreeMap<String, String>,
        now: Moment,
    ) -> Decided {
        let account = self.id.ok_or(Refusal::Unknown)?;
        match self.status {
            Status::Empty => {}
            Status::Pending if self.address == address => {}
            Status::Active => return Err(Refusal::Exists),
            Status::Pending | Status::Deleted => return Err(Refusal::Unknown),
        }
        few(self.waiting.iter().map(|waiting| &waiting.link), now)?;
        Ok(vec![AccountEvent::Registered(Registered {
            account,
            address: address.to_owned(),
            consents: consents.clone(),
            link: self.next_link(now, LINK),
            row: row.to_owned(),
            at: now,
        })])
    }

    fn activate(&self, link: u64, own: bool, now: Moment) -> Decided {
        let account = self.id.ok_or(Refusal::LinkOver)?;
        match self.status {
            // The same button was pressed again.
            Status::Active if self.activated_by == Some(link) => Ok(Vec::new()),
            Status::Pending => {
                usable(self.waiting.iter().map(|waiting| &waiting.link), link, now)?;
                if self.contested && !own {
                    return Err(Refusal::PasswordNeeded);
                }
                let address = self.address.clone();
                Ok(vec![AccountEvent::Activated(Activated { account, address, link, at: now })])
            }
            Status::Empty | Status::Active | Status::Deleted => Err(Refusal::LinkOver),
        }
    }

    fn change_address(&self, link: u64, now: Moment) -> Decided {
        let account = self.alive().map_err(|_| Refusal::LinkOver)?;
        if self.changed_by == Some(link) {
            return Ok(Vec::new());
        }
        let (asked, to) = self.change.as_ref().ok_or(Refusal::LinkOver)?;
        usable([asked], link, now)?;
        let (from, to) = (self.address.clone(), to.clone());
        Ok(vec![AccountEvent::AddressChanged(AddressChanged { account, from, to, link, at: now })])
    }

    fn book(&self, reservation: Id, now: Moment) -> Vec<AccountEvent> {
        let known = self.visits.iter().any(|visit| visit.reservation == reservation);
        let wanted = self.status == Status::Active && !known;
        wanted.then_some(AccountEvent::Booked(Booked { reservation, at: now })).into_iter().collect()
    }

    fn end(&self, reservation: Id, now: Moment) -> Vec<AccountEvent> {
        let open = self.visits.iter().any(|visit| visit.reservation == reservation && !visit.ended);
        open.then_some(AccountEvent::VisitEnded(VisitEnded { reservation, at: now })).into_iter().collect()
    }

    /// The id of an active account.
    fn alive(&self) -> Result<Id, Refusal> {
        self.id.filter(|_| self.status == Status::Active).ok_or(Refusal::Unknown)
    }

    fn next_link(&self, now: Moment, life: Span) -> Link {
        Link { n: self.links + 1, until: now + life }
    }
}

/// Whether this is one of the known links that is unused and not expired.
fn usable<'a>(known: impl IntoIterator<Item = &'a Link>, asked: u64, now: Moment) -> Result<(), Refusal> {
    let good = known.into_iter().any(|link| link.n == asked && now < link.until);
    if good { Ok(()) } else { Err(Refusal::LinkOver) }
}

/// Whether there is room for one more link.
fn few<'a>(known: impl Iterator<Item = &'a Link>, now: Moment) -> Result<(), Refusal> {
    let good = known.filter(|link| now < link.until).count();
    if good < LINKS_AT_MOST { Ok(()) } else { Err(Refusal::TooMany) }
}

#[cfg(test)]
mod tests;
