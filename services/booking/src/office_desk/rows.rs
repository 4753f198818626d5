//! Sealed rows beside a reservation: kept until thirty days after the visit, like the person's own data. Knows no content.

use crate::service::Booking;
use okienko_journal::VaultChange;
use okienko_kernel::{Id, Span};
use okienko_web::Problem;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How long such rows are kept after the day of the visit.
const KEEP: Span = Span::from_hours(30 * 24);
/// Rows that are asked of the journal at once.
const AT_ONCE: usize = 400;

impl Booking {
    /// Seals a row that belongs to the day of `id`.
    pub(super) fn seal_row(&self, row: String, id: Id, content: &impl Serialize) -> VaultChange {
        let plain = serde_json::to_vec(content).unwrap_or_default();
        let sealed = self.service.vault.seal(&row, &plain, &*self.service.world.entropy);
        let way = id.way();
        let zone = self.offices.numbered(way.office).map(|known| known.office.zone.clone());
        let end = zone.map_or(self.service.now(), |zone| zone.start_of(way.day.plus_days(1)));
        VaultChange::Put { id: row, sealed, until: end.plus(KEEP) }
    }

    /// Opens rows, in their order; one that is gone or cannot be read is `None`.
    pub(super) async fn open_rows<T: DeserializeOwned>(
        &self,
        rows: &[String],
    ) -> Result<Vec<Option<T>>, Problem> {
        let mut opened = Vec::with_capacity(rows.len());
        for rows in rows.chunks(AT_ONCE) {
            let plain = self.service.open_vault(rows).await.map_err(|_| Problem::unavailable(1))?;
            opened.extend(plain.into_iter().map(|row| row.and_then(|row| serde_json::from_slice(&row).ok())));
        }
        Ok(opened)
    }

    /// Opens one row.
    pub(super) async fn open_row<T: DeserializeOwned>(&self, row: String) -> Result<Option<T>, Problem> {
        Ok(self.open_rows(&[row]).await?.into_iter().next().flatten())
    }
}
