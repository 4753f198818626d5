//! What the requests of all services pass through: whose they are, what they may do, write limits, extractors, staff
//! sign-in, server-sent events. Re-exports what pages are made of (`okienko_pages`).
//!
//! Knows the kernel and identity; never a service, a store or a route besides `/sign-in` and `/sign-out`.

pub mod client;
pub mod extract;
mod floor;
pub mod guarded;
mod measured;
mod pattern;
pub mod shared;
pub mod sign_in;
mod squeeze;
pub mod sse;
pub mod staff;
pub mod surface;
mod traced;
pub mod writes;

pub use okienko_pages::{
    assets, barcode, calendar, components, cookies, locale, look, messages_for_staff, messages_for_visitors,
    page, problem, texts, waits, words,
};

pub use assets::{Script, assets_router};
pub use client::{ClientAddr, TrustedProxies};
pub use extract::{Disclosure, Form, IdempotencyKey, Json, Path, Query, WantsHtml};
pub use locale::Locale;
pub use look::contrast_ok;
pub use maud::{Markup, html};
pub use okienko_pages::spreadsheet::csv_file;
pub use page::{Kind, OfficeLook, Page};
pub use problem::{Code, Problem};
pub use sign_in::sign_in_router;
pub use sse::EventStream;
pub use staff::{Claims, Revocations, Role, SignIn, Staff};
pub use surface::Surface;
pub use texts::{Texts, Value, check_same_keys};
pub use words::Words;
pub use writes::Writing;
