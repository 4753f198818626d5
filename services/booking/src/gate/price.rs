//! What a place costs a network: how often the lowest price is doubled. It rises with holds, and faster with holds that
//! end without a reservation; both are forgotten within the hour. Knows no challenge.

use super::Passed;
use super::figures::{DEARER_FROM_ABANDONED, DEARER_FROM_HELD, HIGHEST_LEVEL, PRICE_SPAN};
use super::network::Network;
use crate::domain::day::DayEvent;
use okienko_office::Office;
use crate::service::Booking;
use async_trait::async_trait;
use okienko_kernel::Stored;
use okienko_journal::Recorded;
use okienko_journal::relay::Sink;
use okienko_kernel::Id;
use okienko_limits::{Hit, Rate};
use std::sync::Arc;

/// Hears what became of holds, in each of many replicas: only the one that let somebody through knows the network.
pub struct Saw(pub Arc<Booking>);

#[async_trait]
impl Sink for Saw {
    async fn take(&self, batch: &[Recorded]) -> Result<(), String> {
        for event in batch.iter().filter(|event| event.stream.starts_with("day/")) {
            if let Ok(event) = <DayEvent as Stored>::decode(&event.kind, event.schema, &event.data) {
                self.0.gate_saw(&event).await;
            }
        }
        Ok(())
    }
}

/// Counting fills a step by a third over the number from which it makes things dearer: so it stays dear for a while, and
/// nobody finds a cheap moment between two holds.
const COUNTED: (u32, u32) = (4, 3);
const LOOKED_AT: (u32, u32) = (1, 1);

fn steps(what: &str, network: &Network, thresholds: &[u32], (times, over): (u32, u32)) -> Vec<Hit> {
    let step = |from: &u32| Hit {
        key: format!("price/{what}/{from}/{}", network.id),
        rate: Rate { count: *from, per: PRICE_SPAN, burst: from * times / over },
    };
    thresholds.iter().map(step).collect()
}

impl Booking {
    /// How many times the lowest price is doubled for a network now. Where work is asked for only of those who have much
    /// already, it doubles with how much that is.
    pub(super) async fn level(&self, office: &Office, network: &Network) -> u8 {
        let mut hits = steps("held", network, &DEARER_FROM_HELD, LOOKED_AT);
        hits.extend(steps("abandoned", network, &DEARER_FROM_ABANDONED, LOOKED_AT));
        let over = self.service.world.limits.denied(&hits).await.into_iter().filter(|over| *over).count();
        let running = match office.proof_of_work {
            true => 0,
            false => self.running.times(network, self.service.world.wall.now()).saturating_sub(1) as usize,
        };
        u8::try_from(over.max(running)).unwrap_or(u8::MAX).min(HIGHEST_LEVEL)
    }

    /// A place was held by somebody whom the gate had let through.
    pub(crate) async fn gate_held(&self, passed: Passed, hold: Id) {
        self.running.begin(hold, passed.seat, passed.priced, self.service.world.wall.now());
        if passed.priced {
            self.count(steps("held", &passed.network, &DEARER_FROM_HELD, COUNTED)).await;
        }
    }

    /// A hold was proved just now: told at once, because whoever books one after the other does not wait for a relay.
    pub(crate) fn gate_proved(&self, hold: &Id) {
        drop(self.running.end(hold));
    }

    /// Something happened on a day: a hold that ended without a reservation makes the next ones of its network dearer.
    pub(crate) async fn gate_saw(&self, event: &DayEvent) {
        match event {
            DayEvent::Confirmed(confirmed) => drop(self.running.end(&confirmed.hold)),
            DayEvent::HoldExpired(expired) => self.abandoned(&expired.hold).await,
            DayEvent::HoldReleased(released) => self.abandoned(&released.hold).await,
            _ => {}
        }
    }

    async fn abandoned(&self, hold: &Id) {
        if let Some(network) = self.running.end(hold) {
            self.count(steps("abandoned", &network, &DEARER_FROM_ABANDONED, COUNTED)).await;
        }
    }

    /// Each step by itself: a full one must not keep the next from filling.
    async fn count(&self, hits: Vec<Hit>) {
        for hit in hits {
            // Denied means full: there is nothing to add.
            let _ = self.service.world.limits.check(&[hit]).await;
        }
    }
}
