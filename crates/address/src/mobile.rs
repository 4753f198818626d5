//! Phones that can take an SMS: read as people type them, kept as E.164, refused where a text would cost and not arrive.
//! Knows the public numbering plans (by the `phonenumber` crate); knows nothing of who owns a number or of budgets.

use phonenumber::country::Id as Country;
use phonenumber::metadata::DATABASE;
use phonenumber::{PhoneNumber, Type};
use std::fmt;

/// A mobile number as E.164 with the plus, e.g. `+48601234567`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mobile {
    e164: String,
    /// How many characters of `e164` are plus and country code.
    prefix: usize,
}

/// Why a number is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneFault {
    /// No number that anybody can have.
    #[error("not a phone number")]
    NotANumber,
    /// A number, but fixed, premium, VoIP, pager or another kind that takes no SMS, or takes it at a price.
    #[error("this number cannot receive SMS")]
    CannotReceiveSms,
    /// There are letters in it: the number of somebody who wrote O for 0, or a word to be dialled.
    #[error("letters in a phone number")]
    Letters,
    /// A number with an extension: no SMS comes through a switchboard.
    #[error("a number with an extension")]
    Extension,
    /// A country whose dial code is not on the list.
    #[error("numbers of this country are not served")]
    CountryNotServed,
}

/// Poland, Ukraine, Belarus and the European Union: whom Polish offices serve most. An office may have its own list.
pub const DEFAULT_DIAL_CODES: &[u16] = &[
    48, 380, 375, 30, 31, 32, 33, 34, 351, 352, 353, 356, 357, 358, 359, 36, 370, 371, 372, 385, 386, 39, 40,
    420, 421, 43, 45, 46, 49,
];

/// The countries that an office serves: its own list, or [`DEFAULT_DIAL_CODES`] where it has none.
pub fn served(own: &[u16]) -> &[u16] {
    if own.is_empty() { DEFAULT_DIAL_CODES } else { own }
}

/// Whether any country's numbers begin so, without the plus.
pub fn is_dial_code(code: u16) -> bool {
    DATABASE.by_code(&code).is_some_and(|plans| plans.iter().any(|plan| plan.id().len() == 2))
}

const POLAND: u16 = 48;
/// Longer input is not read at all; the longest number has 15 digits, and each may stand between marks that nobody sees.
const MAX_TYPED: usize = 400;
/// What is left of it.
const MAX_PLAIN: usize = 40;

/// Reads a mobile number. Without a plus or `00` it is one of `default_country` (ISO 3166, e.g. `PL`; an unknown
/// country leaves numbers with a plus alone). What people put between the digits is forgiven ([`okienko_typed::phone`]);
/// letters are not guessed at.
/// `dial_codes` are the countries served, e.g. [`DEFAULT_DIAL_CODES`].
pub fn parse_mobile(text: &str, default_country: &str, dial_codes: &[u16]) -> Result<Mobile, PhoneFault> {
    let digits = plain(text, default_country)?;
    // Most people write such a number, and the patterns of the whole world cost more than all else of a request.
    if let Some(national) = polish_mobile(&digits, default_country)
        && dial_codes.contains(&POLAND)
    {
        return Ok(Mobile { e164: format!("+{POLAND}{national}"), prefix: 3 });
    }
    by_plan(digits, default_country, dial_codes)
}

/// Reads the numbering plans, which takes a tenth of a second: at start, so that the first caller from abroad does not
/// wait for them.
pub fn read_plans() {
    let _ = by_plan("+380501234567".to_owned(), "PL", DEFAULT_DIAL_CODES);
}

/// Reads what [`plain`] left by the numbering plan of its country.
fn by_plan(digits: String, default_country: &str, dial_codes: &[u16]) -> Result<Mobile, PhoneFault> {
    let country: Option<Country> = default_country.parse().ok();
    let number = phonenumber::parse(country, digits).map_err(|_| PhoneFault::NotANumber)?;
    let code = number.code().value();
    if !dial_codes.contains(&code) {
        return Err(PhoneFault::CountryNotServed);
    }
    if number.extension().is_some() {
        return Err(PhoneFault::Extension);
    }
    let national = national_digits(&number);
    // No mobile number of a country that is served begins with a zero: with zeros in front one phone would be many. A
    // single one is what people dial at home, `+380 067 …`.
    if let Some(rest) = national.strip_prefix('0') {
        let is_number = !rest.starts_with('0');
        let again = || parse_mobile(&format!("+{code}{rest}"), default_country, dial_codes);
        return if is_number { again() } else { Err(PhoneFault::NotANumber) };
    }
    match kind(&number, code, &national) {
        Kind::Mobile => Ok(Mobile { e164: format!("+{code}{national}"), prefix: 1 + digits_of(code) }),
        Kind::Other => Err(PhoneFault::CannotReceiveSms),
        Kind::Nothing => Err(PhoneFault::NotANumber),
    }
}

