//! A hall's day: who is in the queue, whom a counter calls next, what kiosk, desk and reception may do (`HallDay`), and
//! what queue knows of its offices and staff. Pure state machines: ids and moments come in with the commands.
//!
//! Must not know of booking, screens, clocks, randomness, storage or wire formats.

mod absent;
mod apply;
mod command;
mod counter;
mod day;
mod desk;
mod draft;
mod estimate;
mod event;
mod hall;
mod index;
mod invariant;
mod kiosk;
mod machine;
mod notice;
mod office;
mod plan;
mod query;
mod reception;
mod staff;
mod strike;
mod ticket;
mod verify;

pub use command::{DeskAct, HallCommand, HallRefusal, HallReply, Reservation};
pub use counter::CounterState;
pub use event::{Back, HallEvent, Reason, Series};
pub use hall::{HallDay, HallKey, Phase};
pub use notice::{AHEAD_MOST, WISHES, Wish};
pub use office::{
    Hours, LocationData, LocationRules, OfficeCommand, OfficeData, OfficeEvent, OfficeLog, OfficeRefusal,
    OpeningHours, ServiceData, TICKETS_BEFORE_MIN, hours_of, next_tickets, plan_for,
};
pub use plan::{CounterPlan, Merge, Plan, Rules, ServicePlan, strike_off};
pub use query::{CounterView, ServiceCount, TicketView, WAITING_SHOWN};
pub use staff::{StaffCommand, StaffEvent, StaffLog, StaffRefusal};
pub use ticket::{Booked, Line, StateName, Ticket, TicketState, TransferOrigin};
pub use verify::OTHER_PERSON;
