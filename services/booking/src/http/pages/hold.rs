//! A held hour on its pages: who may see it (whoever has its cookie), what is shown when it is over, giving it back.
//! The pages of form, phone and code build on this.

use super::office_of;
use crate::citizen::HoldState;
use crate::come::come;
use crate::service::Booking;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use okienko_day::HoldEnd;
use okienko_frame::{document_as, see};
use okienko_kernel::Id;
use okienko_office::{LoadedOffice, Service};
use okienko_web::components::{Weight, button_form, hold_line};
use okienko_web::cookies::Cookie;
use okienko_web::staff::same_origin;
use okienko_web::{Code, Markup, Path, Problem, Words, html};
use std::sync::Arc;

/// The cookie with a hold's secret; each is for the pages of its own hold.
const COOKIE: Cookie<'_> = Cookie::new("hold");
/// How long the browser keeps it, so that a page opened again still leads to the visit.
const COOKIE_SECONDS: u32 = 24 * 3600;

/// An active hold, requested by its holder.
pub struct RunningHold {
    /// Its id.
    pub id: Id,
    /// The hold with everything that belongs to it.
    pub state: HoldState,
    /// The address of its pages, without a trailing slash.
    pub path: String,
}

impl RunningHold {
    /// The service that it is for.
    pub fn service(&self) -> Result<&Service, Problem> {
        self.state.service()
    }
    /// Whole seconds left.
    pub fn seconds(&self) -> u32 {
        u32::try_from(self.state.remaining_s).unwrap_or_default()
    }
    /// What, where and when, in one paragraph.
    pub fn about(&self, words: &Words) -> Markup {
        let (office, locale) = (&self.state.known.office, words.locale().tag());
        let name = office.service(&self.state.hold.service).map(|s| s.name.in_locale(locale));
        let place = office.location(&self.state.location).map(|l| l.name.in_locale(locale));
        html! {
            p .muted {
                (name.unwrap_or_default()) br;
                (place.unwrap_or_default()) br;
                (words.date_time(self.id.way().day, self.state.hold.time))
            }
        }
    }
    /// When to come for it.
    pub fn come(&self, words: &Words) -> String {
        let office = &self.state.known.office;
        let location = office.location(&self.state.location);
        let at = office.zone.moment(self.id.way().day, self.state.hold.time);
        at.map(|at| come(office, location, at, words.locale().tag())).unwrap_or_default()
    }
    /// The unobtrusive line with the time left.
    pub fn line(&self, words: &Words) -> Markup {
        hold_line(words, self.seconds(), None)
    }
    /// The button that gives the hour back.
    pub fn give_back(&self, words: &Words) -> Markup {
        button_form(&format!("{}/release", self.path), &words.t("hold-release"), &[], Weight::Secondary)
    }
}

/// What a hold's page may show: the active hold, or a response that is already complete.
pub type Opened = Result<RunningHold, Response>;

/// The hold at an address, for browsers with its cookie. A confirmed one redirects to its visit; for one that is over,
/// the page says so.
pub async fn opened(
    booking: &Booking,
    words: &Words,
    (office, hold): (&str, &str),
    headers: &HeaderMap,
) -> Result<Opened, Problem> {
    let known = office_of(booking, office)?;
    let (id, state) = match booking.hold(hold, COOKIE.at(hold, "").read(headers)).await {
        Ok(found) => found,
        Err(problem) if problem.code() == Code::Forbidden => return Ok(Err(elsewhere(words, &known))),
        Err(problem) => return Err(problem),
    };
    if state.known.office.id != known.office.id {
        return Err(Problem::new(Code::Unknown));
    }
    if let Some(reservation) = state.reservation {
        let token = reservation.token(&booking.service.world.keys);
        return Ok(Err(see(&format!("/{office}/visit/{token}"))));
    }
    if state.remaining_s <= 0 {
        return Ok(Err(over(words, id, &state)));
    }
    Ok(Ok(RunningHold { id, state, path: format!("/{office}/book/hold/{id}") }))
}

/// The same, for changes: the browser must state that our own page sent the request.
pub async fn changed(
    booking: &Booking,
    words: &Words,
    address: (&str, &str),
    headers: &HeaderMap,
) -> Result<Opened, Problem> {
    if !same_origin(headers) {
        return Err(Problem::new(Code::Forbidden).hint("the request comes from another site"));
    }
    opened(booking, words, address, headers).await
}

/// The page of a hold that is over: how to go on.
pub fn over(words: &Words, id: Id, state: &HoldState) -> Response {
    let office = &state.known.office;
    let released = state.hold.end == Some(HoldEnd::Released);
    let title = words.t(if released { "over-released-title" } else { "over-title" });
    let body = html! {
        h1 { (title) }
        p .lead { (words.t(if released { "over-released" } else { "over-expired" })) }
        p { a .button href=(hours_address(id, state)) { (words.t("over-choose")) } }
        p { a href={ "/" (office.id) "/book" } { (words.t("over-anew")) } }
    };
    document_as(StatusCode::GONE, words, office, &title, body)
}

/// The page of hours on which the held one was chosen.
fn hours_address(id: Id, state: &HoldState) -> String {
    let (office, day) = (&state.known.office.id, id.way().day);
    format!("/{office}/book?service={}&location={}&date={day}", state.hold.service, state.location)
}

/// The page for a browser that does not hold this hour.
fn elsewhere(words: &Words, known: &LoadedOffice) -> Response {
    let title = words.t("elsewhere-title");
    let body = html! {
        h1 { (title) }
        p .lead { (words.t("elsewhere")) }
        p { a .button href={ "/" (known.office.id) "/book" } { (words.t("over-anew")) } }
    };
    document_as(StatusCode::FORBIDDEN, words, &known.office, &title, body)
}

/// Gives the hour back and leads to the page of hours.
pub async fn release(
    State(booking): State<Arc<Booking>>,
    Path((office, hold)): Path<(String, String)>,
    headers: HeaderMap,
    words: Words,
) -> Result<Response, Problem> {
    let held = match changed(&booking, &words, (&office, &hold), &headers).await? {
        Ok(held) => held,
        Err(answer) => return Ok(answer),
    };
    booking.release(held.id, &held.state).await?;
    Ok(see(&format!("{}&notice=released", hours_address(held.id, &held.state))))
}

/// Opening a button's address with GET leads to its page.
pub async fn to_form(Path((office, hold)): Path<(String, String)>) -> Response {
    see(&format!("/{office}/book/hold/{hold}"))
}

/// Redirects to a hold's form and gives the browser its secret.
pub fn with_cookie(booking: &Booking, office: &str, hold: Id) -> Response {
    let path = format!("/{office}/book/hold/{hold}");
    let (secret, id) = (booking.hold_secret(hold), hold.to_string());
    let mut response = see(&path);
    COOKIE.at(&id, &path).set(&mut response, booking.is_https(), &secret, Some(COOKIE_SECONDS));
    response
}
