//! The choices so far, as in the address, and which step comes next in the office's order. Knows no days and no hours;
//! the steps' own files show them.

use super::{dates, office_of, outside, places, services};
use crate::service::Booking;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use okienko_accounts::pages as account;
use okienko_frame::see;
use okienko_gate::Asker;
use okienko_kernel::Day;
use okienko_office::{AccountRule, Location, Office, Service, Step};
use okienko_web::{ClientAddr, Markup, Path, Problem, Query, Words, html};
use serde::Deserialize;
use std::sync::Arc;

/// Query parameters of a step.
#[derive(Deserialize, Default)]
pub struct StepQuery {
    service: Option<String>,
    location: Option<String>,
    month: Option<String>,
    date: Option<String>,
    /// The search text.
    pub(super) q: Option<String>,
    /// The notice to show, see [`dates::told`].
    pub(super) notice: Option<String>,
}

/// The choices so far, known to exist and to belong together.
#[derive(Clone, Copy)]
pub struct Chosen<'a> {
    /// The office.
    pub office: &'a Office,
    /// The service, if chosen.
    pub service: Option<&'a Service>,
    /// The location, if chosen.
    pub location: Option<&'a Location>,
    /// Whether the user must sign in before an hour can be held.
    pub signs_in_first: bool,
}

impl<'a> Chosen<'a> {
    fn read(office: &'a Office, asked: &StepQuery) -> Chosen<'a> {
        let service = asked.service.as_deref().and_then(|id| office.service(id));
        let location = asked.location.as_deref().and_then(|id| office.location(id));
        let location = location.filter(|place| service.is_none_or(|service| offers(service, place)));
        Chosen { office, service, location, signs_in_first: false }
    }
    /// The address of the next step.
    pub fn address(&self) -> String {
        let service = self.service.map(|service| format!("service={}", service.id));
        let location = self.location.map(|location| format!("location={}", location.id));
        let query: Vec<String> = service.into_iter().chain(location).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/{}/book{mark}{}", self.office.id, query.join("&"))
    }
    /// The address of a month or day, once service and location are chosen: `("date", "2026-12-01")`.
    pub fn with(&self, name: &str, value: impl std::fmt::Display) -> String {
        let address = self.address();
        let mark = if address.contains('?') { '&' } else { '?' };
        format!("{address}{mark}{name}={value}")
    }
    /// The notice to sign in first, if required.
    pub fn door(&self, words: &Words) -> Markup {
        html! { @if self.signs_in_first { (account::first(words, self.office, &self.address())) } }
    }
    /// The services that can still be chosen.
    pub fn services(&self) -> Vec<&'a Service> {
        let here = |service: &&Service| self.location.is_none_or(|place| offers(service, place));
        self.office.services.iter().filter(here).collect()
    }
    /// The locations that can still be chosen.
    pub fn locations(&self) -> Vec<&'a Location> {
        let has = |place: &&Location| self.service.is_none_or(|service| offers(service, place));
        self.office.locations.iter().filter(has).collect()
    }
    /// The first step without a choice; `Time` when service and location are chosen.
    fn next(&self) -> Step {
        let open = |step: &&Step| match step {
            Step::Service => self.service.is_none(),
            Step::Location => self.location.is_none(),
            _ => false,
        };
        // An office with one location has no step for it; like every only choice, it is made automatically.
        let all = self.office.steps.iter().chain(&[Step::Service, Step::Location]);
        all.copied().find(|step| open(&step)).unwrap_or(Step::Time)
    }
    /// Where "back" leads from a step: to the last earlier step at which there was something to choose.
    pub fn back_from(&self, step: Step) -> String {
        let steps = &self.office.steps;
        let at = steps.iter().position(|s| *s == step).unwrap_or_default();
        let mut chosen = *self;
        for before in steps[..at].iter().rev() {
            let choices = match before {
                Step::Service => {
                    chosen.service = None;
                    chosen.services().len()
                }
                Step::Location => {
                    chosen.location = None;
                    chosen.locations().len()
                }
                _ => 0,
            };
            if choices > 1 {
                return chosen.address();
            }
        }
        format!("/{}", self.office.id)
    }
}

