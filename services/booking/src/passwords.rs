//! Passwords: argon2id on threads of their own, few at once because each takes 19 MiB, with a short line before them.
//! Must not know whose password it is, nor where hashes lie.

use argon2::{Algorithm, Argon2, Params, Version};
use okienko_kernel::{Entropy, Tasks, base32, keys};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{Mutex, mpsc, oneshot};

/// Threads that hash: so many times 19 MiB are in use at most.
const AT_ONCE: usize = 2;
/// How many may wait: about two seconds of work. Who comes then is asked to come again.
const WAITING: usize = 32;
/// What one run costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB, at least 8.
    memory: u32,
    /// Runs over it, at least 1.
    passes: u32,
    /// Lanes, at least 1.
    lanes: u32,
}

impl PasswordCost {
    /// What OWASP names for argon2id.
    pub const USUAL: PasswordCost = PasswordCost { memory: 19 * 1024, passes: 2, lanes: 1 };
    /// The least that argon2 takes: for simulated people, whose passwords protect nothing.
    pub const CHEAPEST: PasswordCost = PasswordCost { memory: 8, passes: 1, lanes: 1 };
}

impl Default for PasswordCost {
    fn default() -> PasswordCost {
        PasswordCost::USUAL
    }
}
/// Bytes of a hash.
const LEN: usize = 32;
/// The fewest characters of a password.
pub const SHORTEST: usize = 10;
/// The most characters of a password.
pub const LONGEST: usize = 128;

/// A password that nobody can read back. Lies sealed in the vault.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashed {
    /// Memory in KiB, runs, lanes: kept, so that a later version may ask for more.
    cost: (u32, u32, u32),
    salt: String,
    hash: String,
}

/// The line is full: nothing was done.
#[derive(Debug)]
pub struct Busy;

/// What is to be done with a password; the answer is given to the one who waits.
enum Job {
    Hash(String, Vec<u8>, oneshot::Sender<Option<Hashed>>),
    Check(String, Hashed, oneshot::Sender<bool>),
}

/// The threads that hash, and the line before them.
pub struct Passwords {
    line: mpsc::Sender<Job>,
    runs: Arc<AtomicU64>,
    /// Of nobody: compared with where there is no account, so that the answer takes as long.
    decoy: Hashed,
}

impl Passwords {
    /// Starts the threads; new passwords cost `cost`.
    pub fn start(tasks: &dyn Tasks, entropy: &dyn Entropy, cost: PasswordCost) -> Passwords {
        let (line, jobs) = mpsc::channel(WAITING);
        let jobs = Arc::new(Mutex::new(jobs));
        let runs = Arc::new(AtomicU64::new(0));
        for _ in 0..AT_ONCE {
            tasks.dedicate("passwords", Box::pin(work(jobs.clone(), runs.clone(), cost)));
        }
        let mut bytes = [0; LEN];
        entropy.fill(&mut bytes);
        let decoy =
            Hashed { cost: kept(cost), salt: base32::encode(&bytes[..16]), hash: base32::encode(&bytes) };
        Passwords { line, runs, decoy }
    }

    /// Hashes a new password with a salt of its own.
    pub async fn hash(&self, password: &str, entropy: &dyn Entropy) -> Result<Hashed, Busy> {
        let mut salt = vec![0; 16];
        entropy.fill(&mut salt);
        let (answer, answered) = oneshot::channel();
        self.line.try_send(Job::Hash(password.to_owned(), salt, answer)).map_err(|_| Busy)?;
        answered.await.ok().flatten().ok_or(Busy)
    }

    /// Whether this is the password. Without a hash it is never, after the same work.
    pub async fn check(&self, password: &str, hashed: Option<Hashed>) -> Result<bool, Busy> {
        let known = hashed.is_some();
        let (answer, answered) = oneshot::channel();
        let hashed = hashed.unwrap_or_else(|| self.decoy.clone());
        self.line.try_send(Job::Check(password.to_owned(), hashed, answer)).map_err(|_| Busy)?;
        Ok(answered.await.map_err(|_| Busy)? && known)
    }

