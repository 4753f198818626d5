//! What is cleaned before checks, what must hold between answers and the calendar and between answers, and what fields
//! mean.

use super::tests::{answers, field, office_with_form, text};
use super::*;
use crate::samples::small_office;

/// A Tuesday, and a visit two weeks later.
pub(super) fn dates() -> Dates {
    Dates { today: "2026-12-01".parse().unwrap(), visit: "2026-12-15".parse().unwrap() }
}

#[test]
fn every_kind_is_cleaned_before_anything_looks_at_it() {
    use FieldType::{Bool, Case, Choice, Date, Document, Email, Number, Pesel, Text};
    for (kind, typed, plain) in [
        (Text, "\u{200b}Anna\u{a0}Z\u{307}o\u{301}łć\u{feff}", "Anna Żółć"),
        (Text, "An\u{ad}na\t Nowak\u{202c}", "Anna Nowak"),
        (Text, "Côte d’Ivoire", "Côte d’Ivoire"),
        (Email, "\u{202a}anna@urzad.pl\u{202c}", "anna@urzad.pl"),
        (Email, "mailto:anna@urzad.pl", "anna@urzad.pl"),
        (Email, "anna@urzad.pl,", "anna@urzad.pl"),
        (Email, "anna@toruń.pl", "anna@xn--toru-e2a.pl"),
        (Date, "1985\u{2011}07\u{2011}13", "1985-07-13"),
        (Date, "\u{200e}1985-07-13 ", "1985-07-13"),
        (Choice, "child\u{200b}", "child"),
        (Number, "\u{2212}12", "-12"),
        (Number, "１２", "12"),
        (Bool, " true\u{feff}", "true"),
        (Pesel, "440514\u{2009}01359", "44051401359"),
        (Pesel, "44-05-14-01359", "44051401359"),
        (Pesel, "٤٤٠٥١٤٠١٣٥٩", "44051401359"),
        (Document, "abc\u{a0}123\u{2013}456", "ABC123456"),
        (Document, "\u{2068}ABC 123456\u{2069}", "ABC123456"),
        (Document, "ＡＢＣ１２３４５６", "ABC123456"),
        (Case, "SO\u{2011}5.4321.17.2026\u{200b}", "SO-5.4321.17.2026"),
    ] {
        assert_eq!(check_answer(&field(kind), typed), Ok(plain.to_owned()), "{kind:?} {typed:?}");
    }
    let mut office = office_with_form();
    office.fields[0] = Field { id: "whom".into(), ..field(Text) };
    for empty in ["\u{200b}", "\u{a0}", " \u{feff}\u{2060} ", "\u{202a}\u{202c}", "\u{3164}"] {
        let given = answers(&[("whom", text(empty)), ("post", text("87-100"))]);
        let wrong = check(&office, &office.services[0], &given, dates()).unwrap_err();
        assert_eq!(wrong.get("whom"), Some(&"field-required"), "{empty:?}: nothing was typed");
    }
}

#[test]
fn a_document_is_read_in_the_letters_that_it_is_drawn_in() {
    let document = field(FieldType::Document);
    for (typed, plain) in [
        ("АВ1234567", "AB1234567"),
        ("аb 1234567", "AB1234567"),
        ("СН123456", "CH123456"),
        ("ΑΒ123456", "AB123456"),
        ("EН 123 456", "EH123456"),
        ("ХР-778899", "XP778899"),
        ("МЖ123456", "МЖ123456"),
        ("ЦД 123456", "ЦД123456"),
        ("FA1234567", "FA1234567"),
        ("123456789", "123456789"),
        ("ＡＢ１２３４５６７", "AB1234567"),
    ] {
        assert_eq!(check_answer(&document, typed), Ok(plain.to_owned()), "{typed}");
    }
    for (typed, key) in [
        ("AЖ123456", "field-document-letters"),
        ("ŻÓ123456", "field-document-letters"),
        ("ABÇ12345", "field-document-letters"),
        ("საბ12345", "field-document-letters"),
        ("AB12²345", "field-document"),
        ("ABCDEF", "field-document"),
        ("АВВГДЕ", "field-document"),
        ("1", "field-document"),
    ] {
        assert_eq!(check_answer(&document, typed), Err(key), "{typed}");
    }
    let strict = Field { pattern: Some("[A-Z]{2}[0-9]{7}".into()), ..field(FieldType::Document) };
    assert_eq!(check_answer(&strict, "АВ 1234567"), Ok("AB1234567".to_owned()), "the whole fits then");
    assert_eq!(check_answer(&strict, "АВ123456"), Err("field-pattern"));
    let cyrillic = Field { pattern: Some("[А-Я]{2}[0-9]{6}".into()), ..field(FieldType::Document) };
    assert_eq!(check_answer(&cyrillic, "ав123456"), Ok("АВ123456".to_owned()), "as the office wants it");
    let apart = Field { pattern: Some("[A-Z]{3} [0-9]{6}".into()), ..field(FieldType::Document) };
    assert_eq!(
        check_answer(&apart, "abc 123456"),
        Ok("ABC123456".to_owned()),
        "a pattern of the paper's blank"
    );
    let mut office = office_with_form();
    office.fields[0] = Field { id: "whom".into(), ..field(FieldType::Document) };
    let given = answers(&[("whom", text("ав 1234567")), ("post", text("87-100"))]);
    let plain = check(&office, &office.services[0], &given, dates()).unwrap();
    assert_eq!(plain["whom"], "AB1234567");
    let typed = typed_otherwise(&office, &office.services[0], &given, &plain);
    assert_eq!(typed, [("whom".to_owned(), "АВ1234567".to_owned())].into(), "as the person has seen it");
}

