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
    /// Of two messages one as a good provider, and the other in any of the ways above.
    Mixed,
}

/// What [`Mode::Mixed`] becomes in turn.
const MIXED: [Mode; 8] = [
    Mode::Slow { ms: 200 },
    Mode::Status { status: 500 },
    Mode::Status { status: 429 },
    Mode::Error { number: 201 },
    Mode::Nonsense,
    Mode::Lose,
    Mode::HangUp,
    Mode::HangUp,
];

/// The present mode and for how many messages it holds.
#[derive(Default)]
pub(crate) struct Behaviour {
    mode: Mode,
    left: Option<u32>,
    /// Messages that came while it was mixed.
    mixed: u64,
    /// How often it hung up.
    pub(crate) hung_up: u64,
}

impl Behaviour {
    pub(crate) fn set(&mut self, mode: Mode, times: Option<u32>) {
        (self.mode, self.left) = (mode, times);
    }

    /// The mode for the message that is here.
    pub(crate) fn next(&mut self) -> Mode {
        let mode = match self.chosen() {
            Mode::Mixed => {
                self.mixed += 1;
                // Scattered, and the same from run to run.
                let lot = self.mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
                if lot.is_multiple_of(2) { Mode::Fine } else { MIXED[(lot / 2) as usize % MIXED.len()] }
            }
            given => given,
        };
        self.hung_up += u64::from(mode == Mode::HangUp);
        mode
    }

    fn chosen(&mut self) -> Mode {
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
