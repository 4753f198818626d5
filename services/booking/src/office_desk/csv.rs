//! Rows as a file that a spreadsheet opens: a byte order mark, semicolons, every cell quoted. A cell that a spreadsheet
//! would take for a formula is made plain text. Knows no reservation.

/// The file of these rows.
pub fn csv(rows: &[Vec<String>]) -> String {
    let mut out = String::from('\u{feff}');
    for row in rows {
        let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
        out.push_str(&cells.join(";"));
        out.push_str("\r\n");
    }
    out
}

fn cell(text: &str) -> String {
    // Some spreadsheets skip blanks before they look for a formula.
    let risky = text.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r'])
        || text.starts_with(['\t', '\r', '\n']);
    let guard = if risky { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\"").replace(['\r', '\n'], " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_and_never_ends_early() {
        for (text, written) in [
            ("Anna Nowak", "\"Anna Nowak\""),
            ("=1+1", "\"'=1+1\""),
            ("+48601234567", "\"'+48601234567\""),
            ("-2", "\"'-2\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("  =1", "\"'  =1\""),
            ("a \"b\"; c\r\nd", "\"a \"\"b\"\"; c  d\""),
            ("1-2", "\"1-2\""),
        ] {
            assert_eq!(cell(text), written);
        }
        assert_eq!(
            csv(&[vec!["a".into(), "b".into()], vec!["c".into()]]),
            "\u{feff}\"a\";\"b\"\r\n\"c\"\r\n"
        );
    }
}
