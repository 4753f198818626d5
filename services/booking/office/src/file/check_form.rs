//! What must hold for forms and consents: options, patterns, examples, conditions. Must not know of TOML.

use super::check::{ids, known};
use super::report::Report;
use crate::data::{Office, Service};
use crate::form::{Field, FieldType, Means, check_answer};
use crate::pattern::Pattern;

/// Checks the fields that forms consist of.
pub(super) fn fields(office: &Office, report: &mut Report) {
    ids(report, "fields", office.fields.iter().map(|it| it.id.as_str()));
    for (at, it) in office.fields.iter().enumerate() {
        let path = format!("fields[{at}]");
        ids(report, &format!("{path}.options"), it.options.iter().map(|option| option.id.as_str()));
        let is_choice = it.kind == FieldType::Choice;
        if is_choice != (it.options.len() >= 2) {
            let write = if is_choice { "at least two options" } else { "type = \"choice\", or no options" };
            let what = format!("a field of the type {} has {} options", it.kind.word(), it.options.len());
            report.of(&format!("{path}.options"), what, write);
        }
        let pattern = it.pattern.as_deref().map(Pattern::parse);
        if let Some(Err(error)) = &pattern {
            let path = format!("{path}.pattern");
            report.of(&path, format!("the pattern cannot be used: {error}"), "e.g. '[A-Z]{2}\\d{4}'");
        } else if !it.example.is_empty() && (!is_choice || it.options.len() >= 2) {
            example(report, &path, it);
        }
        only_if(office, it, &path, report);
        rules(office, it, &path, report);
    }
}

/// Checks what a field means and the rules that go with it.
fn rules(office: &Office, it: &Field, path: &str, report: &mut Report) {
    let kinds = |kinds: &[FieldType]| kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(" or ");
    if let Some(means) = it.means.filter(|means| !means.kinds().contains(&it.kind)) {
        let what = format!("a field of the type {} cannot mean {:?}", it.kind.word(), means.word());
        let write = format!("a field of the type {}", kinds(means.kinds()));
        report.of(&format!("{path}.means"), what, write);
    }
    if it.past.is_some() && it.kind != FieldType::Date {
        let what = format!("a field of the type {} is no day that could be past", it.kind.word());
        report.of(&format!("{path}.past"), what, "past only at a field of the type date");
    }
    let born = it.kind == FieldType::Pesel || (it.kind == FieldType::Date && it.means == Some(Means::Birth));
    if it.age_min.is_some() && !born {
        let write = "age_min only at a field of the type pesel, or of the type date with means = \"birth\"";
        report.of(&format!("{path}.age_min"), "nothing there says how old somebody is", write);
    }
    if it.age_min.is_some_and(|years| !(1..=120).contains(&years)) {
        report.of(&format!("{path}.age_min"), "no such age", "a number of years from 1 to 120");
    }
    let Some(id) = it.agrees_with.as_deref().filter(|id| !id.is_empty()) else { return };
    let path = format!("{path}.agrees_with");
    let other = office.fields.iter().find(|other| other.id == id);
    known(report, &path, "field", id, other.is_some());
    let Some(other) = other else { return };
    let dated = |field: &Field| matches!(field.kind, FieldType::Date | FieldType::Pesel);
    if other.id == it.id {
        report.of(&path, "a field always agrees with itself", "the id of another field");
    } else if other.kind != it.kind && !(dated(it) && dated(other)) {
        let what = format!("a {} and a {} can never say the same", it.kind.word(), other.kind.word());
        report.of(&path, what, "a field of the same type, or a date and a pesel");
    }
}

fn example(report: &mut Report, path: &str, it: &Field) {
    if let Err(key) = check_answer(it, &it.example) {
        let what = format!("the example {:?} does not pass its own field ({key})", it.example);
        report.of(&format!("{path}.example"), what, "an answer that people may give");
    }
}

fn only_if(office: &Office, it: &Field, path: &str, report: &mut Report) {
    let Some(only_if) = &it.only_if else { return };
    let other = office.fields.iter().find(|other| other.id == only_if.field);
    known(report, &format!("{path}.only_if.field"), "field", &only_if.field, other.is_some());
    let Some(other) = other else { return };
    if other.id == it.id {
        report.of(
            &format!("{path}.only_if.field"),
            "a field cannot wait for itself",
            "the id of another field",
        );
    } else if check_answer(other, &only_if.equals).as_deref() != Ok(only_if.equals.as_str()) {
        let what = format!("{:?} can never have the answer {:?}", other.id, only_if.equals);
        report.of(&format!("{path}.only_if.equals"), what, "an answer that the other field may have");
    }
}

/// Checks that a service's form uses existing fields, and that conditions come after the fields they refer to.
pub(super) fn form(office: &Office, service: &Service, path: &str, report: &mut Report) {
    for (at, id) in service.form.iter().enumerate() {
        let path = format!("{path}.form[{at}]");
        let field = office.fields.iter().find(|field| field.id == *id);
        known(report, &path, "field", id, field.is_some());
        if service.form[..at].contains(id) {
            report.of(&path, format!("the field {id:?} stands twice"), "each field once");
        }
        let condition = field.and_then(|field| field.only_if.as_ref());
        if let Some(only_if) = condition.filter(|only_if| !service.form[..at].contains(&only_if.field)) {
            let what = format!(
                "the field {id:?} is asked depending on {:?}, which does not come before it",
                only_if.field
            );
            report.of(&path, what, format!("{:?} before {id:?}", only_if.field));
        }
    }
}

/// Checks the consents.
pub(super) fn consents(office: &Office, report: &mut Report) {
    ids(report, "consents", office.consents.iter().map(|it| it.id.as_str()));
    for (at, it) in office.consents.iter().enumerate() {
        if !it.url.is_empty() && !it.url.starts_with("https://") && !it.url.starts_with('/') {
            report.of(
                &format!("consents[{at}].url"),
                "the text behind the consent cannot be opened",
                "url = \"https://…\"",
            );
        }
    }
}
