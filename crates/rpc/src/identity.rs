//! Authenticates callers: a role of this installation presents a key derived from the installation's secret, so that
//! nobody has to distribute keys. It proves "one of us", not which one; on an untrusted network, TLS goes around it.
//! Knows no service.

use http::{HeaderMap, HeaderValue, header};
use okienko_kernel::{Keys, base32, keys};

/// The key that a call presents and a server requires.
#[derive(Clone)]
pub struct ServiceKey(HeaderValue);

impl ServiceKey {
    /// The key of an installation.
    pub fn of(installation: &Keys) -> ServiceKey {
        let shown = format!("Bearer {}", base32::encode(&installation.mac("service key", &[])));
        let mut value = HeaderValue::from_str(&shown).unwrap_or_else(|_| HeaderValue::from_static("-"));
        // Debug output of headers then hides the value.
        value.set_sensitive(true);
        ServiceKey(value)
    }

    /// Adds it to a call.
    pub(crate) fn show(&self, headers: &mut HeaderMap) {
        headers.insert(header::AUTHORIZATION, self.0.clone());
    }

    /// Whether a call presents it; compared in constant time.
    pub(crate) fn is_shown(&self, headers: &HeaderMap) -> bool {
        let shown = headers.get(header::AUTHORIZATION);
        shown.is_some_and(|shown| keys::equal(shown.as_bytes(), self.0.as_bytes()))
    }
}

impl std::fmt::Debug for ServiceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServiceKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_installation_is_one_of_us() {
        let (ours, theirs) = (Keys::from_secret(b"ours"), Keys::from_secret(b"theirs"));
        let key = ServiceKey::of(&ours);
        let mut headers = HeaderMap::new();
        assert!(!key.is_shown(&headers));
        ServiceKey::of(&theirs).show(&mut headers);
        assert!(!key.is_shown(&headers));
        ServiceKey::of(&ours).show(&mut headers);
        assert!(key.is_shown(&headers));
        assert_eq!(format!("{key:?} {headers:?}"), "ServiceKey(…) {\"authorization\": Sensitive}");
    }
}
