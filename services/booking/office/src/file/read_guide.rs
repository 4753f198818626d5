//! Reads what an office tells people about their visits: the `[guide]` of a file, and a service's own texts. Must not
//! know what the texts are for.

use super::report::Report;
use super::section::{Section, spoken};
use crate::data::Guide;
use crate::text::Text;

/// How a text is written in the file.
pub(super) const SPOKEN: &str = "{ pl = \"…\", en = \"…\" }";

/// An optional text.
pub(super) fn speak(s: &mut Section<'_>, key: &'static str, report: &mut Report) -> Text {
    s.may(key, SPOKEN, spoken, report).unwrap_or_default()
}

/// An optional list of texts.
pub(super) fn speeches(s: &mut Section<'_>, key: &'static str, report: &mut Report) -> Vec<Text> {
    s.list(key, SPOKEN, spoken, report).unwrap_or_default()
}

/// The texts of an office.
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
