//! The machine of an office's data: each change is a version. It guards what must never be assigned twice: numbers are
//! assigned for good, and a ticket prefix or code digit can be reassigned only after the days that use it are over.
//! Must not know where the data came from.

use crate::data::Office;
use okienko_kernel::{Machine, Moment, Span, stored_events};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Key of the stream of an office's data.
pub fn stream_key(office_id: &str) -> String {
    format!("office/{office_id}")
}

/// A command.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum OfficeCommand {
    /// Make this the office's data; does nothing if it already is.
    Import {
        /// The data, already checked.
        office: Arc<Office>,
    },
}

/// An event of an office's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfficeEvent {
    /// A new version was imported.
    OfficeImported(OfficeImported),
}

stored_events! {
    OfficeEvent as payload {
        OfficeImported = "office_imported",
    }
}

/// The data of a new version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeImported {
    /// From 1, rising by one.
    pub version: u64,
    /// The data.
    pub office: Arc<Office>,
    /// When.
    pub at: Moment,
}

/// Why data were refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum OfficeRefusal {
    /// The data belong to another office than the stream.
    #[error("the data is of another office")]
    OtherOffice,
    /// Something belongs to another owner, or did until too recently.
    #[error("{what} belongs to {owner}")]
    Taken {
        /// E.g. `the number 3 of pools`.
        what: String,
        /// Its present or former owner.
        owner: String,
    },
}

impl OfficeRefusal {
    /// The stable code used in the public API.
    pub fn code(&self) -> &'static str {
        "invalid"
    }
}

/// The state of an office's data.
#[derive(Clone, Debug)]
pub struct OfficeLog {
    stream: String,
    current: Option<OfficeImported>,
    used: BTreeMap<String, Used>,
}

/// Who owns or owned something, and from when others may have it.
#[derive(Clone, Debug)]
struct Used {
    owner: String,
    /// `Moment::MAX`: not as long as it is in use, or never.
    until: Moment,
}

/// Something in an office that must have only one owner.
struct Thing {
    what: String,
    owner: String,
    forever: bool,
}

impl OfficeLog {
    /// The newest version, if there is one.
    pub fn current(&self) -> Option<&OfficeImported> {
        self.current.as_ref()
    }
}

impl Machine for OfficeLog {
    type Command = OfficeCommand;
    type Event = OfficeEvent;
    type Refusal = OfficeRefusal;
    /// The number of the newest version.
    type Reply = u64;

    fn new(stream: &str) -> Self {
        OfficeLog { stream: stream.to_owned(), current: None, used: BTreeMap::new() }
    }

    fn decide(&self, command: &OfficeCommand, now: Moment) -> Result<Vec<OfficeEvent>, OfficeRefusal> {
        let OfficeCommand::Import { office } = command;
        if stream_key(&office.id) != self.stream {
            return Err(OfficeRefusal::OtherOffice);
        }
        if self.current.as_ref().is_some_and(|current| current.office == *office) {
            return Ok(Vec::new());
        }
        for thing in things(office) {
            let other =
                self.used.get(&thing.what).filter(|used| used.owner != thing.owner && now < used.until);
            if let Some(used) = other {
                return Err(OfficeRefusal::Taken { what: thing.what, owner: used.owner.clone() });
            }
        }
        let version = self.current.as_ref().map_or(0, |current| current.version) + 1;
        Ok(vec![OfficeEvent::OfficeImported(OfficeImported { version, office: Arc::clone(office), at: now })])
    }

    fn apply(&mut self, event: &OfficeEvent) {
        let OfficeEvent::OfficeImported(it) = event;
        if let Some(before) = &self.current {
            let last_day = Span::from_hours(24 * (i64::from(before.office.horizon_days) + 2));
            for thing in things(&before.office).into_iter().filter(|thing| !thing.forever) {
                self.used.insert(thing.what, Used { owner: thing.owner, until: it.at + last_day });
            }
        }
        for thing in things(&it.office) {
            self.used.insert(thing.what, Used { owner: thing.owner, until: Moment::MAX });
        }
        self.current = Some(it.clone());
    }

