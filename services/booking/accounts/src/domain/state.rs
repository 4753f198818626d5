//! What an account knows. Changes by events alone; cannot fail.

use super::event::{AccountEvent, Link};
use okienko_kernel::Id;
use std::collections::BTreeMap;

/// Visits that an account remembers; above that the oldest ended one is forgotten.
const VISITS: usize = 100;

/// The state of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub(super) id: Option<Id>,
    pub(super) status: Status,
    /// Keyed hash.
    pub(super) address: String,
    pub(super) consents: BTreeMap<String, String>,
    /// The number of the newest link of any kind.
    pub(super) links: u64,
    /// Registrations whose links were not used yet, the oldest first.
    pub(super) waiting: Vec<PendingRegistration>,
    /// Whether a registration came while another one waited: nobody knows then whose password came with which.
    pub(super) contested: bool,
    pub(super) activated_by: Option<u64>,
    /// Links that set a password, the oldest first.
    pub(super) resets: Vec<Link>,
    /// With the keyed hash of the new address.
    pub(super) change: Option<(Link, String)>,
    pub(super) changed_by: Option<u64>,
    pub(super) epoch: u64,
    pub(super) visits: Vec<Visit>,
}

/// How far an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nobody has asked for it.
    Empty,
    /// Its link was not used yet.
    Pending,
    /// It can be used.
    Active,
    /// It is gone.
    Deleted,
}

/// A registration that waits for its link. One that comes later stands beside it and takes nothing from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingRegistration {
    /// The link that was sent for it.
    pub link: Link,
    /// Names its sealed row; empty for one of before.
    pub row: String,
    /// What was agreed to with it.
    pub consents: BTreeMap<String, String>,
}

/// A visit that was booked with the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The reservation.
    pub reservation: Id,
    /// Whether it is over, or will not be.
    pub ended: bool,
}

impl Account {
    pub(super) fn empty(id: Option<Id>) -> Account {
        Account {
            id,
            status: Status::Empty,
            address: String::new(),
            consents: BTreeMap::new(),
            links: 0,
            waiting: Vec::new(),
            contested: false,
            activated_by: None,
            resets: Vec::new(),
            change: None,
            changed_by: None,
            epoch: 0,
            visits: Vec::new(),
        }
    }
    /// How far it is.
    pub fn status(&self) -> Status {
        self.status
    }
    /// Keyed hash of its address; empty before the registration.
    pub fn address(&self) -> &str {
        &self.address
    }
    /// What its owner agreed to: ids with versions.
    pub fn consents(&self) -> &BTreeMap<String, String> {
        &self.consents
    }
    /// Sessions of this number are good.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }
    /// The registrations that wait for their links, the oldest first; some may be over.
    pub fn waiting(&self) -> &[PendingRegistration] {
        &self.waiting
    }
    /// Whether more than one registration came, so that a password that came with one of them counts for nothing.
    pub fn is_contested(&self) -> bool {
        self.contested
    }
    /// The link that made it alive.
    pub fn activated_by(&self) -> Option<u64> {
        self.activated_by
    }
    /// The links that set a password, the oldest first; some may be over.
    pub fn resets(&self) -> &[Link] {
        &self.resets
    }
    /// The newest link that changes its address.
    pub fn change(&self) -> Option<Link> {
        self.change.as_ref().map(|(link, _)| *link)
    }
    /// Its visits in the order of their booking, those that are over among them.
    pub fn visits(&self) -> &[Visit] {
        &self.visits
    }

    pub(super) fn take(&mut self, event: &AccountEvent) {
        match event {
            AccountEvent::Registered(it) => {
                self.status = Status::Pending;
                self.address.clone_from(&it.address);
                self.contested |= !self.waiting.is_empty();
                self.waiting.retain(|other| it.at < other.link.until);
                let (link, row, consents) = (it.link, it.row.clone(), it.consents.clone());
                self.waiting.push(PendingRegistration { link, row, consents });
                self.links = it.link.n;
            }
            AccountEvent::Activated(it) => {
                self.status = Status::Active;
                // What counts is what was agreed to in the registration whose link was pressed, by whoever sent it.
                let used = self.waiting.drain(..).find(|waiting| waiting.link.n == it.link);
                self.consents = used.map(|used| used.consents).unwrap_or_default();
                self.activated_by = Some(it.link);
            }
            AccountEvent::ResetAsked(it) => {
                self.resets.retain(|other| it.at < other.until);
                self.resets.push(it.link);
                self.links = it.link.n;
            }
            AccountEvent::PasswordSet(it) => {
                // Whoever asked for a change of address may have been the one whom the new password shuts out.
                self.resets.clear();
                self.change = None;
                self.epoch = it.epoch;
            }
            AccountEvent::AddressAsked(it) => {
                self.change = Some((it.link, it.address.clone()));
                self.links = it.link.n;
            }
            AccountEvent::AddressChanged(it) => {
                self.address.clone_from(&it.to);
                // A link in the old mailbox must not open the account any more.
                self.resets.clear();
                self.change = None;
                self.changed_by = Some(it.link);
            }
            AccountEvent::SignedOut(it) => self.epoch = it.epoch,
            AccountEvent::Deleted(_) => {
                let gone = Account::empty(self.id);
                *self = Account { status: Status::Deleted, epoch: self.epoch + 1, links: self.links, ..gone };
            }
            AccountEvent::Booked(it) => self.remember(it.reservation),
            AccountEvent::VisitEnded(it) => {
                let visit = self.visits.iter_mut().find(|visit| visit.reservation == it.reservation);
                visit.into_iter().for_each(|visit| visit.ended = true);
            }
            AccountEvent::Reminded(_) | AccountEvent::StrangerAsked(_) => {}
        }
    }

    fn remember(&mut self, reservation: Id) {
        self.visits.push(Visit { reservation, ended: false });
        if self.visits.len() > VISITS {
            let oldest = self.visits.iter().position(|visit| visit.ended).unwrap_or(0);
            self.visits.remove(oldest);
        }
    }
}
