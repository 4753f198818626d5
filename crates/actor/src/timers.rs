//! When each stream wants to be woken: an in-memory copy of the journal's wakes, filled at start and updated by each
//! commit; each replica keeps those of the streams it is home to. Knows no machine.

use okienko_kernel::Moment;
use parking_lot::Mutex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::Notify;

#[derive(Default)]
struct Due {
    order: BTreeSet<(Moment, Arc<str>)>,
    by_stream: BTreeMap<Arc<str>, (Moment, Arc<str>)>,
    /// Woken, with the commit still to come.
    firing: BTreeSet<Arc<str>>,
}

/// Timers of all streams of one kind.
#[derive(Default)]
pub(crate) struct Timers {
    due: Mutex<Due>,
    changed: Notify,
}

impl Timers {
    /// Sets the stream's timer after a load or commit.
    pub(crate) fn set(&self, stream: &Arc<str>, office: &Arc<str>, wake: Option<Moment>) {
        let mut due = self.due.lock();
        let freed = due.firing.remove(stream);
        let known = due.by_stream.get(stream).map(|known| known.0);
        if known != wake {
            if let Some(old) = known {
                due.by_stream.remove(stream);
                due.order.remove(&(old, stream.clone()));
            }
            if let Some(at) = wake {
                due.order.insert((at, stream.clone()));
                due.by_stream.insert(stream.clone(), (at, office.clone()));
            }
        }
        // A timer later than the earliest need not interrupt the wait; most commits set such a one.
        let first = due.order.first().is_some_and(|(_, first)| first == stream);
        drop(due);
        if freed || (known != wake && first) {
            self.changed.notify_one();
        }
    }

    /// All streams with a timer, with their offices.
    pub(crate) fn all(&self) -> Vec<(Arc<str>, Arc<str>)> {
        let due = self.due.lock();
        due.by_stream.iter().map(|(stream, (_, office))| (stream.clone(), office.clone())).collect()
    }

    /// Makes a stream whose wake was not carried out due again.
    pub(crate) fn again(&self, stream: &str) {
        self.due.lock().firing.remove(stream);
        self.changed.notify_one();
    }

    /// Postpones a timer whose wake changed nothing.
    pub(crate) fn put_off(&self, stream: &Arc<str>, to: Moment) {
        let office = self.due.lock().by_stream.get(stream).map(|known| known.1.clone());
        if let Some(office) = office {
            self.set(stream, &office, Some(to));
        }
    }

    /// The earliest timer that has not been fired.
    pub(crate) fn next(&self) -> Option<Moment> {
        let due = self.due.lock();
        due.order.iter().find(|(_, stream)| !due.firing.contains(stream)).map(|(at, _)| *at)
    }

    /// The earliest timer, fired or not.
    pub(crate) fn earliest(&self) -> Option<Moment> {
        self.due.lock().order.first().map(|(at, _)| *at)
    }

    /// Streams due at `now`, with their offices; they count as firing until their commit.
    pub(crate) fn fire(&self, now: Moment) -> Vec<(Arc<str>, Arc<str>)> {
        let mut due = self.due.lock();
        let mut fired = Vec::new();
        let ready: Vec<Arc<str>> = due
            .order
            .iter()
            .take_while(|(at, _)| *at <= now)
            .filter(|(_, stream)| !due.firing.contains(stream))
            .map(|(_, stream)| stream.clone())
            .collect();
        for stream in ready {
            if let Some((_, office)) = due.by_stream.get(&stream) {
                fired.push((stream.clone(), office.clone()));
            }
            due.firing.insert(stream);
        }
        fired
    }

    /// Completes when a timer was set or freed since the last call.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }
}
