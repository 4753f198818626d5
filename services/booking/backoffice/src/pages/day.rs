//! The office's day: free, booked, present and missed visits, what waits for a decision, and a table of the
//! reservations. Names are searched by POST, so that they appear in no address and no log.

use super::{address, framed};
use crate::BackOffice;
use crate::json::Query;
use crate::{Filter, Line, ListRange, OpenedReservation, ReservationList, Right, Today, proof_of};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use okienko_office::{LoadedOffice, Office};
use okienko_web::components::{Field, FieldKind, Tone, field, hidden_fields, notice};
use okienko_web::{Claims, Form, Markup, Problem, Staff, Words, csv_file, html};
use serde::Deserialize;
use std::sync::Arc;

/// Maximum rows in a file.
const FILE_ROWS: usize = 20_000;

/// The day.
pub async fn page(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    words: Words,
    okienko_web::Query(query): okienko_web::Query<Query>,
) -> Result<Response, Problem> {
    let work = async {
        let known = backoffice.admit(&claims, &claims.office, Right::Look)?;
        let (filter, wanted) = query.read(backoffice.today(&known))?;
        show(&backoffice, &claims, &words, &known, &filter, wanted).await
    };
    backoffice.noted(&claims, ("reservations.list", ""), work).await
}

/// The search form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    date: String,
    #[serde(default)]
    location: String,
    #[serde(default)]
    service: String,
    #[serde(default)]
    q: String,
}

/// The day with the reservations that match a number, code or name. Changes nothing.
pub async fn search(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    words: Words,
    Form(search): Form<Search>,
) -> Result<Response, Problem> {
    let work = async {
        let known = backoffice.admit(&claims, &claims.office, Right::Look)?;
        let (date, location) = (Some(search.date), Some(search.location));
        let query = Query { date, location, service: Some(search.service), ..Query::default() };
        let (filter, wanted) = query.read(backoffice.today(&known))?;
        let filter = Filter { search: Some(search.q), ..filter };
        show(&backoffice, &claims, &words, &known, &filter, wanted).await
    };
    backoffice.noted(&claims, ("reservations.search", ""), work).await
}

async fn show(
    backoffice: &BackOffice,
    claims: &Claims,
    words: &Words,
    known: &LoadedOffice,
    filter: &Filter,
    wanted: ListRange,
) -> Result<Response, Problem> {
    let today = backoffice.today(known);
    let numbers = backoffice.day_in_numbers(claims, known, filter.date).await?;
    let listed = backoffice.listed(claims, known, filter, wanted).await?;
    let office = &known.office;
    let title = words.t("admin-title");
    let other = |days: i64| format!("/admin?date={}{}", filter.date.plus_days(days), kept(filter));
    let body = html! {
        h1 { (words.date(filter.date)) }
        p .day-links {
            a href=(other(-1)) { (words.t("admin-day-before")) }
            @if filter.date != today { a href="/admin" { (words.t("admin-day-today")) } }
            a href=(other(1)) { (words.t("admin-day-after")) }
            a href="#list" { (words.t("admin-list")) }
        }
        (attention(words, &numbers))
        h2 { (words.t("admin-numbers")) }
        @if numbers.lines.iter().all(|line| line.closed) {
            (notice(Tone::Plain, html! { p { strong { (words.t("admin-closed-day")) } } }))
        }
        (figures(words, office, &numbers.lines))
        h2 #list { (words.t("admin-list")) }
        (filters(words, claims, office, filter))
        (table(words, office, &listed))
        div .actions {
            @if let Some(next) = listed.next {
                a .button href={ "/admin?date=" (filter.date) (kept(filter)) "&after=" (next) "#list" } { (words.t("admin-next")) }
            }
            a .button.secondary href={ "/admin/reservations.csv?date=" (filter.date) (kept(filter)) } { (words.t("admin-csv")) }
        }
    };
    Ok(framed(None, words, (claims, office), &title, body))
}

