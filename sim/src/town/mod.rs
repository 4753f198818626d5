//! The people of a run and what they stand on: offices, halls, phones, and the records that they keep of what they were
//! told. They know the outside surface alone.

pub mod account;
pub mod book;
pub mod clerk;
pub mod ledger;
pub mod person;
pub mod room;
pub mod screen;
pub mod visitor;

use crate::dice::Dice;
use crate::world::process::Ground;
use ledger::Ledger;
use okienko_kernel::{Clock, Day, Moment, Span};
use okienko_office::{Location, Office};
use okienko_web::staff::{Claims, Role, sign};
use parking_lot::Mutex;
use room::Room;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A location of an office on the days of the run.
pub struct Place {
    /// Its office.
    pub office: Arc<Office>,
    /// Where in the office's list.
    pub location: Location,
    /// Its hall, as it is to walk through.
    pub room: Room,
    /// The kiosk's token.
    pub kiosk: String,
}

impl Place {
    /// When it opens and closes on a day; `None` when it does not.
    pub fn hours(&self, day: Day) -> Option<(Moment, Moment)> {
        let hours = self.office.hours_on(&self.location, day);
        let zone = &self.office.zone;
        let (first, last) = (hours.first()?, hours.last()?);
        Some((zone.moment(day, first.open)?, zone.moment(day, last.close)?))
    }
}

/// Everything that people share.
pub struct Town {
    /// Their world.
    pub ground: Arc<Ground>,
    /// Everybody wants the first free hour.
    pub rush: bool,
    /// Places that this run has people at.
    pub places: Vec<Arc<Place>>,
    /// The days of the run.
    pub days: Vec<Day>,
    /// What they were told.
    pub ledger: Ledger,
    /// Accounts that exist, by office.
    pub accounts: Mutex<BTreeMap<String, Vec<account::Account>>>,
    /// Who is still on the way, and what they do.
    pub pending: Mutex<BTreeMap<u64, &'static str>>,
}

impl Town {
    /// The right time.
    pub fn now(&self) -> Moment {
        self.ground.clock.now()
    }

    /// Waits for a moment; not at all when it is over.
    pub async fn until(&self, at: Moment) {
        tokio::time::sleep(at.since(self.now()).to_std()).await;
    }

    /// The moment after the last midnight of the run at which everything must have come to its end.
    pub fn end(&self) -> Moment {
        let zone = self.places.first().map(|place| place.office.zone.clone());
        let last = self.days.last().copied();
        let end = zone.zip(last).map(|(zone, day)| zone.start_of(day.plus_days(1)));
        end.unwrap_or_default().plus(Span::from_mins(45))
    }
}

/// A signed token of a member of staff or a device.
pub fn token(
    ground: &Ground,
    dice: &Dice,
    role: Role,
    at: (&Office, &Location),
    counter: Option<&str>,
) -> String {
    let (office, location) = at;
    let claims = Claims {
        id: format!("{}-{:x}", role.word(), dice.number()),
        office: office.id.clone(),
        roles: vec![role],
        location: Some(location.id.clone()),
        counter: counter.map(str::to_owned),
        expires: Moment::MAX,
    };
    sign(&ground.keys, &claims)
}
