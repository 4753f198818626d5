//! Drafts of incomplete forms: sealed beside the hold for as long as it can last, so that an error, a way back or a
//! reload loses nothing. Proves nothing: the form itself is saved by `hold`.

use super::HoldState;
use crate::service::Booking;
use okienko_day::HOLD_MAX;
use okienko_journal::VaultChange;
use okienko_kernel::Id;
use okienko_limits::{Hit, Rate};
use okienko_office::form::MAX_TEXT;
use okienko_web::Problem;
use std::collections::BTreeMap;
use std::time::Duration;

/// Draft saves of one hold: each is a write.
const DRAFTS_PER_HOLD: Rate = Rate::new(30, Duration::from_secs(600));

/// What was typed, by field id.
type FormAnswers = BTreeMap<String, String>;

/// The vault row of a hold's draft.
fn row(hold: Id) -> String {
    format!("draft/{hold}")
}

impl Booking {
    /// Saves what was typed, limited to the form's fields. Validity is not checked.
    pub async fn save_draft(
        &self,
        id: Id,
        state: &HoldState,
        typed: &BTreeMap<String, String>,
    ) -> Result<(), Problem> {
        let office = &state.known.office;
        let fields = office.form_of(state.service()?);
        let known = |name: &str| fields.iter().any(|field| field.id == name);
        let kept: FormAnswers = typed
            .iter()
            .filter(|(name, text)| known(name) && !text.trim().is_empty())
            .map(|(name, text)| (name.clone(), text.trim().chars().take(MAX_TEXT + 1).collect()))
            .collect();
        if kept.is_empty() || state.reservation.is_some() || state.remaining_s <= 0 {
            return Ok(());
        }
        self.gate.within(&[Hit { key: format!("draft/{id}"), rate: DRAFTS_PER_HOLD }]).await?;
        let until = state.hold.placed_at.plus(HOLD_MAX);
        let rows = vec![self.service.vault().seal(row(id), &kept, until)?];
        self.keep_draft(&office.id, rows).await
    }

    /// The saved draft; empty if there is none.
    pub async fn draft(&self, id: Id) -> FormAnswers {
        // On a failure the form is shown empty: no reason to refuse the page.
        self.service.vault().open_one(row(id)).await.ok().flatten().unwrap_or_default()
    }

    /// Deletes the draft once the form itself is saved.
    pub async fn drop_draft(&self, id: Id, state: &HoldState) {
        if !self.draft(id).await.is_empty() {
            // If this fails, the draft is purged with the hold.
            let _ = self.keep_draft(&state.known.office.id, vec![VaultChange::Delete { id: row(id) }]).await;
        }
    }

    async fn keep_draft(&self, office: &str, rows: Vec<VaultChange>) -> Result<(), Problem> {
        let stream = format!("draft/{office}");
        Ok(self.service.journal.keep_rows((office, &stream), rows, self.service.now()).await?)
    }
}
