//! Patterns of form fields: a small, safe subset of the regular expressions of a browser's `pattern` attribute, so that
//! page and server agree. Always matches the whole text; the running time grows only with the lengths of text and
//! pattern. Must not know of fields or offices.
//!
//! A pattern is a sequence of pieces. A piece is a character, `\` and a character, `\d`, `\p{L}` (a letter of any
//! script), `\p{M}` (a combining mark), `.` or a class such as `[A-Za-z0-9 -]`, and may be followed by `?`, `*`, `+`,
//! `{n}` or `{n,m}`. There are no groups and no alternatives.

use std::iter::Peekable;
use std::str::Chars;

/// Maximum repeat count in a pattern.
const MAX_REPEAT: usize = 200;
/// Maximum pieces of a pattern.
const MAX_PIECES: usize = 64;

/// A parsed pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<Piece>);

/// What is wrong with a pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAPattern(&'static str);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    set: Set,
    min: usize,
    /// `None`: unlimited.
    max: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Set {
    Any,
    Of(Vec<Sign>),
}

/// An element of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Between(char, char),
    Letter,
    Mark,
}

impl Sign {
    fn is(self, c: char) -> bool {
        match self {
            Sign::Between(from, to) => (from..=to).contains(&c),
            Sign::Letter => c.is_alphabetic(),
            Sign::Mark => okienko_typed::is_mark(c),
        }
    }
}

impl Set {
    fn has(&self, c: char) -> bool {
        match self {
            Set::Any => true,
            Set::Of(signs) => signs.iter().any(|sign| sign.is(c)),
        }
    }
}

impl Pattern {
    /// Parses a pattern.
    pub fn parse(text: &str) -> Result<Pattern, NotAPattern> {
        let mut chars = text.chars().peekable();
        let mut pieces = Vec::new();
        while let Some(c) = chars.next() {
            let set = set(c, &mut chars)?;
            let (min, max) = repeat(&mut chars)?;
            pieces.push(Piece { set, min, max });
        }
        if pieces.is_empty() || pieces.len() > MAX_PIECES {
            return Err(NotAPattern("a pattern has 1 to 64 pieces"));
        }
        Ok(Pattern(pieces))
    }

    /// Whether the whole text matches the pattern.
    pub fn matches(&self, text: &str) -> bool {
        let chars: Vec<char> = text.chars().collect();
        // at[i]: the pieces so far can match the first i characters.
        let mut at = vec![false; chars.len() + 1];
        at[0] = true;
        for piece in &self.0 {
            let mut next = vec![false; chars.len() + 1];
            for start in (0..at.len()).filter(|&i| at[i]) {
                let most = piece.max.unwrap_or(chars.len());
                let run = chars[start..].iter().take(most).take_while(|c| piece.set.has(**c)).count();
                for reached in next.iter_mut().take(start + run + 1).skip(start + piece.min) {
                    *reached = true;
                }
            }
            at = next;
        }
        at[chars.len()]
    }
}

fn set(c: char, rest: &mut Peekable<Chars<'_>>) -> Result<Set, NotAPattern> {
    Ok(match c {
        '[' => class(rest)?,
        '.' => Set::Any,
        '\\' => Set::Of(vec![escaped(rest)?]),
        '(' | ')' | '|' | '^' | '$' => {
            return Err(NotAPattern(
                "groups ( ), choices | and anchors ^ $ are not known; the whole text is always meant",
            ));
        }
        '?' | '*' | '+' | '{' | '}' | ']' => {
            return Err(NotAPattern("there is nothing before ? * + { or ] to repeat or close"));
        }
        plain => Set::Of(vec![Sign::Between(plain, plain)]),
    })
}

fn escaped(rest: &mut Peekable<Chars<'_>>) -> Result<Sign, NotAPattern> {
    match rest.next() {
        Some('d') => Ok(Sign::Between('0', '9')),
        Some('p') => {
            let property: String = rest.by_ref().take(3).collect();
            match property.as_str() {
                "{L}" => Ok(Sign::Letter),
                "{M}" => Ok(Sign::Mark),
                _ => Err(NotAPattern("after \\p comes {L} or {M}")),
            }
        }
        Some(c) if !c.is_alphanumeric() => Ok(Sign::Between(c, c)),
        _ => Err(NotAPattern("after \\ comes d, p{L}, p{M} or a mark such as . or /")),
    }
}

