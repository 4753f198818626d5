//! What became of the office's messages: a chart of recent days, the same as a table, by occasion and by provider.

use super::framed;
use crate::BackOffice;
use crate::{Messages, Right, Sum};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use okienko_kernel::Day;
use okienko_office::{LoadedOffice, Office};
use okienko_web::texts::Value;
use okienko_web::{Claims, Markup, Problem, Staff, Words, csv_file, html};
use std::sync::Arc;

/// The page.
pub async fn page(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    words: Words,
) -> Result<Response, Problem> {
    let (messages, known) = looked(&backoffice, &claims, "messages.list").await?;
    let (title, office) = (words.t("messages-title"), &known.office);
    let occasion = |template: &str| occasion(&words, template).join(", ");
    let provider = |name: &str| provider(&words, name);
    let today = messages.by_day.last().map(|(day, _)| *day);
    // The chart shows all days; the table omits days without a message, except today.
    let days = messages.by_day.iter().rev().filter(|(day, sum)| sum.messages() > 0 || Some(*day) == today);
    let body = html! {
        h1 { (title) }
        p .lead { (summary(&words, office, &messages)) }
        (figure(&words, &messages.by_day))
        h2 { (words.t("messages-by-day")) }
        (table(&words, office, "messages-day", days.map(|(day, sum)| (words.date_plain(*day), sum))))
        @if messages.all.messages() > 0 {
            h2 { (words.t("messages-by-occasion")) }
            (table(&words, office, "messages-occasion", messages.by_occasion.iter().map(|(name, sum)| (occasion(name), sum))))
            h2 { (words.t("messages-by-provider")) }
            (table(&words, office, "messages-provider", messages.by_provider.iter().map(|(name, sum)| (provider(name), sum))))
        }
        p { a .button.secondary href="/admin/messages.csv" { (words.t("messages-csv")) } }
        p .muted { (words.t("messages-explained")) }
    };
    Ok(framed(None, &words, (&claims, office), &title, body))
}

/// The same as a CSV file, each day by occasion and provider.
pub async fn file(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    words: Words,
) -> Result<Response, Problem> {
    let (messages, known) = looked(&backoffice, &claims, "messages.csv").await?;
    let keys =
        ["day", "occasion", "channel", "provider", "delivered", "sent", "waiting", "lost", "parts", "price"];
    let mut rows = vec![keys.map(|key| words.text_or_key(&format!("messages-{key}"))).to_vec()];
    for row in &messages.rows {
        let [name, channel] = occasion(&words, &row.template);
        let mut cells = vec![row.day.to_string(), name, channel, provider(&words, &row.provider)];
        let sum = &row.sum;
        let counts = [sum.delivered, sum.sent, sum.waiting, sum.lost(), sum.parts];
        cells.extend(counts.map(|n| n.to_string()));
        cells.push(cost(&words, &known.office, sum).unwrap_or_default());
        rows.push(cells);
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}-messages.csv\"", known.office.id)),
    ];
    Ok((headers, csv_file(&rows)).into_response())
}

/// The messages of the caller's own office, for those who may look; logged as `act`.
async fn looked(
    backoffice: &BackOffice,
    claims: &Claims,
    act: &'static str,
) -> Result<(Messages, Arc<LoadedOffice>), Problem> {
    let work = async {
        let known = backoffice.admit(claims, &claims.office, Right::Look)?;
        Ok((backoffice.messages_of(&known).await?, known))
    };
    backoffice.noted(claims, (act, ""), work).await
}

/// What a text is for, and its channel.
fn occasion(words: &Words, template: &str) -> [String; 2] {
    let (channel, name) = template.split_once('-').unwrap_or_default();
    [format!("messages-occasion-{name}"), format!("messages-{channel}")].map(|key| words.text_or_key(&key))
}

fn provider(words: &Words, name: &str) -> String {
    if name.is_empty() { words.t("messages-provider-unsaid") } else { name.to_owned() }
}

/// How much of the budget today used, and the total cost.
fn summary(words: &Words, office: &Office, messages: &Messages) -> String {
    let today = messages.by_day.last().map_or(0, |(_, sum)| sum.parts);
    let used = words.ta(
        "messages-today",
        &[
            ("used", Value::from(i64::from(today))),
            ("budget", Value::from(i64::from(office.sms_daily_budget))),
        ],
    );
    match cost(words, office, &messages.all) {
        Some(cost) => format!("{used} {}", words.ta("messages-cost", &[("cost", Value::from(cost))])),
        None => used,
    }
}

