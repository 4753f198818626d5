//! A range of minutes in words. Knows no page; `stream.js` words it the same way.

use crate::words::Words;

/// From this lower bound on, in minutes, a wait is given in hours.
const IN_HOURS: u32 = 90;
/// From this lower bound on, in minutes, it is only said to be longer than that.
const LONG: u32 = 240;

/// A wait in minutes, phrased as in "about 15–25 minutes", "up to 5 minutes", "about 2–3 hours", "over 4 hours".
pub fn wait_text(words: &Words, range: (u32, u32)) -> String {
    range_text(words, range, ["ticket-wait", "wait-soon", "ticket-wait-hours", "ticket-wait-long"])
}

/// A range in one of four texts: with two bounds, for a call any moment now, in hours, and for very long waits.
pub fn range_text(words: &Words, (low, high): (u32, u32), texts: [&str; 4]) -> String {
    let [between, soon, hours, long] = texts;
    let (text, low, high) = match low {
        0 => (soon, low, high),
        _ if low < IN_HOURS => (between, low, high),
        _ if low < LONG => (hours, low / 60, high.div_ceil(60)),
        _ => (long, LONG / 60, high),
    };
    words.ta(text, &[("low", low.into()), ("high", high.into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locale;

    #[test]
    fn a_wait_is_said_in_minutes_then_in_hours_and_at_last_as_longer() {
        let words = Words::common(Locale::Pl);
        for (range, said) in [
            ((0, 5), "do 5 minut"),
            ((1, 10), "około 1–10 minut"),
            ((89, 140), "około 89–140 minut"),
            ((90, 120), "około 1–2 godz."),
            ((119, 121), "około 1–3 godz."),
            ((180, 239), "około 3–4 godz."),
            ((239, 300), "około 3–5 godz."),
            ((240, 300), "ponad 4 godz."),
            ((1390, 1440), "ponad 4 godz."),
        ] {
            assert_eq!(wait_text(&words, range), said, "{range:?}");
        }
    }
}
