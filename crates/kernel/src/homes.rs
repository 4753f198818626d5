//! The port that says which replica of a role is the home of a key, and how an order is handed to it. A home is only a
//! hint for speed: acting on a stale one is slower, never wrong, because the journal's fence decides.
//!
//! Knows no transport and no presence; the engines live elsewhere, except [`Alone`] and [`Rehearsing`].

use crate::world::Task;
use std::future::{Future, pending, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

/// Where a key's home is.
pub enum Home {
    /// In this process.
    Here,
    /// In another replica of the role.
    There(Arc<dyn Peer>),
}

impl Home {
    /// Whether the home is this process.
    pub fn is_here(&self) -> bool {
        matches!(self, Home::Here)
    }
}

/// An order for another replica; its bytes mean something to the asker only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The role that owns the stream.
    pub role: String,
    /// The prefix that the keys of all streams of this kind share, e.g. "day/".
    pub prefix: String,
    /// The office of the stream.
    pub office: String,
    /// The stream's key.
    pub stream: String,
    /// The order, encoded.
    pub order: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// Certainly not delivered: the asker may carry the order out itself.
    NotDelivered,
    /// It may or may not have arrived and been carried out.
    Unknown,
}

/// The future of an answer.
pub type Answered<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Another replica.
pub trait Peer: Send + Sync + 'static {
    /// Sends the order. Completes within a few seconds, whatever happens to the other replica.
    fn ask(&self, ask: Ask) -> Answered<Result<Vec<u8>, NoAnswer>>;
}

/// Carries out orders from other replicas: always locally, even when the home is elsewhere, so that no order travels
/// twice.
pub trait Desk: Send + Sync + 'static {
    /// The encoded answer; `None` when the order cannot be decoded.
    fn ask(&self, ask: Ask) -> Answered<Option<Vec<u8>>>;
}

/// Maps keys to their homes.
pub trait Homes: Send + Sync + 'static {
    /// The home of `key` among the replicas of `role`; [`Home::Here`] when this process knows of no other.
    fn home(&self, role: &str, key: &str) -> Home;

    /// Completes when homes may have moved since the call.
    fn moved(&self) -> Task;

    /// Registers `desk` for orders from other replicas on streams of `role` whose key starts with `prefix`.
    fn open_desk(&self, role: &'static str, prefix: &str, desk: Arc<dyn Desk>);

    /// Whether this process is the only one and always will be, so that nobody needs asking.
    fn is_alone(&self) -> bool {
        false
    }

    /// Whether orders and answers are encoded as for another replica even when they stay here.
    fn rehearses(&self) -> bool {
        false
    }
}

/// A single process that is the home of everything.
pub struct Alone;

impl Homes for Alone {
    fn home(&self, _: &str, _: &str) -> Home {
        Home::Here
    }
    fn moved(&self) -> Task {
        Box::pin(pending())
    }
    fn open_desk(&self, _: &'static str, _: &str, _: Arc<dyn Desk>) {}
    fn is_alone(&self) -> bool {
        true
    }
}

/// A single process that is the home of everything, yet encodes each order and answer as for another replica. For tests
/// and the simulator: they find what could not travel without a second replica.
pub struct Rehearsing;

impl Homes for Rehearsing {
    fn home(&self, _: &str, _: &str) -> Home {
        Home::Here
    }
    fn moved(&self) -> Task {
        Box::pin(pending())
    }
    fn open_desk(&self, _: &'static str, _: &str, _: Arc<dyn Desk>) {}
    fn is_alone(&self) -> bool {
        true
    }
    fn rehearses(&self) -> bool {
        true
    }
}

/// Runs the work of `key` while its home is here: started anew each time the home arrives, dropped at its next await
/// point as soon as the home leaves. Returns when the work itself ends.
pub async fn while_here<F: Future<Output = ()>>(
    homes: &dyn Homes,
    role: &str,
    key: &str,
    mut run: impl FnMut() -> F,
) {
    loop {
        let mut moved = homes.moved();
        if !homes.home(role, key).is_here() {
            moved.await;
            continue;
        }
        let mut running = pin!(run());
        loop {
            if first_ends(running.as_mut(), moved.as_mut()).await {
                return;
            }
            moved = homes.moved();
            if !homes.home(role, key).is_here() {
                break;
            }
        }
    }
}

/// Polls `second` first, so that a home that has moved is left at once; true if `first` finished.
async fn first_ends<F: Future<Output = ()>>(
    mut first: Pin<&mut F>,
    mut second: Pin<&mut (dyn Future<Output = ()> + Send)>,
) -> bool {
    poll_fn(|context| {
        if second.as_mut().poll(context).is_ready() {
            return Poll::Ready(false);
        }
        first.as_mut().poll(context).map(|()| true)
    })
    .await
}
