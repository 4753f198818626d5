//! What is counted of ticket machines and tickets, for whoever watches the installation. Names and meanings: `docs/METRICS.md`.
//! Knows no person and no number.

use metrics::{counter, gauge};
use okienko_kernel::Moment;

/// A ticket machine has asked for a page or a ticket.
pub(crate) fn kiosk_asked(office: &str, location: &str, now: Moment) {
    let labels = [("office", office.to_owned()), ("location", location.to_owned())];
    gauge!("okienko_kiosk_asked_seconds", &labels).set(now.micros() as f64 / 1e6);
}

/// How a ticket came to be.
#[derive(Clone, Copy)]
pub(crate) enum How {
    /// Somebody without a visit.
    WalkIn,
    /// A booked visitor has come.
    CheckedIn,
}

/// A machine has given a ticket.
pub(crate) fn gave_ticket(office: &str, how: How) {
    let how = match how {
        How::WalkIn => "walk_in",
        How::CheckedIn => "checked_in",
    };
    counter!("okienko_tickets_total", "office" => office.to_owned(), "how" => how).increment(1);
}
