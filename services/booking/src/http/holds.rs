//! Holds, forms, codes and confirmations as JSON.

use super::offices::day;
use crate::citizen::{CodeRequest, HoldRequest, ReservationView};
use crate::service::Booking;
use axum::extract::State;
use http::StatusCode;
use okienko_actor::ReceiptKey;
use okienko_gate::Work;
use okienko_office::form::{Answer, Field};
use okienko_web::staff::Bearer;
use okienko_web::{ClientAddr, Code, Disclosure, IdempotencyKey, Json, Locale, Path, Problem};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

/// Which place.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceBody {
    /// The location's id.
    location: String,
    /// The service's id.
    service: String,
    /// Local day, `YYYY-MM-DD`.
    date: String,
    /// Local hour, `HH:MM`.
    time: String,
    /// Of the hour, where one was given.
    #[serde(default)]
    token: Option<String>,
    /// A solved challenge, where the office asks for one.
    #[serde(default)]
    challenge: Option<String>,
}

/// A held place.
#[derive(Serialize, ToSchema)]
pub struct HoldAnswer {
    /// Its id.
    hold: String,
    /// Goes into `Authorization: Bearer …` of all that follows.
    secret: String,
    /// RFC 3339.
    expires_at: String,
    /// Seconds until then.
    remaining_s: i64,
    /// The form to fill in.
    form: Vec<FieldAnswer>,
}

/// A field of a form.
#[derive(Serialize, ToSchema)]
pub struct FieldAnswer {
    id: String,
    /// `text`, `email`, `date`, `choice`, `number`, `bool`, `pesel`, `document` or `case`.
    r#type: &'static str,
    label: String,
    required: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<OptionAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<String>,
    /// A value that passes.
    example: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    only_if: Option<OnlyIfAnswer>,
}

/// One of a choice.
#[derive(Serialize, ToSchema)]
pub struct OptionAnswer {
    id: String,
    label: String,
}

/// When a field is asked.
#[derive(Serialize, ToSchema)]
pub struct OnlyIfAnswer {
    field: String,
    equals: String,
}

fn field_answer(field: &Field, locale: Locale) -> FieldAnswer {
    FieldAnswer {
        id: field.id.clone(),
        r#type: field.kind.word(),
        label: field.label.in_locale(locale.tag()).to_owned(),
        required: field.required,
        options: field
            .options
            .iter()
            .map(|o| OptionAnswer { id: o.id.clone(), label: o.label.in_locale(locale.tag()).to_owned() })
            .collect(),
        pattern: field.pattern.clone(),
        example: field.example.clone(),
        only_if: field
            .only_if
            .as_ref()
            .map(|only| OnlyIfAnswer { field: only.field.clone(), equals: only.equals.clone() }),
    }
}

/// Holds a place for ten minutes.
#[utoipa::path(post, path = "/api/v1/offices/{office}/holds", tag = "booking", params(("office" = String, Path)),
    request_body = PlaceBody, responses((status = 201, body = HoldAnswer), (status = 403), (status = 404), (status = 409),
    (status = 422), (status = 429)))]
pub async fn place(
    State(booking): State<Arc<Booking>>,
    Path(office): Path<String>,
    client: ClientAddr,
    locale: Locale,
    bearer: Bearer,
    key: IdempotencyKey,
    Json(body): Json<PlaceBody>,
) -> Result<(StatusCode, Json<HoldAnswer>), Problem> {
    let known = booking.offered(&office, &body.location, &body.service)?;
    let account = booking.accounts.signed_in(&known, bearer.token()).await?;
    // The key includes the caller: somebody who guesses another's key does not get the secret of that hold.
    let route = format!("holds/{office}/{}", account.map(|id| id.to_string()).unwrap_or_default());
    let key = match account {
        Some(_) => key.shown(),
        None => key.of_stranger(|| booking.gate.network_id(client), Disclosure::Secret),
    };
    let receipt =
        key.map(|key| ReceiptKey::new(&route, &key, &serde_json::to_vec(&body).unwrap_or_default()));
    let request = HoldRequest {
        location: &body.location,
        service: &body.service,
        date: day(&body.date, "date")?,
        time: body.time.parse().map_err(|_| Problem::invalid("time", "field-time"))?,
        client,
        work: body.challenge.as_deref().map_or(Work::None, Work::Solved),
        account,
        receipt,
    };
    let placed = booking.place_hold(&known, request).await?;
    let service = known.office.service(&body.service).ok_or(Code::Unknown)?;
    let answer = HoldAnswer {
        hold: placed.hold.to_string(),
        secret: booking.hold_secret(placed.hold),
        expires_at: known.office.zone.rfc3339(placed.ends_at),
        remaining_s: placed.remaining_s,
        form: known.office.form_of(service).into_iter().map(|f| field_answer(f, locale)).collect(),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// The answers to a form.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormBody {
    /// Answers by field id: texts, numbers, truth values.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    fields: BTreeMap<String, Answer>,
    /// Consents by id, with the version agreed to.
    #[serde(default)]
    consents: BTreeMap<String, String>,
}

/// Saves the form of a hold.
#[utoipa::path(put, path = "/api/v1/holds/{hold}/form", tag = "booking", params(("hold" = String, Path)),
    request_body = FormBody, responses((status = 204), (status = 403), (status = 410), (status = 422), (status = 429)))]
