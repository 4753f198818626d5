//! The office's days and pools for its staff, as JSON.

use crate::calendar::{MOST_DAYS, PoolDay};
use crate::{BackOffice, Right};
use axum::extract::State;
use okienko_kernel::Day;
use okienko_office::calendar::Interval;
use okienko_web::{Json, Path, Problem, Staff};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Which days.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The first day, `YYYY-MM-DD`; today without it.
    #[serde(default)]
    pub from: Option<String>,
    /// The last day, inclusive; a week from the first without it. At most 62 days in all.
    #[serde(default)]
    pub until: Option<String>,
}

impl Range {
    fn read(&self, today: Day) -> Result<(Day, Day), Problem> {
        let day = |field: &'static str, text: &Option<String>| {
            let given = text.as_deref().filter(|text| !text.is_empty());
            given
                .map(|text| text.parse::<Day>().map_err(|_| Problem::invalid(field, "field-date")))
                .transpose()
        };
        let from = day("from", &self.from)?.unwrap_or(today);
        let until = day("until", &self.until)?.unwrap_or_else(|| from.plus_days(6));
        match until.days_since(from) {
            days if days < 0 => Err(Problem::invalid("until", "range-backwards")),
            days if days >= MOST_DAYS => Err(Problem::invalid("until", "range-long")),
            _ => Ok((from, until)),
        }
    }
}

/// The calendar of some days.
#[derive(Serialize, ToSchema)]
pub struct Calendar {
    /// The version of the office's data that it shows: rises by one with each change.
    version: u64,
    days: Vec<CalendarDay>,
}

/// A day.
#[derive(Serialize, ToSchema)]
pub struct CalendarDay {
    /// `YYYY-MM-DD`.
    date: String,
    /// In the office's order.
    pools: Vec<CalendarPool>,
}

/// A pool on that day.
#[derive(Serialize, ToSchema)]
pub struct CalendarPool {
    pool: String,
    /// From and to, `HH:MM`; empty when closed.
    open: Vec<[String; 2]>,
    /// The most people who serve at once.
    capacity: u32,
    /// Reservations that have their place; one that was made a moment ago may be missing.
    booked: u32,
    /// How many more people can be given a visit, places reserved for staff included.
    free: u32,
}

fn pool(it: PoolDay) -> CalendarPool {
    let PoolDay { pool, open, capacity, booked, free } = it;
    let said = |Interval { open, close }: &Interval| [open.to_string(), close.to_string()];
    CalendarPool { pool, open: open.iter().map(said).collect(), capacity, booked, free }
}

/// When each pool is open, how many people serve, what is booked and free.
#[utoipa::path(get, path = "/api/v1/offices/{office}/calendar", tag = "office",
    params(("office" = String, Path), Range), responses((status = 200, body = Calendar), (status = 403), (status = 422)))]
pub async fn look(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    Path(office): Path<String>,
    okienko_web::Query(range): okienko_web::Query<Range>,
) -> Result<Json<Calendar>, Problem> {
    let known = backoffice.admit(&claims, &office, Right::Look)?;
    let range = range.read(backoffice.today(&known))?;
    let days = backoffice.calendar(&claims, &known, range).await?;
    let day = |(date, pools): (Day, Vec<PoolDay>)| CalendarDay {
        date: date.to_string(),
        pools: pools.into_iter().map(pool).collect(),
    };
    Ok(Json(Calendar { version: known.version(), days: days.into_iter().map(day).collect() }))
}
