//! Holds that run unproved, by the network that each came from: one that has many pays for the next. In memory: what a
//! restart forgets only makes a few holds cheaper. Each replica knows those that came through it, and hears of their end
//! wherever that is decided. Knows no price and no address, only hashes of networks.

use super::figures::{RUNNING_FOR, RUNNING_HOLDS, UNPROVED_FREE};
use super::network::{Network, NetworkId};
use okienko_kernel::{Id, Moment};
use parking_lot::Mutex;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// What runs now.
#[derive(Clone, Default)]
pub struct Running(Arc<Mutex<HoldTable>>);

#[derive(Default)]
struct HoldTable {
    holds: HashMap<Id, Hold>,
    /// In the order in which they came, for those whose end was never heard of.
    oldest: VecDeque<(Moment, Id)>,
    /// How many run from a network, each wider one counted by itself.
    of: HashMap<NetworkId, u32>,
}

struct Hold {
    network: Network,
    /// Whether its end counts towards a price.
    priced: bool,
}

/// A seat among those that run, taken before it is asked what the hold costs: of many that come at the same moment each
/// sees the others. Given back when no hold came of it.
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
    /// Takes a seat, and says how many times over the network had used up what is free.
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

    /// How many times over a network has used up what is free.
    pub(super) fn times(&self, network: &Network, now: Moment) -> u32 {
        let mut known = self.0.lock();
        known.forget(now);
        known.times(network)
    }

    /// The hold for which the seat was taken runs. More than so many are not remembered.
    pub(super) fn begin(&self, hold: Id, mut seat: Seat, priced: bool, now: Moment) {
        let mut known = self.0.lock();
        // A retry gets the hold that it got before: one hold, one seat.
        if known.holds.len() < RUNNING_HOLDS
            && !known.holds.contains_key(&hold)
            && let Some(network) = seat.network.take()
        {
            known.holds.insert(hold, Hold { network, priced });
            known.oldest.push_back((now, hold));
        }
        // The seat that is left gives itself back, and asks for the lock.
        drop(known);
    }

    /// A hold has ended, or was proved: its network, where the end of it counts.
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
