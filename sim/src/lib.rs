//! The simulator: the whole composition in a World of virtual time and drawn faults, with people who use its outside
//! surface and a watcher that checks after every step what must always be true. One seed is one run. Chooses a World;
//! contains no rule of the project.

mod dice;
pub mod hang_ups;
mod offices;
mod run;
mod town;
mod watch;
mod world;

pub use run::{Outcome, Plan, Shape, run, run_telling};
pub use watch::Broken;
