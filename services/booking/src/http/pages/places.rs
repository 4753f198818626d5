//! The step "where?": the locations that offer the service, with address, hours and the next free day.

use super::book::Chosen;
use super::nearest;
use super::start::hours_of;
use crate::service::Booking;
use axum::response::Response;
use okienko_frame::{document, step_line};
use okienko_office::{LoadedOffice, Step};
use okienko_web::components::back_link;
use okienko_web::{Problem, Words, html};

/// The page.
pub async fn page(
    booking: &Booking,
    known: &LoadedOffice,
    words: &Words,
    chosen: Chosen<'_>,
) -> Result<Response, Problem> {
    let (office, locale) = (chosen.office, words.locale().tag());
    let mut places = Vec::new();
    for location in chosen.locations() {
        let first = match chosen.service {
            Some(service) => {
                let free = nearest::free_hours(booking, known, &location.id, &service.id, 1).await?;
                Some(free.first().map(|(day, _)| *day))
            }
            None => None,
        };
        places.push((location, first));
    }
    let title = words.t("book-location-title");
    let body = html! {
        (back_link(words, &chosen.back_from(Step::Location)))
        (step_line(words, office, Step::Location))
        h1 { (title) }
        (chosen.door(words))
        @if let Some(service) = chosen.service { p .muted { (service.name.in_locale(locale)) } }
        ul .rows {
            @for (location, first) in places { li {
                a .row href=(Chosen { location: Some(location), ..chosen }.address()) {
                    strong { (location.name.in_locale(locale)) }
                    span { (location.address.in_locale(locale)) }
                    @for line in hours_of(words, location) { span .muted { (line) } }
                    @match first {
                        Some(Some(day)) => span {
                            (words.ta("place-first-free", &[("date", words.date(day).into())]))
                        },
                        Some(None) => span { (words.t("place-none-free")) },
                        None => {}
                    }
                }
            } }
        }
    };
    Ok(document(words, office, &title, body))
}
