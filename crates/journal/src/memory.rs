//! The journal in memory, for tests and the simulator. Keeps every promise of the other engines except durability;
//! knows no machine.

use crate::{
    Append, AppendError, Claim, Engine, JournalError, RECEIPT_LIFE, Receipt, Recorded, StoredStream,
    VaultChange,
};
use async_trait::async_trait;
use okienko_kernel::{ClaimChange, Moment};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

#[derive(Default, Clone)]
struct Stream {
    office: String,
    /// Positions of its events in the journal.
    events: Vec<u64>,
    receipts: BTreeMap<[u8; 16], Receipt>,
    wake: Option<Moment>,
}

#[derive(Default)]
struct Store {
    events: Vec<Recorded>,
    streams: BTreeMap<String, Stream>,
    claims: BTreeMap<String, Claim>,
    vault: BTreeMap<String, (Vec<u8>, Moment)>,
    cursors: BTreeMap<String, u64>,
}

/// A journal that ends with the process.
#[derive(Default)]
pub struct MemoryEngine {
    store: Mutex<Store>,
    others_write_every: Option<Duration>,
}

impl Store {
    fn check(&self, append: &Append, ahead: &mut BTreeMap<String, u64>) -> Result<(), String> {
        let stored = self.streams.get(&*append.stream).map_or(0, |s| s.events.len() as u64);
        let version = ahead.entry(append.stream.to_string()).or_insert(stored);
        if !fits(*version, append.expected) {
            return Err(format!("{} is at {version}, not {}", append.stream, append.expected));
        }
        *version += append.events.len() as u64;
        let known = |new: &Receipt| self.streams.get(&*append.stream)?.receipts.get(&new.key);
        let answered = |new: &Receipt| known(new).is_some_and(|old| old.at > new.at.minus(RECEIPT_LIFE));
        if append.receipts.iter().any(answered) {
            return Err(format!("a request to {} is answered already", append.stream));
        }
        Ok(())
    }

    fn check_claim(
        &self,
        change: &ClaimChange,
        taken: &mut BTreeMap<String, Claim>,
        at: Moment,
    ) -> Result<(), String> {
        let (key, from, to, until) = match change {
            ClaimChange::Release { .. } => return Ok(()),
            ClaimChange::Take { key, holder, until } => (key, holder, holder, *until),
            ClaimChange::HandOver { key, from, to, until } => (key, from, to, *until),
        };
        if let Some(claim) = taken.get(key).or_else(|| self.claims.get(key))
            && claim.until > at
            && claim.holder != *from
        {
            return Err(format!("claim {key} is held"));
        }
        taken.insert(key.clone(), Claim { holder: to.clone(), until });
        Ok(())
    }

    fn write(&mut self, append: &Append) {
        let stream = self.streams.entry(append.stream.to_string()).or_default();
        stream.office = append.office.to_string();
        if let Some(wake) = append.wake {
            stream.wake = wake;
        }
        for (n, event) in append.events.iter().enumerate() {
            let pos = self.events.len() as u64 + 1;
            stream.events.push(pos);
            self.events.push(Recorded {
                pos,
                stream: append.stream.clone(),
                version: append.expected + n as u64 + 1,
                office: append.office.clone(),
                kind: event.kind.into(),
                schema: event.schema,
                at: event.at,
                cause: event.cause.clone(),
                data: event.data.clone(),
                hash: event.hash,
            });
        }
        for receipt in &append.receipts {
            stream.receipts.insert(receipt.key, receipt.clone());
        }
        for change in &append.claims {
            self.change_claim(change);
        }
        for change in &append.vault {
            match change {
                VaultChange::Put { id, sealed, until } => {
                    self.vault.insert(id.clone(), (sealed.clone(), *until))
                }
                VaultChange::Delete { id } => self.vault.remove(id),
            };
        }
    }

    fn change_claim(&mut self, change: &ClaimChange) {
        match change {
            ClaimChange::Take { key, holder: to, until } | ClaimChange::HandOver { key, to, until, .. } => {
                self.claims.insert(key.clone(), Claim { holder: to.clone(), until: *until });
            }
            ClaimChange::Release { key, holder } => {
                if self.claims.get(key).is_some_and(|c| c.holder == *holder) {
                    self.claims.remove(key);
                }
            }
        }
    }
}

/// The fence: whether the stored version is the expected one.
fn fits(stored: u64, expected: u64) -> bool {
    #[cfg(feature = "sabotage")]
    return crate::sabotage::fence_lets_through(stored, expected);
    #[cfg(not(feature = "sabotage"))]
    return stored == expected;
}

