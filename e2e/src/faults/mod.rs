//! What an installation withstands: processes and servers are killed, frozen, stopped and cut off under load from
//! several clients, and after each fault everything that anybody was told is compared with the state and the journals.
//! Nothing acknowledged may be lost or duplicated, no ticket be at two counters, no number be given twice.

mod fault;
mod insist;
mod journal;
mod load;
mod site;
mod told;
mod upgrade;

pub use fault::Fault;
pub use told::{ClientLedger, Kind};
pub use upgrade::{Upgraded, run as upgrade};

use crate::cluster::Role;
use site::Site;
use std::collections::BTreeMap;
use std::time::Duration;

/// The size of a proof.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Kills of a busy key's home, for each role.
    pub kills: u32,
    /// How long NATS is away.
    pub nats_away: Duration,
    /// How long a connection stays cut, or a server stopped.
    pub away: Duration,
    /// Whether both booking and queue are frozen and cut off, or only one of them for each fault.
    pub both: bool,
}

impl Size {
    /// The size of the proof of record.
    pub fn full(kills: u32) -> Size {
        Size { kills, nats_away: Duration::from_secs(60), away: Duration::from_secs(10), both: true }
    }

    /// One fault of each kind, quick.
    pub fn everyday() -> Size {
        Size { kills: 1, nats_away: Duration::from_secs(3), away: Duration::from_secs(2), both: false }
    }

    /// The faults in their order.
    pub fn faults(&self) -> Vec<Fault> {
        let kills = Role::ALL.into_iter().map(|role| Fault::Kill { role, times: self.kills });
        let (away, one, other) = (self.away, Role::Booking, Role::Queue);
        let mut rest = vec![
            Fault::Freeze { role: one },
            Fault::PostgresStops { away },
            Fault::NatsStops { away: self.nats_away },
            Fault::RedisForgetsAndStops { away },
            Fault::PostgresCut { role: other, away },
            Fault::NatsCut { role: one, away },
        ];
        if self.both {
            rest.extend([
                Fault::Freeze { role: other },
                Fault::PostgresCut { role: one, away },
                Fault::NatsCut { role: other, away },
            ]);
        }
        rest.push(Fault::RollingRestart);
        kills.chain(rest).collect()
    }
}

/// The outcome of one fault.
#[derive(Debug)]
pub struct Outcome {
    /// The fault.
    pub fault: Fault,
    /// How often clients retried because of it.
    pub retries: u64,
    /// From each `kill -9` of a home to the first successful command on its key.
    pub gaps: Vec<Duration>,
}

/// The outcome of the proof.
#[derive(Debug)]
pub struct Report {
    /// Each fault in its order.
    pub outcomes: Vec<Outcome>,
    /// Successful rounds, by kind.
    pub done: BTreeMap<Kind, u64>,
    /// Holds, reservations, tickets and calls that were acknowledged: all there, none twice.
    pub acknowledged: [usize; 4],
}

/// Puts an installation of two processes per role through `faults`; an error as soon as anything is lost, duplicated,
/// or not recovered by a client's own retries.
pub async fn run(faults: &[Fault], mut progress: impl FnMut(&Outcome)) -> anyhow::Result<Report> {
    let mut site = Site::start().await?;
    let mut outcomes = Vec::new();
    for fault in faults {
        let outcome = site.bear(fault).await?;
        progress(&outcome);
        outcomes.push(outcome);
    }
    let told = site.end().await?;
    let acknowledged = [told.holds.len(), told.reservations.len(), told.tickets.len(), told.calls.len()];
    Ok(Report { outcomes, done: told.done, acknowledged })
}

/// The smallest time such that the share `at` of the gaps is no longer, in milliseconds.
pub fn percentile(gaps: &[Duration], at: f64) -> f64 {
    let mut sorted = gaps.to_vec();
    sorted.sort();
    let rank = (sorted.len() as f64 * at).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).map_or(0.0, |gap| gap.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_times_lies_within_its_percentile() {
        let gaps: Vec<Duration> = (1..=4).rev().map(Duration::from_millis).collect();
        assert_eq!([0.5, 0.99, 1.0].map(|at| percentile(&gaps, at)), [2.0, 4.0, 4.0]);
        assert_eq!(percentile(&[], 0.5), 0.0);
    }
}
