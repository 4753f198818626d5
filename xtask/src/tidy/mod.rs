//! The house rules: what the compiler and clippy do not check. Each rule is a pure function over a `House`, so that its
//! test can plant a fault in a small one and see it found. Knows no stage and no command line.

mod alerts;
mod direction;
mod domain;
mod files;
mod house;
mod licences;
mod locks;
mod logging;
mod manifests;
mod messages;
mod released;
mod source;
mod spdx;
mod words;

use anyhow::Result;

use house::House;

/// A broken rule: where, and what is wrong.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fault {
    path: String,
    /// From 1; 0 when the fault concerns the whole file.
    line: usize,
    what: String,
}

impl Fault {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Fault { path: path.to_owned(), line, what: what.into() }
    }
}

/// The rule's printed name and its check.
type Rule = (&'static str, fn(&House) -> Vec<Fault>);

const RULES: [Rule; 18] = [
    ("crates depend in one direction", direction::crates),
    ("only journal, bus, limits and placement hold engines", direction::engine_crates),
    ("only the program, tests and host choose engines", direction::engine_modules),
    ("domain code is pure", domain::pure),
    ("each file says what it is for", files::headers),
    ("no file is long", files::lengths),
    ("manifests share lints, versions and dependencies", manifests::shared),
    ("nothing is declared that nobody uses", manifests::used),
    ("a program for people has no demo and no benchmarks", released::only_what_serves),
    ("no unwrap outside tests", words::unwrap),
    ("no printing outside the command line", words::printing),
    ("texts for people live in message files", words::polish),
    ("languages have the same messages", messages::same_keys),
    ("dependencies come from crates.io and npm alone", locks::cargo_lock),
    ("package-lock names no host", locks::package_locks),
    ("licences are allowed", licences::allowed),
    ("lines and spans have the same keys everywhere", logging::keys),
    ("alerts name what is exported and have their pages", alerts::fit),
];

/// Checks every rule and prints what is broken; returns how many rules held and how many did not.
pub fn run() -> Result<(u32, u32)> {
    let house = House::load()?;
    let (mut held, mut broken) = (0, 0);
    for (name, check) in RULES {
        let mut faults = check(&house);
        faults.sort();
        if faults.is_empty() {
            held += 1;
            continue;
        }
        broken += 1;
        println!("{name}: {} faults", faults.len());
        for Fault { path, line, what } in faults {
            let place = if line == 0 { path } else { format!("{path}:{line}") };
            println!("  {place}: {what}");
        }
    }
    Ok((held, broken))
}
