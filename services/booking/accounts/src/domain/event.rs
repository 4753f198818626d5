//! What has happened to an account: the only thing stored. No address, no name, no password: an address appears here
//! only as a keyed hash, and itself lies sealed in the vault.

use okienko_kernel::{Id, Moment, stored_events};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An event of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each carries the struct of its name")]
pub enum AccountEvent {
    Registered(Registered),
    Activated(Activated),
    Reminded(Reminded),
    ResetAsked(ResetAsked),
    PasswordSet(PasswordSet),
    AddressAsked(AddressAsked),
    AddressChanged(AddressChanged),
    SignedOut(SignedOut),
    Deleted(Deleted),
    Booked(Booked),
    VisitEnded(VisitEnded),
    StrangerAsked(StrangerAsked),
}

stored_events! {
    AccountEvent as payload {
        Registered = "account_registered",
        Activated = "account_activated",
        Reminded = "account_reminded",
        ResetAsked = "account_reset_asked",
        PasswordSet = "account_password_set",
        AddressAsked = "account_address_asked",
        AddressChanged = "account_address_changed",
        SignedOut = "account_signed_out",
        Deleted = "account_deleted",
        Booked = "account_booked",
        VisitEnded = "account_visit_ended",
        StrangerAsked = "account_stranger_asked",
    }
}

/// A link that was sent: its token is derived from its number and never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// From 1, rising over all kinds of links of the account.
    pub n: u64,
    /// When it expires, exclusive.
    pub until: Moment,
}

/// Somebody registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The account's id.
    pub account: Id,
    /// Keyed hash of its address.
    pub address: String,
    /// What they agreed to: ids with versions.
    pub consents: BTreeMap<String, String>,
    /// The activation link.
    pub link: Link,
    /// Names the vault row of this registration alone: the address as typed, and a password if one came with it. Empty
    /// in older journals, where each registration overwrote the rows of the account.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub row: String,
    /// When.
    pub at: Moment,
}

/// The account was activated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activated {
    /// The account's id.
    pub account: Id,
    /// Keyed hash of its address.
    pub address: String,
    /// Number of the link that was used.
    pub link: u64,
    /// When.
    pub at: Moment,
}

/// Somebody registered an address that already has an account: its owner is notified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// When.
    pub at: Moment,
}

/// A password reset was requested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResetAsked {
    /// The link that sets a new one.
    pub link: Link,
    /// When.
    pub at: Moment,
}

/// A new password was set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordSet {
    /// Only sessions with this number are valid from now on.
    pub epoch: u64,
    /// When.
    pub at: Moment,
}

/// The owner requested a change of address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressAsked {
    /// Keyed hash of the new one.
    pub address: String,
    /// The link that was sent to it.
    pub link: Link,
    /// When.
    pub at: Moment,
}

/// The account's address was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressChanged {
    /// The account's id.
    pub account: Id,
    /// Keyed hash of the old one, free again.
    pub from: String,
    /// Keyed hash of the new one.
    pub to: String,
    /// Number of the link that was used.
    pub link: u64,
    /// When.
    pub at: Moment,
}

/// All sessions were ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedOut {
    /// Only sessions with this number are valid from now on.
    pub epoch: u64,
    /// When.
    pub at: Moment,
}

/// The account was deleted, its vault rows in the same append.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    /// The account's id.
    pub account: Id,
    /// Keyed hash of its address, free again.
    pub address: String,
    /// When.
    pub at: Moment,
}

/// A visit was booked with the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booked {
    /// The reservation.
    pub reservation: Id,
    /// When this was noted.
    pub at: Moment,
}

/// A visit of the account is over, or will not take place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitEnded {
    /// The reservation.
    pub reservation: Id,
    /// When this was noted.
    pub at: Moment,
}

/// Somebody made a request for an address that has no account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StrangerAsked {
    /// Names the vault row with the address.
    pub letter: String,
    /// When.
    pub at: Moment,
}
