//! The people of the demo: people and devices of each office's first location, one of every role. They are real:
//! enrolled in booking, with a login and the demo's password. Knows no rule.

use okienko_booking::Booking;
use okienko_office::{Location, Office};
use okienko_staff::StaffForm;
use okienko_staff::domain::Post;
use okienko_web::staff::{DemoPerson, Role};
use std::collections::BTreeSet;

/// Clerks of the first counters.
const CLERKS: [(&str, &str); 3] = [("anna", "Anna Nowak"), ("piotr", "Piotr Lis"), ("maria", "Maria Duda")];
/// Everybody else: login, name, role, whether only at the location, first page.
const OTHERS: [(&str, &str, Role, bool, &str); 6] = [
    ("", "Automat biletowy 1", Role::Kiosk, true, "/kiosk"),
    ("ewa.informacja", "Ewa Zych", Role::Reception, true, "/reception"),
    ("jan.kierownik", "Jan Kot", Role::Supervisor, false, "/admin"),
    ("olga.admin", "Olga Bielak", Role::Admin, false, "/admin"),
    ("adam.audyt", "Adam Sowa", Role::Auditor, false, "/admin/access"),
    ("", "Ekran 1", Role::Screen, true, ""),
];

/// Enrols those who are not enrolled yet, and returns those whose token is still valid.
pub async fn seed(booking: &Booking, offices: &[Office]) -> anyhow::Result<Vec<DemoPerson>> {
    let mut people = Vec::new();
    for office in offices {
        let Some(location) = office.locations.first() else { continue };
        for (form, goes_to) in wanted(office, location) {
            let seeded = booking.staff().seed(&office.id, &form).await;
            let token = seeded.map_err(|problem| anyhow::anyhow!("{}: {problem:?}", form.name))?;
            let role = form.post.duties.first().copied();
            let (Some(token), Some(role)) = (token, role) else { continue };
            let placed = form.post.location.is_some();
            let place = if placed { location.name.in_locale("pl").to_owned() } else { String::new() };
            let office = office.name.in_locale("pl").to_owned();
            let StaffForm { login, name, post } = form;
            people.push(DemoPerson {
                name,
                login,
                office,
                place,
                role,
                counter: post.counter,
                token,
                goes_to,
            });
        }
    }
    Ok(people)
}

fn wanted(office: &Office, location: &Location) -> Vec<(StaffForm, String)> {
    let form = |login: String, name: &str, duty, location: Option<&Location>, counter: Option<String>| {
        let location = location.map(|location| location.id.clone());
        let post = Post { duties: BTreeSet::from([duty]), location, counter };
        StaffForm { login, name: name.to_owned(), post }
    };
    let mut wanted = Vec::new();
    for (counter, (login, name)) in location.counters.iter().zip(CLERKS) {
        let login = format!("{login}.okienko{}", counter.number.to_lowercase());
        let number = Some(counter.number.clone());
        wanted.push((form(login, name, Role::Clerk, Some(location), number), "/desk".to_owned()));
    }
    for (login, name, duty, placed, page) in OTHERS {
        let page = if page.is_empty() { format!("/hall/{}/{}", office.id, location.id) } else { page.into() };
        wanted.push((form(login.into(), name, duty, placed.then_some(location), None), page));
    }
    wanted
}
