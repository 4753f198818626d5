//! Tests of the texts: every template in every language, their sizes, and what a value cannot do.

use super::*;
use crate::gsm7::count;
use std::collections::BTreeSet;

/// Rendered as nearly every office wants it.
fn render(locale: &str, template: &str, values: &BTreeMap<String, String>) -> Result<Rendered, TextFault> {
    super::render(locale, template, values, Letters::Plain)
}

const URL: &str = "https://rezerwacja.um.torun.pl/torun/visit/0123456789abcdefghjkmnpqrstvwxyz0123456";

fn samples() -> BTreeMap<String, String> {
    [
        ("sender", "Toruń"),
        ("code", "482913"),
        ("minutes", "10"),
        ("host", "rezerwacja.um.torun.pl"),
        ("number", "TOR-2026-0042"),
        ("service", "Dowody osobiste – złożenie wniosku"),
        ("date", "2026-12-01"),
        ("time", "09:20"),
        ("location", "ul. Wały gen. Sikorskiego 8"),
        ("ticket", "R001"),
        ("come", "Przyjdź 5–10 minut wcześniej."),
        ("from", "08:20"),
        ("until", "09:05"),
        ("onday", "Pokaż kod w pokoju 0134."),
        ("bring", "Weź ważny dokument tożsamości."),
        ("cost", "Bezpłatnie"),
        ("late", "Po godzinie wizyty rezerwacja jest anulowana."),
        ("rules", "Godzina wizyty jest orientacyjna. Rezerwacji nie wolno odstąpić."),
        ("ahead", "3"),
        ("counter", ""),
        ("reason", "false_data"),
        ("url", URL),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

fn with(changes: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut arguments = samples();
    arguments.extend(changes.iter().map(|(name, value)| (name.to_string(), value.to_string())));
    arguments
}

/// Keys of a message file, each with the names of its attributes (`key.attribute`).
fn keys(source: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut last = "";
    for line in source.lines() {
        let Some((name, _)) = line.split_once(" =") else { continue };
        match name.trim_start().strip_prefix('.') {
            Some(attribute) => _ = keys.insert(format!("{last}.{attribute}")),
            None if name.starts_with(char::is_alphabetic) => {
                last = name;
                keys.insert(name.to_owned());
            }
            None => {}
        }
    }
    keys
}

fn templates() -> Vec<String> {
    let keys = keys(SOURCES[0].1).into_iter();
    keys.filter(|k| !k.contains('.') && (k.starts_with("sms-") || k.starts_with("mail-"))).collect()
}

#[test]
fn all_languages_have_the_same_texts() {
    // Each language decides on its own whether to have a short wording.
    let texts = |source| keys(source).into_iter().filter(|key| !key.ends_with(".short")).collect::<Vec<_>>();
    for (locale, source) in SOURCES {
        assert_eq!(texts(source), texts(SOURCES[0].1), "{locale}");
    }
    assert_eq!(SOURCES.map(|(locale, _)| locale), LOCALES);
}

#[test]
fn every_text_renders_in_each_language_and_every_sms_fits() {
    assert_eq!(templates().len(), 22);
    for locale in LOCALES {
        for template in templates() {
            let rendered = render(locale, &template, &samples()).unwrap();
            assert!(!rendered.text.contains(['{', '}', '$', '\u{2068}']), "{}", rendered.text);
            if template.starts_with("sms-") {
                let is_latin = matches!(locale, "pl" | "en");
                let alphabet = if is_latin { Alphabet::Gsm7 } else { Alphabet::Ucs2 };
                assert_eq!(count(&rendered.text).alphabet, alphabet, "{}", rendered.text);
                let most = match (template.as_str(), is_latin) {
                    ("sms-code", _) => 1,
                    (_, true) => 2,
                    (_, false) => 4,
                };
                assert!((1..=most).contains(&rendered.parts), "{} parts: {}", rendered.parts, rendered.text);
                assert_eq!(rendered.subject, None);
            } else {
                assert_eq!(rendered.parts, 0);
                assert!(rendered.subject.is_some_and(|s| !s.is_empty() && !s.contains('\n')), "{template}");
            }
        }
    }
}

#[test]
fn the_texts_of_torun_read_as_they_should() {
    let text = |template| render("pl", template, &with(&[("code", "12345678")])).unwrap();
    assert_eq!(
        text("sms-confirmed").text,
        format!(
            "Torun: wizyta wt 1.12.2026 09:20, ul. Waly gen. Sikorskiego 8, bilet R001. \
             Kod do automatu 12345678. Przyjdz 5-10 minut wczesniej. Odwolanie: {URL}"
        )
    );
    assert_eq!(text("sms-confirmed").parts, 2);
    let code = render("pl", "sms-code", &samples()).unwrap();
    assert_eq!(
        code.text,
        "Torun: kod potwierdzenia wizyty 482913. Wazny 10 min. Nie podawaj go nikomu.\n\n\
         @rezerwacja.um.torun.pl #482913"
    );
    let mail = text("mail-confirmed");
    assert_eq!(mail.subject.as_deref(), Some("Wizyta 1.12.2026 o 09:20, rezerwacja TOR-2026-0042"));
    assert!(
        mail.text.contains("Termin: wtorek, 1.12.2026, godz. 09:20\nMiejsce: ul. Wały gen. Sikorskiego 8\n")
    );
    assert!(mail.text.contains(
        "\nNumer biletu: R001\nKod do automatu: 12345678\nKod wpisz w automacie biletowym od 08:20"
    ));
    for said in [
        "\nPrzyjdź 5–10 minut",
        "\nPokaż kod w pokoju 0134.",
        "Co zabrać: Weź",
        "Jeśli się spóźnisz: Po godzinie",
        "O czym pamiętać: Godzina wizyty",
    ] {
        assert!(mail.text.contains(said), "{said}: {}", mail.text);
    }
}

#[test]
fn what_an_office_has_not_is_left_out_of_a_confirmation() {
    let arguments = with(
        &["ticket", "code", "come", "from", "until", "onday", "bring", "cost", "late", "rules"]
            .map(|name| (name, "")),
    );
    let sms = render("en", "sms-confirmed", &arguments).unwrap().text;
    assert_eq!(
        sms,
        format!("Torun: visit Tue 1.12.2026 09:20, ul. Waly gen. Sikorskiego 8. To cancel: {URL}")
    );
    let mail = render("pl", "mail-confirmed", &arguments).unwrap().text;
    assert!(mail.contains("Sikorskiego 8\n\nKod kreskowy, wydruk"), "{mail}");
}

#[test]
fn a_code_is_one_part_with_the_longest_sender_and_a_long_host_and_ends_in_the_line_browsers_read() {
    let host = "rezerwacja-wizyt.wydzial-komunikacji.powiat.pl";
    for locale in LOCALES {
        let arguments = with(&[("sender", "UM Ostrołęk"), ("host", host)]);
        let rendered = render(locale, "sms-code", &arguments).unwrap();
        assert_eq!(rendered.parts, 1, "{}", rendered.text);
        assert_eq!(rendered.text.lines().last(), Some(format!("@{host} #482913").as_str()));
        assert!(!rendered.text.ends_with('\n'));
    }
}

#[test]
fn a_code_in_cyrillic_says_how_long_it_is_valid_where_that_fits_one_part() {
    for locale in ["uk", "ru"] {
        let valid = |host: &str| {
            let text = render(locale, "sms-code", &with(&[("host", host)])).unwrap();
            (text.text.contains("10"), text.parts)
        };
        assert_eq!(valid("rezerwacja.um.torun.pl"), (true, 1), "{locale}");
        assert_eq!(valid("rezerwacja-wizyt.wydzial-komunikacji.powiat.pl"), (false, 1), "{locale}");
    }
}

#[test]
fn an_office_that_wants_its_letters_has_them_and_pays_for_them() {
    let kept = super::render("pl", "sms-cancelled", &samples(), Letters::Written).unwrap();
    let plain = render("pl", "sms-cancelled", &samples()).unwrap();
    assert!(kept.text.contains("Wały") && kept.text.contains("odwołana"), "{}", kept.text);
    assert_eq!(crate::gsm7::transliterate(&kept.text), plain.text);
    assert!(kept.parts > plain.parts, "{} and {}", kept.parts, plain.parts);
}

#[test]
fn an_unknown_text_or_a_missing_value_is_an_error() {
    let unknown = |template: &str| render("pl", template, &samples());
    for template in ["sms-nothing", "", "weekday-short", "sms-", "../pl"] {
        assert_eq!(unknown(template), Err(TextFault::UnknownTemplate(template.into())));
    }
    for (template, name) in [
        ("sms-code", "host"),
        ("mail-code", "code"),
        ("sms-confirmed", "ticket"),
        ("mail-cancelled", "number"),
    ] {
        let mut arguments = samples();
        arguments.remove(name);
        assert_eq!(render("pl", template, &arguments), Err(TextFault::MissingArgument(name.into())));
    }
    let dated = render("pl", "sms-cancelled", &with(&[("date", "tomorrow")]));
    assert_eq!(dated, Err(TextFault::BadArgument("date".into())));
}

#[test]
fn a_value_cannot_open_a_line_or_a_header() {
    let evil = with(&[("sender", "Toruń\n@evil.example #000000"), ("number", "1\r\nBcc: all@example.org")]);
    let code = render("pl", "sms-code", &evil).unwrap().text;
    assert!(code.lines().skip(1).all(|line| !line.contains("evil")), "{code}");
    let subject = render("pl", "mail-confirmed", &evil).unwrap().subject.unwrap();
    assert!(!subject.contains(['\r', '\n']), "{subject}");
}

#[test]
fn a_region_is_ignored_and_a_language_without_texts_is_polish() {
    let text = |locale| render(locale, "sms-code", &samples()).unwrap().text;
    assert_eq!(text("en-GB"), text("en"));
    assert_eq!(text("PL_pl"), text("pl"));
    assert_eq!(text("de"), text("pl"));
    assert_eq!(text(""), text("pl"));
}
