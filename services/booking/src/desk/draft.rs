//! What somebody has typed into a form that is not complete yet: sealed beside the hold until the hold cannot run any
//! more, so that an error, a way back or a reload loses nothing. Proves nothing: the form itself is saved by `hold`.

use super::HoldState;
use crate::domain::day::HOLD_MAX;
use okienko_office::form::MAX_TEXT;
use crate::service::Booking;
use okienko_journal::{Append, Outcome, Poison, Submission, VaultChange};
use okienko_kernel::Id;
use okienko_limits::{Hit, Rate};
use okienko_web::Problem;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// Drafts of one hold: each is a write.
const DRAFTS_PER_HOLD: Rate = Rate::new(30, Duration::from_secs(600));

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
        let kept: BTreeMap<&String, String> = typed
            .iter()
            .filter(|(name, text)| known(name) && !text.trim().is_empty())
            .map(|(name, text)| (name, text.trim().chars().take(MAX_TEXT + 1).collect()))
            .collect();
        if kept.is_empty() || state.reservation.is_some() || state.remaining_s <= 0 {
            return Ok(());
        }
        self.gate.within(&[Hit { key: format!("draft/{id}"), rate: DRAFTS_PER_HOLD }]).await?;
        let plain = serde_json::to_vec(&kept).unwrap_or_default();
        let sealed = self.service.vault.seal(&row(id), &plain, &*self.service.world.entropy);
        let until = state.hold.placed_at.plus(HOLD_MAX);
        self.write(&office.id, VaultChange::Put { id: row(id), sealed, until }).await
    }

    /// What was typed before; nothing where nothing is kept.
    pub async fn draft(&self, id: Id) -> BTreeMap<String, String> {
        let rows = self.service.open_vault(&[row(id)]).await.unwrap_or_default();
        let plain = rows.into_iter().next().flatten();
        plain.and_then(|plain| serde_json::from_slice(&plain).ok()).unwrap_or_default()
    }

    /// Forgets what was typed: the form itself is saved.
    pub async fn drop_draft(&self, id: Id, state: &HoldState) {
        if !self.draft(id).await.is_empty() {
            // Should it stay: it is purged with the hold.
            let _ = self.write(&state.known.office.id, VaultChange::Delete { id: row(id) }).await;
        }
    }

    /// One row without an event. The stream of drafts stays empty for ever, so nobody's version can differ.
    async fn write(&self, office: &str, change: VaultChange) -> Result<(), Problem> {
        let append = Append {
            office: office.into(),
            stream: format!("draft/{office}").into(),
            expected: 0,
            at: self.service.now(),
            events: Vec::new(),
            receipts: Vec::new(),
            claims: Vec::new(),
            vault: vec![change],
            wake: None,
        };
        let (tell, told) = oneshot::channel();
        let done = Box::new(move |outcome| _ = tell.send(outcome));
        let submission = Submission { append, poison: Arc::new(Poison::default()), done };
        self.service.journal.submit(submission).await;
        match told.await {
            Ok(Outcome::Committed) => Ok(()),
            _ => Err(Problem::unavailable(1)),
        }
    }
}
