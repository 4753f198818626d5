//! Keys: texts that are equal when people would call them the same. Never shown, never kept as somebody's answer.

use crate::clean::name;
use crate::look::{is_apostrophe, is_blank, is_dash, latin_like};
use unicode_normalization::UnicodeNormalization;

/// The key of a name: the same for everybody who writes it, whatever the case, blanks, marks over letters, hyphens,
/// apostrophes, invisible signs, and letters of other scripts that are drawn like Latin ones.
///
/// Wide on purpose: it stands beside a proved phone or in a search, where two people whose names differ only so are not
/// met, but one person who writes a name in two ways is.
pub fn key(text: &str) -> String {
    let like_latin = |c: char| {
        let mut capital = c.to_uppercase();
        match (capital.next(), capital.next()) {
            (Some(capital), None) => latin_like(capital).map_or(c, |latin| latin.to_ascii_lowercase()),
            _ => c,
        }
    };
    fold(text).chars().map(like_latin).collect()
}

/// A text to be searched in: small letters without marks (`Łódź` is `lodz`), words apart by one blank.
pub fn fold(text: &str) -> String {
    let mut small = name(text);
    if small.is_ascii() {
        small.make_ascii_lowercase();
    } else {
        small = small.nfkd().flat_map(char::to_lowercase).nfkd().collect();
    }
    let mut out = String::with_capacity(small.len());
    let mut gap = false;
    for c in small.chars() {
        match c {
            '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}' => continue,
            c if is_apostrophe(c) => continue,
            c if is_blank(c)
                || is_dash(c)
                || c.is_whitespace()
                || matches!(c, '.' | ',' | ';' | '_' | '/') =>
            {
                gap = true;
                continue;
            }
            _ => {}
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        match c {
            // Letters that are not made of a letter and a mark.
            'ł' => out.push('l'),
            'ø' => out.push('o'),
            'đ' | 'ð' => out.push('d'),
            'ħ' => out.push('h'),
            'ı' => out.push('i'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            other => out.push(other),
        }
    }
    // Marks that stood apart by a sign that is gone have an order of their own.
    if out.is_ascii() { out } else { out.nfkd().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_name_in_all_spellings_is_one_key() {
        for (known, spelt) in [
            ("Jan Kowalski", "  jan   KOWALSKI "),
            ("Józef Żółć", "Jo\u{301}zef Z\u{307}o\u{301}łc\u{301}"),
            ("Jan Kowalski", "Jan\u{200b} Kow\u{200b}alski"),
            ("Jan Kowalski", "Jan Kowal\u{2060}ski"),
            ("Jan Kowalski", "Jan Kowal\u{ad}ski"),
            ("Jan Kowalski", "\u{202a}Jan Kowalski\u{202c}"),
            ("Jan Kowalski", "Jan\u{a0}Kowalski"),
            ("Jan Kowalski", "Jan\u{2003}\u{2009}Kowalski"),
            ("Jan Kowalski", "Jan\u{3164}  Kowalski"),
            ("Jan Kowalski", "Jan Kowalski."),
            ("Jan Kowalski", "Jаn Kоwаlski"),
            ("Jan Kowalski", "Ｊａｎ Ｋｏｗａｌｓｋｉ"),
            ("Jan Kowalski", "Jan Kow\u{34f}alski"),
            ("Jan Kowalski", "Jan Kowalski\u{fe0f}"),
            ("Łukasz Żak", "Lukasz Zak"),
            ("Anna Nowak-Kowalska", "Anna Nowak \u{2013} Kowalska"),
            ("Anna Nowak-Kowalska", "Anna Nowak Kowalska"),
            ("Олена Дем'яненко", "Олена Дем\u{2019}яненко"),
            ("Олена Дем'яненко", "Олена Дем\u{2bc}яненко"),
            ("علی\u{200c}رضا", "علیرضا"),
            ("Straße", "STRASSE"),
        ] {
            assert_eq!(key(known), key(spelt), "{spelt:?}");
        }
    }

    #[test]
    fn other_people_are_other_keys() {
        for (one, other) in [
            ("Jan Kowalski", "Jan Kowalska"),
            ("Jan Kowalski", "Jan Kowalsky"),
            ("Anna Nowak", "Hanna Nowak"),
            ("Олег Коваль", "Ольга Коваль"),
            ("ნინო", "ნანა"),
        ] {
            assert_ne!(key(one), key(other), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn a_key_of_a_key_is_itself(text in "\\PC{0,30}|[a-zA-ZąŁ\u{200b}\u{301}\u{ad} '-]{0,20}") {
            let once = key(&text);
            prop_assert_eq!(key(&once), once.clone());
        }
    }
}
