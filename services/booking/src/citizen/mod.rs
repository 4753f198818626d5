//! What citizens ask of booking, as functions shared by JSON and pages: days and hours, holds, forms, codes,
//! reservations. Checks who asks and how often; the rules are the domain's. Knows no HTTP beyond the refusals it
//! returns.

mod cancel;
mod form;
mod free;
mod hold;
mod proof;
mod reservation;

pub use free::{DayFree, DayState, FreePlaces, TimeFree};
pub use hold::{HoldRequest, HoldState, PlacedHold};
pub use proof::{CodeNews, CodeRequest, CodeSent};
pub use reservation::ReservationView;
pub(crate) use reservation::visit_path;

use okienko_day::Refusal;
use okienko_web::{Code, Problem};

/// A day's refusal as a problem document.
pub(crate) fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Unknown => Problem::new(Code::Unknown),
        Refusal::Past | Refusal::TooLate => Problem::new(Code::TooLate),
        Refusal::SlotFull => Problem::new(Code::SlotFull),
        Refusal::IdTaken => Problem::new(Code::KeyReused),
        Refusal::HoldExpired => Problem::new(Code::HoldExpired),
        Refusal::LimitReached => Problem::new(Code::LimitReached),
        Refusal::FormMissing => Problem::invalid("form", "form-first"),
        Refusal::FormChanged => Problem::new(Code::Conflict).explained("form-changed"),
        Refusal::ProofMissing => Problem::invalid("code", "code-first"),
        Refusal::AlreadyConfirmed => Problem::new(Code::Conflict).explained("already-confirmed"),
        Refusal::CheckedIn => Problem::new(Code::TooLate).explained("already-checked-in"),
    }
}
