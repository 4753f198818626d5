//! What forms accept and refuse, as tables of cases.

use super::*;
use crate::samples::small_office;

pub(super) fn field(kind: FieldType) -> Field {
    let text = |t: &str| Text::polish(t);
    let options = ["self", "child"].map(|id| Choice { id: id.into(), label: text(id) }).to_vec();
    Field {
        id: "f".into(),
        kind,
        label: text("Pole"),
        required: true,
        options: if kind == FieldType::Choice { options } else { Vec::new() },
        pattern: None,
        help: Text::default(),
        example: String::new(),
        only_if: None,
        means: None,
        past: None,
        age_min: None,
        agrees_with: None,
    }
}

#[test]
fn each_type_accepts_its_answers_in_their_plain_form_and_refuses_others() {
    use FieldType::{Bool, Case, Choice, Date, Document, Email, Number, Pesel, Text};
    let good = [
        (Text, "Anna Żółć", "Anna Żółć"),
        (Email, "anna.nowak+1@urzad.torun.pl", "anna.nowak+1@urzad.torun.pl"),
        (Date, "2026-02-28", "2026-02-28"),
        (Choice, "child", "child"),
        (Number, "-12", "-12"),
        (Bool, "on", "true"),
        (Pesel, "44051401359", "44051401359"),
        (Document, "abc 123-456", "ABC123456"),
        (Case, "SO-5.4321.17.2026", "SO-5.4321.17.2026"),
    ];
    for (kind, text, plain) in good {
        assert_eq!(check_answer(&field(kind), text), Ok(plain.to_owned()), "{kind:?} {text}");
    }
    let bad = [
        (Text, "a\u{7}b", "field-text"),
        (Email, "anna@urzad", "field-email"),
        (Email, "an na@urzad.pl", "field-email"),
        (Email, "a@b@urzad..pl", "field-email"),
        (Date, "2026-02-30", "field-date"),
        (Choice, "other", "field-choice"),
        (Number, "1.5", "field-number"),
        (Bool, "maybe", "field-bool"),
        (Pesel, "44051401358", "field-pesel"),
        (Document, "ABCDEF", "field-document"),
        (Case, "<script>1", "field-case"),
    ];
    for (kind, text, key) in bad {
        assert_eq!(check_answer(&field(kind), text), Err(key), "{kind:?} {text}");
    }
}

#[test]
fn an_answer_of_200_characters_passes_and_one_of_201_does_not() {
    assert!(check_answer(&field(FieldType::Text), &"ż".repeat(200)).is_ok());
    assert_eq!(check_answer(&field(FieldType::Text), &"ż".repeat(201)), Err("field-too-long"));
}

pub(super) fn answers(pairs: &[(&str, Answer)]) -> BTreeMap<String, Answer> {
    pairs.iter().map(|(id, answer)| ((*id).to_owned(), answer.clone())).collect()
}

pub(super) fn text(text: &str) -> Answer {
    Answer::Text(text.into())
}

/// A form with a choice, a child's name asked only for `child`, a number and a checkbox.
pub(super) fn office_with_form() -> Office {
    let mut office = small_office();
    let with_id = |id: &str, field: Field| Field { id: id.into(), ..field };
    let only_if = Some(OnlyIf { field: "whom".into(), equals: "child".into() });
    office.fields = vec![
        with_id("whom", field(FieldType::Choice)),
        Field { only_if, ..with_id("child", field(FieldType::Text)) },
        Field { required: false, ..with_id("count", field(FieldType::Number)) },
        Field { required: false, ..with_id("box", field(FieldType::Bool)) },
        Field { pattern: Some(r"\d{2}-\d{3}".into()), ..with_id("post", field(FieldType::Text)) },
    ];
    office.services[0].form = office.fields.iter().map(|f| f.id.clone()).collect();
    office
}

#[test]
fn every_faulty_field_is_named_at_once() {
    let office = office_with_form();
    let given = answers(&[
        ("whom", text("child")),
        ("count", text("x")),
        ("post", text("87100")),
        ("extra", text("1")),
    ]);
    let wrong = check(&office, &office.services[0], &given, rules_tests::dates()).unwrap_err();
    let expected = [
        ("child", "field-required"),
        ("count", "field-number"),
        ("extra", "field-unknown"),
        ("post", "field-pattern"),
    ];
    assert_eq!(wrong, expected.map(|(id, key)| (id.to_owned(), key)).into());
}

#[test]
fn a_field_that_is_not_asked_is_neither_required_nor_kept() {
    let office = office_with_form();
    let given = answers(&[
        ("whom", text("self")),
        ("child", text("Jan")),
        ("count", Answer::Number(3)),
        ("post", text(" 87-100 ")),
    ]);
    let kept = check(&office, &office.services[0], &given, rules_tests::dates()).unwrap();
    let expected = [("whom", "self"), ("count", "3"), ("box", "false"), ("post", "87-100")];
    assert_eq!(kept, expected.map(|(id, value)| (id.to_owned(), value.to_owned())).into());
}

#[test]
fn consents_are_asked_for_by_version() {
    let consent = |id: &str, required| Consent {
        id: id.into(),
        version: "2".into(),
        required,
        label: Text::default(),
        url: String::new(),
        asked: AskedAt::Form,
    };
    let consents = [consent("rodo", true), consent("survey", false)];
    let given = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(id, version)| ((*id).to_owned(), (*version).to_owned())).collect()
    };
    assert_eq!(check_consents(&consents, AskedAt::Form, &given(&[("rodo", "2")])), Ok(()));
    let wrong = |pairs: &[(&str, &'static str)]| -> Result<(), Wrong> {
        Err(pairs.iter().map(|(id, key)| ((*id).to_owned(), *key)).collect())
    };
    assert_eq!(check_consents(&consents, AskedAt::Form, &given(&[])), wrong(&[("rodo", "consent-required")]));
    assert_eq!(
        check_consents(&consents, AskedAt::Form, &given(&[("rodo", "1"), ("x", "1")])),
        wrong(&[("rodo", "consent-version"), ("x", "consent-unknown")])
    );
    assert_eq!(check_consents(&consents, AskedAt::Account, &given(&[])), Ok(()), "asked at another moment");
}
