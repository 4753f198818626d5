//! The life of a database, made of its identity and its timeline. Point-in-time recovery and a standby that takes over
//! begin a new timeline; a database filled from a dump is another one. Knows nothing of what is stored.

use sqlx::{PgConnection, Row};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The second in which the database was created, and its timeline; NULL during recovery, when it has none of its own
/// yet.
const ASK: &str = "SELECT system_identifier >> 32 AS made,
  CASE WHEN pg_is_in_recovery() THEN NULL ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END AS timeline
  FROM pg_control_system()";
/// Bits for the timeline. Together with the creation second, a life stays below what a browser's number can hold.
const TIMELINE_BITS: u32 = 20;

/// What is known of it. Queried on each new connection, because a change of either ends all connections.
#[derive(Clone, Default)]
pub(super) struct Life(Arc<AtomicU64>);

impl Life {
    /// The life; 0 before the first connection.
    pub(super) fn known(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    /// Queries the database behind `connection`.
    pub(super) async fn look(&self, connection: &mut PgConnection) -> sqlx::Result<()> {
        let row = sqlx::query(ASK).fetch_one(connection).await?;
        if let Some(timeline) = row.try_get::<Option<&str>, _>("timeline")? {
            let timeline = u64::from_str_radix(timeline, 16).unwrap_or(0);
            self.0.fetch_max(life(row.try_get::<i64, _>("made")? as u64, timeline), Ordering::AcqRel);
        }
        Ok(())
    }
}

/// Combines both in one number: greater for later databases, and for later timelines of one database.
fn life(made: u64, timeline: u64) -> u64 {
    (made << TIMELINE_BITS) | (timeline & ((1 << TIMELINE_BITS) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_timeline_and_a_later_database_are_greater_and_a_script_can_hold_them() {
        let (y2026, y2100) = (1_796_000_000, 4_102_444_800);
        let inputs = [(y2026, 1), (y2026, 2), (y2026, 0x00ff), (y2026 + 1, 1), (y2100, 1), (y2100, 0xf_ffff)];
        let lives = inputs.map(|(made, timeline)| life(made, timeline));
        assert!(lives.is_sorted_by(|a, b| a < b), "{lives:?}");
        assert!(lives.iter().all(|life| *life < 1 << 53));
    }
}
