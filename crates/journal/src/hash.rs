//! The hash chain of a stream: each hash covers the event and the previous hash, so that a changed or missing event is
//! detected. Knows no engine.

use okienko_kernel::Moment;
use sha2::{Digest, Sha256};

/// SHA-256 of an event and all before it in its stream.
pub type ChainHash = [u8; 32];

/// The hash that precedes the first event of a stream.
pub const GENESIS: ChainHash = [0; 32];

/// The hash of an event that follows `previous` in `stream`.
pub fn chain(
    previous: &ChainHash,
    stream: &str,
    version: u64,
    kind: &str,
    schema: u16,
    at: Moment,
    data: &[u8],
) -> ChainHash {
    let mut hasher = Sha256::new();
    hasher.update(previous);
    for text in [stream.as_bytes(), kind.as_bytes()] {
        hasher.update((text.len() as u32).to_be_bytes());
        hasher.update(text);
    }
    hasher.update(version.to_be_bytes());
    hasher.update(schema.to_be_bytes());
    hasher.update(at.micros().to_be_bytes());
    hasher.update(data);
    hasher.finalize().into()
}
