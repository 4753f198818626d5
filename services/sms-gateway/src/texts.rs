//! Texts of SMS and mails, from the message files: rendered in a language, converted to GSM-7, measured in parts. Knows
//! no office and no person: every value comes as an argument. Contains no wording itself.

use crate::gsm7::{self, Alphabet};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::resolver::ResolverError;
use fluent_bundle::resolver::errors::ReferenceKind;
use fluent_bundle::{FluentArgs, FluentError, FluentResource};
use fluent_syntax::ast::Pattern;
use okienko_kernel::Day;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The languages that every text has; the first is used for any other locale.
pub const LOCALES: [&str; 4] = ["pl", "en", "uk", "ru"];

const SOURCES: [(&str, &str); 4] = [
    ("pl", include_str!("../messages/pl.ftl")),
    ("en", include_str!("../messages/en.ftl")),
    ("uk", include_str!("../messages/uk.ftl")),
    ("ru", include_str!("../messages/ru.ftl")),
];

/// A shorter wording of an SMS, used if the normal one takes more than one part and this one takes fewer.
const SHORT: &str = "short";

/// A text ready to be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rendered {
    /// The subject of a mail.
    pub subject: Option<String>,
    /// The text; for an SMS without letters outside GSM-7 if possible.
    pub text: String,
    /// How many SMS are billed; 0 for a mail.
    pub parts: u32,
}

/// Why there is no text.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TextFault {
    /// There is no text with this name.
    #[error("no text is called {0}")]
    UnknownTemplate(String),
    /// The text needs a value that was not given.
    #[error("the value {0} is missing")]
    MissingArgument(String),
    /// A value does not have the form that its name implies.
    #[error("the value {0} is not usable")]
    BadArgument(String),
    /// The message files are damaged; a test prevents releasing them.
    #[error("the message files: {0}")]
    Broken(String),
}

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<Result<BTreeMap<&'static str, Bundle>, TextFault>> = LazyLock::new(|| {
    SOURCES.into_iter().map(|(locale, source)| Ok((locale, load(locale, source)?))).collect()
});

/// Which letters an SMS keeps.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Letters {
    /// Only those of GSM-7, if possible: the cheapest.
    #[default]
    Plain,
    /// All, as written: a Polish text then holds 70 letters per part instead of 160.
    Written,
}

/// The text `template` (`sms-…` or `mail-…`) in `locale` (`pl`, `en-GB`, …; Polish for a language that we do not have).
///
/// Every value that the text names must be given; an empty one counts as not given where the text allows that. Control
/// characters in values become spaces, so that a value cannot start a new line. A value `date` is a day, `YYYY-MM-DD`.
pub fn render(
    locale: &str,
    template: &str,
    arguments: &BTreeMap<String, String>,
    letters: Letters,
) -> Result<Rendered, TextFault> {
    let is_sms = template.starts_with("sms-");
    if !is_sms && !template.starts_with("mail-") {
        return Err(TextFault::UnknownTemplate(template.to_owned()));
    }
    let bundles = BUNDLES.as_ref().map_err(Clone::clone)?;
    let language = locale.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let bundle = bundles.get(language.as_str()).or_else(|| bundles.get(LOCALES[0]));
    let bundle = bundle.ok_or_else(|| TextFault::Broken("no language".into()))?;
    let message = bundle.get_message(template);
    let message = message.ok_or_else(|| TextFault::UnknownTemplate(template.to_owned()))?;
    let values = values(arguments)?;
    let body = message.value().ok_or_else(|| TextFault::Broken("a text without a body".into()))?;
    let text = format(bundle, body, &values)?;
    let attribute =
        |name| message.get_attribute(name).map(|it| format(bundle, it.value(), &values)).transpose();
    if !is_sms {
        return Ok(Rendered { subject: attribute("subject")?, text, parts: 0 });
    }
    let first = counted(&text, letters);
    let shorter = if first.parts > 1 { attribute(SHORT)? } else { None };
    let shorter = shorter.map(|text| counted(&text, letters)).filter(|short| short.parts < first.parts);
    Ok(shorter.unwrap_or(first))
}

/// Transliterated if requested and if that makes it GSM-7; otherwise unchanged.
fn counted(text: &str, letters: Letters) -> Rendered {
    let plain = (letters == Letters::Plain).then(|| gsm7::transliterate(text));
    let sized = plain.map(|plain| (gsm7::count(&plain), plain));
    let (size, text) = match sized {
        Some(plain) if plain.0.alphabet == Alphabet::Gsm7 => plain,
        _ => (gsm7::count(text), text.to_owned()),
    };
    Rendered { subject: None, text, parts: size.parts }
}

fn load(locale: &str, source: &str) -> Result<Bundle, TextFault> {
    let broken = |what: String| TextFault::Broken(format!("{locale}: {what}"));
    let language = locale.parse().map_err(|_| broken("not a language".into()))?;
    let resource =
        FluentResource::try_new(source.to_owned()).map_err(|(_, faults)| broken(format!("{faults:?}")))?;
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // The isolation marks for right-to-left text would force every SMS into UCS-2.
    bundle.set_use_isolating(false);
    bundle.add_resource(resource).map_err(|faults| broken(format!("{faults:?}")))?;
    Ok(bundle)
}

fn values(arguments: &BTreeMap<String, String>) -> Result<FluentArgs<'static>, TextFault> {
    let mut values = FluentArgs::new();
    for (name, value) in arguments {
        let value: String = value.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        values.set(format!("{name}-given"), if value.is_empty() { "no" } else { "yes" });
        if name == "date" {
            let day: Day = value.parse().map_err(|_| TextFault::BadArgument(name.clone()))?;
            let (year, month, day_of_month) = day.parts();
            values.set("weekday", format!("{:?}", day.weekday()).to_lowercase());
            values.set("day", day_of_month.to_string());
            values.set("month", month.to_string());
            values.set("year", year.to_string());
        }
        values.set(name.clone(), value);
    }
    Ok(values)
}

fn format(bundle: &Bundle, pattern: &Pattern<&str>, values: &FluentArgs<'_>) -> Result<String, TextFault> {
    let mut faults = Vec::new();
    let text = bundle.format_pattern(pattern, Some(values), &mut faults).into_owned();
    match faults.into_iter().next() {
        None => Ok(text),
        Some(FluentError::ResolverError(ResolverError::Reference(ReferenceKind::Variable { id }))) => {
            Err(TextFault::MissingArgument(id.trim_end_matches("-given").to_owned()))
        }
        Some(fault) => Err(TextFault::Broken(fault.to_string())),
    }
}

#[cfg(test)]
#[path = "texts_tests.rs"]
mod tests;
