//! Reservations of an office for its staff, as JSON.

use crate::BackOffice;
use crate::{Filter, InquiryView, ListRange, OpenedReservation, Right, proof_of};
use axum::extract::State;
use okienko_actor::ReceiptKey;
use okienko_day::State as Became;
use okienko_day::{Contact, Subject};
use okienko_kernel::{Day, Id, IdKind};
use okienko_office::LoadedOffice;
use okienko_web::{Claims, IdempotencyKey, Json, Path, Problem, Staff};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Rows per page by default.
const LIMIT: usize = 50;
/// Maximum rows per page.
const MAX_LIMIT: usize = 200;

/// Which reservations, as addresses say it. Shared with the pages.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Local day, `YYYY-MM-DD`; today without it.
    #[serde(default)]
    pub date: Option<String>,
    /// Only this location.
    #[serde(default)]
    pub location: Option<String>,
    /// Only this service.
    #[serde(default)]
    pub service: Option<String>,
    /// At most so many, 1 to 200.
    #[serde(default)]
    pub limit: Option<usize>,
    /// After the reservation with this id.
    #[serde(default)]
    pub after: Option<String>,
}

impl Query {
    /// The parsed query; an empty value counts as absent.
    pub fn read(&self, today: Day) -> Result<(Filter, ListRange), Problem> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let date = match given(&self.date) {
            Some(text) => text.parse().map_err(|_| Problem::invalid("date", "field-date"))?,
            None => today,
        };
        let limit = self.limit.unwrap_or(LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(Problem::invalid("limit", "list-limit"));
        }
        let after = given(&self.after).map(|text| Id::parse(IdKind::Reservation, &text)).transpose();
        let after = after.map_err(|_| Problem::invalid("after", "list-after"))?;
        let filter =
            Filter { date, location: given(&self.location), service: given(&self.service), search: None };
        Ok((filter, ListRange { limit, after }))
    }
}

/// A reservation in the office's list.
#[derive(Serialize, ToSchema)]
pub struct Row {
    id: String,
    number: String,
    date: String,
    time: String,
    location: String,
    service: String,
    /// `confirmed`, `checked_in`, `served`, `missed`, `not_called`, `cancelled` or `removed`.
    state: &'static str,
    /// Empty where the service asks for none.
    name: String,
    /// `sms`, `email` or `account`.
    proof: &'static str,
    /// The ticket's number.
    ticket: String,
    /// Of a removed one: the code of the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    removed: Option<String>,
    /// Where questions were asked: `asked`, `answered`, `read` or `settled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    questions: Option<&'static str>,
}

pub(super) fn row(found: &OpenedReservation) -> Row {
    let it = &found.reservation.confirmed;
    Row {
        id: it.reservation.to_string(),
        number: it.number.clone(),
        date: it.place.day.to_string(),
        time: it.time.to_string(),
        location: it.place.location.clone(),
        service: it.service.clone(),
        state: found.reservation.state.word(),
        name: found.name.clone(),
        proof: proof_of(it, found.subject.as_ref()),
        ticket: it.ticket_number.clone(),
        removed: match &found.reservation.state {
            Became::Removed(reason) => Some(reason.clone()),
            _ => None,
        },
        questions: found.round.as_ref().map(|round| round.word()),
    }
}

/// A part of the list.
#[derive(Serialize, ToSchema)]
pub struct List {
    reservations: Vec<Row>,
    /// All that the filter finds.
    total: usize,
    /// Goes into `after`; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Reservations of a day, by hour.
#[utoipa::path(get, path = "/api/v1/offices/{office}/reservations", tag = "office",
    params(("office" = String, Path), Query), responses((status = 200, body = List), (status = 403), (status = 422)))]
pub async fn list(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    Path(office): Path<String>,
    okienko_web::Query(query): okienko_web::Query<Query>,
) -> Result<Json<List>, Problem> {
    let work = async {
        let known = backoffice.admit(&claims, &office, Right::Look)?;
        let (filter, wanted) = query.read(backoffice.today(&known))?;
        backoffice.listed(&claims, &known, &filter, wanted).await
    };
    let listed = backoffice.noted(&claims, ("reservations.list", ""), work).await?;
    Ok(Json(List {
        reservations: listed.rows.iter().map(row).collect(),
        total: listed.total,
        next: listed.next.map(|id| id.to_string()),
    }))
}

