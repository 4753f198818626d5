//! Metrics of ticket machines and tickets, for those who monitor the installation. Names and meanings:
//! `docs/METRICS.md`. Knows no person and no number.

use metrics::{counter, gauge};
use okienko_kernel::Moment;

/// Records that a ticket machine requested a page or a ticket.
pub(crate) fn kiosk_asked(office: &str, location: &str, now: Moment) {
    let labels = [("office", office.to_owned()), ("location", location.to_owned())];
    gauge!("okienko_kiosk_asked_seconds", &labels).set(now.micros() as f64 / 1e6);
}

/// How a ticket was obtained.
#[derive(Clone, Copy)]
pub(crate) enum How {
    /// By a visitor without a reservation.
    WalkIn,
    /// By a booked visitor checking in.
    CheckedIn,
}

/// Counts a ticket given out by a machine.
pub(crate) fn gave_ticket(office: &str, how: How) {
    let how = match how {
        How::WalkIn => "walk_in",
        How::CheckedIn => "checked_in",
    };
    counter!("okienko_tickets_total", "office" => office.to_owned(), "how" => how).increment(1);
}
