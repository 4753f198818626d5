//! Private servers for tests and drills: PostgreSQL, NATS, Redis and Prometheus from the system's packages, each on a free port with a
//! temporary folder, gone with the value. They can be killed, frozen, stopped at once and started again on the same data;
//! [`Proxy`] stands between a client and a server and loses what passes. And the office file of drills and benchmarks. Knows
//! nothing of what is stored or said.

mod nats;
mod office_file;
mod ports;
mod postgres;
mod prometheus;
mod proxy;
mod redis;
mod server;

pub use nats::Nats;
pub use office_file::{OfficeFile, ServiceWithPool};
pub use ports::free_port;
pub use postgres::Postgres;
pub use prometheus::Prometheus;
pub use proxy::Proxy;
pub use redis::Redis;
pub use server::bound_to_us;
