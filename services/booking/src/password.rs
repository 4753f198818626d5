//! Passwords: hashed slowly (Argon2id), on threads that may wait, few at once. Knows no people.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use okienko_kernel::Entropy;
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Memory of one hash, KiB: 19 MiB.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 2;
/// Hashes at once: each fills a core and its memory.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// Hashes under way and waiting; beyond that there is no use in waiting.
static IN_ALL: Semaphore = Semaphore::const_new(64);

/// What was asked cannot be done now; ask again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords at once")]
pub struct Busy;

/// A hash of nobody's password: an unknown login costs as much as a known one.
static NOBODYS: LazyLock<String> = LazyLock::new(|| {
    let salt = SaltString::encode_b64(b"nobody's salt..").ok();
    salt.and_then(|salt| hashed(b"nobody's password", &salt)).unwrap_or_default()
});

/// The hash of a new password, as a PHC string with its own salt.
pub async fn hash(password: &str, entropy: &dyn Entropy) -> Result<String, Busy> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    let salt = SaltString::encode_b64(&salt).map_err(|_| Busy)?;
    let password = password.to_owned();
    aside(move || hashed(password.as_bytes(), &salt)).await?.ok_or(Busy)
}

/// Whether the password is that of the hash; with no hash the same work, and no.
pub async fn verify(password: &str, hash: Option<&str>) -> Result<bool, Busy> {
    let (password, hash) = (password.to_owned(), hash.map(str::to_owned));
    aside(move || {
        let known = hash.is_some();
        let hash = hash.as_deref().unwrap_or(&NOBODYS);
        let right = PasswordHash::new(hash)
            .is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok());
        right && known
    })
    .await
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hashed(password: &[u8], salt: &SaltString) -> Option<String> {
    argon2().hash_password(password, salt).ok().map(|hash| hash.to_string())
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
    let _waits = IN_ALL.try_acquire().map_err(|_| Busy)?;
    let permit = AT_ONCE.acquire().await.map_err(|_| Busy)?;
    // The permit goes with the work: an asker who leaves does not make room for another hash.
    let work = move || {
        let done = work();
        drop(permit);
        done
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| Busy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_kernel::world::SeededEntropy;

    #[tokio::test]
    async fn a_password_opens_its_own_hash_alone_and_no_hash_opens_nothing() {
        let entropy = SeededEntropy::new(1);
        let first = hash("correct horse", &entropy).await.unwrap();
        assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_ne!(first, hash("correct horse", &entropy).await.unwrap(), "each has its own salt");
        assert_eq!(verify("correct horse", Some(&first)).await, Ok(true));
        assert_eq!(verify("correct hors", Some(&first)).await, Ok(false));
        assert_eq!(verify("nobody's password", None).await, Ok(false));
        assert!(NOBODYS.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "the same work for nobody");
    }
}
