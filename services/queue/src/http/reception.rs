//! What reception requests: who is behind a code, letting a booked visitor in or turning them away. The person's card
//! comes from `cards`, only for the staff member who asks. Knows no page.

use super::answer::TicketAnswer;
use super::door::{Here, of_limit, receipt};
use crate::hall::Hall;
use crate::offices::service_name;
use crate::service::Queue;
use axum::extract::State;
use http::StatusCode;
use okienko_actor::ReceiptKey;
use okienko_hall::{HallCommand, HallRefusal, Reason, StateName, TicketView};
use okienko_host::{BegunAct, On};
use okienko_kernel::Id;
use okienko_web::problem::ProblemDocument;
use okienko_web::{IdempotencyKey, Json, Problem, Role, Staff};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The roles that may work at reception.
pub const RECEPTION: &[Role] = &[Role::Reception, Role::Supervisor];

/// Why somebody is turned away, as written in requests.
pub const REASONS: [(&str, Reason); 4] = [
    ("other_person", Reason::OtherPerson),
    ("wrong_documents", Reason::WrongDocuments),
    ("wrong_matter", Reason::WrongMatter),
    ("other", Reason::Other),
];

/// A visitor's code.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ByCode {
    /// From the confirmation; spaces and dashes do not count.
    pub code: String,
}

/// A visitor's code, and why they are turned away.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// From the confirmation; spaces and dashes do not count.
    pub code: String,
    /// `other_person`, `wrong_documents`, `wrong_matter` or `other`.
    pub reason: String,
}

/// A reservation as reception sees it.
#[derive(Clone, Serialize, ToSchema)]
pub struct FoundAnswer {
    /// The reservation.
    pub reservation: FoundReservation,
}

/// A reservation in today's hall.
#[derive(Clone, Serialize, ToSchema)]
pub struct FoundReservation {
    /// Its number on the screens; empty until it is given.
    pub number: String,
    /// The reservation's number, as the person reads it out; `null` while booking cannot be asked.
    pub reservation_number: Option<String>,
    /// Who has booked; `null` while booking cannot be asked, and where the service asks for no name.
    pub name: Option<String>,
    /// Children that come along.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children: Option<String>,
    /// The service's id.
    pub service: String,
    /// The service's name.
    pub service_name: String,
    /// The booked hour, `HH:MM`.
    pub booked: Option<String>,
    /// `expected`, `waiting`, `called`, `serving`, `absent`, `parked`, `served`, `missed`, `not_called`, `left`,
    /// `struck_off` or `refused`.
    #[schema(value_type = String)]
    pub state: StateName,
    /// Whether the visitor has checked in.
    pub checked_in: bool,
    /// What may be done now: `admit`, `refuse`.
    pub may: Vec<&'static str>,
    /// From when on the visitor may be admitted, RFC 3339; only while it is too early.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
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

/// Turns a booked visitor away; the reservation is over.
#[utoipa::path(post, path = "/api/v1/reception/refuse", tag = "reception", request_body = Refusal,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = FoundAnswer), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 410, body = ProblemDocument), (status = 422, body = ProblemDocument),
        (status = 429, body = ProblemDocument), (status = 503, body = ProblemDocument)))]
pub async fn refuse(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    key: IdempotencyKey,
    Json(asked): Json<Refusal>,
) -> Result<Json<FoundAnswer>, Problem> {
    let here = queue.open_here(&claims, RECEPTION).await?;
    let receipt = receipt("reception/refuse", &here, &key, &asked);
    Ok(Json(FoundAnswer { reservation: queue.turn_away(&here, &asked, receipt).await? }))
}

impl FoundReservation {
    /// Whether that act is possible now.
    pub fn may(&self, act: &str) -> bool {
        self.may.contains(&act)
    }
    /// The state as written in responses.
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
            StateName::NotCalled => "not_called",
            StateName::Left => "left",
            StateName::StruckOff => "struck_off",
            StateName::Refused => "refused",
        }
    }
}

/// The reservation behind a code, and what may be done.
struct Behind {
    reservation: Id,
    ticket: TicketView,
    admit: Result<(), HallRefusal>,
    refuse: bool,
}

