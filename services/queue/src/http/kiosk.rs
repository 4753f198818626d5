//! What the ticket machine requests: a ticket, a check-in. Knows no page.

use super::answer::TicketAnswer;
use super::door::{Here, of_limit, receipt};
use super::scan::Leads;
use crate::hall::{Hall, TimedReply};
use crate::measured::{self, How};
use crate::service::{Failure, Queue};
use axum::extract::State;
use http::StatusCode;
use okienko_actor::ReceiptKey;
use okienko_hall::{HallCommand, HallRefusal, HallReply, TicketView};
use okienko_kernel::{Id, IdKind, Way};
use okienko_web::problem::ProblemDocument;
use okienko_web::{Code, IdempotencyKey, Json, Problem, Role, Staff};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The roles of a ticket machine.
pub const KIOSK: &[Role] = &[Role::Kiosk];
/// Longer than any check-in code.
const CODE_AT_MOST: usize = 32;

/// A walk-in visitor's wish.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeTicket {
    /// The service's id.
    pub service: String,
    /// The visitor's language.
    pub locale: Option<String>,
}

/// A booked visitor's arrival.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckIn {
    /// From the confirmation; spaces and dashes do not count. Also what a scanner reads: the address or token of a visit
    /// or ticket.
    pub code: String,
    /// What the visitor chose, where the machine asks.
    pub service: Option<String>,
    /// The visitor's language.
    pub locale: Option<String>,
}

/// Takes a walk-in ticket.
#[utoipa::path(post, path = "/api/v1/kiosk/tickets", tag = "kiosk", request_body = TakeTicket,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = TicketAnswer), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument), (status = 503, body = ProblemDocument)))]
pub async fn tickets(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    key: IdempotencyKey,
    Json(wish): Json<TakeTicket>,
) -> Result<(StatusCode, Json<TicketAnswer>), Problem> {
    let here = queue.open_here(&claims, KIOSK).await?;
    let receipt = receipt("kiosk/tickets", &here, &key, &wish);
    Ok((StatusCode::CREATED, Json(queue.issue(&here, &wish.service, receipt).await?)))
}

/// Checks a booked visitor in.
#[utoipa::path(post, path = "/api/v1/kiosk/check-ins", tag = "kiosk", request_body = CheckIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = TicketAnswer), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 410, body = ProblemDocument), (status = 422, body = ProblemDocument),
        (status = 429, body = ProblemDocument), (status = 503, body = ProblemDocument)))]
pub async fn check_ins(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    key: IdempotencyKey,
    Json(arrival): Json<CheckIn>,
) -> Result<(StatusCode, Json<TicketAnswer>), Problem> {
    let here = queue.open_here(&claims, KIOSK).await?;
    let receipt = receipt("kiosk/check-ins", &here, &key, &arrival);
    let answer = queue.arrive(&here, &[&arrival.code], arrival.service, receipt).await?;
    Ok((StatusCode::CREATED, Json(answer)))
}

/// A code without the separators that people type; `invalid` if it cannot be a code.
pub fn plain_code(code: &str) -> Result<String, Problem> {
    let plain = okienko_typed::code(code).replace('-', "");
    let good = !plain.is_empty() && plain.len() <= CODE_AT_MOST;
    if good { Ok(plain) } else { Err(Problem::invalid("code", "queue-code-empty")) }
}

impl Queue {
    /// Issues a walk-in ticket for a service.
    pub(super) async fn issue(
        &self,
        here: &Here,
        service: &str,
        receipt: Option<ReceiptKey>,
    ) -> Result<TicketAnswer, Problem> {
        let place =
            crate::offices::location(&here.office, &here.hall.location).map_or(0, |place| place.number);
        let way = Way { office: here.office.number, place, day: here.hall.day };
        let ticket = Id::new(IdKind::Ticket, way, &*self.service.world.entropy);
        let command = HallCommand::IssueWalkIn { ticket, service: service.to_owned() };
        match self.ask(&here.hall, command, receipt, &here.cause).await {
            Ok(told) => {
                measured::gave_ticket(&here.hall.office, How::WalkIn);
                self.ticket_answer(here, told)
            }
            Err(Failure::Refused(HallRefusal::TooEarly { from })) => {
                let problem = Problem::new(Code::TooEarly).from_moment(from, &here.office.zone);
                Err(problem.explained("queue-tickets-early"))
            }
            Err(Failure::Refused(HallRefusal::Closed)) => Err(here.no_tickets("queue-tickets-ended")),
            Err(failure) => Err(here.problem(failure)),
        }
    }

