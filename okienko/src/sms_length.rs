//! How long an office's text messages are and what they cost, before anybody pays for one: each occasion at its
//! longest, in the words actually sent. Knows where an office's own texts go into the messages; measures nothing
//! itself.

use okienko_booking::notices::samples;
use okienko_office::Office;
use okienko_sms_gateway::texts::{Letters, render};
use std::collections::BTreeMap;
use std::fmt;

/// The most parts per message if the office does not set it.
const MOST: u32 = 3;

/// The longest text of one occasion in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Longest {
    /// Name of the text, without its channel.
    pub template: String,
    /// Its language.
    pub locale: String,
    /// The service and location, or the location, that it is for; empty if it is the same for all.
    pub of: String,
    /// Parts that are billed.
    pub parts: u32,
    /// The price per part, in grosze; 0 if unknown.
    price_gr: u32,
    most: u32,
    text: String,
}

impl Longest {
    /// Whether it is longer than the office wants to pay for.
    pub fn is_too_long(&self) -> bool {
        self.parts > self.most
    }
}

impl fmt::Display for Longest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Longest { template, locale, parts, price_gr, most, text, of, .. } = self;
        write!(f, "SMS {template} ({locale}): {parts} {}", if *parts == 1 { "part" } else { "parts" })?;
        if *price_gr > 0 {
            let price = parts * price_gr;
            write!(f, ", {}.{:02} PLN", price / 100, price % 100)?;
        }
        if self.is_too_long() {
            write!(f, ", which is more than {most}; write less into it, or sms_max_parts = {parts}")?;
        }
        if *parts > 1 {
            let of = if of.is_empty() { String::new() } else { format!(" for {of}") };
            write!(f, "\n    the longest{of}: {text}")?;
        }
        Ok(())
    }
}

/// Every occasion in every language of the office; an error if a text cannot be rendered from the available values.
pub fn longest(office: &Office) -> anyhow::Result<Vec<Longest>> {
    let base_url = format!("https://{}", office.host);
    let mut longest = BTreeMap::<(String, String), Longest>::new();
    let mut add = |template: &str, locale: &str, of: String, arguments: Vec<(&str, String)>| {
        let sender = ("sender", office.sender.clone());
        let named = |(name, value): (&str, String)| (name.to_owned(), value);
        let arguments = arguments.into_iter().chain([sender]).map(named).collect();
        // Codes never keep them, nor do queue's messages, because queue does not know the office's setting.
        let keeps = office.sms_letters && !matches!(template, "code" | "soon");
        let letters = if keeps { Letters::Written } else { Letters::Plain };
        let rendered = render(locale, &format!("sms-{template}"), &arguments, letters)?;
        let found = Longest {
            template: template.to_owned(),
            locale: locale.to_owned(),
            of,
            parts: rendered.parts,
            price_gr: office.sms_part_price_gr,
            most: if office.sms_max_parts == 0 { MOST } else { office.sms_max_parts },
            text: rendered.text.replace('\n', " "),
        };
        let known = longest.entry((template.to_owned(), locale.to_owned())).or_insert_with(|| found.clone());
        if (found.parts, found.text.len()) > (known.parts, known.text.len()) {
            *known = found;
        }
        anyhow::Ok(())
    };
    // Queue knows names only in the office's first language.
    let told_in = office.locales.first().map_or("pl", String::as_str);
    for locale in &office.locales {
        let code = [("host", office.host.clone()), ("minutes", "10".into()), ("code", "123456".into())];
        add("code", locale, String::new(), code.into())?;
        for location in &office.locations {
            let soon = [
                ("ticket", "A999".into()),
                ("minutes", "20".into()),
                ("ahead", "20".into()),
                ("counter", String::new()),
                ("location", location.name.in_locale(told_in).to_owned()),
                ("url", format!("{base_url}/t/{}", "x".repeat(TOKEN))),
            ];
            add("soon", locale, location.id.clone(), soon.into())?;
        }
    }
    for sample in samples(office, &base_url) {
        let of = format!("{} at {}", sample.service, sample.location);
        add(sample.template, &sample.locale, of, sample.arguments)?;
    }
    Ok(longest.into_values().collect())
}

/// Number of characters of a token.
const TOKEN: usize = 39;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn every_occasion_of_the_sample_offices_is_counted_and_none_is_too_long() {
        for office in samples::offices(None).unwrap() {
            let longest = longest(&office).unwrap();
            let occasions = if office.remind_at.is_some() { 8 } else { 7 };
            assert_eq!(longest.len(), occasions * office.locales.len(), "{}: {longest:#?}", office.id);
            assert!(longest.iter().all(|it| it.parts >= 1 && !it.is_too_long()), "{longest:#?}");
            let code = longest.iter().find(|it| it.template == "code").unwrap();
            assert_eq!(code.parts, 1);
        }
    }

    #[test]
    fn an_offices_own_words_make_its_messages_longer_until_they_are_refused() {
        let mut office = samples::offices(None).unwrap().remove(0);
        let parts = |office: &Office| {
            let longest = longest(office).unwrap();
            let found =
                longest.into_iter().find(|it| it.template == "confirmed" && it.locale == "pl").unwrap();
            (found.parts, found.is_too_long(), found.to_string())
        };
        office.sms_max_parts = 9;
        let (before, ..) = parts(&office);
        office.guide.come.pl = "Przyjdź wcześniej. ".repeat(9);
        let (after, too_long, _) = parts(&office);
        assert!(after > before && !too_long, "{before} then {after}");
        office.sms_max_parts = 1;
        let (_, too_long, said) = parts(&office);
        assert!(too_long && said.contains("more than 1") && said.contains("sms_max_parts ="), "{said}");
    }
}
