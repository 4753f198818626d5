//! The office side's rules, as pure functions and machines: questions to a holder, what looks suspicious. Must not know
//! of clocks, randomness, tasks, storage or the network.

pub mod inquiry;
pub mod suspicion;
