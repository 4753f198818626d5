//! Crockford's base 32 in lower case, without padding: safe in addresses, readable aloud, no `i l o u`.
//! Decoding forgives case and the letters that people mistake (`o` for 0, `i` and `l` for 1).

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Writes bytes, five bits a character, most significant first.
pub fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut acc, mut bits) = (0u32, 0u32);
    for &byte in bytes {
        acc = (acc << 8) | u32::from(byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(ALPHABET[(acc >> bits) as usize & 31] as char);
        }
        acc &= (1 << bits) - 1;
    }
    if bits > 0 {
        out.push(ALPHABET[(acc << (5 - bits)) as usize & 31] as char);
    }
    out
}

/// Reads what [`encode`] wrote; `None` for a foreign character, a wrong length or bits that `encode` never sets.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 5 / 8);
    let (mut acc, mut bits) = (0u32, 0u32);
    for byte in text.bytes() {
        acc = (acc << 5) | value(byte)?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push((acc >> bits) as u8);
            acc &= (1 << bits) - 1;
        }
    }
    (bits < 5 && acc == 0).then_some(out)
}

fn value(byte: u8) -> Option<u32> {
    let lower = match byte.to_ascii_lowercase() {
        b'o' => b'0',
        b'i' | b'l' => b'1',
        other => other,
    };
    ALPHABET.iter().position(|&c| c == lower).map(|at| at as u32)
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
    }
}
