//! The composition as a library: for the program's own commands and for the simulator. The caller chooses a World.

mod compose;
mod roles;

pub use compose::{Composed, Plan, compose};
pub use roles::{OneProcess, Role, Ways};
