//! Offices, their days and hours as JSON.

use crate::citizen::{DayFree, TimeFree};
use crate::service::Booking;
use axum::extract::State;
use okienko_gate::Asker;
use okienko_kernel::Day;
use okienko_office::text::Text;
use okienko_office::{AccountRule, Office, Service};
use okienko_web::staff::Bearer;
use okienko_web::{ClientAddr, Code, Json, Locale, Path, Problem, Query};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Maximum days in one request.
const DAYS_AT_ONCE: u16 = 62;
/// Days if the request gives no number.
const DAYS: u16 = 31;

/// All offices.
#[derive(Serialize, ToSchema)]
pub struct OfficeList {
    offices: Vec<Named>,
}

/// Something with an id and a name.
#[derive(Serialize, ToSchema)]
pub struct Named {
    id: String,
    name: String,
}

/// An office with all that one chooses from.
#[derive(Serialize, ToSchema)]
pub struct OfficeAnswer {
    id: String,
    name: String,
    locations: Vec<Named>,
    categories: Vec<CategoryAnswer>,
    consents: Vec<ConsentAnswer>,
    /// `none` or `required`.
    account: &'static str,
}

/// A group of services.
#[derive(Serialize, ToSchema)]
pub struct CategoryAnswer {
    id: String,
    name: String,
    services: Vec<ServiceAnswer>,
}

/// A service.
#[derive(Serialize, ToSchema)]
pub struct ServiceAnswer {
    id: String,
    name: String,
    /// Ids of the locations where it is offered.
    locations: Vec<String>,
    /// `sms`, `email` or `account`: the first that is accepted.
    proof: &'static str,
    /// All proofs that are accepted.
    proofs: Vec<&'static str>,
    /// Usual length of a visit.
    minutes: u16,
    /// How many reservations one person may have at a time; null: any number.
    max_active: Option<u8>,
}

/// Something that people agree to.
#[derive(Serialize, ToSchema)]
pub struct ConsentAnswer {
    id: String,
    version: String,
    required: bool,
    label: String,
    url: String,
}

fn named(id: &str, name: &Text, locale: Locale) -> Named {
    Named { id: id.to_owned(), name: name.in_locale(locale.tag()).to_owned() }
}

/// All offices of the installation.
#[utoipa::path(get, path = "/api/v1/offices", tag = "booking", responses((status = 200, body = OfficeList)))]
pub async fn list(State(booking): State<Arc<Booking>>, locale: Locale) -> Json<OfficeList> {
    let offices = booking.offices.all();
    Json(OfficeList {
        offices: offices.iter().map(|o| named(&o.office.id, &o.office.name, locale)).collect(),
    })
}

/// An office: locations, categories, services, consents.
#[utoipa::path(get, path = "/api/v1/offices/{office}", tag = "booking", params(("office" = String, Path)),
    responses((status = 200, body = OfficeAnswer), (status = 404)))]
pub async fn one(
    State(booking): State<Arc<Booking>>,
    Path(office): Path<String>,
    locale: Locale,
) -> Result<Json<OfficeAnswer>, Problem> {
    let known = booking.offices.get(&office).ok_or(Code::Unknown)?;
    Ok(Json(answer(&known.office, locale)))
}

fn answer(office: &Office, locale: Locale) -> OfficeAnswer {
    let of_category = |id: &str| {
        let services = office.services.iter().filter(|service| service.category == id);
        services.map(|service| service_answer(service, locale)).collect()
    };
    OfficeAnswer {
        id: office.id.clone(),
        name: office.name.in_locale(locale.tag()).to_owned(),
        locations: office.locations.iter().map(|l| named(&l.id, &l.name, locale)).collect(),
        categories: office
            .categories
            .iter()
            .map(|category| CategoryAnswer {
                id: category.id.clone(),
                name: category.name.in_locale(locale.tag()).to_owned(),
                services: of_category(&category.id),
            })
            .collect(),
        consents: office
            .consents
            .iter()
            .map(|consent| ConsentAnswer {
                id: consent.id.clone(),
                version: consent.version.clone(),
                required: consent.required,
                label: consent.label.in_locale(locale.tag()).to_owned(),
                url: consent.url.clone(),
            })
            .collect(),
        account: match office.account {
            AccountRule::None => "none",
            AccountRule::Required => "required",
        },
    }
}