/// The outcome as written in the access log.
pub(super) fn outcome<T>(told: &Result<T, Problem>) -> &'static str {
    told.as_ref().err().map_or("ok", |problem| problem.code().as_str())
}

impl Queue {
    /// The reservation behind a code, with the person's card.
    pub(super) async fn find(&self, here: &Here, code: &str) -> Result<FoundReservation, Problem> {
        let mut act = self.act(here, "reception.find");
        let found = self.by_code(here, code).await;
        if let Ok(found) = &found {
            act.on(On::from(found.reservation));
        }
        act.ended(outcome(&found));
        Ok(self.shown(here, found?).await)
    }

    async fn shown(&self, here: &Here, behind: Behind) -> FoundReservation {
        let card = self.card(&here.hall, behind.reservation, here.who()).await.unwrap_or_default();
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let ticket = behind.ticket;
        let admit = (!ticket.checked_in && behind.admit.is_ok()).then_some("admit");
        let from = match behind.admit {
            Err(HallRefusal::TooEarly { from }) => Some(here.office.zone.rfc3339(from)),
            _ => None,
        };
        FoundReservation {
            service_name: service_name(&here.office, &ticket.service).to_owned(),
            number: ticket.number,
            reservation_number: some(card.number),
            name: some(card.name),
            children: some(card.children),
            service: ticket.service,
            booked: ticket.booked.map(|time| time.to_string()),
            state: ticket.state,
            checked_in: ticket.checked_in,
            may: admit.into_iter().chain(behind.refuse.then_some("refuse")).collect(),
            from,
        }
    }

    /// Lets in the visitor with a code.
    pub(super) async fn let_in(
        &self,
        here: &Here,
        code: &str,
        receipt: Option<ReceiptKey>,
    ) -> Result<TicketAnswer, Problem> {
        let reservation = self.by_code(here, code).await?.reservation;
        let mut act = self.act(here, "reception.admit");
        act.on(On::from(reservation));
        let told = self.ask(&here.hall, HallCommand::Admit { reservation }, receipt, &here.cause).await;
        let told =
            told.map_err(|failure| here.problem(failure)).and_then(|told| self.ticket_answer(here, told));
        act.ended(outcome(&told));
        told
    }

    /// Turns away the visitor with a code.
    pub(super) async fn turn_away(
        &self,
        here: &Here,
        asked: &Refusal,
        receipt: Option<ReceiptKey>,
    ) -> Result<FoundReservation, Problem> {
        let reason = REASONS.iter().find(|(word, _)| *word == asked.reason).map(|(_, reason)| *reason);
        let reason = reason.ok_or_else(|| Problem::invalid("reason", "reception-reason-unknown"))?;
        let reservation = self.by_code(here, &asked.code).await?.reservation;
        let command = HallCommand::Refuse { reservation, reason };
        let mut act = self.act(here, "reception.refuse");
        act.on(On::from(reservation));
        let told = self.ask(&here.hall, command, receipt, &here.cause).await;
        let told = told.map_err(|failure| here.problem(failure));
        act.ended(outcome(&told));
        told?;
        let now = self.by_code(here, &asked.code).await?;
        Ok(self.shown(here, now).await)
    }

    pub(super) fn act(&self, here: &Here, act: &'static str) -> BegunAct {
        self.service.act(&here.hall.office, here.who(), act, On::nothing())
    }

    async fn by_code(&self, here: &Here, code: &str) -> Result<Behind, Problem> {
        let code = self.code_behind(here, code).await?;
        self.guesses.wait(&here.cause).await.map_err(of_limit)?;
        let (wanted, now) = (code.clone(), self.service.now());
        let look = move |hall: &Hall| {
            let ticket = hall.0.find_by_code(&wanted)?;
            Some(Behind {
                reservation: ticket.reservation()?,
                ticket: TicketView::from(ticket),
                admit: hall.0.may_admit(ticket, now),
                refuse: hall.0.may_refuse(ticket),
            })
        };
        let found = self.halls.read(&here.hall.office, &here.hall.to_string(), look).await;
        match found? {
            Some(found) => {
                self.guesses.right(&here.cause);
                Ok(found)
            }
            None => Err(self.wrong_code(here, &code).await),
        }
    }
}