impl Mobile {
    /// E.164 with the plus.
    pub fn as_str(&self) -> &str {
        &self.e164
    }
    /// The country's dial code, e.g. 48.
    pub fn dial_code(&self) -> u16 {
        self.e164[1..self.prefix].parse().unwrap_or_default()
    }
    /// The number without its last four digits: what one counts by, to see a range being pumped.
    pub fn range(&self) -> &str {
        &self.e164[..self.e164.len().saturating_sub(4).max(self.prefix)]
    }
    /// For display: `+48 601 *** 567`; of short numbers the last two digits alone.
    pub fn masked(&self) -> String {
        let (code, national) = self.e164.split_at(self.prefix);
        match national.len() {
            9.. => format!("{code} {} *** {}", &national[..3], &national[national.len() - 3..]),
            4.. => format!("{code} *** {}", &national[national.len() - 2..]),
            _ => format!("{code} ***"),
        }
    }
}

impl fmt::Display for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.e164)
    }
}
/// Masked, so that no log shows a number by accident.
impl fmt::Debug for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

enum Kind {
    Mobile,
    Other,
    Nothing,
}

fn kind(number: &PhoneNumber, code: u16, national: &str) -> Kind {
    match number.number_type(&DATABASE) {
        _ if code == POLAND && is_polish_mobile(national) => Kind::Mobile,
        // The plan's pattern is the last word for Poland, where most of the money goes.
        Type::Mobile | Type::FixedLineOrMobile if code != POLAND => Kind::Mobile,
        Type::Unknown => Kind::Nothing,
        _ => Kind::Other,
    }
}

/// The nine digits of a Polish mobile number that is written with `+48`, or without it where Poland is at home.
fn polish_mobile<'a>(digits: &'a str, default_country: &str) -> Option<&'a str> {
    let at_home = (default_country == "PL").then_some(digits);
    digits.strip_prefix("+48").or(at_home).filter(|national| is_polish_mobile(national))
}

/// Poland's mobile ranges by the plan: `(45|5[0137]|6[069]|7[2389]|88)` and seven digits, and the ranges within 21.
fn is_polish_mobile(national: &str) -> bool {
    if national.len() != 9 || !national.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let two = &national[..2];
    let four = &national[..4];
    match two {
        "45" | "50" | "51" | "53" | "57" | "60" | "66" | "69" | "72" | "73" | "78" | "79" | "88" => true,
        "21" => {
            matches!(four, "2110" | "2111" | "2113" | "2114" | "2115")
                || ("2120"..="2129").contains(&four)
                || ("2131"..="2139").contains(&four)
        }
        _ => false,
    }
}

/// Words and signs with which an extension begins.
const EXTENSION: [&str; 7] = ["wew", "ext", "dw.", "x", ";ext", "#", "w."];

/// Plus and ASCII digits, `00` as plus, without the zero that was once dialled before a Polish number.
fn plain(text: &str, default_country: &str) -> Result<String, PhoneFault> {
    if text.len() > MAX_TYPED {
        return Err(PhoneFault::NotANumber);
    }
    let clean = okienko_typed::phone(text);
    if clean.len() > MAX_PLAIN {
        return Err(PhoneFault::NotANumber);
    }
    let number = clean.strip_prefix('+').unwrap_or(&clean);
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    let (number, rest) = number.split_at(end);
    let rest = rest.to_lowercase();
    if !rest.is_empty() {
        let is_extension = number.len() >= 7
            && EXTENSION.iter().any(|word| {
                rest.strip_prefix(word).is_some_and(|after| {
                    after.trim_start_matches(['.', ':', '=']).bytes().all(|b| b.is_ascii_digit())
                        && after.bytes().any(|b| b.is_ascii_digit())
                })
            });
        return Err(match () {
            () if is_extension => PhoneFault::Extension,
            () if rest.chars().any(char::is_alphabetic) => PhoneFault::Letters,
            () => PhoneFault::NotANumber,
        });
    }
    // `+0048` is the same beginning twice.
    if let Some(rest) = number.strip_prefix("00") {
        return Ok(format!("+{rest}"));
    }
    if clean.starts_with('+') {
        return Ok(clean);
    }
    let dialled = default_country == "PL" && number.len() == 10;
    Ok(number.strip_prefix('0').filter(|_| dialled).unwrap_or(number).to_owned())
}

