//! The texts that people see: Fluent messages per language, this crate's common ones and each service's own. Knows no
//! request; a missing message is logged and shows its key in brackets, and never fails a page.

use crate::locale::Locale;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

/// A value put into a message: `Value::from(3)`, `Value::from("A012")`.
pub use fluent_bundle::FluentValue as Value;

/// The messages of all languages. Build once, share behind an `Arc`.
pub struct Texts {
    bundles: BTreeMap<Locale, Bundle>,
    /// The keys of messages that visitors see.
    of_visitors: BTreeSet<String>,
    faults: Vec<String>,
}

struct Bundle {
    fluent: FluentBundle<FluentResource>,
    keys: BTreeSet<String>,
    /// Messages without values, already formatted: most have none, and every refusal needs two.
    plain: OnceLock<HashMap<String, String>>,
}

impl Bundle {
    fn plain(&self) -> &HashMap<String, String> {
        self.plain.get_or_init(|| {
            let shown = |key: &String| {
                let mut errors = Vec::new();
                let pattern = self.fluent.get_message(key)?.value()?;
                let text = self.fluent.format_pattern(pattern, None, &mut errors).into_owned();
                errors.is_empty().then(|| (key.clone(), text))
            };
            self.keys.iter().filter_map(shown).collect()
        })
    }
}

/// Sources of messages: a language tag and the text of an `.ftl` file in that language.
pub type Sources = [(&'static str, &'static str)];

/// The messages of a folder (relative to the invoking file) in every language of visitors' pages.
#[macro_export]
macro_rules! messages_for_visitors {
    ($($folder:literal),+) => {
        &[$(
            ("pl", include_str!(concat!($folder, "/pl.ftl"))),
            ("en", include_str!(concat!($folder, "/en.ftl"))),
            ("uk", include_str!(concat!($folder, "/uk.ftl"))),
            ("ru", include_str!(concat!($folder, "/ru.ftl"))),
        )+]
    };
}

/// The messages of a folder in the staff languages only; readers of another language see them in Polish.
#[macro_export]
macro_rules! messages_for_staff {
    ($($folder:literal),+) => {
        &[$(
            ("pl", include_str!(concat!($folder, "/pl.ftl"))),
            ("en", include_str!(concat!($folder, "/en.ftl"))),
        )+]
    };
}

const FOR_VISITORS: &Sources = messages_for_visitors!["../messages", "../messages/wait"];
const FOR_STAFF: &Sources = messages_for_staff!["../messages/staff"];

impl Texts {
    /// This crate's common messages, overridden by those for visitors and those for staff: of two messages with one key
    /// the later wins. Malformed messages are left out and listed in [`Texts::faults`].
    pub fn new(for_visitors: &Sources, for_staff: &Sources) -> Texts {
        let mut texts = Texts { bundles: BTreeMap::new(), of_visitors: BTreeSet::new(), faults: Vec::new() };
        for locale in Locale::ALL {
            let tag = locale.tag().parse().unwrap_or_default();
            let mut fluent = FluentBundle::new_concurrent(vec![tag]);
            fluent.set_use_isolating(false);
            texts.bundles.insert(locale, Bundle { fluent, keys: BTreeSet::new(), plain: OnceLock::new() });
        }
        for (tag, file) in FOR_VISITORS.iter().chain(for_visitors) {
            texts.of_visitors.extend(keys(file).map(str::to_owned));
            texts.add(tag, file);
        }
        for (tag, file) in FOR_STAFF.iter().chain(for_staff) {
            texts.add(tag, file);
        }
        texts
    }

