//! What an office tells everybody, in its own words: how to book, how a visit goes, the rules that people agree to.
//! Parts of the office's page, and a page of their own that consents link to. Knows no visit.

use super::office_of;
use crate::service::Booking;
use axum::extract::State;
use axum::response::Response;
use okienko_frame::document;
use okienko_office::Office;
use okienko_office::text::Text;
use okienko_web::components::back_link;
use okienko_web::{Code, Markup, Path, Problem, Words, html};
use std::sync::Arc;

/// The rules of an office; not found if it has none.
pub async fn page(
    State(booking): State<Arc<Booking>>,
    Path(office): Path<String>,
    words: Words,
) -> Result<Response, Problem> {
    let known = office_of(&booking, &office)?;
    let (office, guide) = (&known.office, &known.office.guide);
    if guide.rules.is_empty() {
        return Err(Problem::new(Code::Unknown));
    }
    let locale = words.locale().tag();
    let title = words.t("guide-rules-title");
    let body = html! {
        (back_link(&words, &format!("/{}", office.id)))
        h1 { (title) }
        (steps(&words, "guide-booking", &guide.booking))
        (steps(&words, "guide-visit", &guide.visit))
        h2 { (words.t("guide-rules")) }
        ul {
            @for rule in &guide.rules { li { (rule.in_locale(locale)) } }
            @if !guide.late.is_empty() { li { (guide.late.in_locale(locale)) } }
        }
    };
    Ok(document(&words, office, &title, body))
}

/// How to book, on the office's page.
pub fn booking(words: &Words, office: &Office) -> Markup {
    steps(words, "guide-booking", &office.guide.booking)
}

/// How a visit goes; empty if the office has no text for it.
pub fn visit(words: &Words, office: &Office) -> Markup {
    steps(words, "guide-visit", &office.guide.visit)
}

/// The rules, with the permanent address of their page.
pub fn rules(words: &Words, office: &Office) -> Markup {
    let locale = words.locale().tag();
    html! {
        @if !office.guide.rules.is_empty() {
            h2 { (words.t("guide-rules")) }
            ul { @for rule in &office.guide.rules { li { (rule.in_locale(locale)) } } }
            p { a href={ "/" (office.id) "/rules" } { (words.t("guide-rules-link")) } }
        }
        @let asked = office.consents.iter().filter(|it| !it.url.starts_with('/')).collect::<Vec<_>>();
        @if !asked.is_empty() {
            p { (words.t("guide-consents")) ":" }
            ul { @for consent in asked { li {
                a href=(consent.url) rel="noopener" { (consent.label.in_locale(locale)) }
            } } }
        }
    }
}

fn steps(words: &Words, title: &str, texts: &[Text]) -> Markup {
    let locale = words.locale().tag();
    html! {
        @if !texts.is_empty() {
            h2 { (words.t(title)) }
            ol { @for text in texts { li { (text.in_locale(locale)) } } }
        }
    }
}
