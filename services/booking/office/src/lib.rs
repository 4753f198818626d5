//! What an office is: its locations, counters, services, hours and forms as data ([`Office`]), the plans of its days,
//! its versions, and the file that a city's engineer writes. Rules and data alone: nothing here knows what is booked,
//! by whom, or where offices are stored. Only `file` accesses the disk.

pub mod calendar;
mod catalog;
mod data;
pub mod file;
pub mod form;
pub mod log;
pub mod pattern;
pub mod pesel;
pub mod plan;
mod planning;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
#[cfg(test)]
mod samples_tests;
pub mod text;

pub use catalog::{LoadedOffice, Offices};
pub use data::{
    AccountRule, AskedAt, Category, ClaimKey, Consent, Counter, DaysBefore, Guide, Location, MaxActive,
    Merge, Office, Pool, Proof, QueueRules, Release, Service, Shift, Step, WAKING,
};
