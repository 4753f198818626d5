//! The visits of an account, for its owner's page. The account knows which they are; what became of each, only its day
//! knows.

use crate::Accounts;
use crate::domain::{Account, Command, stream_of};
use async_trait::async_trait;
use okienko_actor::Order;
use okienko_kernel::{Day, Fault, Id, Moment, TimeOfDay};
use okienko_office::{LoadedOffice, Office};
use okienko_web::Problem;

/// Past visits that are shown.
const PAST: usize = 10;

/// A visit as its owner sees it in a list.
#[derive(Clone, Debug)]
pub struct OwnVisit {
    /// Path of its page, beginning with a slash.
    pub path: String,
    /// The office's local day.
    pub day: Day,
    /// The office's local time.
    pub time: TimeOfDay,
    /// The same as a moment.
    pub at: Moment,
    /// Id of the service.
    pub service: String,
    /// The word of its state, e.g. `confirmed`.
    pub state: &'static str,
    /// Whether it is still to come, and can be cancelled.
    pub is_ahead: bool,
}

/// What the days know about visits.
#[async_trait]
pub trait Visits: Send + Sync {
    /// The visit in its current state; `None` if its day does not know it.
    async fn visit(&self, office: &Office, reservation: Id) -> Result<Option<OwnVisit>, Fault>;
}

impl Accounts {
    /// The visits of an account: the coming ones by time, then the latest past ones.
    pub async fn visits_of(&self, known: &LoadedOffice, account: Id) -> Result<Vec<OwnVisit>, Problem> {
        let visits = self.look(&known.office, account, |it: &Account| it.visits().to_vec()).await?;
        let past = visits.iter().rev().filter(|visit| visit.ended).take(PAST);
        let ahead = visits.iter().filter(|visit| !visit.ended);
        let mut found = Vec::new();
        for visit in ahead.chain(past) {
            found.extend(self.visits.visit(&known.office, visit.reservation).await?);
        }
        found.sort_by_key(|visit| (!visit.is_ahead, visit.at));
        Ok(found)
    }

    /// Notes that a visit was booked with the account.
    pub async fn booked(&self, office: &Office, account: Id, reservation: Id) -> Result<(), Fault> {
        self.tell(office, account, Command::Book { reservation }).await
    }

    /// Notes that a visit of the account is over, whatever became of it.
    pub async fn ended(&self, office: &Office, account: Id, reservation: Id) -> Result<(), Fault> {
        self.tell(office, account, Command::End { reservation }).await
    }

    /// Sends an account a command that it never refuses.
    async fn tell(&self, office: &Office, account: Id, command: Command) -> Result<(), Fault> {
        let order = Order::new(command, "accounts");
        self.registry.send(&office.id, &stream_of(account), order).await.map(drop)
    }
}
