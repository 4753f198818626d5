//! The ALTCHA protocol, version 2: challenges, their signature, the work, and whether an answer is correct. Field names
//! are the standard's. Knows no office's rule, no clock and no store; whether an answer was used before is not checked
//! here.
//!
//! The server draws the counter itself, so that the amount of work varies little: the required prefix is half of the
//! key for that counter, and a signature of the whole key lets a wrong answer be refused without doing any work.

use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER};
use okienko_kernel::keys::equal;
use ring::{hmac, pbkdf2};
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;
use utoipa::ToSchema;

/// The only algorithm used: every browser supports it.
pub const ALGORITHM: &str = "PBKDF2/SHA-256";
/// Bytes of a derived key.
pub const KEY_BYTES: usize = 32;
/// Bytes of the prefix that an answer's key must have.
const PREFIX_BYTES: usize = KEY_BYTES / 2;
/// Maximum characters of an answer; a real one has about a thousand.
const LONGEST: usize = 4_096;

/// A challenge as it is given out and comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    /// What to do.
    pub parameters: Parameters,
    /// HMAC-SHA256 of the parameters, hexadecimal.
    pub signature: String,
}

/// What to do: find the counter for which the derived key begins with `keyPrefix`.
// The fields are in the order of their JSON names: that is the canonical form, which is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Parameters {
    /// How a key is derived: `PBKDF2/SHA-256`.
    pub algorithm: String,
    /// Iterations of one derivation.
    pub cost: u32,
    /// What the challenge is bound to.
    pub data: Data,
    /// Until when it may be answered, seconds since 1970.
    pub expires_at: i64,
    /// Bytes of the derived key.
    pub key_length: u32,
    /// How the key must begin, hexadecimal.
    pub key_prefix: String,
    /// For the server.
    pub key_signature: String,
    /// 16 bytes, hexadecimal: the password is these and the counter as four bytes, the highest first.
    pub nonce: String,
    /// 16 bytes, hexadecimal.
    pub salt: String,
}

/// What a challenge is bound to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// How many times the lowest price was doubled.
    pub level: u8,
    /// The office.
    pub office: String,
}

/// What a browser found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Solution {
    /// The counter.
    pub counter: u32,
    /// The key for it, hexadecimal.
    pub derived_key: String,
}

/// A challenge with its solution, as sent back: base64 of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// As it was issued.
    pub challenge: Challenge,
    /// The solution that was found.
    pub solution: Solution,
}

/// Why an answer does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It cannot be read.
    #[error("the answer is no base64 of an ALTCHA v2 payload")]
    Unreadable,
    /// We did not issue these parameters.
    #[error("the signature does not belong to the parameters")]
    Signature,
    /// It has expired.
    #[error("the challenge has expired")]
    Expired,
    /// It was issued for another office.
    #[error("the challenge was made for another office")]
    Office,
    /// We issued it, but no longer use such parameters.
    #[error("the parameters are not those that are asked for now")]
    Parameters,
    /// The work was not done.
    #[error("the solution is wrong")]
    Solution,
    /// It was used before.
    #[error("the challenge was used before")]
    Used,
    /// The price has risen too far since it was issued.
    #[error("the price has risen since the challenge was given")]
    Outgrown,
}

/// The two secrets: one signs parameters, one signs keys.
pub struct Secrets {
    parameters: hmac::Key,
    keys: hmac::Key,
}

impl Secrets {
    /// From two keys of the installation.
    pub fn new(parameters: &[u8; 32], keys: &[u8; 32]) -> Secrets {
        let key = |bytes: &[u8]| hmac::Key::new(hmac::HMAC_SHA256, bytes);
        Secrets { parameters: key(parameters), keys: key(keys) }
    }

