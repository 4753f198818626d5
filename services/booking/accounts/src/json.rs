//! Citizens' accounts as JSON. A session is sent as `Authorization: Bearer …`; no cookie is read here.

use crate::{Accounts, NewAccount};
use axum::extract::State;
use http::StatusCode;
use okienko_kernel::Zone;
use okienko_web::staff::Bearer;
use okienko_web::{ClientAddr, Disclosure, IdempotencyKey, Json, Locale, Path, Problem};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::{OpenApi, ToSchema};

type Shared = State<Arc<Accounts>>;

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountBody {
    /// Mail address.
    email: String,
    /// 10 to 128 characters, not the address. Without it, or where another registration waits at the address, the one
    /// that is given with the link counts.
    #[serde(default)]
    password: Option<String>,
    /// Consents by id, with the version agreed to.
    #[serde(default)]
    consents: BTreeMap<String, String>,
}

/// Asks for an account. The answer is the same for every address; the rest is in the mail.
#[utoipa::path(post, path = "/api/v1/offices/{office}/accounts", tag = "accounts", params(("office" = String, Path)),
    request_body = AccountBody, responses((status = 202), (status = 404), (status = 422), (status = 429), (status = 503)))]
pub async fn register(
    State(accounts): Shared,
    Path(office): Path<String>,
    client: ClientAddr,
    locale: Locale,
    key: IdempotencyKey,
    Json(body): Json<AccountBody>,
) -> Result<StatusCode, Problem> {
    let known = accounts.office(&office)?;
    let AccountBody { email, password, consents } = body;
    let new = NewAccount {
        email: &email,
        password: password.as_deref(),
        consents,
        locale: locale.tag(),
        client,
        request_key: key.of_stranger(|| accounts.gate.network_id(client), Disclosure::Nothing),
    };
    accounts.register(&known, new).await?;
    Ok(StatusCode::ACCEPTED)
}

/// The token of a mail, and what shows that its link was meant.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenBody {
    /// The last part of the link.
    token: String,
    /// Activation: the password that the account has from now on, 10 to 128 characters. Another address: the password of
    /// the account.
    #[serde(default)]
    password: Option<String>,
}

/// Makes an account alive. A second time changes nothing. Without a password the one of the registration counts, if it is
/// the only one at that address; where others wait, `invalid` names `password`.
#[utoipa::path(post, path = "/api/v1/offices/{office}/accounts/activate", tag = "accounts",
    params(("office" = String, Path)), request_body = TokenBody,
    responses((status = 204), (status = 404), (status = 409), (status = 410), (status = 422), (status = 429),
    (status = 503)))]
pub async fn activate(
    State(accounts): Shared,
    Path(office): Path<String>,
    client: ClientAddr,
    Json(body): Json<TokenBody>,
) -> Result<StatusCode, Problem> {
    let known = accounts.office(&office)?;
    accounts.activate(&known, &body.token, body.password.as_deref(), client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionBody {
    /// Mail address.
    email: String,
    /// Password.
    password: String,
}

/// A session.
#[derive(Serialize, ToSchema)]
pub struct SessionAnswer {
    /// Goes into `Authorization: Bearer …`.
    session: String,
    /// RFC 3339, real time.
    expires_at: String,
}

/// Signs in. A wrong address and a wrong password are the same `forbidden`.
#[utoipa::path(post, path = "/api/v1/offices/{office}/sessions", tag = "accounts", params(("office" = String, Path)),
    request_body = SessionBody, responses((status = 200, body = SessionAnswer), (status = 403), (status = 404),
    (status = 422), (status = 429), (status = 503)))]
pub async fn sign_in(
    State(accounts): Shared,
    Path(office): Path<String>,
    client: ClientAddr,
    Json(body): Json<SessionBody>,
) -> Result<Json<SessionAnswer>, Problem> {
    let known = accounts.office(&office)?;
    let entered = accounts.sign_in(&known, (&body.email, &body.password), client).await?;
    let zone: &Zone = &known.office.zone;
    let expires_at = zone.rfc3339(entered.expires_at);
    Ok(Json(SessionAnswer { session: entered.session, expires_at }))
}

/// Signs out everywhere: all sessions of the account end.
#[utoipa::path(delete, path = "/api/v1/offices/{office}/sessions", tag = "accounts",
    params(("office" = String, Path)), responses((status = 204), (status = 401)))]
pub async fn sign_out(
    State(accounts): Shared,
    Path(office): Path<String>,
    bearer: Bearer,
) -> Result<StatusCode, Problem> {
    let known = accounts.office(&office)?;
    let account = accounts.must_be_signed_in(&known, bearer.token()).await?;
    accounts.sign_out(&known, account).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whose password is forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetBody {
    /// Mail address.
    email: String,
}

/// Sends a link to set a new password. The answer is the same for every address.
#[utoipa::path(post, path = "/api/v1/offices/{office}/accounts/reset", tag = "accounts",
    params(("office" = String, Path)), request_body = ResetBody,
    responses((status = 202), (status = 404), (status = 422), (status = 429)))]
