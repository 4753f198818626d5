//! The state of an account. Changed by events alone; cannot fail.

use super::event::{AccountEvent, Link};
use okienko_kernel::Id;
use std::collections::BTreeMap;

/// Visits that an account remembers; beyond that the oldest ended one is forgotten.
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
    /// Registrations whose links have not been used yet, oldest first.
    pub(super) waiting: Vec<PendingRegistration>,
    /// Whether a registration came while another was pending: then nobody knows which password came from the owner.
    pub(super) contested: bool,
    pub(super) activated_by: Option<u64>,
    /// Links that set a password, oldest first.
    pub(super) resets: Vec<Link>,
    /// The link that changes the address, with the keyed hash of the new one.
    pub(super) change: Option<(Link, String)>,
    pub(super) changed_by: Option<u64>,
    pub(super) epoch: u64,
    pub(super) visits: Vec<Visit>,
}

/// The stage of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nobody has registered it.
    Empty,
    /// Its link has not been used yet.
    Pending,
    /// It can be used.
    Active,
    /// It was deleted.
    Deleted,
}

/// A registration whose link has not been used. A later one is kept beside it and replaces nothing of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingRegistration {
    /// The link that was sent for it.
    pub link: Link,
    /// Names its vault row; empty for one from an older version.
    pub row: String,
    /// The consents given with it.
    pub consents: BTreeMap<String, String>,
}

/// A visit that was booked with the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The reservation.
    pub reservation: Id,
    /// Whether it is over, or will not take place.
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
    /// The stage of the account.
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
    /// Only sessions with this number are valid.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }
    /// The pending registrations, oldest first; some links may have expired.
    pub fn waiting(&self) -> &[PendingRegistration] {
        &self.waiting
    }
    /// Whether more than one registration came, so that no password that came with one of them counts.
    pub fn is_contested(&self) -> bool {
        self.contested
    }
    /// The number of the link that activated it.
    pub fn activated_by(&self) -> Option<u64> {
        self.activated_by
    }
    /// The links that set a password, oldest first; some may have expired.
    pub fn resets(&self) -> &[Link] {
        &self.resets
    }
    /// The newest link that changes its address.
    pub fn change(&self) -> Option<Link> {
        self.change.as_ref().map(|(link, _)| *link)
    }
    /// Its visits in the order of booking, including those that are over.
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
                // The consents that count are those of the registration whose link was used.
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
                // The change of address may have been requested by the very person whom the new password locks out.
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
                // A link in the old mailbox must no longer open the account.
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
