//! The ports of a World that pure code may be given: the domain clock, randomness, tasks. Engines live elsewhere,
//! except `SeededEntropy`, which tests of every crate use.

use crate::moment::Moment;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};

/// A boxed future that owns everything it needs.
pub type Task = Pin<Box<dyn Future<Output = ()> + Send + 'static>>;

/// Domain time, which schedules, holds and windows are compared with. In a demo it can stand still and be moved by
/// hand.
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Moment;

    /// Completes at `at` or later, or earlier when the clock was moved by hand: check the time again.
    fn until(&self, at: Moment) -> Task;
}

/// Randomness for ids, codes and draws.
pub trait Entropy: Send + Sync + 'static {
    /// Fills `out` with random bytes.
    fn fill(&self, out: &mut [u8]);

    /// 64 random bits.
    fn number(&self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_be_bytes(bytes)
    }

    /// `bytes` random bytes in [`base32`](crate::base32), which can be read aloud.
    fn word(&self, bytes: usize) -> String {
        let mut random = vec![0; bytes];
        self.fill(&mut random);
        crate::base32::encode(&random)
    }
}

/// Makes a task, and remakes it whenever it is lost.
pub type Begin = Box<dyn FnMut() -> Task + Send + 'static>;

/// Builds a [`Begin`] from a function that returns the future.
pub fn again<F: Future<Output = ()> + Send + 'static>(
    mut begin: impl FnMut() -> F + Send + 'static,
) -> Begin {
    Box::new(move || Box::pin(begin()))
}

/// What happens to the process when a dedicated thread is lost to a panic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfLost {
    /// The process goes on: what the thread did is redone elsewhere, or nobody misses it for now.
    GoesOn,
    /// The process ends, for its supervisor to restart: without this thread it would only seem to work.
    Ends,
}

/// Where tasks run. `name` is for people who look for what hangs; a panic is logged and counted under it, whatever the
/// kind of task.
pub trait Tasks: Send + Sync + 'static {
    /// Runs a `task` that may end, concurrently with the caller, until it ends or the World is shut down.
    fn spawn(&self, name: &'static str, task: Task);

    /// Keeps what `begin` makes running for ever: when it ends or panics it is remade after a pause, which grows while
    /// that goes on. A World whose tasks cannot be lost makes it once.
    fn keep(&self, name: &'static str, mut begin: Begin) {
        self.spawn(name, begin());
    }

    /// Runs a `task` that may block its thread, and may end, on a thread of its own.
    fn dedicate(&self, name: &'static str, if_lost: IfLost, task: Task);
}

/// Repeatable randomness from a seed (SplitMix64). For tests and the simulator; never for secrets.
pub struct SeededEntropy(AtomicU64);

impl SeededEntropy {
    /// The sequence belonging to `seed`.
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
