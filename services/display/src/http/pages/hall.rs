//! The screens of a hall and of its counters.

use super::hall_body::{self, CallShown, Hall, WaitShown};
use super::{HALL_JS, look, refused};
use crate::halls::Hall as Live;
use crate::http::board::find;
use crate::offices::Place;
use crate::service::Display;
use crate::view::{HallView, hall as view};
use crate::voice::VoiceMode;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use okienko_kernel::Clock;
use okienko_web::{Code, Kind, Markup, Page, Path, Problem, Words};
use std::sync::Arc;

/// What both kinds of screens need.
struct ScreenContext {
    place: Arc<Place>,
    board: HallView,
    snapshot: String,
    events: String,
    clock: String,
    date: String,
    notices: Vec<String>,
    sound: Option<String>,
}

impl ScreenContext {
    fn of(display: &Display, live: &Live, words: &Words) -> ScreenContext {
        let place = live.place();
        let now = display.world.clock.now();
        let board = live.look(now, |board, outlook| view(board, outlook, &place));
        let snapshot = format!("/api/v1/halls/{}/{}", place.office.id, place.location.id);
        let events = format!("{snapshot}/events");
        let (day, time) = place.zone.local(now);
        let (clock, date) = (time.to_string(), words.date(day));
        // What everybody who waits here may want to know; the number of calls is this office's.
        let calls = place.location.rules.as_ref().map_or(1, |rules| rules.calls.max(1));
        let again = if calls > 1 { words.n("hall-notice-calls", calls) } else { words.t("hall-notice-once") };
        let notices = vec![again, words.t("hall-notice-phone")];
        let sound = (display.heard(&place) != VoiceMode::None).then(|| words.t("hall-sound"));
        ScreenContext { place, board, snapshot, events, clock, date, notices, sound }
    }

    fn shown(&self) -> Hall<'_> {
        let calls = self.board.calls.iter().map(|call| CallShown {
            ticket: call.ticket.clone(),
            counter: call.counter.clone(),
            attempt: call.attempt,
            state: call.state.name().to_owned(),
        });
        let waiting = self.board.waiting.iter().map(|line| WaitShown {
            name: line.name.clone(),
            waiting: u32::try_from(line.waiting).unwrap_or(u32::MAX),
            next: line.tickets.clone(),
            range: line.low_min.zip(line.high_min),
        });
        Hall {
            snapshot: &self.snapshot,
            events: &self.events,
            zone: self.place.zone.name(),
            clock: &self.clock,
            date: &self.date,
            office: &self.place.office.name,
            place: &self.place.location.name,
            calls: calls.collect(),
            waiting: waiting.collect(),
            notices: self.notices.clone(),
            sound: self.sound.as_deref(),
        }
    }

    fn page(&self, words: &Words, kind: Kind, title: &str, body: Markup) -> Response {
        let look = look(&self.place);
        Page::new(words, title).kind(kind).office(&look).script(&HALL_JS).render(body).into_response()
    }
}

/// The screen of a hall.
pub async fn hall(
    State(display): State<Arc<Display>>,
    words: Words,
    path: Result<Path<(String, String)>, Problem>,
) -> Response {
    let seen = async {
        let Path((office, location)) = path?;
        let live = find(&display, &office, &location).await?;
        Ok(ScreenContext::of(&display, &live, &words))
    };
    match seen.await {
        Ok(seen) => {
            let title = words.ta("page-hall", &[("place", seen.place.location.name.as_str().into())]);
            seen.page(&words, Kind::Hall, &title, hall_body::hall(&words, &seen.shown()))
        }
        Err(problem) => refused(problem),
    }
}

/// The screen over one counter.
pub async fn counter(
    State(display): State<Arc<Display>>,
    words: Words,
    path: Result<Path<(String, String, String)>, Problem>,
) -> Response {
    let seen = async {
        let Path((office, location, number)) = path?;
        let live = find(&display, &office, &location).await?;
        let seen = ScreenContext::of(&display, &live, &words);
        let planned = seen.place.location.counters.iter().any(|counter| counter.number == number);
        let used = seen.board.counters.iter().any(|counter| counter.counter == number);
        if planned || used { Ok((seen, number)) } else { Err(Problem::from(Code::Unknown)) }
    };
    match seen.await {
        Ok((seen, number)) => {
            let now = seen.board.counters.iter().find(|counter| counter.counter == number);
            let state = now.map_or("closed", |counter| counter.state.name());
            let shows = now.and_then(|counter| counter.ticket.as_deref()).unwrap_or_default();
            let body = hall_body::counter(&words, &seen.shown(), &number, state, shows);
            let values =
                [("counter", number.as_str().into()), ("place", seen.place.location.name.as_str().into())];
            seen.page(&words, Kind::Counter, &words.ta("page-counter", &values), body)
        }
        Err(problem) => refused(problem),
    }
}
