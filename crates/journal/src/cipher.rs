//! Encryption of vault rows: personal data lies beside the journal, sealed, and can be deleted. XChaCha20-Poly1305 with
//! the row's id as associated data, so that a row moved to another id does not open. Knows no engine and no content.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use okienko_kernel::{Entropy, Fault, Keys};

/// Seals and opens rows of one service.
pub struct Cipher {
    cipher: XChaCha20Poly1305,
}

/// A sealed row: nonce and ciphertext.
pub type Sealed = Vec<u8>;

const NONCE: usize = 24;

impl Cipher {
    /// The cipher of a service's vault, e.g. "booking".
    pub fn new(keys: &Keys, service: &str) -> Cipher {
        let key = keys.key(&format!("vault/{service}"));
        Cipher { cipher: XChaCha20Poly1305::new(&key.into()) }
    }
    /// Encrypts `plain` for the row `id`; [`Fault::NotDone`] when that fails, so that nothing is written in the clear.
    pub fn seal(&self, id: &str, plain: &[u8], entropy: &dyn Entropy) -> Result<Sealed, Fault> {
        let mut nonce = [0u8; NONCE];
        entropy.fill(&mut nonce);
        let payload = Payload { msg: plain, aad: id.as_bytes() };
        let mut out = nonce.to_vec();
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload);
        out.extend(sealed.map_err(|_| Fault::NotDone("a row cannot be encrypted".into()))?);
        Ok(out)
    }
    /// Decrypts the row `id`; `None` when it was sealed for another row, sealed with another key, or altered.
    pub fn open(&self, id: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, text) = sealed.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        self.cipher.decrypt(&XNonce::from(nonce), Payload { msg: text, aad: id.as_bytes() }).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_kernel::world::SeededEntropy;

    #[test]
    fn a_row_opens_only_under_its_own_id_and_key() {
        let cipher = Cipher::new(&Keys::from_secret(b"a"), "booking");
        let sealed = cipher.seal("x", b"Jan Kowalski", &SeededEntropy::new(1)).unwrap();
        assert_eq!(cipher.open("x", &sealed).as_deref(), Some(&b"Jan Kowalski"[..]));
        assert_eq!(cipher.open("y", &sealed), None);
        assert_eq!(Cipher::new(&Keys::from_secret(b"b"), "booking").open("x", &sealed), None);
        assert_eq!(cipher.open("x", &sealed[..10]), None);
        assert!(!sealed.windows(3).any(|w| w == b"Jan"));
    }
}
