//! What people type, paste and scan, brought to what they see: one place for every field, before anything looks at it.
//! Marks that nobody can see are dropped, blanks and dashes of all kinds become the plain ones where the kind of answer
//! allows it, and keys are made so that one person is one key however the name was written.
//!
//! Pure: knows no form, no office and no text that people see. What is right or wrong is decided by whoever asks; what
//! is cleaned here is never refused here.

mod clean;
mod fold;
mod look;

pub use clean::{case, code, digits, line, login, mail, name, phone, plain_marks};
pub use fold::{fold, key};
pub use look::{in_latin, is_mark};
