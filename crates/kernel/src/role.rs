//! What a person or device at an office may do: one list for tokens, staff, pages and settings. Knows no token.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// What a person or device may do. Tokens, events and settings write it as its [`word`](Role::word), for good.
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
    /// All of them.
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
    /// Its word, as in tokens.
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
    /// Whether a machine does it, not a person.
    pub fn is_device(self) -> bool {
        matches!(self, Role::Kiosk | Role::Screen)
    }
}

impl FromStr for Role {
    type Err = String;

    /// The role of that word; the error says that there is none, for whoever wrote it.
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
