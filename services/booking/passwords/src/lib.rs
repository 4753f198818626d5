//! Passwords: argon2id on dedicated threads, few at once because each run takes 19 MiB, with a short queue in front.
//! Passwords are hashed in Unicode normal form C, because the same one can be typed in different encodings; a check
//! also tries the password as typed, because it used to be hashed that way. Must not know whose password it is, nor
//! where hashes are stored.

mod meter;

use argon2::{Algorithm, Argon2, Params, Version};
use meter::{Own, Weak};
use okienko_kernel::{Entropy, IfLost, Tasks, base32, keys};
use okienko_office::Office;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{Mutex, mpsc, oneshot};
use unicode_normalization::UnicodeNormalization;

/// Hashing threads: at most this many times 19 MiB are in use.
const AT_ONCE: usize = 2;
/// Queue length: about two seconds of work. Anyone beyond it is asked to try again.
const WAITING: usize = 32;
/// The cost of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB, at least 8.
    memory: u32,
    /// Passes over it, at least 1.
    passes: u32,
    /// Lanes, at least 1.
    lanes: u32,
}

impl PasswordCost {
    /// The OWASP recommendation for argon2id.
    pub const USUAL: PasswordCost = PasswordCost { memory: 19 * 1024, passes: 2, lanes: 1 };
    /// The minimum that argon2 accepts: for simulated people, whose passwords protect nothing.
    pub const CHEAPEST: PasswordCost = PasswordCost { memory: 8, passes: 1, lanes: 1 };
}

impl Default for PasswordCost {
    fn default() -> PasswordCost {
        PasswordCost::USUAL
    }
}
/// Bytes of a hash.
const LEN: usize = 32;
/// Minimum characters of a password. Together with the strength meter, ten are as hard to guess as fifteen arbitrary
/// ones.
pub const SHORTEST: usize = 10;
/// Maximum characters of a password: a long sentence. More would cost work and add nothing.
pub const LONGEST: usize = 128;

/// A hashed password. Stored sealed in the vault.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashed {
    /// Memory in KiB, passes, lanes: stored, so that a later version may raise them.
    cost: (u32, u32, u32),
    salt: String,
    hash: String,
}

/// The queue is full: nothing was done.
#[derive(Debug)]
pub struct Busy;

/// A job for a thread; the answer goes to whoever waits for it.
enum Job {
    Hash(String, Vec<u8>, oneshot::Sender<Option<Hashed>>),
    Check(String, Hashed, oneshot::Sender<bool>),
    Measure(String, Own, oneshot::Sender<Option<Weak>>),
}

/// The hashing threads and their queue.
pub struct Passwords {
    line: mpsc::Sender<Job>,
    runs: Arc<AtomicU64>,
    /// Nobody's hash: compared if there is no account, so that the answer takes as long.
    decoy: Hashed,
}

impl Passwords {
    /// Starts the threads; new passwords are hashed at `cost`.
    pub fn start(tasks: &dyn Tasks, entropy: &dyn Entropy, cost: PasswordCost) -> Passwords {
        let (line, jobs) = mpsc::channel(WAITING);
        let jobs = Arc::new(Mutex::new(jobs));
        let runs = Arc::new(AtomicU64::new(0));
        for _ in 0..AT_ONCE {
            tasks.dedicate("passwords", IfLost::Ends, Box::pin(work(jobs.clone(), runs.clone(), cost)));
        }
        let mut bytes = [0; LEN];
        entropy.fill(&mut bytes);
        let decoy =
            Hashed { cost: kept(cost), salt: base32::encode(&bytes[..16]), hash: base32::encode(&bytes) };
        Passwords { line, runs, decoy }
    }

    /// Hashes a new password with a fresh salt.
    pub async fn hash(&self, password: &str, entropy: &dyn Entropy) -> Result<Hashed, Busy> {
        let mut salt = vec![0; 16];
        entropy.fill(&mut salt);
        let (answer, answered) = oneshot::channel();
        self.line.try_send(Job::Hash(one_form(password), salt, answer)).map_err(|_| Busy)?;
        answered.await.ok().flatten().ok_or(Busy)
    }

    /// Whether this is the password. Without a hash always false, after the same work.
    pub async fn check(&self, password: &str, hashed: Option<Hashed>) -> Result<bool, Busy> {
        let known = hashed.is_some();
        let (answer, answered) = oneshot::channel();
        let hashed = hashed.unwrap_or_else(|| self.decoy.clone());
        self.line.try_send(Job::Check(password.to_owned(), hashed, answer)).map_err(|_| Busy)?;
        Ok(answered.await.map_err(|_| Busy)? && known)
    }

