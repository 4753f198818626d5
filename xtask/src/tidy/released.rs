//! What a released program is built from. Knows the names of what only demos, tests and measurements need.

use super::Fault;
use super::house::House;

/// Crates that no released program contains, and why.
const CRATES: [(&str, &str); 4] = [
    ("okienko-bench", "measures, and has a plain server with its own SQL"),
    ("okienko-fake-provider", "pretends to send messages"),
    ("okienko-drill", "starts servers for tests"),
    ("hdrhistogram", "is of the benchmarks"),
];
/// Features that no released program has.
const FEATURES: [(&str, &str); 7] = [
    ("okienko", "demo"),
    ("okienko", "drill"),
    ("okienko", "bench"),
    ("okienko-staff", "demo"),
    ("okienko-journal", "sabotage"),
    ("okienko-journal", "conformance"),
    ("okienko-bus", "conformance"),
];
/// The file that builds an image.
const IMAGE: &str = "deploy/Dockerfile";
const WITHOUT: &str = "--no-default-features";

/// The program of an installation contains neither the demo with its password nor benchmarks, and images are built that
/// way.
pub fn only_what_serves(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for line in &house.released {
        let name = line.split(' ').next().unwrap_or_default();
        let features = line.split_once('[').map_or("", |(_, rest)| rest.trim_end_matches(']'));
        let mut fault = |what: String| faults.push(Fault::new("okienko/Cargo.toml", 0, what));
        for (_, why) in CRATES.iter().filter(|(banned, _)| *banned == name) {
            fault(format!("{name} is in the program of an installation: it {why}"));
        }
        let banned = FEATURES.iter().filter(|(of, _)| *of == name).map(|(_, feature)| *feature);
        for feature in banned.filter(|banned| features.split(',').any(|feature| feature == *banned)) {
            fault(format!("the program of an installation has {name} with `{feature}`"));
        }
    }
    let image = house.texts.iter().find(|text| text.path == IMAGE);
    if image.is_some_and(|image| !image.text.contains(WITHOUT)) {
        faults.push(Fault::new(
            IMAGE,
            0,
            format!("an image is built with `{WITHOUT}`, so that no demo is in it"),
        ));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::house::built::texts;
    use super::*;

    #[test]
    fn what_is_for_a_look_or_for_measurements_is_found_in_a_program_for_people() {
        let mut house = texts(&[(IMAGE, "RUN cargo build --release")]);
        house.released = [
            "okienko v0.1.0 (/x) [cluster,demo]",
            "okienko-staff v0.1.0 (/x) []",
            "okienko-bench v0.1.0 (/x) []",
            "hdrhistogram v7.5.4 [default]",
            "tokio v1.0.0 [demo,full]",
        ]
        .map(str::to_owned)
        .into();
        let found: Vec<String> = only_what_serves(&house).into_iter().map(|fault| fault.what).collect();
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(found[0].contains("`demo`") && found[1].contains("okienko-bench"), "{found:?}");
        assert!(found[2].contains("hdrhistogram") && found[3].contains(WITHOUT), "{found:?}");
    }
}
