//! What looks suspicious, with the reasons in words and a link to the removal.

use super::day::{location, service};
use super::{address, framed};
use crate::BackOffice;
use crate::domain::suspicion::Reason;
use crate::{Right, Suspect};
use axum::extract::State;
use axum::response::Response;
use okienko_office::Office;
use okienko_web::texts::Value;
use okienko_web::{Markup, Problem, Staff, Words, html};
use std::sync::Arc;

/// Rows shown; highest scores first.
const ROWS: usize = 200;

/// The page.
pub async fn page(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    words: Words,
) -> Result<Response, Problem> {
    let work = async {
        let known = backoffice.admit(&claims, &claims.office, Right::Look)?;
        Ok((backoffice.suspects(&claims, &known).await?, known))
    };
    let (all, known) = backoffice.noted(&claims, ("suspicious.list", ""), work).await?;
    let title = words.t("suspicious-title");
    let removes = Right::Change.is_of(&claims);
    let body = html! {
        h1 { (title) }
        p .lead { (words.t("suspicious-lead")) }
        @if all.is_empty() { p { (words.t("suspicious-none")) } } @else { (table(&words, &known.office, &all, removes)) }
    };
    Ok(framed(None, &words, (&claims, &known.office), &title, body))
}

fn table(words: &Words, office: &Office, all: &[Suspect], removes: bool) -> Markup {
    html! {
        div .table-scroll role="group" tabindex="0" {
            table .table {
                thead { tr {
                    th .number scope="col" { (words.t("suspicious-score")) }
                    th scope="col" { (words.t("suspicious-what")) }
                    th scope="col" { (words.t("reservation-when")) }
                    th scope="col" { (words.t("admin-service")) }
                    th scope="col" { (words.t("suspicious-why")) }
                    th scope="col" {}
                } }
                tbody { @for suspect in all.iter().take(ROWS) { (row(words, office, suspect, removes)) } }
            }
        }
    }
}

fn row(words: &Words, office: &Office, suspect: &Suspect, removes: bool) -> Markup {
    let page = suspect.reservation.map(|id| address(&id.to_string()));
    html! {
        tr {
            td .number { strong { (suspect.score) } }
            td {
                (words.t(&format!("suspicious-{}", suspect.stage)))
                @if let (Some(page), Some(number)) = (&page, &suspect.number) { br; a .num href=(page) { (number) } }
            }
            td { (words.date_time(suspect.date, suspect.time)) }
            td { (service(words, office, &suspect.service)) br; (location(words, office, &suspect.location)) }
            td { ul { @for reason in &suspect.reasons { li { (said(words, reason)) } } } }
            td {
                @if let (true, Some(page)) = (removes, &page) { a href={ (page) "/remove" } { (words.t("suspicious-remove")) } }
            }
        }
    }
}

/// "7 rezerwacji z jednej sieci w 20 minut", in the reader's language.
fn said(words: &Words, reason: &Reason) -> String {
    let count = |key: &str, n: usize, minutes: i64| {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        words.ta(key, &[("count", Value::from(n)), ("minutes", Value::from(minutes))])
    };
    match reason {
        Reason::NetworkBurst { count: n, minutes } => count("suspicious-network_burst", *n, *minutes),
        Reason::NetworkAbandons { count: n, minutes } => count("suspicious-network_abandons", *n, *minutes),
        Reason::PhoneNames { count: n } => count("suspicious-phone_names", *n, 0),
        Reason::AccountNames { count: n } => count("suspicious-account_names", *n, 0),
        Reason::DocumentPhones { count: n } => count("suspicious-document_phones", *n, 0),
        Reason::MailAliases { count: n } => count("suspicious-mail_aliases", *n, 0),
        Reason::SameForm { count: n } => count("suspicious-same_form", *n, 0),
        Reason::FastForm { seconds } => {
            words.ta("suspicious-fast_form", &[("seconds", Value::from(i64::from(*seconds)))])
        }
        Reason::AtRelease => words.t("suspicious-at_release"),
    }
}
