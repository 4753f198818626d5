//! The sample file is valid; each kind of fault is found, on its line, together with all others.

use super::*;
use crate::calendar::is_public_holiday;
use okienko_kernel::Day;

const TORUN: &str = include_str!("../../../../../deploy/offices/torun.toml");

fn torun() -> Office {
    read(TORUN).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// The faults after replacing texts of the sample file.
fn faults(changes: &[(&str, &str)]) -> Vec<Fault> {
    let mut text = TORUN.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from} is not in the sample file");
        text = text.replacen(from, to, 1);
    }
    read(&text).err().unwrap_or_default()
}

/// The only fault after a change; its line must be that of `near` in the changed file.
fn only_fault(from: &str, to: &str, near: &str) -> Fault {
    let found = faults(&[(from, to)]);
    assert_eq!(found.len(), 1, "{to}: {found:#?}");
    let text = TORUN.replacen(from, to, 1);
    let line = text.lines().position(|line| line.contains(near)).map(|at| at + 1);
    assert_eq!(Some(found[0].line), line, "{found:#?}");
    found.into_iter().next().unwrap()
}

#[test]
fn torun_is_as_its_text_says() {
    let office = torun();
    assert_eq!(
        (office.id.as_str(), office.number, office.horizon_days, office.steps.len()),
        ("torun", 1, 30, 5)
    );
    let ids: Vec<_> =
        office.locations.iter().map(|it| (it.id.as_str(), it.voice, it.counters.len())).collect();
    assert_eq!(ids, [("glowny", true, 10), ("plaza", false, 3), ("copernicus", false, 3)]);
    assert!(office.locations[0].counters.iter().all(|counter| counter.services.is_empty()));
    assert!(office.locations.iter().all(|it| it.queue.calls == 3 && it.queue.placed_at_hour));
    assert!(office.services.len() >= 10 && office.categories.len() == 5);
    for text in office.services.iter().flat_map(|it| [&it.name, &it.bring, &it.cost, &it.late, &it.place]) {
        assert!(!text.pl.is_empty() && text.en.is_some(), "{text:?}");
    }
}

#[test]
fn a_service_of_torun_has_ten_hours_on_every_working_day_of_two_years() {
    let office = torun();
    let first: Day = "2026-11-20".parse().unwrap();
    for day in (0..730).map(|ahead| first.plus_days(ahead)) {
        let weekend = matches!(day.weekday() as u8, 5 | 6);
        let slots = office.plan("glowny-dowody", day).map_or(0, |plan| plan.slots.len());
        assert_eq!(slots >= 10, !weekend && !is_public_holiday(day), "{day}: {slots}");
        let first = office.plan("glowny-dowody", day).map(|plan| plan.slots[0].time.to_string());
        assert!(first.is_none_or(|first| first == "07:30"));
    }
}

#[test]
fn every_fault_is_reported_in_one_go_and_in_the_order_of_lines() {
    let found = faults(&[
        ("id = \"torun\"", "id = \"kiosk\""),
        ("sender = \"UM Torun\"", "sender = \"Urząd Miasta Torunia\""),
        ("calls = 3", "cals = 3"),
        ("tuesday = [\"07:30-17:00\"]", "tuesday = [\"17:00-07:30\"]"),
        ("slot_minutes = 15", "slot_minutes = \"15\""),
        ("required = true", ""),
    ]);
    let lines: Vec<_> = found.iter().map(|fault| fault.line).collect();
    assert!(lines.is_sorted());
    assert_eq!(found.len(), 6, "{found:#?}");
}

#[test]
fn a_misspelt_key_is_reported_once_with_the_key_that_was_meant() {
    let fault = only_fault("voice = true", "voise = true", "voise");
    assert_eq!(
        (fault.what.as_str(), fault.write.as_str()),
        ("locations[0].voise is not known", "voice, or leave it out")
    );
    let fault = only_fault("zone = ", "colour = 1\nzone = ", "colour");
    assert!(fault.write.starts_with("one of "), "{fault:?}");
}

