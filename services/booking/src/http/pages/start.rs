//! The first pages: all offices, and the start page of one.

use super::{guide, office_of};
use crate::service::Booking;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, header};
use okienko_accounts::has_accounts;
use okienko_kernel::civil::Weekday;
use okienko_office::calendar::Interval;
use okienko_office::{Location, Office};
use okienko_web::{Markup, OfficeLook, Page, Path, Problem, Words, html};
use std::sync::Arc;

const WEEK: [(Weekday, &str); 7] = [
    (Weekday::Monday, "weekday-monday"),
    (Weekday::Tuesday, "weekday-tuesday"),
    (Weekday::Wednesday, "weekday-wednesday"),
    (Weekday::Thursday, "weekday-thursday"),
    (Weekday::Friday, "weekday-friday"),
    (Weekday::Saturday, "weekday-saturday"),
    (Weekday::Sunday, "weekday-sunday"),
];

/// All offices of the installation.
pub async fn offices(State(booking): State<Arc<Booking>>, words: Words) -> Response {
    let locale = words.locale().tag();
    let title = words.t("offices-title");
    let body = html! {
        h1 { (title) }
        ul .rows {
            @for known in booking.offices.all() { li {
                a .row href={ "/" (known.office.id) } {
                    strong { (known.office.name.in_locale(locale)) }
                    span .muted { (names_of_places(&known.office, locale)) }
                }
            } }
        }
    };
    let page = Page::new(&words, &title).footer_link("/sign-in", words.t("staff-link"));
    page.render(body).into_response()
}

fn names_of_places(office: &Office, locale: &str) -> String {
    let names = office.locations.iter().map(|location| location.name.in_locale(locale));
    names.collect::<Vec<_>>().join(" · ")
}

/// The start page of an office.
pub async fn office(
    State(booking): State<Arc<Booking>>,
    Path(office): Path<String>,
    method: Method,
    headers: HeaderMap,
    words: Words,
) -> Result<Response, Problem> {
    let known = office_of(&booking, &office)?;
    let count = match (known.office.visit_counter, is_visit(&method, &headers)) {
        (false, _) => None,
        (true, true) => booking.counters.count(&known.office.id).await,
        (true, false) => booking.counters.shown(&known.office.id).await,
    };
    let (office, locale) = (&known.office, words.locale().tag());
    let look = OfficeLook {
        name: office.name.in_locale(locale).to_owned(),
        href: format!("/{}", office.id),
        ..OfficeLook::default()
    };
    let title = words.t("office-title");
    let body = html! {
        h1 { (title) }
        p .lead { (words.n("office-lead", office.horizon_days)) }
        p { a .button href={ "/" (office.id) "/book" } { (words.t("office-book")) } }
        (ways(&words, office))
        @if office.services.iter().any(|service| service.walk_in_prefix.is_some()) {
            p .muted { (words.t("office-without-booking")) }
        }
        (guide::booking(&words, office))
        h2 { (words.t("office-places")) }
        @for location in &office.locations { (place(&words, location)) }
        @if office.guide.visit.is_empty() { (how(&words, office)) } @else { (own_way(&words, office)) }
        (guide::rules(&words, office))
        @if let Some(count) = count { p .muted { (words.ta("visit-counter", &[("n", count.to_string().into())])) } }
    };
    let page = Page::new(&words, &title).office(&look).footer_link("/sign-in", words.t("staff-link"));
    Ok(page.render(body).into_response())
}

/// Further links: the account and the rules, if the office has them.
fn ways(words: &Words, office: &Office) -> Markup {
    let way = |page: &str, title: &str, hint: &str| {
        html! {
            li { a .row href={ "/" (office.id) (page) } {
                strong { (words.t(title)) }
                span .muted { (words.t(hint)) }
            } }
        }
    };
    let (accounts, rules) = (has_accounts(office), !office.guide.rules.is_empty());
    html! {
        @if accounts || rules {
            ul .rows {
                @if accounts { (way("/account", "account-own-title", "start-account")) }
                @if rules { (way("/rules", "guide-rules-title", "start-rules")) }
            }
        }
    }
}

/// Whether a person views the page: not a HEAD request of a monitor, and not a bot that identifies itself.
fn is_visit(method: &Method, headers: &HeaderMap) -> bool {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let agent = agent.to_ascii_lowercase();
    let machine =
        ["bot", "crawl", "spider", "probe", "monitor", "health"].iter().any(|word| agent.contains(word));
    *method == Method::GET && !machine
}

fn place(words: &Words, location: &Location) -> Markup {
    let locale = words.locale().tag();
    html! {
        h3 { (location.name.in_locale(locale)) }
        p {
            (location.address.in_locale(locale))
            @if let Some(map) = &location.map_url { br; a href=(map) { (words.t("map-link")) } }
        }
        ul { @for line in hours_of(words, location) { li { (line) } } }
    }
}

/// How a visit goes, in the office's order of steps.
fn how(words: &Words, office: &Office) -> Markup {
    let calls = office.locations.iter().map(|location| location.queue.calls).max().unwrap_or(1);
    let placed = office.locations.iter().all(|location| location.queue.placed_at_hour);
    let with_voice = office.locations.iter().filter(|location| location.voice).count();
    let call = match with_voice {
        0 => "how-call-silent",
        n if n == office.locations.len() => "how-call",
        _ => "how-call-some",
    };
    html! {
        h2 { (words.t("how-title")) }
        h3 { (words.t("how-queue-title")) }
        ol {
            li { (words.t("how-kiosk")) }
            li { (words.t("how-hall")) }
            li { (words.t(call)) }
        }
        h3 { (words.t("how-booked-title")) }
        p {
            (office.guide.come.in_locale(words.locale().tag())) " "
            (words.t(if placed { "how-booked" } else { "how-booked-check-in" }))
        }
        (absent(words, calls))
    }
}

/// The same in the office's own words.
fn own_way(words: &Words, office: &Office) -> Markup {
    let calls = office.locations.iter().map(|location| location.queue.calls).max().unwrap_or(1);
    html! {
        (guide::visit(words, office))
        p { (office.guide.late.in_locale(words.locale().tag())) }
        (absent(words, calls))
    }
}

fn absent(words: &Words, calls: u8) -> Markup {
    html! {
        h3 { (words.t("how-absent-title")) }
        p { (words.n("how-absent", calls)) }
        h3 { (words.t("how-ticket-title")) }
        p { (words.t("how-ticket")) }
    }
}

/// The opening hours, with days that have the same hours grouped: "środa–piątek 07:30–15:30".
pub fn hours_of(words: &Words, location: &Location) -> Vec<String> {
    let mut runs: Vec<(usize, usize, &[Interval])> = Vec::new();
    for (at, (weekday, _)) in WEEK.iter().enumerate() {
        let hours = location.hours.on(*weekday);
        match runs.last_mut() {
            Some((_, last, same)) if *last + 1 == at && *same == hours => *last = at,
            _ => runs.push((at, at, hours)),
        }
    }
    let open = runs.into_iter().filter(|(_, _, hours)| !hours.is_empty());
    open.map(|(first, last, hours)| {
        let name = |at: usize| words.t(WEEK[at].1);
        let days = if first == last { name(first) } else { format!("{}–{}", name(first), name(last)) };
        let hours: Vec<String> =
            hours.iter().map(|i| format!("{}–{}", words.time(i.open), words.time(i.close))).collect();
        words.ta("place-hours", &[("days", days.into()), ("hours", hours.join(", ").into())])
    })
    .collect()
}