    /// What is wrong with a new password of somebody with this address at this office, as a message key. Rules about
    /// character classes make people write passwords down; the only requirement is that it is hard to guess.
    pub async fn fault(
        &self,
        password: &str,
        office: &Office,
        address: &str,
    ) -> Result<Option<&'static str>, Busy> {
        if let Some(fault) = seen_at_once(password, address) {
            return Ok(Some(fault));
        }
        // Measuring takes a while for some passwords, so it goes through the queue like the rest.
        let (answer, answered) = oneshot::channel();
        let job = Job::Measure(one_form(password), own_words(office, address), answer);
        self.line.try_send(job).map_err(|_| Busy)?;
        Ok(match answered.await.map_err(|_| Busy)? {
            Some(Weak::Own) => Some("account-password-own"),
            Some(Weak::Common) => Some("account-password-common"),
            None => None,
        })
    }

    /// How many argon2 runs there were; compared by tests.
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
        // If nobody waits any more, the answer is dropped.
        match job {
            Some(Job::Hash(password, salt, answer)) => {
                runs.fetch_add(1, Ordering::Relaxed);
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
                let kept = base32::decode(&hashed.hash).unwrap_or_default();
                let fits = |password: &str| {
                    runs.fetch_add(1, Ordering::Relaxed);
                    run(password, &salt, hashed.cost).is_some_and(|ours| keys::equal(&ours, &kept))
                };
                let form = one_form(&password);
                // Second as typed, as older versions hashed it. The same work whether or not there is an account.
                let _ = answer.send(fits(&form) || (form != password && fits(&password)));
            }
            Some(Job::Measure(password, own, answer)) => {
                let _ = answer.send(meter::weak(&password, &own));
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

/// Unicode normal form C: `ó` is one code point from one keyboard and two from another. No spaces are removed and
/// nothing else is changed.
fn one_form(password: &str) -> String {
    password.nfc().collect()
}

/// Whether it has more characters than any password may have, and so cannot be anybody's.
pub fn is_too_long(password: &str) -> bool {
    password.nfc().count() > LONGEST
}

/// Faults that need no measuring.
fn seen_at_once(password: &str, address: &str) -> Option<&'static str> {
    let length = password.nfc().count();
    let is_address = password.trim().eq_ignore_ascii_case(address);
    let name = address.split('@').next().unwrap_or_default();
    let is_blank = |c: char| {
        c.is_whitespace() || c.is_control() || "\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}".contains(c)
    };
    if length < SHORTEST {
        Some("account-password-short")
    } else if length > LONGEST {
        Some("account-password-long")
    } else if password.chars().all(is_blank) {
        Some("account-password-blank")
    } else if is_address || password.trim().eq_ignore_ascii_case(name) {
        Some("account-password-address")
    } else {
        None
    }
}

/// What somebody would try who knows the person's address and the office.
fn own_words(office: &Office, address: &str) -> Own {
    let mut texts = vec![address.to_owned(), office.id.clone(), office.sender.clone(), office.host.clone()];
    let mut say = |text: &okienko_office::text::Text| texts.extend(text.by_locale().map(|(_, text)| text));
    say(&office.name);
    office.locations.iter().for_each(|it| [&it.name, &it.address].into_iter().for_each(&mut say));
    office.categories.iter().for_each(|it| say(&it.name));
    office.services.iter().for_each(|it| say(&it.name));
    texts.extend(office.locations.iter().map(|it| it.id.clone()));
    Own::of(texts.iter().map(String::as_str))
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

    #[tokio::test]
    async fn a_password_is_one_however_its_letters_are_made_and_those_of_before_are_known_again() {
        let entropy = SeededEntropy::new(1);
        let passwords = Passwords::start(&TokioTasks::here(), &entropy, PasswordCost::CHEAPEST);
        let composed = "zażółć gęślą jaźń";
        let apart: String = composed.nfd().collect();
        assert_ne!(composed, apart);
        let hashed = passwords.hash(&apart, &entropy).await.unwrap();
        for typed in [composed, &apart] {
            assert!(passwords.check(typed, Some(hashed.clone())).await.unwrap(), "{typed:?}");
        }
        // As older versions stored it: hashed as typed.
        let salt = [7; 16];
        let hash = run(&apart, &salt, kept(PasswordCost::CHEAPEST)).unwrap();
        let old = Hashed {
            cost: kept(PasswordCost::CHEAPEST),
            salt: base32::encode(&salt),
            hash: base32::encode(&hash),
        };
        assert!(passwords.check(&apart, Some(old.clone())).await.unwrap(), "the keyboard of before");
        assert!(!passwords.check("inne hasło", Some(old)).await.unwrap());
        // The same work with and without an account.
        for typed in [composed, &apart] {
            let mut runs = Vec::new();
            for hashed in [Some(passwords.decoy.clone()), None] {
                let before = passwords.runs();
                assert!(!passwords.check(typed, hashed).await.unwrap());
                runs.push(passwords.runs() - before);
            }
            assert_eq!(runs[0], runs[1]);
        }
    }

    #[test]
    fn length_is_asked_and_neither_blanks_nor_the_address_are_a_password() {
        let fault = |password: &str| seen_at_once(password, "anna.nowak@example.org");
        assert_eq!(fault("zażółć gę"), Some("account-password-short"));
        let apart: String = "zażółć gę".nfd().collect();
        assert_eq!(fault(&apart), Some("account-password-short"), "marks are no signs of their own");
        assert_eq!(fault("zażółć gęś"), None);
        assert_eq!(fault(&"a".repeat(129)), Some("account-password-long"));
        let long: String = "ó".repeat(128).nfd().collect();
        assert_eq!(fault(&long), None);
        assert_eq!(fault("Anna.Nowak@example.org"), Some("account-password-address"));
        assert_eq!(fault("anna.nowak"), Some("account-password-address"));
        for blank in [
            "          ",
            "\t\t\t\t\t\t\t\t\t\t",
            "\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}     ",
            &"\u{200b}".repeat(12),
        ] {
            assert_eq!(fault(blank), Some("account-password-blank"), "{blank:?}");
        }
    }
}