/// The cost of the parts; `None` if the office has not stated a price per part.
fn cost(words: &Words, office: &Office, sum: &Sum) -> Option<String> {
    let grosze = u64::from(sum.parts) * u64::from(office.sms_part_price_gr);
    let whole = i64::try_from(grosze / 100).unwrap_or(i64::MAX);
    let rest = format!("{:02}", grosze % 100);
    let money =
        || words.ta("messages-money", &[("zloty", Value::from(whole)), ("grosze", Value::from(rest))]);
    (office.sms_part_price_gr > 0).then(money)
}

fn table<'a>(
    words: &Words,
    office: &Office,
    first: &str,
    rows: impl Iterator<Item = (String, &'a Sum)>,
) -> Markup {
    let heads = ["delivered", "sent", "waiting", "lost", "parts"];
    html! {
        div .table-scroll role="group" tabindex="0" {
            table .table.tally {
                thead { tr {
                    th scope="col" { (words.text_or_key(first)) }
                    @for head in heads { th .number scope="col" { (words.text_or_key(&format!("messages-{head}"))) } }
                    @if office.sms_part_price_gr > 0 { th .number scope="col" { (words.t("messages-price")) } }
                } }
                tbody {
                    @for (name, sum) in rows {
                        tr {
                            th scope="row" { (name) }
                            @for n in [sum.delivered, sum.sent, sum.waiting] { td .number { (n) } }
                            td .number { @if sum.lost() > 0 { strong .lost { (sum.lost()) } } @else { "0" } }
                            td .number { (sum.parts) }
                            @if let Some(cost) = cost(words, office, sum) { td .number { (cost) } }
                        }
                    }
                }
            }
        }
    }
}

/// Widths of a bar with its gap and of a bar; heights of the chart, of the day labels below and of the space above.
const STEP: u32 = 64;
const BAR: u32 = 44;
const HEIGHT: u32 = 160;
const BELOW: u32 = 28;
const ABOVE: u32 = 22;

/// A bar for each day: from the bottom, delivered, then not yet known, then lost.
fn figure(words: &Words, days: &[(Day, Sum)]) -> Markup {
    let most = days.iter().map(|(_, sum)| sum.messages()).max().unwrap_or(0).max(1);
    let width = STEP * u32::try_from(days.len()).unwrap_or_default();
    let whole = ABOVE + HEIGHT + BELOW;
    html! {
        figure .plot {
            svg role="img" aria-label=(words.t("messages-plot")) viewBox={ "0 0 " (width) " " (whole) } {
                @for ((day, sum), left) in days.iter().zip((0..).step_by(STEP as usize)) {
                    (bar(day, sum, left, most))
                }
            }
            figcaption {
                span .key.good { (words.t("messages-delivered")) }
                span .key.open { (words.t("messages-sent-or-waiting")) }
                span .key.lost { (words.t("messages-lost")) }
            }
        }
    }
}

fn bar(day: &Day, sum: &Sum, left: u32, most: u32) -> Markup {
    let part = |n: u32| (u64::from(n) * u64::from(HEIGHT)).div_ceil(u64::from(most)) as u32;
    let parts = [("good", sum.delivered), ("open", sum.sent + sum.waiting), ("lost", sum.lost())];
    let mut top = ABOVE + HEIGHT;
    let boxes = parts.map(|(class, n)| {
        let high = part(n).min(top);
        top -= high;
        (class, top, high)
    });
    let (middle, base) = (left + BAR / 2, ABOVE + HEIGHT);
    let number = day.to_string();
    let number = number.rsplit('-').next().unwrap_or_default().trim_start_matches('0').to_owned();
    html! {
        @for (class, y, high) in boxes {
            @if high > 0 { rect class=(class) x=(left) y=(y) width=(BAR) height=(high) {} }
        }
        line x1=(left) x2=(left + BAR) y1=(base) y2=(base) {}
        @if sum.messages() > 0 { text x=(middle) y=(top.saturating_sub(6)) { (sum.messages()) } }
        text .day x=(middle) y=(base + 20) { (number) }
    }
}
