//! The part of a visit's page to show or print: numbers, QR code, barcode, and what to do with them on the day.

use super::visit::Visit;
use crate::come::come;
use okienko_day::State as VisitState;
use okienko_kernel::{Span, TimeOfDay};
use okienko_web::barcode::barcode;
use okienko_web::components::qr;
use okienko_web::{Markup, Words, html};

/// What identifies the visitor: the ticket's number if there is one, otherwise the code for the machine; and, on paper
/// and large screens, the QR code of the e-ticket.
pub fn pass(words: &Words, visit: &Visit, number: Option<&str>, ticket: Option<&str>) -> Markup {
    let confirmed = &visit.reservation.confirmed;
    let code = pairs(&confirmed.check_in_code);
    html! {
        div .pass {
            div {
                @match number.filter(|_| visit.has_ticket()) {
                    Some(number) => {
                        p .big-label { (words.t("visit-ticket")) }
                        p .big-number { (number) }
                        p .small-number { (words.t("visit-code")) ": " strong .num { (code) } }
                    }
                    None => {
                        p .big-label { (words.t("visit-code")) }
                        p .big-number { (code) }
                        p .small-number { (words.t("done-number")) ": " strong .num { (confirmed.number) } }
                    }
                }
            }
            @if let Some(ticket) = ticket {
                div .pass-qr { (qr(words, ticket, &words.t("visit-qr"))) p .big-label { (words.t("visit-qr-hint")) } }
            }
        }
    }
}

/// What to do, in two sentences: when to come, and what to do then.
pub fn to_do(words: &Words, visit: &Visit) -> Markup {
    let (confirmed, location) = (&visit.reservation.confirmed, visit.location());
    let come = come(&visit.known.office, location, confirmed.at, words.locale().tag());
    html! {
        strong { (come) } " "
        @match location.map(|location| &location.queue) {
            Some(queue) if !queue.placed_at_hour => {
                @let to = before(visit, queue.check_in_closes_min);
                (words.ta("visit-do-check-in", &[("to", words.time(to).into())]))
            }
            _ => (words.t("visit-do-placed")),
        }
    }
}

/// The barcode of the code. On a phone only if the code is needed: otherwise it would push the instructions off the
/// screen.
pub fn to_scan(words: &Words, visit: &Visit) -> Markup {
    let code = &visit.reservation.confirmed.check_in_code;
    html! { div .wide-only[visit.has_ticket()] { (barcode(words, code, &pairs(code))) } }
}

/// The time this many minutes before the visit, on the office's clock.
fn before(visit: &Visit, minutes: i32) -> TimeOfDay {
    let at = visit.reservation.confirmed.at.minus(Span::from_mins(i64::from(minutes)));
    visit.known.office.zone.local(at).1
}

/// What to do with the code on arrival; where the hall queues people automatically it is not needed.
pub fn at_machine(words: &Words, visit: &Visit) -> Markup {
    let Some(queue) = visit.location().map(|location| &location.queue) else { return html! {} };
    let locale = words.locale().tag();
    let from = words.time(before(visit, queue.check_in_opens_min));
    let to = words.time(before(visit, queue.check_in_closes_min));
    let key = if queue.placed_at_hour { "visit-day-placed" } else { "visit-day-check-in" };
    let label = queue.check_in_label.as_ref().map(|label| label.in_locale(locale));
    let service = visit.service().filter(|_| queue.check_in_asks_service);
    html! {
        (words.ta(key, &[("from", from.into()), ("to", to.into())]))
        @if let Some(label) = label { " " (words.ta("visit-machine-button", &[("label", label.into())])) }
        @if let Some(service) = service {
            " " (words.ta("visit-machine-service", &[("service", service.name.in_locale(locale).into())]))
        }
        @if queue.verify { " " (words.t("visit-verify")) }
    }
}

/// The rules of the visit.
pub fn rules(words: &Words, visit: &Visit) -> Markup {
    let (office, locale) = (&visit.known.office, words.locale().tag());
    let Some(service) = visit.service() else { return html! {} };
    let rules: Vec<&str> = office.rules(service).map(|rule| rule.in_locale(locale)).collect();
    let ahead = visit.reservation.state == VisitState::Confirmed;
    html! {
        @if ahead && !rules.is_empty() {
            section .visit-rules {
                h2 { (words.t("visit-rules")) }
                ul { @for rule in rules { li { (rule) } } }
            }
        }
    }
}

/// "40 71 53 22": as people read digits out. On a narrow screen it breaks only in the middle.
fn pairs(code: &str) -> String {
    let digits: Vec<char> = code.chars().collect();
    let pairs: Vec<String> = digits.chunks(2).map(|pair| pair.iter().collect()).collect();
    pairs.chunks(2).map(|half| half.join("\u{a0}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_shown_in_pairs() {
        assert_eq!(pairs("04071532"), "04\u{a0}07 15\u{a0}32");
        assert_eq!(pairs(""), "");
    }
}