    /// How many runs there were: what tests compare.
    pub fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }
}

fn kept(PasswordCost { memory, passes, lanes }: PasswordCost) -> (u32, u32, u32) {
    (memory, passes, lanes)
}

async fn work(jobs: Arc<Mutex<mpsc::Receiver<Job>>>, runs: Arc<AtomicU64>, cost: PasswordCost) {
    let cost = kept(cost);
    loop {
        let job = jobs.lock().await.recv().await;
        runs.fetch_add(u64::from(job.is_some()), Ordering::Relaxed);
        // Nobody may wait any more: the answer is then dropped.
        match job {
            Some(Job::Hash(password, salt, answer)) => {
                let hash = run(&password, &salt, cost);
                let hashed = hash.map(|hash| Hashed {
                    cost,
                    salt: base32::encode(&salt),
                    hash: base32::encode(&hash),
                });
                let _ = answer.send(hashed);
            }
            Some(Job::Check(password, hashed, answer)) => {
                let salt = base32::decode(&hashed.salt).unwrap_or_default();
                let ours = run(&password, &salt, hashed.cost);
                let kept = base32::decode(&hashed.hash).unwrap_or_default();
                let _ = answer.send(ours.is_some_and(|ours| keys::equal(&ours, &kept)));
            }
            None => return,
        }
    }
}

fn run(password: &str, salt: &[u8], (memory, passes, lanes): (u32, u32, u32)) -> Option<[u8; LEN]> {
    let params = Params::new(memory, passes, lanes, Some(LEN)).ok()?;
    let mut hash = [0; LEN];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into(password.as_bytes(), salt, &mut hash).ok()?;
    Some(hash)
}

/// What is wrong with a new password, as a message's key. Length is all that is asked: rules about signs make people
/// write passwords down.
pub fn fault(password: &str, address: &str) -> Option<&'static str> {
    let length = password.chars().count();
    let is_address = password.trim().eq_ignore_ascii_case(address);
    let name = address.split('@').next().unwrap_or_default();
    if length < SHORTEST {
        Some("account-password-short")
    } else if length > LONGEST {
        Some("account-password-long")
    } else if is_address || password.trim().eq_ignore_ascii_case(name) {
        Some("account-password-address")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_host::TokioTasks;
    use okienko_kernel::world::SeededEntropy;

    #[tokio::test]
    async fn the_right_password_is_known_again_and_no_other_and_nobody_has_none() {
        let entropy = SeededEntropy::new(1);
        let passwords = Passwords::start(&TokioTasks::here(), &entropy, PasswordCost::USUAL);
        let hashed = passwords.hash("correct horse", &entropy).await.unwrap();
        assert!(passwords.check("correct horse", Some(hashed.clone())).await.unwrap());
        assert!(!passwords.check("correct horsf", Some(hashed)).await.unwrap());
        assert!(!passwords.check("correct horse", None).await.unwrap());
        assert_eq!(passwords.runs(), 4);
    }

    #[tokio::test]
    async fn a_full_line_refuses_instead_of_growing() {
        let entropy = SeededEntropy::new(1);
        let passwords = Arc::new(Passwords::start(&TokioTasks::here(), &entropy, PasswordCost::USUAL));
        let many = (0..4 * WAITING).map(|_| passwords.check("x", None));
        let answers = futures::future::join_all(many).await;
        let refused = answers.iter().filter(|answer| answer.is_err()).count();
        assert!(refused > 0 && answers.iter().any(Result::is_ok), "{refused} were refused");
    }

    #[test]
    fn length_is_asked_and_the_address_is_no_password() {
        let fault = |password: &str| fault(password, "anna.nowak@example.org");
        assert_eq!(fault("zażółć gę"), Some("account-password-short"));
        assert_eq!(fault("zażółć gęś"), None);
        assert_eq!(fault(&"a".repeat(129)), Some("account-password-long"));
        assert_eq!(fault("Anna.Nowak@example.org"), Some("account-password-address"));
        assert_eq!(fault("anna.nowak"), Some("account-password-address"));
    }
}
