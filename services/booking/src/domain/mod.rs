//! What booking knows and decides, as pure functions and machines: offices and their calendars, forms, the places
//! of a day, citizens' accounts. Must not know of clocks, randomness, tasks, storage or wires.

pub mod account;
pub mod calendar;
pub mod day;
pub mod form;
pub mod inquiry;
pub mod office;
pub mod office_log;
pub mod pattern;
pub mod pesel;
pub mod plan;
pub mod staff;
pub mod suspicion;
pub mod text;
pub mod visits;