    /// Handles somebody who arrives with a code, a visit or a ticket; the texts are alternative readings of the same
    /// scan.
    pub(super) async fn arrive(
        &self,
        here: &Here,
        texts: &[&str],
        service: Option<String>,
        receipt: Option<ReceiptKey>,
    ) -> Result<TicketAnswer, Problem> {
        match self.leads(here, texts).await? {
            Leads::Code(code) => self.check_in(here, &code, service, receipt).await,
            Leads::Ticket(id) => self.given(here, id).await,
        }
    }

    /// The current state of a ticket given earlier.
    async fn given(&self, here: &Here, id: Id) -> Result<TicketAnswer, Problem> {
        let now = self.service.now();
        let look = move |hall: &Hall| {
            let view = hall.0.ticket(id).map(TicketView::from)?;
            Some((view, (hall.0.ahead_of(id), hall.0.expected_wait(id, now))))
        };
        let found = self.halls.read(&here.hall.office, &here.hall.to_string(), look).await;
        let (view, place) = found?.ok_or(Code::Unknown)?;
        Ok(TicketAnswer::new(here, &self.service.world.keys, &view, place, now))
    }

    /// Checks a booked visitor in.
    pub(super) async fn check_in(
        &self,
        here: &Here,
        code: &str,
        service: Option<String>,
        receipt: Option<ReceiptKey>,
    ) -> Result<TicketAnswer, Problem> {
        let code = code.to_owned();
        self.guesses.wait(&here.cause).await.map_err(of_limit)?;
        let command = HallCommand::CheckIn { code: code.clone(), service };
        match self.ask(&here.hall, command, receipt, &here.cause).await {
            Ok(told) => {
                self.guesses.right(&here.cause);
                measured::gave_ticket(&here.hall.office, How::CheckedIn);
                self.ticket_answer(here, told)
            }
            Err(Failure::Refused(HallRefusal::Unknown)) => Err(self.wrong_code(here, &code).await),
            Err(Failure::Refused(HallRefusal::TooLate)) => Err(self.late(here, &code).await),
            Err(failure) => Err(here.problem(failure)),
        }
    }

    /// The problem for somebody who is too late: sends them to reception, if the office has one that may let them in.
    async fn late(&self, here: &Here, code: &str) -> Problem {
        let (code, now) = (code.to_owned(), self.service.now());
        let look = |hall: &Hall| hall.0.find_by_code(&code).is_some_and(|it| hall.0.reception_helps(it, now));
        let helps = self.halls.peek(&here.hall.office, &here.hall.to_string(), look).await;
        let said = if helps.unwrap_or(false) { "kiosk-late-reception" } else { "kiosk-late" };
        Problem::new(Code::TooLate).explained(said)
    }

    /// The problem for a code that is unknown in this hall today.
    pub(super) async fn wrong_code(&self, here: &Here, code: &str) -> Problem {
        if let Err(limit) = self.guesses.wrong(&here.cause) {
            return of_limit(limit);
        }
        for place in here.office.locations.iter().filter(|place| place.id != here.hall.location) {
            let other = self.today(&here.office, &place.id);
            let stream = other.to_string();
            let look = |hall: &Hall| hall.0.find_by_code(code).is_some();
            if self.halls.peek(&other.office, &stream, look).await.unwrap_or(false) {
                return Problem::new(Code::WrongLocation).with("location", place.id.as_str());
            }
        }
        Problem::new(Code::Unknown).explained("queue-unknown-code")
    }

    pub(super) fn ticket_answer(&self, here: &Here, told: TimedReply) -> Result<TicketAnswer, Problem> {
        match told.reply {
            HallReply::Ticket { ticket, ahead, wait } => {
                Ok(TicketAnswer::new(here, &self.service.world.keys, &ticket, (ahead, wait), told.at))
            }
            _ => Err(Problem::new(Code::Internal)),
        }
    }
}
