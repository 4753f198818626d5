//! Small parts of the real World: the operating system's randomness, the installation's secret in a file. Knows no
//! service.

use okienko_kernel::{Entropy, Keys};
use parking_lot::Mutex;
use std::io::Write;
use std::path::Path;

/// The operating system's randomness, fetched in blocks: a system call per id would be felt in a rush.
pub struct OsEntropy;

/// Bytes per fetch.
const BLOCK: usize = 4096;

struct Block {
    bytes: [u8; BLOCK],
    used: usize,
}

static BLOCK_OF_PROCESS: Mutex<Block> = Mutex::new(Block { bytes: [0; BLOCK], used: BLOCK });

impl Entropy for OsEntropy {
    fn fill(&self, out: &mut [u8]) {
        if out.len() > BLOCK / 4 {
            return fetch(out);
        }
        let mut block = BLOCK_OF_PROCESS.lock();
        if block.used + out.len() > BLOCK {
            fetch(&mut block.bytes);
            block.used = 0;
        }
        let from = block.used;
        let fresh = &mut block.bytes[from..from + out.len()];
        out.copy_from_slice(fresh);
        // Bytes given out are wiped.
        fresh.fill(0);
        block.used = from + out.len();
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the World's entropy")]
fn fetch(out: &mut [u8]) {
    // Without randomness no id or code is safe: better no program than a guessable one.
    assert!(getrandom::fill(out).is_ok(), "the operating system gives no randomness");
}

/// The installation's keys, from the file `secret` in the data folder, which is created at first start and readable
/// only by its owner.
pub fn installation_keys(data: &Path, entropy: &dyn Entropy) -> std::io::Result<Keys> {
    let path = data.join("secret");
    match std::fs::read(&path) {
        Ok(secret) if secret.len() >= 32 => return Ok(Keys::from_secret(&secret)),
        Ok(_) => {
            let what = format!("{} is shorter than 32 bytes: restore it from a backup", path.display());
            return Err(std::io::Error::other(what));
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let mut secret = [0u8; 32];
    entropy.fill(&mut secret);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path)?;
    file.write_all(&secret)?;
    file.sync_all()?;
    Ok(Keys::from_secret(&secret))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_draws_are_the_same_over_the_borders_of_blocks() {
        let draws: BTreeSet<[u8; 12]> = (0..5_000)
            .map(|_| {
                let mut bytes = [0; 12];
                OsEntropy.fill(&mut bytes);
                bytes
            })
            .collect();
        assert_eq!(draws.len(), 5_000);
        let mut large = vec![0; 3 * BLOCK];
        OsEntropy.fill(&mut large);
        assert!(large.iter().any(|byte| *byte != 0));
    }
}
