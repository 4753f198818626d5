//! Which crate may depend on which, and which may choose an engine. The folder determines what a crate is.

use super::Fault;
use super::house::{House, Member};
use super::source::words;

/// Crates that are engines: a database, a message bus, a store of limits.
const ENGINES: [&str; 8] =
    ["rusqlite", "sqlx", "tokio-postgres", "deadpool-postgres", "async-nats", "redis", "fred", "governor"];

/// Our crates that keep engines behind a port.
const PORTS: [&str; 3] = ["okienko_journal", "okienko_bus", "okienko_limits"];

/// Prefixes of engine names, as modules (`sqlite`, `in_process`) and as types (`SqliteJournal`).
const ENGINE_WORDS: [&str; 9] =
    ["sqlite", "postgres", "memory", "inprocess", "nats", "redis", "governor", "faulty", "simulated"];

/// Folders whose crates wire the World or test it.
const WIRING: [&str; 5] = ["okienko", "bench", "e2e", "sim", "xtask"];

fn manifest(member: &Member) -> String {
    format!("{}/Cargo.toml", member.folder)
}

/// Kernel and proto at the bottom, then crates, then services, then the program and what tests it.
pub fn crates(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for member in &house.members {
        // A service's tests may use the real neighbouring service, as a composition does.
        let in_use = |other: &&Member| {
            let of_tests = member.is_in("services") && other.is_in("services");
            member.needs.iter().any(|need| need.name == other.name && !(need.dev && of_tests))
        };
        let own = house.members.iter().filter(in_use);
        for other in own {
            if let Some(why) = forbidden(member, other) {
                faults.push(Fault::new(&manifest(member), 0, format!("depends on {}: {why}", other.name)));
            }
        }
    }
    faults
}

/// The crates that `crates/pages` may depend on.
const OF_PAGES: [&str; 4] = ["crates/kernel", "crates/identity", "crates/typed", "proto"];

fn forbidden(member: &Member, other: &Member) -> Option<&'static str> {
    let above = WIRING.contains(&other.folder.as_str());
    let port = ["crates/journal", "crates/bus", "crates/limits"].contains(&other.folder.as_str());
    match member.folder.as_str() {
        "crates/estimate" if other.folder != "crates/kernel" => Some("the estimate knows the kernel alone"),
        "crates/typed" => Some("the cleaning of typed text knows no other crate of ours"),
        "crates/address" if other.folder != "crates/typed" => {
            Some("addresses know the cleaning of text alone")
        }
        "crates/kernel" | "proto" => Some("kernel and proto know no other crate of ours"),
        "crates/pages" if !OF_PAGES.contains(&other.folder.as_str()) => {
            Some("what pages are made of knows nothing of the way of a request")
        }
        "crates/web" | "crates/rpc" if port => Some("pages and calls know no journal, bus or limits"),
        _ if member.is_in("crates") && other.is_in("services") => Some("crates never depend on services"),
        _ if member.is_in("crates") && above => Some("crates never depend on what is above them"),
        _ if member.is_in("services") && other.is_in("services") => neighbours(member, other),
        _ if member.is_in("services") && above => Some("services never depend on what wires them"),
        "xtask" => Some("xtask stands apart, so that it builds when nothing else does"),
        _ => None,
    }
}

/// A service knows its own rooms and no other service; a room never knows the service that it is part of. Cargo itself
/// refuses two rooms that depend on each other.
fn neighbours(member: &Member, other: &Member) -> Option<&'static str> {
    let (service, room) = house_and_room(&member.folder);
    let (other_service, other_room) = house_and_room(&other.folder);
    match (service == other_service, room, other_room) {
        (false, _, _) => Some("services know proto, never each other"),
        (true, Some("office"), _) => Some("what an office is knows no other room"),
        (true, Some(_), None) => Some("a room never depends on its service"),
        (true, _, _) => None,
    }
}

/// Splits `services/booking/gate` into `booking` and its room `gate`.
fn house_and_room(folder: &str) -> (&str, Option<&str>) {
    let inside = folder.strip_prefix("services/").unwrap_or(folder);
    inside.split_once('/').map_or((inside, None), |(service, room)| (service, Some(room)))
}

/// A database, bus or store is a dependency only of the crate that puts it behind a port, and of the program's wiring.
pub fn engine_crates(house: &House) -> Vec<Fault> {
    let holds = ["crates/journal", "crates/bus", "crates/limits", "crates/placement", "crates/host"];
    let others = house.members.iter().filter(|member| {
        !holds.contains(&member.folder.as_str()) && !WIRING.contains(&member.folder.as_str())
    });
    let mut faults = Vec::new();
    for member in others {
        for need in member.needs.iter().filter(|need| !need.dev && ENGINES.contains(&need.name.as_str())) {
            let what = format!("depends on the engine {}; it stays behind its port", need.name);
            faults.push(Fault::new(&manifest(member), 0, what));
        }
    }
    faults
}

/// Outside the wiring and tests, code names ports and never their engines.
pub fn engine_modules(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for source in &house.sources {
        let Some(member) = house.member_of(&source.path) else { continue };
        let chooses = ["crates/host", "crates/actor", "crates/journal", "crates/bus", "crates/limits"];
        if chooses.contains(&member.folder.as_str()) || WIRING.contains(&member.folder.as_str()) {
            continue;
        }
        let code = source.live_text();
        for port in PORTS {
            for (line, at) in words(&code, port) {
                if let Some(engine) = path_words(&code[at..]).find(|word| is_engine(word)) {
                    faults.push(Fault::new(
                        &source.path,
                        line,
                        format!("{port} … {engine}: only the wiring chooses an engine"),
                    ));
                }
            }
        }
    }
    faults
}

