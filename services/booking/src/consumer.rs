//! Attendance reported by the halls: who came, who was served, who did not come. Booking never decides attendance
//! itself.

use crate::service::{Booking, NAME};
use async_trait::async_trait;
use okienko_actor::Order;
use okienko_bus::{Consumer, NotTaken, PublicEvent};
use okienko_day::{Attendance as Came, Command};
use okienko_kernel::{Id, IdKind, Moment};
use okienko_office::plan::stream_of;
use okienko_proto::queue::Attendance;
use okienko_proto::queue::attendance::State;
use okienko_trace::Instrument;
use prost::Message;
use std::sync::Arc;

/// Takes attendance from the bus.
pub struct Halls(pub Arc<Booking>);

#[async_trait]
impl Consumer for Halls {
    async fn take(&self, batch: Vec<PublicEvent>) -> Result<(), NotTaken> {
        for event in batch.into_iter().filter(|event| event.name() == "attendance") {
            let span = event.taken(NAME);
            self.one(&event).instrument(span).await?;
        }
        Ok(())
    }
}

impl Halls {
    async fn one(&self, event: &PublicEvent) -> Result<(), NotTaken> {
        let attendance = Attendance::decode(event.payload.clone());
        let attendance = attendance.map_err(|error| NotTaken::never(event, error))?;
        let state = match attendance.state() {
            State::CheckedIn => Came::CheckedIn,
            State::Served => Came::Served,
            State::Missed => Came::Missed,
            State::Refused => Came::Refused,
            State::Left if attendance.not_called => Came::NotCalled,
            State::Left => Came::Left,
            State::Unspecified => return Ok(()),
        };
        let reservation = Id::parse(IdKind::Reservation, &attendance.reservation);
        let reservation = reservation.map_err(|error| NotTaken::never(event, error))?;
        let at = Moment::from_micros(attendance.at);
        let order = Order::new(Command::Attend { reservation, state, at }, "queue");
        let told = self.0.days.send(&attendance.office, &stream_of(reservation), order).await;
        match told.map_err(|fault| NotTaken::of(event, fault))? {
            Ok(_) => {}
            Err(refusal) => tracing::warn!(%refusal, "attendance of an unknown reservation is dropped"),
        }
        Ok(())
    }
}
