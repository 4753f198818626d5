//! The e-ticket, designed to be read standing and used with one hand; and leaving the queue, in two steps, without a
//! script.

use super::notify::{Wrong, part};
use super::ticket_body::{self, TicketShown};
use super::{TICKET_JS, look, refused};
use crate::domain::TicketState;
use crate::http::notify::before;
use crate::http::ticket::{HallTicket, VISIT, answer, find, give_up};
use crate::offices::Place;
use crate::service::Display;
use crate::view::TicketAnswer;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use okienko_kernel::{Clock, Day, Span, TimeOfDay};
use okienko_web::components;
use okienko_web::{Kind, Markup, Page, Path, Problem, Query, Words, html};
use serde::Deserialize;
use std::sync::Arc;

/// The query of the page.
#[derive(Deserialize)]
pub struct Ask {
    /// With any value: shows the step that asks for confirmation to leave.
    leave: Option<String>,
}

/// The e-ticket.
pub async fn ticket(
    State(display): State<Arc<Display>>,
    words: Words,
    path: Result<Path<String>, Problem>,
    ask: Result<Query<Ask>, Problem>,
) -> Response {
    let answered = async {
        let Path(token) = path?;
        let found = find(&display, &token).await?;
        let asks = ask.is_ok_and(|Query(ask)| ask.leave.is_some());
        let ticket = TicketPage::of(&display, &words, token.clone(), &found);
        if asks && ticket.now.service.is_some() && leavable(ticket.now.state) {
            Ok(ticket.leaving())
        } else {
            Ok(shown(&display, &words, token, &found, None).await)
        }
    };
    answered.await.unwrap_or_else(refused)
}

/// The page of a ticket; `wrong` holds an SMS form that was refused.
pub async fn shown(
    display: &Display,
    words: &Words,
    token: String,
    found: &HallTicket,
    wrong: Option<Wrong>,
) -> Response {
    let ticket = TicketPage::of(display, words, token, found);
    let today = ticket.place.zone.local(display.world.clock.now()).0;
    let waits = matches!(ticket.now.state, TicketState::Waiting | TicketState::Expected);
    let notify = if waits && ticket.now.service.is_some() {
        Some(part(words, &ticket.token, before(display, found).await, wrong.as_ref()))
    } else {
        // Once called, the form is gone; the result of submitting it is shown all the same.
        let said = wrong.map(|wrong| wrong.detail(words));
        said.map(|text| components::refused(html! { p { (text) } }))
    };
    ticket.page(today, notify)
}

/// The holder leaves, without a script. The ticket's page shows the result, even if it was too late to leave.
pub async fn leave(State(display): State<Arc<Display>>, path: Result<Path<String>, Problem>) -> Response {
    let left = async {
        let Path(token) = path?;
        let found: HallTicket = find(&display, &token).await?;
        let unknown = answer(&display, &found).service.is_none();
        match give_up(&display, &found).await {
            // Somebody who has not arrived can only cancel the visit; that is done on its page, which asks first.
            Err(problem) if problem.extra(VISIT).is_some() => {
                let page = problem.extra(VISIT).and_then(|page| page.as_str()).unwrap_or_default();
                Ok(Redirect::to(&format!("{page}/cancel")).into_response())
            }
            Err(problem) if unknown || problem.code().status().is_server_error() => Err(problem),
            _ => Ok(Redirect::to(&format!("/t/{token}")).into_response()),
        }
    };
    left.await.unwrap_or_else(refused)
}

/// Whether a holder may leave in this state. Somebody not in the queue yet has a visit, which is cancelled elsewhere.
fn leavable(state: TicketState) -> bool {
    matches!(state, TicketState::Waiting | TicketState::Absent)
}

/// The data of a ticket's page.
struct TicketPage<'a> {
    now: TicketAnswer,
    day: Day,
    place: Arc<Place>,
    token: String,
    words: &'a Words,
}

