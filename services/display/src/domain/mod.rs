//! What screens and e-tickets show, as a fold over a hall's numbered changes. Pure: no transport, no clock.

pub mod board;
pub mod change;
pub mod chime;
pub mod number;
pub mod outlook;
pub mod sound;
pub mod spoken;

pub use board::{Applied, Board, Line, LineState};
pub use change::{Call, Change, CounterState, TicketState, TicketView};
pub use number::Number;
pub use outlook::{Matters, Outlook, Place};
