//! What a character is and what it looks like: marks that cannot be seen, letters of one script that are drawn like those
//! of another. Most signs are ASCII and looked at without the tables of Unicode. Knows no kind of answer.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Whether nothing is seen of it, and nothing is said by it: marks of direction, soft hyphens, fillers, selectors of shapes.
/// The two joiners are among them; [`super::name`] keeps them where they are spelling.
pub(crate) fn is_invisible(c: char) -> bool {
    if c.is_ascii() {
        return false;
    }
    c.general_category() == GeneralCategory::Format
        || matches!(c, '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether it is seen as a gap: blanks of every width, tabs, the empty sign of Braille. Ends of lines are none: a text with
/// a second line is not what it looks like.
pub(crate) fn is_blank(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c, ' ' | '\t');
    }
    c == '\u{2800}'
        || matches!(
            c.general_category(),
            GeneralCategory::SpaceSeparator
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
        )
}

/// Whether it is a dash or minus of any length.
pub(crate) fn is_dash(c: char) -> bool {
    if c.is_ascii() {
        return c == '-';
    }
    c.general_category() == GeneralCategory::DashPunctuation
        || matches!(c, '\u{2212}' | '\u{2043}' | '\u{2d7}' | '\u{2796}')
}

/// Whether it is drawn as an apostrophe, as in `Côte d’Ivoire` and `Дем'яненко`.
pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`'
            | '\u{b4}'
            | '\u{2b9}'
            | '\u{2bb}'
            | '\u{2bc}'
            | '\u{2bd}'
            | '\u{2c8}'
            | '\u{2018}'
            | '\u{2019}'
            | '\u{201b}'
            | '\u{2032}'
            | '\u{2035}'
            | '\u{a78c}'
            | '\u{ff07}'
    )
}

/// The digit that it stands for, in any script's digits.
pub(crate) fn digit(c: char) -> Option<char> {
    let is_digit = |c: char| c.general_category() == GeneralCategory::DecimalNumber;
    if c.is_ascii_digit() || !is_digit(c) {
        return c.is_ascii_digit().then_some(c);
    }
    // The digits of a script stand together in tens, so the place in the run is the value.
    let before = (1..60).take_while(|back| char::from_u32(c as u32 - back).is_some_and(is_digit)).count();
    char::from_digit(u32::try_from(before % 10).ok()?, 10)
}

/// Whether a joiner between two such letters is part of how a word is written: Arabic and its kin, the scripts of India,
/// Burmese, Khmer, Mongolian.
pub(crate) fn joins(c: char) -> bool {
    let letter = c.is_alphanumeric() || is_mark(c);
    let script = matches!(c, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}'
        | '\u{1780}'..='\u{18af}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    letter && script
}

/// Whether it stands on or beside a letter and is none itself.
pub fn is_mark(c: char) -> bool {
    !c.is_ascii()
        && matches!(
            c.general_category(),
            GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark | GeneralCategory::EnclosingMark
        )
}

/// Numbers that are no digits (², ½, Ⅳ): what they would become means something else (10² is not 102).
pub(crate) fn is_other_number(c: char) -> bool {
    !c.is_ascii()
        && matches!(c.general_category(), GeneralCategory::OtherNumber | GeneralCategory::LetterNumber)
}

/// Cyrillic and Greek capitals that are drawn like Latin ones.
const LATIN_LIKE: [(char, char); 29] = [
    ('А', 'A'),
    ('В', 'B'),
    ('Е', 'E'),
    ('І', 'I'),
    ('Ј', 'J'),
    ('К', 'K'),
    ('М', 'M'),
    ('Н', 'H'),
    ('О', 'O'),
    ('Р', 'P'),
    ('С', 'C'),
    ('Т', 'T'),
    ('У', 'Y'),
    ('Х', 'X'),
    ('Ѕ', 'S'),
    ('Α', 'A'),
    ('Β', 'B'),
    ('Ε', 'E'),
    ('Ζ', 'Z'),
    ('Η', 'H'),
    ('Ι', 'I'),
    ('Κ', 'K'),
    ('Μ', 'M'),
    ('Ν', 'N'),
    ('Ο', 'O'),
    ('Ρ', 'P'),
    ('Τ', 'T'),
    ('Υ', 'Y'),
    ('Χ', 'X'),
];

/// The Latin capital that this capital is drawn like.
pub(crate) fn latin_like(c: char) -> Option<char> {
    LATIN_LIKE.iter().find(|(other, _)| *other == c).map(|(_, latin)| *latin)
}

/// The text with each capital that is drawn like a Latin one replaced by it; the others stay. For documents: use it only
/// where the whole then fits, because a Ukrainian series may truly be Cyrillic.
pub fn in_latin(text: &str) -> String {
    text.chars().map(|c| latin_like(c).unwrap_or(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use GeneralCategory::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn signs_of_ascii_are_what_the_tables_of_unicode_say() {
        for c in '\0'..='\x7f' {
            let of = c.general_category();
            assert_eq!(is_invisible(c), of == Format, "{c:?}");
            assert_eq!(is_blank(c), c == '\t' || of == SpaceSeparator, "{c:?}");
            assert_eq!(is_dash(c), of == DashPunctuation, "{c:?}");
            assert_eq!(is_mark(c), matches!(of, NonspacingMark | SpacingMark | EnclosingMark), "{c:?}");
            assert_eq!(is_other_number(c), matches!(of, OtherNumber | LetterNumber), "{c:?}");
            assert!(std::iter::once(c).nfkd().eq([c]) && std::iter::once(c).nfkc().eq([c]), "{c:?}");
        }
    }
}
