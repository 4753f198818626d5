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
        /// What they do and where.
        post: Post,
        /// See above.
        real: Moment,
    },
    /// Change duties or location; tokens with the old ones are revoked.
    Move {
        /// Who.
        member: String,
        /// [`Member::changes`](super::Member::changes) when they were read; `None`: not checked.
        #[serde(default)]
        changes: Option<u32>,
        /// The new post.
        post: Post,
        /// See above.
        real: Moment,
    },
    /// A new password is sealed in the vault; all tokens are revoked.
    SetPassword {
        /// Who.
        member: String,
        /// [`Member::changes`](super::Member::changes) when they were read; `None`: not checked.
        #[serde(default)]
        changes: Option<u32>,
        /// See above.
        real: Moment,
    },
    /// Block sign-in for them; all tokens are revoked.
    Disable {
        /// Who.
        member: String,
        /// [`Member::changes`](super::Member::changes) when they were read; `None`: not checked.
        #[serde(default)]
        changes: Option<u32>,
        /// See above.
        real: Moment,
    },
    /// Allow them to sign in again.
    Enable {
        /// Who.
        member: String,
        /// [`Member::changes`](super::Member::changes) when they were read; `None`: not checked.
        #[serde(default)]
        changes: Option<u32>,
        /// See above.
        real: Moment,
    },
    /// Issue a token. A device has one at a time.
    Issue {
        /// To whom.
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
        /// See above.
        real: Moment,
    },
    /// A manually made key is being used: it must appear in the list.
    ShowKey {
        /// Its id.
        token: String,
        /// What it allows and where.
        post: Post,
        /// When it expires.
        expires: Moment,
        /// See above.
        real: Moment,
    },
    /// Revoke tokens.
    Revoke {
        /// Which.
        which: Revoke,
        /// See above.
        real: Moment,
    },
}

/// Which tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Revoke {
    /// All tokens of a person or device.
    AllOf(String),
    /// The one with this id.
    Known(String),
    /// The token with this id, even if it was not issued here; it expires then. For callers that presented the token
    /// itself.
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
    /// Their ids.
    pub withdrawn: Vec<String>,
    /// When the last of them has expired by itself.
    pub until: Moment,
}