    /// A challenge whose solution is `counter`. `nonce` and `salt` are random.
    pub fn challenge(
        &self,
        (cost, counter): (u32, u32),
        (nonce, salt): ([u8; 16], [u8; 16]),
        data: Data,
        expires_at: i64,
    ) -> Challenge {
        let key = derive(&nonce, &salt, cost, counter);
        let parameters = Parameters {
            algorithm: ALGORITHM.to_owned(),
            cost,
            data,
            expires_at,
            key_length: KEY_BYTES as u32,
            key_prefix: HEXLOWER.encode(&key[..PREFIX_BYTES]),
            key_signature: HEXLOWER.encode(hmac::sign(&self.keys, &key).as_ref()),
            nonce: HEXLOWER.encode(&nonce),
            salt: HEXLOWER.encode(&salt),
        };
        let signature = HEXLOWER.encode(self.signature(&parameters).as_ref());
        Challenge { parameters, signature }
    }

    fn signature(&self, parameters: &Parameters) -> hmac::Tag {
        hmac::sign(&self.parameters, canonical(parameters).as_bytes())
    }

    /// Decodes an answer to one of our challenges. The signature is checked first: nothing else in the answer is
    /// trusted before that.
    pub fn read(&self, payload: &str) -> Result<Answer, Wrong> {
        if payload.len() > LONGEST {
            return Err(Wrong::Unreadable);
        }
        let bytes = BASE64.decode(payload.as_bytes()).or_else(|_| BASE64_NOPAD.decode(payload.as_bytes()));
        let bytes = bytes.map_err(|_| Wrong::Unreadable)?;
        let answer: Answer = serde_json::from_slice(&bytes).map_err(|_| Wrong::Unreadable)?;
        let ours = HEXLOWER.encode(self.signature(&answer.challenge.parameters).as_ref());
        if equal(answer.challenge.signature.as_bytes(), ours.as_bytes()) {
            Ok(answer)
        } else {
            Err(Wrong::Signature)
        }
    }

    /// Checks a decoded answer: for this office, in time (`now` in seconds since 1970), with the current cost, and with
    /// the work done; `counters` gives the upper bound of the counter at the answer's level.
    pub fn check(
        &self,
        answer: &Answer,
        (office, now): (&str, i64),
        (cost, counters): (u32, impl Fn(u8) -> u32),
    ) -> Result<(), Wrong> {
        let Answer { challenge: Challenge { parameters, .. }, solution } = answer;
        if parameters.expires_at < now {
            return Err(Wrong::Expired);
        }
        if parameters.data.office != office {
            return Err(Wrong::Office);
        }
        let asked = parameters.algorithm == ALGORITHM
            && parameters.cost == cost
            && parameters.key_length as usize == KEY_BYTES
            && parameters.key_prefix.len() == 2 * PREFIX_BYTES;
        let (Some(nonce), Some(salt), true) = (bytes16(&parameters.nonce), bytes16(&parameters.salt), asked)
        else {
            return Err(Wrong::Parameters);
        };
        // Lowercase only, so that a key has exactly one encoding.
        let found = HEXLOWER.decode(solution.derived_key.as_bytes()).map_err(|_| Wrong::Solution)?;
        let signed = HEXLOWER.encode(hmac::sign(&self.keys, &found).as_ref());
        let cheap = solution.counter < counters(parameters.data.level)
            && solution.derived_key.starts_with(&parameters.key_prefix)
            && equal(signed.as_bytes(), parameters.key_signature.as_bytes());
        if cheap && equal(&derive(&nonce, &salt, cost, solution.counter), &found) {
            Ok(())
        } else {
            Err(Wrong::Solution)
        }
    }
}

fn bytes16(hex: &str) -> Option<[u8; 16]> {
    HEXLOWER.decode(hex.as_bytes()).ok()?.try_into().ok()
}

/// JSON without whitespace, keys in order. Serializing a struct of strings and numbers cannot fail; if it ever did,
/// nothing would match the signature.
fn canonical(parameters: &Parameters) -> String {
    serde_json::to_string(parameters).unwrap_or_default()
}

/// The key for a counter.
pub fn derive(nonce: &[u8; 16], salt: &[u8; 16], cost: u32, counter: u32) -> [u8; KEY_BYTES] {
    let mut password = [0; 20];
    password[..16].copy_from_slice(nonce);
    password[16..].copy_from_slice(&counter.to_be_bytes());
    let mut key = [0; KEY_BYTES];
    let cost = NonZeroU32::new(cost).unwrap_or(NonZeroU32::MIN);
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, cost, salt, &password, &mut key);
    key
}

#[cfg(test)]
mod tests;
