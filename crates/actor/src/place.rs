//! Where the streams of one role have their homes, as actors see it. Knows no presence and no transport.

use okienko_journal::Followers;
use okienko_kernel::homes::{Alone, Home, Homes, Peer};
use std::sync::Arc;

/// A role's place among its replicas.
#[derive(Clone)]
pub struct Place {
    pub(crate) role: &'static str,
    pub(crate) homes: Arc<dyn Homes>,
    /// Notified of what others write.
    pub(crate) followers: Arc<Followers>,
    alone: bool,
    /// Whether orders are encoded even though they stay here.
    pub(crate) rehearses: bool,
}

impl Place {
    /// The place of `role`; `followers` follow its journal.
    pub fn new(role: &'static str, homes: Arc<dyn Homes>, followers: Arc<Followers>) -> Place {
        let (alone, rehearses) = (homes.is_alone(), homes.rehearses());
        Place { role, homes, followers, alone, rehearses }
    }

    /// Every stream's home is here, and nobody else writes.
    pub fn alone() -> Place {
        Place::new("", Arc::new(Alone), Arc::default())
    }

    pub(crate) fn is_alone(&self) -> bool {
        self.alone
    }

    pub(crate) fn is_here(&self, stream: &str) -> bool {
        self.alone || self.homes.home(self.role, stream).is_here()
    }

    /// The replica that is the stream's home, if it is another one.
    pub(crate) fn peer(&self, stream: &str) -> Option<Arc<dyn Peer>> {
        if self.alone {
            return None;
        }
        match self.homes.home(self.role, stream) {
            Home::Here => None,
            Home::There(peer) => Some(peer),
        }
    }
}