pub async fn reset(
    State(accounts): Shared,
    Path(office): Path<String>,
    client: ClientAddr,
    locale: Locale,
    Json(body): Json<ResetBody>,
) -> Result<StatusCode, Problem> {
    let known = accounts.office(&office)?;
    accounts.forgot(&known, (&body.email, locale.tag()), client).await?;
    Ok(StatusCode::ACCEPTED)
}

/// A new password, by the link of a mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordBody {
    /// The last part of the link.
    token: String,
    /// 10 to 128 characters, not the address.
    password: String,
}

/// Sets a new password once; all sessions end.
#[utoipa::path(post, path = "/api/v1/offices/{office}/accounts/password", tag = "accounts",
    params(("office" = String, Path)), request_body = PasswordBody,
    responses((status = 204), (status = 404), (status = 410), (status = 422), (status = 429), (status = 503)))]
pub async fn password(
    State(accounts): Shared,
    Path(office): Path<String>,
    client: ClientAddr,
    Json(body): Json<PasswordBody>,
) -> Result<StatusCode, Problem> {
    let known = accounts.office(&office)?;
    accounts.set_password(&known, &body.token, &body.password, client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks for another address: a link goes to the new one.
#[utoipa::path(post, path = "/api/v1/offices/{office}/accounts/address", tag = "accounts",
    params(("office" = String, Path)), request_body = SessionBody,
    responses((status = 202), (status = 401), (status = 422), (status = 429), (status = 503)))]
pub async fn address(
    State(accounts): Shared,
    Path(office): Path<String>,
    client: ClientAddr,
    locale: Locale,
    bearer: Bearer,
    Json(body): Json<SessionBody>,
) -> Result<StatusCode, Problem> {
    let known = accounts.office(&office)?;
    let account = accounts.must_be_signed_in(&known, bearer.token()).await?;
    let asked = (body.email.as_str(), body.password.as_str(), locale.tag());
    accounts.ask_address(&known, account, asked, client).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Takes the new address; the old one is told.
#[utoipa::path(post, path = "/api/v1/offices/{office}/accounts/address/confirm", tag = "accounts",
    params(("office" = String, Path)), request_body = TokenBody,
    responses((status = 204), (status = 404), (status = 409), (status = 410), (status = 422), (status = 429)))]
pub async fn confirm_address(
    State(accounts): Shared,
    Path(office): Path<String>,
    client: ClientAddr,
    Json(body): Json<TokenBody>,
) -> Result<StatusCode, Problem> {
    let known = accounts.office(&office)?;
    accounts.confirm_address(&known, &body.token, body.password.as_deref(), client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The password once more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteBody {
    password: String,
}

/// Deletes the account with all that is kept of its owner. Visits that were booked stay.
#[utoipa::path(delete, path = "/api/v1/offices/{office}/accounts", tag = "accounts",
    params(("office" = String, Path)), request_body = DeleteBody,
    responses((status = 204), (status = 401), (status = 422), (status = 429)))]
pub async fn delete(
    State(accounts): Shared,
    Path(office): Path<String>,
    client: ClientAddr,
    bearer: Bearer,
    Json(body): Json<DeleteBody>,
) -> Result<StatusCode, Problem> {
    let known = accounts.office(&office)?;
    let account = accounts.must_be_signed_in(&known, bearer.token()).await?;
    accounts.delete_account(&known, account, &body.password, client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The routes of this file.
pub fn routes() -> axum::Router<Arc<Accounts>> {
    use okienko_web::writes::{Writing, delete as on_delete, post};
    const BASE: &str = "/api/v1/offices/{office}";
    axum::Router::new()
        .route(
            &format!("{BASE}/accounts"),
            post(Writing::Door, register).merge(on_delete(Writing::Door, delete)),
        )
        .route(&format!("{BASE}/accounts/activate"), post(Writing::Door, activate))
        .route(&format!("{BASE}/accounts/reset"), post(Writing::Door, reset))
        .route(&format!("{BASE}/accounts/password"), post(Writing::Door, password))
        .route(&format!("{BASE}/accounts/address"), post(Writing::Door, address))
        .route(&format!("{BASE}/accounts/address/confirm"), post(Writing::Door, confirm_address))
        .route(
            &format!("{BASE}/sessions"),
            post(Writing::Door, sign_in).merge(on_delete(Writing::Door, sign_out)),
        )
}

#[derive(OpenApi)]
#[openapi(paths(register, activate, sign_in, sign_out, reset, password, address, confirm_address, delete))]
struct Document;

/// Their part of the OpenAPI document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
