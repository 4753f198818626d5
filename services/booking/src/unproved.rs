//! Reports the end of holds to the gate: in several replicas, only the one that let a request through knows its
//! network. Knows no price.

use crate::heard;
use async_trait::async_trait;
use okienko_day::DayEvent;
use okienko_gate::Gate;
use okienko_journal::relay::Sink;
use okienko_journal::{NotTaken, Recorded};
use std::sync::Arc;

/// Hears of every hold's end, in each replica.
pub struct Ends(pub Arc<Gate>);

#[async_trait]
impl Sink for Ends {
    async fn take(&self, batch: &[Recorded]) -> Result<(), NotTaken> {
        for event in batch.iter().filter_map(heard::of_day) {
            tell(&self.0, &event).await;
        }
        Ok(())
    }
}

/// Tells the gate what happened on a day.
pub async fn tell(gate: &Gate, event: &DayEvent) {
    match event {
        DayEvent::Confirmed(confirmed) => gate.kept(&confirmed.hold),
        DayEvent::HoldExpired(expired) => gate.abandoned(&expired.hold).await,
        DayEvent::HoldReleased(released) => gate.abandoned(&released.hold).await,
        _ => {}
    }
}
