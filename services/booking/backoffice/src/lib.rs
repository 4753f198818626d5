//! The office's side of the day: its reservations, removals, questions to holders, what looks suspicious, the access
//! log and the statistics of its messages; as JSON and as pages. Checks who asks and logs it. Knows no holds in
//! progress and no citizens' page except the one on which a holder answers.

mod answers;
mod calendar;
pub mod domain;
mod inquiries;
mod json;
mod letters;
mod list;
mod messages;
mod pages;
mod removal;
mod rows;
#[cfg(test)]
mod samples_tests;
mod suspects;
mod today;
mod trace;

pub use answers::{AnswerState, HolderQuestions};
pub use calendar::PoolDay;
pub use inquiries::InquiryView;
pub use json::openapi;
pub use letters::Letters;
pub use list::{Filter, ListRange, OpenedReservation, ReservationList, proof_of};
pub use messages::{Messages, Sum};
pub use removal::{REASONS, Removal};
pub use suspects::Suspect;
pub use today::{Line, PlacesLeft, Today};

use domain::inquiry::Inquiry;
use okienko_actor::Registry;
use okienko_day::{Day as DayMachine, Reservation};
use okienko_gate::Gate;
use okienko_host::{On, Service};
use okienko_journal::JournalError;
use okienko_kernel::{Day, Id, IdKind};
use okienko_office::plan::stream_of;
use okienko_office::{LoadedOffice, Offices};
use okienko_proto::sms::sms_gateway_client::SmsGatewayClient;
use okienko_rpc::Link;
use okienko_staff::StaffRoll;
use okienko_web::{Claims, Code, Problem, Role};
use std::sync::Arc;

/// The office's side, in this process.
pub struct BackOffice {
    service: Arc<Service>,
    offices: Arc<Offices>,
    gate: Arc<Gate>,
    staff: Arc<StaffRoll>,
    days: Registry<DayMachine>,
    inquiries: Registry<Inquiry>,
    places: Arc<dyn PlacesLeft>,
    sms: SmsGatewayClient<Link>,
    /// Base URL of the public pages, without a trailing slash.
    base_url: String,
}

/// What the office's side needs from the surrounding service.
pub struct Around {
    /// Its journal, clock and keys.
    pub service: Arc<Service>,
    /// The offices of this process.
    pub offices: Arc<Offices>,
    /// Decides who may go on.
    pub gate: Arc<Gate>,
    /// The staff of the offices.
    pub staff: Arc<StaffRoll>,
    /// The days.
    pub days: Registry<DayMachine>,
    /// Tells what can still be booked.
    pub places: Arc<dyn PlacesLeft>,
    /// Where messages are handed over and counted.
    pub sms: SmsGatewayClient<Link>,
    /// Base URL of the public pages, without a trailing slash; used in mails.
    pub base_url: String,
}

/// All routes of the office's side.
pub fn routes() -> axum::Router<Arc<BackOffice>> {
    json::routes().merge(pages::routes())
}

/// What a staff member wants to do.
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
    /// Whether these claims grant it.
    pub fn is_of(self, claims: &Claims) -> bool {
        claims.require(self.roles()).is_ok()
    }
}

impl BackOffice {
    /// Starts the inquiry actors.
    pub async fn start(around: Around) -> Result<Arc<BackOffice>, JournalError> {
        let Around { service, offices, gate, staff, days, places, sms, base_url } = around;
        let inquiries = service.registry("inquiry/").await?;
        Ok(Arc::new(BackOffice { service, offices, gate, staff, days, inquiries, places, sms, base_url }))
    }

    /// The local day at an office.
    fn today(&self, known: &LoadedOffice) -> Day {
        known.office.day_at(self.service.now())
    }

    /// The office, for its staff who have this right.
    pub fn admit(&self, claims: &Claims, office: &str, right: Right) -> Result<Arc<LoadedOffice>, Problem> {
        claims.at_office(office)?;
        claims.require(right.roles())?;
        self.offices.get(office).ok_or_else(|| Problem::new(Code::Unknown))
    }

    /// Does the work and logs in the access log who did it, including when it was refused.
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
        known: &LoadedOffice,
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
        // A day that was never opened has no reservation, and a guessed id must not create an actor for it.
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
