//! Licence expressions (SPDX): whether a list of allowed licences satisfies one. Knows no packages.

/// Whether the allowed licences alone satisfy the expression; an error if it is not a valid expression. `X WITH Y`
/// counts as one licence of that name; the old form `A/B` means `A OR B`.
pub fn satisfied(expression: &str, allowed: &[String]) -> Result<bool, String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, at: 0, allowed };
    let held = reader.any().ok_or_else(|| format!("not a licence expression: {expression}"))?;
    if reader.at < words.len() {
        return Err(format!("not a licence expression: {expression}"));
    }
    Ok(held)
}

struct Reader<'a> {
    words: &'a [&'a str],
    at: usize,
    allowed: &'a [String],
}

impl Reader<'_> {
    fn take(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at) == Some(&word);
        self.at += usize::from(found);
        found
    }

    /// Terms joined by OR, which has the lowest precedence.
    fn any(&mut self) -> Option<bool> {
        let mut held = self.all()?;
        while self.take("OR") {
            held |= self.all()?;
        }
        Some(held)
    }

    /// Terms joined by AND.
    fn all(&mut self) -> Option<bool> {
        let mut held = self.one()?;
        while self.take("AND") {
            held &= self.one()?;
        }
        Some(held)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let held = self.any()?;
            return self.take(")").then_some(held);
        }
        let mut name = self.name()?;
        if self.take("WITH") {
            name = format!("{name} WITH {}", self.name()?);
        }
        Some(self.allowed.contains(&name))
    }

    fn name(&mut self) -> Option<String> {
        let word = self.words.get(self.at).filter(|word| !["OR", "AND", "WITH", "(", ")"].contains(word))?;
        self.at += 1;
        Some((*word).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(expression: &str) -> Result<bool, String> {
        satisfied(
            expression,
            &["MIT", "ISC", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned),
        )
    }

    #[test]
    fn or_needs_one_side_and_and_needs_both() {
        assert_eq!(allows("MIT OR GPL-3.0-only"), Ok(true));
        assert_eq!(allows("GPL-3.0-only OR AGPL-3.0-only"), Ok(false));
        assert_eq!(allows("MIT AND GPL-3.0-only"), Ok(false));
        assert_eq!(allows("MIT AND ISC"), Ok(true));
        assert_eq!(allows("MIT/Apache-2.0"), Ok(true));
        assert_eq!(allows("Apache-2.0 / GPL-2.0-only"), Ok(true));
    }

    #[test]
    fn and_binds_before_or_and_brackets_before_both() {
        assert_eq!(allows("MIT OR GPL-3.0-only AND AGPL-3.0-only"), Ok(true));
        assert_eq!(allows("(MIT OR GPL-3.0-only) AND AGPL-3.0-only"), Ok(false));
        assert_eq!(allows("(MIT OR Apache-2.0) AND ISC"), Ok(true));
    }

    #[test]
    fn an_exception_is_allowed_only_by_its_full_name() {
        assert_eq!(allows("Apache-2.0 WITH LLVM-exception"), Ok(true));
        assert_eq!(allows("MIT WITH LLVM-exception"), Ok(false));
    }

    #[test]
    fn what_is_no_expression_is_an_error() {
        for bad in ["", "OR MIT", "MIT OR", "(MIT", "MIT)", "MIT ISC", "MIT WITH", "AND"] {
            assert!(allows(bad).is_err(), "{bad}");
        }
    }
}
