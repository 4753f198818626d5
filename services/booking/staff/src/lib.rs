//! The people and devices of offices: who they are and what they may do there (`domain`), how an admin enrols, moves
//! and disables them (`enrolment`), how they sign in (`door`), manually made keys (`keys`), all of it as JSON and as
//! pages; and the frame of all internal pages of an office. Knows no visit and no citizen.

mod demo_people;
pub mod domain;
mod door;
mod enrolment;
mod entry;
pub mod frame;
mod json;
mod keys;
mod page;
mod roll;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
#[cfg(test)]
mod samples_tests;
#[cfg(feature = "demo")]
mod seed;

pub use demo_people::{DEMO_PASSWORD, has_demo_people};
pub use door::{SignedIn, StaffTry};
pub use enrolment::{Opened, StaffForm, StaffView, TokenView, may};
pub use json::openapi;
pub use roll::{Profile, StaffRoll};

use axum::Router;
use axum::routing::get;
use okienko_web::writes::{Writing, post, put};
use std::sync::Arc;

/// All routes of staff and devices.
pub fn routes() -> Router<Arc<StaffRoll>> {
    Router::new()
        .route("/api/v1/staff/sessions", post(Writing::Door, json::sign_in))
        .route("/api/v1/offices/{office}/staff", get(json::list).merge(post(Writing::Office, json::enrol)))
        .route("/api/v1/offices/{office}/staff/{id}", put(Writing::Office, json::change))
        .route("/api/v1/offices/{office}/staff/{id}/revoke", post(Writing::Office, json::revoke))
        .route("/api/v1/offices/{office}/staff/{id}/disable", post(Writing::Office, json::disable))
        .route("/api/v1/offices/{office}/staff/{id}/enable", post(Writing::Office, json::enable))
        .route("/api/v1/offices/{office}/staff/{id}/secret", post(Writing::Office, json::secret))
        .route("/sign-in/password", post(Writing::Door, entry::enter))
        .route("/sign-out", post(Writing::Door, entry::leave))
        .route("/admin/staff", get(page::list).merge(post(Writing::Office, page::add)))
        .route("/admin/staff/{id}/{act}", post(Writing::Office, page::act))
}
