//! Bars of a number that a scanner reads: Code 128, as inline SVG. Even counts of digits go two to a symbol (code set C),
//! everything else of printable ASCII one to a symbol (code set B). Knows no page and no meaning of what it draws.

use crate::words::Words;
use maud::{Markup, html};

/// Widths of bars and spaces by value, from ISO/IEC 15417; 103 to 105 start code sets A to C.
const WIDTHS: [&[u8]; 106] = [
    b"212222", b"222122", b"222221", b"121223", b"121322", b"131222", b"122213", b"122312", b"132212",
    b"221213", b"221312", b"231212", b"112232", b"122132", b"122231", b"113222", b"123122", b"123221",
    b"223211", b"221132", b"221231", b"213212", b"223112", b"312131", b"311222", b"321122", b"321221",
    b"312212", b"322112", b"322211", b"212123", b"212321", b"232121", b"111323", b"131123", b"131321",
    b"112313", b"132113", b"132311", b"211313", b"231113", b"231311", b"112133", b"112331", b"132131",
    b"113123", b"113321", b"133121", b"313121", b"211331", b"231131", b"213113", b"213311", b"213131",
    b"311123", b"311321", b"331121", b"312113", b"312311", b"332111", b"314111", b"221411", b"431111",
    b"111224", b"111422", b"121124", b"121421", b"141122", b"141221", b"112214", b"112412", b"122114",
    b"122411", b"142112", b"142211", b"241211", b"221114", b"413111", b"241112", b"134111", b"111242",
    b"121142", b"121241", b"114212", b"124112", b"124211", b"411212", b"421112", b"421211", b"212141",
    b"214121", b"412121", b"111143", b"111341", b"131141", b"114113", b"114311", b"411113", b"411311",
    b"113141", b"114131", b"311141", b"411131", b"211412", b"211214", b"211232",
];
/// The end of every code.
const STOP: &[u8] = b"2331112";
const START_B: u8 = 104;
const START_C: u8 = 105;
/// Blank modules on either side; the standard asks for ten.
const QUIET: u32 = 10;
/// The longest text that is drawn; longer ones no scanner reads from paper.
const LONGEST: usize = 40;

/// The values of a text with start and checksum, without the stop; `None` where it cannot be drawn.
fn values(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    if bytes.is_empty() || bytes.len() > LONGEST {
        return None;
    }
    let mut values = if bytes.len().is_multiple_of(2) && bytes.iter().all(u8::is_ascii_digit) {
        let pairs = bytes.chunks(2).map(|pair| (pair[0] - b'0') * 10 + pair[1] - b'0');
        std::iter::once(START_C).chain(pairs).collect::<Vec<u8>>()
    } else if bytes.iter().all(|b| (b' '..=b'~').contains(b)) {
        std::iter::once(START_B).chain(bytes.iter().map(|b| b - b' ')).collect()
    } else {
        return None;
    };
    // The start counts once, the n-th value n times.
    let weighed = values.iter().enumerate().map(|(at, value)| at.max(1) * usize::from(*value));
    values.push(u8::try_from(weighed.sum::<usize>() % 103).ok()?);
    Some(values)
}

/// Bars as `(first module, width)`, and how many modules there are with the quiet zones.
fn bars(text: &str) -> Option<(Vec<(u32, u32)>, u32)> {
    let values = values(text)?;
    let symbols = values.iter().map(|value| WIDTHS[usize::from(*value)]).chain([STOP]);
    let (mut found, mut at) = (Vec::new(), QUIET);
    for symbol in symbols {
        for (place, width) in symbol.iter().enumerate() {
            let width = u32::from(width - b'0');
            if place % 2 == 0 {
                found.push((at, width));
            }
            at += width;
        }
    }
    Some((found, at + QUIET))
}

/// The bars of `text` with quiet zones, black on white in every look; `what` says to those who cannot see them what
/// they hold. Nothing where the text cannot be drawn.
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
    use crate::Locale;
    use std::collections::BTreeSet;

    #[test]
    fn every_symbol_is_one_of_the_standard_eleven_modules_with_an_even_count_of_dark_ones() {
        let mut seen = BTreeSet::new();
        for widths in WIDTHS {
            let modules: u32 = widths.iter().map(|width| u32::from(width - b'0')).sum();
            let dark: u32 = widths.iter().step_by(2).map(|width| u32::from(width - b'0')).sum();
            assert_eq!((modules, dark % 2, seen.insert(widths)), (11, 0, true), "{widths:?}");
        }
        assert_eq!(STOP.iter().map(|width| u32::from(width - b'0')).sum::<u32>(), 13);
    }

    #[test]
    fn digits_go_in_pairs_with_the_weighted_checksum() {
        // 105 + 12 + 2·34 + 3·56 + 4·78 = 665 = 6·103 + 47
        assert_eq!(values("12345678"), Some(vec![105, 12, 34, 56, 78, 47]));
        // 105 + 0 = 1·103 + 2
        assert_eq!(values("00"), Some(vec![105, 0, 2]));
        // 105 + 99 + 198 + 297 + 396 = 1095 = 10·103 + 65
        assert_eq!(values("99999999"), Some(vec![105, 99, 99, 99, 99, 65]));
    }

    #[test]
    fn other_texts_go_letter_by_letter_and_what_cannot_be_drawn_is_not() {
        // 104 + 48 + 2·42 + 3·42 + 4·17 + 5·18 + 6·19 + 7·35 = 879 = 8·103 + 55: the example of the textbooks.
        assert_eq!(values("PJJ123C"), Some(vec![104, 48, 42, 42, 17, 18, 19, 35, 55]));
        assert_eq!(values("123").map(|values| values[0]), Some(104));
        assert_eq!((values(""), values("ż"), values(&"1".repeat(42))), (None, None, None));
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
