//! A visitor from start to end: books or walks in, comes on time, late or never, waits, is called, gives up. Knows only
//! the outside surface.

use crate::town::Place;
use crate::town::book::{Booked, Tried};
use crate::town::person::Person;
use crate::town::room::Seat;
use crate::world::front::Answer;
use http::Method;
use okienko_kernel::{Day, Moment, Span};
use okienko_office::Service;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// A waiting visitor looks up at least this often.
const LOOK_UP: Duration = Duration::from_secs(900);

/// A visitor who wants one service.
pub struct Visitor {
    /// How they send requests.
    pub person: Person,
    /// Their number in the run.
    pub number: u64,
    /// Where they go.
    pub place: Arc<Place>,
    /// The service they want.
    pub service: Service,
}

/// A ticket in the visitor's hand.
struct Ticket {
    number: String,
    token: Option<String>,
}

impl Visitor {
    /// Takes a ticket on that day, at that moment, and waits.
    pub async fn walk_in(self, day: Day, at: Moment) {
        self.at_stage("on the way");
        self.person.town.until(at).await;
        let body = json!({"service": self.service.id});
        let kiosk = self.person.with(&self.place.kiosk);
        let told = match self.person.dice.chance(0.1) {
            true => kiosk.press_twice(Method::POST, "/api/v1/kiosk/tickets", Some(body)).await,
            false => kiosk.insist(Method::POST, "/api/v1/kiosk/tickets", Some(body)).await,
        };
        let how = match told {
            Some(told) if told.status == 201 => match self.ticket(day, &told) {
                Some(ticket) => self.wait(day, ticket, None).await,
                None => "no ticket",
            },
            Some(_) => "kiosk refused",
            None => "gave up at the kiosk",
        };
        self.end(how);
    }

    /// Starts booking an hour of that day at that moment; comes or stays away.
    pub async fn book_and_come(self, day: Day, at: Moment) {
        self.at_stage("booking");
        self.person.town.until(at).await;
        let how = match self.person.book(&self.place, &self.service, day).await {
            Tried::Booked(booked) => self.come(day, &booked).await,
            Tried::Ended(how) => how,
        };
        self.end(how);
    }

