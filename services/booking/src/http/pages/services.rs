//! The step "what is it about?": a search over all services first, categories below.

use super::book::Chosen;
use super::search;
use axum::response::Response;
use okienko_frame::{document, step_line};
use okienko_office::{Office, Service, Step};
use okienko_web::components::{Field, FieldKind, Tone, back_link, field, hidden_fields, notice};
use okienko_web::{Markup, Value, Words, html};

/// Maximum length of the search text, in characters.
const LONGEST: usize = 80;
/// Up to this many results are shown with all their details.
const FEW: usize = 3;

/// The page.
pub fn page(words: &Words, chosen: Chosen<'_>, typed: Option<&str>) -> Response {
    let (office, locale) = (chosen.office, words.locale().tag());
    let typed: String = okienko_typed::line(typed.unwrap_or_default()).chars().take(LONGEST).collect();
    let services = chosen.services();
    let title = words.t("book-service-title");
    let body = html! {
        (back_link(words, &chosen.back_from(Step::Service)))
        (step_line(words, office, Step::Service))
        h1 { (title) }
        (chosen.door(words))
        (search_form(words, chosen, &typed))
        @if !typed.is_empty() {
            @let found = search::find(office, &services, &typed);
            @if found.is_empty() {
                (notice(Tone::Plain, html! { p { (words.ta("search-none", &[("typed", typed.as_str().into())])) } }))
            } @else {
                h2 { (words.ta("search-found", &[("n", Value::from(found.len())), ("typed", typed.as_str().into())])) }
                (rows(words, chosen, &found, found.len() <= FEW))
                p { a href=(chosen.address()) { (words.t("search-all")) } }
            }
        }
        @if typed.is_empty() || search::find(office, &services, &typed).is_empty() {
            @for category in &office.categories {
                @let of_it: Vec<&Service> =
                    services.iter().copied().filter(|service| service.category == category.id).collect();
                @if !of_it.is_empty() {
                    h2 { (category.name.in_locale(locale)) }
                    (rows(words, chosen, &of_it, false))
                }
            }
        }
    };
    document(words, office, &title, body)
}

fn search_form(words: &Words, chosen: Chosen<'_>, typed: &str) -> Markup {
    let (label, action) = (words.t("search-label"), format!("/{}/book", chosen.office.id));
    let hidden: Vec<(&str, &str)> = chosen.location.iter().map(|l| ("location", l.id.as_str())).collect();
    let asked = Field { value: typed, ..Field::new("q", &label, FieldKind::Text) };
    html! {
        form .search-form method="get" action=(action) role="search" {
            (hidden_fields(&hidden))
            (field(words, &asked))
            // In a box of its own, because a button directly inside the form takes the full width on a phone.
            div { button .button type="submit" { (words.t("search")) } }
        }
    }
}

fn rows(words: &Words, chosen: Chosen<'_>, services: &[&Service], open: bool) -> Markup {
    let locale = words.locale().tag();
    html! {
        ul .rows {
            @for service in services { li {
                a .row href=(Chosen { service: Some(service), ..chosen }.address()) {
                    strong { (service.name.in_locale(locale)) }
                    span .muted { (words.n("service-minutes", service.minutes)) }
                }
                (about(words, chosen.office, service, open))
            } }
        }
    }
}

/// What people want to know about a service before choosing it; folded in a long list, to keep the list readable.
fn about(words: &Words, office: &Office, service: &Service, open: bool) -> Markup {
    let locale = words.locale().tag();
    let texts = [
        ("service-bring", office.bring(service)),
        ("service-cost", &service.cost),
        ("service-where", &service.place),
        ("service-on-the-day", &service.on_the_day),
        ("service-come", &office.guide.come),
        ("service-late", office.late(service)),
    ];
    html! {
        details open[open] {
            summary .choice.muted {
                span aria-hidden="true" { "▾" }
                (words.t("service-about"))
                span .visually-hidden { ": " (service.name.in_locale(words.locale().tag())) }
            }
            @for (key, text) in texts {
                @if !text.is_empty() {
                    p { strong { (words.t(key)) } " " (text.in_locale(locale)) }
                }
            }
            @if !service.rules.is_empty() {
                p { strong { (words.t("service-rules")) } }
                ul { @for rule in &service.rules { li { (rule.in_locale(locale)) } } }
            }
        }
    }
}
