//! How long a connection may take and how many there may be, with the reason for each figure. Knows no socket.

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::time::Duration;

/// The limits for clients.
#[derive(Clone, Debug)]
pub struct Limits {
    /// From the first byte of a request head to its last. A head is one or two packets; ten seconds cover several lost
    /// ones on a bad mobile network.
    pub head: Duration,
    /// From the end of a head to the end of its body. Bodies are at most 64 KB: even 20 kbit/s are enough.
    pub body: Duration,
    /// A connection without requests, or whose answers are not read, ends before it has been silent for this long.
    /// Browsers keep theirs for about a minute and reopen them automatically.
    pub silent: Duration,
    /// Total connections. More would leave no descriptors for databases and calls.
    pub connections: usize,
    /// The part of them for one network that is not a trusted proxy. A city's whole office, its hall and its free Wi-Fi
    /// share one address, and so do some thousand phones behind a carrier's; a browser opens six connections at most,
    /// and few open that many at once. Above this a network loses its own oldest connection without a request.
    pub per_client: usize,
    /// Additional connections that only get health answers and refusals: monitoring always gets in.
    pub reserve: usize,
    /// Event streams of one network. A hall has tens of screens and some hundred people who follow their tickets on the
    /// same Wi-Fi; a carrier's address is shared by a thousand phones, few of which wait in an office at once.
    pub streams_per_client: usize,
}

impl Limits {
    /// The limits of a real installation on a system that allows `connections`.
    pub fn with_room_for(connections: usize) -> Limits {
        Limits {
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            silent: Duration::from_secs(60),
            connections,
            per_client: 2_000,
            reserve: 24,
            streams_per_client: 1_000,
        }
    }

    /// The limits of this process, after claiming all descriptors allowed to it.
    pub fn here() -> Limits {
        Limits::with_room_for(room(descriptors(), in_use()))
    }

    /// What one network may have of all connections: never more than half, or it could lock everybody else out.
    pub fn of_one_client(&self) -> usize {
        self.per_client.min(self.connections / 2).max(1)
    }

    /// How many event streams, which each occupy a connection, may exist: a quarter of the connections stays for
    /// requests.
    pub fn streams(&self) -> usize {
        self.connections / 4 * 3
    }

    /// How often connections are checked.
    pub fn period(&self) -> Duration {
        let shortest = self.head.min(self.body).min(self.silent) / 10;
        shortest.clamp(Duration::from_millis(10), Duration::from_secs(1))
    }
}

/// More would need more memory than a machine for this has.
const MOST: u64 = 64_000;
/// The fewest descriptors reserved for everything else than visitors' connections (databases, the access log, calls);
/// an eighth of all if that is more.
const OWN: u64 = 64;

fn room(descriptors: u64, in_use: u64) -> usize {
    let own = OWN.max(descriptors / 8);
    let left = descriptors.saturating_sub(own + in_use);
    usize::try_from(left.clamp(32, MOST)).unwrap_or(32)
}

/// How many descriptors this process may have, after raising its limit as far as allowed.
fn descriptors() -> u64 {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap_or((1_024, 1_024));
    let wanted = hard.min(2 * MOST);
    if soft < wanted && setrlimit(Resource::RLIMIT_NOFILE, wanted, hard).is_ok() {
        return wanted;
    }
    soft
}

/// How many descriptors it has open.
fn in_use() -> u64 {
    std::fs::read_dir("/proc/self/fd").map_or(OWN, |open| open.count() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn something_is_left_for_databases_and_for_everybody_else_whatever_the_system_gives() {
        for (descriptors, in_use) in
            [(0, 0), (64, 60), (256, 40), (256, 90), (1_024, 50), (65_536, 60), (1_048_576, 100)]
        {
            let limits = Limits::with_room_for(room(descriptors, in_use));
            let (all, one) = (limits.connections, limits.of_one_client());
            assert!(all >= 32 && one <= all / 2 && limits.streams() < all, "{descriptors}: {limits:?}");
            if descriptors >= 256 {
                let taken = all + limits.reserve + in_use as usize;
                assert!(taken + 32 < descriptors as usize, "{descriptors}: {taken}");
            }
        }
    }

    #[test]
    fn it_is_looked_often_enough_that_nothing_is_noticed_much_too_late() {
        let limits = Limits::with_room_for(1_000);
        assert!(limits.period() * 10 <= limits.head && limits.period() <= Duration::from_secs(1));
    }
}