fn service_answer(service: &Service, locale: Locale) -> ServiceAnswer {
    let proofs: Vec<&'static str> = service.proof.iter().map(|proof| proof.word()).collect();
    ServiceAnswer {
        id: service.id.clone(),
        name: service.name.in_locale(locale.tag()).to_owned(),
        locations: service.locations.clone(),
        proof: proofs.first().copied().unwrap_or("sms"),
        proofs,
        minutes: service.minutes,
        max_active: service.max_active.map(|max| max.count),
    }
}

/// Which days.
#[derive(Deserialize, IntoParams)]
pub struct Which {
    /// The first day; today without it.
    #[param(value_type = Option<String>)]
    from: Option<String>,
    /// How many days, 1 to 62; 31 without it.
    count: Option<u16>,
}

/// Days and their free places.
#[derive(Serialize, ToSchema)]
pub struct DayList {
    days: Vec<DayFree>,
}

/// Which days have free hours. Asks for no account.
#[utoipa::path(get, path = "/api/v1/offices/{office}/locations/{location}/services/{service}/days",
    tag = "booking", params(("office" = String, Path), ("location" = String, Path), ("service" = String, Path), Which),
    responses((status = 200, body = DayList), (status = 404), (status = 422), (status = 429)))]
pub async fn days(
    State(booking): State<Arc<Booking>>,
    Path((office, location, service)): Path<(String, String, String)>,
    client: ClientAddr,
    bearer: Bearer,
    Query(which): Query<Which>,
) -> Result<Json<DayList>, Problem> {
    let known = booking.offered(&office, &location, &service)?;
    let account = booking.accounts.counted_as(&known.office, bearer.token());
    booking.gate.before_listing(&known.office, Asker { client, account: account.as_deref() }).await?;
    let from = match which.from {
        Some(text) => day(&text, "from")?,
        None => booking.today(&known),
    };
    let count = which.count.unwrap_or(DAYS);
    if !(1..=DAYS_AT_ONCE).contains(&count) {
        return Err(Problem::invalid("count", "count-of-days"));
    }
    let days = booking.places.days(&known, &location, &service, from, count).await?;
    Ok(Json(DayList { days }))
}

/// Hours and their free places.
#[derive(Serialize, ToSchema)]
pub struct TimeList {
    times: Vec<TimeFree>,
}

/// Which hours of a day are free.
#[utoipa::path(get, path = "/api/v1/offices/{office}/locations/{location}/services/{service}/days/{date}/times",
    tag = "booking", params(("office" = String, Path), ("location" = String, Path), ("service" = String, Path),
    ("date" = String, Path)), responses((status = 200, body = TimeList), (status = 404), (status = 422), (status = 429)))]
pub async fn times(
    State(booking): State<Arc<Booking>>,
    Path((office, location, service, date)): Path<(String, String, String, String)>,
    client: ClientAddr,
    bearer: Bearer,
) -> Result<Json<TimeList>, Problem> {
    let known = booking.offered(&office, &location, &service)?;
    let account = booking.accounts.counted_as(&known.office, bearer.token());
    booking.gate.before_listing(&known.office, Asker { client, account: account.as_deref() }).await?;
    let times = booking.places.times(&known, &location, &service, day(&date, "date")?).await?;
    Ok(Json(TimeList { times }))
}

/// Parses a local day.
pub(super) fn day(text: &str, field: &str) -> Result<Day, Problem> {
    text.parse().map_err(|_| Problem::invalid(field, "field-date"))
}
