//! Reads what an office tells people of their visits: the `[guide]` of a file, and a service's own words beside it.
//! Must not know what the words are for.

use super::report::Report;
use super::section::{Section, spoken};
use crate::data::Guide;
use crate::text::Text;

/// How a text is given.
pub(super) const SPOKEN: &str = "{ pl = \"…\", en = \"…\" }";

/// A text that may be left out.
pub(super) fn speak(s: &mut Section<'_>, key: &'static str, report: &mut Report) -> Text {
    s.may(key, SPOKEN, spoken, report).unwrap_or_default()
}

/// A list of texts that may be left out.
pub(super) fn speeches(s: &mut Section<'_>, key: &'static str, report: &mut Report) -> Vec<Text> {
    s.list(key, SPOKEN, spoken, report).unwrap_or_default()
}

/// The words of an office.
pub(super) fn guide(top: &mut Section<'_>, report: &mut Report) -> Guide {
    let Some(mut s) = top.table("guide", "[guide]", report) else { return Guide::default() };
    let guide = Guide {
        come: speak(&mut s, "come", report),
        bring: speak(&mut s, "bring", report),
        late: speak(&mut s, "late", report),
        confirm: speak(&mut s, "confirm", report),
        booking: speeches(&mut s, "booking", report),
        visit: speeches(&mut s, "visit", report),
        rules: speeches(&mut s, "rules", report),
    };
    s.finish(report);
    guide
}
