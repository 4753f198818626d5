//! The port that says where a key is at home among the replicas of a role, and how an order is handed there. A home is a hint
//! that makes things fast: who follows an old one is slower, never wrong, because the journal's fence decides.
//!
//! Knows no transport and no presence; engines are elsewhere, but for [`Alone`] and [`Rehearsing`].

use crate::world::Task;
use std::future::{Future, pending, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

/// Where a key is at home.
pub enum Home {
    /// In this process.
    Here,
    /// In another replica of the role.
    There(Arc<dyn Peer>),
}

impl Home {
    /// Whether it is in this process.
    pub fn is_here(&self) -> bool {
        matches!(self, Home::Here)
    }
}

/// What is asked of another replica; the bytes are the asker's affair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The role that owns the stream.
    pub role: String,
    /// What the keys of all streams of this kind begin with, e.g. "day/".
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
    /// It certainly did not arrive: whoever asked may carry the order out.
    NotDelivered,
    /// It may have arrived and been carried out, or not.
    Unknown,
}

/// An answer that comes later.
pub type Answered<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Another replica.
pub trait Peer: Send + Sync + 'static {
    /// Asks it. Ends within a few seconds, whatever becomes of the other.
    fn ask(&self, ask: Ask) -> Answered<Result<Vec<u8>, NoAnswer>>;
}

/// Carries out what other replicas ask for: always here, whoever is the home, so that no order travels twice.
pub trait Desk: Send + Sync + 'static {
    /// The answer, encoded; `None` when the order cannot be read.
    fn ask(&self, ask: Ask) -> Answered<Option<Vec<u8>>>;
}

/// Where keys are at home.
pub trait Homes: Send + Sync + 'static {
    /// Where `key` is at home among the replicas of `role`; here when this process knows of no other.
    fn home(&self, role: &str, key: &str) -> Home;

    /// Ends when homes may have moved since this was called.
    fn moved(&self) -> Task;

    /// From now on `desk` carries out what other replicas ask of the streams of `role` that begin with `prefix`.
    fn open_desk(&self, role: &'static str, prefix: &str, desk: Arc<dyn Desk>);

    /// Whether this process is the only one, now and for ever: then nobody needs to ask.
    fn is_alone(&self) -> bool {
        false
    }

    /// Whether what stays here is encoded too, as it would travel.
    fn rehearses(&self) -> bool {
        false
    }
}

/// One process that has everything.
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

/// One process that has everything and encodes each order and answer as for another replica. For tests and the simulator:
/// what could not travel is found without a second one.
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

/// Runs what belongs to `key` while it is at home here: begun anew each time it comes, dropped at once when it goes, at
/// whatever it waits for. Ends when what is run ends.
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

/// Whether the first of the two ended, which is looked at second: a home that has gone is left at once.
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
