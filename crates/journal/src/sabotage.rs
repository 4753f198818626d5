//! Switches single safeguards off on this thread, so that a test can show that it would notice their loss. Behind the
//! feature `sabotage`, which no program is built with. Knows nothing of what is kept.

use std::cell::Cell;

/// What stands between two writers of one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fence {
    /// The expected version decides, as in every engine.
    Whole,
    /// Only a version that is there already is refused, as a primary key alone would.
    KeyAlone,
    /// Nothing.
    Off,
}

thread_local! {
    static FENCE: Cell<Fence> = const { Cell::new(Fence::Whole) };
    static POISON: Cell<bool> = const { Cell::new(true) };
    static ASIDE: Cell<bool> = const { Cell::new(true) };
}

/// Sets what the journal in memory checks on this thread.
pub fn set_fence(fence: Fence) {
    FENCE.set(fence);
}

/// Sets whether a failed append poisons its actor on this thread.
pub fn set_poison(works: bool) {
    POISON.set(works);
}

/// Sets whether events are set aside on this thread. Where they are not, a taker's panic goes on, and an event that can never
/// be taken is one: a simulation has no such events, and is to notice.
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
