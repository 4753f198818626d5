//! Who calls: a role of this installation shows a key that is derived from the installation's secret, so that nobody has
//! to hand keys out. It says "one of us", not which one; where the network is not trusted, TLS goes around it.

use http::{HeaderMap, HeaderValue, header};
use okienko_kernel::{Keys, base32, keys};

/// What a call shows and a server asks for.
#[derive(Clone)]
pub struct ServiceKey(HeaderValue);

impl ServiceKey {
    /// That of an installation.
    pub fn of(installation: &Keys) -> ServiceKey {
        let shown = format!("Bearer {}", base32::encode(&installation.mac("service key", &[])));
        let mut value = HeaderValue::from_str(&shown).unwrap_or_else(|_| HeaderValue::from_static("-"));
        // Whoever prints headers prints this one as a word.
        value.set_sensitive(true);
        ServiceKey(value)
    }

    /// Puts it into a call.
    pub(crate) fn show(&self, headers: &mut HeaderMap) {
        headers.insert(header::AUTHORIZATION, self.0.clone());
    }

    /// Whether a call shows it; takes the same time wherever it differs.
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