/// An office that asks for both birth date and PESEL.
fn office_with_birth(change: impl FnOnce(&mut Field, &mut Field)) -> Office {
    let mut office = small_office();
    let mut birth = Field { id: "born".into(), means: Some(Means::Birth), ..field(FieldType::Date) };
    let mut pesel = Field { id: "number".into(), required: false, ..field(FieldType::Pesel) };
    change(&mut birth, &mut pesel);
    office.fields = vec![birth, pesel];
    office.services[0].form = vec!["born".into(), "number".into()];
    office
}

fn wrong(office: &Office, birth: &str, pesel: &str) -> Vec<(String, &'static str)> {
    let given = answers(&[("born", text(birth)), ("number", text(pesel))]);
    let checked = check(office, &office.services[0], &given, dates());
    checked.err().unwrap_or_default().into_iter().collect()
}

#[test]
fn a_birth_lies_in_the_past_and_a_pesel_says_the_same_day() {
    let office = office_with_birth(|_, _| {});
    for (birth, pesel) in [
        ("1985-07-13", ""),
        ("2026-12-01", ""),
        ("1900-01-01", ""),
        ("1944-05-14", "44051401359"),
        ("2002-01-13", "02211307589"),
    ] {
        assert_eq!(wrong(&office, birth, pesel), [], "{birth} {pesel}");
    }
    for (birth, pesel, id, key) in [
        ("2099-01-01", "", "born", "field-birth-future"),
        ("2026-12-02", "", "born", "field-birth-future"),
        ("2027-07-13", "", "born", "field-birth-future"),
        ("9999-12-31", "", "born", "field-birth-future"),
        ("1899-12-31", "", "born", "field-birth-early"),
        ("1000-01-01", "", "born", "field-birth-early"),
        ("0001-01-01", "", "born", "field-birth-early"),
        ("1985-07-13", "00430100026", "number", "field-pesel-date"),
        ("1985-07-13", "99923143217", "number", "field-pesel-date"),
        ("2002-01-13", "44051401359", "number", "field-pesel-birth"),
        ("1944-05-15", "44051401359", "number", "field-pesel-birth"),
        ("1944-05-14", "44051401358", "number", "field-pesel"),
        ("2044-05-14", "44051401359", "born", "field-birth-future"),
    ] {
        assert_eq!(wrong(&office, birth, pesel), [(id.to_owned(), key)], "{birth} {pesel}");
    }
    let apart = office_with_birth(|_, pesel| pesel.agrees_with = Some(String::new()));
    assert_eq!(wrong(&apart, "1985-07-13", "44051401359"), [], "of two people, as the office says");
    let old = office_with_birth(|birth, _| (birth.id, birth.means) = ("birth".into(), None));
    let mut service = old.services[0].clone();
    service.form = vec!["birth".into()];
    let mut office = old.clone();
    office.services[0] = service.clone();
    let told = check(&office, &service, &answers(&[("birth", text("2099-01-01"))]), dates()).unwrap_err();
    assert_eq!(told["birth"], "field-birth-future", "files from before say it by the id");
}

