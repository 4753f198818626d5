//! What the office's staff ask of booking, as functions that JSON and pages share: the day's reservations, removals,
//! questions to holders, what looks suspicious. Checks who asks and notes it; the rules are the domain's. Knows no page.

mod answers;
mod inquiries;
mod letters;
mod list;
mod messages;
mod removal;
mod rows;
mod suspects;
mod today;
mod trace;

pub use answers::{AnswerState, Asked};
pub use inquiries::InquiryView;
pub use letters::Letters;
pub use list::{Filter, Found, Listed, Wanted, proof_of};
pub use messages::{Messages, Sum};
pub use removal::{REASONS, Removal};
pub use suspects::Suspect;
pub use today::{Line, Today};

use crate::domain::day::{Day as DayMachine, Reservation};
use crate::service::Booking;
use okienko_host::On;
use okienko_kernel::{Id, IdKind};
use okienko_office::Known;
use okienko_office::plan::stream_of;
use okienko_web::{Claims, Code, Problem, Role};
use std::sync::Arc;

/// What somebody of the staff wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// See reservations and names.
    Look,
    /// Remove, ask, settle.
    Change,
}

impl Right {
    fn roles(self) -> &'static [Role] {
        match self {
            Right::Look => &[Role::Supervisor, Role::Admin, Role::Auditor],
            Right::Change => &[Role::Supervisor, Role::Admin],
        }
    }
    /// Whether these claims give it.
    pub fn is_of(self, claims: &Claims) -> bool {
        claims.require(self.roles()).is_ok()
    }
}

impl Booking {
    /// The office, for staff of that office who have this right.
    pub fn admit(&self, claims: &Claims, office: &str, right: Right) -> Result<Arc<Known>, Problem> {
        claims.at_office(office)?;
        claims.require(right.roles())?;
        self.offices.get(office).ok_or_else(|| Problem::new(Code::Unknown))
    }

    /// Does the work and notes in the access log who did what, also where it was refused.
    pub async fn noted<T>(
        &self,
        claims: &Claims,
        (act, on): (&'static str, &str),
        work: impl Future<Output = Result<T, Problem>>,
    ) -> Result<T, Problem> {
        let on = Id::parse(IdKind::Reservation, on).map_or(On::nothing(), On::from);
        let act = self.service.act(&claims.office, &claims.id, act, on);
        let done = work.await;
        act.ended(done.as_ref().map_or_else(|problem| problem.code().as_str(), |_| "ok"));
        done
    }

    /// A reservation of this office that the claims may see.
    pub async fn reservation_for(
        &self,
        claims: &Claims,
        known: &Known,
        id: &str,
    ) -> Result<Reservation, Problem> {
        let id = Id::parse(IdKind::Reservation, id).map_err(|_| Code::Unknown)?;
        if id.way().office != known.office.number {
            return Err(Problem::new(Code::Unknown));
        }
        let found = self.reservation_of(&known.office.id, id).await?.ok_or(Code::Unknown)?;
        claims.at_location(&known.office.id, &found.confirmed.place.location)?;
        Ok(found)
    }

    async fn reservation_of(&self, office: &str, id: Id) -> Result<Option<Reservation>, Problem> {
        // A day that nobody opened has no reservation, and must not become an actor because of a guessed id.
        let stream = stream_of(id);
        if !self.has_stream(&stream).await? {
            return Ok(None);
        }
        let look = move |day: &DayMachine| day.reservation(id).cloned();
        Ok(self.days.read(office, &stream, look).await?)
    }

    pub(crate) async fn has_stream(&self, stream: &str) -> Result<bool, Problem> {
        let found = self.service.journal.engine().streams(stream).await;
        found.map(|found| found.iter().any(|name| name == stream)).map_err(|_| Problem::unavailable(1))
    }
}