    fn reply(&self, _command: &OfficeCommand, _events: &[OfficeEvent], _now: Moment) -> u64 {
        self.current.as_ref().map_or(0, |current| current.version)
    }
}

fn things(office: &Office) -> Vec<Thing> {
    let forever = |what: String, owner: String| Thing { what, owner, forever: true };
    let for_now = |what: String, owner: String| Thing { what, owner, forever: false };
    let mut things = vec![forever("the office".into(), format!("number {}", office.number))];
    for location in &office.locations {
        things.push(forever(format!("the number {} of locations", location.number), location.id.clone()));
        things.push(forever(format!("the location {}", location.id), format!("number {}", location.number)));
    }
    for pool in &office.pools {
        things.push(forever(format!("the number {} of pools", pool.number), pool.id.clone()));
        things.push(forever(format!("the pool {}", pool.id), format!("number {}", pool.number)));
        let at = &pool.location;
        things
            .push(for_now(format!("the ticket prefix {} at {at}", pool.prefix), format!("pool {}", pool.id)));
        things.push(for_now(
            format!("the code digit {} at {at}", pool.code_digit),
            format!("pool {}", pool.id),
        ));
    }
    for service in &office.services {
        for (prefix, at) in
            service.walk_in_prefix.iter().flat_map(|p| service.locations.iter().map(move |l| (p, l)))
        {
            things.push(for_now(format!("the ticket prefix {prefix} at {at}"), "walk-ins".into()));
        }
    }
    things
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::small_office;

    fn import(log: &mut OfficeLog, office: &Office, now: Moment) -> Result<u64, OfficeRefusal> {
        let command = OfficeCommand::Import { office: Arc::new(office.clone()) };
        let events = log.decide(&command, now)?;
        events.iter().for_each(|event| log.apply(event));
        Ok(log.reply(&command, &events, now))
    }

    #[test]
    fn only_other_data_makes_a_new_version() {
        let mut log = OfficeLog::new("office/small");
        let mut office = small_office();
        assert_eq!(import(&mut log, &office, Moment::default()), Ok(1));
        assert_eq!(import(&mut log, &office, Moment::default()), Ok(1));
        office.horizon_days += 1;
        assert_eq!(import(&mut log, &office, Moment::default()), Ok(2));
        office.id = "other".into();
        assert_eq!(import(&mut log, &office, Moment::default()), Err(OfficeRefusal::OtherOffice));
    }

    #[test]
    fn a_number_is_never_given_to_another_even_when_its_owner_is_gone() {
        let mut log = OfficeLog::new("office/small");
        let first = small_office();
        import(&mut log, &first, Moment::default()).unwrap();
        let mut without = first.clone();
        let mut pool = without.pools.remove(0);
        import(&mut log, &without, Moment::default()).unwrap();
        pool.id = "newcomer".into();
        without.pools.push(pool);
        let years_later = Moment::default() + Span::from_hours(100_000);
        assert!(matches!(import(&mut log, &without, years_later), Err(OfficeRefusal::Taken { .. })));
        without.pools[0].number = 77;
        assert_eq!(import(&mut log, &without, years_later), Ok(3));
    }

    #[test]
    fn a_ticket_prefix_changes_hands_only_after_the_days_that_know_it() {
        let mut log = OfficeLog::new("office/small");
        let first = small_office();
        import(&mut log, &first, Moment::default()).unwrap();
        let mut changed = first.clone();
        changed.pools[0].prefix = "ZZ".into();
        import(&mut log, &changed, Moment::default()).unwrap();
        changed.services[0].walk_in_prefix = Some(first.pools[0].prefix.clone());
        let days = |n: i64| Moment::default() + Span::from_hours(24 * n);
        assert!(matches!(import(&mut log, &changed, days(31)), Err(OfficeRefusal::Taken { .. })));
        assert_eq!(import(&mut log, &changed, days(32)), Ok(3));
    }
}
