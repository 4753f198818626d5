//! A small office for tests. Must not be used outside tests.
#![allow(clippy::panic, reason = "samples are for tests, which fail by panicking")]

use crate::calendar::{Interval, WeekHours};
use crate::data::*;
use crate::form::Field;
use crate::text::Text;
use okienko_kernel::Zone;
use okienko_kernel::civil::Weekday;
use std::collections::BTreeSet;

fn text(text: &str) -> Text {
    Text::polish(text)
}

/// `HH:MM-HH:MM`.
pub fn interval(text: &str) -> Interval {
    let both = text.split_once('-').and_then(|(open, close)| Some((open.parse().ok()?, close.parse().ok()?)));
    let Some((open, close)) = both else { panic!("{text} is no interval") };
    Interval { open, close }
}

/// The same intervals on every day of the week.
pub fn every_day(intervals: &[&str]) -> WeekHours {
    use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    let days = [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];
    WeekHours(days.map(|day| (day, intervals.iter().map(|text| interval(text)).collect())).into())
}

fn service(id: &str, form: &[&str], proof: &[Proof]) -> Service {
    Service {
        id: id.into(),
        name: text(id),
        category: "all".into(),
        locations: vec!["main".into()],
        minutes: 20,
        step: None,
        pause: None,
        proof: proof.to_vec(),
        keywords: Text::default(),
        max_active: Some(MaxActive { count: 1, by: ClaimKey::PhoneAndName }),
        cancel_until_min: None,
        bring: Text::default(),
        cost: Text::default(),
        late: Text::default(),
        place: Text::default(),
        on_the_day: Text::default(),
        rules: Vec::new(),
        walk_in_prefix: Some("A".into()),
        form: form.iter().map(|id| (*id).to_owned()).collect(),
    }
}

/// One location, one pool of half-hour slots with two places, two services; the second is proved by the account.
pub fn small_office() -> Office {
    let name = Field {
        id: "name".into(),
        kind: crate::form::FieldType::Text,
        label: text("Imię i nazwisko"),
        required: true,
        options: Vec::new(),
        pattern: None,
        example: "Anna Nowak".into(),
        help: Text::default(),
        only_if: None,
        means: None,
        past: None,
        age_min: None,
        agrees_with: None,
    };
    let queue = QueueRules {
        merge: Merge::ByTime,
        calls: 3,
        absent_pause_s: 120,
        placed_at_hour: true,
        check_in_opens_min: 60,
        check_in_closes_min: -60,
        cancel_at_min: None,
        check_in_asks_service: false,
        verify: false,
        tickets_before_min: None,
        check_in_label: None,
    };
    Office {
        id: "small".into(),
        number: 7,
        name: text("Mały urząd"),
        sender: "Urzad".into(),
        host: "wizyty.example.pl".into(),
        zone: Zone::named("Europe/Warsaw").unwrap_or_else(|error| panic!("{error}")),
        locales: vec!["pl".into(), "en".into()],
        horizon_days: 30,
        steps: Step::ALL.to_vec(),
        account: AccountRule::None,
        territory: Vec::new(),
        proof_of_work: false,
        visit_counter: false,
        guide: super::Guide::default(),
        sms_daily_budget: 100,
        sms_dial_codes: vec![],
        sms_max_parts: 0,
        sms_part_price_gr: 0,
        sms_letters: false,
        remind_at: None,
        work_on_holidays: false,
        closed_days: BTreeSet::new(),
        consents: Vec::new(),
        fields: vec![name],
        locations: vec![Location {
            id: "main".into(),
            number: 1,
            name: text("Ratusz"),
            address: text("Rynek 1"),
            voice: true,
            map_url: None,
            hours: every_day(&["01:00-04:00", "08:00-09:15"]),
            closed_days: BTreeSet::new(),
            counters: vec![Counter { number: "1".into(), services: Vec::new() }],
            queue,
        }],
        pools: vec![Pool {
            id: "pool".into(),
            number: 3,
            location: "main".into(),
            slot_minutes: 30,
            capacity: 2,
            shifts: Vec::new(),
            reserved: 0,
            reserved_until: None,
            hours: None,
            prefix: "R".into(),
            code_digit: 4,
            reappear_after_min: 0,
            services: vec!["card".into(), "plain".into()],
        }],
        categories: vec![Category { id: "all".into(), name: text("Sprawy") }],
        services: vec![
            service("card", &["name"], &[Proof::Sms, Proof::Email]),
            service("plain", &[], &[Proof::Account]),
        ],
    }
}
