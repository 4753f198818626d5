//! Waiting instead of working, for browsers without JavaScript: a signed ticket that becomes valid after some seconds,
//! can be used once, and only by the network it was issued to. The delay is the price; the number of tickets per
//! network is limited hard.

use super::figures::{WAIT_DOUBLINGS, WAIT_LIFE_S, WAIT_S, WAITS_PER_ACCOUNT, WAITS_PER_NETWORK};
use super::network::Network;
use super::{Asker, Gate, act};
use okienko_kernel::{base32, keys};
use okienko_office::Office;
use okienko_web::{ClientAddr, Problem};

/// A ticket that was decoded and is ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// From when it is valid, in seconds since 1970.
    from: i64,
    nonce: String,
}

impl Wait {
    /// Seconds until it is valid; 0 when it is.
    pub fn left(&self, now: i64) -> i64 {
        (self.from - now).max(0)
    }
    /// Whether it is valid now: its wait is over, and it has not expired.
    pub fn is_over(&self, now: i64) -> bool {
        (self.from..=self.from + WAIT_LIFE_S).contains(&now)
    }
    /// Whether it has expired.
    pub fn is_void(&self, now: i64) -> bool {
        now > self.from + WAIT_LIFE_S
    }
    pub(super) fn nonce(&self) -> &str {
        &self.nonce
    }
}

impl Gate {
    /// A ticket for somebody who waits, as text for an address; the higher the network's price, the longer the wait.
    pub async fn start_wait(&self, office: &Office, asker: Asker<'_>) -> Result<String, Problem> {
        let network = self.network(asker.client);
        let mut hits = network.hits("wait", WAITS_PER_NETWORK);
        hits.extend(self.of_account("wait", asker, WAITS_PER_ACCOUNT));
        self.allowed(office, &network, act::WAIT, &hits).await?;
        let doublings = self.level(office, &network).await.min(WAIT_DOUBLINGS);
        let mut nonce = [0; 16];
        self.world.entropy.fill(&mut nonce);
        let wait = Wait { from: self.seconds() + (WAIT_S << doublings), nonce: base32::encode(&nonce) };
        Ok(format!("{}-{}-{}", wait.from, wait.nonce, self.sign_wait(office, &network, &wait)))
    }

    /// The ticket in an address, with the current second; `None` if it is not ours, or was issued to another network.
    pub fn wait(&self, office: &Office, client: ClientAddr, ticket: &str) -> Option<(Wait, i64)> {
        Some((self.read_wait(office, &self.network(client), ticket)?, self.seconds()))
    }

    pub(super) fn read_wait(&self, office: &Office, network: &Network, ticket: &str) -> Option<Wait> {
        let mut parts = ticket.splitn(3, '-');
        let (from, nonce, mac) = (parts.next()?, parts.next()?, parts.next()?);
        let wait = Wait { from: from.parse().ok()?, nonce: nonce.to_owned() };
        let ours = self.sign_wait(office, network, &wait);
        keys::equal(mac.as_bytes(), ours.as_bytes()).then_some(wait)
    }

    fn sign_wait(&self, office: &Office, network: &Network, wait: &Wait) -> String {
        // In its text form: a wait that began before an upgrade continues after it.
        let id = network.id.to_string();
        let parts = [office.id.as_bytes(), id.as_bytes(), &wait.from.to_be_bytes(), wait.nonce.as_bytes()];
        base32::encode(&self.world.keys.mac("wait", &parts)[..16])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_counts_after_its_wait_and_for_some_minutes() {
        let wait = Wait { from: 100, nonce: String::new() };
        assert_eq!((wait.left(85), wait.is_over(85), wait.is_void(85)), (15, false, false));
        assert_eq!((wait.left(99), wait.is_over(99)), (1, false));
        assert_eq!((wait.left(100), wait.is_over(100)), (0, true));
        assert!(wait.is_over(100 + WAIT_LIFE_S) && !wait.is_void(100 + WAIT_LIFE_S));
        assert!(!wait.is_over(101 + WAIT_LIFE_S) && wait.is_void(101 + WAIT_LIFE_S));
    }
}
