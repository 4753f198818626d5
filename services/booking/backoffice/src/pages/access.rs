//! The access log of an office for its auditors: a day's lines, filtered by actor and action, also as CSV. Viewing it
//! is itself logged. The log contains ids and machine words; the page translates them, the file keeps them.

use crate::BackOffice;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use okienko_host::{AccessLine, On};
use okienko_kernel::{Day, Id, IdKind};
use okienko_office::Office;
use okienko_staff::frame::{choose, document, office_of};
use okienko_web::components::{Field, FieldKind, error_summary, field, hidden_fields};
use okienko_web::{Claims, Code, Markup, Problem, Query, Role, Staff, Words, csv_file, html};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Maximum lines on a page.
const SHOWN: usize = 1_000;
/// Maximum lines in a file.
const IN_FILE: usize = 50_000;
/// Maximum length of a filter.
const FILTER_AT_MOST: usize = 64;

/// The logged actions, each with a message `act-…`.
pub(super) const ACTS: &[&str] = &[
    "access.look",
    "reservation.read",
    "reservation.remove",
    "reservations.list",
    "reservations.search",
    "reservations.csv",
    "suspicious.list",
    "messages.list",
    "messages.csv",
    "questions.ask",
    "questions.read",
    "questions.settle",
    "card.read",
    "desk.verify",
    "reception.find",
    "reception.admit",
    "reception.refuse",
    "staff.sign_in",
    "staff.sign_out",
    "staff.list",
    "staff.enrol",
    "staff.enrolled",
    "staff.move",
    "staff.disable",
    "staff.enable",
    "staff.revoke",
    "staff.password",
    "staff.token",
    "account.register",
    "account.activate",
    "account.sign-in",
    "account.password",
    "account.address",
    "account.delete",
    "hold.place",
    "code.send",
];

/// The filter.
#[derive(Default, Deserialize)]
pub struct AccessQuery {
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
    State(backoffice): State<Arc<BackOffice>>,
    Staff(by): Staff,
    words: Words,
    Query(asked): Query<AccessQuery>,
) -> Result<Response, Problem> {
    if asked.office.is_none() && by.has(Role::Operator) {
        return Ok(choose(&backoffice.offices, &words, "/admin/access").into_response());
    }
    let title = words.t("access-title");
    let found = async {
        let (office, day) = allowed(&backoffice, &by, &asked)?;
        let lines = lines(&backoffice, &office, day, &asked, SHOWN).await?;
        Ok::<_, Problem>((office, day, lines))
    };
    let (office, day, lines) = match found.await {
        Ok(found) => found,
        Err(problem) if problem.code() == Code::Invalid => {
            let office = office_of(&backoffice.offices, &by, asked.office.as_deref())?;
            let faults = problem.fields(&words);
            let named: Vec<_> = faults.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
            let body = html! {
                (error_summary(&words, &named))
                h1 { (title) }
                (form(&words, &office, &asked.day, &asked, &faults))
            };
            let page = document(&words, &by, &office, &title, body);
            return Ok((problem.code().status(), page).into_response());
        }
        Err(problem) => return Err(problem),
    };
    let names = names(&backoffice, &office, &lines).await?;
    let body = html! {
        h1 { (title) }
        (form(&words, &office, &day.to_string(), &asked, &BTreeMap::new()))
        @if lines.is_empty() { p { (words.t("access-none")) } } @else { (table(&words, &office, &lines, &names)) }
        @if lines.len() == SHOWN { p .hint { (words.n("access-more", 1_000)) } }
    };
    Ok(document(&words, &by, &office, &title, body).into_response())
}

