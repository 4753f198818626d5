//! Between days and accounts: tells an account of its visits from the days' events, and asks a visit's day what became
//! of it. Must not know what an account is beyond its id.

use crate::citizen::visit_path;
use crate::heard;
use crate::service::Booking;
use async_trait::async_trait;
use okienko_accounts::{OwnVisit, Visits, has_accounts};
use okienko_actor::Registry;
use okienko_day::{Attendance, Day, DayEvent, State};
use okienko_host::Service;
use okienko_journal::relay::Sink;
use okienko_journal::{NotTaken, Recorded};
use okienko_kernel::{Fault, Id};
use okienko_office::{Office, plan};
use okienko_trace::{Instrument, span};
use std::sync::Arc;

/// What the days know about accounts' visits.
pub struct DaysOfAccounts {
    pub service: Arc<Service>,
    pub days: Registry<Day>,
}

#[async_trait]
impl Visits for DaysOfAccounts {
    async fn visit(&self, office: &Office, reservation: Id) -> Result<Option<OwnVisit>, Fault> {
        let look = move |day: &Day| day.reservation(reservation).cloned();
        let found = self.days.read(&office.id, &plan::stream_of(reservation), look).await?;
        Ok(found.map(|it| OwnVisit {
            path: visit_path(&it.confirmed, &self.service.world.keys),
            day: it.confirmed.place.day,
            time: it.confirmed.time,
            at: it.confirmed.at,
            service: it.confirmed.service,
            is_ahead: it.state == State::Confirmed,
            state: it.state.word(),
        }))
    }
}

/// The sink of the accounts' relay over booking's own journal, at least once.
pub struct AccountEvents(pub Arc<Booking>);

#[async_trait]
impl Sink for AccountEvents {
    async fn take(&self, batch: &[Recorded]) -> Result<(), NotTaken> {
        // In order: a visit is booked before it ends.
        for event in batch {
            if event.stream.starts_with("account/") {
                let span = okienko_trace::caused(event.trace().as_ref(), || span!("notify"));
                self.0.accounts.write_about(event).instrument(span).await?;
            } else if let Some(happened) = heard::of_day(event) {
                self.note_visit(event, happened).await?;
            }
        }
        Ok(())
    }
}

impl AccountEvents {
    /// Tells an account of its visits.
    async fn note_visit(&self, event: &Recorded, happened: DayEvent) -> Result<(), NotTaken> {
        let (reservation, begins, account) = match happened {
            DayEvent::Confirmed(it) => (it.reservation, true, it.account),
            DayEvent::Cancelled(it) => (it.reservation, false, None),
            DayEvent::Removed(it) => (it.reservation, false, None),
            DayEvent::Attended(it) if it.state != Attendance::CheckedIn => (it.reservation, false, None),
            _ => return Ok(()),
        };
        let Some(known) = self.0.offices.get(&event.office) else { return Ok(()) };
        let account = match account {
            Some(account) => Some(account),
            None if begins || !has_accounts(&known.office) => None,
            None => self.booked_by(event, &known.office, reservation).await?,
        };
        let Some(account) = account else { return Ok(()) };
        let accounts = &self.0.accounts;
        let told = match begins {
            true => accounts.booked(&known.office, account, reservation).await,
            false => accounts.ended(&known.office, account, reservation).await,
        };
        told.map_err(|fault| NotTaken::of(event, fault))
    }

    async fn booked_by(
        &self,
        event: &Recorded,
        office: &Office,
        reservation: Id,
    ) -> Result<Option<Id>, NotTaken> {
        let look = move |day: &Day| day.reservation(reservation)?.confirmed.account;
        let stream = plan::stream_of(reservation);
        self.0.days.read(&office.id, &stream, look).await.map_err(|fault| NotTaken::of(event, fault))
    }
}
