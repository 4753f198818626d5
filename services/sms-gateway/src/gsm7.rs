//! What an SMS costs: how many parts a text takes in GSM-7 or UCS-2 (3GPP TS 23.038), and the transliteration that
//! keeps a text in GSM-7. Knows no prices and no providers.

/// The alphabet in which a text is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Alphabet {
    /// Seven bits; 160 units in a single part, 153 in each of several.
    Gsm7,
    /// UTF-16; 70 units in a single part, 67 in each of several. One character outside GSM-7 puts the whole text here.
    Ucs2,
}

/// The size of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    /// The alphabet.
    pub alphabet: Alphabet,
    /// Septets including escapes, or UTF-16 units.
    pub units: usize,
    /// How many SMS are billed; 1 for an empty text.
    pub parts: u32,
}

/// Counts exactly: no escape pair or surrogate pair is split between two parts.
pub fn count(text: &str) -> Size {
    let septets: Option<Vec<usize>> = text.chars().map(septets).collect();
    match septets {
        Some(widths) => size(Alphabet::Gsm7, &widths, 160, 153),
        None => {
            let widths: Vec<usize> = text.chars().map(char::len_utf16).collect();
            size(Alphabet::Ucs2, &widths, 70, 67)
        }
    }
}

fn size(alphabet: Alphabet, widths: &[usize], single: usize, each: usize) -> Size {
    let units = widths.iter().sum();
    if units <= single {
        return Size { alphabet, units, parts: 1 };
    }
    let (mut parts, mut filled) = (1, 0);
    for width in widths {
        if filled + width > each {
            parts += 1;
            filled = 0;
        }
        filled += width;
    }
    Size { alphabet, units, parts }
}

/// How many septets a character takes; `None` if it is not in GSM-7.
fn septets(c: char) -> Option<usize> {
    match c {
        '\n' | '\r' | ' '..='?' | '@' | 'A'..='Z' | '_' | 'a'..='z' => Some(1),
        '¡' | '£' | '¤' | '¥' | '§' | '¿' | 'Ä' | 'Å' | 'Æ' | 'Ç' | 'É' | 'Ñ' | 'Ö' | 'Ø' | 'Ü' | 'ß'
        | 'à' | 'ä' | 'å' | 'æ' | 'è' | 'é' | 'ì' | 'ñ' | 'ò' | 'ö' | 'ø' | 'ù' | 'ü' => Some(1),
        'Γ' | 'Δ' | 'Θ' | 'Λ' | 'Ξ' | 'Π' | 'Σ' | 'Φ' | 'Ψ' | 'Ω' => Some(1),
        '\u{c}' | '[' | '\\' | ']' | '^' | '{' | '|' | '}' | '~' | '€' => Some(2),
        _ => None,
    }
}

/// Converts the text to GSM-7 where possible: characters of the alphabet stay, Latin letters lose their diacritics,
/// typographic characters become plain ones. Other scripts stay as they are, and the text is sent as UCS-2: expensive,
/// but readable.
pub fn transliterate(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if septets(c).is_some() {
            out.push(c);
        } else if let Some(plain) = plain(c) {
            out.push_str(plain);
        } else {
            out.push(c);
        }
    }
    out
}