fn class(rest: &mut Peekable<Chars<'_>>) -> Result<Set, NotAPattern> {
    const OPEN: NotAPattern = NotAPattern("a class [ has no end ]");
    const UP: NotAPattern = NotAPattern("a range of a class goes upwards, like a-z");
    let mut signs = Vec::new();
    loop {
        let from = match rest.next().ok_or(OPEN)? {
            ']' if !signs.is_empty() => return Ok(Set::Of(signs)),
            ']' | '^' if signs.is_empty() => {
                return Err(NotAPattern("a class is not empty and does not begin with ^"));
            }
            '\\' => escaped(rest)?,
            c => Sign::Between(c, c),
        };
        let mut ahead = rest.clone();
        let goes_on = ahead.next() == Some('-') && ahead.next().is_some_and(|c| c != ']');
        let single = match from {
            Sign::Between(one, same) if one == same && goes_on => one,
            _ => {
                signs.push(from);
                continue;
            }
        };
        rest.next();
        let to = match rest.next().ok_or(OPEN)? {
            '\\' => match escaped(rest)? {
                Sign::Between(_, to) => to,
                Sign::Letter | Sign::Mark => return Err(UP),
            },
            c => c,
        };
        if to < single {
            return Err(UP);
        }
        signs.push(Sign::Between(single, to));
    }
}

fn repeat(rest: &mut Peekable<Chars<'_>>) -> Result<(usize, Option<usize>), NotAPattern> {
    let found = match rest.peek() {
        Some('?') => (0, Some(1)),
        Some('*') => (0, None),
        Some('+') => (1, None),
        Some('{') => {
            rest.next();
            let mut inner = String::new();
            let closed = loop {
                match rest.next() {
                    Some('}') => break true,
                    Some(c) => inner.push(c),
                    None => break false,
                }
            };
            let number = |s: &str| s.parse::<usize>().ok().filter(|n| *n <= MAX_REPEAT);
            let read = match inner.split_once(',') {
                None => number(&inner).map(|n| (n, Some(n))),
                Some((min, "")) => number(min).map(|n| (n, None)),
                Some((min, max)) => number(min).zip(number(max)).map(|(a, b)| (a, Some(b))),
            };
            let valid = read.filter(|(min, max)| closed && max.is_none_or(|max| max >= *min && max > 0));
            return valid.ok_or(NotAPattern("a repeat is {n}, {n,} or {n,m} with n up to m, at most 200"));
        }
        _ => return Ok((1, Some(1))),
    };
    rest.next();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::parse(pattern).unwrap().matches(text)
    }

    #[test]
    fn the_whole_text_must_be_what_the_pattern_says() {
        assert!(matches(r"[A-Z]{1,3} ?[0-9A-Z]{4,5}", "CT 1234A"));
        assert!(matches(r"\d{2}-\d{3}", "87-100"));
        assert!(!matches(r"\d{2}-\d{3}", "87-1000"));
        assert!(matches(r"SO\.\d+\.\d{4}", "SO.17.2026"));
        assert!(matches("a*ab?", "aaa"));
        assert!(matches("[a-]+", "a-a"));
        assert!(!matches("a+", ""));
        let country = r"[\p{L}\p{M}'’ .\-\(\)]{2,60}";
        for text in ["საქართველო", "Côte d’Ivoire", "Korea Płd.", "ประเทศไทย", "日本", "Gwinea-Bissau"]
        {
            assert!(matches(country, text), "{text}");
        }
        assert!(!matches(country, "Ukraina 2") && !matches(country, "X"));
    }

    #[test]
    fn what_is_not_of_the_small_language_is_refused() {
        for text in [
            "",
            "(a)",
            "a|b",
            "^a",
            "[",
            "[]",
            "[^a]",
            "[z-a]",
            "a{",
            "a{3",
            "a{3,1}",
            "a{999}",
            "*",
            r"\w",
            r"\p{N}",
            r"\p",
            r"[a-\p{L}]",
            "\\",
        ] {
            assert!(Pattern::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_pattern_that_would_explode_elsewhere_is_quick() {
        assert!(!matches(&"a*".repeat(60), &format!("{}b", "a".repeat(200))));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_without_panic(pattern in ".{0,20}", text in ".{0,20}") {
            if let Ok(pattern) = Pattern::parse(&pattern) {
                let _ = pattern.matches(&text);
            }
        }
    }
}
