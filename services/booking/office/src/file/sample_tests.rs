//! The sample offices are what their texts say: places, hall rules, accounts, and forms whose examples are valid.

use super::*;
use crate::calendar::is_public_holiday;
use crate::data::{AccountRule, AskedAt, ClaimKey, Proof, Service, Step};
use crate::form::{self, Answer, FieldType};
use okienko_kernel::Day;
use std::collections::BTreeMap;

fn samples() -> Vec<Office> {
    let texts = [
        include_str!("../../../../../deploy/offices/torun.toml"),
        include_str!("../../../../../deploy/offices/wroclaw.toml"),
        include_str!("../../../../../deploy/offices/kalisz.toml"),
    ];
    texts.map(|text| read(text).unwrap_or_else(|faults| panic!("{faults:#?}"))).into()
}

fn sample(id: &str) -> Office {
    samples().into_iter().find(|office| office.id == id).unwrap()
}

/// The examples of a form, as an API client sends them.
fn examples(office: &Office, service: &Service) -> BTreeMap<String, Answer> {
    let fields = office.form_of(service);
    fields.iter().map(|field| (field.id.clone(), Answer::Text(field.example.clone()))).collect()
}

#[test]
fn the_samples_have_ids_and_numbers_of_their_own_and_are_read_together() {
    let found = load_dir(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../deploy/offices"))).unwrap();
    let named: Vec<_> = found.iter().map(|office| (office.id.as_str(), office.number)).collect();
    assert_eq!(named, [("kalisz", 3), ("torun", 1), ("wroclaw", 2)]);
}

#[test]
fn wroclaw_is_as_its_text_says() {
    let office = sample("wroclaw");
    let places: Vec<_> = office.locations.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(places, ["wroclaw", "legnica", "jelenia-gora", "walbrzych"]);
    assert_eq!(office.steps, [Step::Location, Step::Service, Step::Time, Step::Form, Step::Proof]);
    assert_eq!(
        (office.account, office.territory.as_slice()),
        (AccountRule::Required, &["PL".to_owned()][..])
    );
    assert!(office.proof_of_work && office.visit_counter);
    for queue in office.locations.iter().map(|it| &it.queue) {
        let window = (queue.check_in_opens_min, queue.check_in_closes_min, queue.cancel_at_min);
        assert_eq!(window, (60, 15, Some(0)));
        assert!(!queue.placed_at_hour && queue.check_in_asks_service && queue.verify);
    }
    for service in &office.services {
        assert_eq!(service.proof, [Proof::Sms], "{}", service.id);
        assert!(service.max_active.is_some_and(|max| max.count == 1 && max.by == ClaimKey::Document));
        assert!(service.category != "pobyt" || service.rules.iter().any(|it| it.pl.contains("legalnego")));
    }
    let shown = |id: &str| office.service(id).unwrap().on_the_day.pl.clone();
    assert!(shown("lp2-wniosek").contains("pokoju 0134") && shown("kierownik-lp2").contains("salą B"));
    assert!(shown("lp1-wniosek").contains("pracownikowi ochrony") && shown("lp1-wniosek").contains("kiosku"));
    assert!(office.consents.iter().all(|it| it.required && it.asked == AskedAt::Account));
    assert!(office.guide.come.pl.contains("co najmniej 15 minut"));
}

#[test]
fn kalisz_is_as_its_text_says() {
    let office = sample("kalisz");
    assert_eq!(office.locations.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["komunikacja"]);
    let names: Vec<_> = office.categories.iter().map(|it| it.name.pl.as_str()).collect();
    let said = "Wydanie / Wymiana / Dokonanie zmian w dowodzie rejestracyjnym";
    assert_eq!(names, ["Rejestracja", "Wyrejestrowanie / Zgłoszenie sprzedaży", said]);
    let queue = &office.locations[0].queue;
    assert_eq!((queue.check_in_opens_min, queue.check_in_closes_min, queue.cancel_at_min), (15, 0, Some(0)));
    let label = queue.check_in_label.as_ref().map(|label| label.pl.as_str());
    assert_eq!((queue.placed_at_hour, label), (false, Some("Aktywacja rezerwacji internetowej")));
    assert!(office.services.iter().all(|it| it.proof == [Proof::Account] && it.max_active.is_none()));
    let clause = office.consents.iter().find(|it| it.url.contains("p,218,ochrona-danych-osobowych"));
    assert!(clause.is_some_and(|it| it.required && it.asked == AskedAt::Account));
}

#[test]
fn every_service_can_be_booked_at_each_of_its_places_on_every_working_day() {
    let first: Day = "2026-11-20".parse().unwrap();
    for office in samples() {
        for service in &office.services {
            for place in &service.locations {
                for day in (0..400).map(|ahead| first.plus_days(ahead)) {
                    let works = !matches!(day.weekday() as u8, 5 | 6) && !is_public_holiday(day);
                    let plans = office.pools_of(&service.id, place).filter_map(|it| office.plan(&it.id, day));
                    let hours: usize = plans.map(|plan| plan.slots.len()).sum();
                    assert!(!works || hours >= 10, "{} at {place} on {day}: {hours}", service.id);
                }
            }
        }
    }
}

fn dates() -> form::Dates {
    form::Dates { today: "2026-12-01".parse().unwrap(), visit: "2026-12-15".parse().unwrap() }
}

#[test]
fn every_country_can_be_written_as_people_write_it() {
    let office = sample("wroclaw");
    let citizenship = office.fields.iter().find(|field| field.id == "citizenship").unwrap();
    for country in [
        "Côte d’Ivoire",
        "Côte d'Ivoire",
        "Korea Płd.",
        "საქართველო",
        "Україна",
        "Bosna i Hercegovina",
        "Gwinea-Bissau",
        "Gwinea–Bissau",
        "São Tomé i Príncipe",
        "Türkiye",
        "日本",
        "भारत",
        "ประเทศไทย",
        "مصر",
        "Հայաստան",
        "Kongo (DR)",
        "Antigua & Barbuda",
        "polskie/ukraińskie",
        "St. Kitts",
        "O\u{2bc}zbekiston",
        "Tu\u{308}rkiye",
        "Việt Nam",
    ] {
        assert!(form::check_answer(citizenship, country).is_ok(), "{country}");
    }
    for nonsense in ["12345", "U", "<b>Ukraina</b>", "Ukraina 2", "?"] {
        assert_eq!(form::check_answer(citizenship, nonsense), Err("field-pattern"), "{nonsense}");
    }
}

#[test]
fn an_adult_in_wroclaw_is_an_adult_and_a_filing_has_been() {
    let office = sample("wroclaw");
    for (service, field, answer, key) in [
        ("paszport-wniosek", "birth", "2021-05-01", "field-age-adult"),
        ("paszport-wniosek", "birth", "2099-01-01", "field-birth-future"),
        ("paszport-wniosek", "birth", "1885-01-01", "field-birth-early"),
        ("paszport-wniosek", "pesel", "00430100026", "field-pesel-date"),
        ("paszport-wniosek", "pesel", "99923143217", "field-pesel-date"),
        ("paszport-wniosek", "pesel", "44051401359", "field-pesel-birth"),
        ("kierownik-lp1", "filed-on", "2026-12-24", "field-date-future"),
        ("lp1-wniosek", "birth", "2010-01-01", "field-age-adult"),
    ] {
        let service = office.service(service).unwrap();
        let mut given = examples(&office, service);
        given.insert(field.into(), Answer::Text(answer.into()));
        let wrong = form::check(&office, service, &given, dates()).unwrap_err();
        assert_eq!(wrong.get(field), Some(&key), "{field} {answer}");
    }
}

#[test]
fn every_form_takes_its_own_examples_and_every_text_is_in_both_languages() {
    for office in samples() {
        for service in &office.services {
            let good = form::check(&office, service, &examples(&office, service), dates());
            assert!(good.is_ok(), "{}/{}: {good:?}", office.id, service.id);
            let texts =
                [&service.name, office.bring(service), &service.cost, office.late(service), &service.place];
            assert!(texts.iter().all(|text| !text.is_empty() && text.en.is_some()), "{}", service.id);
            assert!(office.rules(service).all(|rule| rule.en.is_some()));
        }
        let asked =
            office.fields.iter().flat_map(|it| it.options.iter().map(|o| &o.label).chain([&it.label]));
        assert!(asked.chain(office.consents.iter().map(|it| &it.label)).all(|text| text.en.is_some()));
        assert!(!office.guide.come.is_empty());
    }
}

#[test]
fn every_form_refuses_typical_nonsense_and_names_the_field() {
    for office in samples() {
        for service in &office.services {
            for field in office.form_of(service) {
                let nonsense: &[&str] = match field.kind {
                    FieldType::Text if field.pattern.is_some() => &["12345", "\u{7}"],
                    FieldType::Text => &["\u{7}"],
                    FieldType::Date => &["13.07.1985", "1985-02-30", "0001-01-01"],
                    FieldType::Choice => &["other-thing"],
                    FieldType::Number => &["0", "10", "-1", "dwa"],
                    FieldType::Pesel => &["85071312345", "00000000000", "8507131234"],
                    FieldType::Document => &["ABCDEF", "1", "AB<1234567"],
                    FieldType::Case => &["sprawa", "<b>1</b>"],
                    FieldType::Email => &["anna"],
                    FieldType::Bool => &["maybe"],
                };
                for text in nonsense {
                    let mut given = examples(&office, service);
                    // Includes a field that the other examples would leave out.
                    if let Some(only) = &field.only_if {
                        given.insert(only.field.clone(), Answer::Text(only.equals.clone()));
                    }
                    given.insert(field.id.clone(), Answer::Text((*text).to_owned()));
                    let wrong = form::check(&office, service, &given, dates()).unwrap_err();
                    assert_eq!(wrong.keys().collect::<Vec<_>>(), [&field.id], "{text}");
                }
            }
        }
    }
}

#[test]
fn a_parent_is_asked_for_the_number_of_children_and_a_letter_has_no_place_of_filing() {
    let office = sample("wroclaw");
    let kept = |service: &str, field: &str, answer: &str| {
        let service = office.service(service).unwrap();
        let mut given = examples(&office, service);
        given.insert(field.into(), Answer::Text(answer.into()));
        form::check(&office, service, &given, dates()).unwrap()
    };
    assert!(!kept("lp1-wniosek", "applicant", "adult").contains_key("children-count"));
    assert_eq!(kept("lp1-wniosek", "applicant", "children")["children-count"], "2");
    assert_eq!(kept("kierownik-lp2", "filed-how", "in-person")["filed-where"], "wroclaw");
    assert!(!kept("kierownik-lp2", "filed-how", "post").contains_key("filed-where"));
}
