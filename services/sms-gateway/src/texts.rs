//! Texts of SMS and mails, from the message files: rendered in a language, brought to GSM-7, measured in parts.
//! Knows no office and no person: every value comes as an argument. Nothing here is in any words of its own.

use crate::gsm7;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::resolver::ResolverError;
use fluent_bundle::resolver::errors::ReferenceKind;
use fluent_bundle::{FluentArgs, FluentError, FluentMessage, FluentResource};
use okienko_kernel::Day;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The languages that every text is in; the first is used for a locale that is not among them.
pub const LOCALES: [&str; 2] = ["pl", "en"];

const SOURCES: [(&str, &str); 2] =
    [("pl", include_str!("../messages/pl.ftl")), ("en", include_str!("../messages/en.ftl"))];

/// A text ready to be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rendered {
    /// Of a mail.
    pub subject: Option<String>,
    /// The text; of an SMS without letters outside GSM-7 where that is possible.
    pub text: String,
    /// How many SMS are paid for; 0 for a mail.
    pub parts: u32,
}

/// Why there is no text.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TextFault {
    /// No text has this key.
    #[error("no text is called {0}")]
    UnknownTemplate(String),
    /// The text wants a value that was not given.
    #[error("the value {0} is missing")]
    MissingArgument(String),
    /// A value is not what its name says.
    #[error("the value {0} is not usable")]
    BadArgument(String),
    /// The message files are damaged; a test keeps this from being released.
    #[error("the message files: {0}")]
    Broken(String),
}

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<Result<BTreeMap<&'static str, Bundle>, TextFault>> = LazyLock::new(|| {
    SOURCES.into_iter().map(|(locale, source)| Ok((locale, load(locale, source)?))).collect()
});

/// The text `template` (`sms-…` or `mail-…`) in `locale` (`pl`, `en-GB`, …; Polish where we have no such language).
///
/// Every value that the text names has to be there; one that is empty counts as not given where the text allows it.
/// Control characters in values become spaces, so that a value cannot open a line. A value `date` is a day,
/// `YYYY-MM-DD`.
pub fn render(
    locale: &str,
    template: &str,
    arguments: &BTreeMap<String, String>,
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
    let (subject, text) = format(bundle, &message, &values)?;
    if !is_sms {
        return Ok(Rendered { subject, text, parts: 0 });
    }
    let text = gsm7::transliterate(&text);
    let parts = gsm7::count(&text).parts;
    Ok(Rendered { subject: None, text, parts })
}

fn load(locale: &str, source: &str) -> Result<Bundle, TextFault> {
    let broken = |what: String| TextFault::Broken(format!("{locale}: {what}"));
    let language = locale.parse().map_err(|_| broken("not a language".into()))?;
    let resource =
        FluentResource::try_new(source.to_owned()).map_err(|(_, faults)| broken(format!("{faults:?}")))?;
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // The marks that would isolate values from right-to-left text would put every SMS into UCS-2.
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

fn format(
    bundle: &Bundle,
    message: &FluentMessage<'_>,
    values: &FluentArgs<'_>,
) -> Result<(Option<String>, String), TextFault> {
    let text = message.value().ok_or_else(|| TextFault::Broken("a text without a body".into()))?;
    let mut faults = Vec::new();
    let text = bundle.format_pattern(text, Some(values), &mut faults).into_owned();
    let subject = message
        .get_attribute("subject")
        .map(|subject| bundle.format_pattern(subject.value(), Some(values), &mut faults).into_owned());
    match faults.into_iter().next() {
        None => Ok((subject, text)),
        Some(FluentError::ResolverError(ResolverError::Reference(ReferenceKind::Variable { id }))) => {
            Err(TextFault::MissingArgument(id.trim_end_matches("-given").to_owned()))
        }
        Some(fault) => Err(TextFault::Broken(fault.to_string())),
    }
}

#[cfg(test)]
#[path = "texts_tests.rs"]
mod tests;
