//! The demo's people and devices: enrolled once per data folder by the real commands, each with one token that lasts, so
//! that one click is enough. Never called by a real installation.

use super::staff::{StaffForm, claims_of};
use crate::service::Booking;
use okienko_web::Problem;
use okienko_web::staff::sign;

/// The last part of a seeded token's id.
const NAMED: &str = "demo";

impl Booking {
    /// Enrols somebody unless they are; gives their token unless it was taken back.
    pub async fn seed_staff(
        &self,
        office: &str,
        form: &StaffForm,
        password: &str,
    ) -> Result<Option<String>, Problem> {
        let device = form.post.is_device();
        let id = match device {
            true => self.staff_id(office, &format!("device/{}", form.name)),
            false => self.staff_id(office, &form.login),
        };
        let token = format!("{id}-{NAMED}");
        let Some(member) = self.members(office).await?.remove(&id) else {
            self.enrol_as("seed", office, &id, form, (!device).then_some(password)).await?;
            return Ok(Some(self.pair("seed", office, &id, Some(token)).await?.token));
        };
        let live = member.tokens.get(&token);
        let claims = live.map(|live| claims_of(office, &member.post, &token, live.expires));
        Ok(claims.map(|claims| sign(&self.service.world.keys, &claims)))
    }
}
