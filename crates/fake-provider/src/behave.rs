//! How the provider behaves, for ever or for the next few messages.

use serde::Deserialize;

/// One way to behave towards a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
pub enum Mode {
    /// As a good provider.
    #[default]
    Fine,
    /// Accepts, and answers after this long.
    Slow {
        /// Milliseconds.
        ms: u64,
    },
    /// Accepts nothing and answers with this status.
    Status {
        /// 400 to 599.
        status: u16,
    },
    /// Accepts nothing and says so in its own words, under a good status.
    Error {
        /// SMSAPI's number.
        number: u32,
    },
    /// Accepts nothing and answers with a page.
    Nonsense,
    /// Accepts, says so, and nothing arrives.
    Lose,
    /// Accepts, delivers, and hangs up before it answers.
    HangUp,
}

/// The present mode and for how many messages it holds.
#[derive(Default)]
pub(crate) struct Behaviour {
    mode: Mode,
    left: Option<u32>,
}

impl Behaviour {
    pub(crate) fn set(&mut self, mode: Mode, times: Option<u32>) {
        *self = Behaviour { mode, left: times };
    }

    /// The mode for the message that is here.
    pub(crate) fn next(&mut self) -> Mode {
        match &mut self.left {
            None => self.mode,
            Some(0) => Mode::Fine,
            Some(left) => {
                *left -= 1;
                self.mode
            }
        }
    }
}
