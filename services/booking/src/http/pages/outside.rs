//! The page for people who may not book from where they are: what it means, what they can do, and that existing
//! reservations stay accessible from anywhere. It is shown at the beginning of booking, not at its end.

use axum::response::Response;
use http::StatusCode;
use okienko_frame::document_as;
use okienko_office::Office;
use okienko_web::{Words, html};

/// The page.
pub fn page(words: &Words, office: &Office) -> Response {
    let locale = words.locale().tag();
    let title = words.t("outside-title");
    let body = html! {
        h1 { (title) }
        p .lead { (words.t("outside-lead")) }
        h2 { (words.t("outside-vpn-title")) }
        p { (words.t("outside-vpn")) }
        p { a .button href={ "/" (office.id) "/book" } { (words.t("outside-again")) } }
        h2 { (words.t("outside-abroad-title")) }
        p { (words.t("outside-abroad")) }
        ul { @for location in &office.locations { li {
            strong { (location.name.in_locale(locale)) } br;
            (location.address.in_locale(locale))
        } } }
        h2 { (words.t("outside-kept-title")) }
        p { (words.t("outside-kept")) }
    };
    document_as(StatusCode::FORBIDDEN, words, office, &title, body)
}