/// Text in the sample, its replacement, part of the line to be reported, part of the message.
const CASES: &[(&str, &str, &str, &str)] = &[
    ("id = \"torun\"", "id = \"hall\"", "id = \"hall\"", "is a page"),
    ("id = \"torun\"", "id = \"Toruń\"", "id = \"Toruń\"", "other characters"),
    ("number = 1\nname", "number = 0\nname", "number = 0", "number is 0"),
    ("UM Torun", "UM 87100", "UM 87100", "text messages"),
    ("rezerwacja.um.torun.pl", "https://um.torun.pl", "https://um", "name of a host"),
    ("Europe/Warsaw", "Europe/Torun", "Europe/Torun", "is no zone"),
    ("locales = [\"pl\", \"en\"]", "locales = [\"pl\", \"de\"]", "locales", "language"),
    ("sms_max_parts = 2", "sms_max_parts = 10", "= 10", "sms_max_parts is 10"),
    ("remind_at = \"18:00\"", "remind_at = \"21:00\"", "21:00", "remind_at is 21:00"),
    ("remind_at = \"18:00\"", "remind_at = \"6 rano\"", "6 rano", "HH:MM"),
    ("[48, 380]", "[48, 999]", "999", "no country's dial code"),
    ("[48, 380]", "[48, 48]", "48", "stands twice"),
    ("[48, 380]", "[48, 800]", "800", "no country's dial code"),
    ("horizon_days = 30", "horizon_days = 0", "horizon_days", "horizon_days is 0"),
    ("horizon_days = 30", "horizon_days = -1", "horizon_days", "out of range"),
    ("\"time\", \"form\"", "\"form\", \"time\"", "steps = ", ""),
    ("\"time\", \"form\", \"proof\"", "\"time\", \"form\"", "steps = ", "is missing"),
    ("calls = 3", "calls = 0", "calls = 0", "calls is 0"),
    (
        "check_in_closes_min = -60",
        "cancel_at_min = 5\ncheck_in_closes_min = -60",
        "cancel_at_min",
        "before check-in closes",
    ),
    (
        "check_in_closes_min = -60",
        "cancel_at_min = -60\ncheck_in_closes_min = -60",
        "placed_at_hour",
        "struck off for not",
    ),
    ("check_in_closes_min = -60", "check_in_closes_min = 90", "_closes_min", "closes before"),
    ("id = \"plaza\"\nnumber = 2", "id = \"plaza\"\nnumber = 1", "", "given twice"),
    ("{ number = \"2\" }", "{ number = \"1\" }", "{ number = \"1\" }", "twice"),
    ("tuesday = [\"07:30-17:00\"]", "tuesday = [\"07:30-12:00\", \"11:00-17:00\"]", "11:00-17:00", "overlap"),
    ("tuesday = [\"07:30-17:00\"]", "tuesday = [\"07:30-25:00\"]", "25:00", "HH:MM"),
    ("tuesday = [\"07:30-17:00\"]", "tuesday = [\"17:00-07:30\"]", "17:00-07:30", "closes before it opens"),
    ("slot_minutes = 15", "slot_minutes = 0", "slot_minutes = 0", "slot_minutes is 0"),
    ("capacity = 3", "capacity = 0", "capacity = 0", "capacity is 0"),
    ("prefix = \"S\"", "prefix = \"R\"", "", "glowny-dowody"),
    ("prefix = \"S\"", "prefix = \"A\"", "prefix = \"A\"", "walk-ins"),
    ("prefix = \"S\"", "prefix = \"s1\"", "s1", "cannot be read out"),
    ("code_digit = 1", "code_digit = 0", "", "begin with 0 too"),
    ("code_digit = 1", "code_digit = 45", "", "begin with 45 too"),
    ("code_digit = 1", "code_digit = 100", "code_digit = 100", "no beginning of a code"),
    (
        "capacity = 3",
        "capacity = 3\nreserved = 4\nreserved_until = { days_before = 1, at = \"12:00\" }",
        "reserved = 4",
        "4 places are reserved for staff of 3",
    ),
    ("capacity = 3", "capacity = 3\nreserved = 1", "reserved = 1", "nobody could ever book"),
    (
        "capacity = 3",
        "capacity = 3\nshifts = [{ people = 2, hours = \"07:30-15:30\" }]",
        "capacity = 3",
        "capacity stands beside shifts",
    ),
    (
        "capacity = 3",
        "capacity = 3\nreserved = 1\nreserved_until = { days_before = 40, at = \"12:00\" }",
        "days_before = 40",
        "before the day can be booked",
    ),
    (
        "capacity = 3",
        "capacity = 3\nreserved_until = { days_before = 1 }",
        "days_before = 1",
        "at is missing",
    ),
    ("slot_minutes = 15\ncapacity = 3", "slot_minutes = 15", "[[pools]]", "capacity is missing"),
    ("\nminutes = 15\n", "\nminutes = 15\nstep = 0\n", "step = 0", "step is 0"),
    ("\nminutes = 15\n", "\nminutes = 15\npause = 500\n", "pause = 500", "pause is 500"),
    (
        "\"dowod-wniosek\", \"dowod-odbior\", \"meldunek\"]",
        "\"dowod-wniosek\", \"dowod-odbior\"]",
        "",
        "no pool there",
    ),
    ("\"prawo-jazdy\"]", "\"prawo-jazdy\", \"lot\"]", "\"lot\"", "no service \"lot\""),
    ("category = \"usc\"", "category = \"slub\"", "category = \"slub\"", "no category"),
    ("form = [\"name\"]", "form = [\"name\", \"phone\"]", "\"phone\"", "no field \"phone\""),
    ("proof = [\"sms\", \"email\"]", "proof = [\"sms\", \"account\"]", "\"account\"", "the office has none"),
    ("proof = [\"sms\", \"email\"]", "proof = [\"fax\"]", "\"fax\"", ""),
    ("by = \"phone_and_name\"", "by = \"document\"", "by = \"document\"", "recognised"),
    ("example = \"Anna Nowak\"", "example = \"Anna\"\npattern = '[0-9]+'", "example = ", "does not pass"),
    ("example = \"Anna Nowak\"", "example = \"Anna\"\npattern = '(a|b)'", "pattern = ", "cannot be used"),
    (
        "example = \"Anna Nowak\"",
        "example = \"A\"\nonly_if = { field = \"x\", equals = \"1\" }",
        "only_if",
        "",
    ),
    ("type = \"text\"", "type = \"choice\"", "", "options"),
    ("closed_days = []", "closed_days = [2027-02-30]", "2027-02-30", ""),
];

