//! Staff and devices as JSON: signing in, and what admins do. Secrets are in the answer that creates them and nowhere
//! else.

use crate::domain::Post;
use crate::roll::StaffRoll;
use crate::{Opened, StaffForm, StaffTry, StaffView, TokenView};
use axum::extract::State;
use http::StatusCode;
use okienko_kernel::{Moment, Role, Zone};
use okienko_web::problem::ProblemDocument;
use okienko_web::{ClientAddr, Json, Path, Problem, Query, Staff};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, OpenApi, ToSchema};

/// People and devices in one answer by default.
const PAGE: usize = 100;
const PAGE_AT_MOST: usize = 500;

/// Login and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionBody {
    office: String,
    login: String,
    password: String,
    /// The counter of today; the usual one without it.
    #[serde(default)]
    counter: String,
}

/// Signed in.
#[derive(Serialize, ToSchema)]
pub struct SessionAnswer {
    /// For `Authorization: Bearer`.
    token: String,
    /// RFC 3339, UTC.
    expires_at: String,
    roles: Vec<String>,
}

/// A person or device.
#[derive(Serialize, ToSchema)]
pub struct StaffAnswer {
    id: String,
    name: String,
    /// Empty for a device.
    login: String,
    /// Whether it is no person or device but a key from `okienko token`, listed from its first use on; its id revokes it.
    by_hand: bool,
    roles: Vec<String>,
    location: Option<String>,
    counter: Option<String>,
    disabled: bool,
    last_sign_in: Option<String>,
    tokens: Vec<TokenAnswer>,
}

/// A token that is accepted, by its id.
#[derive(Serialize, ToSchema)]
pub struct TokenAnswer {
    id: String,
    issued_at: String,
    expires_at: String,
}

/// Staff and devices.
#[derive(Serialize, ToSchema)]
pub struct StaffAnswers {
    staff: Vec<StaffAnswer>,
}

/// A new person or device.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffBody {
    /// Not for a device.
    #[serde(default)]
    login: String,
    name: String,
    roles: Vec<String>,
    location: Option<String>,
    counter: Option<String>,
}

/// Duties and place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostBody {
    roles: Vec<String>,
    location: Option<String>,
    counter: Option<String>,
}

/// What is shown once.
#[derive(Serialize, ToSchema)]
pub struct OpenedAnswer {
    id: String,
    /// A person's first password.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
    /// A device's token.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

/// Which token.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeBody {
    /// Its id; all without it.
    token: Option<String>,
}

/// How many were taken back.
#[derive(Serialize, ToSchema)]
pub struct RevokeAnswer {
    revoked: usize,
}

/// Which part of a list.
#[derive(Deserialize, IntoParams)]
pub struct Part {
    /// How many, 1 to 500; 100 without it.
    limit: Option<usize>,
    /// The id of the last one of the part before.
    after: Option<String>,
}

/// Staff times are in real time, as UTC.
pub(crate) fn utc(at: Moment) -> String {
    Zone::utc().rfc3339(at)
}

/// A post from duty words and a place; unknown duties are refused.
pub(crate) fn post(
    roles: &[String],
    location: Option<String>,
    counter: Option<String>,
) -> Result<Post, Problem> {
    let duties = roles.iter().map(|word| word.parse::<Role>().ok()).collect::<Option<_>>();
    let duties = duties.ok_or_else(|| Problem::invalid("roles", "staff-roles-wrong"))?;
    let filled =
        |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    Ok(Post { duties, location: filled(location), counter: filled(counter) })
}

fn answer(view: StaffView) -> StaffAnswer {
    let member = view.member;
    let token = |(id, live): (String, crate::domain::Live)| TokenAnswer {
        id,
        issued_at: utc(live.at),
        expires_at: utc(live.expires),
    };
    StaffAnswer {
        id: view.id,
        name: view.name,
        login: view.login,
        by_hand: view.by_hand,
        roles: member.post.duties.iter().map(|duty| duty.word().to_owned()).collect(),
        location: member.post.location,
        counter: member.post.counter,
        disabled: member.disabled,
        last_sign_in: member.last_sign_in.map(utc),
        tokens: member.tokens.into_iter().map(token).collect(),
    }
}

/// Signs a member of staff in.
#[utoipa::path(post, path = "/api/v1/staff/sessions", tag = "staff", request_body = SessionBody,
    responses((status = 200, body = SessionAnswer), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn sign_in(
    State(roll): State<Arc<StaffRoll>>,
    client: ClientAddr,
    Json(body): Json<SessionBody>,
) -> Result<Json<SessionAnswer>, Problem> {
    let SessionBody { office, login, password, counter } = &body;
    let signed = roll.sign_in(StaffTry { office, login, password, counter, client }).await?;
    let roles = signed.roles.iter().map(|role| role.word().to_owned()).collect();
    Ok(Json(SessionAnswer { token: signed.token, expires_at: utc(signed.expires), roles }))
}

/// Staff and devices of an office.
#[utoipa::path(get, path = "/api/v1/offices/{office}/staff", tag = "staff", params(("office" = String, Path), Part),
    responses((status = 200, body = StaffAnswers), (status = 403, body = ProblemDocument)))]
