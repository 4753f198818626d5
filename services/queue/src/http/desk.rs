//! What clerks do at their counters. Knows no page.

use super::answer::DeskAnswer;
use super::door::{Here, receipt};
use super::reception::outcome;
use super::verify::compared;
use crate::hall::Hall;
use crate::service::{Failure, Queue};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use okienko_actor::ReceiptKey;
use okienko_hall::{DeskAct, HallCommand, HallRefusal, HallReply};
use okienko_kernel::{Id, IdKind};
use okienko_web::problem::ProblemDocument;
use okienko_web::{Claims, Code, IdempotencyKey, Json, Path, Problem, Role, Staff};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use utoipa::ToSchema;

/// The roles that may work at a counter.
pub const DESK: &[Role] = &[Role::Clerk, Role::Supervisor];
/// Longest outcome: a word, not a text.
const OUTCOME_AT_MOST: usize = 64;

/// What a clerk may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    Open,
    Close,
    Pause,
    CallNext,
    Call,
    Recall,
    NoShow,
    Start,
    Finish,
    Transfer,
    Park,
    Undo,
    Verify,
}

/// What goes with an act; each takes only its own.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActBody {
    /// `call-next`: of these services alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub services: Option<BTreeSet<String>>,
    /// `call`: a ticket's number, or its token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// `finish`: what came of the visit, one word of the office's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// `transfer`: to this service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// `transfer`: to this counter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counter: Option<String>,
    /// `verify`: the visitor's code; spaces and dashes do not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// The counter as it is now.
#[utoipa::path(get, path = "/api/v1/desk", tag = "desk",
    responses((status = 200, body = DeskAnswer), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 503, body = ProblemDocument)))]
pub async fn look(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
) -> Result<Json<DeskAnswer>, Problem> {
    let here = queue.open_here(&claims, DESK).await?;
    Ok(Json(queue.counter(&here, claims.counter()?).await?))
}

/// Does something at the counter; answers with its state after it. A `recall` within two seconds of the one before is that
/// one: so long a call sounds.
#[utoipa::path(post, path = "/api/v1/desk/{act}", tag = "desk", request_body = ActBody,
    params(("act" = Act, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = DeskAnswer), (status = 204, description = "call-next: there is nobody to call"),
        (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument),
        (status = 503, body = ProblemDocument)))]
