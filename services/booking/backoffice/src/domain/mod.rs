//! What the office's side decides, as pure functions and machines: questions to a holder, what looks suspicious. Must not
//! know of clocks, randomness, tasks, storage or wires.

pub mod inquiry;
pub mod suspicion;