/// The filter as a query string. Contains only ids from the office's own data.
fn kept(filter: &Filter) -> String {
    let plain = |text: &String| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let part = |name: &str, value: &Option<String>| {
        value.as_ref().filter(|text| plain(text)).map(|text| format!("&{name}={text}")).unwrap_or_default()
    };
    part("location", &filter.location) + &part("service", &filter.service)
}

fn attention(words: &Words, numbers: &Today) -> Markup {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let quiet = numbers.suspicious == 0 && numbers.answers == 0;
    html! {
        h2 { (words.t("admin-wrong-title")) }
        @if quiet { p { (words.t("admin-wrong-none")) } }
        @if numbers.suspicious > 0 {
            (notice(Tone::Warn, html! {
                p { a href="/admin/suspicious" { (words.n("admin-wrong-suspicious", count(numbers.suspicious))) } }
            }))
        }
        @if numbers.answers > 0 {
            (notice(Tone::Plain, html! { p { a href="#list" { (words.n("admin-wrong-answers", count(numbers.answers))) } } }))
        }
    }
}

fn figures(words: &Words, office: &Office, lines: &[Line]) -> Markup {
    let heads = ["admin-location", "admin-service"];
    let numbers =
        ["admin-free", "admin-booked", "admin-there", "admin-missed", "admin-not-called", "admin-ended"];
    html! {
        div .table-scroll role="group" tabindex="0" {
            table .table {
                thead { tr {
                    @for key in heads { th scope="col" { (words.text_or_key(key)) } }
                    @for key in numbers { th .number scope="col" { (words.text_or_key(key)) } }
                } }
                // One table body per location, with its name once.
                @for group in lines.chunk_by(|one, next| one.location == next.location) { tbody {
                    @let pools: Vec<&[Line]> = group.chunk_by(|one, next| !one.pool.is_empty() && one.pool == next.pool).collect();
                    @for (nth, (at, line, pool)) in pools.iter().flat_map(|pool| pool.iter().enumerate().map(move |(at, line)| (at, line, pool))).enumerate() {
                        tr {
                            @if nth == 0 {
                                th .place scope="rowgroup" rowspan=(group.len()) { (location(words, office, &line.location)) }
                            }
                            td { (service(words, office, &line.service)) }
                            // Services of one pool share its places, so they share one cell.
                            @if at == 0 {
                                td .number .shared[pool.len() > 1] rowspan=(pool.len()) {
                                    @if line.closed { (words.t("admin-closed")) } @else { (line.free) }
                                    @if pool.len() > 1 { br; span .muted { (words.t("admin-shared")) } }
                                }
                            }
                            td .number { (line.booked) }
                            td .number { (line.checked_in) }
                            td .number { (line.missed) }
                            td .number { (line.not_called) }
                            td .number { (line.ended) }
                        }
                    }
                } }
            }
        }
    }
}

fn filters(words: &Words, claims: &Claims, office: &Office, filter: &Filter) -> Markup {
    let locale = words.locale().tag();
    let date = filter.date.to_string();
    let day = words.t("admin-filter-date");
    let find = words.t("admin-search");
    let places =
        office.locations.iter().filter(|it| claims.location.as_deref().is_none_or(|only| only == it.id));
    let places: Vec<_> = places.map(|it| (it.id.clone(), it.name.in_locale(locale))).collect();
    let services: Vec<_> =
        office.services.iter().map(|it| (it.id.clone(), it.name.in_locale(locale))).collect();
    let list = |name: &str, label: &str, options: &[(String, &str)], chosen: &Option<String>| {
        html! {
            div .field {
                label for={ "f-" (name) } { (label) }
                select id={ "f-" (name) } name=(name) {
                    option value="" { (words.t("admin-filter-all")) }
                    @for (id, text) in options {
                        option value=(id) selected[chosen.as_ref() == Some(id)] { (text) }
                    }
                }
            }
        }
    };
    let hidden = [
        ("date", date.as_str()),
        ("location", filter.location.as_deref().unwrap_or_default()),
        ("service", filter.service.as_deref().unwrap_or_default()),
    ];
    html! {
        form .filter-form method="get" action="/admin" {
            (field(words, &Field { value: &date, ..Field::new("date", &day, FieldKind::Date) }))
            (list("location", &words.t("admin-location"), &places, &filter.location))
            (list("service", &words.t("admin-service"), &services, &filter.service))
            button .button.secondary type="submit" { (words.t("admin-filter-show")) }
        }
        form .search-form method="post" action="/admin" {
            (hidden_fields(&hidden))
            (field(words, &Field { value: filter.search.as_deref().unwrap_or_default(), ..Field::new("q", &find, FieldKind::Text) }))
            button .button.secondary type="submit" { (words.t("admin-search-button")) }
        }
    }
}