impl<'a> TicketPage<'a> {
    fn of(display: &Display, words: &'a Words, token: String, found: &HallTicket) -> TicketPage<'a> {
        let now = answer(display, found);
        TicketPage { now, day: found.id.way().day, place: found.hall.place(), token, words }
    }

    fn number(&self) -> &str {
        self.now.number.as_deref().unwrap_or_default()
    }

    fn title(&self) -> String {
        match self.number() {
            "" => self.words.t("page-ticket-no-number"),
            number => self.words.ta("page-ticket", &[("number", number.into())]),
        }
    }

    fn page(&self, today: Day, notify: Option<Markup>) -> Response {
        let words = self.words;
        let api = format!("/api/v1/tickets/{}", self.token);
        let events = format!("{api}/events");
        let shown = TicketShown {
            api: &api,
            events: &events,
            zone: self.place.zone.name(),
            number: self.number(),
            state: self.now.state.name(),
            ahead: self.now.ahead.and_then(|n| u32::try_from(n).ok()).unwrap_or_default(),
            wait: self.now.expected_wait.as_ref().map(|wait| (wait.low_min, wait.high_min)),
            counter: self.now.counter.as_deref().unwrap_or_default(),
            sentences: vec![
                ("expected", self.expected(today)),
                ("over", self.dated("ticket-over")),
                ("cancelled", self.dated("ticket-cancelled-day")),
            ],
        };
        let known = self.now.service.is_some();
        let body = html! {
            @if self.number().is_empty() { h1 .ticket-heading { (words.t("ticket-heading")) } }
            (ticket_body::ticket(words, &shown))
            (self.facts())
            @if let Some(notify) = notify { (notify) }
            @if known && self.now.state == TicketState::Expected { p .hint { (words.t("leave-expected")) } }
            @if known && leavable(self.now.state) {
                div .ticket-leave {
                    p .hint { (words.t("ticket-keep-open")) }
                    form method="get" action={ "/t/" (self.token) } {
                        button .button.secondary name="leave" value="1" { (words.t("leave-button")) }
                    }
                }
            }
        };
        self.render(Page::new(words, &self.title()).script(&TICKET_JS), body)
    }

    /// The step that asks for confirmation.
    fn leaving(&self) -> Response {
        let words = self.words;
        let lead = match self.number() {
            "" => words.t("leave-lead-no-number"),
            number => words.ta("leave-lead", &[("number", number.into())]),
        };
        let ahead = self.now.ahead.and_then(|n| i64::try_from(n).ok());
        let href = format!("/t/{}", self.token);
        let body = html! {
            h1 { (words.t("leave-title")) }
            @if let Some(n) = ahead { p .lead { (words.n("leave-ahead", n)) } }
            p { (lead) }
            div .actions {
                a .button href=(href) { (words.t("leave-stay")) }
                form .button-form method="post" action=(href) {
                    button .button.danger { (words.t("leave-confirm")) }
                }
            }
        };
        self.render(Page::new(words, &words.t("leave-title")), body)
    }

    fn render(&self, page: Page<'_>, body: Markup) -> Response {
        page.kind(Kind::Ticket).office(&look(&self.place)).render(body).into_response()
    }

    /// What happens next for a visitor who is not in the queue yet.
    fn expected(&self, today: Day) -> String {
        if self.day != today {
            return self.dated("ticket-expected-day");
        }
        let booked = self.now.booked.as_deref().and_then(|hour| hour.parse::<TimeOfDay>().ok());
        let Some(booked) = booked else { return self.words.t("ticket-expected-today") };
        let rules = self.place.location.rules.as_ref();
        let Some(rules) = rules.filter(|rules| !rules.placed_at_hour) else {
            return self.words.ta("ticket-expected-hour", &[("time", self.words.time(booked).into())]);
        };
        let Some(hour) = self.place.zone.moment(self.day, booked) else {
            return self.words.t("ticket-expected-today");
        };
        let before = |minutes: i32| {
            let (_, time) = self.place.zone.local(hour.minus(Span::from_mins(minutes.into())));
            self.words.time(time)
        };
        let values = [
            ("from", before(rules.check_in_opens_min).into()),
            ("to", before(rules.check_in_closes_min).into()),
        ];
        self.words.ta("ticket-expected-check-in", &values)
    }

    fn dated(&self, key: &str) -> String {
        self.words.ta(key, &[("date", self.words.date(self.day).into())])
    }

    fn facts(&self) -> Markup {
        let words = self.words;
        let location = &self.place.location;
        html! {
            dl .definitions {
                @if let Some(name) = &self.now.service_name {
                    div { dt { (words.t("ticket-service")) } dd { (name) } }
                }
                div {
                    dt { (words.t("ticket-place")) }
                    dd { (location.name) @if !location.address.is_empty() { br; (location.address) } }
                }
                @if let Some(booked) = &self.now.booked {
                    div { dt { (words.t("ticket-booked")) } dd .num { (booked) } }
                }
                div { dt { (words.t("ticket-day")) } dd { (words.date(self.day)) } }
            }
        }
    }
}
