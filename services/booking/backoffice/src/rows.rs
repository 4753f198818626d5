//! Vault rows beside a reservation: kept until thirty days after the visit, like the person's own data. Knows no
//! content.

use crate::BackOffice;
use okienko_journal::VaultChange;
use okienko_kernel::{Fault, Id, Span};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How long such rows are kept after the day of the visit.
const KEEP: Span = Span::from_hours(30 * 24);

impl BackOffice {
    /// Seals a row that belongs to the day of `id`.
    pub(crate) fn seal_row<T>(&self, row: String, id: Id, content: &T) -> Result<VaultChange, Fault>
    where
        T: Serialize + DeserializeOwned,
    {
        let way = id.way();
        let zone = self.offices.numbered(way.office).map(|known| known.office.zone.clone());
        let end = zone.map_or(self.service.now(), |zone| zone.start_of(way.day.plus_days(1)));
        self.service.vault::<T>().seal(row, content, end.plus(KEEP))
    }
}
