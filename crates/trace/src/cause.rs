//! Who caused an event, and in which trace: the text form kept in the journal. Knows no journal.

use crate::Trace;
use std::fmt;
use std::sync::Arc;

/// Who caused an event, and in which trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// A staff or device id, "citizen", "timer" or a consumer's name. No personal data, no space.
    pub who: Arc<str>,
    /// The trace of the request.
    pub trace: Option<Trace>,
}

impl Cause {
    /// The text form. A `who` that already contains a trace keeps it.
    pub fn words(who: &Arc<str>, trace: Option<Trace>) -> Arc<str> {
        match trace {
            Some(trace) if Cause::read(who).trace.is_none() => {
                let mut words = String::with_capacity(who.len() + 1 + crate::trace::LENGTH);
                words.push_str(who);
                words.push(' ');
                trace.write_to(&mut words);
                words.into()
            }
            _ => who.clone(),
        }
    }

    /// Parses the text form.
    pub fn read(words: &str) -> Cause {
        let read = words.rsplit_once(' ').and_then(|(who, trace)| Some((who, trace.parse().ok()?)));
        match read {
            Some((who, trace)) => Cause { who: who.into(), trace: Some(trace) },
            None => Cause { who: words.into(), trace: None },
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.trace {
            Some(trace) => write!(f, "{} {trace}", self.who),
            None => f.write_str(&self.who),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_in_words_is_read_as_it_was_written_and_one_from_before_too() {
        let trace = Trace::of_seed("x");
        for cause in [
            Cause { who: "citizen".into(), trace: Some(trace) },
            Cause { who: "staff/pl-1".into(), trace: None },
            Cause { who: "two words".into(), trace: None },
        ] {
            assert_eq!(Cause::read(&cause.to_string()), cause);
        }
    }
}