#[test]
fn an_age_is_that_on_the_day_of_the_visit() {
    let office = office_with_birth(|birth, _| birth.age_min = Some(18));
    for (birth, key) in [
        ("2021-05-01", Some("field-age-adult")),
        ("2008-12-16", Some("field-age-adult")),
        ("2008-12-15", None),
        ("2008-12-02", None),
        ("1985-07-13", None),
        ("2026-11-30", Some("field-age-adult")),
        ("2020-02-29", Some("field-age-adult")),
    ] {
        let told = wrong(&office, birth, "");
        assert_eq!(told.first().map(|(_, key)| *key), key, "{birth}");
    }
    let number = office_with_birth(|birth, pesel| {
        (birth.required, pesel.age_min) = (false, Some(100));
    });
    assert_eq!(
        wrong(&number, "", "44051401359"),
        [("number".to_owned(), "field-age")],
        "by the number alone"
    );
    let thirteen = office_with_birth(|birth, _| birth.age_min = Some(13));
    assert_eq!(wrong(&thirteen, "2020-01-01", ""), [("born".to_owned(), "field-age")]);
}

#[test]
fn rules_that_the_file_states_hold_for_other_fields_too() {
    let mut office = small_office();
    let filed = Field { id: "filed".into(), past: Some(true), ..field(FieldType::Date) };
    let mail = Field { id: "mail".into(), ..field(FieldType::Email) };
    let again = Field { id: "again".into(), agrees_with: Some("mail".into()), ..field(FieldType::Email) };
    office.fields = vec![filed, mail, again];
    office.services[0].form = ["filed", "mail", "again"].map(str::to_owned).to_vec();
    let told = |filed: &str, mail: &str, again: &str| {
        let given = answers(&[("filed", text(filed)), ("mail", text(mail)), ("again", text(again))]);
        let checked = check(&office, &office.services[0], &given, dates());
        checked.err().unwrap_or_default().into_iter().collect::<Vec<_>>()
    };
    assert_eq!(told("2026-12-01", "a@x.pl", "A@x.pl"), []);
    assert_eq!(told("2026-12-02", "a@x.pl", "a@x.pl"), [("filed".to_owned(), "field-date-future")]);
    assert_eq!(told("2026-12-01", "a@x.pl", "b@x.pl"), [("again".to_owned(), "field-differs")]);
}

#[test]
fn what_a_field_means_is_what_the_file_says_and_else_what_its_id_says() {
    use FieldType::{Date, Document, Number, Text};
    let mut office = small_office();
    let with = |id: &str, kind, means| Field { id: id.into(), means, ..field(kind) };
    office.fields = vec![
        with("who", Text, Some(Means::Name)),
        with("first-name", Text, None),
        with("surname", Text, None),
        with("name", Text, None),
        with("nickname", Text, None),
        with("children", Number, None),
        with("children-count", Number, None),
        with("kids", Number, Some(Means::Children)),
        with("paper", Document, None),
        with("document", Document, None),
        with("birth-date", Date, None),
        with("filed-on", Date, None),
    ];
    let said = |form: &[&str], means| {
        let mut office = office.clone();
        office.services[0].form = form.iter().map(|id| (*id).to_owned()).collect();
        let answers: BTreeMap<String, String> =
            form.iter().map(|id| ((*id).to_owned(), (*id).to_owned())).collect();
        office.answer_meant(&office.services[0].id.clone(), means, &answers).unwrap_or_default()
    };
    for (form, means, found) in [
        (&["who", "name"][..], Means::Name, "who"),
        (&["name", "nickname"], Means::Name, "name"),
        (&["first-name", "surname"], Means::Name, "first-name surname"),
        (&["children"], Means::Children, "children"),
        (&["children-count"], Means::Children, "children-count"),
        (&["kids", "children"], Means::Children, "kids"),
        (&["name", "children-count"], Means::Children, "children-count"),
        (&["paper"], Means::Document, "paper"),
        (&["paper", "document"], Means::Document, "document"),
        (&["birth-date", "filed-on"], Means::Birth, "birth-date"),
        (&["birth-date", "filed-on"], Means::FiledOn, "filed-on"),
        (&["name"], Means::Children, ""),
    ] {
        assert_eq!(said(form, means), found, "{form:?} {means:?}");
    }
}
