//! The bodies of the ticket machine's pages: the markup that `kiosk.js` works on. Knows no service: choices, codes and
//! tickets come in and go out by forms.

use crate::screens::{open, wait_text};
use crate::words::Words;
use maud::{Markup, html};

/// The frame of a ticket machine's page. Page: `Kind::Kiosk`, script `kiosk.js`. `home` is the first screen;
/// with `back_after_s` the page is a result and goes back by itself.
pub fn kiosk_frame(words: &Words, home: &str, back_after_s: Option<u32>, body: Markup) -> Markup {
    html! {
        div .kiosk data-kiosk="" data-home=(home) data-return=[back_after_s]
            data-returning=(open(words, "kiosk-returning", &["n"])) {
            (body)
            div .kiosk-tools {
                button .button.secondary type="button" data-low="" aria-pressed="false" { (words.t("kiosk-low")) }
                a .button.secondary href=(home) { (words.t("kiosk-finish")) }
            }
            @if back_after_s.is_some() { p .muted data-return-line="" {} }
            dialog data-still-there="" aria-labelledby="still-there" {
                h2 #still-there { (words.t("kiosk-still-there")) }
                p { (words.t("kiosk-still-there-hint")) }
                button .button type="button" data-stay="" { (words.t("kiosk-stay")) }
            }
        }
    }
}

/// The first screen or a list of services: large choices as (address, text, hint). The first is the strongest when
/// `home` is true.
pub fn kiosk_choices(choices: &[(String, String, String)], home: bool) -> Markup {
    html! {
        ul .kiosk-choices .kiosk-home[home] {
            @for (at, (href, text, hint)) in choices.iter().enumerate() {
                li { a .kiosk-choice .first[home && at == 0] href=(href) { (text) small { (hint) } } }
            }
        }
    }
}

/// The entry of a reservation's code: posts `code` to `action`. `error` is what was wrong with the last one.
pub fn kiosk_keypad(words: &Words, action: &str, length: u8, error: Option<&str>) -> Markup {
    html! {
        form .kiosk-entry method="post" action=(action) data-keypad="" data-short=(words.n("kiosk-code-short", length)) {
            h1 { (words.t("kiosk-enter-code")) }
            p .kiosk-message role="alert" data-message="" data-fault=[error.map(|_| "")] hidden[error.is_none()] { (error.unwrap_or_default()) }
            p .muted { (words.n("kiosk-code-length", length)) }
            div .code-shown aria-live="polite" data-code-shown="" {}
            input name="code" inputmode="numeric" autocomplete="off" aria-label=(words.t("kiosk-enter-code"))
                data-code-input="" data-length=(length);
            div .keypad {
                @for digit in 1..=9u8 { button type="button" data-digit=(digit) { (digit) } }
                button .word type="button" data-clear="" { (words.t("kiosk-clear")) }
                button type="button" data-digit="0" { "0" }
                button type="button" data-delete="" aria-label=(words.t("kiosk-delete")) { "⌫" }
            }
            button .button type="submit" { (words.t("kiosk-confirm")) }
        }
    }
}

/// The ticket that was given: as large as the screen allows. `qr` is [`crate::components::qr`] of its address,
/// `printer` the side of the printer (`left`, `right`, `below`), `None` where nothing is printed.
pub fn kiosk_result(
    words: &Words,
    number: &str,
    ahead: u32,
    wait: Option<(u32, u32)>,
    qr: &Markup,
    printer: Option<&str>,
) -> Markup {
    html! {
        div .kiosk-result {
            h1 .big-label { (words.t("kiosk-your-number")) }
            p .kiosk-number { (number) }
            p .lead { (words.n("ticket-ahead", ahead)) }
            @if let Some(range) = wait { p .lead.muted { (wait_text(words, range)) } }
            @if let Some(side) = printer { p class={ "kiosk-take " (side) } { (words.t("kiosk-take")) } }
            (qr)
            p .muted { (words.t("kiosk-scan")) }
        }
    }
}
