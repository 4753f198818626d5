//! Scannable bar codes: Code 128, as inline SVG. Even counts of digits go two to a symbol (code set C), everything else
//! of printable ASCII one to a symbol (code set B). Knows no page and no meaning of what it draws.

use crate::words::Words;
use barcoders::sym::code128::Code128;
use maud::{Markup, html};

/// The library's markers for the code set in which a text begins.
const SET_B: char = '\u{181}';
const SET_C: char = '\u{106}';
/// Blank modules on each side; the standard asks for ten.
const QUIET: u32 = 10;
/// The longest text that is drawn; scanners cannot read longer ones from paper.
const LONGEST: usize = 40;

/// The modules of a text from the first bar to the last, true where dark; `None` if it cannot be drawn.
fn modules(text: &str) -> Option<Vec<bool>> {
    let is_short = !text.is_empty() && text.len() <= LONGEST;
    let is_printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if !is_short || !is_printable {
        return None;
    }
    let in_pairs = text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_digit());
    let set = if in_pairs { SET_C } else { SET_B };
    let code = Code128::new(format!("{set}{text}")).ok()?;
    Some(code.encode().into_iter().map(|module| module == 1).collect())
}

/// Bars as `(first module, width)`, and the number of modules including the quiet zones.
fn bars(text: &str) -> Option<(Vec<(u32, u32)>, u32)> {
    let (mut found, mut at) = (Vec::new(), QUIET);
    for run in modules(text)?.chunk_by(|one, next| one == next) {
        let width = u32::try_from(run.len()).ok()?;
        if run[0] {
            found.push((at, width));
        }
        at += width;
    }
    Some((found, at + QUIET))
}

/// The bars of `text` with quiet zones, black on white in every look; `what` describes them to people who cannot see
/// them. Empty if the text cannot be drawn.
pub fn barcode(words: &Words, text: &str, what: &str) -> Markup {
    let Some((bars, modules)) = bars(text) else { return html! {} };
    let path: String = bars.iter().map(|(at, width)| format!("M{at} 0h{width}v30h-{width}z")).collect();
    let label = words.ta("barcode-label", &[("what", what.into())]);
    html! {
        div .barcode role="img" aria-label=(label) {
            svg aria-hidden="true" xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (modules) " 30" }
                preserveAspectRatio="none" shape-rendering="crispEdges" {
                rect width=(modules) height="30" fill="#fff" {}
                path d=(path) fill="#000" {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locale;

    fn drawn(text: &str) -> Option<String> {
        let modules = modules(text)?;
        Some(modules.into_iter().map(|dark| if dark { '1' } else { '0' }).collect())
    }

    #[test]
    fn digits_go_in_pairs_with_the_weighted_checksum_and_other_texts_letter_by_letter() {
        // Values per ISO/IEC 15417 with start and checksum; the last is the textbook example.
        for (text, bars) in [
            // 105 12 34 56 78 47, for 105 + 12 + 2·34 + 3·56 + 4·78 = 665 = 6·103 + 47
            ("12345678", "1101001110010110011100100010110001110001011011000010100100011101101100011101011"),
            // 105 0 2
            ("00", "1101001110011011001100110011001101100011101011"),
            // 105 99 99 99 99 65
            ("99999999", "1101001110010111011110101110111101011101111010111011110100101100001100011101011"),
            // 104 48 42 42 17 18 19 35 55
            (
                "PJJ123C",
                "1101001000011101110110101101110001011011100010011100110110011100101100101110010001000110111010001101100011101011",
            ),
        ] {
            assert_eq!(drawn(text).as_deref(), Some(bars), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_not() {
        for text in ["", "ż", "a\nb", "\u{181}1", &"1".repeat(42)] {
            assert_eq!(drawn(text), None, "{text:?}");
        }
        for byte in b' '..=b'~' {
            let text = char::from(byte).to_string();
            // Start, one letter, checksum, stop.
            assert_eq!(drawn(&text).map(|drawn| drawn.len()), Some(3 * 11 + 13), "{text:?}");
        }
    }

    #[test]
    fn the_bars_of_a_code_stand_between_quiet_zones() {
        let (bars, modules) = bars("12345678").unwrap();
        // Start, four pairs, checksum, stop, twice ten blanks.
        assert_eq!(modules, 6 * 11 + 13 + 20);
        assert_eq!((bars[0], bars.last()), ((10, 2), Some(&(87, 2))));
        let drawn: String =
            (0..modules)
                .map(|at| {
                    if bars.iter().any(|(from, width)| (*from..from + width).contains(&at)) {
                        '1'
                    } else {
                        '0'
                    }
                })
                .collect();
        let start_c = "11010011100";
        assert!(drawn.starts_with(&format!("{}{start_c}", "0".repeat(10))), "{drawn}");
        assert!(drawn.ends_with(&format!("1100011101011{}", "0".repeat(10))), "{drawn}");
    }

    #[test]
    fn a_barcode_says_what_it_holds_and_has_no_inline_style() {
        let html = barcode(&Words::common(Locale::Pl), "12345678", "12 34 56 78").into_string();
        assert!(html.contains("aria-label=\"Kod kreskowy: 12 34 56 78\"") && html.contains("<path"));
        assert!(!html.contains("style="));
    }
}
