//! The texts of the last step: the label of the button that books the visit, and, if no code comes in between, what
//! must be known before it is pressed. Knows no hold.

use okienko_office::{Office, Proof, Service};
use okienko_web::{Markup, Words, html};

/// Whether the account is the only proof.
pub fn by_account(service: &Service) -> bool {
    service.proof == [Proof::Account]
}

/// The office's label of the button that books the visit.
pub fn button(words: &Words, office: &Office) -> String {
    let own = office.guide.confirm.in_locale(words.locale().tag());
    if own.is_empty() { words.t("code-confirm") } else { own.to_owned() }
}

/// When to come, and the rules of the visit.
pub fn before(words: &Words, office: &Office, service: &Service, come: &str) -> Markup {
    let locale = words.locale().tag();
    html! {
        @if !come.is_empty() { p { strong { (come) } } }
        ul { @for rule in office.rules(service) { li { (rule.in_locale(locale)) } } }
        p { (words.t("confirm-by-mail")) }
    }
}
