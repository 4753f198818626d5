//! The access log of an office for its auditors: a day's lines, narrowed by who and what, also as CSV. Looking is itself
//! a line of it. The log has ids alone: the page names the staff of today beside them.

use super::frame::{choose, document, office_of};
use crate::domain::office::Office;
use crate::service::Booking;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use okienko_host::{AccessLine, On};
use okienko_kernel::Day;
use okienko_web::components::{Field, FieldKind, field, hidden_fields};
use okienko_web::{Claims, Markup, Problem, Query, Role, Staff, Words, csv_file, html};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Lines on one page.
const SHOWN: usize = 1_000;
/// Lines in one file.
const IN_FILE: usize = 50_000;
/// The longest filter.
const FILTER_AT_MOST: usize = 64;

/// What is looked for.
#[derive(Default, Deserialize)]
pub struct Asked {
    office: Option<String>,
    #[serde(default)]
    day: String,
    #[serde(default)]
    who: String,
    #[serde(default)]
    act: String,
}

/// The page.
pub async fn page(
    State(booking): State<Arc<Booking>>,
    Staff(by): Staff,
    words: Words,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    if asked.office.is_none() && by.has(Role::Operator) {
        return Ok(choose(&booking, &words, "/admin/access").into_response());
    }
    let (office, day) = allowed(&booking, &by, &asked)?;
    let lines = lines(&booking, &office, day, &asked, SHOWN).await?;
    let names = names(&booking, &office, &lines).await?;
    let title = words.t("access-title");
    let body = html! {
        h1 { (title) }
        (form(&words, &office, day, &asked))
        @if lines.is_empty() { p { (words.t("access-none")) } } @else { (table(&words, &office, &lines, &names)) }
        @if lines.len() == SHOWN { p .hint { (words.n("access-more", 1_000)) } }
    };
    Ok(document(&words, &by, &office, &title, body).into_response())
}

/// The same as a file.
pub async fn csv(
    State(booking): State<Arc<Booking>>,
    Staff(by): Staff,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (office, day) = allowed(&booking, &by, &asked)?;
    let lines = lines(&booking, &office, day, &asked, IN_FILE).await?;
    let mut rows = vec![["at", "who", "act", "on", "outcome", "times"].map(str::to_owned).to_vec()];
    rows.extend(lines.into_iter().map(|line| {
        let (at, times) = (office.zone.rfc3339(line.at), line.times.to_string());
        vec![at, line.who, line.act, line.on, line.outcome, times]
    }));
    let name = format!("attachment; filename=\"access-{}-{day}.csv\"", office.id);
    let head =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((head, csv_file(&rows)).into_response())
}

/// The office and the day, for those who may look; noted either way.
fn allowed(booking: &Booking, by: &Claims, asked: &Asked) -> Result<(Arc<Office>, Day), Problem> {
    let office = office_of(booking, by, asked.office.as_deref())
        .and_then(|office| by.require(&[Role::Auditor, Role::Admin, Role::Operator]).map(|()| office));
    let (told, outcome) = match &office {
        Ok(office) => (office.id.as_str(), "ok"),
        Err(problem) => (by.office.as_str(), problem.code().as_str()),
    };
    let day = asked.day.parse::<Day>().ok();
    booking.note(told, &by.id, "access.look", day.map_or(On::nothing(), On::from), outcome);
    let office = office?;
    match day {
        Some(day) => Ok((office, day)),
        None if asked.day.is_empty() => {
            let today = office.zone.local(booking.service.world.wall.now()).0;
            Ok((office, today))
        }
        None => Err(Problem::invalid("day", "field-date")),
    }
}

async fn lines(
    booking: &Booking,
    office: &Office,
    day: Day,
    asked: &Asked,
    most: usize,
) -> Result<Vec<AccessLine>, Problem> {
    if asked.who.len() > FILTER_AT_MOST || asked.act.len() > FILTER_AT_MOST {
        return Err(Problem::invalid("who", "field-wrong"));
    }
    let (from, until) = (office.zone.start_of(day), office.zone.start_of(day.plus_days(1)));
    let (id, who, act) = (office.id.clone(), asked.who.trim().to_owned(), asked.act.trim().to_owned());
    let log = booking.service.world.access.clone();
    let read = tokio::task::spawn_blocking(move || {
        let wanted =
            |line: &AccessLine| line.office == id && line.who.contains(&who) && line.act.starts_with(&act);
        log.read(from, until, &wanted, most)
    });
    read.await.map_err(|_| Problem::unavailable(2))
}

fn form(words: &Words, office: &Office, day: Day, asked: &Asked) -> Markup {
    let day = day.to_string();
    let (on, who, act) = (words.t("access-day"), words.t("access-who"), words.t("access-act"));
    let on = Field { value: &day, ..Field::new("day", &on, FieldKind::Date) };
    let who = Field { value: &asked.who, required: false, ..Field::new("who", &who, FieldKind::Text) };
    let act = Field { value: &asked.act, required: false, ..Field::new("act", &act, FieldKind::Text) };
    html! {
        form method="get" action="/admin/access" {
            (hidden_fields(&[("office", &office.id)]))
            (field(words, &on))
            (field(words, &who))
            (field(words, &act))
            div .actions {
                button .button type="submit" { (words.t("access-show")) }
                button .button.secondary type="submit" formaction="/admin/access/csv" { (words.t("access-csv")) }
            }
        }
    }
}

/// The names of those whose ids stand in the lines, by member's id; of those who are no staff, none.
async fn names(
    booking: &Booking,
    office: &Office,
    lines: &[AccessLine],
) -> Result<BTreeMap<String, String>, Problem> {
    let ids: BTreeSet<String> = lines.iter().map(|line| member(&line.who).to_owned()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let profiles = booking.profiles(&office.id, &ids).await?;
    Ok(ids.into_iter().zip(profiles).map(|(id, profile)| (id, profile.name)).collect())
}

/// The member of a token: its id is the member's with something random.
fn member(token: &str) -> &str {
    token.split('-').next().unwrap_or_default()
}

fn table(words: &Words, office: &Office, lines: &[AccessLine], names: &BTreeMap<String, String>) -> Markup {
    let name = |who: &str| match who.split_once(':') {
        Some((kind @ ("account" | "network"), _)) => words.t(&format!("access-{kind}")),
        _ => names.get(member(who)).cloned().unwrap_or_default(),
    };
    let act = |act: &str| {
        let key = format!("act-{}", act.replace(['.', '_'], "-"));
        Some(words.text_or_key(&key)).filter(|text| *text != key).unwrap_or_default()
    };
    html! {
        div .table-scroll {
            table .table {
                thead { tr {
                    @for key in ["access-time", "access-who", "access-act", "access-on", "access-outcome"] {
                        th scope="col" { (words.t(key)) }
                    }
                } }
                tbody {
                    @for line in lines.iter().rev() {
                        tr {
                            td { (words.time(office.zone.local(line.at).1)) }
                            td { strong { (name(&line.who)) } br; span .muted.id { (line.who) } }
                            td { span .muted.id { (line.act) } br; (act(&line.act)) }
                            td { span .muted.id { (line.on) } }
                            td { (line.outcome) @if line.times > 1 { " × " (line.times) } }
                        }
                    }
                }
            }
        }
    }
}
