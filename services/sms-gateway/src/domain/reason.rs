//! Why a message was not sent, as a code that may be stored forever. Providers put phones and texts into their error
//! messages; this type lets none of that through.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A short code, `[a-z0-9_]`, at most 40 characters and never six digits in a row.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reason(String);

const MAX_LEN: usize = 40;
/// Providers' error numbers have up to five digits; phones and codes have more.
const MAX_DIGITS: usize = 5;

impl Reason {
    /// Reduces `text` to a code: other characters become `_`, digits beyond five in a row are dropped.
    pub fn new(text: &str) -> Reason {
        let mut out = String::with_capacity(text.len().min(MAX_LEN));
        let mut digits = 0;
        for c in text.chars() {
            if out.len() == MAX_LEN {
                break;
            }
            match c.to_ascii_lowercase() {
                c @ '0'..='9' => {
                    digits += 1;
                    if digits <= MAX_DIGITS {
                        out.push(c);
                    }
                }
                // A phone written in groups is still a phone: only letters end a run of digits.
                c @ 'a'..='z' => {
                    digits = 0;
                    out.push(c);
                }
                _ if out.ends_with('_') => {}
                _ => out.push('_'),
            }
        }
        Reason(out.trim_matches('_').to_owned())
    }
    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_phone_gets_through_in_any_grouping() {
        assert_eq!(Reason::new("smsapi 13").as_str(), "smsapi_13");
        assert_eq!(Reason::new("Twilio:21610").as_str(), "twilio_21610");
        assert_eq!(Reason::new("no route to +48601234567!").as_str(), "no_route_to_48601");
        assert_eq!(Reason::new("48 601 234 567").as_str(), "48_601");
        assert!(Reason::new(&"ż".repeat(99)).as_str().is_empty());
        assert_eq!(Reason::new(&"x".repeat(99)).as_str().len(), 40);
    }
}
