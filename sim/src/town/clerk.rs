//! A clerk at a counter: opens, calls, waits for the visitor, serves, transfers, takes a break, closes. Presses again
//! when no answer came. Knows only the outside surface.

use crate::town::Place;
use crate::town::person::Person;
use crate::world::front::Answer;
use http::Method;
use okienko_kernel::{Day, Moment, Span};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// How long a clerk waits for a called visitor.
const COME: Duration = Duration::from_secs(50);

/// A clerk at one counter.
pub struct Clerk {
    /// The person, who asks with the counter's token.
    pub person: Person,
    /// The clerk's location.
    pub place: Arc<Place>,
    /// The counter's number.
    pub counter: String,
    /// Mean length of a visit.
    pub pace: Duration,
}

impl Clerk {
    /// Works through all days.
    pub async fn work(self) {
        for day in self.person.town.days.clone() {
            if let Some((opens, closes)) = self.place.hours(day) {
                let late = Span::from_secs(self.person.dice.range(0..900) as i64);
                self.person.town.until(opens.plus(late)).await;
                self.work_day(day, closes).await;
            }
        }
    }

    async fn work_day(&self, day: Day, closes: Moment) {
        self.act("open", json!({})).await;
        // Visitors present at closing time are still served.
        let home = closes.plus(Span::from_mins(45));
        while self.person.town.now() < home {
            if self.person.dice.chance(0.01) {
                self.take_a_break().await;
            }
            let body = if self.person.dice.chance(0.05) { self.some_services() } else { json!({}) };
            let called = match self.person.dice.chance(0.03) {
                true => self.person.press_twice(Method::POST, &path("call-next"), Some(body)).await,
                false => self.person.insist(Method::POST, &path("call-next"), Some(body)).await,
            };
            match called {
                Some(told) if told.status == 200 => self.receive(day, &told).await,
                // Nobody is waiting, or nobody answers: idle until somebody comes.
                Some(told) if told.status == 204 => self.idle().await,
                Some(told) if told.code() == "counter_busy" => self.find_out(day).await,
                _ => {
                    self.idle().await;
                    self.act("open", json!({})).await;
                }
            }
        }
        self.act("close", json!({})).await;
    }

    async fn idle(&self) {
        let pause = Duration::from_secs(self.person.dice.range(120..420));
        let _ = tokio::time::timeout(pause, self.place.room.news.notified()).await;
        tokio::time::sleep(self.person.dice.millis(500..4_000)).await;
    }

    async fn take_a_break(&self) {
        self.act(if self.person.dice.chance(0.3) { "close" } else { "pause" }, json!({})).await;
        tokio::time::sleep(self.person.dice.around(Duration::from_secs(600))).await;
        self.act("open", json!({})).await;
    }

    /// After an unexpected answer: looks at the counter's state and continues from there.
    async fn find_out(&self, day: Day) {
        match self.person.insist(Method::GET, "/api/v1/desk", None).await {
            Some(told) if told.status == 200 && told.json["state"] == "serving" => {
                self.finish(&told, day).await
            }
            Some(told) if told.status == 200 && !told.json["current"].is_null() => {
                self.receive(day, &told).await;
            }
            _ => tokio::time::sleep(Duration::from_secs(20)).await,
        }
    }

    /// A ticket is called here: waits for its visitor, recalls perhaps once, and serves them.
    async fn receive(&self, day: Day, told: &Answer) {
        let Some(number) = told.text("/current/ticket") else { return };
        if told.text("/counter").as_deref() != Some(self.counter.as_str()) {
            let (mine, theirs) = (&self.counter, &told.json["counter"]);
            self.person.town.ground.watch.broken(format!("counter {mine} was told of counter {theirs}"));
        }
        if self.comes(day, &number).await {
            return self.serve(day, &number, told).await;
        }
        let dice = &self.person.dice;
        if dice.chance(0.4) {
            self.act("recall", json!({})).await;
            if self.comes(day, &number).await {
                return self.serve(day, &number, told).await;
            }
        }
        self.act("no-show", json!({})).await;
        if dice.chance(0.03) {
            self.act("undo", json!({})).await;
        }
    }

    async fn comes(&self, day: Day, number: &str) -> bool {
        let Some(seat) = self.place.room.seat(&day.to_string(), number) else {
            tokio::time::sleep(COME).await;
            return false;
        };
        seat.announce(&self.counter);
        let stands = async {
            while !seat.is_at(&self.counter) {
                seat.came.notified().await;
            }
        };
        tokio::time::timeout(COME, stands).await.is_ok()
    }

    async fn serve(&self, day: Day, number: &str, told: &Answer) {
        let dice = &self.person.dice;
        let seat = self.place.room.seat(&day.to_string(), number);
        if told.text("/current/verify").as_deref() == Some("needed")
            && let Some(code) = seat.as_ref().and_then(|seat| seat.code())
        {
            if dice.chance(0.1) {
                // Too quick: the office wants the visitor verified first.
                self.act("start", json!({})).await;
            }
            self.act("verify", json!({"code": code})).await;
        }
        let Some(started) = self.act("start", json!({})).await.filter(|told| told.status == 200) else {
            return seat.into_iter().for_each(|seat| seat.back());
        };
        tokio::time::sleep(dice.around(self.pace)).await;
        if dice.chance(0.03) {
            let sent_on = self.send_on().await;
            if sent_on {
                return seat.into_iter().for_each(|seat| seat.back());
            }
        }
        self.finish(&started, day).await;
    }

    /// Transfers the visitor to another counter, or sets them aside for a while.
    async fn send_on(&self) -> bool {
        let others = self.place.location.counters.iter().filter(|other| other.number != self.counter);
        let others: Vec<&str> = others.map(|other| other.number.as_str()).collect();
        let sent = match self.person.dice.pick(&others).filter(|_| self.person.dice.chance(0.5)) {
            Some(counter) => self.act("transfer", json!({"counter": counter})).await,
            None => self.act("park", json!({})).await,
        };
        sent.is_some_and(|told| told.status == 200)
    }

    async fn finish(&self, told: &Answer, day: Day) {
        let number = told.text("/current/ticket").unwrap_or_default();
        let done = self.act("finish", json!({})).await;
        if done.is_some_and(|done| done.status == 200)
            && let Some(seat) = self.place.room.seat(&day.to_string(), &number)
        {
            seat.serve();
        }
    }

    async fn act(&self, act: &str, body: Value) -> Option<Answer> {
        self.person.insist(Method::POST, &path(act), Some(body)).await
    }

    fn some_services(&self) -> Value {
        let here = |service: &&okienko_office::Service| service.locations.contains(&self.place.location.id);
        let all: Vec<&str> =
            self.place.office.services.iter().filter(here).map(|it| it.id.as_str()).collect();
        self.person.dice.pick(&all).map_or_else(|| json!({}), |one| json!({"services": [one]}))
    }
}

fn path(act: &str) -> String {
    format!("/api/v1/desk/{act}")
}
