//! What booking knows and decides, as pure functions and machines: the places of a day,
//! questions to a holder, suspicion. Must not know of clocks, randomness, tasks, storage or wires.

pub mod day;
pub mod inquiry;
pub mod suspicion;
pub mod visits;
