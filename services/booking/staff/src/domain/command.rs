//! The commands to an office's staff, the replies, and the refusals.

use super::Post;
use okienko_kernel::Moment;
use serde::{Deserialize, Serialize};

/// A command. `real` is the current real time: the lifetime of tokens never follows the demo clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StaffCommand {
    /// Add a person or device.
    Enrol {
        /// Its id, derived from the login or random; never assigned to another.
        member: String,
        /// Duties and place.
        post: Post,
        /// The current real time.
        real: Moment,
    },
    /// Change duties or location; tokens with the old ones are revoked.
    Move {
        /// The member.
        member: String,
        /// [`Member::changes`](super::Member::changes) when they were read; `None`: not checked.
        #[serde(default)]
        changes: Option<u32>,
        /// The new post.
        post: Post,
        /// The current real time.
        real: Moment,
    },
    /// A new password is sealed in the vault; all tokens are revoked.
    SetPassword {
        /// The member.
        member: String,
        /// [`Member::changes`](super::Member::changes) when they were read; `None`: not checked.
        #[serde(default)]
        changes: Option<u32>,
        /// The current real time.
        real: Moment,
    },
    /// Block sign-in for them; all tokens are revoked.
    Disable {
        /// The member.
        member: String,
        /// [`Member::changes`](super::Member::changes) when they were read; `None`: not checked.
        #[serde(default)]
        changes: Option<u32>,
        /// The current real time.
        real: Moment,
    },
    /// Allow them to sign in again.
    Enable {
        /// The member.
        member: String,
        /// [`Member::changes`](super::Member::changes) when they were read; `None`: not checked.
        #[serde(default)]
        changes: Option<u32>,
        /// The current real time.
        real: Moment,
    },
    /// Issue a token. A device has one at a time.
    Issue {
        /// The member.
        member: String,
        /// The post as the caller read it: the token has exactly these duties and place.
        post: Post,
        /// [`Member::changes`](super::Member::changes) when the password was checked; `None`: not checked.
        #[serde(default)]
        changes: Option<u32>,
        /// The token's id.
        token: String,
        /// When it expires.
        expires: Moment,
        /// The current real time.
        real: Moment,
    },
    /// A manually made key is being used: it must appear in the list.
    ShowKey {
        /// Its id.
        token: String,
        /// Duties and place that it allows.
        post: Post,
        /// When it expires.
        expires: Moment,
        /// The current real time.
        real: Moment,
    },
    /// Revoke tokens.
    Revoke {
        /// The tokens.
        which: Revoke,
        /// The current real time.
        real: Moment,
    },
}

/// A choice of tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Revoke {
    /// All tokens of a person or device.
    AllOf(String),
    /// The token with this id.
    Known(String),
    /// The token with this id, even if it was not issued here. For callers that presented the token itself.
    Shown {
        /// The token's id.
        token: String,
        /// When it expires by itself.
        expires: Moment,
    },
}

/// Why a command was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum StaffRefusal {
    /// There is no such person, device or token.
    #[error("there is no such person, device or token")]
    Unknown,
    /// The id is in use, or was.
    #[error("the id is somebody's")]
    Taken,
    /// They may not sign in.
    #[error("they may not sign in")]
    Disabled,
    /// These duties cannot be combined, or not in this office.
    #[error("these duties do not go together, or not here")]
    Misfit,
    /// They have changed since they were read.
    #[error("they have changed")]
    Changed,
    /// The office has reached its maximum.
    #[error("the office has as many as it may have")]
    Full,
}

/// The reply to a command: the tokens that it revoked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffReply {
    /// Their token ids.
    pub withdrawn: Vec<String>,
    /// When the last of them has expired by itself.
    pub until: Moment,
}
