//! What an office tells people about their visits, in its own words: when to come, what to bring, how to book, the
//! rules. Data, so that no office's texts are in the program. Must not know where they are shown.

use super::{Office, Service};
use crate::text::Text;
use serde::{Deserialize, Serialize};

/// The texts of an office.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Guide {
    /// When to come, one short sentence: it is also used in text messages. Where a code must be typed at the machine
    /// within a window, visits state the hours of that window instead ([`super::QueueRules::come_between`]).
    pub come: Text,
    /// What to bring, for services without a text of their own.
    pub bring: Text,
    /// What happens to people who come late, for services without a text of their own.
    pub late: Text,
    /// The label of the button that makes a visit; empty for the usual label.
    pub confirm: Text,
    /// How to book, step by step.
    pub booking: Vec<Text>,
    /// How a visit goes, step by step.
    pub visit: Vec<Text>,
    /// What holds for every visit.
    pub rules: Vec<Text>,
}

impl Office {
    /// What to bring for a service.
    pub fn bring<'a>(&'a self, service: &'a Service) -> &'a Text {
        if service.bring.is_empty() { &self.guide.bring } else { &service.bring }
    }
    /// What happens to people who come late for a service.
    pub fn late<'a>(&'a self, service: &'a Service) -> &'a Text {
        if service.late.is_empty() { &self.guide.late } else { &service.late }
    }
    /// The rules of a visit: the service's own first.
    pub fn rules<'a>(&'a self, service: &'a Service) -> impl Iterator<Item = &'a Text> {
        service.rules.iter().chain(&self.guide.rules)
    }
}

#[cfg(test)]
mod tests {
    use crate::samples::small_office;
    use crate::text::Text;

    #[test]
    fn a_services_own_words_come_before_the_offices() {
        let text = Text::polish;
        let mut office = small_office();
        office.guide.bring = text("of the office");
        office.guide.rules = vec![text("for all")];
        office.services[0].bring = Text::default();
        office.services[0].rules = vec![text("for one")];
        assert_eq!(office.bring(&office.services[0]).pl, "of the office");
        office.services[0].bring = text("own");
        assert_eq!(office.bring(&office.services[0]).pl, "own");
        let rules: Vec<_> = office.rules(&office.services[0]).map(|rule| rule.pl.as_str()).collect();
        assert_eq!(rules, ["for one", "for all"]);
    }
}
