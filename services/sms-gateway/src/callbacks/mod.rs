//! Delivery reports from providers: `/callbacks/sms/{provider}/{office}`. The caller must prove to be the provider
//! before anything else is examined. A report is acknowledged once it is written; reports may come twice, late and in
//! any order, and never change a final status. Knows no text and no address.

pub mod form;
pub mod smsapi;
pub mod twilio;

use crate::domain::{Command, Final, ReportOf};
use crate::measured;
use crate::service::{Failure, SmsGateway};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use http::{HeaderMap, Uri, header};
use okienko_kernel::keys::equal;
use okienko_kernel::{Id, IdKind, Keys, base32};
use okienko_web::writes::{Writing, get_that_writes, post};
use okienko_web::{ClientAddr, Code, Path, Problem, TrustedProxies};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use utoipa::OpenApi;

/// Reports being written at once; providers repeat unacknowledged ones.
const AT_ONCE: usize = 64;
/// How long a report waits for its turn.
const PATIENCE: Duration = Duration::from_secs(2);
/// Seconds after which a provider may retry.
const AGAIN_S: u32 = 5;

/// From whom reports are accepted.
#[derive(Clone, Default)]
pub struct Reporters {
    /// The public base address of this installation as given to providers: scheme and host.
    pub base_url: String,
    /// Networks from which SMSAPI reports; any network if unset. Its secret is required in any case.
    pub smsapi_networks: Option<TrustedProxies>,
    /// The token with which Twilio signs; without it no report from Twilio is accepted.
    pub twilio_token: Option<String>,
}

/// The reporters, and the permits for writing reports.
pub(crate) struct Intake {
    from: Reporters,
    turns: Semaphore,
}

impl Intake {
    pub(crate) fn new(from: Reporters) -> Intake {
        Intake { from, turns: Semaphore::new(AT_ONCE) }
    }
}

/// The address at which SMSAPI reports the messages of an office: the secret in it is all that distinguishes its
/// reports from anybody's.
pub fn smsapi_address(keys: &Keys, base_url: &str, office: &str) -> String {
    format!("{}/callbacks/sms/smsapi/{office}/{}", base_url.trim_end_matches('/'), secret(keys, office))
}

/// The address at which Twilio reports a message; its signature covers all of it.
pub fn twilio_address(base_url: &str, office: &str, message: Id) -> String {
    format!("{}/callbacks/sms/twilio/{office}?message={message}", base_url.trim_end_matches('/'))
}

fn secret(keys: &Keys, office: &str) -> String {
    base32::encode(&keys.mac("callback/smsapi", &[office.as_bytes()])[..20])
}

/// The routes.
pub(crate) fn routes() -> Router<Arc<SmsGateway>> {
    let smsapi =
        get_that_writes(Writing::Provider, smsapi_reports).merge(post(Writing::Provider, smsapi_reports));
    Router::new()
        .route("/callbacks/sms/smsapi/{office}/{secret}", smsapi)
        .route("/callbacks/sms/twilio/{office}", post(Writing::Provider, twilio_report))
}

#[derive(OpenApi)]
#[openapi(paths(smsapi_reports, twilio_report))]
struct Document;

/// This service's part of the OpenAPI document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// Delivery reports of SMSAPI, several in one request.
#[utoipa::path(get, path = "/callbacks/sms/smsapi/{office}/{secret}", tag = "sms-gateway",
    params(("office" = String, Path), ("secret" = String, Path)), request_body = (),
    responses((status = 200, content_type = "text/plain", body = String), (status = 404), (status = 422), (status = 503)))]
async fn smsapi_reports(
    State(gateway): State<Arc<SmsGateway>>,
    Path((office, told)): Path<(String, String)>,
    client: ClientAddr,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<&'static str, Problem> {
    let right = secret(&gateway.service.world.keys, &office);
    if !equal(right.as_bytes(), told.as_bytes()) {
        return Err(Code::Unknown.into());
    }
    if gateway.intake.from.smsapi_networks.as_ref().is_some_and(|networks| !networks.trusts(client.0)) {
        tracing::warn!(
            office,
            "reports with the right secret came from a network that is not in sms.callback_networks"
        );
        return Err(Code::Unknown.into());
    }
    let text = if body.is_empty() { query.unwrap_or_default().into_bytes().into() } else { body };
    let fields = std::str::from_utf8(&text).ok().and_then(form::fields);
    let reports = fields.as_deref().and_then(smsapi::read).ok_or(Code::Invalid)?;
    gateway.take_reports(&office, &reports).await?;
    Ok("OK")
}

/// A status of Twilio's, signed.
#[utoipa::path(post, path = "/callbacks/sms/twilio/{office}", tag = "sms-gateway",
    params(("office" = String, Path), ("message" = String, Query)),
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200), (status = 404), (status = 422), (status = 503)))]
async fn twilio_report(
    State(gateway): State<Arc<SmsGateway>>,
    Path(office): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(), Problem> {
    let from = &gateway.intake.from;
    let signature = headers.get(twilio::SIGNATURE).and_then(|value| value.to_str().ok());
    let (Some(token), Some(signature)) = (&from.twilio_token, signature) else {
        return Err(Code::Unknown.into());
    };
    let path = uri.path_and_query().map_or_else(|| uri.path(), |path| path.as_str());
    let url = format!("{}{path}", from.base_url.trim_end_matches('/'));
    let is_form = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let fields = std::str::from_utf8(&body).ok().filter(|_| is_form).and_then(form::fields);
    let signed = match &fields {
        Some(fields) => twilio::is_signed(token, &url, fields, signature),
        None => !is_form && twilio::is_signed_body(token, &url, &body, signature),
    };
    if !signed {
        return Err(Code::Unknown.into());
    }
    let Some(end) = twilio::read(&fields.unwrap_or_default()) else { return Ok(()) };
    let query = form::fields(uri.query().unwrap_or_default()).unwrap_or_default();
    let message = form::field(&query, "message").and_then(|text| Id::parse(IdKind::Message, text).ok());
    gateway.take_reports(&office, &[(message.ok_or(Code::Invalid)?, end)]).await
}

impl SmsGateway {
    /// Writes reports. A report on an unknown message is skipped: it belongs to data that no longer exists, and would
    /// be repeated forever.
    async fn take_reports(&self, office: &str, reports: &[(Id, Final)]) -> Result<(), Problem> {
        let turn = tokio::time::timeout(PATIENCE, self.intake.turns.acquire()).await;
        let _turn = turn.map_err(|_| Problem::unavailable(AGAIN_S))?;
        for (message, status) in reports {
            let command = Command::Report { of: ReportOf::Message(*message), status: *status };
            match self.ask(office, message.way().day, command, Vec::new()).await {
                Ok(_) => measured::reported(*status),
                Err(Failure::Refused(refusal)) => tracing::info!(office, %refusal, "a report is passed over"),
                Err(failure) => {
                    tracing::warn!(office, error = %failure, "a report is not taken now");
                    return Err(Problem::unavailable(AGAIN_S));
                }
            }
        }
        Ok(())
    }
}
