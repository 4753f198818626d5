//! A text that an office wrote for people: always in Polish, in other languages if the office provides them. Must not
//! know where it is shown.

use serde::{Deserialize, Serialize};

/// One text in the office's languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Polish.
    pub pl: String,
    /// English, if the office provides it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
    /// Ukrainian, if the office provides it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uk: Option<String>,
    /// Russian, if the office provides it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ru: Option<String>,
}

/// The languages of texts: the first is always there, the others only if the office provides them.
pub const LANGUAGES: [&str; 4] = ["pl", "en", "uk", "ru"];

impl Text {
    /// A text in Polish alone.
    pub fn polish(text: &str) -> Text {
        Text { pl: text.to_owned(), ..Text::default() }
    }
    /// The text in that language (`pl`, `en`, also `en-GB`); Polish if there is none.
    pub fn in_locale(&self, locale: &str) -> &str {
        let language = locale.split(['-', '_']).next().unwrap_or_default();
        let found = self.others().into_iter().find(|(other, _)| language.eq_ignore_ascii_case(other));
        found.and_then(|(_, text)| text.as_deref()).unwrap_or(&self.pl)
    }
    /// Every language that it has, with the text.
    pub fn by_locale(&self) -> impl Iterator<Item = (String, String)> {
        let others = self.others().map(|(language, text)| Some((language.to_owned(), text.clone()?)));
        std::iter::once(("pl".to_owned(), self.pl.clone())).chain(others.into_iter().flatten())
    }
    fn others(&self) -> [(&'static str, &Option<String>); 3] {
        [("en", &self.en), ("uk", &self.uk), ("ru", &self.ru)]
    }
    /// Whether it has no text.
    pub fn is_empty(&self) -> bool {
        self.pl.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_language_falls_back_to_polish() {
        let both = Text { en: Some("Identity card".into()), ..Text::polish("Dowód") };
        assert_eq!((both.in_locale("en-GB"), both.in_locale("uk")), ("Identity card", "Dowód"));
        assert_eq!(Text::polish("Dowód").in_locale("en"), "Dowód");
        let ukrainian = Text { uk: Some("Dovidka".into()), ..both };
        assert_eq!(ukrainian.in_locale("uk"), "Dovidka");
        let languages: Vec<String> = ukrainian.by_locale().map(|(language, _)| language).collect();
        assert_eq!(languages, ["pl", "en", "uk"]);
    }
}
