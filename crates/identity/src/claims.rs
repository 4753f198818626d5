//! What a token says, and how far it reaches. Knows no key.

use okienko_kernel::{Moment, Role};
use serde::{Deserialize, Serialize};

/// What a token says. Signed, not secret: no names of people in it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Names the token itself, for revocation and the access log.
    pub id: String,
    /// The office; an operator's token has `*`, for all of them.
    pub office: String,
    /// What it allows.
    pub roles: Vec<Role>,
    /// Only there, where given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// At that counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<String>,
    /// Until then, by the real clock.
    pub expires: Moment,
}

/// What a token does not allow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Beyond {
    /// Another role, office or location is needed.
    Reach,
    /// A location must be named in it.
    NoLocation,
    /// A counter must be named in it.
    NoCounter,
}

impl Claims {
    /// Whether it has the role.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
    /// Refuses without any of these roles.
    pub fn require(&self, any_of: &[Role]) -> Result<(), Beyond> {
        allow(any_of.iter().any(|role| self.has(*role)))
    }
    /// Refuses at another office; an operator may be at all.
    pub fn at_office(&self, office: &str) -> Result<(), Beyond> {
        allow(self.office == office || (self.office == "*" && self.has(Role::Operator)))
    }
    /// Refuses at another office or location; a token without a location may be at all of its office's.
    pub fn at_location(&self, office: &str, location: &str) -> Result<(), Beyond> {
        self.at_office(office)?;
        allow(self.location.as_deref().is_none_or(|ours| ours == location))
    }
    /// The location that a device's or clerk's token must name.
    pub fn location(&self) -> Result<&str, Beyond> {
        self.location.as_deref().ok_or(Beyond::NoLocation)
    }
    /// The counter that a clerk's token must name.
    pub fn counter(&self) -> Result<&str, Beyond> {
        self.counter.as_deref().ok_or(Beyond::NoCounter)
    }
    /// Whether the key was made by hand: one that was given to a person or device bears their id and a dash.
    pub fn is_by_hand(&self) -> bool {
        !self.id.contains('-')
    }
}

fn allow(allowed: bool) -> Result<(), Beyond> {
    if allowed { Ok(()) } else { Err(Beyond::Reach) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Claims {
        Claims {
            id: "c1".into(),
            office: "torun".into(),
            roles: vec![Role::Clerk],
            location: Some("glowny".into()),
            counter: Some("3".into()),
            expires: Moment::from_micros(1_000),
        }
    }

    #[test]
    fn claims_reach_no_other_role_office_or_location() {
        let ours = claims();
        assert!(ours.require(&[Role::Supervisor, Role::Clerk]).is_ok());
        assert!(ours.at_location("torun", "glowny").is_ok());
        for refused in [
            ours.require(&[Role::Admin]),
            ours.at_office("wroclaw"),
            ours.at_location("torun", "plaza"),
            ours.at_location("wroclaw", "glowny"),
        ] {
            assert_eq!(refused, Err(Beyond::Reach));
        }
        let star = Claims { office: "*".into(), ..ours };
        assert!(star.at_office("torun").is_err(), "only an operator is everywhere");
    }
}
