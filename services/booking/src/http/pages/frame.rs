//! The frame of an office's own pages: which office, who looks, the ways between the pages. Knows no page's content.

use crate::domain::office::Office;
use crate::service::Booking;
use okienko_web::{Claims, Code, Kind, Markup, OfficeLook, Page, Problem, Role, Words, html};
use serde::Deserialize;
use std::sync::Arc;

/// Which office an operator means; everybody else has their own.
#[derive(Deserialize)]
pub struct Which {
    /// The office's id.
    pub office: Option<String>,
}

/// The office of a page: the token's own, or the one that an operator names.
pub fn office_of(booking: &Booking, by: &Claims, asked: Option<&str>) -> Result<Arc<Office>, Problem> {
    let id = asked.unwrap_or(&by.office);
    by.at_office(id)?;
    booking.offices.get(id).map(|known| known.office.clone()).ok_or_else(|| Problem::new(Code::Unknown))
}

/// The links of the header, those that this person may follow.
pub fn links(words: &Words, by: &Claims, office: &str) -> Markup {
    let of = if by.has(Role::Operator) { format!("?office={office}") } else { String::new() };
    let may = |roles: &[Role]| by.has(Role::Operator) || roles.iter().any(|role| by.has(*role));
    html! {
        nav .admin-nav {
            @if may(&[Role::Admin, Role::Supervisor]) {
                a href={ "/admin" (of) } { (words.t("frame-admin")) }
                a href={ "/admin/staff" (of) } { (words.t("frame-staff")) }
            }
            @if may(&[Role::Admin, Role::Auditor]) { a href={ "/admin/access" (of) } { (words.t("frame-access")) } }
            form .button-form method="post" action="/sign-out" {
                button .button.secondary type="submit" { (words.t("sign-out-button")) }
            }
        }
    }
}

/// The document around an office's own page.
pub fn document(words: &Words, by: &Claims, office: &Office, title: &str, body: Markup) -> Markup {
    let look = OfficeLook {
        name: office.name.in_locale(words.locale().tag()).to_owned(),
        href: format!("/{}", office.id),
        ..OfficeLook::default()
    };
    let body = html! { (links(words, by, &office.id)) (body) };
    Page::new(words, title).kind(Kind::Office).office(&look).render(body)
}

/// Offices to choose from, for an operator who named none.
pub fn choose(booking: &Booking, words: &Words, page: &str) -> Markup {
    let title = words.t("staff-choose-office");
    let body = html! {
        h1 { (title) }
        ul .rows {
            @for known in booking.offices.all() {
                li { a .row href={ (page) "?office=" (known.office.id) } { (known.office.name.in_locale("pl")) } }
            }
        }
    };
    Page::new(words, &title).kind(Kind::Office).render(body)
}
