//! A country as two capital letters (ISO 3166-1 alpha-2). Knows no list of countries: which ones exist is not ours to
//! say.

use std::fmt;
use std::str::FromStr;

/// A country.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// The text is not two ASCII letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a country is written with two letters, e.g. PL")]
pub struct NotACountry;

impl Country {
    /// The two-letter code, in capitals.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Country {
    type Err = NotACountry;
    /// Accepts lower case too: databases differ.
    fn from_str(text: &str) -> Result<Country, NotACountry> {
        match *text.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Ok(Country([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => Err(NotACountry),
        }
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_letters_are_a_country_and_nothing_else_is() {
        assert_eq!("pl".parse::<Country>().unwrap().code(), "PL");
        for text in ["", "P", "POL", "P1", "Poland", "ł"] {
            assert!(text.parse::<Country>().is_err(), "{text}");
        }
    }
}