/// The national number as it is dialled after the country code, with the leading zeros that belong to it (Italy).
fn national_digits(number: &PhoneNumber) -> String {
    number.national().to_string()
}

fn digits_of(code: u16) -> usize {
    code.checked_ilog10().map_or(1, |log| log as usize + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<String, PhoneFault> {
        parse_mobile(text, "PL", DEFAULT_DIAL_CODES).map(|m| m.to_string())
    }

    #[test]
    fn zeros_in_front_make_no_other_number_of_a_phone() {
        for text in ["+3800000398007070", "+380000671234567", "+4900001711234567", "+48000601234567"] {
            assert_eq!(read(text), Err(PhoneFault::NotANumber), "{text}");
        }
        // A single one is the prefix that people dial at home.
        assert_eq!(read("+380 067 123 45 67"), Ok("+380671234567".to_owned()));
    }

    #[test]
    fn one_polish_mobile_in_every_spelling_is_one_number() {
        for text in [
            "601234567",
            "601 234 567",
            "601-234-567",
            "0048 601 234 567",
            "48601234567",
            "+48601234567",
            "+48 (601) 234.567",
            " +48\u{a0}601 234 567 ",
            "\u{202a}+48 601 234 567\u{202c}",
            "\u{2068}+48 601 234 567\u{2069}",
            "601\u{200b}234\u{200b}567",
            "\u{feff}601234567",
            "601\u{2011}234\u{2011}567",
            "601\u{2013}234\u{2013}567",
            "601\u{202f}234\u{202f}567",
            "601\u{2009}234\u{2009}567",
            "601\t234\t567",
            "tel:+48601234567",
            "tel. 601 234 567",
            "601234567,",
            "++48 601 234 567",
            "+0048 601 234 567",
            "0601234567",
            "0 601 234 567",
            "+48 0601 234 567",
            "+48 (0) 601 234 567",
            "(0)601 234 567",
            "٦٠١٢٣٤٥٦٧",
            "６０１２３４５６７",
            "601\u{ad}234\u{2060}567",
        ] {
            assert_eq!(read(text), Ok("+48601234567".into()), "{text}");
        }
    }

    #[test]
    fn letters_extensions_and_two_numbers_are_no_other_number() {
        for text in [
            "601-CALL-ME",
            "60l234567",
            "6O1234567",
            "+48 6O1 234 567",
            "abc",
            "telefon",
            "601234567 Anna",
            "sześćset",
            "601abc567",
            "+dwPAA;phone-context=AA",
        ] {
            assert_eq!(read(text), Err(PhoneFault::Letters), "{text}");
        }
        for text in [
            "+48601234567 wew. 12",
            "601234567 wew 12",
            "601234567 ext. 12",
            "601234567;ext=1",
            "+48601234567;ext=12",
            "601234567 x12",
            "601234567#12",
        ] {
            assert_eq!(read(text), Err(PhoneFault::Extension), "{text}");
        }
        for text in [
            "601234567, 602345678",
            "601234567 / 602345678",
            "601234567;602345678",
            "",
            "+",
            "(0)",
            "*100#",
            // Ten digits: the zero in brackets is none of a country's.
            "601(0)601800",
            "60(0)1234567",
            "6(0)01234567",
            "6012(0)34567",
        ] {
            assert_eq!(read(text), Err(PhoneFault::NotANumber), "{text}");
        }
    }

    #[test]
    fn polish_kinds_of_numbers_are_told_apart() {
        assert_eq!(read("451234567"), Ok("+48451234567".into()));
        assert_eq!(read("211123456"), Ok("+48211123456".into()), "mobile within 21");
        assert_eq!(read("881234567"), Ok("+48881234567".into()));
        for (text, what) in [
            ("221234567", "fixed"),
            ("701234567", "premium"),
            ("391234567", "VoIP"),
            ("640123456", "pager"),
            ("800123456", "toll free"),
            ("801123456", "shared cost"),
            ("804123456", "universal access"),
        ] {
            assert_eq!(read(text), Err(PhoneFault::CannotReceiveSms), "{what}");
        }
    }

    #[test]
    fn what_is_no_number_is_called_so() {
        for text in [
            "4860123456",
            "211234567",
            "",
            "+",
            "00",
            "601",
            "60123456",
            "6012345678",
            "112",
            "+4860123456789012345",
            "+48+601234567",
            "+٤٨",
        ] {
            assert_eq!(read(text), Err(PhoneFault::NotANumber), "{text}");
        }
    }

    #[test]
    fn foreign_mobiles_of_the_countries_served_are_accepted_and_others_not() {
        assert_eq!(read("+380501234567"), Ok("+380501234567".into()));
        assert_eq!(read("00380 50 123 45 67"), Ok("+380501234567".into()));
        assert_eq!(read("+375291234567"), Ok("+375291234567".into()));
        assert_eq!(read("+4915112345678"), Ok("+4915112345678".into()));
        assert_eq!(read("+393123456789"), Ok("+393123456789".into()));
        assert_eq!(read("+493012345678"), Err(PhoneFault::CannotReceiveSms), "a fixed line in Berlin");
        assert_eq!(read("+12125551234"), Err(PhoneFault::CountryNotServed));
        assert_eq!(read("+882161234567"), Err(PhoneFault::CountryNotServed), "satellite");
        let only_poland = |text| parse_mobile(text, "PL", &[48]);
        assert_eq!(only_poland("+380501234567"), Err(PhoneFault::CountryNotServed));
        assert!(only_poland("601234567").is_ok());
    }

    #[test]
    fn a_mask_shows_the_ends_alone_and_debug_shows_the_mask() {
        let mobile = parse_mobile("601234567", "PL", DEFAULT_DIAL_CODES).unwrap();
        assert_eq!(mobile.masked(), "+48 601 *** 567");
        assert_eq!(format!("{mobile:?}"), "+48 601 *** 567");
        assert_eq!(mobile.dial_code(), 48);
        assert_eq!(mobile.range(), "+4860123");
    }

    #[test]
    fn an_office_writes_to_the_countries_of_its_list_alone() {
        assert_eq!(served(&[]), DEFAULT_DIAL_CODES);
        let german = "+49 1512 3456789";
        assert!(parse_mobile(german, "PL", served(&[])).is_ok());
        assert_eq!(parse_mobile(german, "PL", served(&[48, 380])), Err(PhoneFault::CountryNotServed));
        assert!(DEFAULT_DIAL_CODES.iter().all(|code| is_dial_code(*code)));
        // A number that is free to call, a satellite phone, nothing.
        assert!([800, 881, 999, 0].iter().all(|code| !is_dial_code(*code)));
    }

    #[test]
    fn every_eu_country_has_its_dial_code_on_the_list_once() {
        let mut codes = DEFAULT_DIAL_CODES.to_vec();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), 27 + 2, "27 of the Union, Ukraine and Belarus");
    }

    proptest! {
        #[test]
        fn any_text_is_refused_or_kept_in_a_form_that_reads_the_same_again(text in "\\PC{0,30}|[+]?[0-9 ]{0,18}") {
            if let Ok(mobile) = parse_mobile(&text, "PL", DEFAULT_DIAL_CODES) {
                prop_assert_eq!(parse_mobile(mobile.as_str(), "PL", DEFAULT_DIAL_CODES), Ok(mobile.clone()));
                prop_assert!(!mobile.masked().contains(&mobile.as_str()[6..]));
            }
        }

        #[test]
        fn a_polish_number_is_mobile_exactly_by_the_plan(number in 100_000_000u32..1_000_000_000) {
            let text = number.to_string();
            prop_assert_eq!(read(&text).is_ok(), is_polish_mobile(&text));
        }

        /// The short way to a Polish number is the plan's answer, wherever the number is from and whoever is served.
        #[test]
        fn the_short_way_answers_as_the_plan_does(
            text in "([+]48)?(21|45|5[0137]|6[069]|7[2389]|88|[0-9]{2})[0-9]{7}",
            home in prop::sample::select(vec!["PL", "DE", "UA", ""]),
            served in prop::sample::select(vec![DEFAULT_DIAL_CODES, &[48], &[49, 380]]),
        ) {
            let short = parse_mobile(&text, home, served);
            prop_assert_eq!(short, by_plan(plain(&text, home).unwrap(), home, served));
        }
    }
}
