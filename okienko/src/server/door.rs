//! Which connections are open, how many may be, and which are closed when there is no room: the oldest without a
//! request. Knows peers' addresses while they are connected, and never writes them anywhere.

use super::limits::Limits;
use super::watched::{ConnectionState, Turn, Why};
use okienko_web::{ClientAddr, TrustedProxies};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::time::{Duration, Instant};

/// When full, one in this many connections is closed at once, so that with tens of thousands the oldest need not be
/// searched for each time.
const SHARE: usize = 256;
/// The least interval between log lines that say that it is full.
const SAY: Duration = Duration::from_secs(60);

/// Admits and closes connections.
pub struct Door {
    limits: Limits,
    trusted: Arc<TrustedProxies>,
    room: Mutex<Room>,
    /// Connections told to end but not gone yet: each still has its descriptor.
    going: AtomicUsize,
}

#[derive(Default)]
struct Room {
    inside: HashMap<u64, Inside>,
    by_client: HashMap<IpAddr, usize>,
    in_reserve: usize,
    next: u64,
    said: Option<Instant>,
}

struct Inside {
    seen: Arc<ConnectionState>,
    /// The client that it counts for; `None` for a trusted proxy.
    client: Option<IpAddr>,
    in_reserve: bool,
}

/// A connection's presence; it ends when dropped.
pub struct Stay {
    door: Arc<Door>,
    number: u64,
    /// The observed state of the connection.
    pub seen: Arc<ConnectionState>,
    /// There was no room: it only gets health answers, and nothing else.
    pub in_reserve: bool,
}

impl Door {
    /// With these limits; trusted proxies have no limit of their own.
    pub fn new(limits: Limits, trusted: Arc<TrustedProxies>) -> Door {
        Door { limits, trusted, room: Mutex::default(), going: AtomicUsize::new(0) }
    }

    /// Admits a connection, and closes others if necessary.
    pub fn enter(self: &Arc<Door>, peer: IpAddr) -> Stay {
        let is_trusted = self.trusted.trusts(peer.to_canonical());
        let client = (!is_trusted).then(|| ClientAddr(peer.to_canonical()).network());
        let mut room = self.room.lock();
        let theirs = client.map_or(0, |client| room.by_client.get(&client).copied().unwrap_or_default());
        let mut has_room = true;
        if theirs >= self.limits.of_one_client() {
            has_room = self.make_room(&mut room, 1, |inside| !inside.in_reserve && inside.client == client);
        }
        if has_room && room.inside.len() - room.in_reserve >= self.limits.connections {
            let count = (self.limits.connections / SHARE).max(1);
            has_room = self.make_room(&mut room, count, |inside| !inside.in_reserve);
        }
        if !has_room && room.in_reserve >= self.limits.reserve {
            self.make_room(&mut room, 1, |inside| inside.in_reserve);
        }
        let seen = Arc::new(ConnectionState::new(is_trusted));
        let number = room.next;
        room.next += 1;
        room.in_reserve += usize::from(!has_room);
        let client = client.filter(|_| has_room);
        if let Some(client) = client {
            *room.by_client.entry(client).or_default() += 1;
        }
        room.inside.insert(number, Inside { seen: seen.clone(), client, in_reserve: !has_room });
        Stay { door: self.clone(), number, seen, in_reserve: !has_room }
    }

    /// Closes up to `count` connections without a request, the oldest first; false if there are none.
    fn make_room(&self, room: &mut Room, count: usize, of: impl Fn(&Inside) -> bool) -> bool {
        let waiting = room.inside.iter().filter(|(_, inside)| of(inside));
        let mut waiting: Vec<(Instant, u64)> =
            waiting.filter_map(|(number, inside)| Some((inside.seen.waits_since()?, *number))).collect();
        if room.said.is_none_or(|said| said.elapsed() >= SAY) {
            room.said = Some(Instant::now());
            let count = room.inside.len();
            tracing::warn!(
                count,
                "there are as many connections as there may be: the oldest that ask nothing end"
            );
        }
        if count < waiting.len() {
            waiting.select_nth_unstable(count);
            waiting.truncate(count);
        }
        for (_, number) in &waiting {
            self.send_away(room, *number, Why::Crowded);
        }
        !waiting.is_empty()
    }

    /// Stops counting a connection; it ends in a moment.
    fn send_away(&self, room: &mut Room, number: u64, why: Why) {
        let Some(inside) = room.forget(number) else { return };
        self.going.fetch_add(1, Ordering::AcqRel);
        metrics::counter!("okienko_connections_ended_total", "why" => why.word()).increment(1);
        inside.seen.go(Turn::End);
    }

    /// Closes connections whose time is up.
    pub fn look(&self) {
        let now = Instant::now();
        let mut room = self.room.lock();
        let mut overdue = Vec::new();
        for (number, inside) in &room.inside {
            if let Some(why) = inside.seen.overdue(&self.limits, now) {
                overdue.push((*number, why));
            } else if inside.seen.is_fading(&self.limits, now) {
                inside.seen.go(Turn::Leave);
            }
        }
        for (number, why) in overdue {
            self.send_away(&mut room, number, why);
        }
        metrics::gauge!("okienko_connections").set(room.inside.len() as f64);
    }

    /// Tells all connections to finish what is in progress.
    pub fn close(&self) {
        self.room.lock().inside.values().for_each(|inside| inside.seen.go(Turn::Leave));
    }

    /// How many connections were closed but still exist.
    pub fn going(&self) -> usize {
        self.going.load(Ordering::Acquire)
    }

    /// Makes room for one more: the system has run out of descriptors, whatever was calculated.
    pub fn is_out_of_descriptors(&self) {
        self.make_room(&mut self.room.lock(), 1, |_| true);
    }
}

impl Room {
    fn forget(&mut self, number: u64) -> Option<Inside> {
        let inside = self.inside.remove(&number)?;
        self.in_reserve -= usize::from(inside.in_reserve);
        if let Some(client) = inside.client
            && let Some(count) = self.by_client.get_mut(&client)
        {
            *count -= 1;
            if *count == 0 {
                self.by_client.remove(&client);
            }
        }
        Some(inside)
    }
}

impl Drop for Stay {
    fn drop(&mut self) {
        if self.door.room.lock().forget(self.number).is_none() {
            self.door.going.fetch_sub(1, Ordering::AcqRel);
        }
    }
}
