//! The servers that an installation stands on, private to it, and the ways to them: where a drill wants to cut a single
//! process off, each process has ways of its own.

use anyhow::Result;
use okienko_drill::{Nats, Postgres, Proxy, Redis};

/// PostgreSQL, NATS and Redis.
pub struct Servers {
    /// The journals.
    pub postgres: Postgres,
    /// Facts on their way, and who is present.
    pub nats: Nats,
    /// Limits.
    pub redis: Redis,
}

/// One process' ways to the servers.
pub struct Ways {
    /// To PostgreSQL.
    pub postgres: Proxy,
    /// To NATS.
    pub nats: Proxy,
}

impl Servers {
    /// Starts empty ones.
    pub fn start() -> Result<Servers> {
        Ok(Servers { postgres: Postgres::start()?, nats: Nats::start()?, redis: Redis::start()? })
    }

    /// Ways that can be cut.
    pub fn ways(&self) -> Result<Ways> {
        Ok(Ways { postgres: Proxy::to(self.postgres.port())?, nats: Proxy::to(self.nats.port())? })
    }

    /// Where they are, as settings; over ways of one's own where there are some.
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
