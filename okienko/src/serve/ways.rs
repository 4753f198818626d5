//! The ways to roles that run in other processes: their addresses come from the settings. Knows no service.

use crate::settings::Settings;
use okienko::{Role, Ways};
use okienko_rpc::{FarError, Link, ServiceKey, far};
use std::collections::BTreeMap;

/// Ways by role.
pub struct Elsewhere(BTreeMap<Role, Link>);

impl Elsewhere {
    /// The ways of these settings; nothing is connected yet.
    pub fn of(settings: &Settings, key: &ServiceKey) -> Result<Elsewhere, FarError> {
        let known = settings.ways.iter().filter(|(_, addresses)| !addresses.is_empty());
        let links = known.map(|(role, addresses)| Ok((*role, far(addresses, key, settings.tls.as_ref())?)));
        links.collect::<Result<_, _>>().map(Elsewhere)
    }
}

impl Ways for Elsewhere {
    fn far(&self, role: Role) -> anyhow::Result<Link> {
        let link = self.0.get(&role).cloned();
        link.ok_or_else(|| anyhow::anyhow!("no way to {role} is known: write it into [ways] of the settings"))
    }
}
