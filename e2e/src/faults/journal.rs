//! Compares the journals with what clients were told. The only place in these tests that reads the inside: every
//! acknowledged thing must be there exactly once, and nothing that nobody was told of. Knows no fault.

use super::told::ClientLedger;
use anyhow::{Context, Result, ensure};
use okienko_journal::{Engine, PostgresEngine, PostgresSettings, Recorded};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Events per read.
const PAGE: usize = 20_000;

/// What the journals contain.
#[derive(Default)]
struct There {
    holds: BTreeSet<String>,
    reservations: BTreeSet<String>,
    tickets: BTreeSet<String>,
    calls: BTreeSet<(String, String, u64)>,
}

/// Compares both; an error names the first difference.
pub async fn compare(url: &str, told: &ClientLedger) -> Result<()> {
    let booking = events(url, "booking").await?;
    let queue = events(url, "queue").await?;
    let mut there = There::default();
    for event in &booking {
        note_booking(&mut there, event)?;
    }
    let mut hall = Hall::default();
    for event in &queue {
        note_queue(&mut there, &mut hall, event)?;
    }
    let unknown = told.given_up.len();
    same("holds", told.holds.keys().cloned(), &there.holds, unknown)?;
    same("reservations", told.reservations.values().map(|it| it.0.clone()), &there.reservations, unknown)?;
    same("tickets", told.tickets.values().cloned(), &there.tickets, unknown)?;
    same("calls", told.calls.iter().cloned(), &there.calls, unknown)
}

/// All events of a service, with a check that positions ascend and each stream's versions have no gap.
async fn events(url: &str, service: &str) -> Result<Vec<Recorded>> {
    let engine = PostgresEngine::open(&PostgresSettings::new(url), service)?;
    let (mut all, mut versions) = (Vec::<Recorded>::new(), BTreeMap::<String, u64>::new());
    loop {
        let after = all.last().map_or(0, |event| event.pos);
        let page = engine.read_after(after, PAGE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        for event in page {
            let due = all.last().map_or(1, |last| last.pos + 1);
            ensure!(event.pos == due, "{service}: position {} comes after {}", event.pos, due - 1);
            let version = versions.entry(event.stream.to_string()).or_default();
            *version += 1;
            ensure!(event.version == *version, "{}: version {} is missing", event.stream, version);
            all.push(event);
        }
    }
}

fn text(value: &Value, what: &str) -> Result<String> {
    Ok(value[what].as_str().with_context(|| format!("no {what} in {value}"))?.to_owned())
}

fn note_booking(there: &mut There, event: &Recorded) -> Result<()> {
    let data: Value = serde_json::from_slice(&event.data)?;
    match &*event.kind {
        "hold_placed" => {
            let hold = text(&data, "hold")?;
            ensure!(there.holds.insert(hold.clone()), "hold {hold} is there twice");
        }
        "confirmed" => {
            let number = text(&data, "number")?;
            ensure!(there.reservations.insert(number.clone()), "reservation {number} is there twice");
        }
        _ => {}
    }
    Ok(())
}

/// Which ticket is at which counter.
#[derive(Default)]
struct Hall {
    at: BTreeMap<String, String>,
}

fn note_queue(there: &mut There, hall: &mut Hall, event: &Recorded) -> Result<()> {
    let data: Value = serde_json::from_slice(&event.data)?;
    let kind = &*event.kind;
    // An event is stored under its own name.
    let inner = data.get(kind).unwrap_or(&data);
    let number = inner["line"]["number"].as_str().unwrap_or_default().to_owned();
    match kind {
        "walk_in_issued" => ensure!(there.tickets.insert(number.clone()), "ticket {number} is there twice"),
        "called" if inner["recall"] != true => {
            let (counter, attempt) = (text(inner, "counter")?, inner["attempt"].as_u64().unwrap_or_default());
            ensure!(
                !hall.at.contains_key(&number),
                "{number} is called to {counter} while at {:?}",
                hall.at[&number]
            );
            let other = hall.at.iter().find(|(_, at)| **at == counter);
            ensure!(other.is_none(), "{counter} calls {number} while {other:?} is there");
            hall.at.insert(number.clone(), counter.clone());
            ensure!(
                there.calls.insert((counter, number.clone(), attempt)),
                "{number} has the same call twice"
            );
        }
        "finished" | "missed" | "went_absent" | "parked" | "transferred" | "undone" => {
            hall.at.remove(&number);
        }
        _ => {}
    }
    Ok(())
}

/// Everything acknowledged must be there; of the rest, at most as much as clients gave up on may be unacknowledged.
fn same<T: Ord + std::fmt::Debug>(
    what: &str,
    told: impl Iterator<Item = T>,
    there: &BTreeSet<T>,
    unknown: usize,
) -> Result<()> {
    let told: BTreeSet<T> = told.collect();
    let lost: Vec<_> = told.difference(there).take(5).collect();
    ensure!(lost.is_empty(), "acknowledged {what} that are not there: {lost:?}");
    let extra: Vec<_> = there.difference(&told).collect();
    ensure!(
        extra.len() <= unknown,
        "{} {what} that nobody was told of, e.g. {:?}",
        extra.len(),
        extra.first()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_and_a_doubled_one_are_found() {
        let there = BTreeSet::from(["a", "b"]);
        assert!(same("x", ["a", "b"].into_iter(), &there, 0).is_ok());
        assert!(same("x", ["a"].into_iter(), &there, 0).is_err());
        assert!(same("x", ["a"].into_iter(), &there, 1).is_ok());
        assert!(same("x", ["a", "b", "c"].into_iter(), &there, 9).is_err());
    }
}