/// The nearest GSM-7 equivalent of a character that is not in the alphabet.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'Á' | 'À' | 'Â' | 'Ã' | 'Ā' | 'Ă' | 'Ą' => "A",
        'á' | 'â' | 'ã' | 'ā' | 'ă' | 'ą' => "a",
        'Ć' | 'Č' | 'Ĉ' | 'Ċ' => "C",
        'ć' | 'č' | 'ĉ' | 'ċ' | 'ç' => "c",
        'Ď' | 'Đ' | 'Ð' => "D",
        'ď' | 'đ' | 'ð' => "d",
        'È' | 'Ê' | 'Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => "E",
        'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => "G",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'Ĥ' | 'Ħ' => "H",
        'ĥ' | 'ħ' => "h",
        'Í' | 'Ì' | 'Î' | 'Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' => "I",
        'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'Ĵ' => "J",
        'ĵ' => "j",
        'Ķ' => "K",
        'ķ' => "k",
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ŀ' | 'Ł' => "L",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'Ń' | 'Ņ' | 'Ň' => "N",
        'ń' | 'ņ' | 'ň' => "n",
        'Ó' | 'Ò' | 'Ô' | 'Õ' | 'Ō' | 'Ŏ' | 'Ő' => "O",
        'ó' | 'ô' | 'õ' | 'ō' | 'ŏ' | 'ő' => "o",
        'Ŕ' | 'Ŗ' | 'Ř' => "R",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' => "S",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'Ţ' | 'Ť' | 'Ŧ' | 'Ț' => "T",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'Ú' | 'Ù' | 'Û' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => "U",
        'ú' | 'û' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'Ŵ' => "W",
        'ŵ' => "w",
        'Ý' | 'Ŷ' | 'Ÿ' => "Y",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'Ź' | 'Ż' | 'Ž' => "Z",
        'ź' | 'ż' | 'ž' => "z",
        'Ĳ' => "IJ",
        'ĳ' => "ij",
        'ĸ' => "k",
        'ŉ' => "'n",
        'Ŋ' => "N",
        'ŋ' => "n",
        'Œ' => "OE",
        'œ' => "oe",
        'ẞ' => "SS",
        'Þ' => "Th",
        'þ' => "th",
        // A diacritic as a separate combining character (from some keyboards and files) is dropped.
        '\u{300}'..='\u{36f}' => "",
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => "",
        '\t' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' => " ",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => "-",
        '‘' | '’' | '‚' | '‛' | '′' | '`' | '´' => "'",
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => "\"",
        '…' => "...",
        '•' | '·' => "*",
        '№' => "No",
        '×' => "x",
        '÷' => ":",
        '°' => "o",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As 3GPP TS 23.038 lists them.
    #[test]
    fn of_all_characters_the_alphabet_has_those_of_its_two_tables() {
        const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
            ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
        const EXTENSION: &str = "\u{c}^{}\\[~]|€";
        for c in '\0'..=char::MAX {
            let listed = match c {
                c if BASIC.contains(c) => Some(1),
                c if EXTENSION.contains(c) => Some(2),
                _ => None,
            };
            assert_eq!(septets(c), listed, "{c:?}");
        }
    }

    fn times(n: usize, text: &str) -> String {
        text.repeat(n)
    }

    fn check(text: &str, alphabet: Alphabet, units: usize, parts: u32) {
        assert_eq!(count(text), Size { alphabet, units, parts }, "{text}");
    }

    #[test]
    fn gsm7_parts_end_where_the_standard_says() {
        use Alphabet::Gsm7;
        check("", Gsm7, 0, 1);
        check(&times(160, "a"), Gsm7, 160, 1);
        check(&times(161, "a"), Gsm7, 161, 2);
        check(&times(306, "a"), Gsm7, 306, 2);
        check(&times(307, "a"), Gsm7, 307, 3);
        check(&(times(158, "a") + "€"), Gsm7, 160, 1);
        check(&(times(159, "a") + "€"), Gsm7, 161, 2);
        check("Ç", Gsm7, 1, 1);
    }

    #[test]
    fn an_escape_pair_is_never_split_between_parts() {
        check(&(times(152, "a") + "€" + &times(152, "a")), Alphabet::Gsm7, 306, 3);
        check(&(times(153, "a") + "€" + &times(151, "a")), Alphabet::Gsm7, 306, 2);
    }

    #[test]
    fn ucs2_parts_end_where_the_standard_says_and_no_emoji_is_split() {
        use Alphabet::Ucs2;
        check(&times(70, "ą"), Ucs2, 70, 1);
        check(&times(71, "ą"), Ucs2, 71, 2);
        check(&times(134, "ą"), Ucs2, 134, 2);
        check(&times(135, "ą"), Ucs2, 135, 3);
        check(&(times(66, "ą") + "😀" + &times(10, "ą")), Ucs2, 78, 2);
        check(&(times(159, "a") + "ó"), Ucs2, 160, 3);
        check(&(times(69, "a") + "ł"), Ucs2, 70, 1);
        check(&(times(70, "a") + "ł"), Ucs2, 71, 2);
        check("ó", Ucs2, 1, 1);
        check("ç", Ucs2, 1, 1);
        for (letters, parts) in [(68, 1), (69, 2), (132, 2), (133, 3)] {
            assert_eq!(count(&("😀".to_owned() + &times(letters, "a"))).parts, parts, "{letters} letters");
        }
    }

    #[test]
    fn one_polish_letter_doubles_the_price_of_a_code() {
        let text = |word| {
            format!(
                "Kod potwierdzenia wizyty: 482913. {word} 10 min. Nie podawaj go nikomu.\n\n\
                 @rezerwacja.um.example.pl #482913"
            )
        };
        check(&text("Wazny"), Alphabet::Gsm7, 105, 1);
        check(&text("Ważny"), Alphabet::Ucs2, 105, 2);
        assert_eq!(transliterate(&text("Ważny")), text("Wazny"));
    }

    #[test]
    fn no_polish_letter_is_in_gsm7_and_each_has_its_plain_one() {
        let polish = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ";
        assert!(polish.chars().all(|c| septets(c).is_none()));
        assert_eq!(transliterate(polish), "acelnoszzACELNOSZZ");
        assert_eq!(transliterate("o\u{301} z\u{307}"), "o z", "marks of their own");
    }

    #[test]
    fn the_whole_alphabet_has_127_characters_and_ten_more_by_escape() {
        let all = (0..=0x2fff).filter_map(char::from_u32).filter_map(septets);
        let (basic, extension): (Vec<_>, Vec<_>) = all.partition(|width| *width == 1);
        assert_eq!((basic.len(), extension.len()), (127, 10));
    }

    #[test]
    fn typography_becomes_plain_and_foreign_scripts_stay() {
        assert_eq!(transliterate("„Płaza” – 9:00…\u{a0}’x’ à ü €"), "\"Plaza\" - 9:00... 'x' à ü €");
        assert_eq!(transliterate("Привіт"), "Привіт");
        assert_eq!(count("Привіт").alphabet, Alphabet::Ucs2);
    }

    proptest! {
        #[test]
        fn latin_text_always_ends_in_gsm7(text in "[ -~ąćęłńóśźżĄĆĘŁŃÓŚŹŻÀ-ž–—„”’…]{0,80}") {
            prop_assert_eq!(count(&transliterate(&text)).alphabet, Alphabet::Gsm7, "{}", transliterate(&text));
        }

        #[test]
        fn parts_hold_all_units_and_waste_at_most_one_unit_each(text in "[a-z€ą😀]{0,400}") {
            let size = count(&text);
            let (single, each) = if size.alphabet == Alphabet::Gsm7 { (160, 153) } else { (70, 67) };
            let parts = size.parts as usize;
            if size.units <= single {
                prop_assert_eq!(parts, 1);
            } else {
                prop_assert!(size.units <= parts * each);
                prop_assert!(size.units > (parts - 1) * (each - 1));
            }
        }
    }
}
