//! Reads a route's pattern, such as `/api/v1/holds/{hold}/code`, and what stands in place of its braces. Works on
//! bytes: this runs for every request, and for such short text the setup of a string search costs more than the scan.
//! Knows no route.

/// Each byte offset of a `{`, with everything after it.
fn braces(pattern: &str) -> impl Iterator<Item = (usize, &str)> {
    let at = |(at, byte): (usize, u8)| (byte == b'{').then_some(at);
    pattern.bytes().enumerate().filter_map(at).filter_map(|at| Some((at, pattern.get(at + 1..)?)))
}

/// Whether the route addresses a single thing; an office (`{office}`) or an action (`{act}`) is none.
pub(crate) fn names_a_thing(pattern: &str) -> bool {
    braces(pattern).any(|(_, name)| !name.starts_with("office}") && !name.starts_with("act}"))
}

/// The part of `path` where the route's pattern has `{name}`.
pub(crate) fn in_place_of<'a>(name: &str, pattern: &str, path: &'a str) -> Option<&'a str> {
    let is_it = |found: &str| found.strip_prefix(name).is_some_and(|rest| rest.starts_with('}'));
    let (at, _) = braces(pattern).find(|(_, found)| is_it(found))?;
    let before = pattern.bytes().take(at).filter(|byte| *byte == b'/').count();
    path.split('/').nth(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_and_what_is_done_are_no_things() {
        for (pattern, is) in [
            ("/api/v1/holds/{hold}/code", true),
            ("/{office}/book/hold/{hold}", true),
            ("/admin/staff/{id}/{act}", true),
            ("/api/v1/offices/{office}/holds", false),
            ("/{office}/{act}", false),
            ("/{offices}", true),
            ("/sign-in/password", false),
            ("{", true),
            ("", false),
        ] {
            assert_eq!(names_a_thing(pattern), is, "{pattern}");
        }
    }

    #[test]
    fn what_an_address_has_in_place_of_a_name_is_found() {
        for (pattern, path, found) in [
            ("/api/v1/holds/{hold}/code", "/api/v1/holds/h-1/code", Some("h-1")),
            ("/{office}/book/hold/{hold}", "/torun/book/hold/h-1", Some("h-1")),
            ("/{office}/book", "/torun/book", None),
            ("/{holder}/{hold}", "/a/b", Some("b")),
            ("/{hold}", "", None),
        ] {
            assert_eq!(in_place_of("hold", pattern, path), found, "{pattern} {path}");
        }
    }
}
