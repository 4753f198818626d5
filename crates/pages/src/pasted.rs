//! Addresses of pages as people paste and type them: with the full stop of the sentence, the bracket, the blank behind
//! them, in capitals. Which addresses are somebody's own. Knows paths, no route.

use percent_encoding::percent_decode_str;

/// First parts of addresses that programs ask, not people.
const OF_PROGRAMS: [&str; 6] = ["api", "assets", "audio", "callbacks", "dev", "metrics"];

/// First parts of addresses whose pages belong to one person, one device or the staff.
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

/// Parts behind an office's id that are somebody's own.
const OWN_OF_OFFICE: [&str; 5] = ["account", "answer", "mine", "offer", "visit"];

/// The longest path that is looked at.
const LONGEST: usize = 1_000;

/// The address that was meant by the path of a page that is not there; `None` where nothing better can be said. Always a
/// path of this server, and itself when it is asked once more.
pub fn meant(path: &str) -> Option<String> {
    if path.len() > LONGEST {
        return None;
    }
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let decoded = decoded.trim();
    // No sentence has such signs, and no page: whoever sends them is no reader.
    if decoded.contains(char::is_control) {
        return None;
    }
    let parts: Vec<String> =
        decoded.split('/').map(okienko_typed::line).filter(|part| !part.is_empty()).collect();
    let own_letters = parts.first().is_some_and(|first| first.eq_ignore_ascii_case("counter"));
    let last = parts.len().saturating_sub(1);
    let mut right = String::new();
    for (at, part) in parts.iter().enumerate() {
        // What stands behind an address belongs to the sentence around it.
        let part = if at == last { part.trim_end_matches(|c: char| !c.is_alphanumeric()) } else { part };
        if part.is_empty() {
            continue;
        }
        if !part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b)) || part.starts_with('.') {
            return None;
        }
        right.push('/');
        // Counters are numbered as offices like; all other parts are in small letters.
        if own_letters && at == 3 { right.push_str(part) } else { right.push_str(&part.to_ascii_lowercase()) }
    }
    let first = right.split('/').nth(1).unwrap_or_default();
    let is_better = !right.is_empty() && right != path && !OF_PROGRAMS.contains(&first);
    is_better.then_some(right)
}

/// Whether a page is somebody's own: of a visit, a hold, an account, a ticket, of staff. Nobody should find it by a search.
pub fn is_own(path: &str) -> bool {
    let is_of = |part: &str, those: &[&str]| those.iter().any(|that| part.eq_ignore_ascii_case(that));
    let mut parts = path.split('/').skip(1);
    if is_of(parts.next().unwrap_or_default(), &OWN) {
        return true;
    }
    let second = parts.next().unwrap_or_default();
    // A step of booking is everybody's, what follows a place is not.
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
