//! What must be consistent within an office: names, numbers, references between its parts. Must not know of TOML;
//! refers to a fault's place by the path of the value.

use super::check_form;
use super::check_place;
use super::report::Report;
use crate::data::{AccountRule, ClaimKey, Office, Proof, Service, Step, WAKING};
use crate::form::Means;
use crate::text::LANGUAGES;
use std::collections::BTreeMap;

/// Words that are pages or API paths of the program, or occur in their addresses. A test beside the files compares them
/// with all routes.
pub(super) const RESERVED: [&str; 38] = [
    "account",
    "abuse",
    "access",
    "admin",
    "answer",
    "api",
    "assets",
    "audio",
    "book",
    "calendar",
    "callbacks",
    "counter",
    "desk",
    "dev",
    "hall",
    "healthz",
    "kiosk",
    "live",
    "messages",
    "metrics",
    "mine",
    "now",
    "offer",
    "office",
    "offices",
    "ops",
    "readyz",
    "reception",
    "rules",
    "services",
    "sign-in",
    "sign-out",
    "staff",
    "static",
    "statistics",
    "t",
    "texts",
    "visit",
];

/// What a sender name may be: what SMS providers accept.
const SENDER: &str = "3 to 11 letters, digits, spaces, dots or hyphens without Polish marks, \
                      with a letter and without three digits in a row";

/// Checks all of an office.
pub(super) fn office(office: &Office, report: &mut Report) {
    head(office, report);
    steps(office, report);
    check_place::locations(office, report);
    check_place::pools(office, report);
    check_form::fields(office, report);
    check_form::consents(office, report);
    ids(report, "categories", office.categories.iter().map(|it| it.id.as_str()));
    ids(report, "services", office.services.iter().map(|it| it.id.as_str()));
    for (key, count) in [
        ("locations", office.locations.len()),
        ("pools", office.pools.len()),
        ("categories", office.categories.len()),
        ("services", office.services.len()),
    ] {
        if count == 0 {
            report.of(key, format!("there are no {key}"), format!("at least one [[{key}]]"));
        }
    }
    for (at, it) in office.services.iter().enumerate() {
        service(office, it, &format!("services[{at}]"), report);
    }
}

fn head(office: &Office, report: &mut Report) {
    id(report, "id", &office.id);
    if RESERVED.contains(&office.id.as_str()) {
        let what = format!("the id {:?} is a page of the program", office.id);
        report.of("id", what, "another word, e.g. the name of the town");
    }
    if !(1..=16_777_215).contains(&office.number) {
        report.of("number", format!("number is {}", office.number), "a number from 1 to 16777215");
    }
    if !office.sender.is_empty() && !is_sender(&office.sender) {
        let what = format!("sender {:?} is no name that text messages may come from", office.sender);
        report.of("sender", what, SENDER);
    }
    let label = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let is_host = office.host.contains('.') && office.host.split('.').all(label);
    if !office.host.is_empty() && !is_host {
        report.of(
            "host",
            format!("host {:?} is no name of a host", office.host),
            "the name alone, e.g. \"wizyty.example.pl\"",
        );
    }
    for (at, locale) in office.locales.iter().enumerate() {
        if !LANGUAGES.contains(&locale.as_str()) || office.locales[..at].contains(locale) {
            let what = format!("the language {locale:?} is not known or stands twice");
            report.of(&format!("locales[{at}]"), what, "\"pl\", \"en\", \"uk\" or \"ru\", each once");
        }
    }
    if office.locales.is_empty() {
        report.of("locales", "there is no language", "locales = [\"pl\", \"en\"]");
    }
    if !(1..=366).contains(&office.horizon_days) {
        report.of(
            "horizon_days",
            format!("horizon_days is {}", office.horizon_days),
            "a number from 1 to 366",
        );
    }
    if office.sms_max_parts > 9 {
        let what = format!("sms_max_parts is {}", office.sms_max_parts);
        report.of("sms_max_parts", what, "a number from 1 to 9; left out: 3");
    }
    if let Some(time) = office.remind_at.filter(|time| !WAKING.contains(&time.minutes())) {
        report.of("remind_at", format!("remind_at is {time}"), "a time from \"07:00\" to \"20:59\"");
    }
    for (at, code) in office.sms_dial_codes.iter().enumerate() {
        if !okienko_address::is_dial_code(*code) || office.sms_dial_codes[..at].contains(code) {
            report.of(
                &format!("sms_dial_codes[{at}]"),
                format!("{code} is no country's dial code or stands twice"),
                "a code without the plus, each once, e.g. 380 for Ukraine",
            );
        }
    }
    if office.sms_daily_budget == 0 && office.services.iter().any(|it| it.proof.contains(&Proof::Sms)) {
        report.of(
            "sms_daily_budget",
            "there are no text messages but a service that needs them",
            "a number above 0",
        );
    }
}

