//! What booking knows and decides, as pure functions and machines: the places of a day,
//! citizens' accounts. Must not know of clocks, randomness, tasks, storage or wires.

pub mod account;
pub mod day;
pub mod inquiry;
pub mod suspicion;
pub mod visits;