/// The same as a CSV file.
pub async fn csv(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(by): Staff,
    Query(asked): Query<AccessQuery>,
) -> Result<Response, Problem> {
    let (office, day) = allowed(&backoffice, &by, &asked)?;
    let lines = lines(&backoffice, &office, day, &asked, IN_FILE).await?;
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

/// The office and the day, for those who may look; logged either way.
fn allowed(backoffice: &BackOffice, by: &Claims, asked: &AccessQuery) -> Result<(Arc<Office>, Day), Problem> {
    let office = office_of(&backoffice.offices, by, asked.office.as_deref())
        .and_then(|office| Ok(by.require(&[Role::Auditor, Role::Admin, Role::Operator]).map(|()| office)?));
    let (told, outcome) = match &office {
        Ok(office) => (office.id.as_str(), "ok"),
        Err(problem) => (by.office.as_str(), problem.code().as_str()),
    };
    let day = asked.day.parse::<Day>().ok();
    backoffice.staff.note(told, &by.id, "access.look", day.map_or(On::nothing(), On::from), outcome);
    let office = office?;
    match day {
        Some(day) => Ok((office, day)),
        None if asked.day.is_empty() => {
            let today = office.day_at(backoffice.service.world.wall.now());
            Ok((office, today))
        }
        None => Err(Problem::invalid("day", "field-date")),
    }
}

async fn lines(
    backoffice: &BackOffice,
    office: &Office,
    day: Day,
    asked: &AccessQuery,
    most: usize,
) -> Result<Vec<AccessLine>, Problem> {
    if asked.who.len() > FILTER_AT_MOST || asked.act.len() > FILTER_AT_MOST {
        return Err(Problem::invalid("who", "field-wrong"));
    }
    let (from, until) = (office.zone.start_of(day), office.zone.start_of(day.plus_days(1)));
    let (id, who, act) = (office.id.clone(), asked.who.trim().to_owned(), asked.act.trim().to_owned());
    let called = if who.is_empty() { BTreeSet::new() } else { called(backoffice, office, &who).await? };
    let log = backoffice.service.world.access.clone();
    let read = tokio::task::spawn_blocking(move || {
        let wanted = |line: &AccessLine| {
            let by = line.who.contains(&who) || called.contains(member(&line.who));
            line.office == id && by && line.act.starts_with(&act)
        };
        log.read(from, until, &wanted, most)
    });
    read.await.map_err(|_| Problem::unavailable(2))
}

/// The members whose name contains this text.
async fn called(backoffice: &BackOffice, office: &Office, name: &str) -> Result<BTreeSet<String>, Problem> {
    let ids: Vec<String> = backoffice.staff.members(&office.id).await?.into_keys().collect();
    let profiles = backoffice.staff.profiles(&office.id, &ids).await?;
    let name = name.to_lowercase();
    let found =
        ids.into_iter().zip(profiles).filter(|(_, profile)| profile.name.to_lowercase().contains(&name));
    Ok(found.map(|(id, _)| id).collect())
}

fn form(
    words: &Words,
    office: &Office,
    day: &str,
    asked: &AccessQuery,
    faults: &BTreeMap<String, String>,
) -> Markup {
    let fault = |name: &str| faults.get(name).map(String::as_str);
    let (on, who, act) = (words.t("access-day"), words.t("access-who"), words.t("access-act"));
    let on = Field { value: day, error: fault("day"), ..Field::new("day", &on, FieldKind::Date) };
    let hint = words.t("access-who-hint");
    let who = Field {
        value: &asked.who,
        hint: Some(&hint),
        error: fault("who"),
        required: false,
        ..Field::new("who", &who, FieldKind::Text)
    };
    let acts = ACTS.iter().map(|act| ((*act).to_owned(), act_of(words, act))).collect();
    let act =
        Field { value: &asked.act, required: false, ..Field::new("act", &act, FieldKind::Choice(acts)) };
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

/// The names of the staff whose ids appear in the lines, by member id; others have none.
async fn names(
    backoffice: &BackOffice,
    office: &Office,
    lines: &[AccessLine],
) -> Result<BTreeMap<String, String>, Problem> {
    let of_staff = |line: &&AccessLine| line.act.starts_with("staff.") && !line.on.is_empty();
    let ids = lines.iter().map(|line| member(&line.who).to_owned());
    let ids: BTreeSet<String> =
        ids.chain(lines.iter().filter(of_staff).map(|line| line.on.clone())).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let profiles = backoffice.staff.profiles(&office.id, &ids).await?;
    Ok(ids.into_iter().zip(profiles).map(|(id, profile)| (id, profile.name)).collect())
}

/// The member of a token: a token's id is the member's with a random part.
fn member(token: &str) -> &str {
    token.split('-').next().unwrap_or_default()
}

fn table(words: &Words, office: &Office, lines: &[AccessLine], names: &BTreeMap<String, String>) -> Markup {
    html! {
        div .table-scroll role="group" tabindex="0" {
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
                            td { strong { (who_of(words, &line.who, names)) } }
                            td { (act_of(words, &line.act)) }
                            td { (on_what(words, line, names)) }
                            td { (outcome_of(words, &line.outcome)) @if line.times > 1 { " × " (line.times) } }
                        }
                    }
                }
            }
        }
    }
}

/// Who acted: the name if known, otherwise the token's id.
fn who_of(words: &Words, who: &str, names: &BTreeMap<String, String>) -> String {
    match who.split_once(':') {
        Some((kind @ ("account" | "network"), _)) => words.t(&format!("access-{kind}")),
        _ => {
            names.get(member(who)).filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| who.to_owned())
        }
    }
}

fn act_of(words: &Words, act: &str) -> String {
    let key = format!("act-{}", act.replace(['.', '_'], "-"));
    Some(words.text_or_key(&key)).filter(|text| *text != key).unwrap_or_else(|| act.to_owned())
}

/// What the action was done to: a reservation by its day, with a link to it; a person or device by name; a day.
fn on_what(words: &Words, line: &AccessLine, names: &BTreeMap<String, String>) -> Markup {
    if let Ok(id) = Id::parse(IdKind::Reservation, &line.on) {
        let said = words.ta("access-reservation", &[("date", words.date_plain(id.way().day).into())]);
        return html! { a href={ "/admin/reservations/" (id) } { (said) } };
    }
    let said = match line.act.split('.').next().unwrap_or_default() {
        "account" if !line.on.is_empty() => words.t("access-own-account"),
        "staff" => names.get(&line.on).cloned().unwrap_or_default(),
        "access" => line.on.parse().map(|day: Day| words.date_plain(day)).unwrap_or_default(),
        _ => String::new(),
    };
    html! { (said) }
}

fn outcome_of(words: &Words, outcome: &str) -> String {
    match Code::parse(outcome) {
        Some(code) => Problem::new(code).title(words),
        None => {
            let key = format!("outcome-{outcome}");
            Some(words.text_or_key(&key)).filter(|text| *text != key).unwrap_or_else(|| outcome.to_owned())
        }
    }
}
