//! Keys derived from the installation's one secret, each bound to a purpose: tokens, codes, lookups by phone, the
//! vault. Knows no storage: where the secret is kept is the host's concern.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::sync::{Arc, PoisonError, RwLock};

/// The installation's secret. Its `Debug` output reveals nothing.
#[derive(Clone)]
pub struct Keys {
    secret: [u8; 32],
    /// HMAC states cached per purpose on first use: two blocks of SHA-256 to compute instead of eight.
    begun: Arc<RwLock<MacsByPurpose>>,
}

type MacsByPurpose = Vec<(&'static str, Hmac<Sha256>)>;

impl Keys {
    /// Keys derived from a secret of any length.
    pub fn from_secret(secret: &[u8]) -> Keys {
        Keys { secret: mac_of(begun(b"okienko"), &[secret]), begun: Arc::default() }
    }
    /// HMAC-SHA256 of `parts` under the key for `purpose`. Parts are length-prefixed, so that their boundaries count.
    pub fn mac(&self, purpose: &'static str, parts: &[&[u8]]) -> [u8; 32] {
        let read = self.begun.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = read.iter().find(|(known, _)| *known == purpose) {
            return mac_of(known.clone(), parts);
        }
        drop(read);
        let new = begun(&self.key(purpose));
        let mut write = self.begun.write().unwrap_or_else(PoisonError::into_inner);
        if write.iter().all(|(known, _)| *known != purpose) {
            write.push((purpose, new.clone()));
        }
        mac_of(new, parts)
    }
    /// The 32-byte key for `purpose`, e.g. to encrypt with.
    pub fn key(&self, purpose: &str) -> [u8; 32] {
        mac_of(begun(&self.secret), &[purpose.as_bytes()])
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

/// Compares two byte strings in constant time.
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    subtle::ConstantTimeEq::ct_eq(a, b).into()
}

#[expect(clippy::unreachable, reason = "HMAC takes keys of any length")]
fn begun(key: &[u8]) -> Hmac<Sha256> {
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key) else { unreachable!("HMAC takes keys of any length") };
    mac
}

fn mac_of(mut mac: Hmac<Sha256>, parts: &[&[u8]]) -> [u8; 32] {
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_and_borders_of_parts_give_other_macs() {
        let keys = Keys::from_secret(b"s");
        assert_ne!(keys.mac("a", &[b"x"]), keys.mac("b", &[b"x"]));
        assert_ne!(keys.mac("a", &[b"xy", b"z"]), keys.mac("a", &[b"x", b"yz"]));
        assert_eq!(keys.mac("a", &[b"x"]), Keys::from_secret(b"s").mac("a", &[b"x"]));
        assert_eq!(format!("{keys:?}"), "Keys(…)");
        // For a purpose with a cached state and for one without.
        for purpose in ["a", "b", "a", "b"] {
            let fresh = Keys::from_secret(b"s");
            assert_eq!(keys.mac(purpose, &[b"x"]), fresh.mac(purpose, &[b"x"]), "{purpose}");
            assert_eq!(keys.mac(purpose, &[]), mac_of(begun(&fresh.key(purpose)), &[]), "{purpose}");
        }
    }
}