#[async_trait]
impl Engine for MemoryEngine {
    async fn append(&self, batch: &[&Append], cursors: &[(String, u64)]) -> Result<u64, AppendError> {
        let mut store = self.store.lock();
        let (mut versions, mut claims) = (BTreeMap::new(), BTreeMap::new());
        for (index, append) in batch.iter().enumerate() {
            let fits = store.check(append, &mut versions).and_then(|()| {
                append.claims.iter().try_for_each(|c| store.check_claim(c, &mut claims, append.at))
            });
            fits.map_err(|what| AppendError::Conflict { index, what })?;
        }
        for append in batch {
            store.write(append);
        }
        for (name, pos) in cursors {
            let stored = store.cursors.entry(name.clone()).or_default();
            *stored = (*stored).max(*pos);
        }
        Ok(store.events.len() as u64)
    }

    fn others_write_every(&self) -> Option<Duration> {
        self.others_write_every
    }

    /// Constant: the journal ends with its process and is never restored.
    fn life(&self) -> u64 {
        1
    }

    async fn load(&self, stream: &str, receipts_since: Moment) -> Result<StoredStream, JournalError> {
        let store = self.store.lock();
        let Some(found) = store.streams.get(stream) else { return Ok(StoredStream::default()) };
        Ok(StoredStream {
            events: found
                .events
                .iter()
                .filter_map(|pos| store.events.get(*pos as usize - 1).cloned())
                .collect(),
            receipts: found.receipts.values().filter(|r| r.at >= receipts_since).cloned().collect(),
        })
    }

    async fn receipts(&self, stream: &str, keys: &[[u8; 16]]) -> Result<Vec<Receipt>, JournalError> {
        let store = self.store.lock();
        let Some(found) = store.streams.get(stream) else { return Ok(Vec::new()) };
        Ok(keys.iter().filter_map(|key| found.receipts.get(key).cloned()).collect())
    }

    async fn read_after(&self, pos: u64, limit: usize) -> Result<Vec<Recorded>, JournalError> {
        let store = self.store.lock();
        Ok(store.events.iter().skip(pos as usize).take(limit).cloned().collect())
    }

    async fn read_stream(&self, stream: &str, version: u64) -> Result<Vec<Recorded>, JournalError> {
        let all = self.load(stream, Moment::MAX).await?.events;
        Ok(all.into_iter().filter(|e| e.version > version).collect())
    }

    async fn head(&self) -> Result<u64, JournalError> {
        Ok(self.store.lock().events.len() as u64)
    }

    async fn claims(&self, keys: &[String]) -> Result<Vec<Option<Claim>>, JournalError> {
        let store = self.store.lock();
        Ok(keys.iter().map(|key| store.claims.get(key).cloned()).collect())
    }

    async fn wakes(&self, prefix: &str) -> Result<Vec<(Moment, String, String)>, JournalError> {
        let store = self.store.lock();
        let with_prefix = store.streams.iter().filter(|(key, _)| key.starts_with(prefix));
        Ok(with_prefix.filter_map(|(key, s)| Some((s.wake?, key.clone(), s.office.clone()))).collect())
    }

    async fn cursor(&self, name: &str) -> Result<u64, JournalError> {
        Ok(self.store.lock().cursors.get(name).copied().unwrap_or(0))
    }

    async fn vault(&self, ids: &[String]) -> Result<Vec<Option<Vec<u8>>>, JournalError> {
        let store = self.store.lock();
        Ok(ids.iter().map(|id| store.vault.get(id).map(|row| row.0.clone())).collect())
    }

    async fn stream_before(&self, prefix: &str, before: &str) -> Result<Option<String>, JournalError> {
        let store = self.store.lock();
        let range = store.streams.range(prefix.to_owned()..before.to_owned());
        Ok(range.map(|(key, _)| key.clone()).rfind(|key| key.starts_with(prefix)))
    }

    async fn streams(&self, prefix: &str) -> Result<Vec<String>, JournalError> {
        let store = self.store.lock();
        Ok(store.streams.keys().filter(|key| key.starts_with(prefix)).cloned().collect())
    }

    async fn purge(&self, receipts_before: Moment, now: Moment) -> Result<u64, JournalError> {
        let mut store = self.store.lock();
        let size = |s: &Store| {
            s.claims.len() + s.vault.len() + s.streams.values().map(|x| x.receipts.len()).sum::<usize>()
        };
        let before = size(&store);
        store.claims.retain(|_, claim| claim.until > now);
        store.vault.retain(|_, row| row.1 > now);
        for stream in store.streams.values_mut() {
            stream.receipts.retain(|_, r| r.at >= receipts_before);
        }
        Ok((before - size(&store)) as u64)
    }
}

/// Shared, so that a test can hand the same journal to an imagined second process.
impl MemoryEngine {
    /// A new, empty journal.
    pub fn shared() -> Arc<MemoryEngine> {
        Arc::new(MemoryEngine::default())
    }

    /// A new, empty journal that several imagined processes write; each polls the head at this interval.
    pub fn of_many(every: Duration) -> Arc<MemoryEngine> {
        Arc::new(MemoryEngine { others_write_every: Some(every), ..MemoryEngine::default() })
    }
}
