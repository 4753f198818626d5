//! What somebody has typed into a form that is not complete yet: sealed beside the hold until the hold cannot run any
//! more, so that an error, a way back or a reload loses nothing. Proves nothing: the form itself is saved by `hold`.

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

/// Drafts of one hold: each is a write.
const DRAFTS_PER_HOLD: Rate = Rate::new(30, Duration::from_secs(600));

/// What was typed, by the ids of its fields.
type FormAnswers = BTreeMap<String, String>;

/// The row of a hold's draft.
fn row(hold: Id) -> String {
    format!("draft/{hold}")
}

impl Booking {
    /// Keeps what was typed, as far as the form asks for it. Whether it is good is not looked at.
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

    /// What was typed before; nothing where nothing is kept.
    pub async fn draft(&self, id: Id) -> FormAnswers {
        // Whoever sees an empty form types once more: no reason to refuse the page.
        self.service.vault().open_one(row(id)).await.ok().flatten().unwrap_or_default()
    }

    /// Forgets what was typed: the form itself is saved.
    pub async fn drop_draft(&self, id: Id, state: &HoldState) {
        if !self.draft(id).await.is_empty() {
            // Should it stay: it is purged with the hold.
            let _ = self.keep_draft(&state.known.office.id, vec![VaultChange::Delete { id: row(id) }]).await;
        }
    }

    async fn keep_draft(&self, office: &str, rows: Vec<VaultChange>) -> Result<(), Problem> {
        let stream = format!("draft/{office}");
        Ok(self.service.journal.keep_rows((office, &stream), rows, self.service.now()).await?)
    }
}
