//! A text that people see and an office wrote: Polish always, other languages where the office gives them.
//! Must not know where it is shown.

use serde::{Deserialize, Serialize};

/// One text in the office's languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Polish.
    pub pl: String,
    /// English, where the office gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

impl Text {
    /// The text in that language (`pl`, `en`, also `en-GB`); Polish where there is none.
    pub fn in_locale(&self, locale: &str) -> &str {
        let language = locale.split(['-', '_']).next().unwrap_or_default();
        match (&self.en, language.eq_ignore_ascii_case("en")) {
            (Some(en), true) => en,
            _ => &self.pl,
        }
    }
    /// Every language that it has, as `(pl | en, text)`.
    pub fn by_locale(&self) -> impl Iterator<Item = (String, String)> {
        let english = self.en.iter().map(|text| ("en".to_owned(), text.clone()));
        std::iter::once(("pl".to_owned(), self.pl.clone())).chain(english)
    }
    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.pl.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_language_falls_back_to_polish() {
        let both = Text { pl: "Dowód".into(), en: Some("Identity card".into()) };
        assert_eq!((both.in_locale("en-GB"), both.in_locale("uk")), ("Identity card", "Dowód"));
        let polish = Text { pl: "Dowód".into(), en: None };
        assert_eq!(polish.in_locale("en"), "Dowód");
    }
}
