//! Ids that carry their way: an id contains office, place (pool or location) and day, so that the stream, the actor and
//! its home follow without a lookup table. A token is an id with a MAC, proof that its bearer was given it.
//!
//! Knows nothing of what an id names; whether the place exists is for the reader to check.

use crate::base32;
use crate::civil::Day;
use crate::keys::Keys;
use crate::world::Entropy;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// What an id names. Encoded in the id, so that one kind is never mistaken for another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum IdKind {
    /// A held place, until it is confirmed or released.
    Hold = 1,
    /// A confirmed visit.
    Reservation = 2,
    /// A place in a hall's queue.
    Ticket = 3,
    /// A person whose data is in the vault.
    Subject = 4,
    /// The proof of a phone or mail address by a code.
    Verification = 5,
    /// A text message, sent or still to be sent.
    Message = 6,
    /// A citizen's account at an office.
    Account = 7,
}

/// Where an id leads: office, pool or location, and local day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Way {
    /// The office's number, 1 to 16,777,215; never reused.
    pub office: u32,
    /// The number of the pool or location within the office; 0 where there is none.
    pub place: u16,
    /// The local day of the office.
    pub day: Day,
}

const LEN: usize = 16;
const MAC_LEN: usize = 8;

/// An id: kind, way and 64 random bits; 26 characters of base 32.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; LEN]);

/// The text is not an id or token of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the expected kind")]
pub struct NotAnId;

impl Id {
    /// A new id with random bits from `entropy`.
    pub fn new(kind: IdKind, way: Way, entropy: &dyn Entropy) -> Id {
        let mut bytes = [0u8; LEN];
        bytes[0] = kind as u8;
        bytes[1..4].copy_from_slice(&way.office.to_be_bytes()[1..]);
        bytes[4..6].copy_from_slice(&way.place.to_be_bytes());
        bytes[6..8].copy_from_slice(&way.day.number().unwrap_or_default().to_be_bytes());
        entropy.fill(&mut bytes[8..]);
        Id(bytes)
    }
    /// The same way and random bits under another kind: a hold and the reservation that it became share them.
    pub fn as_kind(self, kind: IdKind) -> Id {
        let mut bytes = self.0;
        bytes[0] = kind as u8;
        Id(bytes)
    }
    /// The kind; `None` for a byte that no version has written.
    pub fn kind(self) -> Option<IdKind> {
        Some(match self.0[0] {
            1 => IdKind::Hold,
            2 => IdKind::Reservation,
            3 => IdKind::Ticket,
            4 => IdKind::Subject,
            5 => IdKind::Verification,
            6 => IdKind::Message,
            7 => IdKind::Account,
            _ => return None,
        })
    }
    /// Office, place and day.
    pub fn way(self) -> Way {
        let b = &self.0;
        Way {
            office: u32::from_be_bytes([0, b[1], b[2], b[3]]),
            place: u16::from_be_bytes([b[4], b[5]]),
            day: Day::from_number(u16::from_be_bytes([b[6], b[7]])),
        }
    }
    /// The raw bytes, e.g. to derive a key or code from.
    pub fn bytes(&self) -> &[u8; LEN] {
        &self.0
    }
    /// Parses an id of this kind.
    pub fn parse(kind: IdKind, text: &str) -> Result<Id, NotAnId> {
        let id: Id = text.parse()?;
        if id.kind() == Some(kind) { Ok(id) } else { Err(NotAnId) }
    }
    /// The token of this id: the id and its MAC, 39 characters of base 32. Only somebody who was given it can have it.
    pub fn token(self, keys: &Keys) -> String {
        let mut bytes = self.0.to_vec();
        bytes.extend_from_slice(&keys.mac("token", &[&self.0])[..MAC_LEN]);
        base32::encode(&bytes)
    }
    /// Recovers the id from a token of this kind if its MAC is valid; compared in constant time.
    pub fn from_token(kind: IdKind, token: &str, keys: &Keys) -> Result<Id, NotAnId> {
        let bytes = base32::decode(token).ok_or(NotAnId)?;
        if bytes.len() != LEN + MAC_LEN {
            return Err(NotAnId);
        }
        let (id, mac) = bytes.split_at(LEN);
        let id = Id(id.try_into().map_err(|_| NotAnId)?);
        let ours = keys.mac("token", &[&id.0]);
        let same = crate::keys::equal(&ours[..MAC_LEN], mac);
        if same && id.kind() == Some(kind) { Ok(id) } else { Err(NotAnId) }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base32::encode(&self.0))
    }
}
impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
impl FromStr for Id {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Id, NotAnId> {
        let bytes = base32::decode(text).ok_or(NotAnId)?;
        Ok(Id(bytes.try_into().map_err(|_| NotAnId)?))
    }
}
impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::SeededEntropy;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_leads_back_to_its_way(office in 1u32..16_777_216, place: u16, day: u16, seed: u64) {
            let way = Way { office, place, day: Day::from_number(day) };
            let id = Id::new(IdKind::Ticket, way, &SeededEntropy::new(seed));
            prop_assert_eq!(id.way(), way);
            prop_assert_eq!(Id::parse(IdKind::Ticket, &id.to_string()), Ok(id));
            prop_assert_eq!(Id::parse(IdKind::Hold, &id.to_string()), Err(NotAnId));
        }

        #[test]
        fn a_token_with_any_character_changed_is_refused(at in 0usize..39, to in 0u8..32, seed: u64) {
            let keys = Keys::from_secret(b"one");
            let way = Way { office: 1, place: 2, day: Day::from_number(9) };
            let id = Id::new(IdKind::Reservation, way, &SeededEntropy::new(seed));
            let token = id.token(&keys);
            prop_assert_eq!(Id::from_token(IdKind::Reservation, &token, &keys), Ok(id));
            prop_assert_eq!(Id::from_token(IdKind::Reservation, &token, &Keys::from_secret(b"two")), Err(NotAnId));
            let mut bytes = token.clone().into_bytes();
            let new = base32::encode(&[to << 3]).as_bytes()[0];
            prop_assume!(bytes[at] != new);
            bytes[at] = new;
            let forged = String::from_utf8(bytes).unwrap();
            prop_assert_eq!(Id::from_token(IdKind::Reservation, &forged, &keys), Err(NotAnId));
        }
    }
}
