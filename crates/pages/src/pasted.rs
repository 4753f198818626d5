//! Page addresses as people paste and type them: with the sentence's full stop, a bracket or a blank at the end, in
//! capitals. Also tells which addresses are personal. Knows paths, no route.

use percent_encoding::percent_decode_str;

/// First path segments of interfaces for programs.
const OF_PROGRAMS: [&str; 6] = ["api", "assets", "audio", "callbacks", "dev", "metrics"];

/// First path segments whose pages belong to one person, one device or the staff.
const OWN: [&str; 13] = [
    "admin",
    "counter",
    "desk",
    "hall",
    "kiosk",
    "live",
    "ops",
    "reception",
    "sign-in",
    "sign-out",
    "statistics",
    "t",
    "api",
];

/// Path segments after an office's id that are personal.
const OWN_OF_OFFICE: [&str; 5] = ["account", "answer", "mine", "offer", "visit"];

/// The longest path examined.
const LONGEST: usize = 1_000;

/// The address probably meant by the path of a missing page; `None` if there is no better guess. Always a path on this
/// server, and stable when applied again.
pub fn meant(path: &str) -> Option<String> {
    if path.len() > LONGEST {
        return None;
    }
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let decoded = decoded.trim();
    // No sentence and no page contains control characters: this is no reader.
    if decoded.contains(char::is_control) {
        return None;
    }
    let parts: Vec<String> =
        decoded.split('/').map(okienko_typed::line).filter(|part| !part.is_empty()).collect();
    let own_letters = parts.first().is_some_and(|first| first.eq_ignore_ascii_case("counter"));
    let last = parts.len().saturating_sub(1);
    let mut right = String::new();
    for (at, part) in parts.iter().enumerate() {
        // Punctuation after an address belongs to the sentence around it.
        let part = if at == last { part.trim_end_matches(|c: char| !c.is_alphanumeric()) } else { part };
        if part.is_empty() {
            continue;
        }
        if !part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b)) || part.starts_with('.') {
            return None;
        }
        right.push('/');
        // Counters have whatever names offices choose; all other segments are lower case.
        if own_letters && at == 3 { right.push_str(part) } else { right.push_str(&part.to_ascii_lowercase()) }
    }
    let first = right.split('/').nth(1).unwrap_or_default();
    let is_better = !right.is_empty() && right != path && !OF_PROGRAMS.contains(&first);
    is_better.then_some(right)
}

/// Whether a page is personal: of a visit, a hold, an account, a ticket or staff. Search engines must not list it.
pub fn is_own(path: &str) -> bool {
    let is_of = |part: &str, those: &[&str]| those.iter().any(|that| part.eq_ignore_ascii_case(that));
    let mut parts = path.split('/').skip(1);
    if is_of(parts.next().unwrap_or_default(), &OWN) {
        return true;
    }
    let second = parts.next().unwrap_or_default();
    // The first steps of a booking are public, those that follow a hold are not.
    let of_a_hold = is_of(second, &["book"]) && parts.next().is_some_and(|third| is_of(third, &["hold"]));
    of_a_hold || is_of(second, &OWN_OF_OFFICE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_as_it_was_pasted() {
        for (pasted, right) in [
            ("/torun/", "/torun"),
            ("/TORUN", "/torun"),
            ("/Torun/Book/", "/torun/book"),
            ("/torun/visit/abc123.", "/torun/visit/abc123"),
            ("/torun/visit/abc123)", "/torun/visit/abc123"),
            ("/torun/visit/abc123).", "/torun/visit/abc123"),
            ("/torun/visit/abc123%20", "/torun/visit/abc123"),
            ("/torun/visit/abc123%C2%A0", "/torun/visit/abc123"),
            ("/torun/visit/abc123%E2%80%8B", "/torun/visit/abc123"),
            ("/torun/visit/abc123,", "/torun/visit/abc123"),
            ("/torun/visit/abc123;", "/torun/visit/abc123"),
            ("/torun/visit/abc123%3E", "/torun/visit/abc123"),
            ("/torun/visit/abc123%22", "/torun/visit/abc123"),
            ("/torun/visit/abc123%E2%80%9D", "/torun/visit/abc123"),
            ("/torun/visit/abc123/", "/torun/visit/abc123"),
            ("/torun/visit/ABC123", "/torun/visit/abc123"),
            ("//torun//book", "/torun/book"),
            ("/t/abc.", "/t/abc"),
            ("/hall/torun/glowny/", "/hall/torun/glowny"),
            ("/counter/torun/glowny/K1/", "/counter/torun/glowny/K1"),
            ("/kiosk/", "/kiosk"),
            ("/%20torun", "/torun"),
        ] {
            assert_eq!(meant(pasted).as_deref(), Some(right), "{pasted}");
            assert_eq!(meant(right), None, "{right}: never twice");
        }
    }

    #[test]
    fn no_way_leads_to_another_server_or_from_what_programs_ask() {
        for path in [
            "/",
            "//",
            "/api/v1/offices/",
            "/API/v1/",
            "/assets/x.css/",
            "/callbacks/x/",
            "/torun/b%2Fc d",
            "/%5Cevil.example/",
            "/..",
            "/torun/answer/%00",
            "/torun/a%07b/",
        ] {
            assert_eq!(meant(path), None, "{path}");
        }
        assert_eq!(meant("//evil.example/").as_deref(), Some("/evil.example"), "a path of this server");
    }

    #[test]
    fn own_pages_are_told_from_those_of_everybody() {
        for path in [
            "/torun/visit/abc",
            "/torun/visit/abc/cancel",
            "/torun/book/hold/abc",
            "/torun/book/hold/abc/code",
            "/torun/account",
            "/torun/account/new",
            "/torun/answer/abc",
            "/torun/mine",
            "/torun/offer/abc",
            "/t/abc",
            "/desk",
            "/kiosk/code",
            "/admin/access",
            "/ops",
            "/sign-in",
            "/reception",
            "/hall/torun/glowny",
            "/counter/torun/glowny/1",
        ] {
            assert!(is_own(path), "{path}");
        }
        for path in [
            "/",
            "/torun",
            "/torun/book",
            "/torun/rules",
            "/torun/book/wait",
            "/now/torun",
            "/assets/mark.svg",
        ] {
            assert!(!is_own(path), "{path}");
        }
    }
}
