//! A Rust file split into code, string literals and tests, well enough for rules that look for words. Not a parser: it
//! knows comments, literals and braces, and nothing of types or macros.

/// A Rust file.
pub struct Source {
    /// Relative to the root.
    pub path: String,
    /// The unmodified text.
    pub text: String,
    /// The text with comments and the contents of literals blanked out, keeping its length in characters and its lines.
    pub code: String,
    /// Line (from 1) and contents of each string literal.
    pub strings: Vec<(usize, String)>,
    /// The whole file is only for tests.
    pub all_test: bool,
    test_lines: Vec<bool>,
}

impl Source {
    /// Splits a text.
    pub fn new(path: String, text: String) -> Self {
        let (code, strings) = cut(&text);
        let test_lines = test_lines(&code);
        let inner = code.lines().any(|line| line.trim().starts_with("#![cfg(test)]"));
        let all_test = inner || in_test_place(&path);
        Source { path, text, code, strings, all_test, test_lines }
    }

    /// Whether the line (from 1) is compiled only for tests.
    pub fn is_test(&self, line: usize) -> bool {
        self.all_test || line.checked_sub(1).and_then(|at| self.test_lines.get(at)).copied().unwrap_or(false)
    }

    /// The lines of code outside tests, numbered from 1.
    pub fn live_code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, line))
            .filter(|(line, _)| !self.is_test(*line))
    }

    /// The code with the lines of tests blanked out.
    pub fn live_text(&self) -> String {
        let lines = self.code.lines().enumerate();
        lines
            .map(|(at, line)| if self.is_test(at + 1) { "\n".to_owned() } else { format!("{line}\n") })
            .collect()
    }

    /// Paths, without `.rs`, of the modules that this file declares only for tests.
    pub fn test_modules(&self) -> Vec<String> {
        let folder = match self.path.rsplit_once('/') {
            Some((folder, "lib.rs" | "main.rs" | "mod.rs")) => folder,
            _ => self.path.trim_end_matches(".rs"),
        };
        let declared =
            self.code.lines().enumerate().filter(|(at, _)| self.is_test(at + 1)).filter_map(|(_, line)| {
                let (head, name) = line.trim().strip_suffix(';')?.rsplit_once(' ')?;
                (head == "mod" || head.ends_with(" mod")).then(|| format!("{folder}/{name}"))
            });
        declared.collect()
    }
}

fn in_test_place(path: &str) -> bool {
    let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".rs");
    path.split('/').any(|part| part == "tests")
        || stem == "tests"
        || stem.ends_with("_tests")
        || stem.ends_with("_test")
}

/// Where `find` occurs in `text` as a whole word: the line (from 1) and the byte offset of each occurrence.
pub fn words<'a>(text: &'a str, find: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(find).filter_map(move |(at, _)| {
        let whole = !text[..at].ends_with(is_word) && !text[at + find.len()..].starts_with(is_word);
        whole.then(|| (text[..at].matches('\n').count() + 1, at))
    })
}

/// The code with comments and literals blanked out, and the string literals.
fn cut(text: &str) -> (String, Vec<(usize, String)>) {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut strings = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let (end, literal) = piece(&chars, at);
        let piece = &chars[at..end];
        if let Some((from, to)) = literal {
            strings.push((line, chars[from..to].iter().collect()));
        }
        if end == at + 1 && literal.is_none() {
            code.push(chars[at]);
        } else {
            code.extend(piece.iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
        }
        line += piece.iter().filter(|c| **c == '\n').count();
        at = end;
    }
    (code, strings)
}

/// The end of the piece that begins at `at`, and the range of its contents if it is a string literal.
fn piece(chars: &[char], at: usize) -> (usize, Option<(usize, usize)>) {
    let next = |ahead: usize| chars.get(at + ahead).copied().unwrap_or('\0');
    match (next(0), next(1)) {
        ('/', '/') => (find(chars, at, |c| c == '\n'), None),
        ('/', '*') => (block_comment(chars, at), None),
        ('"', _) => quoted(chars, at),
        ('r', '"' | '#') if !after_word(chars, at) => raw(chars, at).unwrap_or((at + 1, None)),
        // b'x' and b"x" need no case: the letter stays in the code, and the rest is treated as a literal.
        ('\'', '\\') => ((find(chars, at + 3, |c| c == '\'') + 1).min(chars.len()), None),
        ('\'', _) if next(2) == '\'' => (at + 3, None),
        _ => (at + 1, None),
    }
}

fn after_word(chars: &[char], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).map_or('\0', |place| chars[place]);
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    // `br"…"` and `cr"…"` are raw too; any other word that ends in r is a word.
    let prefix = matches!(before(1), 'b' | 'c') && !is_word(before(2));
    is_word(before(1)) && !prefix
}

/// The first index from `from` on whose character satisfies `wanted`, or the end.
fn find(chars: &[char], from: usize, wanted: impl Fn(char) -> bool) -> usize {
    (from..chars.len()).find(|at| wanted(chars[*at])).unwrap_or(chars.len())
}

