//! Access control: the token names office, location and counter, and each request is held to them. Also maps the hall's
//! refusals to problems. Contains no act.

use crate::measured;
use crate::offices;
use crate::service::{Failure, Queue};
use okienko_actor::ReceiptKey;
use okienko_hall::{HallKey, HallRefusal, LocationRules, OfficeData, next_tickets};
use okienko_limits::RetryAfter;
use okienko_web::{Claims, Code, IdempotencyKey, Problem, Role};
use serde::Serialize;
use std::sync::Arc;

/// A hall to which the caller has access.
pub struct Here {
    /// The office of the token.
    pub office: Arc<OfficeData>,
    /// The hall of the token's location on its current day.
    pub hall: HallKey,
    /// Identifies the token in the journal and in rate limits.
    pub cause: String,
}

impl Here {
    /// The rules of the token's location.
    pub fn rules(&self) -> Option<&LocationRules> {
        offices::location(&self.office, &self.hall.location).map(|place| &place.rules)
    }
    /// The token's id, for the access log.
    pub fn who(&self) -> &str {
        self.cause.trim_start_matches("staff/")
    }
    /// The clerk's id, the same at each sign-in: a token's id begins with the person's.
    pub fn clerk(&self) -> &str {
        self.who().split('-').next().unwrap_or_default()
    }
    /// Maps a failure to a problem, with times in this office's zone.
    pub fn problem(&self, failure: Failure) -> Problem {
        match failure {
            Failure::Fault(fault) => fault.into(),
            Failure::Refused(refusal) => self.refused(&refusal),
        }
    }

    /// No more tickets today, explained by the text `said`; if tickets will be given again, with that moment and the
    /// text `said-next`.
    pub fn no_tickets(&self, said: &str) -> Problem {
        let problem = Problem::new(Code::Conflict);
        match next_tickets(&self.office, &self.hall.location, self.hall.day) {
            Some(next) => problem.from_moment(next, &self.office.zone).explained(&format!("{said}-next")),
            None => problem.explained(said),
        }
    }

    fn refused(&self, refusal: &HallRefusal) -> Problem {
        use HallRefusal::*;
        let (code, said) = match refusal {
            LimitReached => return Problem::new(Code::LimitReached),
            CounterBusy => return Problem::new(Code::CounterBusy),
            Unknown => (Code::Unknown, "queue-unknown-ticket"),
            UnknownCounter => (Code::Unknown, "queue-unknown-counter"),
            UnknownService => (Code::Unknown, "queue-unknown-service"),
            TooEarly { from } => {
                return Problem::new(Code::TooEarly).from_moment(*from, &self.office.zone);
            }
            TooLate => return Problem::new(Code::TooLate),
            NotWaiting => (Code::TooLate, "queue-not-waiting"),
            WrongService { right } => {
                let name = offices::service_name(&self.office, right);
                return Problem::new(Code::WrongService)
                    .with("service", right.as_str())
                    .with("service_name", name);
            }
            Cancelled => (Code::Cancelled, "queue-cancelled"),
            Closed => (Code::Conflict, "queue-closed"),
            NoVisitor => (Code::Conflict, "queue-no-visitor"),
            NotCompared => (Code::Conflict, "verify-first"),
            NothingToUndo => (Code::Conflict, "queue-nothing-to-undo"),
            UndoTooLate => (Code::TooLate, "queue-undo-late"),
            VisitAhead { .. } => (Code::Conflict, "queue-visit-ahead"),
            WrongPlan => (Code::Conflict, "queue-closed-today"),
        };
        Problem::new(code).explained(said)
    }
}

/// Too often.
pub fn of_limit(RetryAfter(wait): RetryAfter) -> Problem {
    let seconds = u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX);
    Problem::new(Code::RateLimited).retry_after(seconds.max(1))
}

impl Queue {
    /// The hall of a token that has one of these roles.
    pub(crate) fn here(&self, claims: &Claims, roles: &[Role]) -> Result<Here, Problem> {
        claims.require(roles)?;
        let location = claims.location()?;
        let office = self.offices.get(&claims.office);
        // A valid token belongs to an existing office: its data has not arrived yet.
        let office = office.ok_or_else(|| Problem::unavailable(1).explained("queue-unknown-office"))?;
        claims.at_location(&office.id, location)?;
        if offices::location(&office, location).is_none() {
            return Err(Problem::new(Code::Forbidden).hint("the office has no such location"));
        }
        if claims.roles.contains(&Role::Kiosk) {
            measured::kiosk_asked(&office.id, location, self.service.world.wall.now());
        }
        let hall = self.today(&office, location);
        Ok(Here { office, hall, cause: format!("staff/{}", claims.id) })
    }

    /// Like [`Queue::here`], if the hall is open today; opens it when it is due.
    pub(crate) async fn open_here(&self, claims: &Claims, roles: &[Role]) -> Result<Here, Problem> {
        let here = self.here(claims, roles)?;
        let open = self.ensure_open(&here.office, &here.hall.location).await?;
        match open {
            Some(hall) => Ok(Here { hall, ..here }),
            None => Err(here.no_tickets("queue-closed-today")),
        }
    }
}

/// The receipt of a request with an idempotency key: bound to the route, the token and the body.
pub fn receipt<T: Serialize>(route: &str, here: &Here, key: &IdempotencyKey, body: &T) -> Option<ReceiptKey> {
    let key = key.clone().shown()?;
    let body = serde_json::to_vec(body).unwrap_or_default();
    Some(ReceiptKey::new(&format!("{route} {}", here.cause), &key, &body))
}
