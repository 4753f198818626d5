//! People and devices of the demo, found wherever they are: a demo folder may have been used for a real installation.
//! Enrols nobody.

use crate::domain::{StaffEvent, stream_key};
use crate::roll::StaffRoll;
use okienko_journal::{Engine, JournalError};
use okienko_passwords::Hashed;
use okienko_web::Problem;
use okienko_web::staff::DEMO_TOKEN;
use std::collections::BTreeMap;

/// Everybody's password; shown on the sign-in page.
pub const DEMO_PASSWORD: &str = "demo";
/// The stored hash of that password. Hashing it for each of two dozen people would add half a second to every first
/// start, and the memory of two hashes for as long as the program runs.
pub(crate) const DEMO_HASHED: &str = r#"{"cost":[19456,2,1],"salt":"yjqr8fncpk1gc8wambpx7y1p2g","hash":"nzvq3qhx7akb9j3hkchgba4jfxnp7rkgggd08svbz4fa8nj7ge6g"}"#;

impl StaffRoll {
    /// How many demo people and devices each office has: those with a demo key, and those with the demo password.
    pub async fn demo_people(&self) -> Result<BTreeMap<String, usize>, Problem> {
        let known = serde_json::from_str::<Hashed>(DEMO_HASHED).ok();
        let mut found = BTreeMap::new();
        for office in self.offices.all().iter().map(|known| known.office.id.clone()) {
            let (ids, members): (Vec<_>, Vec<_>) = self.members(&office).await?.into_iter().unzip();
            let profiles = self.profiles(&office, &ids).await?;
            let of_demo = members.iter().zip(&profiles).filter(|(member, profile)| {
                let has_key = member.tokens.keys().any(|token| token.ends_with(DEMO_TOKEN));
                let has_password =
                    !member.disabled && profile.password.is_some() && profile.password == known;
                has_key || has_password
            });
            match of_demo.count() {
                0 => {}
                count => _ = found.insert(office, count),
            }
        }
        Ok(found)
    }
}

/// Whether demo people were ever enrolled in this journal.
pub async fn has_demo_people(journal: &dyn Engine) -> Result<bool, JournalError> {
    for stream in journal.streams(&stream_key("")).await? {
        for event in journal.read_stream(&stream, 0).await? {
            if matches!(event.read(), Some(StaffEvent::Issued(it)) if it.token.ends_with(DEMO_TOKEN)) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_host::TokioTasks;
    use okienko_kernel::world::SeededEntropy;
    use okienko_passwords::{PasswordCost, Passwords};

    #[tokio::test]
    async fn the_kept_hash_is_of_the_password_that_the_sign_in_page_says() {
        let entropy = SeededEntropy::new(26);
        let passwords = Passwords::start(&TokioTasks::here(), &entropy, PasswordCost::USUAL);
        let fresh = passwords.hash(DEMO_PASSWORD, &entropy).await.unwrap();
        let kept: Hashed = serde_json::from_str(DEMO_HASHED).unwrap();
        let right = passwords.check(DEMO_PASSWORD, Some(kept)).await.unwrap();
        assert!(right, "write: {}", serde_json::to_string(&fresh).unwrap());
    }
}
