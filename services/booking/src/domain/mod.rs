//! What booking decides beside its rooms, as pure machines: the counter of visits. Must not know of clocks, randomness,
//! tasks, storage or wires.

pub mod visits;
