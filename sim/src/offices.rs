//! The offices of a run: the sample files and, in half of the runs, pools whose visits are given to people one by one.
//! Knows nothing of who visits them.

use crate::dice::Dice;
use okienko_office::file::read;
use okienko_office::{Office, Shift};
use std::sync::OnceLock;

const SAMPLES: [&str; 3] = [
    include_str!("../../deploy/offices/torun.toml"),
    include_str!("../../deploy/offices/wroclaw.toml"),
    include_str!("../../deploy/offices/kalisz.toml"),
];

/// The offices, with whatever is drawn for this run.
pub fn drawn(dice: &Dice) -> Vec<Office> {
    let mut offices = samples();
    if dice.unit() < 0.5 {
        offices.iter_mut().for_each(give_to_people);
    }
    offices
}

/// The sample offices, read once per program.
fn samples() -> Vec<Office> {
    static READ: OnceLock<Vec<Office>> = OnceLock::new();
    let offices = READ.get_or_init(|| {
        let mut offices: Vec<Office> = SAMPLES.iter().filter_map(|text| read(text).ok()).collect();
        // A second of proof of work in the browser is not what is tested here.
        offices.iter_mut().for_each(|office| office.proof_of_work = false);
        offices
    });
    offices.clone()
}

/// Each pool gets two shifts, one of them with a break; every other service takes more than two slots, and those between
/// have a pause.
fn give_to_people(office: &mut Office) {
    for pool in &mut office.pools {
        let location = office.locations.iter().find(|location| location.id == pool.location);
        let hours = pool.hours.as_ref().or(location.map(|location| &location.hours));
        let Some(open) = hours.and_then(|hours| hours.0.values().flatten().next()).copied() else { continue };
        let at = |minutes: u16| {
            let time = okienko_kernel::TimeOfDay::from_minutes(open.open.minutes() + minutes);
            time.unwrap_or(open.close).min(open.close)
        };
        let interval = |open, close| okienko_office::calendar::Interval { open, close };
        let late =
            Shift { people: 1, hours: interval(at(70), open.close), breaks: Vec::new(), days: Vec::new() };
        let whole = Shift {
            people: pool.capacity,
            hours: open,
            breaks: vec![interval(at(120), at(140))],
            days: Vec::new(),
        };
        pool.shifts = vec![whole, late];
        for (at, id) in pool.services.iter().enumerate() {
            let Some(service) = office.services.iter_mut().find(|service| service.id == *id) else {
                continue;
            };
            match at % 2 {
                0 => service.minutes = pool.slot_minutes * 2 + 5,
                _ => service.pause = Some(pool.slot_minutes / 2),
            }
        }
    }
}
