//! The design tokens: the only source of colours. The base stylesheet's `:root` block is generated from them, and a
//! test proves the contrast of every pair. Knows no page.

use std::fmt::Write;

/// A colour as `#rrggbb`.
type Hex = &'static str;

/// The CSS property without `--`, its value on light paper, and on the dark screens of halls.
const COLOURS: &[(&str, Hex, Hex)] = &[
    ("ink", "#14181f", "#f4f6f9"),
    ("paper", "#ffffff", "#0d1117"),
    ("soft", "#f2f4f7", "#181e27"),
    ("line", "#c7ccd4", "#3a4452"),
    ("edge", "#6b7686", "#8793a3"),
    ("muted", "#55606e", "#b3bdca"),
    ("action", "#0b4f9e", "#8fc3ff"),
    ("action-deep", "#083a75", "#b9daff"),
    ("action-soft", "#e8f0f9", "#142a45"),
    ("on-action", "#ffffff", "#0d1117"),
    ("good", "#0b6b3a", "#7ddba4"),
    ("good-soft", "#e6f3ec", "#10301f"),
    ("warn", "#8a5200", "#ffcb70"),
    ("warn-soft", "#fdf3df", "#3a2a08"),
    ("bad", "#b3141f", "#ff9f9f"),
    ("bad-soft", "#fcebec", "#3d1417"),
    ("focus", "#ffbf00", "#ffbf00"),
    ("on-focus", "#14181f", "#14181f"),
];

/// Which ink appears on which backgrounds, by token.
#[cfg(test)]
const PAIRS: &[(&str, &[&str])] = &[
    ("ink", &["paper", "soft", "action-soft", "good-soft", "warn-soft", "bad-soft"]),
    ("muted", &["paper", "soft", "action-soft", "warn-soft"]),
    ("action", &["paper", "soft", "action-soft"]),
    ("action-deep", &["paper", "soft", "action-soft"]),
    ("good", &["paper", "soft", "good-soft"]),
    ("warn", &["paper", "soft", "warn-soft"]),
    ("bad", &["paper", "soft", "bad-soft"]),
    ("on-action", &["action", "action-deep"]),
    ("paper", &["ink", "good", "bad", "warn"]),
    ("on-focus", &["focus"]),
];

/// The tokens that are the same in light and dark.
const SIZES: &str = "--s1:4px;--s2:8px;--s3:12px;--s4:16px;--s5:24px;--s6:32px;--s7:48px;--s8:64px;\
    --t0:1rem;--t1:1.25rem;--t2:1.5625rem;--t3:1.953rem;--t4:2.441rem;--t5:3.052rem;--radius:6px;\
    --type:system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"Liberation Sans\",sans-serif;";

/// The `:root` block and its dark counterpart.
pub(crate) fn tokens_css() -> String {
    let mut light = String::new();
    let mut dark = String::new();
    for (name, on_light, on_dark) in COLOURS {
        let _ = write!(light, "--{name}:{on_light};");
        let _ = write!(dark, "--{name}:{on_dark};");
    }
    format!(":root{{{SIZES}{light}color-scheme:light}}\n.dark{{{dark}color-scheme:dark}}\n")
}

/// The style of an office with its own action colour; `None` if the colour is malformed or hard to read.
pub(crate) fn office_css(colour: &str) -> Option<String> {
    if !contrast_ok(colour) {
        return None;
    }
    let deep = mix(rgb(colour)?, [0, 0, 0], 0.28);
    let soft = mix(rgb(colour)?, [255, 255, 255], 0.91);
    Some(format!(":root{{--action:{colour};--action-deep:{deep};--action-soft:{soft}}}\n"))
}

/// Whether an office's own action colour (`#rrggbb`) is readable as text on white and soft paper and behind white text:
/// at least 4.5 to 1 everywhere.
pub fn contrast_ok(colour: &str) -> bool {
    let Some(ours) = rgb(colour) else { return false };
    ["#ffffff", "#f2f4f7"].iter().filter_map(|paper| rgb(paper)).all(|paper| contrast(ours, paper) >= 4.5)
        && rgb(&mix(ours, [255, 255, 255], 0.91)).is_some_and(|soft| contrast(ours, soft) >= 4.5)
}

fn rgb(hex: &str) -> Option<[u8; 3]> {
    let digits = hex.strip_prefix('#').filter(|d| d.len() == 6 && d.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    Some([part(0)?, part(2)?, part(4)?])
}

fn mix(from: [u8; 3], to: [u8; 3], share: f64) -> String {
    let [r, g, b]: [u8; 3] = std::array::from_fn(|i| {
        (f64::from(from[i]) * (1.0 - share) + f64::from(to[i]) * share).round() as u8
    });
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// The contrast ratio of WCAG 2.1, from 1 to 21.
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(rgb: [u8; 3]) -> f64 {
    let [r, g, b] = rgb.map(|part| {
        let c = f64::from(part) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ink_is_readable_on_every_background_it_stands_on() {
        let token = |name: &str| COLOURS.iter().find(|c| c.0 == name).unwrap();
        for (ink, papers) in PAIRS {
            for paper in *papers {
                let (ink, paper) = (token(ink), token(paper));
                for (which, a, b) in [("light", ink.1, paper.1), ("dark", ink.2, paper.2)] {
                    let c = contrast(rgb(a).unwrap(), rgb(b).unwrap());
                    assert!(c >= 4.5, "{which}: {} on {} is {c:.2}", ink.0, paper.0);
                }
            }
        }
    }

    #[test]
    fn stylesheets_use_no_colour_beside_the_tokens_and_no_unknown_token() {
        let known = tokens_css();
        for (sheet, css) in [("okienko.css", crate::assets::BASE)].iter().chain(crate::assets::SHEETS) {
            let screen = css.split("@media print").next().unwrap();
            for line in screen.lines() {
                let coloured = line.contains(": #") || line.contains(":#") || line.contains("rgb(");
                assert!(!coloured, "{sheet}: {line}");
            }
            for used in css.split("var(--").skip(1) {
                let name = used.split([')', ',']).next().unwrap();
                assert!(known.contains(&format!("--{name}:")), "{sheet}: no such token: {name}");
            }
        }
    }

    #[test]
    fn an_offices_colour_that_is_hard_to_read_is_refused() {
        assert!(contrast_ok("#0b4f9e"));
        assert!(contrast_ok("#7a1f3d"));
        for bad in ["#ffbf00", "#8fc3ff", "#777777", "red", "#12345", "#12345g", "#żó1"] {
            assert!(!contrast_ok(bad), "{bad}");
        }
        assert_eq!(office_css("#ffbf00"), None);
    }
}
