//! A position in a hall's event sequence: its life, and its number within that life. A restored backup begins a new
//! life, in which numbers used before are used again. Knows no hall.

use std::fmt;
use std::str::FromStr;

/// A life and a number; a later life is greater whatever the numbers. Life 0 means unknown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Number {
    /// The life of queue's journal.
    pub life: u64,
    /// The number within it.
    pub seq: u64,
}

impl Number {
    /// Fills in `life` if either is unknown: a position without a life comes from a replica or screen of a version
    /// before lives, and during a roll-out that means the current one.
    pub fn in_life(self, life: u64) -> Number {
        if self.life == 0 || life == 0 { Number { life, ..self } } else { self }
    }
}

/// The form used as event id: `<life>-<seq>`, or the plain number if the life is unknown.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.life == 0 { write!(f, "{}", self.seq) } else { write!(f, "{}-{}", self.life, self.seq) }
    }
}

/// The text is not a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoNumber;

impl FromStr for Number {
    type Err = NoNumber;
    fn from_str(text: &str) -> Result<Number, NoNumber> {
        let (life, seq) = text.split_once('-').unwrap_or(("0", text));
        // `parse` would accept a leading sign.
        let read = |part: &str| {
            let digits = part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse().ok().filter(|_| digits).ok_or(NoNumber)
        };
        Ok(Number { life: read(life)?, seq: read(seq)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_as_it_is_written() {
        for (life, seq, text) in
            [(7, 36, "7-36"), (0, 36, "36"), (1_796_000_000_000_000, 0, "1796000000000000-0")]
        {
            assert_eq!(Number { life, seq }.to_string(), text);
            assert_eq!(text.parse(), Ok(Number { life, seq }));
        }
        for bad in
            ["", "-", "7-", "-7", "7-3-1", "a", "7-a", "a-7", "+7", "7-+3", " 7", "18446744073709551616"]
        {
            assert_eq!(bad.parse::<Number>(), Err(NoNumber), "{bad:?}");
        }
    }

    #[test]
    fn a_later_life_is_greater_whatever_the_numbers() {
        assert!(Number { life: 2, seq: 4 } > Number { life: 1, seq: 36 });
        assert!(Number { life: 2, seq: 5 } > Number { life: 2, seq: 4 });
    }
}
