//! One function for each kind of answer. Each gives back the same text when it is given its own result.

use crate::look::{digit, is_apostrophe, is_blank, is_dash, is_invisible, is_other_number, joins};
use unicode_normalization::UnicodeNormalization;

/// Longer texts are not worth cleaning: whoever asks refuses them anyway, by what is left.
const AT_MOST: usize = 4_000;

/// A name of a person or thing, for display: as it was written, without what cannot be seen, with single blanks.
///
/// The joiners of Persian, Kurdish and Indic names are spelling and stay between letters of such scripts. Characters of
/// control stay too, so that whoever checks the text can refuse it.
pub fn name(text: &str) -> String {
    let composed: Vec<char> = if text.is_ascii() {
        text.chars().take(AT_MOST).collect()
    } else {
        text.chars().take(AT_MOST).nfc().collect()
    };
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for (at, &c) in composed.iter().enumerate() {
        if is_blank(c) {
            gap = true;
            continue;
        }
        if matches!(c, '\u{200c}' | '\u{200d}') {
            let after = composed[at + 1..].iter().copied().find(|c| !is_invisible(*c));
            if gap || !out.chars().next_back().is_some_and(joins) || !after.is_some_and(joins) {
                continue;
            }
            // Several in a row say no more than one.
            if composed[at + 1..]
                .iter()
                .take_while(|c| is_invisible(**c))
                .any(|c| matches!(c, '\u{200c}' | '\u{200d}'))
            {
                continue;
            }
        } else if is_invisible(c) {
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    // What was apart only by a mark that is gone may be one letter now.
    nfc(out.trim())
}

/// A letter and its marks as one where there is such a letter.
fn nfc(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { text.nfc().collect() }
}

/// A line of free text. The same rules as for a name.
pub fn line(text: &str) -> String {
    name(text)
}

/// A code of letters and digits (check-in code, document, PESEL): no blanks, digits of all scripts as 0 to 9, dashes as
/// `-`, capitals. Letters of other scripts stay what they are: see [`super::in_latin`].
pub fn code(text: &str) -> String {
    nfc(&packed(text).flat_map(char::to_uppercase).collect::<String>())
}

/// The sign of a case: like [`code`], but blanks and small letters stay, for they may be part of it.
pub fn case(text: &str) -> String {
    name(&compatible(text))
}

/// The digits of a number that is made of nothing else; anything but blanks and dashes between them stays, so that it
/// can be refused.
pub fn digits(text: &str) -> String {
    nfc(&code(text).replace('-', ""))
}

/// With what somebody signs in: small letters, no blanks.
pub fn login(text: &str) -> String {
    nfc(&packed(text).flat_map(char::to_lowercase).collect::<String>())
}

/// A mail address as it was copied: without what is around it (`mailto:`, `<…>`, a comma behind it), in the plain width.
/// Blanks, ends of lines and signs within stay: they are no slip of copying.
pub fn mail(text: &str) -> String {
    let plain: String = visible(text).map(narrow).collect();
    let behind = |c: char| is_blank(c) || matches!(c, ',' | ';' | '.' | ':' | ')' | '"' | '”' | '’');
    let mut rest = plain.as_str();
    loop {
        let before = rest;
        rest = rest.trim_start_matches(is_blank).trim_end_matches(behind);
        rest = strip_word(rest, "mailto:").unwrap_or(rest);
        rest = rest.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(rest);
        if rest == before {
            return nfc(rest);
        }
    }
}

/// A phone number as it was copied: plus, digits, and whatever else was between them but blanks, dashes, dots, slashes,
/// brackets and commas, which people put there. The zero in `+48 (0) 601 …` goes, and words for "phone" in front.
pub fn phone(text: &str) -> String {
    let plain = compatible(text);
    let mut rest = plain.trim();
    while let Some(number) = LABELS.iter().find_map(|label| labelled(rest, label)) {
        rest = number;
    }
    let bare: String = rest.chars().filter(|c| !is_blank(*c)).collect();
    // Behind the country alone, or first of all: elsewhere it is a digit like others.
    let bare = match bare.split_once("(0)") {
        Some((before, rest)) if before.is_empty() || is_country(before) => format!("{before}{rest}"),
        _ => bare,
    };
    let mut out = String::with_capacity(bare.len());
    for c in bare.chars() {
        match c {
            '-' | '.' | '/' | '(' | ')' | '[' | ']' | ',' | '\u{b7}' | '\u{2022}' | '\r' | '\n' => {}
            '+' if out == "+" => {}
            other => out.push(other),
        }
    }
    nfc(out.trim_end_matches([';', ':']))
}

/// A clean text with the plain sign for each apostrophe, dash and quotation mark: what a pattern means that was written with
/// the signs of a keyboard.
pub fn plain_marks(text: &str) -> String {
    let plain = |c: char| match c {
        c if is_apostrophe(c) => '\'',
        c if is_dash(c) => '-',
        c if is_blank(c) => ' ',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' => '"',
        other => other,
    };
    text.chars().map(plain).collect()
}

/// The beginning of a number up to the end of its country: `00380`, or `(+380)`.
const LONGEST_COUNTRY: usize = 6;

/// Whether the beginning of a number is its country's code, written as one: `+48`, `00380`, `(+380)`.
fn is_country(before: &str) -> bool {
    let code = before.trim_start_matches('(');
    before.len() <= LONGEST_COUNTRY && (code.starts_with('+') || code.starts_with("00"))
}

/// What stands before a number on cards and in links.
const LABELS: [&str; 12] = [
    "callto:",
    "tel:",
    "sms:",
    "telefon",
    "phone",
    "mobile",
    "kom\u{f3}rka",
    "komorka",
    "тел",
    "tel",
    "kom",
    "nr",
];

/// The number behind such a word.
fn labelled<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let number =
        strip_word(text, label)?.trim_start_matches(|c: char| is_blank(c) || matches!(c, ':' | '.' | '/'));
    number.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '(')).then_some(number)
}

/// Plain signs without blanks and ends of lines.
fn packed(text: &str) -> impl Iterator<Item = char> {
    let kept: Vec<char> =
        compatible(text).chars().filter(|c| !is_blank(*c) && !matches!(c, '\r' | '\n')).collect();
    kept.into_iter()
}

/// Without what cannot be seen.
fn visible(text: &str) -> impl Iterator<Item = char> {
    text.chars().take(AT_MOST).filter(|c| !is_invisible(*c))
}

/// Without what cannot be seen; forms of width, circles and the like as the plain letters, digits of every script as 0 to
/// 9, every dash as `-`. Never for names: № becomes No, and ﷺ eighteen letters.
fn compatible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text) {
        if c.is_ascii() || is_other_number(c) {
            out.push(c);
        } else if is_dash(c) {
            out.push('-');
        } else {
            // One blank however wide, and not the blank and mark that ´ is made of.
            let of = std::iter::once(c).nfkc().map(|c| if is_dash(c) { '-' } else { digit(c).unwrap_or(c) });
            out.extend(of.filter(|c| !is_invisible(*c)));
        }
    }
    nfc(&out)
}

/// A full-width sign as the plain one.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3002}' | '\u{ff61}' => '.',
        _ => c,
    }
}

/// What follows a word at the beginning, whatever its case.
fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    for wanted in word.chars() {
        if !rest.next()?.to_lowercase().eq(std::iter::once(wanted)) {
            return None;
        }
    }
    Some(rest.as_str())
}

#[cfg(test)]
mod tests;
