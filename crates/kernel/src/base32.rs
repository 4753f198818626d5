//! Crockford's base 32 in lower case, without padding: safe in addresses, readable aloud, no `i l o u`.
//! Decoding forgives case and the letters that people mistake (`o` for 0, `i` and `l` for 1).

use data_encoding::{Encoding, Specification};
use std::sync::LazyLock;

#[expect(clippy::expect_used, reason = "the alphabet is a constant, and every test of this file reads it")]
static CROCKFORD: LazyLock<Encoding> = LazyLock::new(|| {
    let mut crockford = Specification::new();
    crockford.symbols.push_str("0123456789abcdefghjkmnpqrstvwxyz");
    crockford.translate.from.push_str("ABCDEFGHJKMNPQRSTVWXYZoOiIlL");
    crockford.translate.to.push_str("abcdefghjkmnpqrstvwxyz001111");
    crockford.encoding().expect("an alphabet of 32 signs")
});

/// Writes bytes, five bits a character, most significant first.
pub fn encode(bytes: &[u8]) -> String {
    CROCKFORD.encode(bytes)
}

/// Reads what [`encode`] wrote; `None` for a foreign character, a wrong length or bits that `encode` never sets.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    CROCKFORD.decode(text.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_encoded_is_read_back(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes.clone()));
            prop_assert_eq!(decode(&encode(&bytes).to_uppercase()), Some(bytes));
        }

        #[test]
        fn any_text_is_refused_or_read_without_panic(text in ".{0,60}") {
            let _ = decode(&text);
        }
    }

    #[test]
    fn foreign_characters_and_loose_bits_are_refused() {
        assert_eq!(decode("u"), None);
        assert_eq!(decode("01-2"), None);
        assert_eq!(decode("1z"), None, "the last bits must be zero");
        for text in ["0", "000", "000000", "04 ", " 04", "04\n", "0\u{131}", "04="] {
            assert_eq!(decode(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_people_mistake_is_read_as_it_was_meant() {
        let meant = decode("0123456789abcdefghjkmnpqrstvwxyz10").unwrap();
        for text in [
            "0123456789ABCDEFGHJKMNPQRSTVWXYZ10",
            "o123456789abcdefghjkmnpqrstvwxyzIo",
            "Ol23456789abcdefghjkmnpqrstvwxyzL0",
        ] {
            assert_eq!(decode(text).as_ref(), Some(&meant), "{text}");
        }
        assert_eq!(encode(&meant), "0123456789abcdefghjkmnpqrstvwxyz10");
    }
}
