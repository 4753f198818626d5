//! What reception asks: who is behind a code, and to let a booked visitor in whatever the window says.
//! Knows no personal data: there is none in the hall.

use super::answer::TicketAnswer;
use super::door::{Here, of_fault, of_limit, receipt};
use super::kiosk::plain_code;
use crate::domain::{HallCommand, StateName, TicketView};
use crate::hall::Hall;
use crate::offices::service_name;
use crate::service::Queue;
use axum::extract::State;
use http::StatusCode;
use okienko_actor::ReceiptKey;
use okienko_kernel::Id;
use okienko_web::problem::ProblemDocument;
use okienko_web::{IdempotencyKey, Json, Problem, Role, Staff};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// Who may sit at reception.
pub const RECEPTION: &[Role] = &[Role::Reception, Role::Supervisor];

/// A visitor's code.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ByCode {
    /// From the confirmation; spaces and dashes do not count.
    pub code: String,
}

/// A reservation as reception sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundAnswer {
    /// The reservation.
    pub reservation: FoundReservation,
}

/// A reservation in today's hall.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundReservation {
    /// Its number on the screens; empty until it is given.
    pub number: String,
    /// The service's id.
    pub service: String,
    /// The service's name.
    pub service_name: String,
    /// The booked hour, `HH:MM`.
    pub booked: Option<String>,
    /// `expected`, `waiting`, `called`, `serving`, `absent`, `parked`, `served`, `missed`, `left`, `struck_off`
    /// or `refused`.
    #[schema(value_type = String)]
    pub state: StateName,
    /// Whether the visitor has checked in.
    pub checked_in: bool,
}

/// Who is behind a code.
#[utoipa::path(post, path = "/api/v1/reception/find", tag = "reception", request_body = ByCode,
    responses((status = 200, body = FoundAnswer), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 429, body = ProblemDocument), (status = 503, body = ProblemDocument)))]
pub async fn find(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    Json(asked): Json<ByCode>,
) -> Result<Json<FoundAnswer>, Problem> {
    let here = queue.open_here(&claims, RECEPTION).await?;
    Ok(Json(FoundAnswer { reservation: queue.find(&here, &asked.code).await? }))
}

/// Lets a booked visitor in.
#[utoipa::path(post, path = "/api/v1/reception/admit", tag = "reception", request_body = ByCode,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = TicketAnswer), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 410, body = ProblemDocument), (status = 429, body = ProblemDocument),
        (status = 503, body = ProblemDocument)))]
pub async fn admit(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    key: IdempotencyKey,
    Json(asked): Json<ByCode>,
) -> Result<(StatusCode, Json<TicketAnswer>), Problem> {
    let here = queue.open_here(&claims, RECEPTION).await?;
    let receipt = receipt("reception/admit", &here, &key, &asked);
    Ok((StatusCode::CREATED, Json(queue.let_in(&here, &asked.code, receipt).await?)))
}

impl FoundReservation {
    /// The state as it is written in answers.
    pub fn state_name(&self) -> &'static str {
        match self.state {
            StateName::Expected => "expected",
            StateName::Waiting => "waiting",
            StateName::Called => "called",
            StateName::Serving => "serving",
            StateName::Absent => "absent",
            StateName::Parked => "parked",
            StateName::Served => "served",
            StateName::Missed => "missed",
            StateName::Left => "left",
            StateName::StruckOff => "struck_off",
            StateName::Refused => "refused",
        }
    }
}

impl Queue {
    /// The reservation behind a code.
    pub(super) async fn find(&self, here: &Here, code: &str) -> Result<FoundReservation, Problem> {
        let (_, found) = self.by_code(here, code).await?;
        Ok(FoundReservation {
            service_name: service_name(&here.office, &found.service).to_owned(),
            number: found.number,
            service: found.service,
            booked: found.booked.map(|time| time.to_string()),
            state: found.state,
            checked_in: found.checked_in,
        })
    }

    /// Lets the visitor with a code in.
    pub(super) async fn let_in(
        &self,
        here: &Here,
        code: &str,
        receipt: Option<ReceiptKey>,
    ) -> Result<TicketAnswer, Problem> {
        let (reservation, _) = self.by_code(here, code).await?;
        let told = self.ask(&here.hall, HallCommand::Admit { reservation }, receipt, &here.cause).await;
        self.ticket_answer(here, told.map_err(|failure| here.problem(failure))?)
    }

    async fn by_code(&self, here: &Here, code: &str) -> Result<(Id, TicketView), Problem> {
        let code = plain_code(code)?;
        self.guesses.wait(&here.cause).await.map_err(of_limit)?;
        let wanted = code.clone();
        let look = move |hall: &Hall| {
            let ticket = hall.0.find_by_code(&wanted)?;
            Some((ticket.reservation()?, TicketView::from(ticket)))
        };
        let found = self.halls.read(&here.hall.office, &here.hall.to_string(), look).await;
        match found.map_err(|fault| of_fault(&fault))? {
            Some(found) => Ok(found),
            None => Err(self.wrong_code(here, &code).await),
        }
    }
}
