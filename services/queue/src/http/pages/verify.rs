//! The part of the desk that asks the clerk to compare a booked visitor with the reservation: a name, a code, two
//! answers. Works with forms; `desk.js` keeps it up to date. Only where the office's rule requires it.

use crate::http::answer::DeskAnswer;
use okienko_hall::OTHER_PERSON;
use okienko_web::{Markup, Words, html};

/// The section, hidden while there is nobody to compare.
pub fn section(words: &Words, answer: &DeskAnswer) -> Markup {
    let current = answer.current.as_ref().filter(|current| current.verify.is_some());
    let state = current.and_then(|current| current.verify).unwrap_or_default();
    let no_name = words.t("verify-no-name");
    let name = current.and_then(|current| current.name.as_deref()).unwrap_or(&no_name);
    let children = |names: &str| words.ta("verify-children", &[("names", names.into())]);
    let children_here = current.and_then(|current| current.children.as_deref()).map(children);
    html! {
        section .desk-verify data-verify=(state) data-ticket=(current.map_or("", |current| &current.token))
            data-no-name=(no_name) data-children=(children("{names}")) hidden[state.is_empty()] {
            h2 { (words.t("verify-title")) }
            p .name data-verify-name="" { (name) }
            p data-verify-children="" { (children_here.unwrap_or_default()) }
            p data-verify-done="" hidden[state != "done"] { "✓ " (words.t("verify-done")) }
            p data-verify-open="" hidden[state != "needed"] { strong { (words.t("verify-needed")) } }
            div .verify-forms data-verify-open="" hidden[state != "needed"] {
                form method="post" action="/desk/do/verify" data-many="" data-act="verify" data-in="called serving"
                    data-body-from="" {
                    div .field {
                        label for="desk-verify-code" { (words.t("verify-code")) }
                        input .input-mid #desk-verify-code name="code" type="text" inputmode="numeric"
                            autocomplete="off" maxlength="32" required spellcheck="false";
                    }
                    (button(words, "verify-this", "V"))
                }
                form method="post" action="/desk/do/finish" data-many="" data-act="finish" data-in="called serving"
                    data-body-from="" {
                    input type="hidden" name="outcome" value=(OTHER_PERSON);
                    (button(words, "verify-other", "X"))
                }
            }
        }
    }
}

fn button(words: &Words, key: &str, press: &str) -> Markup {
    let label = words.t(key);
    html! {
        button .act type="submit" data-keys=(press) data-label=(label) {
            span { (label) } kbd aria-hidden="true" { (press) }
        }
    }
}