pub async fn list(
    State(roll): State<Arc<StaffRoll>>,
    Staff(by): Staff,
    Path(office): Path<String>,
    Query(part): Query<Part>,
) -> Result<Json<StaffAnswers>, Problem> {
    let limit = part.limit.unwrap_or(PAGE);
    if !(1..=PAGE_AT_MOST).contains(&limit) {
        return Err(Problem::invalid("limit", "field-wrong"));
    }
    let mut all = roll.list(&by, &office).await?;
    all.sort_by(|a, b| a.id.cmp(&b.id));
    let rest = all.into_iter().filter(|view| part.after.as_ref().is_none_or(|after| view.id > *after));
    Ok(Json(StaffAnswers { staff: rest.take(limit).map(answer).collect() }))
}

/// A new person or device.
#[utoipa::path(post, path = "/api/v1/offices/{office}/staff", tag = "staff", params(("office" = String, Path)),
    request_body = StaffBody, responses((status = 201, body = OpenedAnswer), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn enrol(
    State(roll): State<Arc<StaffRoll>>,
    Staff(by): Staff,
    Path(office): Path<String>,
    Json(body): Json<StaffBody>,
) -> Result<(StatusCode, Json<OpenedAnswer>), Problem> {
    let post = post(&body.roles, body.location, body.counter)?;
    let form = StaffForm { login: body.login, name: body.name, post };
    let Opened { id, password, token } = roll.enrol(&by, &office, form).await?;
    let token = token.map(|token| token.token);
    Ok((StatusCode::CREATED, Json(OpenedAnswer { id, password, token })))
}

/// Other duties or another place.
#[utoipa::path(put, path = "/api/v1/offices/{office}/staff/{id}", tag = "staff",
    params(("office" = String, Path), ("id" = String, Path)), request_body = PostBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn change(
    State(roll): State<Arc<StaffRoll>>,
    Staff(by): Staff,
    Path((office, id)): Path<(String, String)>,
    Json(body): Json<PostBody>,
) -> Result<StatusCode, Problem> {
    let post = post(&body.roles, body.location, body.counter)?;
    roll.move_to(&by, &office, &id, post).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes tokens back: one, or all of a person or device.
#[utoipa::path(post, path = "/api/v1/offices/{office}/staff/{id}/revoke", tag = "staff",
    params(("office" = String, Path), ("id" = String, Path)), request_body = RevokeBody,
    responses((status = 200, body = RevokeAnswer), (status = 403, body = ProblemDocument)))]
pub async fn revoke(
    State(roll): State<Arc<StaffRoll>>,
    Staff(by): Staff,
    Path((office, id)): Path<(String, String)>,
    Json(body): Json<RevokeBody>,
) -> Result<Json<RevokeAnswer>, Problem> {
    Ok(Json(RevokeAnswer { revoked: roll.revoke(&by, &office, &id, body.token).await? }))
}

/// Nobody may sign in as them.
#[utoipa::path(post, path = "/api/v1/offices/{office}/staff/{id}/disable", tag = "staff",
    params(("office" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument)))]
pub async fn disable(
    State(roll): State<Arc<StaffRoll>>,
    Staff(by): Staff,
    Path((office, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    roll.disable(&by, &office, &id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// They may sign in again.
#[utoipa::path(post, path = "/api/v1/offices/{office}/staff/{id}/enable", tag = "staff",
    params(("office" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument)))]
pub async fn enable(
    State(roll): State<Arc<StaffRoll>>,
    Staff(by): Staff,
    Path((office, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    roll.disable(&by, &office, &id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A new password for a person, or a new token for a device.
#[utoipa::path(post, path = "/api/v1/offices/{office}/staff/{id}/secret", tag = "staff",
    params(("office" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = OpenedAnswer), (status = 403, body = ProblemDocument)))]
pub async fn secret(
    State(roll): State<Arc<StaffRoll>>,
    Staff(by): Staff,
    Path((office, id)): Path<(String, String)>,
) -> Result<Json<OpenedAnswer>, Problem> {
    let answer = match roll.new_password(&by, &office, &id).await {
        Ok(password) => OpenedAnswer { id, password: Some(password), token: None },
        Err(problem) if problem.code() == okienko_web::Code::Conflict => {
            let TokenView { token, .. } = roll.new_token(&by, &office, &id).await?;
            OpenedAnswer { id, password: None, token: Some(token) }
        }
        Err(problem) => return Err(problem),
    };
    Ok(Json(answer))
}

#[derive(OpenApi)]
#[openapi(paths(sign_in, list, enrol, change, revoke, disable, enable, secret))]
struct Document;

/// The part of the OpenAPI document that is about staff and devices.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
