//! The figures of the best peer at each question, measured once with our own load drivers on another machine: two cores
//! shared by driver and server, median of three runs. The only place where these figures are kept, with what that
//! machine itself achieved: a figure from another machine is no goal for this one, but its share of its own machine can
//! be compared.

/// A peer's figure.
pub struct Peer {
    /// The peer's name.
    pub name: &'static str,
    /// The value.
    pub figure: f64,
    /// Its unit.
    pub unit: &'static str,
    /// Whether more is better.
    pub more: bool,
}

/// `fdatasync` calls per second of the peers' machine, each after writing 4 kB, one thread.
const SYNCS: f64 = 9_600.0;
/// Requests per second there for a static file of 600 bytes (nginx, wrk with 64 connections).
const NGINX: f64 = 97_000.0;

const fn rate(name: &'static str, figure: f64) -> Peer {
    Peer { name, figure, unit: "/s", more: true }
}

const fn least(name: &'static str, figure: f64, unit: &'static str) -> Peer {
    Peer { name, figure, unit, more: false }
}

const EASY: &str = "Easy!Appointments";

/// Answers per second when all want the same place.
pub const RUSH: Peer = rate(EASY, 387.0);
/// Time until the last of 500 places is gone, with 2,000 clients wanting one.
pub const SOLD_OUT: Peer = least("pretix", 72_600.0, "ms");
/// Holds per second when everybody wants a different place. This peer books directly, so a hold is a booking.
pub const HOLDS: Peer = rate(EASY, 213.0);
/// Whole bookings per second; ours include a proof of the phone that the peer does not ask for.
pub const BOOKINGS: Peer = rate(EASY, 213.0);
/// Views of a month per second, on an empty calendar. With 200 bookings in it no peer reached this.
pub const MONTH: Peer = rate("TheQ", 222.0);
/// Walk-in tickets per second.
pub const TICKETS: Peer = rate("FQM", 37.0);
/// Calls per second, at its best with eight clerks.
pub const CALLS: Peer = rate("FQM", 121.0);
/// Calls per second with two clerks.
pub const CALLS_OF_TWO: Peer = rate("FQM", 114.5);
/// From a call to a screen, median.
pub const SCREEN_P50: Peer = least("FQM", 950.0, "ms");
/// From a call to a screen, 99th percentile.
pub const SCREEN_P99: Peer = least("FQM", 1_980.0, "ms");
/// Processor cores used while 200 screens watch.
pub const SCREEN_CORES: Peer = least("FQM", 0.25, "cores");
/// Idle memory of the only peer that is a single process with its store embedded.
pub const MEMORY: Peer = least("FQM", 85.0, "MB");
/// From start to the first answer, with its database already running.
pub const START: Peer = least(EASY, 130.0, "ms");

/// A peer's figure in words, with its share of its own machine.
pub fn told(peer: &Peer) -> String {
    let Peer { name, figure, unit, more } = peer;
    if !more {
        return format!("the best peer, on its machine: {name} {figure} {unit}");
    }
    let (disk, net) = (figure / SYNCS, 100.0 * figure / NGINX);
    format!(
        "the best peer, on its machine: {name} {figure}{unit}, {disk:.3} x its {SYNCS} fdatasync/s, \
         {net:.2} % of its {NGINX} nginx answers/s"
    )
}
