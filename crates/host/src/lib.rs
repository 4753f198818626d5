//! The World that a composition runs in: clocks, randomness, tasks, keys, journals, bus, limits; and what all roles
//! share besides: telemetry, and waiting until everything is carried out. Knows no service.

mod access;
mod access_file;
mod access_fold;
mod clock;
mod parts;
mod settle;
mod tasks;
pub mod telemetry;
mod vault;
mod world;

pub use access::{Access, AccessLine, AccessLog, BegunAct, CUT_OFF, NoAccessLog, On};
pub use access_file::{ACCESS_DAYS, FileAccessLog};
pub use clock::{DomainClock, WallClock};
pub use parts::{OsEntropy, installation_keys};
pub use settle::Settle;
pub use tasks::TokioTasks;
pub use vault::Vault;
pub use world::{Service, World};
