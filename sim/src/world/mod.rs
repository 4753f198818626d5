//! The simulated World: everything that processes depend on, and the processes themselves. Knows no person.

pub mod bus;
pub mod clock;
pub mod executor;
pub mod front;
pub mod net;
pub mod phones;
pub mod presence;
pub mod process;
pub mod storage;
pub mod weather;
