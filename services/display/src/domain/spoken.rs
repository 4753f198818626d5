//! Ticket and counter numbers in words, as people say them. Contains no language: every word comes from a vocabulary,
//! which is read from message files.
//!
//! A ticket `A007` is said "A seven", not "A zero zero seven": the zeros only make printed numbers equally long, and
//! nobody says them. How a voice would read "A007" depends on the voice, so nothing is left to it.

use std::collections::BTreeMap;

/// Numbers with more digits than this are said digit by digit: they are codes, not counts.
const COUNTED_DIGITS: usize = 6;

/// The words of one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// 0 to 19.
    small: Vec<String>,
    /// 10, 20, … 90.
    tens: Vec<String>,
    /// 100, 200, … 900.
    hundreds: Vec<String>,
    /// Thousands in three forms: one thousand, 2 to 4 thousand, 5 thousand and more.
    thousand: Vec<String>,
    /// Lowercase letter to its name.
    letters: BTreeMap<char, String>,
}

/// Names the list of a vocabulary that lacks words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the vocabulary lacks words: {0}")]
pub struct Incomplete(&'static str);

impl Vocabulary {
    /// Reads it from lists: words separated by spaces, phrases by `|`, letters as `w=wu`.
    pub fn read(
        small: &str,
        tens: &str,
        hundreds: &str,
        thousand: &str,
        letters: &str,
    ) -> Result<Vocabulary, Incomplete> {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let phrases = |text: &str| text.split('|').map(|one| one.trim().to_owned()).collect::<Vec<_>>();
        let pair =
            |pair: &str| pair.split_once('=').and_then(|(c, n)| Some((c.chars().next()?, n.to_owned())));
        let read = Vocabulary {
            small: words(small),
            tens: words(tens),
            hundreds: phrases(hundreds),
            thousand: phrases(thousand),
            letters: letters.split_whitespace().filter_map(pair).collect(),
        };
        let lists = [
            ("small", read.small.len() == 20),
            ("tens", read.tens.len() == 9),
            ("hundreds", read.hundreds.len() == 9),
            ("thousand", read.thousand.len() == 3),
            ("letters", ('a'..='z').all(|letter| read.letters.contains_key(&letter))),
        ];
        match lists.into_iter().find(|(_, whole)| !whole) {
            Some((list, _)) => Err(Incomplete(list)),
            None => Ok(read),
        }
    }

    /// 0 to 999,999 in words.
    pub fn number(&self, n: u32) -> String {
        let mut said = Vec::new();
        let (thousands, rest) = (n / 1000, n % 1000);
        match thousands {
            0 => {}
            1 => said.push(self.thousand[0].as_str()),
            _ => {
                self.below_thousand(thousands, &mut said);
                let few = (2..=4).contains(&(thousands % 10)) && !(12..=14).contains(&(thousands % 100));
                said.push(&self.thousand[if few { 1 } else { 2 }]);
            }
        }
        if rest > 0 || n == 0 {
            self.below_thousand(rest, &mut said);
        }
        said.join(" ")
    }

    fn below_thousand<'a>(&'a self, n: u32, said: &mut Vec<&'a str>) {
        let word = |list: &'a [String], at: u32| list.get(at as usize).map_or("", String::as_str);
        let (hundreds, rest) = (n / 100 % 10, n % 100);
        if hundreds > 0 {
            said.push(word(&self.hundreds, hundreds - 1));
        }
        match rest {
            0 if hundreds > 0 => {}
            0..20 => said.push(word(&self.small, rest)),
            _ => {
                said.push(word(&self.tens, rest / 10 - 1));
                if !rest.is_multiple_of(10) {
                    said.push(word(&self.small, rest % 10));
                }
            }
        }
    }

    /// A number as shown on a screen, e.g. `A007`, `LP1`, `10`, in words: letters by their names, adjacent digits as
    /// one number. Any other character only separates parts.
    pub fn label(&self, label: &str) -> String {
        let mut said: Vec<String> = Vec::new();
        let mut rest = label.chars().flat_map(char::to_lowercase).peekable();
        while let Some(c) = rest.next() {
            if let Some(first) = c.to_digit(10) {
                let mut digits = vec![first];
                while let Some(next) = rest.peek().and_then(|c| c.to_digit(10)) {
                    digits.push(next);
                    rest.next();
                }
                said.push(self.digits(&digits));
            } else if let Some(name) = self.letters.get(&c) {
                said.push(name.clone());
            }
        }
        said.join(" ")
    }

    fn digits(&self, digits: &[u32]) -> String {
        if digits.len() <= COUNTED_DIGITS {
            return self.number(digits.iter().fold(0, |n, digit| n * 10 + digit));
        }
        digits.iter().map(|digit| self.number(*digit)).collect::<Vec<_>>().join(" ")
    }
}
