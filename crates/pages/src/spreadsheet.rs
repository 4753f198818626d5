//! Rows as a CSV file for spreadsheets, the only way to produce one: a byte order mark, semicolons, every cell quoted,
//! and nothing that a spreadsheet would take for a formula. Knows no row's meaning.

use csv::{QuoteStyle, Terminator, WriterBuilder};

/// A spreadsheet set to other separators begins a new cell after any of these.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// Writes the rows as a CSV file.
pub fn csv_file(rows: &[Vec<String>]) -> String {
    let mut out = WriterBuilder::new()
        .delimiter(b';')
        .quote_style(QuoteStyle::Always)
        .terminator(Terminator::CRLF)
        .flexible(true)
        .from_writer("\u{feff}".as_bytes().to_vec());
    for row in rows {
        // Writing to memory does not fail; if it ever did, half a file would be worse than none.
        if out.write_record(row.iter().map(|text| cell(text))).is_err() {
            return String::new();
        }
    }
    out.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// A cell's text on one line, forced to plain text where a spreadsheet would calculate it.
fn cell(text: &str) -> String {
    // Line breaks of every kind, bidirectional controls and invisible characters are never part of a value.
    let shown = |c: char| if c.is_control() || is_unseen(c) { ' ' } else { c };
    let mut out = String::with_capacity(text.len() + 1);
    // True until a character that is no quote or blank: some spreadsheets skip those before they look for a formula.
    let mut begins = true;
    for c in text.chars().map(shown) {
        if begins && is_formula(c) {
            out.push('\'');
        }
        begins = SEPARATORS.contains(&c) || (begins && (c.is_whitespace() || c == '"'));
        out.push(c);
    }
    out
}

/// The first characters of a formula, including their full-width forms and the typographic minus.
fn is_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}' | '\u{2212}')
}

fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text given, and the cell as it appears in the file.
    const CELLS: [(&str, &str); 28] = [
        ("Anna Nowak", "\"Anna Nowak\""),
        ("Nowak-Kowalska", "\"Nowak-Kowalska\""),
        ("1-2", "\"1-2\""),
        ("=1+1", "\"'=1+1\""),
        ("+48601234567", "\"'+48601234567\""),
        ("-2", "\"'-2\""),
        ("@SUM(A1)", "\"'@SUM(A1)\""),
        ("\t=1", "\" '=1\""),
        ("\r=1", "\" '=1\""),
        ("\n=1", "\" '=1\""),
        ("  =1", "\"  '=1\""),
        ("\u{a0}=1", "\"\u{a0}'=1\""),
        ("\u{3000}=1", "\"\u{3000}'=1\""),
        ("\u{feff}=1", "\" '=1\""),
        ("\u{200b}=1", "\" '=1\""),
        ("\u{202e}=1", "\" '=1\""),
        ("\u{2060}@x", "\" '@x\""),
        ("\0=1", "\" '=1\""),
        ("\u{ff1d}1+1", "\"'\u{ff1d}1+1\""),
        ("\u{ff0b}1", "\"'\u{ff0b}1\""),
        ("\u{ff20}SUM(A1)", "\"'\u{ff20}SUM(A1)\""),
        (
            "\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"",
            "\"\"\"'=HYPERLINK(\"\"\"\"http://x\"\"\"\",\"\"\"\"y\"\"\"\")\"\"\"",
        ),
        ("\"", "\"\"\"\""),
        ("a \"b\"; c\r\nd", "\"a \"\"b\"\"; c  d\""),
        ("x,=1+1", "\"x,'=1+1\""),
        ("x; =cmd|' /C calc'!A0", "\"x; '=cmd|' /C calc'!A0\""),
        ("x\u{2028}=1", "\"x =1\""),
        ("", "\"\""),
    ];

    #[test]
    fn a_cell_is_never_a_formula_and_never_ends_early() {
        for (text, written) in CELLS {
            let file = csv_file(&[vec![text.to_owned()]]);
            assert_eq!(file, format!("\u{feff}{written}\r\n"), "{text:?}");
        }
    }

    #[test]
    fn a_hostile_cell_neither_hides_the_next_line_nor_moves_the_next_cell() {
        let rows: Vec<Vec<String>> =
            CELLS.iter().map(|(text, _)| vec!["a".to_owned(), (*text).to_owned(), "z".to_owned()]).collect();
        let file = csv_file(&rows);
        assert_eq!(file.matches("\r\n").count(), CELLS.len());
        let mut read = csv::ReaderBuilder::new()
            .delimiter(b';')
            .has_headers(false)
            .from_reader(file.trim_start_matches('\u{feff}').as_bytes());
        let back: Vec<csv::StringRecord> = read.records().map(Result::unwrap).collect();
        assert_eq!(back.len(), CELLS.len());
        for row in back {
            assert_eq!((row.len(), &row[0], &row[2]), (3, "a", "z"), "{row:?}");
            let first = row[1].trim_start_matches(|c: char| c.is_whitespace() || c == '"').chars().next();
            assert!(!first.is_some_and(is_formula), "{row:?}");
        }
    }
}
