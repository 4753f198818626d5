//! What the pages and JSON handlers of all services share: languages, looks, the frame of a page and its parts,
//! problem documents, extractors, staff sign-in, server-sent events.
//!
//! Knows the kernel and `Refusal`; never a service, a store or a route beside `/assets`, `/sign-in`, `/sign-out`.

pub mod assets;
pub mod barcode;
pub mod by_hand;
pub mod calendar;
pub mod client;
pub mod components;
pub mod cookies;
pub mod extract;
pub mod guarded;
pub mod idle;
pub mod locale;
pub mod look;
mod measured;
pub mod page;
mod pasted;
mod pattern;
pub mod problem;
pub mod shared;
pub mod sign_in;
mod spreadsheet;
mod squeeze;
pub mod sse;
pub mod staff;
pub mod surface;
pub mod texts;
mod traced;
mod until_revoked;
pub mod waits;
pub mod words;
pub mod writes;

pub use assets::{Script, assets_router};
pub use client::{ClientAddr, TrustedProxies};
pub use extract::{Form, IdempotencyKey, Json, Path, Query, Told, WantsHtml};
pub use locale::Locale;
pub use look::contrast_ok;
pub use maud::{Markup, html};
pub use page::{Kind, OfficeLook, Page};
pub use problem::{Code, Problem};
pub use sign_in::sign_in_router;
pub use spreadsheet::csv_file;
pub use sse::EventStream;
pub use staff::{Claims, Revocations, Role, SignIn, Staff};
pub use surface::Surface;
pub use texts::{Texts, Value, check_same_keys};
pub use words::Words;
pub use writes::Writing;
