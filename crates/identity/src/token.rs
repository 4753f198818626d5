//! Claims as text that only we can write: `<payload>.<mac>`. Knows no revocation.

use crate::Claims;
use data_encoding::BASE64URL_NOPAD as BASE64;
use okienko_kernel::{Keys, Moment, keys};

/// Why a token is not accepted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenFault {
    /// Not signed by us.
    Forged,
    /// Expired.
    Expired,
    /// Revoked.
    Revoked,
    /// The person was away too long.
    Idle,
}

/// Encodes and signs claims: `<payload>.<mac>`, both base64url.
pub fn sign(keys: &Keys, claims: &Claims) -> String {
    let payload = serde_json::to_vec(claims).unwrap_or_default();
    format!("{}.{}", BASE64.encode(&payload), BASE64.encode(&keys.mac("staff", &[&payload])))
}

/// The claims of a token that we signed and that has not expired. The MAC is compared in constant time, before the
/// payload is read.
pub fn verify(keys: &Keys, token: &str, real_now: Moment) -> Result<Claims, TokenFault> {
    let decode = |text: &str| BASE64.decode(text.as_bytes()).map_err(|_| TokenFault::Forged);
    let (payload, mac) = token.trim().split_once('.').ok_or(TokenFault::Forged)?;
    let (payload, mac) = (decode(payload)?, decode(mac)?);
    if !keys::equal(&keys.mac("staff", &[&payload]), &mac) {
        return Err(TokenFault::Forged);
    }
    let claims: Claims = serde_json::from_slice(&payload).map_err(|_| TokenFault::Forged)?;
    if claims.expires <= real_now { Err(TokenFault::Expired) } else { Ok(claims) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_kernel::Role;

    fn keys() -> Keys {
        Keys::from_secret(b"one")
    }
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
    const BEFORE: Moment = Moment::from_micros(999);

    #[test]
    fn a_token_is_read_back_until_its_last_moment() {
        let token = sign(&keys(), &claims());
        assert_eq!(verify(&keys(), &token, BEFORE), Ok(claims()));
        assert_eq!(verify(&keys(), &token, Moment::from_micros(1_000)), Err(TokenFault::Expired));
    }

    #[test]
    fn a_token_with_any_character_changed_or_of_other_keys_is_forged() {
        let token = sign(&keys(), &claims());
        assert_eq!(verify(&Keys::from_secret(b"two"), &token, BEFORE), Err(TokenFault::Forged));
        for at in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(bytes).unwrap();
            assert_eq!(verify(&keys(), &forged, BEFORE), Err(TokenFault::Forged), "at {at}");
        }
        for text in ["", ".", "a.b", "żółw.żółw", &token[..token.len() - 3]] {
            assert_eq!(verify(&keys(), text, BEFORE), Err(TokenFault::Forged), "{text}");
        }
    }
}
