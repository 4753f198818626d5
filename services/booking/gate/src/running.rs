//! Active unproved holds, by the network each came from: a network with many pays for the next. In memory: what a
//! restart forgets only makes a few holds cheaper. Each replica knows those that came through it, and hears of their
//! end wherever it is decided. Knows no price and no address, only hashes of networks.

use super::figures::{RUNNING_FOR, RUNNING_HOLDS, UNPROVED_FREE};
use super::network::{Network, NetworkId};
use okienko_kernel::{Id, Moment};
use parking_lot::Mutex;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// The active holds.
#[derive(Clone, Default)]
pub struct Running(Arc<Mutex<HoldTable>>);

#[derive(Default)]
struct HoldTable {
    holds: HashMap<Id, Hold>,
    /// In order of arrival, to drop those whose end was never reported.
    oldest: VecDeque<(Moment, Id)>,
    /// Number of active holds per network, each wider network counted separately.
    of: HashMap<NetworkId, u32>,
}

struct Hold {
    network: Network,
    /// Whether its end counts towards a price.
    priced: bool,
}

/// A seat among the active holds, taken before the hold's price is determined, so that requests arriving at the same
/// moment see each other. Returned if no hold results.
pub struct Seat {
    running: Running,
    network: Option<Network>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some(network) = self.network.take() {
            self.running.0.lock().leave(&network);
        }
    }
}

impl Running {
    /// Takes a seat; returns how many times over the network had already used up the free number.
    pub(super) fn enter(&self, network: &Network, now: Moment) -> (Seat, u32) {
        let mut known = self.0.lock();
        known.forget(now);
        let times = known.times(network);
        for (id, _) in network.all() {
            *known.of.entry(id).or_default() += 1;
        }
        drop(known);
        (Seat { running: self.clone(), network: Some(network.clone()) }, times)
    }

    /// How many times over a network has used up the free number.
    pub(super) fn times(&self, network: &Network, now: Moment) -> u32 {
        let mut known = self.0.lock();
        known.forget(now);
        known.times(network)
    }

    /// The hold for which the seat was taken is now active. Beyond [`RUNNING_HOLDS`] none is remembered.
    pub(super) fn begin(&self, hold: Id, mut seat: Seat, priced: bool, now: Moment) {
        let mut known = self.0.lock();
        // A retry gets the same hold again: one hold, one seat.
        if known.holds.len() < RUNNING_HOLDS
            && !known.holds.contains_key(&hold)
            && let Some(network) = seat.network.take()
        {
            known.holds.insert(hold, Hold { network, priced });
            known.oldest.push_back((now, hold));
        }
        // An unused seat returns itself when dropped, which takes the lock.
        drop(known);
    }

    /// A hold has ended, or was proved: returns its network, if its end counts towards a price.
    pub(super) fn end(&self, hold: &Id) -> Option<Network> {
        let mut known = self.0.lock();
        let ended = known.holds.remove(hold)?;
        known.leave(&ended.network);
        ended.priced.then_some(ended.network)
    }
}

impl HoldTable {
    fn times(&self, network: &Network) -> u32 {
        let times =
            |(id, of): (NetworkId, u32)| self.of.get(&id).map_or(0, |runs| runs / (UNPROVED_FREE * of));
        network.all().map(times).max().unwrap_or_default()
    }

    fn leave(&mut self, network: &Network) {
        for (id, _) in network.all() {
            if let Some(count) = self.of.get_mut(&id) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    self.of.remove(&id);
                }
            }
        }
    }

    fn forget(&mut self, now: Moment) {
        while let Some((since, hold)) = self.oldest.front().copied()
            && (since.plus(RUNNING_FOR) <= now || !self.holds.contains_key(&hold))
        {
            self.oldest.pop_front();
            if let Some(old) = self.holds.remove(&hold) {
                self.leave(&old.network);
            }
        }
    }
}
