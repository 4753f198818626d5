//! The ports of a World that pure code may be handed: the domain clock, randomness, task spawning. Engines are
//! elsewhere; only `SeededEntropy` is here, because tests of every crate want it.

use crate::moment::Moment;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};

/// A future that owns all it needs.
pub type Task = Pin<Box<dyn Future<Output = ()> + Send + 'static>>;

/// Domain time: what a schedule, a hold or a window is compared with. In a demo it can stand still and be moved.
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Moment;

    /// Ends when the present moment is `at` or later, or earlier when the clock was moved by hand: look again.
    fn until(&self, at: Moment) -> Task;
}

/// Randomness for ids, codes and draws.
pub trait Entropy: Send + Sync + 'static {
    /// Fills `out` with random bytes.
    fn fill(&self, out: &mut [u8]);

    /// A random number.
    fn number(&self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_be_bytes(bytes)
    }

    /// So many random bytes as letters and digits that can be read out, in [`base32`](crate::base32).
    fn word(&self, bytes: usize) -> String {
        let mut random = vec![0; bytes];
        self.fill(&mut random);
        crate::base32::encode(&random)
    }
}

/// Makes a task, and makes it again whenever it is lost.
pub type Begin = Box<dyn FnMut() -> Task + Send + 'static>;

/// A [`Begin`] from a function that makes the future.
pub fn again<F: Future<Output = ()> + Send + 'static>(
    mut begin: impl FnMut() -> F + Send + 'static,
) -> Begin {
    Box::new(move || Box::pin(begin()))
}

/// What becomes of the process when a thread of its own is lost by a panic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfLost {
    /// It goes on: what the thread did is done again elsewhere, or missed by nobody for now.
    GoesOn,
    /// It ends, and whoever watches over it starts it again: without this thread it would only seem to work.
    Ends,
}

/// Where tasks run. `name` is for people who look at what hangs: a panic is told under it, and counted, whatever the kind.
pub trait Tasks: Send + Sync + 'static {
    /// Runs `task` beside the caller until it ends, as it may, or the World is shut down.
    fn spawn(&self, name: &'static str, task: Task);

    /// Runs for ever what `begin` makes: where it ends or panics it is made again after a pause, ever longer while it goes on so.
    /// A World whose tasks cannot be lost makes it once.
    fn keep(&self, name: &'static str, mut begin: Begin) {
        self.spawn(name, begin());
    }

    /// Runs `task`, which may block its thread, on a thread of its own until it ends, as it may.
    fn dedicate(&self, name: &'static str, if_lost: IfLost, task: Task);
}

/// Repeatable randomness from a seed (SplitMix64). For tests and the simulator; never for secrets.
pub struct SeededEntropy(AtomicU64);

impl SeededEntropy {
    /// The sequence that belongs to `seed`.
    pub fn new(seed: u64) -> SeededEntropy {
        SeededEntropy(AtomicU64::new(seed))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(8) {
            const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
            let mut z = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^= z >> 31;
            chunk.copy_from_slice(&z.to_be_bytes()[..chunk.len()]);
        }
    }
}