fn is_sender(text: &str) -> bool {
    let known = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '-'));
    let run = text.as_bytes().windows(3).any(|three| three.iter().all(u8::is_ascii_digit));
    known
        && !run
        && (3..=11).contains(&text.len())
        && text.trim() == text
        && text.contains(|c: char| c.is_ascii_alphabetic())
}

fn steps(office: &Office, report: &mut Report) {
    if office.steps.is_empty() {
        return;
    }
    let at = |step| office.steps.iter().position(|other| *other == step);
    for (index, step) in office.steps.iter().enumerate() {
        if office.steps[..index].contains(step) {
            let what = format!("the step {:?} stands twice", step.word());
            report.of(&format!("steps[{index}]"), what, "each step once");
        }
    }
    let only_account = office.services.iter().all(|it| it.proof == [Proof::Account]);
    let without_form = office.services.iter().all(|it| it.form.is_empty());
    for (step, needed) in [
        (Step::Service, true),
        (Step::Location, office.locations.len() > 1),
        (Step::Time, true),
        (Step::Form, !without_form),
        (Step::Proof, !only_account),
    ] {
        if needed && at(step).is_none() {
            report.of(
                "steps",
                format!("the step {:?} is missing", step.word()),
                format!("it into steps: {:?}", step.word()),
            );
        }
    }
    use Step::{Form, Location, Proof as Code, Service as What, Time};
    for (earlier, later) in
        [(What, Time), (Location, Time), (What, Form), (Time, Form), (Time, Code), (Form, Code)]
    {
        if let (Some(first), Some(second)) = (at(earlier), at(later))
            && first > second
        {
            let what =
                format!("the step {:?} comes before {:?}, which it needs", later.word(), earlier.word());
            report.of(&format!("steps[{second}]"), what, format!("{:?} first", earlier.word()));
        }
    }
}

fn service(office: &Office, it: &Service, path: &str, report: &mut Report) {
    known(
        report,
        &format!("{path}.category"),
        "category",
        &it.category,
        office.category(&it.category).is_some(),
    );
    if !(1..=480).contains(&it.minutes) {
        report.of(&format!("{path}.minutes"), format!("minutes is {}", it.minutes), "a number from 1 to 480");
    }
    if let Some(step) = it.step.filter(|step| !(1..=480).contains(step)) {
        report.of(&format!("{path}.step"), format!("step is {step}"), "a number from 1 to 480");
    }
    if let Some(pause) = it.pause.filter(|pause| *pause > 480) {
        report.of(&format!("{path}.pause"), format!("pause is {pause}"), "a number from 0 to 480");
    }
    if it.locations.is_empty() {
        report.of(
            &format!("{path}.locations"),
            format!("the service {:?} is offered nowhere", it.id),
            "at least one id of a location",
        );
    }
    for (at, location) in it.locations.iter().enumerate() {
        let path = format!("{path}.locations[{at}]");
        known(report, &path, "location", location, office.location(location).is_some());
        if office.location(location).is_some() && office.pools_of(&it.id, location).next().is_none() {
            let what =
                format!("the service {:?} is offered at {location:?}, but no pool there has it", it.id);
            report.of(
                &path,
                what,
                format!("{:?} into services of a pool with location = {location:?}", it.id),
            );
        }
    }
    if it.proof.is_empty() {
        report.of(
            &format!("{path}.proof"),
            format!("the service {:?} accepts no proof", it.id),
            "proof = [\"sms\"]",
        );
    }
    let no_account = office.account == AccountRule::None;
    if no_account && it.proof.contains(&Proof::Account) {
        report.of(
            &format!("{path}.proof"),
            "the proof is an account, but the office has none",
            "proof = [\"sms\"], or account = \"required\" at the top",
        );
    }
    if let Some(prefix) = &it.walk_in_prefix {
        check_place::prefix(report, &format!("{path}.walk_in_prefix"), prefix);
    }
    max_active(office, it, path, report);
    check_form::form(office, it, path, report);
}

