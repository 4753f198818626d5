//! The visits of an account, for its owner's page. What became of each is asked of its day.

use crate::domain::account::Account;
use crate::domain::day::{Day, Reservation};
use crate::service::Booking;
use okienko_kernel::Id;
use okienko_office::{Known, plan};
use okienko_web::Problem;

/// Past visits that are shown.
const PAST: usize = 10;

impl Booking {
    /// The visits of an account: those to come by their hour, then the last ones that are over.
    pub async fn visits_of(&self, known: &Known, account: Id) -> Result<Vec<Reservation>, Problem> {
        let visits = self.account(&known.office, account, |it: &Account| it.visits().to_vec()).await?;
        let past = visits.iter().rev().filter(|visit| visit.ended).take(PAST);
        let ahead = visits.iter().filter(|visit| !visit.ended);
        let mut found = Vec::new();
        for visit in ahead.chain(past) {
            let id = visit.reservation;
            let look = move |day: &Day| day.reservation(id).cloned();
            let read = self.days.read(&known.office.id, &plan::stream_of(id), look).await;
            found.extend(read?);
        }
        found.sort_by_key(|it| (it.state.word() != "confirmed", it.confirmed.at));
        Ok(found)
    }
}
