//! Removing a reservation: with a reason that the holder is told, and a note that stays within the office.

use crate::BackOffice;
use okienko_actor::{Order, ReceiptKey};
use okienko_day::{Command, Refusal, Reply, Reservation, State};
use okienko_kernel::{Id, Moment};
use okienko_office::LoadedOffice;
use okienko_office::plan::stream_of;
use okienko_web::{Claims, Code, Problem};
use serde::{Deserialize, Serialize};

/// The codes of the reasons.
pub const REASONS: [&str; 5] = ["false_data", "empty_form", "bot", "traded", "other"];
/// Maximum length of a note, in characters.
const MAX_NOTE: usize = 500;

/// What the office keeps about a removal beside the event; sealed, because people write names into notes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removal {
    /// The token of whoever removed it.
    pub by: String,
    /// When.
    pub at: Moment,
    /// For the office only.
    pub note: String,
}

impl BackOffice {
    /// Removes a reservation for good. A repeat gives the same answer.
    pub async fn remove(
        &self,
        claims: &Claims,
        known: &LoadedOffice,
        reservation: &Reservation,
        (reason, note): (&str, &str),
        receipt: Option<ReceiptKey>,
    ) -> Result<Reservation, Problem> {
        let reason = REASONS.into_iter().find(|known| *known == reason);
        let reason = reason.ok_or_else(|| Problem::invalid("reason", "removal-reason"))?;
        let note: String = note.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if note.chars().count() > MAX_NOTE {
            return Err(Problem::invalid("note", "removal-note-long"));
        }
        let id = reservation.confirmed.reservation;
        let removal = Removal { by: claims.id.clone(), at: self.service.now(), note };
        let order = Order::new(Command::Remove { reservation: id, reason: reason.to_owned() }, &claims.id)
            .receipt(receipt)
            .vault(vec![self.seal_row(row(id), id, &removal)?]);
        let told = self.days.send(&known.office.id, &stream_of(id), order).await?;
        match told.map_err(refused)? {
            Reply::Reserved(it) if matches!(it.state, State::Removed(_)) => Ok(*it),
            Reply::Reserved(_) => Err(Problem::new(Code::Conflict).explained("removal-cancelled")),
            Reply::Held { .. } | Reply::Gone { .. } => Err(Problem::new(Code::Unknown)),
        }
    }

    /// Who removed a reservation, and when; `None` if it was not removed, or too long ago.
    pub async fn removal_of(&self, reservation: &Reservation) -> Result<Option<Removal>, Problem> {
        match reservation.state {
            State::Removed(_) => {
                Ok(self.service.vault().open_one(row(reservation.confirmed.reservation)).await?)
            }
            _ => Ok(None),
        }
    }
}

/// A refusal of a day, as shown to the office.
fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::CheckedIn => Problem::new(Code::TooLate).explained("removal-checked-in"),
        _ => Problem::new(Code::Unknown),
    }
}

fn row(reservation: Id) -> String {
    format!("removal/{reservation}")
}