#[test]
fn each_kind_of_fault_is_found_on_its_line() {
    for &(from, to, near, says) in CASES {
        let found = faults(&[(from, to)]);
        assert!(!found.is_empty(), "{to}: no fault");
        let text = TORUN.replacen(from, to, 1);
        let named = |fault: &Fault| text.lines().nth(fault.line - 1).is_some_and(|line| line.contains(near));
        assert!(found.iter().any(|fault| named(fault) && fault.what.contains(says)), "{to}: {found:#?}");
        assert!(found.iter().all(|fault| !fault.write.is_empty()));
    }
}

/// The file with more pools at one location, whose codes begin with these digits.
fn with_more_pools(digits: &[u8]) -> Vec<Fault> {
    let pool = |(n, digit): (usize, &u8)| {
        format!(
            "[[pools]]\nid = \"more-{n}\"\nnumber = {}\nlocation = \"plaza\"\nslot_minutes = 15\ncapacity = 1\n\
                 prefix = \"X{}\"\ncode_digit = {digit}\nservices = [\"meldunek\"]\n\n",
            50 + n,
            char::from(b'A' + n as u8),
        )
    };
    let marker = "# --------------------------------------------------------------------------------------------------------- form";
    let more: String = digits.iter().enumerate().map(pool).collect();
    faults(&[(marker, &format!("{more}# ---"))])
}

