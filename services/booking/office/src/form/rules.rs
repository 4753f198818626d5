//! Rules between answers and the calendar: what must be in the past, minimum ages, what must agree. Looks only at
//! answers that are valid by themselves.

use super::{Field, FieldType, Means, Wrong};
use crate::data::{Office, Service};
use crate::pesel;
use okienko_kernel::Day;
use std::collections::BTreeMap;

/// No visitor was born earlier.
const FIRST_BIRTH_YEAR: i16 = 1900;

/// The days that rules refer to.
#[derive(Clone, Copy, Debug)]
pub struct Dates {
    /// The local day on which the form is filled in.
    pub today: Day,
    /// The local day of the visit.
    pub visit: Day,
}

/// Checks the valid answers against each other and the calendar; adds the faults.
pub(super) fn check(
    office: &Office,
    service: &Service,
    good: &BTreeMap<String, String>,
    dates: Dates,
    wrong: &mut Wrong,
) {
    let form = office.form_of(service);
    let births = office.meant(service, Means::Birth);
    let is_birth = |field: &Field| births.iter().any(|birth| birth.id == field.id);
    for field in &form {
        let Some(text) = good.get(&field.id) else { continue };
        if let Some(key) = of_date(field, text, is_birth(field), dates) {
            wrong.insert(field.id.clone(), key);
        }
    }
    for field in &form {
        let Some(other) = agrees_with(field, &form, &births) else { continue };
        if wrong.contains_key(&field.id) || wrong.contains_key(&other.id) {
            continue;
        }
        let (Some(one), Some(two)) = (good.get(&field.id), good.get(&other.id)) else { continue };
        if !agree((field.kind, one), (other.kind, two)) {
            let about_birth = field.kind == FieldType::Pesel || other.kind == FieldType::Pesel;
            let key = if about_birth { "field-pesel-birth" } else { "field-differs" };
            wrong.insert(field.id.clone(), key);
        }
    }
}

/// Checks one answer outside a form, as [`super::check_answer`], and against the calendar.
pub fn check_on(field: &Field, text: &str, dates: Dates) -> Result<String, &'static str> {
    let plain = super::check_answer(field, text)?;
    let is_birth = field.means == Some(Means::Birth);
    of_date(field, &plain, is_birth, dates).map_or(Ok(plain), Err)
}

/// What is wrong with a date, or with the date in a PESEL.
fn of_date(field: &Field, text: &str, is_birth: bool, dates: Dates) -> Option<&'static str> {
    let day = birth_of((field.kind, text))?;
    let is_pesel = field.kind == FieldType::Pesel;
    let born = is_birth || is_pesel;
    let key = |date: &'static str| if is_pesel { "field-pesel-date" } else { date };
    if (field.past.unwrap_or(is_birth) || is_pesel) && day > dates.today {
        return Some(key(if is_birth { "field-birth-future" } else { "field-date-future" }));
    }
    if born && day.parts().0 < FIRST_BIRTH_YEAR {
        return Some(key("field-birth-early"));
    }
    match field.age_min {
        Some(18) if age(day, dates.visit) < 18 => Some("field-age-adult"),
        Some(min) if age(day, dates.visit) < i32::from(min) => Some("field-age"),
        _ => None,
    }
}

/// Whole years between a birth and a day.
fn age(birth: Day, on: Day) -> i32 {
    let ((born, month, number), (year, now_month, now_number)) = (birth.parts(), on.parts());
    let not_yet = (now_month, now_number) < (month, number);
    i32::from(year) - i32::from(born) - i32::from(not_yet)
}

/// The field that this one must agree with.
fn agrees_with<'a>(field: &Field, form: &[&'a Field], births: &[&'a Field]) -> Option<&'a Field> {
    match field.agrees_with.as_deref() {
        Some(id) => form.iter().copied().find(|other| other.id == id),
        None if field.kind == FieldType::Pesel => {
            // A birth date that states what it agrees with has stated it for both fields.
            births.iter().copied().find(|birth| birth.agrees_with.is_none())
        }
        None => None,
    }
}

fn agree(one: (FieldType, &str), other: (FieldType, &str)) -> bool {
    let is_pesel = |(kind, _): (FieldType, &str)| kind == FieldType::Pesel;
    if is_pesel(one) != is_pesel(other) {
        return birth_of(one) == birth_of(other);
    }
    okienko_typed::key(one.1) == okienko_typed::key(other.1)
}

fn birth_of((kind, text): (FieldType, &str)) -> Option<Day> {
    match kind {
        FieldType::Date => text.parse().ok(),
        FieldType::Pesel => pesel::birth_date(text),
        _ => None,
    }
}
