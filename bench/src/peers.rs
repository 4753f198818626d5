//! What the best peer came to at each question, measured once with load drivers of our own on the machine of record:
//! two cores, driver and server sharing them, median of three runs. The only place where these figures stand.

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
    /// How many times better we want to be; without one the figure is there to be looked at.
    pub goal: Option<f64>,
}

const fn rate(name: &'static str, figure: f64, goal: f64) -> Peer {
    Peer { name, figure, unit: "/s", more: true, goal: Some(goal) }
}

const fn least(name: &'static str, figure: f64, unit: &'static str) -> Peer {
    Peer { name, figure, unit, more: false, goal: None }
}

const EASY: &str = "Easy!Appointments";

/// Answers a second when all want the same place.
pub const RUSH: Peer = rate(EASY, 387.0, 25.0);
/// Until the last of 500 places is gone, 2,000 wanting one.
pub const SOLD_OUT: Peer = least("pretix", 72_600.0, "ms");
/// Holds a second when everybody wants another place. Its bookings are its holds.
pub const HOLDS: Peer = rate(EASY, 213.0, 25.0);
/// Whole bookings a second, with a proof of the phone that the peer does not ask for.
pub const BOOKINGS: Peer = rate(EASY, 213.0, 10.0);
/// Views of a month a second, of an empty calendar. With 200 bookings in it no peer reached this.
pub const MONTH: Peer = rate("TheQ", 222.0, 25.0);
/// Walk-in tickets a second.
pub const TICKETS: Peer = rate("FQM", 37.0, 25.0);
/// Calls a second, at its best with eight clerks.
pub const CALLS: Peer = rate("FQM", 121.0, 25.0);
/// Calls a second of two clerks. One who waits for each answer waits for the disk twice a call, so that there is no
/// goal of many times.
pub const CALLS_OF_TWO: Peer = Peer { goal: None, ..rate("FQM", 114.5, 0.0) };
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
