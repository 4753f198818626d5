//! What one may ask of an office's staff, what one is told, and why it may be refused.

use super::Post;
use okienko_kernel::Moment;
use serde::{Deserialize, Serialize};

/// What one may ask. `real` is the present real moment: the life of tokens is never the demo clock's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StaffCommand {
    /// A new person or device.
    Enrol {
        /// Its id, made of the login or drawn; never given to another.
        member: String,
        /// What they do and where.
        post: Post,
        /// See above.
        real: Moment,
    },
    /// Other duties or another place; tokens that say the old ones are taken back.
    Move {
        /// Who.
        member: String,
        /// [`Member::changes`](super::Member::changes) when they were looked at; `None`: whichever.
        #[serde(default)]
        changes: Option<u32>,
        /// From now on.
        post: Post,
        /// See above.
        real: Moment,
    },
    /// A new password is sealed beside this; all tokens are taken back.
    SetPassword {
        /// Who.
        member: String,
        /// [`Member::changes`](super::Member::changes) when they were looked at; `None`: whichever.
        #[serde(default)]
        changes: Option<u32>,
        /// See above.
        real: Moment,
    },
    /// Nobody may sign in as them, and all tokens are taken back.
    Disable {
        /// Who.
        member: String,
        /// [`Member::changes`](super::Member::changes) when they were looked at; `None`: whichever.
        #[serde(default)]
        changes: Option<u32>,
        /// See above.
        real: Moment,
    },
    /// They may sign in again.
    Enable {
        /// Who.
        member: String,
        /// [`Member::changes`](super::Member::changes) when they were looked at; `None`: whichever.
        #[serde(default)]
        changes: Option<u32>,
        /// See above.
        real: Moment,
    },
    /// Gives a token. A device has one at a time.
    Issue {
        /// To whom.
        member: String,
        /// The duties and place as the shell has seen them: the token says no others.
        post: Post,
        /// [`Member::changes`](super::Member::changes) when the password was compared; `None`: whichever.
        #[serde(default)]
        changes: Option<u32>,
        /// The token's id.
        token: String,
        /// When it ends.
        expires: Moment,
        /// See above.
        real: Moment,
    },
    /// A key that was made by hand is used: it is to stand in the list.
    ShowKey {
        /// Its id.
        token: String,
        /// What it allows and where.
        post: Post,
        /// When it ends.
        expires: Moment,
        /// See above.
        real: Moment,
    },
    /// Takes tokens back.
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
    /// All of a person or device.
    AllOf(String),
    /// The one with this id.
    Known(String),
    /// The one with this id, which was perhaps not given here; it ends then. For those who showed the token itself.
    Shown {
        /// The token's id.
        token: String,
        /// When it ends by itself.
        expires: Moment,
    },
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum StaffRefusal {
    /// There is no such person, device or token.
    #[error("there is no such person, device or token")]
    Unknown,
    /// The id is somebody's, or was.
    #[error("the id is somebody's")]
    Taken,
    /// They may not sign in.
    #[error("they may not sign in")]
    Disabled,
    /// These duties do not go together, or not here.
    #[error("these duties do not go together, or not here")]
    Misfit,
    /// They have changed since they were looked at.
    #[error("they have changed")]
    Changed,
    /// The office has as many as it may have.
    #[error("the office has as many as it may have")]
    Full,
}

/// What the asker is told: the tokens that were taken back by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffReply {
    /// Their ids.
    pub withdrawn: Vec<String>,
    /// By then the last of them has ended by itself.
    pub until: Moment,
}
