//! What the best peer came to at each question, measured once with load drivers of our own on another machine: two cores, driver
//! and server sharing them, median of three runs. The only place where these figures stand, with what that machine was found to
//! do by itself: a figure of another machine is no goal for this one, but its share of its machine can be looked at.

/// A peer's figure.
pub struct Peer {
    /// Who.
    pub name: &'static str,
    /// How much.
    pub figure: f64,
    /// Of what.
    pub unit: &'static str,
    /// Whether more is better.
    pub more: bool,
}

/// How often the peers' machine made 4 kB durable (`fdatasync`, one thread), a second.
const SYNCS: f64 = 9_600.0;
/// What a static file of 600 bytes came to there (nginx, wrk with 64 connections), a second.
const NGINX: f64 = 97_000.0;

const fn rate(name: &'static str, figure: f64) -> Peer {
    Peer { name, figure, unit: "/s", more: true }
}

const fn least(name: &'static str, figure: f64, unit: &'static str) -> Peer {
    Peer { name, figure, unit, more: false }
}

const EASY: &str = "Easy!Appointments";

/// Answers a second when all want the same place.
pub const RUSH: Peer = rate(EASY, 387.0);
/// Until the last of 500 places is gone, 2,000 wanting one.
pub const SOLD_OUT: Peer = least("pretix", 72_600.0, "ms");
/// Holds a second when everybody wants another place. Its bookings are its holds.
pub const HOLDS: Peer = rate(EASY, 213.0);
/// Whole bookings a second, with a proof of the phone that the peer does not ask for.
pub const BOOKINGS: Peer = rate(EASY, 213.0);
/// Views of a month a second, of an empty calendar. With 200 bookings in it no peer reached this.
pub const MONTH: Peer = rate("TheQ", 222.0);
/// Walk-in tickets a second.
pub const TICKETS: Peer = rate("FQM", 37.0);
/// Calls a second, at its best with eight clerks.
pub const CALLS: Peer = rate("FQM", 121.0);
/// Calls a second of two clerks.
pub const CALLS_OF_TWO: Peer = rate("FQM", 114.5);
/// From a call to a screen, half of them.
pub const SCREEN_P50: Peer = least("FQM", 950.0, "ms");
/// From a call to a screen, all but one of a hundred.
pub const SCREEN_P99: Peer = least("FQM", 1_980.0, "ms");
/// Processor cores while 200 screens look on.
pub const SCREEN_CORES: Peer = least("FQM", 0.25, "cores");
/// Idle memory of the one peer that is one process with its store inside.
pub const MEMORY: Peer = least("FQM", 85.0, "MB");
/// From start to the first answer; its database was running already.
pub const START: Peer = least(EASY, 130.0, "ms");

/// A peer's figure in words, with what it is of its own machine.
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
