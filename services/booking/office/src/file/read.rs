//! From the tables of a file to an office, key by key. Must not know what must be consistent: that is `check`'s job.

use super::read_guide::{SPOKEN, guide, speak, speeches};
use super::read_hours::{hours, pool};
use super::report::Report;
use super::section::{Section, number, parsed, spoken, text, truth};
use crate::data::{
    AccountRule, AskedAt, Category, ClaimKey, Consent, Counter, Location, MaxActive, Merge, Office, Proof,
    QueueRules, Service, Step,
};
use crate::form::{Choice, Field, FieldType, Means, OnlyIf};
use okienko_kernel::{Day, Zone};
use std::collections::BTreeSet;
use toml::de::{DeTable, DeValue};

const DAYS: &str = "\"2026-12-31\"";

/// Reads a file; what cannot be read is reported and replaced by a harmless value.
pub(super) fn office(source: &str, report: &mut Report) -> Office {
    let (table, errors) = DeTable::parse_recoverable(source);
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        report.at(
            &span,
            format!("this is no TOML: {}", error.message()),
            "key = value, as in the sample files",
        );
    }
    let mut top = Section::top(table.get_ref());
    let rules = top.table("queue", "[queue]", report).map(|section| queue(section, report));
    let locations = top.tables("locations", report);
    let office = Office {
        id: top.need("id", "\"torun\"", text, report).unwrap_or_default(),
        number: top.need("number", "1", number, report).unwrap_or(1),
        name: top.need("name", SPOKEN, spoken, report).unwrap_or_default(),
        sender: top.need("sender", "\"UM Torun\"", text, report).unwrap_or_default(),
        host: top.need("host", "\"wizyty.example.pl\"", text, report).unwrap_or_default(),
        zone: top.need("zone", "\"Europe/Warsaw\"", zone, report).unwrap_or_else(Zone::utc),
        locales: must(&mut top, "locales", "\"pl\"", text, report),
        horizon_days: top.need("horizon_days", "30", number, report).unwrap_or(1),
        steps: must(&mut top, "steps", "\"service\"", step, report),
        account: top.may("account", "\"none\" or \"required\"", account, report).unwrap_or_default(),
        territory: top.list("territory", "\"PL\"", country, report).unwrap_or_default(),
        proof_of_work: top.may("proof_of_work", "true", truth, report).unwrap_or_default(),
        visit_counter: top.may("visit_counter", "true", truth, report).unwrap_or_default(),
        guide: guide(&mut top, report),
        sms_daily_budget: top.need("sms_daily_budget", "2000", number, report).unwrap_or(1),
        sms_dial_codes: top.list("sms_dial_codes", "48", number, report).unwrap_or_default(),
        sms_max_parts: top.may("sms_max_parts", "2", number, report).unwrap_or_default(),
        sms_part_price_gr: top.may("sms_part_price_gr", "9", number, report).unwrap_or_default(),
        sms_letters: top.may("sms_letters", "true", truth, report).unwrap_or_default(),
        remind_at: top.may("remind_at", "\"18:00\"", parsed, report),
        work_on_holidays: top.may("work_on_holidays", "false", truth, report).unwrap_or_default(),
        closed_days: days(&mut top, report),
        consents: top.tables("consents", report).into_iter().map(|it| consent(it, report)).collect(),
        fields: top.tables("fields", report).into_iter().map(|it| field(it, report)).collect(),
        locations: locations.into_iter().map(|it| location(it, rules.as_ref(), report)).collect(),
        pools: top.tables("pools", report).into_iter().map(|it| pool(it, report)).collect(),
        categories: top.tables("categories", report).into_iter().map(|it| category(it, report)).collect(),
        services: top.tables("services", report).into_iter().map(|it| service(it, report)).collect(),
    };
    top.finish(report);
    office
}

pub(super) fn must<T>(
    s: &mut Section<'_>,
    key: &'static str,
    item: &str,
    kind: super::section::Kind<T>,
    report: &mut Report,
) -> Vec<T> {
    s.require(key, &format!("[{item}]"), report);
    s.list(key, item, kind, report).unwrap_or_default()
}

fn days(s: &mut Section<'_>, report: &mut Report) -> BTreeSet<Day> {
    s.list("closed_days", DAYS, parsed, report).unwrap_or_default().into_iter().collect()
}