    fn add(&mut self, tag: &str, source: &'static str) {
        let Some(bundle) = Locale::parse(tag).and_then(|locale| self.bundles.get_mut(&locale)) else {
            self.faults.push(format!("no such language: {tag}"));
            return;
        };
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, errors)| {
            self.faults.extend(errors.iter().map(|e| format!("{tag}: {e}")));
            resource
        });
        bundle.keys.extend(keys(source).map(str::to_owned));
        bundle.fluent.add_resource_overriding(resource);
    }

    /// The message `key` in that language, or in Polish if that language lacks it.
    pub fn t(&self, locale: Locale, key: &str) -> String {
        let plain = self.bundles.get(&locale).and_then(|bundle| bundle.plain().get(key));
        plain.cloned().unwrap_or_else(|| self.ta(locale, key, &[]))
    }

    /// The message `key` with values, e.g. `&[("n", Value::from(5))]`.
    pub fn ta(&self, locale: Locale, key: &str, values: &[(&str, Value<'_>)]) -> String {
        self.find(locale, key, values).unwrap_or_else(|| {
            tracing::warn!(key, locale = locale.tag(), "a message is missing");
            format!("[{key}]")
        })
    }

    /// Whether the message exists in that language or in Polish.
    pub fn has(&self, locale: Locale, key: &str) -> bool {
        self.speaks(locale, key) || self.speaks(Locale::default(), key)
    }

    /// Whether that language itself has the message.
    pub fn speaks(&self, locale: Locale, key: &str) -> bool {
        self.bundles.get(&locale).is_some_and(|b| b.keys.contains(key))
    }

    fn find(&self, locale: Locale, key: &str, values: &[(&str, Value<'_>)]) -> Option<String> {
        let shown_in = if self.speaks(locale, key) { locale } else { Locale::default() };
        let fluent = &self.bundles.get(&shown_in)?.fluent;
        let pattern = fluent.get_message(key)?.value()?;
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set(*name, value.clone());
        }
        let mut errors = Vec::new();
        let text = fluent.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::warn!(key, error = ?errors, "a message could not take its values");
        }
        Some(text)
    }

    /// The faults of the sources: syntax errors, unknown languages.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// Keys that one language has and another lacks, with the language that lacks them. Messages for staff are expected
    /// in the staff languages only.
    pub fn missing_keys(&self) -> Vec<(Locale, String)> {
        let all: BTreeSet<&String> = self.bundles.values().flat_map(|b| &b.keys).collect();
        let lacks = |l: &Locale, key: &String| {
            !self.speaks(*l, key) && (Locale::STAFF.contains(l) || self.of_visitors.contains(key))
        };
        Locale::ALL
            .iter()
            .flat_map(|l| all.iter().filter(|key| lacks(l, key)).map(|key| (*l, (*key).clone())))
            .collect()
    }
}

fn keys(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter_map(message_key)
}

/// The key if a message starts on this line: in the first column, with a letter.
fn message_key(line: &str) -> Option<&str> {
    let key = line.split_once('=')?.0.trim_end();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (key.starts_with(|c: char| c.is_ascii_alphabetic()) && key.chars().all(plain)).then_some(key)
}

/// For tests: every language has the same keys and no source is malformed.
///
/// # Panics
/// With the list of what is missing or malformed.
pub fn check_same_keys(texts: &Texts) {
    assert!(texts.faults().is_empty(), "malformed messages: {:#?}", texts.faults());
    let missing = texts.missing_keys();
    assert!(missing.is_empty(), "missing messages: {missing:#?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_messages_are_whole_in_every_language() {
        check_same_keys(&Texts::new(&[], &[]));
    }

    #[test]
    fn a_message_that_one_language_lacks_and_a_malformed_one_are_told() {
        let texts = Texts::new(&[("pl", "only-here = tu\n"), ("en", "broken = { $n ->\n")], &[]);
        assert!(texts.missing_keys().contains(&(Locale::En, "only-here".into())));
        assert!(!texts.faults().is_empty());
    }

    #[test]
    fn a_missing_message_shows_its_key_and_a_service_may_replace_a_common_one() {
        let texts = Texts::new(&[("pl", "back = W tył\n")], &[]);
        assert_eq!(texts.t(Locale::Pl, "no-such"), "[no-such]");
        assert_eq!(texts.t(Locale::Pl, "back"), "W tył");
    }

    #[test]
    fn what_only_staff_sees_is_polish_for_readers_of_other_languages_and_missed_in_none() {
        let texts = Texts::new(&[], &[("pl", "for-staff = Okienko 3\n"), ("en", "for-staff = Desk 3\n")]);
        check_same_keys(&texts);
        let told = [Locale::Uk, Locale::Ru, Locale::En].map(|locale| texts.t(locale, "for-staff"));
        assert_eq!(told, ["Okienko 3", "Okienko 3", "Desk 3"]);
        let forgotten = Texts::new(&[("pl", "seen = a\n"), ("en", "seen = b\n")], &[]).missing_keys();
        assert_eq!(forgotten, [(Locale::Uk, "seen".to_owned()), (Locale::Ru, "seen".to_owned())]);
    }

    #[test]
    fn polish_numbers_of_people_and_minutes_decline() {
        let texts = Texts::new(&[], &[]);
        let people = |n: i32| texts.ta(Locale::Pl, "people", &[("n", Value::from(n))]);
        let said: Vec<String> = [0, 1, 2, 5, 12, 22, 25].map(people).into();
        assert_eq!(
            said,
            ["0 osób", "1 osoba", "2 osoby", "5 osób", "12 osób", "22 osoby", "25 osób"].map(String::from)
        );
        let minutes = |n: i32| texts.ta(Locale::Pl, "minutes", &[("n", Value::from(n))]);
        assert_eq!([1, 3, 11].map(minutes), ["1 minuta", "3 minuty", "11 minut"].map(String::from));
    }
}
