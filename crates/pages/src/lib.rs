//! What pages and refusals are made of: messages in the reader's language, looks, the frame of a page and its parts,
//! problem documents, style sheets and scripts, cookies.
//!
//! Must not know what a request has passed through, a service or a route besides `/assets`.

pub mod assets;
pub mod barcode;
pub mod calendar;
pub mod components;
pub mod cookies;
pub mod locale;
pub mod look;
pub mod page;
pub mod pasted;
pub mod problem;
pub mod spreadsheet;
pub mod texts;
pub mod waits;
pub mod words;
