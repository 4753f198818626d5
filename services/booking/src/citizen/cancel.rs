//! Cancelling by a citizen. Whether it is still possible is the day's rule (`okienko_day`, `Command::Cancel`); the
//! place is free from that append on. Queue and the citizen's account hear of it as they hear of every event.

use super::refused;
use crate::service::Booking;
use okienko_actor::Order;
use okienko_day::{Command, Reply, Reservation};
use okienko_office::LoadedOffice;
use okienko_office::plan::stream_of;
use okienko_web::{Code, Problem};
use std::sync::Arc;

impl Booking {
    /// Cancels for the holder. A repeat gives the same answer.
    pub async fn cancel(&self, token: &str) -> Result<(Arc<LoadedOffice>, Reservation), Problem> {
        let id = self.reservation_id(token)?;
        let known = self.offices.numbered(id.way().office).ok_or(Code::Unknown)?;
        let order = Order::new(Command::Cancel { reservation: id }, "citizen");
        match self.days.send(&known.office.id, &stream_of(id), order).await?.map_err(refused)? {
            Reply::Reserved(reservation) => Ok((known, *reservation)),
            Reply::Held { .. } | Reply::Gone { .. } => Err(Problem::new(Code::Unknown)),
        }
    }
}
