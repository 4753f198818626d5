//! The last step where the account is the proof: no phone and no code, one button that makes the visit. What must be
//! known before it is pressed stands above it.

use crate::domain::office::{Office, Proof, Service};
use crate::service::Booking;
use okienko_kernel::Id;
use okienko_web::{Markup, Problem, Words, html};

/// Whether the account alone is the proof.
pub fn by_account(service: &Service) -> bool {
    service.proof == [Proof::Account]
}

/// What the office calls the button that makes a visit.
pub fn button(words: &Words, office: &Office) -> String {
    let own = office.guide.confirm.in_locale(words.locale().tag());
    if own.is_empty() { words.t("code-confirm") } else { own.to_owned() }
}

/// When to come and what holds for the visit.
pub fn before(words: &Words, office: &Office, service: &Service) -> Markup {
    let locale = words.locale().tag();
    html! {
        @if !office.guide.come.is_empty() { p { strong { (office.guide.come.in_locale(locale)) } } }
        ul { @for rule in office.rules(service) { li { (rule.in_locale(locale)) } } }
        p { (words.t("confirm-by-mail")) }
    }
}

/// Makes the visit; the address of its page.
pub async fn confirm(booking: &Booking, hold: Id) -> Result<String, Problem> {
    let secret = booking.hold_secret(hold);
    // Read anew: the form was saved a moment ago.
    let (id, state) = booking.hold(&hold.to_string(), Some(&secret)).await?;
    let reservation = booking.confirm(id, &state, "").await?;
    Ok(booking.visit_path(&reservation.confirmed))
}