fn block_comment(chars: &[char], from: usize) -> usize {
    let (mut at, mut depth) = (from + 2, 1);
    while at < chars.len() && depth > 0 {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (at, depth) = (at + 2, depth + 1),
            ('*', Some('/')) => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
    }
    at.min(chars.len())
}

fn quoted(chars: &[char], from: usize) -> (usize, Option<(usize, usize)>) {
    let mut at = from + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    let end = at.min(chars.len());
    ((end + 1).min(chars.len()), Some((from + 1, end)))
}

fn raw(chars: &[char], from: usize) -> Option<(usize, Option<(usize, usize)>)> {
    let hashes = chars[from + 1..].iter().take_while(|c| **c == '#').count();
    let start = from + 1 + hashes;
    if chars.get(start) != Some(&'"') {
        return None;
    }
    let closes = |at: usize| {
        chars[at] == '"' && chars[at + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes
    };
    let end = (start + 1..chars.len()).find(|at| closes(*at)).unwrap_or(chars.len());
    Some(((end + 1 + hashes).min(chars.len()), Some((start + 1, end))))
}

/// Marks the lines that belong to an item under `#[cfg(test)]` or `#[test]`.
fn test_lines(code: &str) -> Vec<bool> {
    let mut lines = vec![false; code.lines().count()];
    for mark in ["#[cfg(test)]", "#[cfg(all(test", "#[test]", "#[tokio::test"] {
        for (at, _) in code.match_indices(mark) {
            let first = code[..at].matches('\n').count();
            let last = first + code[at..item_end(code, at)].matches('\n').count();
            lines.iter_mut().take(last + 1).skip(first).for_each(|line| *line = true);
        }
    }
    lines
}

/// The end of the item whose attributes begin at `from`: its `;`, or the brace that closes its first block.
fn item_end(code: &str, from: usize) -> usize {
    let (mut braces, mut brackets) = (0i32, 0i32);
    for (at, c) in code[from..].char_indices() {
        match c {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets -= 1,
            '{' => braces += 1,
            '}' => braces -= 1,
            _ => {}
        }
        let ended = (c == '}' && braces <= 0) || (c == ';' && braces == 0 && brackets == 0);
        if ended {
            return from + at;
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("crates/a/src/lib.rs".into(), text.into())
    }

    #[test]
    fn comments_and_literals_are_blank_and_lines_keep_their_numbers() {
        let text = "let a = \"x.unwrap()\"; // unwrap()\n/* /* unwrap() */ unwrap() */ let b = 'u';\nlet c = r#\"un\"wrap\"#;";
        let cut = source(text);
        assert!(!cut.code.contains("unwrap"), "{}", cut.code);
        assert!(cut.code.contains("let b =") && cut.code.contains("let c ="));
        assert_eq!(cut.code.lines().count(), 3);
        assert_eq!(cut.strings, [(1, "x.unwrap()".to_owned()), (3, "un\"wrap".to_owned())]);
    }

    #[test]
    fn quotes_in_characters_and_lifetimes_open_no_literal() {
        let cut = source(
            "fn f<'a>(x: &'a str) { y('\"'); z('\\''); q('\\u{105}'); w(b\"bytes\"); v(br\"raw\"); real(); }",
        );
        assert!(cut.code.contains("fn f<'a>(x: &'a str)") && cut.code.contains("real()"));
        assert_eq!(cut.strings, [(1, "bytes".to_owned()), (1, "raw".to_owned())]);
    }

    #[test]
    fn a_comment_at_the_end_without_a_newline_ends_the_file() {
        assert_eq!(source("let a = 1; // the end").code.trim(), "let a = 1;");
        assert_eq!(source("").code, "");
    }

    #[test]
    fn lines_of_tests_are_told_from_the_rest() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() { { } }\n}\nfn c() {}\n#[cfg(test)]\nuse x::{y};\nfn d() {}";
        let cut = source(text);
        let tests: Vec<usize> = (1..=9).filter(|line| cut.is_test(*line)).collect();
        assert_eq!(tests, [2, 3, 4, 5, 7, 8]);
    }

    #[test]
    fn files_of_test_modules_are_named() {
        assert_eq!(source("#[cfg(test)]\nmod model;\nmod real;").test_modules(), ["crates/a/src/model"]);
        let nested = Source::new("crates/a/src/day.rs".into(), "#[cfg(test)]\npub(crate) mod model;".into());
        assert_eq!(nested.test_modules(), ["crates/a/src/day/model"]);
    }

    #[test]
    fn a_word_is_found_only_whole() {
        let found: Vec<usize> =
            words("tokio::a\nmy_tokio::b\ntokio_stream::c\n(tokio::d)", "tokio").map(|hit| hit.0).collect();
        assert_eq!(found, [1, 4]);
    }
}
