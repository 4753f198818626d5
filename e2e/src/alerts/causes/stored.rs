//! Events in a journal that cannot be read or carried out, written past every service. Knows booking's names of a day, its
//! reservations and reminders.

use super::Drill;
use crate::house::Journals;
use anyhow::{Result, bail};
use okienko_journal::{
    Append, ChainHash, Engine, GENESIS, NewEvent, PostgresEngine, PostgresSettings, chain,
};
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Day, Id, IdKind, Moment, Way};

/// The office of the drill.
const OFFICE: u32 = 9;
/// A pool that it has not, on a day that nobody asks for.
const POOL: u16 = 9;
const DATE: &str = "2099-01-01";

/// The first event of that day, of a kind that no version has, and the reminder of a reservation of it.
const UNREADABLE: (&str, u16) = ("day_folded", 9);
const REMINDED: (&str, u16) = ("reminded", 1);

impl Drill {
    /// A later version has written something that this one does not know.
    pub(super) async fn event_unread(&mut self) -> Result<()> {
        self.write(1, GENESIS, UNREADABLE, b"{}".to_vec()).await?;
        self.fires("OkienkoEventUnread").await?;
        self.watch.is_quiet("OkienkoEventUnread").await
    }

    /// Somebody is to be reminded of a visit on that day, which cannot be loaded because of it.
    pub(super) async fn event_set_aside(&mut self) -> Result<()> {
        let (kind, schema) = UNREADABLE;
        let first = chain(&GENESIS, &stream(), 1, kind, schema, Moment::from_micros(0), b"{}");
        let day: Day = DATE.parse()?;
        let way = Way { office: OFFICE, place: POOL, day };
        let reservation = Id::new(IdKind::Reservation, way, &SeededEntropy::new(1));
        let reminded = format!(r#"{{"reservations":["{reservation}"],"at":0}}"#);
        self.write(2, first, REMINDED, reminded.into_bytes()).await?;
        self.fires("OkienkoEventSetAside").await?;
        self.watch.is_quiet("OkienkoEventSetAside").await
    }

    async fn write(
        &self,
        version: u64,
        before: ChainHash,
        (kind, schema): (&'static str, u16),
        data: Vec<u8>,
    ) -> Result<()> {
        let Journals::Postgres(url) = self.house.journals() else { bail!("an installation is on Postgres") };
        let engine = PostgresEngine::open(&PostgresSettings::new(&url), "booking")?;
        let at = Moment::from_micros(0);
        let hash = chain(&before, &stream(), version, kind, schema, at, &data);
        let event = NewEvent { kind, schema, data, at, cause: "drill".into(), hash };
        let append = Append {
            office: "test".into(),
            stream: stream().into(),
            expected: version - 1,
            at,
            events: vec![event],
            receipts: Vec::new(),
            claims: Vec::new(),
            vault: Vec::new(),
            wake: None,
        };
        engine.append(&[&append], &[]).await?;
        Ok(())
    }
}

fn stream() -> String {
    format!("day/{OFFICE}/{POOL}/{DATE}")
}
