//! A hall as people see it: who sits where, who is called, who stands at which counter. Knows no request.

use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Notify;

/// A hall on all days of the run.
#[derive(Default)]
pub struct Room {
    seats: Mutex<BTreeMap<String, Arc<Seat>>>,
    /// Notified when somebody new may be called.
    pub news: Notify,
}

/// The state of one visitor in the hall.
#[derive(Default)]
pub struct Seat {
    state: Mutex<SeatState>,
    /// Wakes the visitor.
    pub called: Notify,
    /// Wakes the clerk.
    pub came: Notify,
}

#[derive(Default, Clone)]
struct SeatState {
    call: Option<String>,
    at: Option<String>,
    served: bool,
    code: Option<String>,
}

impl Room {
    /// Takes a seat with a ticket of a day.
    pub fn sit(&self, day: &str, number: &str, code: Option<&str>) -> Arc<Seat> {
        let seat = Arc::new(Seat::default());
        seat.state.lock().code = code.map(str::to_owned);
        self.seats.lock().insert(format!("{day}/{number}"), seat.clone());
        self.news.notify_waiters();
        seat
    }

    /// Leaves the hall for good.
    pub fn leave(&self, day: &str, number: &str) {
        self.seats.lock().remove(&format!("{day}/{number}"));
    }

    /// The visitor with that ticket, if in the hall.
    pub fn seat(&self, day: &str, number: &str) -> Option<Arc<Seat>> {
        self.seats.lock().get(&format!("{day}/{number}")).cloned()
    }
}

impl Seat {
    /// The hall's voice announces the visitor's number and this counter.
    pub fn announce(&self, counter: &str) {
        self.state.lock().call = Some(counter.to_owned());
        self.called.notify_one();
    }
    /// Takes the counter announced last; each announcement is returned once.
    pub fn heard(&self) -> Option<String> {
        self.state.lock().call.take()
    }
    /// Walks to a counter.
    pub fn go(&self, counter: &str) {
        self.state.lock().at = Some(counter.to_owned());
        self.came.notify_one();
    }
    /// Whether the visitor stands at that counter.
    pub fn is_at(&self, counter: &str) -> bool {
        self.state.lock().at.as_deref() == Some(counter)
    }
    /// Goes back to the seats.
    pub fn back(&self) {
        self.state.lock().at = None;
    }
    /// Marks the visitor as served.
    pub fn serve(&self) {
        self.state.lock().served = true;
        self.called.notify_one();
    }
    /// Whether the visitor was served.
    pub fn is_served(&self) -> bool {
        self.state.lock().served
    }
    /// The code that the clerk may ask for.
    pub fn code(&self) -> Option<String> {
        self.state.lock().code.clone()
    }
}
