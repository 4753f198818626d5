//! A batch of appends as the columns of one call. Conflicts within the batch are decided here: one stream's appends
//! must follow each other, and of two changes of one row the last one wins. Knows no connection.

use crate::{Append, AppendError, VaultChange};
use okienko_kernel::{ClaimChange, Moment};
use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use std::collections::{BTreeMap, BTreeSet};

/// A stream that the batch writes: what its first append expects and its last one leaves.
struct Stream<'a> {
    at: usize,
    office: &'a str,
    expected: u64,
    version: u64,
    wake: Option<Option<Moment>>,
}

/// A batch, grouped by table.
pub(super) struct Batch<'a> {
    appends: &'a [&'a Append],
    cursors: &'a [(String, u64)],
    streams: BTreeMap<&'a str, Stream<'a>>,
    offices: BTreeSet<&'a str>,
}

impl<'a> Batch<'a> {
    /// Groups a batch; a conflict when an append does not continue the one before it in its stream.
    pub(super) fn group(
        appends: &'a [&'a Append],
        cursors: &'a [(String, u64)],
    ) -> Result<Batch<'a>, AppendError> {
        let mut streams: BTreeMap<&str, Stream<'_>> = BTreeMap::new();
        let mut offices = BTreeSet::new();
        for (at, append) in appends.iter().enumerate() {
            if append.office.contains(',') {
                // The transaction's list of offices is separated by commas.
                return Err(AppendError::NotWritten(format!("{:?} is no office", append.office)));
            }
            offices.insert(&*append.office);
            let stream = streams.entry(&append.stream).or_insert_with(|| Stream {
                at,
                office: &append.office,
                expected: append.expected,
                version: append.expected,
                wake: None,
            });
            if stream.version != append.expected || stream.office != &*append.office {
                let what = format!("{} is at {} in this batch", append.stream, stream.version);
                return Err(AppendError::Conflict { index: at, what });
            }
            stream.version += append.events.len() as u64;
            stream.wake = append.wake.or(stream.wake);
        }
        Ok(Batch { appends, cursors, streams, offices })
    }

    /// The call that writes the batch and returns the head.
    pub(super) fn query(&self) -> Query<'static, Postgres, PgArguments> {
        let query = sqlx::query(APPEND).bind(owned(self.offices.iter().copied()));
        let query =
            self.bind_vault(self.bind_claims(self.bind_receipts(self.bind_events(self.bind_streams(query)))));
        let positions: Vec<i64> = self.cursors.iter().map(|(_, pos)| *pos as i64).collect();
        query.bind(owned(self.cursors.iter().map(|(name, _)| &**name))).bind(positions)
    }

    fn bind_streams(&self, query: Call) -> Call {
        let all = || self.streams.values();
        let wake = |s: &Stream<'_>| s.wake.flatten().map(Moment::micros);
        query
            .bind(all().map(|s| s.at as i64).collect::<Vec<_>>())
            .bind(owned(self.streams.keys().copied()))
            .bind(owned(all().map(|s| s.office)))
            .bind(all().map(|s| s.expected as i64).collect::<Vec<_>>())
            .bind(all().map(|s| s.version as i64).collect::<Vec<_>>())
            .bind(all().map(|s| s.wake.is_some()).collect::<Vec<_>>())
            .bind(all().map(wake).collect::<Vec<_>>())
    }

    fn bind_events(&self, query: Call) -> Call {
        let all =
            || self.appends.iter().flat_map(|a| a.events.iter().enumerate().map(move |(n, e)| (a, n, e)));
        query
            .bind(owned(all().map(|(a, ..)| &*a.stream)))
            .bind(all().map(|(a, n, _)| a.expected as i64 + n as i64 + 1).collect::<Vec<_>>())
            .bind(owned(all().map(|(.., e)| e.kind)))
            .bind(all().map(|(.., e)| i32::from(e.schema)).collect::<Vec<_>>())
            .bind(all().map(|(.., e)| e.at.micros()).collect::<Vec<_>>())
            .bind(owned(all().map(|(.., e)| &*e.cause)))
            .bind(all().map(|(.., e)| e.data.clone()).collect::<Vec<_>>())
            .bind(all().map(|(.., e)| e.hash.to_vec()).collect::<Vec<_>>())
    }

    fn bind_receipts(&self, query: Call) -> Call {
        let mut rows = BTreeMap::new();
        for append in self.appends {
            rows.extend(append.receipts.iter().map(|r| ((&*append.stream, r.key), r)));
        }
        query
            .bind(owned(rows.keys().map(|(stream, _)| *stream)))
            .bind(rows.keys().map(|(_, key)| key.to_vec()).collect::<Vec<_>>())
            .bind(rows.values().map(|r| r.body.to_vec()).collect::<Vec<_>>())
            .bind(rows.values().map(|r| r.reply.clone()).collect::<Vec<_>>())
            .bind(rows.values().map(|r| r.at.micros()).collect::<Vec<_>>())
    }

    fn bind_claims(&self, query: Call) -> Call {
        let all = || {
            let numbered = self.appends.iter().enumerate();
            numbered.flat_map(|(at, a)| a.claims.iter().map(move |change| (at, a, Change::of(change))))
        };
        query
            .bind(all().map(|(at, ..)| at as i64).collect::<Vec<_>>())
            .bind(owned(all().map(|(.., c)| c.key)))
            .bind(owned(all().map(|(_, a, _)| &*a.office)))
            .bind(owned(all().map(|(.., c)| c.from)))
            .bind(all().map(|(.., c)| c.to.map(str::to_owned)).collect::<Vec<_>>())
            .bind(all().map(|(.., c)| c.until.micros()).collect::<Vec<_>>())
            .bind(all().map(|(_, a, _)| a.at.micros()).collect::<Vec<_>>())
    }

    fn bind_vault(&self, query: Call) -> Call {
        let mut rows = BTreeMap::new();
        for append in self.appends {
            for change in &append.vault {
                match change {
                    VaultChange::Put { id, sealed, until } => {
                        rows.insert(&**id, Some((&*append.office, sealed, *until)))
                    }
                    VaultChange::Delete { id } => rows.insert(&**id, None),
                };
            }
        }
        let put = || rows.iter().filter_map(|(id, row)| row.map(|row| (*id, row)));
        query
            .bind(owned(put().map(|(id, _)| id)))
            .bind(owned(put().map(|(_, (office, ..))| office)))
            .bind(put().map(|(_, (_, sealed, _))| sealed.clone()).collect::<Vec<_>>())
            .bind(put().map(|(_, (.., until))| until.micros()).collect::<Vec<_>>())
            .bind(owned(rows.iter().filter(|(_, row)| row.is_none()).map(|(id, _)| *id)))
    }
}

type Call = Query<'static, Postgres, PgArguments>;

const APPEND: &str = "SELECT append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, \
    $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35)";

fn owned<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    texts.map(str::to_owned).collect()
}

/// A change of a claim as the call takes it; `to` is `None` for a release.
struct Change<'a> {
    key: &'a str,
    from: &'a str,
    to: Option<&'a str>,
    until: Moment,
}

impl Change<'_> {
    fn of(change: &ClaimChange) -> Change<'_> {
        match change {
            ClaimChange::Take { key, holder, until } => {
                Change { key, from: holder, to: Some(holder), until: *until }
            }
            ClaimChange::HandOver { key, from, to, until } => {
                Change { key, from, to: Some(to), until: *until }
            }
            ClaimChange::Release { key, holder } => {
                Change { key, from: holder, to: None, until: Moment::default() }
            }
        }
    }
}
