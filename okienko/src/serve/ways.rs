//! The links to other processes: to roles that run elsewhere, at the addresses of the settings, and to the other
//! replicas of the roles here, at their advertised addresses. Knows no service.

use crate::settings::Settings;
use okienko::{Role, Ways};
use okienko_kernel::homes::{Answered, Ask, NoAnswer, Peer};
use okienko_placement::{Dial, dial};
use okienko_rpc::{FarError, Link, ServiceKey, far, is_not_delivered};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The links to other replicas: like those to other roles. A replica advertised at `own`, this process's address, was
/// here before it and is gone.
pub fn to_replicas(settings: &Settings, key: &ServiceKey, own: String) -> Dial {
    let (key, tls) = (key.clone(), settings.tls.clone());
    let link = move |address: &str| far(&[address.to_owned()], &key, tls.as_ref()).map_err(|e| e.to_string());
    let dial = dial(link, is_not_delivered);
    Arc::new(move |address| if address == own { Arc::new(Gone) } else { dial(address) })
}

/// A replica that no longer exists.
struct Gone;

impl Peer for Gone {
    fn ask(&self, _: Ask) -> Answered<Result<Vec<u8>, NoAnswer>> {
        Box::pin(std::future::ready(Err(NoAnswer::NotDelivered)))
    }
}

/// Links by role.
pub struct Elsewhere(BTreeMap<Role, Link>);

impl Elsewhere {
    /// The links of these settings; nothing is connected yet.
    pub fn of(settings: &Settings, key: &ServiceKey) -> Result<Elsewhere, FarError> {
        let known = settings.ways.iter().filter(|(_, addresses)| !addresses.is_empty());
        let links = known.map(|(role, addresses)| Ok((*role, far(addresses, key, settings.tls.as_ref())?)));
        links.collect::<Result<_, _>>().map(Elsewhere)
    }
}

/// What is wrong with the links of these settings, if anything.
pub fn call_fault(settings: &Settings) -> Option<String> {
    let key = ServiceKey::of(settings.keys.as_ref()?);
    Elsewhere::of(settings, &key).err().map(|error| error.to_string())
}

impl Ways for Elsewhere {
    fn far(&self, role: Role) -> anyhow::Result<Link> {
        let link = self.0.get(&role).cloned();
        link.ok_or_else(|| anyhow::anyhow!("no way to {role} is known: write it into [ways] of the settings"))
    }
}
