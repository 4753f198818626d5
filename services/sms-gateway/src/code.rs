//! Six digits from a keyed HMAC: a code is derived when it is sent and again when it is checked, and never stored.
//! Knows nothing of validity or attempts; those are the domain's.

use crate::domain::MAX_SENDS;
use okienko_kernel::{Id, Keys, keys};

const PURPOSE: &str = "sms-code";
/// Characters of a typed code that are examined: six digits, and invisible characters around each.
const LONGEST: usize = 64;
const CODES: u64 = 1_000_000;

/// The code for a verification's derivation number (from 1), six digits.
///
/// 64 bits of the HMAC modulo a million: the bias between codes is less than one part in 10^13.
pub fn code(keys: &Keys, verification: Id, no: u32) -> String {
    let mac = keys.mac(PURPOSE, &[verification.bytes(), &no.to_be_bytes()]);
    let mut head = [0; 8];
    head.copy_from_slice(&mac[..8]);
    format!("{:06}", u64::from_be_bytes(head) % CODES)
}

/// Whether `typed` is that code, in constant time. Spaces anywhere are ignored.
pub fn matches(keys: &Keys, verification: Id, no: u32, typed: &str) -> bool {
    is_code(keys, verification, no, &plain(typed))
}

fn is_code(keys: &Keys, verification: Id, no: u32, plain: &str) -> bool {
    keys::equal(code(keys, verification, no).as_bytes(), plain.as_bytes())
}

/// The derivation numbers, of all that a verification can have, whose code is `typed`: the input for
/// [`crate::domain::CheckCode::right_for`]. Only the outbox knows which of them is current.
pub fn matching(keys: &Keys, verification: Id, typed: &str) -> Vec<u32> {
    let plain = plain(typed);
    (1..=MAX_SENDS).filter(|no| is_code(keys, verification, *no, &plain)).collect()
}

/// The digits of a code as typed or pasted (`123 456`, `123-456`, with other characters), truncated after seven, when
/// it can no longer be right, so that a long text costs no more than a short one.
fn plain(typed: &str) -> String {
    let short: String = typed.chars().take(LONGEST).collect();
    okienko_typed::digits(&short).chars().take(7).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_kernel::world::SeededEntropy;
    use okienko_kernel::{Day, IdKind, Way};
    use proptest::prelude::*;

    fn id(seed: u64) -> Id {
        let way = Way { office: 1, place: 0, day: Day::from_number(2526) };
        Id::new(IdKind::Verification, way, &SeededEntropy::new(seed))
    }

    proptest! {
        #[test]
        fn a_code_is_six_digits_and_matches_itself_with_any_spaces(seed: u64, no in 1u32..6) {
            let keys = Keys::from_secret(b"s");
            let code = code(&keys, id(seed), no);
            prop_assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()));
            let spaced = format!(" {} {}\u{a0}\n", &code[..3], &code[3..]);
            prop_assert!(matches(&keys, id(seed), no, &spaced));
            prop_assert!(matching(&keys, id(seed), &spaced).contains(&no));
        }

        #[test]
        fn no_other_text_matches(seed: u64, typed in "[0-9 ]{0,8}|\\PC{0,12}") {
            let keys = Keys::from_secret(b"s");
            let same = typed.split_whitespace().collect::<String>() == code(&keys, id(seed), 1);
            prop_assert_eq!(matches(&keys, id(seed), 1, &typed), same);
        }
    }

    #[test]
    fn numbers_verifications_and_secrets_have_codes_of_their_own() {
        let (one, two) = (Keys::from_secret(b"1"), Keys::from_secret(b"2"));
        assert_ne!(code(&one, id(1), 1), code(&one, id(1), 2));
        assert_ne!(code(&one, id(1), 1), code(&one, id(2), 1));
        assert_ne!(code(&one, id(1), 1), code(&two, id(1), 1));
    }

    #[test]
    fn a_code_with_a_digit_more_or_less_is_wrong() {
        let keys = Keys::from_secret(b"s");
        let right = code(&keys, id(1), 1);
        assert!(!matches(&keys, id(1), 1, &right[..5]));
        assert!(!matches(&keys, id(1), 1, &format!("{right}0")));
        assert!(!matches(&keys, id(1), 1, ""));
    }

    #[test]
    fn each_first_digit_comes_about_equally_often() {
        let keys = Keys::from_secret(b"s");
        let mut seen = [0u32; 10];
        for seed in 0..10_000 {
            seen[usize::from(code(&keys, id(seed), 1).as_bytes()[0] - b'0')] += 1;
        }
        assert!(seen.iter().all(|n| (850..1150).contains(n)), "{seen:?}");
    }
}
