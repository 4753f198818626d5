//! Addresses that people type: mobile phones and e-mail, cleaned by `okienko_typed`, checked, brought to one form, and
//! masked for display.
//!
//! Pure: knows no provider, no office and no text that people see; a fault is a name, its words are elsewhere.

mod email;
mod mobile;
pub mod town;

pub use email::{Email, EmailFault, parse_email};
pub use mobile::{DEFAULT_DIAL_CODES, Mobile, PhoneFault, is_dial_code, parse_mobile, read_plans, served};