/// The words of one path or `use` tree, up to the first character that cannot be part of it.
fn path_words(code: &str) -> impl Iterator<Item = &str> {
    let depth = std::cell::Cell::new(0i32);
    let end = code.find(|c: char| {
        depth.set(depth.get() + i32::from(c == '{') - i32::from(c == '}'));
        let inside = depth.get() > 0 && (c.is_whitespace() || c == ',');
        !(inside || c.is_alphanumeric() || "_:{}*".contains(c)) || depth.get() < 0
    });
    code[..end.unwrap_or(code.len())].split(|c: char| !(c.is_alphanumeric() || c == '_'))
}

fn is_engine(word: &str) -> bool {
    let plain = word.replace('_', "").to_lowercase();
    ENGINE_WORDS.iter().any(|engine| plain.starts_with(engine))
}

#[cfg(test)]
mod tests {
    use super::super::house::built::{house, member, places};
    use super::*;

    #[test]
    fn a_service_knows_its_rooms_and_no_room_its_service_or_the_rooms_of_another() {
        let members = vec![
            member("office", "services/booking/office", &["gate"]),
            member("gate", "services/booking/gate", &["office", "booking"]),
            member("booking", "services/booking", &["office", "gate"]),
            member("queue", "services/queue", &["office"]),
        ];
        let found = places(&crates(&house(members, &[])));
        assert_eq!(
            found,
            [
                "services/booking/office/Cargo.toml:0",
                "services/booking/gate/Cargo.toml:0",
                "services/queue/Cargo.toml:0"
            ]
        );
    }

    #[test]
    fn services_that_know_each_other_and_crates_that_look_up_are_found() {
        let members = vec![
            member("okienko-kernel", "crates/kernel", &["serde"]),
            member("okienko-journal", "crates/journal", &["okienko-kernel"]),
            member("okienko-web", "crates/web", &["okienko-journal"]),
            member("okienko-host", "crates/host", &["okienko-journal", "dev:okienko-queue"]),
            member("okienko-queue", "services/queue", &["okienko-host", "okienko-journal"]),
            member("okienko-booking", "services/booking", &["okienko-queue", "okienko-kernel"]),
            member("okienko", "okienko", &["okienko-queue", "okienko-booking"]),
        ];
        let found = places(&crates(&house(members, &[])));
        assert_eq!(
            found,
            ["crates/web/Cargo.toml:0", "crates/host/Cargo.toml:0", "services/booking/Cargo.toml:0"]
        );
    }

    #[test]
    fn a_kernel_that_knows_anything_of_ours_is_found() {
        let members = vec![
            member("okienko-kernel", "crates/kernel", &["okienko-web"]),
            member("okienko-web", "crates/web", &[]),
        ];
        assert_eq!(crates(&house(members, &[])).len(), 1);
    }

    #[test]
    fn a_cleaning_that_knows_anything_of_ours_is_found() {
        let members = vec![
            member("okienko-kernel", "crates/kernel", &[]),
            member("okienko-typed", "crates/typed", &["okienko-kernel"]),
            member("okienko-address", "crates/address", &["okienko-typed", "okienko-kernel"]),
        ];
        let found = places(&crates(&house(members, &[])));
        assert_eq!(found, ["crates/typed/Cargo.toml:0", "crates/address/Cargo.toml:0"]);
    }

    #[test]
    fn pages_that_know_the_way_of_a_request_are_found() {
        let members = vec![
            member("okienko-kernel", "crates/kernel", &[]),
            member("okienko-trace", "crates/trace", &["okienko-kernel"]),
            member("okienko-pages", "crates/pages", &["okienko-kernel", "okienko-trace"]),
            member("okienko-web", "crates/web", &["okienko-pages", "okienko-trace"]),
        ];
        assert_eq!(places(&crates(&house(members, &[]))), ["crates/pages/Cargo.toml:0"]);
    }

    #[test]
    fn an_estimate_that_knows_more_than_the_kernel_is_found() {
        let members = vec![
            member("okienko-kernel", "crates/kernel", &[]),
            member("okienko-web", "crates/web", &[]),
            member("okienko-estimate", "crates/estimate", &["okienko-kernel", "okienko-web"]),
        ];
        assert_eq!(places(&crates(&house(members, &[]))), ["crates/estimate/Cargo.toml:0"]);
    }

    #[test]
    fn a_service_with_an_engine_of_its_own_is_found() {
        let members = vec![
            member("okienko-journal", "crates/journal", &["rusqlite"]),
            member("okienko-queue", "services/queue", &["rusqlite"]),
            member("okienko-booking", "services/booking", &["dev:rusqlite"]),
        ];
        assert_eq!(places(&engine_crates(&house(members, &[]))), ["services/queue/Cargo.toml:0"]);
    }

    #[test]
    fn a_service_that_chooses_an_engine_is_found_and_its_tests_are_not() {
        let members = || vec![member("q", "services/queue", &[]), member("okienko", "okienko", &[])];
        let bad = "use okienko_journal::{\n    Journal,\n    sqlite::Store,\n};\nfn a() { okienko_bus::InProcess::new(memory) }";
        let good = "use okienko_journal::Journal;\nfn a(memory: u8) {}\n#[cfg(test)]\nmod tests {\n use okienko_journal::MemoryJournal;\n}";
        let files = [
            ("services/queue/src/bad.rs", bad),
            ("services/queue/src/good.rs", good),
            ("okienko/src/main.rs", bad),
        ];
        let found = places(&engine_modules(&house(members(), &files)));
        assert_eq!(found, ["services/queue/src/bad.rs:1", "services/queue/src/bad.rs:5"]);
    }
}
