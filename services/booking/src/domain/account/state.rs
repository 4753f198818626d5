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
    pub(super) activation: Option<Link>,
    pub(super) activated_by: Option<u64>,
    pub(super) reset: Option<Link>,
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
            activation: None,
            activated_by: None,
            reset: None,
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
    /// The newest link that makes it alive.
    pub fn activation(&self) -> Option<Link> {
        self.activation
    }
    /// The newest link that sets a password.
    pub fn reset(&self) -> Option<Link> {
        self.reset
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
                self.consents.clone_from(&it.consents);
                self.activation = Some(it.link);
                self.links = it.link.n;
            }
            AccountEvent::Activated(it) => {
                self.status = Status::Active;
                self.activation = None;
                self.activated_by = Some(it.link);
            }
            AccountEvent::ResetAsked(it) => {
                self.reset = Some(it.link);
                self.links = it.link.n;
            }
            AccountEvent::PasswordSet(it) => {
                // Whoever asked for a change of address may have been the one whom the new password shuts out.
                (self.reset, self.change) = (None, None);
                self.epoch = it.epoch;
            }
            AccountEvent::AddressAsked(it) => {
                self.change = Some((it.link, it.address.clone()));
                self.links = it.link.n;
            }
            AccountEvent::AddressChanged(it) => {
                self.address.clone_from(&it.to);
                // A link in the old mailbox must not open the account any more.
                (self.reset, self.change) = (None, None);
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
