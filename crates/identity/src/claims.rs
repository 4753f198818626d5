//! What a token says, and what it allows. Knows no key.

use okienko_kernel::{Moment, Role};
use serde::{Deserialize, Serialize};

/// A token's content. Signed, not secret: contains no names of people.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Names the token itself, for revocation and the access log.
    pub id: String,
    /// The office's id; `*`, for all offices, in an operator's token.
    pub office: String,
    /// The roles it grants.
    pub roles: Vec<Role>,
    /// If set, it is valid at this location only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The counter it is for, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<String>,
    /// When it expires, in real time.
    pub expires: Moment,
}

/// Why a token does not allow something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Beyond {
    /// Another role, office or location is needed.
    Reach,
    /// The token must name a location.
    NoLocation,
    /// The token must name a counter.
    NoCounter,
}

impl Claims {
    /// Whether it has the role.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
    /// Refuses a token without any of these roles.
    pub fn require(&self, any_of: &[Role]) -> Result<(), Beyond> {
        allow(any_of.iter().any(|role| self.has(*role)))
    }
    /// Refuses another office; an operator's token for `*` is valid at all.
    pub fn at_office(&self, office: &str) -> Result<(), Beyond> {
        allow(self.office == office || (self.office == "*" && self.has(Role::Operator)))
    }
    /// Refuses another office or location; a token without a location is valid at all of its office's.
    pub fn at_location(&self, office: &str, location: &str) -> Result<(), Beyond> {
        self.at_office(office)?;
        allow(self.location.as_deref().is_none_or(|ours| ours == location))
    }
    /// The location; required of a device's or clerk's token.
    pub fn location(&self) -> Result<&str, Beyond> {
        self.location.as_deref().ok_or(Beyond::NoLocation)
    }
    /// The counter; required of a clerk's token.
    pub fn counter(&self) -> Result<&str, Beyond> {
        self.counter.as_deref().ok_or(Beyond::NoCounter)
    }
    /// Whether the token was made by hand: the id of one issued to a person or device is theirs followed by a dash.
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