#[test]
fn a_location_has_as_many_pools_as_codes_have_beginnings() {
    assert_eq!(with_more_pools(&[2, 3, 4, 5, 6, 7, 8, 9]), [], "ten digits");
    assert_eq!(with_more_pools(&[20, 21, 22, 23, 24, 25, 30, 31, 32, 40, 99]), [], "and two digits for more");
    for alike in [&[2, 20][..], &[29, 2], &[20, 20], &[0], &[10]] {
        let found = with_more_pools(alike);
        assert!(found.iter().any(|fault| fault.what.contains("begin with")), "{alike:?}: {found:#?}");
    }
}

/// What is wrong with the first pool's shifts.
fn shifts(text: &str) -> Vec<Fault> {
    faults(&[("capacity = 3", &format!("shifts = {text}"))])
}

#[test]
fn shifts_say_who_serves_when_and_each_fault_of_theirs_is_named() {
    let whole = "{ people = 2, hours = \"07:30-15:30\", breaks = [\"11:00-11:15\", \"13:00-13:15\"] }";
    let short = "{ people = 1, hours = \"09:00-12:00\", days = [\"monday\", \"friday\"] }";
    assert_eq!(shifts(&format!("[{whole}, {short}]")), []);
    let wrong = [
        ("[{ people = 0, hours = \"07:30-15:30\" }]", "people is 0"),
        ("[{ people = 20000, hours = \"07:30-15:30\" }]", "people is 20000"),
        ("[{ hours = \"07:30-15:30\" }]", "people is missing"),
        ("[{ people = 2 }]", "hours is missing"),
        ("[{ people = 2, hours = \"15:30-07:30\" }]", "closes before it opens"),
        ("[{ people = 2, hours = \"07:30-07:30\" }]", "closes before it opens"),
        (
            "[{ people = 2, hours = \"07:30-15:30\", breaks = [\"11:00-12:00\", \"11:30-12:30\"] }]",
            "breaks overlap",
        ),
        ("[{ people = 2, hours = \"07:30-15:30\", breaks = [\"15:00-16:00\"] }]", "not within the shift"),
        ("[{ people = 2, hours = \"18:00-20:00\" }]", "the pool is closed then"),
        ("[{ people = 2, hours = \"07:30-15:30\", days = [\"sunday\"] }]", "the pool is closed then"),
        ("[{ people = 2, hours = \"07:30-15:30\", days = [\"dzień\"] }]", "is none of monday"),
        ("[{ people = 2, hours = \"07:30-07:40\" }]", "nobody is there so long"),
        ("[{ people = 2, hours = \"07:30-15:30\", brakes = [] }]", "is not known"),
        // Fifteen minutes begin at half past seven and at a quarter to eight, and nobody stays for all of either.
        (
            "[{ people = 1, hours = \"07:30-07:40\" }, { people = 1, hours = \"07:35-07:50\" }]",
            "nobody is there so long",
        ),
        ("[2]", "is no table"),
        ("2", "is no list of tables"),
    ];
    for (text, says) in wrong {
        let found = shifts(text);
        assert!(found.iter().any(|fault| fault.what.contains(says)), "{text}: {found:#?}");
        assert!(found.iter().all(|fault| !fault.write.is_empty()), "{text}: what to write is said");
    }
}

#[test]
fn text_that_is_no_toml_is_a_fault_with_its_line() {
    let found = read("id = \"a\"\nnumber = = 1\n").unwrap_err();
    assert!(found.iter().any(|fault| fault.line == 2 && fault.what.contains("no TOML")), "{found:#?}");
    assert!(!read("").unwrap_err().is_empty());
}