fn table(words: &Words, office: &Office, listed: &ReservationList) -> Markup {
    if listed.rows.is_empty() {
        return html! { p { (words.t("admin-list-none")) } };
    }
    html! {
        p { (words.n("admin-list-count", i64::try_from(listed.total).unwrap_or(i64::MAX))) }
        div .table-scroll role="group" tabindex="0" {
            table .table {
                thead { tr { @for head in heads(words) { th scope="col" { (head) } } } }
                tbody {
                    @for found in &listed.rows {
                        @let [hour, number, rest @ ..] = cells(words, office, found);
                        tr {
                            td .num { (hour) }
                            td .num { a href=(address(&found.reservation.confirmed.reservation.to_string())) { (number) } }
                            @for text in rest { td { (text) } }
                        }
                    }
                }
            }
        }
    }
}

fn heads(words: &Words) -> [String; 8] {
    [
        words.t("admin-hour"),
        words.t("admin-number"),
        words.t("admin-location"),
        words.t("admin-service"),
        words.t("admin-name"),
        words.t("admin-state"),
        words.t("admin-proof"),
        words.t("admin-remarks"),
    ]
}

fn cells(words: &Words, office: &Office, found: &OpenedReservation) -> [String; 8] {
    let confirmed = &found.reservation.confirmed;
    let proof = proof_of(confirmed, found.subject.as_ref());
    [
        words.time(confirmed.time),
        confirmed.number.clone(),
        location(words, office, &confirmed.place.location),
        service(words, office, &confirmed.service),
        found.name.clone(),
        words.t(&format!("admin-state-{}", found.reservation.state.word())),
        words.t(&format!("admin-proof-{proof}")),
        remarks(words, found),
    ]
}

/// Remarks: the reason of a removal, and the stage of questions.
fn remarks(words: &Words, found: &OpenedReservation) -> String {
    let removed = match &found.reservation.state {
        okienko_day::State::Removed(reason) => Some(words.t(&format!("removal-{reason}"))),
        _ => None,
    };
    let asked = found.round.as_ref().map(|round| words.t(&format!("admin-questions-{}", round.word())));
    removed.into_iter().chain(asked).collect::<Vec<_>>().join(" ")
}

/// The name of a location; its id if a newer version of the office dropped it.
pub(super) fn location(words: &Words, office: &Office, id: &str) -> String {
    office.location(id).map_or(id, |it| it.name.in_locale(words.locale().tag())).to_owned()
}

/// The name of a service; its id if a newer version of the office dropped it.
pub(super) fn service(words: &Words, office: &Office, id: &str) -> String {
    office.service(id).map_or(id, |it| it.name.in_locale(words.locale().tag())).to_owned()
}

/// The day's reservations as a file for spreadsheets.
pub async fn file(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    words: Words,
    okienko_web::Query(query): okienko_web::Query<Query>,
) -> Result<Response, Problem> {
    let work = async {
        let known = backoffice.admit(&claims, &claims.office, Right::Look)?;
        let (filter, _) = query.read(backoffice.today(&known))?;
        let wanted = ListRange { limit: FILE_ROWS, after: None };
        Ok((backoffice.listed(&claims, &known, &filter, wanted).await?, known, filter.date))
    };
    let (listed, known, date) = backoffice.noted(&claims, ("reservations.csv", ""), work).await?;
    let mut rows = vec![heads(&words).to_vec()];
    rows.extend(listed.rows.iter().map(|found| cells(&words, &known.office, found).to_vec()));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}-{date}.csv\"", known.office.id)),
    ];
    Ok((headers, csv_file(&rows)).into_response())
}