fn location(mut s: Section<'_>, rules: Option<&QueueRules>, report: &mut Report) -> Location {
    let own = s.table("queue", "[locations.queue]", report).map(|section| queue(section, report));
    if own.is_none() && rules.is_none() {
        report.of(
            &s.path("queue"),
            "nothing says how the hall's queue behaves",
            "[queue] once for all, or [locations.queue]",
        );
    }
    let absent = QueueRules {
        merge: Merge::ByTime,
        calls: 3,
        absent_pause_s: 60,
        placed_at_hour: true,
        check_in_opens_min: 60,
        check_in_closes_min: 0,
        cancel_at_min: None,
        check_in_asks_service: false,
        verify: false,
        tickets_before_min: None,
        check_in_label: None,
    };
    let location = Location {
        id: s.need("id", "\"glowny\"", text, report).unwrap_or_default(),
        number: s.need("number", "1", number, report).unwrap_or_default(),
        name: s.need("name", SPOKEN, spoken, report).unwrap_or_default(),
        address: s.need("address", "\"Rynek 1, 00-001 Warszawa\"", spoken, report).unwrap_or_default(),
        voice: s.need("voice", "true", truth, report).unwrap_or_default(),
        map_url: s.may("map_url", "\"https://…\"", text, report),
        hours: hours(&mut s, true, report).unwrap_or_default(),
        closed_days: days(&mut s, report),
        counters: counters(&mut s, report),
        queue: own.or_else(|| rules.cloned()).unwrap_or(absent),
    };
    s.finish(report);
    location
}

fn counters(s: &mut Section<'_>, report: &mut Report) -> Vec<Counter> {
    s.require("counters", "[{ number = \"1\" }]", report);
    let mut counters = Vec::new();
    for mut counter in s.tables("counters", report) {
        counters.push(Counter {
            number: counter.need("number", "\"1\"", text, report).unwrap_or_default(),
            services: counter.list("services", "\"id-of-service\"", text, report).unwrap_or_default(),
        });
        counter.finish(report);
    }
    counters
}

fn queue(mut s: Section<'_>, report: &mut Report) -> QueueRules {
    let rules = QueueRules {
        merge: s.need("merge", "\"by_time\" or \"booked_first\"", merge, report).unwrap_or(Merge::ByTime),
        calls: s.need("calls", "3", number, report).unwrap_or(3),
        absent_pause_s: s.need("absent_pause_s", "120", number, report).unwrap_or(120),
        placed_at_hour: s.need("placed_at_hour", "true", truth, report).unwrap_or(true),
        check_in_opens_min: s.need("check_in_opens_min", "60", number, report).unwrap_or(1),
        check_in_closes_min: s.need("check_in_closes_min", "-60", number, report).unwrap_or(0),
        cancel_at_min: s.may("cancel_at_min", "0", number, report),
        check_in_asks_service: s.may("check_in_asks_service", "true", truth, report).unwrap_or_default(),
        verify: s.may("verify", "true", truth, report).unwrap_or_default(),
        tickets_before_min: s.may("tickets_before_min", "30", number, report),
        check_in_label: s.may("check_in_label", SPOKEN, spoken, report),
    };
    s.finish(report);
    rules
}

fn category(mut s: Section<'_>, report: &mut Report) -> Category {
    let category = Category {
        id: s.need("id", "\"dowody\"", text, report).unwrap_or_default(),
        name: s.need("name", SPOKEN, spoken, report).unwrap_or_default(),
    };
    s.finish(report);
    category
}

fn service(mut s: Section<'_>, report: &mut Report) -> Service {
    let max_active = s.table("max_active", "max_active = { count = 1, by = \"phone_and_name\" }", report);
    let service = Service {
        id: s.need("id", "\"dowod-wniosek\"", text, report).unwrap_or_default(),
        name: s.need("name", SPOKEN, spoken, report).unwrap_or_default(),
        category: s.need("category", "\"dowody\"", text, report).unwrap_or_default(),
        locations: must(&mut s, "locations", "\"glowny\"", text, report),
        minutes: s.need("minutes", "15", number, report).unwrap_or(1),
        step: s.may("step", "15", number, report),
        pause: s.may("pause", "5", number, report),
        proof: must(&mut s, "proof", "\"sms\"", proof, report),
        max_active: max_active.map(|mut s| {
            let max = MaxActive {
                count: s.need("count", "1", number, report).unwrap_or(1),
                by: s.need("by", "\"phone_and_name\"", claim_key, report).unwrap_or(ClaimKey::PhoneAndName),
            };
            s.finish(report);
            max
        }),
        cancel_until_min: s.may("cancel_until_min", "60", number, report),
        keywords: speak(&mut s, "keywords", report),
        bring: speak(&mut s, "bring", report),
        cost: speak(&mut s, "cost", report),
        late: speak(&mut s, "late", report),
        place: speak(&mut s, "place", report),
        on_the_day: speak(&mut s, "on_the_day", report),
        rules: speeches(&mut s, "rules", report),
        walk_in_prefix: s.may("walk_in_prefix", "\"A\"", text, report),
        form: must(&mut s, "form", "\"name\"", text, report),
    };
    s.finish(report);
    service
}

