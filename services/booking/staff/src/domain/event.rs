//! What has happened to an office's staff: the only thing that is stored of it. Ids alone, never a name.

use super::Post;
use okienko_kernel::{Moment, stored_events};
use serde::{Deserialize, Serialize};

/// An event of an office's staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StaffEvent {
    /// There is a new person or device.
    Enrolled(Enrolled),
    /// Duties or place are others now.
    Moved(Moved),
    /// A new password lies sealed beside the events.
    PasswordSet(Noted),
    /// Nobody may sign in as them.
    Disabled(Noted),
    /// They may sign in again.
    Enabled(Noted),
    /// They have a token.
    Issued(Issued),
    /// Tokens that are not accepted any more.
    Withdrawn(Withdrawn),
    /// A key that was made by hand was used for the first time.
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
    /// The person or device, for good.
    pub member: String,
    /// What they do and where.
    pub post: Post,
    /// Real time.
    pub at: Moment,
}

/// See [`StaffEvent::Moved`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Who.
    pub member: String,
    /// What they do and where from now on.
    pub post: Post,
    /// Real time.
    pub at: Moment,
}

/// Something happened to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// Who.
    pub member: String,
    /// Real time.
    pub at: Moment,
}

/// See [`StaffEvent::Issued`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// Whose it is.
    pub member: String,
    /// The token's id.
    pub token: String,
    /// The token says when it ends; real time.
    pub expires: Moment,
    /// Real time.
    pub at: Moment,
}

/// See [`StaffEvent::Withdrawn`]. Goes to the other services as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// The office, `*` for all of them.
    pub office: String,
    /// Ids of tokens.
    pub tokens: Vec<String>,
    /// By then the last of them has ended by itself; real time.
    pub until: Moment,
    /// Real time.
    pub at: Moment,
}

/// See [`StaffEvent::KeyShown`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyShown {
    /// Its id.
    pub token: String,
    /// What it allows and where.
    pub post: Post,
    /// It says when it ends; real time.
    pub expires: Moment,
    /// Real time.
    pub at: Moment,
}
