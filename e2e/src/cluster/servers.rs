//! The private servers of an installation and the connections to them: where a drill wants to cut a single process off,
//! each process has connections of its own. Does not know what is stored.

use anyhow::Result;
use okienko_drill::{Nats, Postgres, Proxy, Redis};

/// PostgreSQL, NATS and Redis.
pub struct Servers {
    /// The journals.
    pub postgres: Postgres,
    /// The bus, and who is present.
    pub nats: Nats,
    /// The limits.
    pub redis: Redis,
}

/// The connections of one process to the servers.
pub struct Ways {
    /// To PostgreSQL.
    pub postgres: Proxy,
    /// To NATS.
    pub nats: Proxy,
}

impl Servers {
    /// Starts empty servers.
    pub fn start() -> Result<Servers> {
        Ok(Servers { postgres: Postgres::start()?, nats: Nats::start()?, redis: Redis::start()? })
    }

    /// Connections that can be cut.
    pub fn ways(&self) -> Result<Ways> {
        Ok(Ways { postgres: Proxy::to(self.postgres.port())?, nats: Proxy::to(self.nats.port())? })
    }

    /// The servers' addresses as settings; through `ways` if given.
    pub fn settings(&self, ways: Option<&Ways>) -> Vec<(String, String)> {
        let (postgres, nats) = match ways {
            Some(ways) => (
                format!("postgres://postgres@127.0.0.1:{}/postgres", ways.postgres.port()),
                format!("nats://127.0.0.1:{}", ways.nats.port()),
            ),
            None => (self.postgres.url(), self.nats.url()),
        };
        let settings = [("POSTGRES__URL", postgres), ("NATS__URL", nats), ("REDIS__URL", self.redis.url())];
        settings.map(|(name, value)| (format!("OKIENKO__{name}"), value)).to_vec()
    }
}
