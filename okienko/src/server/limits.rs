//! How long a connection may take and how many there may be, each figure with its reason. Knows no socket.

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::time::Duration;

/// What is allowed to those who connect.
#[derive(Clone, Debug)]
pub struct Limits {
    /// From the first byte of a head to its last. A head is one or two packets; ten seconds are several lost ones on a bad
    /// mobile network.
    pub head: Duration,
    /// From the end of a head to the end of its body. Bodies are 64 KB at most: even 20 kbit/s are enough.
    pub body: Duration,
    /// A connection on which nothing is asked, or whose answers are not taken, ends before it has been silent for so long.
    /// Browsers keep theirs for about a minute and open another one unasked.
    pub silent: Duration,
    /// Connections at once. More would leave no descriptor for databases and calls.
    pub connections: usize,
    /// Of them, those of one network that is no trusted proxy. A city's whole office, its hall and its free Wi-Fi are one
    /// address, and so are some thousand phones behind a carrier's; six connections each are a browser's most, and few
    /// have them at once. Who is over it gives up their own oldest one that asks nothing.
    pub per_client: usize,
    /// Connections beyond those, on which health is told and all else refused in words: who watches is let in always.
    pub reserve: usize,
    /// Event streams of one network. A hall has tens of screens and some hundred people who follow their tickets on the
    /// same Wi-Fi; a carrier's address is shared by a thousand phones, of which few wait in an office at once.
    pub streams_per_client: usize,
}

impl Limits {
    /// Those of a real installation on a system that gives `connections`.
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

    /// Those of this process, which takes all descriptors that it may have.
    pub fn here() -> Limits {
        Limits::with_room_for(room(descriptors(), in_use()))
    }

    /// What one network may have of all connections: never more than half, or it could lock out everybody.
    pub fn of_one_client(&self) -> usize {
        self.per_client.min(self.connections / 2).max(1)
    }

    /// Event streams that each take a connection for themselves: a quarter stays for those who ask something.
    pub fn streams(&self) -> usize {
        self.connections / 4 * 3
    }

    /// How often connections are looked at.
    pub fn period(&self) -> Duration {
        let shortest = self.head.min(self.body).min(self.silent) / 10;
        shortest.clamp(Duration::from_millis(10), Duration::from_secs(1))
    }
}

/// More would be more memory than a machine for this has.
const MOST: u64 = 64_000;
/// Descriptors that stay for what is not a connection of a visitor: databases, the access log, calls, an eighth of all and
/// never fewer.
const OWN: u64 = 64;

fn room(descriptors: u64, in_use: u64) -> usize {
    let own = OWN.max(descriptors / 8);
    let left = descriptors.saturating_sub(own + in_use);
    usize::try_from(left.clamp(32, MOST)).unwrap_or(32)
}

/// How many descriptors this process may have, once it has asked for all that it is allowed.
fn descriptors() -> u64 {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap_or((1_024, 1_024));
    let wanted = hard.min(2 * MOST);
    if soft < wanted && setrlimit(Resource::RLIMIT_NOFILE, wanted, hard).is_ok() {
        return wanted;
    }
    soft
}

/// How many it has open.
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
