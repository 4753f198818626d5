//! What goes into an actor's mailbox. Knows no machine and no transport.

use okienko_journal::VaultChange;
use okienko_kernel::Machine;
use okienko_trace::Trace;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Identifies a request, so that a retry gets the answer of the first attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptKey {
    pub(crate) key: [u8; 16],
    pub(crate) body: [u8; 16],
}

impl ReceiptKey {
    /// Built from the route, the caller's idempotency key and the request's body.
    pub fn new(route: &str, key: &str, body: &[u8]) -> ReceiptKey {
        let route_and_key = Sha256::new().chain_update(route).chain_update([0]).chain_update(key).finalize();
        let body = Sha256::digest(body);
        let half = |hash: &[u8]| {
            let mut out = [0; 16];
            out.copy_from_slice(&hash[..16]);
            out
        };
        ReceiptKey { key: half(&route_and_key), body: half(&body) }
    }

    /// The key under which the receipt is stored.
    pub fn key(&self) -> [u8; 16] {
        self.key
    }

    /// Identifies this very request, body included: the same key with another body is another request.
    pub fn request(&self) -> [u8; 32] {
        let mut request = [0; 32];
        request[..16].copy_from_slice(&self.key);
        request[16..].copy_from_slice(&self.body);
        request
    }
}

/// A command on its way to an actor.
pub struct Order<M: Machine> {
    /// What is asked.
    pub command: M::Command,
    /// Set when the caller gave an idempotency key.
    pub receipt: Option<ReceiptKey>,
    /// Vault rows, written only when the command leads to events.
    pub vault: Vec<VaultChange>,
    /// Who asks: an id or a role, no personal data. Together with the trace it is the [`okienko_trace::Cause`] of what
    /// follows.
    pub cause: Arc<str>,
    /// The trace it belongs to, once it is sent.
    pub trace: Option<Trace>,
}

impl<M: Machine> Order<M> {
    /// A command without a receipt or vault rows.
    pub fn new(command: M::Command, cause: &str) -> Order<M> {
        Order { command, receipt: None, vault: Vec::new(), cause: cause.into(), trace: None }
    }
    /// Adds the caller's idempotency key.
    pub fn receipt(mut self, receipt: Option<ReceiptKey>) -> Order<M> {
        self.receipt = receipt;
        self
    }
    /// Adds vault rows.
    pub fn vault(mut self, vault: Vec<VaultChange>) -> Order<M> {
        self.vault = vault;
        self
    }
}
