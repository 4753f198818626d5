//! Events of a day for tests of other crates. Must not be used outside tests.

use crate::{
    Attendance, Attended, Cancelled, CodeSent, Confirmed, DayEvent, DayOpened, FormSaved, HoldExpired,
    HoldPlaced, HoldReleased, Place, Reminded, Removed,
};
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Id, IdKind, Span, Way};
use okienko_office::Proof;
use okienko_office::plan::DayPlan;

/// One event of each kind, for a day with `plan`, which must have at least seven slots.
pub fn day_events(plan: DayPlan) -> Vec<DayEvent> {
    let way = Way { office: plan.office_number, place: plan.pool_number, day: plan.day };
    let hold = Id::new(IdKind::Hold, way, &SeededEntropy::new(7));
    let reservation = hold.as_kind(IdKind::Reservation);
    let at = plan.slots[6].at;
    let now = at - Span::from_hours(1);
    let place = Place { office: plan.office.clone(), location: plan.location.clone(), day: plan.day };
    let (time, claims) = (plan.slots[6].time, vec!["person".to_owned()]);
    let confirmed = Confirmed {
        place: place.clone(),
        reservation,
        hold,
        time,
        at,
        service: "card".into(),
        number: "3-261201-001".into(),
        serial: 1,
        ticket: hold.as_kind(IdKind::Ticket),
        ticket_number: "R001".into(),
        check_in_code: "40000123".into(),
        subject: Some(hold.as_kind(IdKind::Subject)),
        verification: Some("verification".into()),
        claims: claims.clone(),
        claims_until: plan.ends_at,
        confirmed_at: now,
        account: None,
    };
    let service = "card".to_owned();
    let ends_at = now + Span::from_mins(10);
    let verification = "verification".to_owned();
    vec![
        DayEvent::DayOpened(DayOpened { plan: plan.into() }),
        DayEvent::HoldPlaced(HoldPlaced {
            hold,
            service,
            time,
            length: None,
            placed_at: now,
            ends_at,
            account: false,
            account_id: None,
        }),
        DayEvent::FormSaved(FormSaved { hold, subject: hold.as_kind(IdKind::Subject) }),
        DayEvent::CodeSent(CodeSent {
            hold,
            verification,
            channel: Proof::Sms,
            claims: claims.clone(),
            expires_at: Some(ends_at),
            ends_at,
        }),
        DayEvent::Confirmed(Box::new(confirmed)),
        DayEvent::HoldReleased(HoldReleased { hold }),
        DayEvent::HoldExpired(HoldExpired { hold }),
        DayEvent::Cancelled(Cancelled {
            place: place.clone(),
            reservation,
            claims: claims.clone(),
            free_from: now,
            at: now,
        }),
        DayEvent::Removed(Removed {
            place,
            reservation,
            reason: "false_data".into(),
            claims: claims.clone(),
            free_from: now,
            at: now,
        }),
        DayEvent::Attended(Attended { reservation, state: Attendance::CheckedIn, at: now, claims }),
        DayEvent::Reminded(Reminded { reservations: vec![reservation], at: now }),
    ]
}
