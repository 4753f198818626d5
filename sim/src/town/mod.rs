//! The people of a run and what they use: offices, halls, phones, and the records that they keep of what they were
//! told. They know only the outside surface.

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
    /// The location in the office's list.
    pub location: Location,
    /// Its hall, as people walk through it.
    pub room: Room,
    /// The kiosk's token.
    pub kiosk: String,
}

impl Place {
    /// When it opens and closes on a day; `None` when it stays closed.
    pub fn hours(&self, day: Day) -> Option<(Moment, Moment)> {
        let hours = self.office.hours_on(&self.location, day);
        let zone = &self.office.zone;
        let (first, last) = (hours.first()?, hours.last()?);
        Some((zone.moment(day, first.open)?, zone.moment(day, last.close)?))
    }
}

/// Everything that people share.
pub struct Town {
    /// The World that they share.
    pub ground: Arc<Ground>,
    /// Everybody wants the first free hour.
    pub rush: bool,
    /// The places that people of this run go to.
    pub places: Vec<Arc<Place>>,
    /// The days of the run.
    pub days: Vec<Day>,
    /// What they were told.
    pub ledger: Ledger,
    /// Accounts that exist, by office.
    pub accounts: Mutex<BTreeMap<String, Vec<account::Account>>>,
    /// The visitors still under way, and what they are doing.
    pub pending: Mutex<BTreeMap<u64, &'static str>>,
}

impl Town {
    /// The correct time.
    pub fn now(&self) -> Moment {
        self.ground.clock.now()
    }

    /// Waits until a moment; returns at once if it has passed.
    pub async fn until(&self, at: Moment) {
        tokio::time::sleep(at.since(self.now()).to_std()).await;
    }

    /// The moment after the last midnight of the run by which everything must have ended.
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
