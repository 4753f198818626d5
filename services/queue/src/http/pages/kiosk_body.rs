//! The bodies of the ticket machine's pages: the markup that `kiosk.js` works on. Knows no service: choices, codes and
//! tickets are passed in, and come back through forms.

use okienko_web::{Markup, Words, html};

/// The frame of a ticket machine's page. Page: `Kind::Kiosk`, script `kiosk.js`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Frame<'a> {
    /// The first screen.
    pub home: &'a str,
    /// Where "back" leads, if there is a way back.
    pub back: Option<&'a str>,
    /// A result page: returns to the first screen after this many seconds.
    pub back_after_s: Option<u32>,
    /// A result that can be printed: once printed, it stays for this many seconds only.
    pub printed_s: Option<u32>,
    /// The length of a check-in code: a typed text with this many digits is one.
    pub digits: u8,
}

impl Frame<'_> {
    /// The frame around `body`. Whatever a scanner reads goes to `/kiosk/scan`, on every page.
    pub fn with(&self, words: &Words, body: Markup) -> Markup {
        html! {
            div .kiosk data-kiosk="" data-home=(self.home) data-return=[self.back_after_s] data-printed=[self.printed_s]
                data-returning=(words.open("kiosk-returning", &["n"])) data-digits=(self.digits) {
                div .kiosk-body { (body) }
                div .kiosk-tools {
                    @if let Some(back) = self.back { a .button.secondary.kiosk-back href=(back) { (words.t("back")) } }
                    @if self.printed_s.is_some() {
                        button .button type="button" data-print="" hidden { (words.t("print")) }
                    }
                    button .button.secondary type="button" hidden data-low=(words.t("kiosk-low"))
                        data-normal=(words.t("kiosk-normal")) { (words.t("kiosk-low")) }
                    a .button.secondary.kiosk-end href=(self.home) { (words.t("kiosk-finish")) }
                }
                @if self.back_after_s.is_some() {
                    p .kiosk-line.muted {
                        span data-sent-to-printer="" hidden { (words.t("kiosk-sent-to-printer")) " " }
                        span data-return-line="" {}
                    }
                }
                form method="post" action="/kiosk/scan" data-scan="" hidden {
                    input type="hidden" name="scanned";
                    input type="hidden" name="typed";
                    input type="hidden" name="service";
                }
                dialog data-away="" aria-labelledby="away" {
                    h2 #away { (words.t("kiosk-away")) }
                    p { (words.t("kiosk-away-hint")) }
                }
                dialog data-still-there="" aria-labelledby="still-there" {
                    h2 #still-there { (words.t("kiosk-still-there")) }
                    p { (words.t("kiosk-still-there-hint")) }
                    button .button type="button" data-stay="" { (words.t("kiosk-stay")) }
                }
            }
        }
    }
}

/// The first screen or a list of services: large choices as (address, text, hint). The first one stands out if `home`
/// is true.
pub fn kiosk_choices(choices: &[(String, String, String)], home: bool) -> Markup {
    html! {
        ul .kiosk-choices .kiosk-home[home] {
            @for (at, (href, text, hint)) in choices.iter().enumerate() {
                li { a .kiosk-choice .first[home && at == 0] href=(href) { (text) small { (hint) } } }
            }
        }
    }
}

/// The entry of a reservation's code: posts `code` to `action`. `error` is what was wrong with the last code.
pub fn kiosk_keypad(words: &Words, action: &str, length: u8, error: Option<&str>) -> Markup {
    html! {
        form .kiosk-entry method="post" action=(action) data-keypad="" data-short=(words.n("kiosk-code-short", length)) {
            div .kiosk-typed {
                h1 { (words.t("kiosk-enter-code")) }
                p .kiosk-message role="alert" data-message="" data-fault=[error.map(|_| "")] hidden[error.is_none()] { (error.unwrap_or_default()) }
                p .muted { (words.n("kiosk-code-length", length)) }
                div .code-shown aria-live="polite" data-code-shown="" {}
                input name="code" inputmode="numeric" autocomplete="off" aria-label=(words.t("kiosk-enter-code"))
                    data-code-input="" data-length=(length);
            }
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

/// The ticket that was given out: as large as possible on the screen, as small as possible on paper. `told` are
/// sentences on the current situation, the most prominent first; `qr` is [`okienko_web::components::qr`] of its
/// address; `about` says for what, where and when.
pub fn kiosk_result(words: &Words, number: &str, told: &[String], qr: &Markup, about: &[String]) -> Markup {
    html! {
        div .kiosk-result {
            div .kiosk-given {
                h1 { (words.t("kiosk-your-number")) }
                p .kiosk-number .long[number.chars().count() > 5] { (number) }
                @for (at, sentence) in told.iter().enumerate() { p .lead .muted[at > 0] { (sentence) } }
            }
            div .kiosk-keep {
                (qr)
                p { (words.t("kiosk-scan")) }
                p .kiosk-printed.muted { @for (at, part) in about.iter().enumerate() { @if at > 0 { " · " } (part) } }
            }
        }
    }
}