fn consent(mut s: Section<'_>, report: &mut Report) -> Consent {
    let consent = Consent {
        id: s.need("id", "\"rodo\"", text, report).unwrap_or_default(),
        version: s.need("version", "\"2026-01\"", text, report).unwrap_or_default(),
        required: s.need("required", "true", truth, report).unwrap_or_default(),
        label: s.need("label", SPOKEN, spoken, report).unwrap_or_default(),
        url: s.need("url", "\"https://…\"", text, report).unwrap_or_default(),
        asked: s.may("asked", "\"form\" or \"account\"", asked, report).unwrap_or_default(),
    };
    s.finish(report);
    consent
}

fn field(mut s: Section<'_>, report: &mut Report) -> Field {
    let mut options = Vec::new();
    for mut option in s.tables("options", report) {
        options.push(Choice {
            id: option.need("id", "\"first\"", text, report).unwrap_or_default(),
            label: option.need("label", SPOKEN, spoken, report).unwrap_or_default(),
        });
        option.finish(report);
    }
    let only_if = s.table("only_if", "only_if = { field = \"…\", equals = \"…\" }", report).map(|mut s| {
        let only_if = OnlyIf {
            field: s.need("field", "\"id-of-field\"", text, report).unwrap_or_default(),
            equals: s.need("equals", "\"an answer\"", text, report).unwrap_or_default(),
        };
        s.finish(report);
        only_if
    });
    let field = Field {
        id: s.need("id", "\"name\"", text, report).unwrap_or_default(),
        kind: s.need("type", "\"text\"", field_type, report).unwrap_or(FieldType::Text),
        label: s.need("label", SPOKEN, spoken, report).unwrap_or_default(),
        required: s.need("required", "true", truth, report).unwrap_or_default(),
        options,
        pattern: s.may("pattern", "'[A-Z]{2}\\d{4}'", text, report),
        example: s.need("example", "\"an answer that passes\"", text, report).unwrap_or_default(),
        help: speak(&mut s, "help", report),
        only_if,
        means: s.may("means", "\"name\"", means, report),
        past: s.may("past", "true", truth, report),
        age_min: s.may("age_min", "18", number, report),
        agrees_with: s.may("agrees_with", "\"id-of-field\", or false", agreement, report),
    };
    s.finish(report);
    field
}

fn zone(value: &DeValue<'_>) -> Result<Zone, String> {
    Zone::named(&text(value)?).map_err(|error| format!("is no zone: {error}"))
}

/// One of a set of words.
pub(super) fn word<T: Copy>(value: &DeValue<'_>, words: &[(T, &str)]) -> Result<T, String> {
    let text = text(value)?;
    let found = words.iter().find(|(_, word)| *word == text).map(|(meant, _)| *meant);
    let all = || words.iter().map(|(_, word)| *word).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| format!("is {text:?}, which is none of {}", all()))
}

fn step(value: &DeValue<'_>) -> Result<Step, String> {
    word(value, &Step::ALL.map(|step| (step, step.word())))
}
fn account(value: &DeValue<'_>) -> Result<AccountRule, String> {
    word(value, &[(AccountRule::None, "none"), (AccountRule::Required, "required")])
}
fn asked(value: &DeValue<'_>) -> Result<AskedAt, String> {
    word(value, &[(AskedAt::Form, "form"), (AskedAt::Account, "account")])
}
fn country(value: &DeValue<'_>) -> Result<String, String> {
    let text = text(value)?;
    let fits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
    if fits { Ok(text) } else { Err(format!("is {text:?}, which is no country of ISO 3166")) }
}
fn merge(value: &DeValue<'_>) -> Result<Merge, String> {
    word(value, &[(Merge::ByTime, "by_time"), (Merge::BookedFirst, "booked_first")])
}
fn proof(value: &DeValue<'_>) -> Result<Proof, String> {
    word(value, &[Proof::Sms, Proof::Email, Proof::Account].map(|proof| (proof, proof.word())))
}
fn field_type(value: &DeValue<'_>) -> Result<FieldType, String> {
    word(value, &FieldType::ALL)
}
fn means(value: &DeValue<'_>) -> Result<Means, String> {
    word(value, &Means::ALL)
}
/// The id of a field, or `false` for none, which is stored as an empty id.
fn agreement(value: &DeValue<'_>) -> Result<String, String> {
    match value.as_bool() {
        Some(false) => Ok(String::new()),
        Some(true) => Err("is true, which names no field".into()),
        None => text(value),
    }
}
fn claim_key(value: &DeValue<'_>) -> Result<ClaimKey, String> {
    let words = [
        (ClaimKey::PhoneAndName, "phone_and_name"),
        (ClaimKey::Document, "document"),
        (ClaimKey::Account, "account"),
    ];
    word(value, &words)
}
