//! What has happened to an office's staff: the only thing stored about it. Ids alone, never a name.

use super::Post;
use okienko_kernel::{Moment, stored_events};
use serde::{Deserialize, Serialize};

/// An event of an office's staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StaffEvent {
    /// A person or device was added.
    Enrolled(Enrolled),
    /// Duties or location were changed.
    Moved(Moved),
    /// A new password was sealed in the vault.
    PasswordSet(Noted),
    /// They may no longer sign in.
    Disabled(Noted),
    /// They may sign in again.
    Enabled(Noted),
    /// A token was issued to them.
    Issued(Issued),
    /// Tokens that are no longer accepted.
    Withdrawn(Withdrawn),
    /// A manually made key was used for the first time.
    KeyShown(KeyShown),
}

stored_events! {
    StaffEvent as payload {
        Enrolled = "staff_enrolled",
        Moved = "staff_moved",
        PasswordSet = "staff_password_set",
        Disabled = "staff_disabled",
        Enabled = "staff_enabled",
        Issued = "staff_token_issued",
        Withdrawn = "staff_tokens_withdrawn",
        KeyShown = "staff_key_shown",
    }
}

/// See [`StaffEvent::Enrolled`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The person or device; the id is permanent.
    pub member: String,
    /// Duties and place.
    pub post: Post,
    /// Real time.
    pub at: Moment,
}

/// See [`StaffEvent::Moved`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The member.
    pub member: String,
    /// Duties and place from now on.
    pub post: Post,
    /// Real time.
    pub at: Moment,
}

/// A change of a member without further data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// The member.
    pub member: String,
    /// Real time.
    pub at: Moment,
}

/// See [`StaffEvent::Issued`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// The member it belongs to.
    pub member: String,
    /// The token's id.
    pub token: String,
    /// When the token expires; real time.
    pub expires: Moment,
    /// Real time.
    pub at: Moment,
}

/// See [`StaffEvent::Withdrawn`]. Published to other services unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// The office, `*` for all of them.
    pub office: String,
    /// Ids of tokens.
    pub tokens: Vec<String>,
    /// When the last of them has expired by itself; real time.
    pub until: Moment,
    /// Real time.
    pub at: Moment,
}

/// See [`StaffEvent::KeyShown`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyShown {
    /// Its id.
    pub token: String,
    /// Duties and place that it allows.
    pub post: Post,
    /// When it expires; real time.
    pub expires: Moment,
    /// Real time.
    pub at: Moment,
}