fn max_active(office: &Office, it: &Service, path: &str, report: &mut Report) {
    let Some(max) = it.max_active else { return };
    if max.count == 0 {
        report.of(
            &format!("{path}.max_active.count"),
            "nobody could book at all",
            "a number above 0, or no max_active",
        );
    }
    let (fits, write) = match max.by {
        ClaimKey::PhoneAndName => {
            let named = !office.meant(it, Means::Name).is_empty();
            (named, "a field with means = \"name\" (or the id \"name\") into its form")
        }
        ClaimKey::Document => {
            // If the answer were optional, all who leave it out would count as one person.
            let meant = office.meant(it, Means::Document);
            let tells = meant.first().is_some_and(|field| field.required && field.only_if.is_none());
            (
                tells,
                "a required field with means = \"document\" (or the id \"document\") into its form, asked of everybody",
            )
        }
        ClaimKey::Account => (office.account == AccountRule::Required, "account = \"required\" at the top"),
    };
    if !fits {
        report.of(&format!("{path}.max_active.by"), "nothing tells by what a person is recognised", write);
    }
}

/// An id must use the allowed characters.
pub(super) fn id(report: &mut Report, path: &str, id: &str) {
    let fits =
        id.len() <= 32 && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !fits {
        report.of(
            path,
            format!("the id {id:?} has other characters or is too long"),
            "1 to 32 of a-z, 0-9 and -",
        );
    }
}

/// Ids of a list must use the allowed characters and be unique.
pub(super) fn ids<'a>(report: &mut Report, list: &str, all: impl Iterator<Item = &'a str>) {
    let mut seen = BTreeMap::new();
    for (at, one) in all.enumerate().filter(|(_, one)| !one.is_empty()) {
        let path = format!("{list}[{at}].id");
        id(report, &path, one);
        if seen.insert(one, at).is_some() {
            report.of(&path, format!("the id {one:?} is given twice in {list}"), "an id of its own");
        }
    }
}

/// Numbers of a list must be above 0 and unique.
pub(super) fn numbers(report: &mut Report, list: &str, all: impl Iterator<Item = u16>) {
    let mut seen = BTreeMap::new();
    for (at, number) in all.enumerate() {
        let path = format!("{list}[{at}].number");
        if number == 0 {
            report.of(&path, "number is missing or 0", "a number from 1 to 65535 that none had before");
        } else if seen.insert(number, at).is_some() {
            report.of(
                &path,
                format!("the number {number} is given twice in {list}"),
                "a number that none had before",
            );
        }
    }
}

/// A reference must lead to something that exists.
pub(super) fn known(report: &mut Report, path: &str, what: &str, id: &str, is_there: bool) {
    if !is_there && !id.is_empty() {
        report.of(path, format!("there is no {what} {id:?}"), format!("the id of a {what} of this file"));
    }
}