pub async fn form(
    State(booking): State<Arc<Booking>>,
    Path(hold): Path<String>,
    client: ClientAddr,
    bearer: Bearer,
    locale: Locale,
    Json(body): Json<FormBody>,
) -> Result<StatusCode, Problem> {
    let (id, state) = booking.hold(&hold, bearer.token()).await?;
    booking.save_form(id, &state, &body.fields, body.consents, (locale.tag(), client)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// To whom a code goes: a phone or a mail address.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeBody {
    /// A mobile phone.
    #[serde(default)]
    phone: Option<String>,
    /// A mail address, where the service accepts it.
    #[serde(default)]
    email: Option<String>,
    /// `pl` or `en`; the request's language without it.
    #[serde(default)]
    locale: Option<String>,
}

/// A code is on its way.
#[derive(Serialize, ToSchema)]
pub struct CodeAnswer {
    /// When it stops being valid, RFC 3339.
    expires_at: String,
    /// When another may be asked for, RFC 3339.
    resend_after: String,
    /// `queued`.
    delivery: &'static str,
}

/// Sends a code.
#[utoipa::path(post, path = "/api/v1/holds/{hold}/code", tag = "booking", params(("hold" = String, Path)),
    request_body = CodeBody, responses((status = 202, body = CodeAnswer), (status = 403), (status = 409),
    (status = 410), (status = 422), (status = 429)))]
pub async fn code(
    State(booking): State<Arc<Booking>>,
    Path(hold): Path<String>,
    client: ClientAddr,
    bearer: Bearer,
    locale: Locale,
    key: IdempotencyKey,
    Json(body): Json<CodeBody>,
) -> Result<(StatusCode, Json<CodeAnswer>), Problem> {
    let (id, state) = booking.hold(&hold, bearer.token()).await?;
    let wished = body.locale.as_deref().and_then(Locale::parse).unwrap_or(locale);
    let request = CodeRequest {
        phone: body.phone.as_deref(),
        email: body.email.as_deref(),
        locale: wished.tag(),
        client,
        request_key: key.shown().map(|key| format!("{id}/{key}")).unwrap_or_default(),
    };
    let sent = booking.send_code(id, &state, request).await?;
    let zone = &state.known.office.zone;
    let answer = CodeAnswer {
        expires_at: zone.rfc3339(sent.expires_at),
        resend_after: zone.rfc3339(sent.resend_after),
        delivery: "queued",
    };
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

/// The code that came.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmBody {
    /// Six digits; blanks are forgiven. Left out where the account that placed the hold is the proof.
    #[serde(default)]
    code: Option<String>,
}

/// A confirmed visit.
#[derive(Serialize, ToSchema)]
pub struct Confirmed {
    reservation: ReservationView,
}

/// Makes a hold a reservation. A second time gives the same reservation.
#[utoipa::path(post, path = "/api/v1/holds/{hold}/confirm", tag = "booking", params(("hold" = String, Path)),
    request_body = ConfirmBody, responses((status = 200, body = Confirmed), (status = 403), (status = 409),
    (status = 410), (status = 422)))]
pub async fn confirm(
    State(booking): State<Arc<Booking>>,
    Path(hold): Path<String>,
    client: ClientAddr,
    bearer: Bearer,
    locale: Locale,
    key: IdempotencyKey,
    Json(body): Json<ConfirmBody>,
) -> Result<Json<Confirmed>, Problem> {
    let (id, state) = booking.hold(&hold, bearer.token()).await?;
    let reservation = match body.code {
        Some(code) => booking.confirm(id, &state, &code, key.shown().unwrap_or_default()).await?,
        None => booking.confirm_by_account(id, &state, (locale.tag(), client)).await?,
    };
    Ok(Json(Confirmed { reservation: booking.view(&reservation) }))
}

/// Gives a held place back.
#[utoipa::path(delete, path = "/api/v1/holds/{hold}", tag = "booking", params(("hold" = String, Path)),
    responses((status = 204), (status = 403), (status = 404)))]
pub async fn release(
    State(booking): State<Arc<Booking>>,
    Path(hold): Path<String>,
    bearer: Bearer,
) -> Result<StatusCode, Problem> {
    let (id, state) = booking.hold(&hold, bearer.token()).await?;
    booking.release(id, &state).await?;
    Ok(StatusCode::NO_CONTENT)
}
