//! PESEL, the number in the Polish population register: its check digit and the birth date in it. Must not know forms.

use okienko_kernel::Day;

/// The birth date in a PESEL of 11 digits; `None` if the check digit or the date is wrong.
pub fn birth_date(text: &str) -> Option<Day> {
    let digits: Vec<u32> = text.chars().map(|c| c.to_digit(10)).collect::<Option<_>>()?;
    if digits.len() != 11 {
        return None;
    }
    const WEIGHTS: [u32; 10] = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3];
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    if (10 - sum % 10) % 10 != digits[10] {
        return None;
    }
    let two = |at: usize| (digits[at] * 10 + digits[at + 1]) as i16;
    // The century is encoded in the month by an offset: 0 for 19xx, 20 for 20xx … 80 for 18xx.
    let century = [1900, 2000, 2100, 2200, 1800].get(usize::try_from(two(2) / 20).ok()?)?;
    Day::new(century + two(0), (two(2) % 20) as i8, two(4) as i8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_numbers_give_their_birth_date() {
        let dated = [
            ("44051401359", "1944-05-14"),
            ("02122401358", "1902-12-24"),
            ("02211307589", "2002-01-13"),
            ("04222900014", "2004-02-29"),
            ("99923143217", "1899-12-31"),
            ("00430100026", "2100-03-01"),
        ];
        for (number, date) in dated {
            assert_eq!(birth_date(number), date.parse().ok(), "{number}");
        }
        for number in ["02270803624", "90090515836", "92071314764", "85071312344", "00210199987"] {
            assert!(birth_date(number).is_some(), "{number}");
        }
    }

    #[test]
    fn a_wrong_check_digit_date_length_or_letter_is_refused() {
        for number in
            ["44051401358", "02381307589", "00000000000", "4405140135", "440514013590", "4405140135a", ""]
        {
            assert_eq!(birth_date(number), None, "{number}");
        }
    }
}