fn offers(service: &Service, location: &Location) -> bool {
    service.locations.contains(&location.id)
}

/// The page of the next step.
pub async fn step(
    State(booking): State<Arc<Booking>>,
    Path(office): Path<String>,
    client: ClientAddr,
    Query(asked): Query<StepQuery>,
    headers: HeaderMap,
    words: Words,
) -> Result<Response, Problem> {
    let known = office_of(&booking, &office)?;
    if !booking.gate.in_territory(&known.office, client) {
        return Ok(outside::page(&words, &known.office));
    }
    let chosen = Chosen {
        signs_in_first: known.office.account == AccountRule::Required
            && account::counted_as(&booking.accounts, &known, &headers).is_none(),
        ..Chosen::read(&known.office, &asked)
    };
    // Unknown choices, or ones that do not belong together, are asked for again.
    let dropped = (asked.service.is_some() && chosen.service.is_none())
        || (asked.location.is_some() && chosen.location.is_none());
    if dropped {
        return Ok(see(&chosen.address()));
    }
    match chosen.next() {
        Step::Service => match chosen.services()[..] {
            [only] => Ok(see(&Chosen { service: Some(only), ..chosen }.address())),
            _ => Ok(services::page(&words, chosen, asked.q.as_deref())),
        },
        Step::Location => match chosen.locations()[..] {
            [only] => Ok(see(&Chosen { location: Some(only), ..chosen }.address())),
            _ => places::page(&booking, &known, &words, chosen).await,
        },
        _ => {
            let account = account::counted_as(&booking.accounts, &known, &headers);
            booking.gate.before_listing(&known.office, Asker { client, account: account.as_deref() }).await?;
            let date = asked.date.as_deref().map(str::parse::<Day>);
            let month = asked.month.as_deref().map(dates::month);
            let works = booking.gate.asks_work(&known.office, client);
            let seen = dates::DatesContext { booking: &booking, known: &known, words: &words, chosen, works };
            match (date, month) {
                (Some(Ok(day)), _) => dates::hours(seen, day, asked.notice.as_deref()).await,
                (Some(Err(_)), _) | (None, Some(None)) => Ok(see(&chosen.address())),
                (None, month) => dates::days(seen, month.flatten(), asked.notice.as_deref()).await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_office::file;

    fn torun() -> Office {
        file::read(include_str!("../../../../../deploy/offices/torun.toml")).unwrap()
    }

    fn asked(service: &str, location: &str) -> StepQuery {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        StepQuery { service: given(service), location: given(location), ..StepQuery::default() }
    }

    #[test]
    fn the_steps_follow_the_offices_order() {
        let mut office = torun();
        let none = asked("", "");
        assert_eq!(Chosen::read(&office, &none).next(), Step::Service);
        assert_eq!(Chosen::read(&office, &asked("meldunek", "")).next(), Step::Location);
        assert_eq!(Chosen::read(&office, &asked("meldunek", "plaza")).next(), Step::Time);
        office.steps.swap(0, 1);
        assert_eq!(Chosen::read(&office, &none).next(), Step::Location);
        assert_eq!(Chosen::read(&office, &asked("", "plaza")).services().len(), 5);
    }

    #[test]
    fn back_leads_to_the_last_step_with_a_choice() {
        let office = torun();
        let back = |service, location, step| {
            let asked = asked(service, location);
            Chosen::read(&office, &asked).back_from(step)
        };
        assert_eq!(back("meldunek", "plaza", Step::Time), "/torun/book?service=meldunek");
        assert_eq!(back("meldunek", "", Step::Location), "/torun/book");
        assert_eq!(back("", "", Step::Service), "/torun");
        // Vehicles are registered at only one location, so there was nothing to choose.
        assert_eq!(back("rejestracja-pojazdu", "glowny", Step::Time), "/torun/book");
    }

    #[test]
    fn a_place_that_does_not_offer_the_service_is_not_taken() {
        let office = torun();
        let asked = asked("rejestracja-pojazdu", "plaza");
        assert!(Chosen::read(&office, &asked).location.is_none());
    }
}