/// All that the office knows of a reservation.
#[derive(Serialize, ToSchema)]
pub struct Detail {
    #[serde(flatten)]
    row: Row,
    /// Answers to the form by field.
    fields: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    removal: Option<RemovalView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inquiry: Option<InquiryView>,
}

/// Who removed it.
#[derive(Serialize, ToSchema)]
pub struct RemovalView {
    /// The id of the token.
    by: String,
    /// RFC 3339.
    at: String,
    /// For the office only.
    note: String,
}

pub(super) async fn detail(
    backoffice: &BackOffice,
    known: &LoadedOffice,
    found: &OpenedReservation,
) -> Result<Detail, Problem> {
    let subject = found.subject.as_ref();
    let phone = subject.and_then(|subject| match &subject.contact {
        Some(Contact::Phone(phone)) => Some(phone.clone()),
        _ => None,
    });
    let removal = backoffice.removal_of(&found.reservation).await?.map(|removal| RemovalView {
        by: removal.by,
        at: known.office.zone.rfc3339(removal.at),
        note: removal.note,
    });
    Ok(Detail {
        row: row(found),
        fields: subject.map(|subject| subject.fields.clone()).unwrap_or_default(),
        phone,
        email: subject.and_then(Subject::mail).map(str::to_owned),
        removal,
        inquiry: backoffice.inquiry_view(known, found).await?,
    })
}

/// A reservation that the claims may see.
pub(super) async fn found(
    backoffice: &BackOffice,
    claims: &Claims,
    (office, id): (&str, &str),
    right: Right,
) -> Result<(Arc<LoadedOffice>, OpenedReservation), Problem> {
    let known = backoffice.admit(claims, office, right)?;
    let reservation = backoffice.reservation_for(claims, &known, id).await?;
    let found = backoffice.opened(&known, reservation).await?;
    Ok((known, found))
}

/// One reservation with its form, questions and removal.
#[utoipa::path(get, path = "/api/v1/offices/{office}/reservations/{id}", tag = "office",
    params(("office" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Detail), (status = 403), (status = 404)))]
pub async fn one(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    Path((office, id)): Path<(String, String)>,
) -> Result<Json<Detail>, Problem> {
    let work = async {
        let (known, found) = found(&backoffice, &claims, (&office, &id), Right::Look).await?;
        detail(&backoffice, &known, &found).await
    };
    backoffice.noted(&claims, ("reservation.read", &id), work).await.map(Json)
}

/// Why a reservation is removed.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveBody {
    /// `false_data`, `empty_form`, `bot`, `traded` or `other`; the holder is told.
    reason: String,
    /// For the office only.
    #[serde(default)]
    note: String,
}

/// Removes a reservation for good; its holder is told. A second time gives the same answer.
#[utoipa::path(post, path = "/api/v1/offices/{office}/reservations/{id}/remove", tag = "office",
    params(("office" = String, Path), ("id" = String, Path)), request_body = RemoveBody,
    responses((status = 200, body = Detail), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn remove(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    Path((office, id)): Path<(String, String)>,
    key: IdempotencyKey,
    okienko_web::Json(body): okienko_web::Json<RemoveBody>,
) -> Result<Json<Detail>, Problem> {
    let work = async {
        let (known, mut found) = found(&backoffice, &claims, (&office, &id), Right::Change).await?;
        let receipt = receipt(&format!("remove/{id}/{}", claims.id), key, &body);
        let why = (body.reason.as_str(), body.note.as_str());
        found.reservation = backoffice.remove(&claims, &known, &found.reservation, why, receipt).await?;
        detail(&backoffice, &known, &found).await
    };
    backoffice.noted(&claims, ("reservation.remove", &id), work).await.map(Json)
}

/// The receipt key of a request with an idempotency key; `route` includes the caller's token.
pub(super) fn receipt(route: &str, key: IdempotencyKey, body: &impl Serialize) -> Option<ReceiptKey> {
    let body = serde_json::to_vec(body).unwrap_or_default();
    key.shown().map(|key| ReceiptKey::new(route, &key, &body))
}