#[test]
fn files_are_checked_against_each_other_and_faults_shown_with_their_file() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.toml"), TORUN).unwrap();
    std::fs::write(dir.path().join("notes.txt"), "not an office").unwrap();
    assert_eq!(load_dir(dir.path()).map(|offices| offices.len()), Ok(1));
    std::fs::write(dir.path().join("b.toml"), TORUN.replacen("id = \"torun\"", "id = \"other\"", 1)).unwrap();
    std::fs::write(dir.path().join("c.toml"), TORUN.replacen("zone =", "zome =", 1)).unwrap();
    let found = load_dir(dir.path()).unwrap_err();
    let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(shown.len(), 2, "{shown:#?}");
    assert!(shown[0].ends_with("zome is not known; write zone, or leave it out"), "{}", shown[0]);
    assert!(shown[1].contains("b.toml:7: number 1 is also that of"), "{}", shown[1]);
    assert!(load_dir(&dir.path().join("missing")).is_err());
}

#[test]
fn the_folder_of_sample_offices_has_no_fault() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../deploy/offices");
    let offices = load_dir(&dir).unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert!(offices.iter().any(|office| office.id == "torun"));
}

#[test]
fn rules_of_fields_that_cannot_hold_are_named() {
    for (line, what) in [
        ("means = \"birth\"", "cannot mean"),
        ("means = \"nobody\"", "is none of name"),
        ("means = \"name\"\npast = true", "is no day"),
        ("means = \"name\"\nage_min = 18", "how old"),
        ("means = \"name\"\nagrees_with = \"other\"", "there is no field"),
        ("means = \"name\"\nagrees_with = \"name\"", "agrees with itself"),
        ("means = \"name\"\nagrees_with = true", "names no field"),
    ] {
        let last = line.lines().last().unwrap();
        let changed = TORUN.replacen("means = \"name\"\n", &format!("{line}\n"), 1);
        let found = read(&changed).unwrap_err();
        let told = found.iter().find(|fault| format!("{fault:?}").contains(what));
        let told = told.unwrap_or_else(|| panic!("{line}: {found:#?}"));
        let at = changed.lines().position(|known| known == last).map(|at| at + 1);
        assert_eq!(Some(told.line), at, "{line}");
    }
}

/// First segments of the routes in the sources of the whole program.
fn words_of_routes() -> std::collections::BTreeSet<String> {
    let mut words = std::collections::BTreeSet::new();
    let mut folders = ["services", "crates", "okienko"]
        .map(|folder| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..").join(folder))
        .to_vec();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if path.is_dir() {
                folders.extend((name != "tests" && name != "target").then_some(path));
                continue;
            }
            if !name.ends_with(".rs") || name.contains("tests") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let live = text.split("#[cfg(test)]").next().unwrap_or_default();
            for (at, _) in live.match_indices("\"/") {
                // `.route("/kiosk/code", …)`, `path = "/api/…"`, and paths in constants.
                let before = live[..at].trim_end();
                let is_route =
                    [".route(", "path =", "&str =", ".nest("].iter().any(|sign| before.ends_with(sign));
                let part = |c: &char| c.is_ascii_alphanumeric() || "-.".contains(*c);
                let word: String = live[at + 2..].chars().take_while(part).collect();
                if is_route && !word.is_empty() {
                    words.insert(word);
                }
            }
        }
    }
    words
}

#[test]
fn an_office_whose_id_is_a_page_or_a_route_is_refused() {
    let routes = words_of_routes();
    for known in
        ["kiosk", "desk", "sign-in", "audio", "api", "hall", "t", "ops", "callbacks", "assets", "healthz"]
    {
        assert!(routes.contains(known), "{known} is not found in the sources: {routes:?}");
    }
    // Page names from the requirements: an office with such an id would hide that page, now or later.
    let pages = "offices book visit account t kiosk desk reception hall counter live statistics now ops mine offer admin \
        calendar services texts office abuse staff access messages";
    // An id cannot contain a dot.
    let words =
        routes.iter().map(String::as_str).chain(pages.split_whitespace()).filter(|word| !word.contains('.'));
    for word in words {
        let found = faults(&[("id = \"torun\"", &format!("id = \"{word}\""))]);
        let told = found.iter().any(|fault| format!("{fault:?}").contains("page of the program"));
        assert!(told, "an office may be called {word:?}: {found:?}");
    }
}