pub async fn act(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    Path(act): Path<Act>,
    key: IdempotencyKey,
    Json(body): Json<ActBody>,
) -> Result<Response, Problem> {
    Ok(match queue.perform(&claims, act, &body, &key).await? {
        Some(desk) => Json(desk).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

impl ActBody {
    /// The first given field that the act does not take.
    fn stranger(&self, act: Act) -> Option<&'static str> {
        let given = [
            ("services", self.services.is_some(), act == Act::CallNext),
            ("ticket", self.ticket.is_some(), act == Act::Call),
            ("outcome", self.outcome.is_some(), act == Act::Finish),
            ("service", self.service.is_some(), act == Act::Transfer),
            ("counter", self.counter.is_some(), act == Act::Transfer),
            ("code", self.code.is_some(), act == Act::Verify),
        ];
        given.into_iter().find(|(_, given, taken)| *given && !taken).map(|(name, ..)| name)
    }
}

impl Queue {
    /// A counter's state, once everything requested before is durable.
    pub(super) async fn counter(&self, here: &Here, counter: &str) -> Result<DeskAnswer, Problem> {
        let wanted = counter.to_owned();
        let look = move |hall: &Hall| hall.0.counter(&wanted);
        let view = self.halls.read(&here.hall.office, &here.hall.to_string(), look).await;
        let view = view?;
        let view = view.ok_or_else(|| here.problem(HallRefusal::UnknownCounter.into()))?;
        Ok(self.desk_answer(here, &view, self.service.now()).await)
    }

    /// Carries out an act at the counter of a token; `None` if there was nobody to call.
    pub(super) async fn perform(
        &self,
        claims: &Claims,
        act: Act,
        body: &ActBody,
        key: &IdempotencyKey,
    ) -> Result<Option<DeskAnswer>, Problem> {
        let here = self.open_here(claims, DESK).await?;
        let counter = claims.counter()?.to_owned();
        let receipt = receipt(&format!("desk/{act:?}"), &here, key, body);
        let order = self.read_act(&here, act, body).await?;
        // A comparison accesses personal data, so it goes to the access log; the journal has all other acts.
        let noted = (act == Act::Verify).then(|| self.act(&here, "desk.verify"));
        let told = self.tell(&here, counter, order, receipt).await;
        match noted {
            Some(noted) => {
                noted.ended(outcome(&told));
                compared(told)
            }
            None => told,
        }
    }

    async fn tell(
        &self,
        here: &Here,
        counter: String,
        act: DeskAct,
        receipt: Option<ReceiptKey>,
    ) -> Result<Option<DeskAnswer>, Problem> {
        let told = self.ask(&here.hall, HallCommand::Desk { counter, act }, receipt, &here.cause).await;
        let told = told.map_err(|failure: Failure| here.problem(failure))?;
        match told.reply {
            HallReply::Counter(view) => Ok(Some(self.desk_answer(here, &view, told.at).await)),
            HallReply::Nobody => Ok(None),
            _ => Err(Problem::new(Code::Internal)),
        }
    }

    async fn read_act(&self, here: &Here, act: Act, body: &ActBody) -> Result<DeskAct, Problem> {
        if let Some(field) = body.stranger(act) {
            return Err(Problem::invalid(field, "field-unknown"));
        }
        Ok(match act {
            Act::Open => DeskAct::Open,
            Act::Close => DeskAct::Close,
            Act::Pause => DeskAct::Pause,
            Act::CallNext => DeskAct::CallNext { services: body.services.clone() },
            Act::Call => {
                let named = body.ticket.as_deref();
                let named = named.ok_or_else(|| Problem::invalid("ticket", "field-missing"))?;
                DeskAct::Call { ticket: self.ticket_named(here, named).await? }
            }
            Act::Recall => DeskAct::Recall,
            Act::NoShow => DeskAct::NoShow,
            Act::Start => DeskAct::Start,
            Act::Finish => {
                if body.outcome.as_ref().is_some_and(|outcome| outcome.chars().count() > OUTCOME_AT_MOST) {
                    return Err(Problem::invalid("outcome", "queue-outcome-long"));
                }
                DeskAct::Finish { outcome: body.outcome.clone() }
            }
            Act::Transfer => {
                if body.service.is_none() && body.counter.is_none() {
                    return Err(Problem::invalid("service", "field-missing"));
                }
                DeskAct::Transfer { service: body.service.clone(), counter: body.counter.clone() }
            }
            Act::Park => DeskAct::Park,
            Act::Verify => {
                let code = body.code.as_deref();
                let code = code.ok_or_else(|| Problem::invalid("code", "field-missing"))?;
                DeskAct::Verify { code: self.code_behind(here, code).await? }
            }
            Act::Undo => DeskAct::Undo,
        })
    }

    /// The ticket of this hall with that number, token or id.
    async fn ticket_named(&self, here: &Here, named: &str) -> Result<Id, Problem> {
        let named = named.trim();
        let by_token = Id::from_token(IdKind::Ticket, named, &self.service.world.keys);
        if let Ok(id) = by_token.or_else(|_| Id::parse(IdKind::Ticket, named)) {
            return Ok(id);
        }
        let number = okienko_typed::code(named);
        let look = move |hall: &Hall| hall.0.find_by_number(&number).map(|ticket| ticket.line.ticket);
        let found = self.halls.read(&here.hall.office, &here.hall.to_string(), look).await;
        let found = found?;
        found.ok_or_else(|| here.problem(HallRefusal::Unknown.into()))
    }
}
