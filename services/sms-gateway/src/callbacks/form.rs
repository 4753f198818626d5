//! The fields of a form or query, in order, repeated names included. Nothing is trimmed: a signature covers exactly
//! what was sent. Pure.

/// The most fields accepted in one request.
pub const MOST: usize = 200;
const REPLACED: char = char::REPLACEMENT_CHARACTER;

/// Names and values. `None` if there are too many, or one is not UTF-8.
pub fn fields(text: &str) -> Option<Vec<(String, String)>> {
    let all: Vec<_> = form_urlencoded::parse(text.as_bytes()).into_owned().take(MOST + 1).collect();
    // The library replaces bytes that are not UTF-8 with this character, which no report contains.
    let is_text = |(name, value): &(String, String)| !name.contains(REPLACED) && !value.contains(REPLACED);
    (all.len() <= MOST && all.iter().all(is_text)).then_some(all)
}

/// The first value of that name.
pub fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_order_their_blanks_and_their_repeats() {
        let read = fields("b=+2%20&a=&a=%C5%BC&c").unwrap();
        let want = [("b", " 2 "), ("a", ""), ("a", "ż"), ("c", "")];
        assert_eq!(read, want.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(field(&read, "a"), Some(""));
        assert_eq!(field(&read, "x"), None);
    }

    #[test]
    fn too_many_fields_and_bytes_that_are_no_text_are_refused() {
        assert!(fields(&"a=1&".repeat(MOST)).is_some());
        assert!(fields(&"a=1&".repeat(MOST + 1)).is_none());
        assert!(fields("a=%ff").is_none());
    }
}
