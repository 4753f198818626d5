//! The frame of an office's own pages: the office, the viewer, the navigation between the pages. Knows no page's
//! content.

use okienko_office::{Office, Offices};
use okienko_web::{Claims, Code, Kind, Markup, OfficeLook, Page, Problem, Role, Words, html};
use serde::Deserialize;
use std::sync::Arc;

/// The office that an operator selects; everybody else has their own.
#[derive(Deserialize)]
pub struct Which {
    /// The office's id.
    pub office: Option<String>,
}

/// The office of a page: the token's own, or the one that an operator selected.
pub fn office_of(offices: &Offices, by: &Claims, asked: Option<&str>) -> Result<Arc<Office>, Problem> {
    let id = asked.unwrap_or(&by.office);
    by.at_office(id)?;
    offices.get(id).map(|known| known.office.clone()).ok_or_else(|| Problem::new(Code::Unknown))
}

/// The navigation: the pages that this person may open; the current one is marked.
fn links(words: &Words, by: &Claims, office: &str) -> Markup {
    let operator = by.has(Role::Operator);
    // An operator belongs to no office, so each link names one; reservations are for the office's own staff.
    let of = if operator { format!("?office={office}") } else { String::new() };
    let reservations: &[Role] = &[Role::Supervisor, Role::Admin, Role::Auditor];
    let ways: [(&str, &str, &[Role], bool); 6] = [
        ("/ops", "admin-nav-ops", &[], true),
        ("/admin", "admin-nav-today", reservations, false),
        ("/admin/suspicious", "admin-nav-suspicious", reservations, false),
        ("/admin/messages", "admin-nav-messages", reservations, false),
        ("/admin/staff", "admin-nav-staff", &[Role::Supervisor, Role::Admin], true),
        ("/admin/access", "admin-nav-access", &[Role::Admin, Role::Auditor], true),
    ];
    let open = ways.iter().filter(
        |(_, _, roles, operators)| {
            if operator { *operators } else { roles.iter().any(|role| by.has(*role)) }
        },
    );
    let here = words.here().split('?').next().unwrap_or_default();
    html! {
        nav .office-nav aria-label=(words.t("admin-nav")) {
            ul {
                @for (href, text, _, _) in open {
                    li { a href={ (href) (of) } aria-current=[(here == *href).then_some("page")] { (words.text_or_key(text)) } }
                }
                li { form method="post" action="/sign-out" { button type="submit" { (words.t("admin-sign-out")) } } }
            }
        }
    }
}

/// The document around an office's own page.
pub fn document(words: &Words, by: &Claims, office: &Office, title: &str, body: Markup) -> Markup {
    let home = if by.has(Role::Operator) { format!("/{}", office.id) } else { "/admin".to_owned() };
    let look = OfficeLook {
        name: office.name.in_locale(words.locale().tag()).to_owned(),
        href: home,
        ..OfficeLook::default()
    };
    let page = Page::new(words, title).kind(Kind::Office).office(&look).aside(links(words, by, &office.id));
    page.footer_link(format!("/{}", office.id), words.t("admin-nav-citizens")).render(body)
}

/// Offices to choose from, for an operator who named none.
pub fn choose(offices: &Offices, words: &Words, page: &str) -> Markup {
    let title = words.t("staff-choose-office");
    let body = html! {
        h1 { (title) }
        ul .rows {
            @for known in offices.all() {
                li { a .row href={ (page) "?office=" (known.office.id) } { (known.office.name.in_locale("pl")) } }
            }
            // Operators and keys for all offices belong to none of them.
            @if page == "/admin/staff" { li { a .row href={ (page) "?office=*" } { (words.t("staff-everywhere")) } } }
        }
    };
    Page::new(words, &title).kind(Kind::Office).render(body)
}
