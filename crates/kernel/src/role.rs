//! What a person or device may do at an office: one list for tokens, staff, pages and settings. Knows no token.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// A role of a person or device. Tokens, events and settings store its [`word`](Role::word), which therefore never
/// changes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Role {
    Clerk,
    Reception,
    Kiosk,
    Screen,
    Supervisor,
    Admin,
    Auditor,
    Operator,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 8] = [
        Role::Clerk,
        Role::Reception,
        Role::Kiosk,
        Role::Screen,
        Role::Supervisor,
        Role::Admin,
        Role::Auditor,
        Role::Operator,
    ];
    /// The word that stands for it in tokens, events and settings.
    pub fn word(self) -> &'static str {
        match self {
            Role::Clerk => "clerk",
            Role::Reception => "reception",
            Role::Kiosk => "kiosk",
            Role::Screen => "screen",
            Role::Supervisor => "supervisor",
            Role::Admin => "admin",
            Role::Auditor => "auditor",
            Role::Operator => "operator",
        }
    }
    /// Whether a device acts in this role rather than a person.
    pub fn is_device(self) -> bool {
        matches!(self, Role::Kiosk | Role::Screen)
    }
}

impl FromStr for Role {
    type Err = String;

    /// Parses a role's word; the error names the unknown one.
    fn from_str(word: &str) -> Result<Role, String> {
        let found = Role::ALL.into_iter().find(|role| role.word() == word);
        found.ok_or_else(|| format!("there is no role {word}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_stored_by_its_word_and_read_from_no_other() {
        for role in Role::ALL {
            assert_eq!(serde_json::to_value(role).unwrap(), role.word());
            assert_eq!(serde_json::from_value::<Role>(role.word().into()).unwrap(), role);
            assert_eq!(role.word().parse(), Ok(role));
        }
        for word in ["", "Clerk", "clerk ", "boss"] {
            assert!(word.parse::<Role>().is_err(), "{word:?}");
        }
    }
}
