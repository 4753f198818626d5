//! Switches single safeguards off on this thread, so that a test can show that it would notice their loss. Behind the
//! feature `sabotage`, which no program is built with. Knows nothing of what is stored.

use std::cell::Cell;

/// How much of the fence stands between two writers of one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fence {
    /// The expected version decides, as in every engine.
    Whole,
    /// Only an existing version is refused, as a primary key alone would do.
    KeyAlone,
    /// Nothing is refused.
    Off,
}

thread_local! {
    static FENCE: Cell<Fence> = const { Cell::new(Fence::Whole) };
    static POISON: Cell<bool> = const { Cell::new(true) };
    static ASIDE: Cell<bool> = const { Cell::new(true) };
}

/// Sets the fence of the in-memory journal on this thread.
pub fn set_fence(fence: Fence) {
    FENCE.set(fence);
}

/// Sets whether a failed append poisons its actor on this thread.
pub fn set_poison(works: bool) {
    POISON.set(works);
}

/// Sets whether events are set aside on this thread. If not, a taker's panic propagates, and an event that can never be
/// taken panics too: a simulation has no such events and should notice.
pub fn set_aside(works: bool) {
    ASIDE.set(works);
}

pub(crate) fn aside_works() -> bool {
    ASIDE.get()
}

pub(crate) fn fence_lets_through(stored: u64, expected: u64) -> bool {
    match FENCE.get() {
        Fence::Whole => stored == expected,
        Fence::KeyAlone => stored <= expected,
        Fence::Off => true,
    }
}

pub(crate) fn poison_works() -> bool {
    POISON.get()
}
