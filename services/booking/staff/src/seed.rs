//! The demo's people and devices: enrolled once per data folder by the real commands, each with one long-lived token,
//! so that signing in takes one click. Never called by a real installation, whose program has none of this.

use crate::demo_people::DEMO_HASHED;
use crate::enrolment::{StaffForm, claims_of};
use crate::roll::StaffRoll;
use okienko_passwords::Hashed;
use okienko_web::Problem;
use okienko_web::staff::{DEMO_TOKEN, sign};
use std::sync::atomic::Ordering;

impl StaffRoll {
    /// Enrols somebody unless already enrolled; returns their token unless it was revoked.
    pub async fn seed(&self, office: &str, form: &StaffForm) -> Result<Option<String>, Problem> {
        let device = form.post.is_device();
        let id = match device {
            true => self.id_of(office, &format!("device/{}", form.name)),
            false => self.id_of(office, &form.login),
        };
        let token = format!("{id}{DEMO_TOKEN}");
        self.is_demo.store(true, Ordering::Relaxed);
        let Some(member) = self.members(office).await?.remove(&id) else {
            let password = if device { None } else { serde_json::from_str::<Hashed>(DEMO_HASHED).ok() };
            self.enrol_as("seed", office, &id, form, password).await?;
            return Ok(Some(
                self.pair("seed", office, &id, (form.post.clone(), None), Some(token)).await?.token,
            ));
        };
        let live = member.tokens.get(&token);
        let claims = live.map(|live| claims_of(office, &member.post, &token, live.expires));
        Ok(claims.map(|claims| sign(&self.service.world.keys, &claims)))
    }
}
