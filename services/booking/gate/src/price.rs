//! What a place costs a network: how often the minimum price is doubled. It rises with holds, and faster with holds
//! that end without a reservation; both are forgotten within the hour. Knows no challenge.

use super::figures::{DEARER_FROM_ABANDONED, DEARER_FROM_HELD, HIGHEST_LEVEL, PRICE_SPAN};
use super::network::Network;
use super::{Gate, Passed};
use okienko_kernel::Id;
use okienko_limits::{Hit, Rate};
use okienko_office::Office;

/// Counting fills a step to a third above the number from which it raises the price, so that the price stays up for a
/// while and there is no cheap moment between two holds.
const COUNTED: (u32, u32) = (4, 3);
const LOOKED_AT: (u32, u32) = (1, 1);

fn steps(what: &str, network: &Network, thresholds: &[u32], (times, over): (u32, u32)) -> Vec<Hit> {
    let step = |from: &u32| Hit {
        key: format!("price/{what}/{from}/{}", network.id),
        rate: Rate { count: *from, per: PRICE_SPAN, burst: from * times / over },
    };
    thresholds.iter().map(step).collect()
}

impl Gate {
    /// How many times the minimum price is doubled for a network now. Where work is required only of networks with many
    /// active holds, it also doubles with each further multiple of them.
    pub(super) async fn level(&self, office: &Office, network: &Network) -> u8 {
        let mut hits = steps("held", network, &DEARER_FROM_HELD, LOOKED_AT);
        hits.extend(steps("abandoned", network, &DEARER_FROM_ABANDONED, LOOKED_AT));
        let over = self.world.limits.denied(&hits).await.into_iter().filter(|over| *over).count();
        let running = match office.proof_of_work {
            true => 0,
            false => self.running.times(network, self.world.wall.now()).saturating_sub(1) as usize,
        };
        u8::try_from(over.max(running)).unwrap_or(u8::MAX).min(HIGHEST_LEVEL)
    }

    /// A place was held by somebody whom the gate let through.
    pub async fn placed(&self, passed: Passed, hold: Id) {
        self.running.begin(hold, passed.seat, passed.priced, self.world.wall.now());
        if passed.priced {
            self.count(steps("held", &passed.network, &DEARER_FROM_HELD, COUNTED)).await;
        }
    }

    /// A hold became a reservation. Called at once where it was confirmed, because somebody who books one after another
    /// does not wait for a relay; and again by the relay, wherever it was decided.
    pub fn kept(&self, hold: &Id) {
        drop(self.running.end(hold));
    }

    /// A hold ended without a reservation: the network's next ones cost more.
    pub async fn abandoned(&self, hold: &Id) {
        if let Some(network) = self.running.end(hold) {
            self.count(steps("abandoned", &network, &DEARER_FROM_ABANDONED, COUNTED)).await;
        }
    }

    /// Each step separately: a full one must not keep the next from filling.
    async fn count(&self, hits: Vec<Hit>) {
        for hit in hits {
            // Denied means that the step is full: nothing to add.
            let _ = self.world.limits.check(&[hit]).await;
        }
    }
}
