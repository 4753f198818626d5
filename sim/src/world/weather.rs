//! Which faults a run has and how strong they are: drawn from the seed, so that some runs have all and some only one.
//! Whatever injects a fault asks here, and gets none once faults have stopped. Does not know who asks.

use crate::dice::Dice;
use okienko_kernel::Span;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often replicas look for what others wrote, in a run without faults.
const FAIR: Duration = Duration::from_secs(1);

/// Faults of one kind of connection; all but the delays are probabilities per call.
#[derive(Clone, Debug, Default)]
pub struct LinkFaults {
    /// The request never arrives.
    pub lose_request: f64,
    /// It is carried out and the answer is lost.
    pub lose_answer: f64,
    /// It arrives twice, if it may be repeated.
    pub twice: f64,
    /// The caller goes away while it is carried out.
    pub hang_up: f64,
    /// It is late by about this much.
    pub late: Duration,
    /// It is very late.
    pub very_late: f64,
}

/// Faults of a run.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Between people and processes.
    pub http: LinkFaults,
    /// Between roles.
    pub grpc: LinkFaults,
    /// On public events.
    pub bus: LinkFaults,
    /// Per append: the outcome is unknown, and nothing was written.
    pub lost_before: f64,
    /// Per append: the outcome is unknown, and everything was written.
    pub lost_after: f64,
    /// Per append: certainly not written.
    pub not_written: f64,
    /// Per read of the journal.
    pub read_fails: f64,
    /// About how long a commit takes.
    pub commit: Duration,
    /// About how long a read of the journal takes.
    pub read: Duration,
    /// Mean time between two crashes of any process; zero for none.
    pub crash_every: Duration,
    /// Mean time between two wrong views of who is present; zero for none.
    pub presence_errs_every: Duration,
    /// How often replicas of one service look for what others wrote. Never zero where there are replicas.
    pub others_every: Duration,
    /// The most that a process's clock may be off.
    pub skew: Span,
    /// Per message: the provider refuses it for now.
    pub provider_refuses: f64,
    /// Per message: the provider does not answer for a long time, whether it accepted it or not.
    pub provider_hangs: f64,
    /// Per message: it arrives twice.
    pub provider_twice: f64,
    /// Per message: it never arrives, though the provider accepted it.
    pub provider_loses: f64,
    /// About how late messages arrive.
    pub provider_late: Duration,
}

/// The faults of a run, until they stop.
pub struct Weather {
    faults: Faults,
    none: Faults,
    calm: AtomicBool,
}

impl Weather {
    /// No faults.
    pub fn fair() -> Arc<Weather> {
        Weather::with(Faults { others_every: FAIR, ..Faults::default() })
    }

    /// No faults, but everything takes some time.
    pub fn slow() -> Arc<Weather> {
        let late = |late| LinkFaults { late, ..LinkFaults::default() };
        Weather::with(Faults {
            others_every: FAIR,
            http: late(Duration::from_millis(5)),
            grpc: late(Duration::from_millis(3)),
            commit: Duration::from_millis(8),
            read: Duration::from_millis(2),
            ..Faults::default()
        })
    }

    /// Exactly these faults.
    pub fn with(faults: Faults) -> Arc<Weather> {
        let none = Faults { skew: faults.skew, others_every: faults.others_every, ..Faults::default() };
        Arc::new(Weather { faults, none, calm: AtomicBool::new(false) })
    }

    /// Draws independently which faults there are and how strong each is.
    pub fn drawn(dice: &Dice) -> Arc<Weather> {
        // Each kind is on in half of all runs; its strength spreads over two orders of magnitude.
        let probability =
            |most: f64| if dice.chance(0.5) { most * 10f64.powf(-2.0 * dice.unit()) } else { 0.0 };
        let millis = |most: u64| if dice.chance(0.5) { dice.millis(0..most) } else { Duration::ZERO };
        let link = |most: f64, late: u64| LinkFaults {
            lose_request: probability(most),
            lose_answer: probability(most),
            twice: probability(most),
            hang_up: probability(most),
            late: millis(late),
            very_late: probability(most / 2.0),
        };
        let (http, grpc, bus) = (link(0.05, 400), link(0.05, 100), link(0.1, 500));
        let presence = dice.fork("presence");
        let presence_errs_every = if presence.chance(0.6) {
            Duration::from_secs(presence.range(60..7_200))
        } else {
            Duration::ZERO
        };
        Weather::with(Faults {
            presence_errs_every,
            read: Duration::ZERO,
            others_every: presence.millis(500..4_000),
            http,
            grpc,
            bus,
            lost_before: probability(0.02),
            lost_after: probability(0.02),
            not_written: probability(0.02),
            read_fails: probability(0.01),
            commit: millis(20),
            crash_every: if dice.chance(0.6) {
                Duration::from_secs(dice.range(120..14_400))
            } else {
                Duration::ZERO
            },
            skew: if dice.chance(0.5) { Span::from_millis(dice.range(0..5_000) as i64) } else { Span::ZERO },
            provider_refuses: probability(0.3),
            provider_hangs: probability(0.05),
            provider_twice: probability(0.1),
            provider_loses: probability(0.1),
            provider_late: millis(60_000),
        })
    }

    /// The faults that apply now.
    pub fn now(&self) -> &Faults {
        if self.is_calm() { &self.none } else { &self.faults }
    }

    /// Stops all faults, for good.
    pub fn calm_down(&self) {
        self.calm.store(true, Ordering::Relaxed);
    }

    /// Whether they have stopped.
    pub fn is_calm(&self) -> bool {
        self.calm.load(Ordering::Relaxed)
    }
}

impl LinkFaults {
    /// Draws the delay of the next call.
    pub fn delay(&self, dice: &Dice) -> Duration {
        let usual = if self.late.is_zero() { Duration::ZERO } else { dice.around(self.late) };
        if dice.chance(self.very_late) { usual + dice.millis(1_000..12_000) } else { usual }
    }
}