    async fn come(&self, day: Day, booked: &Booked) -> &'static str {
        let (town, dice) = (&self.person.town, &self.person.dice);
        let zone = &self.place.office.zone;
        let hour = booked.time.parse().ok().and_then(|time| zone.moment(day, time)).unwrap_or_default();
        if dice.chance(0.12) {
            self.at_stage("changing their mind");
            let left = hour.since(town.now()).micros().max(0) as u64 / 1_000_000;
            tokio::time::sleep(Duration::from_secs(dice.range(0..left.max(1)))).await;
            return self.cancel(booked).await;
        }
        if dice.chance(0.1) {
            return "never came";
        }
        self.at_stage("waiting for the hour");
        let rules = &self.place.location.queue;
        let early = if rules.placed_at_hour { -900..600 } else { self.window() };
        let width = (early.end - early.start).max(1) as u64;
        let offset = early.start + dice.range(0..width) as i64;
        town.until(hour.plus(Span::from_secs(offset))).await;
        let known = booked.ticket.clone().filter(|_| rules.placed_at_hour);
        match known {
            // A ticket that was issued with the booking enters the queue at the hour by itself.
            Some(number) if dice.chance(0.7) => {
                let ticket = Ticket { number, token: booked.ticket_token.clone() };
                self.wait(day, ticket, Some(booked)).await
            }
            _ => self.check_in(day, booked).await,
        }
    }

    /// Seconds around the hour in which people come to the kiosk: a bit wider than the check-in window.
    fn window(&self) -> std::ops::Range<i64> {
        let rules = &self.place.location.queue;
        let (opens, closes) = (i64::from(rules.check_in_opens_min), i64::from(rules.check_in_closes_min));
        -(opens * 60) - 120..-(closes * 60) + 90
    }

    async fn check_in(&self, day: Day, booked: &Booked) -> &'static str {
        self.at_stage("checking in");
        let asks = self.place.location.queue.check_in_asks_service;
        let service = asks.then(|| self.service.id.clone());
        let body = json!({"code": booked.code, "service": service});
        let kiosk = self.person.with(&self.place.kiosk);
        for _ in 0..4 {
            let Some(told) = kiosk.insist(Method::POST, "/api/v1/kiosk/check-ins", Some(body.clone())).await
            else {
                return "gave up at the kiosk";
            };
            match (told.status, told.code()) {
                (201, _) => {
                    return match self.ticket(day, &told) {
                        Some(ticket) => self.wait(day, ticket, Some(booked)).await,
                        None => "no ticket",
                    };
                }
                // Not known here yet, or a moment too early: try again.
                (404, _) | (_, "too_early") => tokio::time::sleep(Duration::from_secs(75)).await,
                (_, "too_late" | "cancelled") => return "came too late",
                _ => return "check-in refused",
            }
        }
        "check-in refused"
    }

    async fn cancel(&self, booked: &Booked) -> &'static str {
        let ledger = &self.person.town.ledger;
        ledger.cancelling(booked.id);
        let path = format!("/api/v1/reservations/{}/cancel", booked.token);
        match self.person.insist(Method::POST, &path, None).await {
            Some(told) if told.status == 200 => {
                ledger.cancelled(booked.id);
                "cancelled"
            }
            Some(_) => "cancelled too late",
            None => "gave up cancelling",
        }
    }

    fn ticket(&self, day: Day, told: &Answer) -> Option<Ticket> {
        let (number, token) = (told.text("/ticket/number")?, told.text("/ticket/token")?);
        let at = (self.place.office.id.as_str(), self.place.location.id.as_str(), day.to_string());
        self.person.town.ledger.ticket((at.0, at.1, &at.2), &number, &token);
        Some(Ticket { number, token: Some(token) })
    }

    /// Sits in the hall until served, tired of waiting, or sent home.
    async fn wait(&self, day: Day, ticket: Ticket, booked: Option<&Booked>) -> &'static str {
        self.at_stage("waiting in the hall");
        let (town, dice, day) = (&self.person.town, &self.person.dice, day.to_string());
        let seat = self.place.room.sit(&day, &ticket.number, booked.map(|it| it.code.as_str()));
        let tired = town.now().plus(Span::from_mins(dice.range(60..600) as i64));
        let hearing = if dice.chance(0.85) { 0.97 } else { 0.4 };
        let closes = day.parse().ok().and_then(|day| self.place.hours(day)).map(|hours| hours.1);
        let home = closes.unwrap_or_default().plus(Span::from_mins(120));
        let how = loop {
            let _ = tokio::time::timeout(LOOK_UP, seat.called.notified()).await;
            if seat.is_served() {
                if let Some(booked) = booked {
                    town.ledger.served(booked.id);
                }
                break "served";
            }
            if let Some(counter) = seat.heard()
                && dice.chance(hearing)
            {
                self.walk(&seat, &counter).await;
                continue;
            }
            if town.now() > home {
                break "sent home";
            }
            if town.now() > tired && ticket.token.is_some() {
                break self.leave(&ticket).await;
            }
            self.look_at_phone(&ticket).await;
        };
        self.place.room.leave(&day, &ticket.number);
        how
    }

    async fn walk(&self, seat: &Seat, counter: &str) {
        tokio::time::sleep(self.person.dice.around(Duration::from_secs(15))).await;
        seat.go(counter);
    }

    async fn leave(&self, ticket: &Ticket) -> &'static str {
        let Some(token) = ticket.token.as_ref().filter(|_| self.person.dice.chance(0.7)) else {
            return "walked off";
        };
        let left = self.person.insist(Method::POST, &format!("/api/v1/tickets/{token}/leave"), None).await;
        match left {
            Some(told) if told.status == 200 => "left the queue",
            _ => "walked off",
        }
    }

    /// Looks at the e-ticket sometimes: it must show their own number.
    async fn look_at_phone(&self, ticket: &Ticket) {
        let Some(token) = ticket.token.as_ref().filter(|_| self.person.dice.chance(0.3)) else { return };
        let told = self.person.once(Method::GET, &format!("/api/v1/tickets/{token}"), None, None).await;
        let Ok(told) = told else { return };
        let shown = told.text("/number");
        if told.status == 200 && shown.as_ref().is_some_and(|shown| *shown != ticket.number) {
            let (ground, mine) = (&self.person.town.ground, &ticket.number);
            ground.watch.broken(format!("the e-ticket of {mine} shows {shown:?}"));
        }
    }

    fn at_stage(&self, stage: &'static str) {
        self.person.town.pending.lock().insert(self.number, stage);
    }

    fn end(&self, how: &'static str) {
        self.person.town.pending.lock().remove(&self.number);
        self.person.town.ledger.ended(how);
    }
}
