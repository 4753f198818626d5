//! What booking itself decides, outside its other crates, as pure machines: the counter of visits. Must not know of
//! clocks, randomness, tasks, storage or the network.

pub mod visits;
