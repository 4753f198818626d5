//! How links and sessions of accounts are encoded: their content and a MAC over it. They are not stored; holding one is
//! the proof that it was issued. Must not know whether the account still accepts it.

use okienko_kernel::{Id, IdKind, Keys, Moment, base32, keys};

/// What a link is for; part of its MAC, so that a link for one purpose cannot be used for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// Activates an account.
    Activation = 1,
    /// Sets a password.
    Reset = 2,
    /// Confirms a new address.
    Address = 3,
}

const ID: usize = 16;
const MAC: usize = 16;

/// A session: whose it is, and when it expires unless it is ended earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// The account; its id includes the office.
    pub account: Id,
    /// Valid while the account has the same number.
    pub epoch: u64,
    /// When it expires, in real time.
    pub expires: Moment,
}

/// The token of a link: account, number, expiry, and the MAC that binds them to the purpose.
pub fn link(keys: &Keys, purpose: Purpose, account: Id, n: u64, until: Moment) -> String {
    let said = said(account, n, until);
    sealed(said, &keys.mac("account-link", &[&[purpose as u8], &said_bytes(account, n, until)]))
}

/// Account and number of a link for that purpose, if it is ours. Whether it is still valid, the account decides.
pub fn read_link(keys: &Keys, purpose: Purpose, token: &str) -> Option<(Id, u64)> {
    let (account, n, until, mac) = opened(token)?;
    let ours = keys.mac("account-link", &[&[purpose as u8], &said_bytes(account, n, until)]);
    keys::equal(&ours[..MAC], &mac).then_some((account, n))
}

/// The token of a session.
pub fn session(keys: &Keys, session: Session) -> String {
    let Session { account, epoch, expires } = session;
    sealed(said(account, epoch, expires), &keys.mac("session", &[&said_bytes(account, epoch, expires)]))
}

/// The session of a token, if it is ours and not expired.
pub fn read_session(keys: &Keys, token: &str, real_now: Moment) -> Option<Session> {
    let (account, epoch, expires, mac) = opened(token)?;
    let ours = keys.mac("session", &[&said_bytes(account, epoch, expires)]);
    let good = keys::equal(&ours[..MAC], &mac) && real_now < expires;
    good.then_some(Session { account, epoch, expires })
}

fn said_bytes(account: Id, n: u64, until: Moment) -> [u8; ID + 16] {
    let mut bytes = [0; ID + 16];
    bytes[..ID].copy_from_slice(account.bytes());
    bytes[ID..ID + 8].copy_from_slice(&n.to_be_bytes());
    bytes[ID + 8..].copy_from_slice(&until.micros().to_be_bytes());
    bytes
}

fn said(account: Id, n: u64, until: Moment) -> Vec<u8> {
    said_bytes(account, n, until).to_vec()
}

fn sealed(mut said: Vec<u8>, mac: &[u8; 32]) -> String {
    said.extend_from_slice(&mac[..MAC]);
    base32::encode(&said)
}

fn opened(token: &str) -> Option<(Id, u64, Moment, Vec<u8>)> {
    // Longer tokens cannot be ours and are not even decoded.
    let bytes = Some(token).filter(|token| token.len() <= 128).and_then(base32::decode)?;
    if bytes.len() != ID + 16 + MAC {
        return None;
    }
    let (said, mac) = bytes.split_at(ID + 16);
    let account = Id::parse(IdKind::Account, &base32::encode(&said[..ID])).ok()?;
    let number = |at: usize| said[at..at + 8].try_into().ok().map(u64::from_be_bytes);
    let until = Moment::from_micros(i64::from_be_bytes(number(ID + 8)?.to_be_bytes()));
    Some((account, number(ID)?, until, mac.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_kernel::Way;
    use okienko_kernel::world::SeededEntropy;
    use proptest::prelude::*;

    fn account(seed: u64) -> Id {
        let way = Way { office: 7, place: 0, day: "2026-12-01".parse().unwrap() };
        Id::new(IdKind::Account, way, &SeededEntropy::new(seed))
    }

    #[test]
    fn a_link_opens_its_own_door_alone() {
        let keys = Keys::from_secret(b"one");
        let token = link(&keys, Purpose::Activation, account(1), 3, Moment::from_micros(9));
        assert_eq!(read_link(&keys, Purpose::Activation, &token), Some((account(1), 3)));
        assert_eq!(read_link(&keys, Purpose::Reset, &token), None);
        assert_eq!(read_link(&Keys::from_secret(b"two"), Purpose::Activation, &token), None);
        assert_eq!(read_session(&keys, &token, Moment::from_micros(0)), None);
    }

    #[test]
    fn a_session_ends_at_its_very_moment() {
        let keys = Keys::from_secret(b"one");
        let it = Session { account: account(1), epoch: 4, expires: Moment::from_micros(100) };
        let token = session(&keys, it);
        assert_eq!(read_session(&keys, &token, Moment::from_micros(99)), Some(it));
        assert_eq!(read_session(&keys, &token, Moment::from_micros(100)), None);
    }

    proptest! {
        #[test]
        fn any_change_or_rubbish_is_refused(at in 0usize..77, to in 0u8..32, rubbish in ".{0,200}") {
            let keys = Keys::from_secret(b"one");
            let it = Session { account: account(1), epoch: 4, expires: Moment::from_micros(100) };
            let mut bytes = session(&keys, it).into_bytes();
            let new = base32::encode(&[to << 3]).as_bytes()[0];
            prop_assume!(at < bytes.len() && bytes[at] != new);
            bytes[at] = new;
            let forged = String::from_utf8(bytes).unwrap();
            prop_assert_eq!(read_session(&keys, &forged, Moment::from_micros(0)), None);
            prop_assert_eq!(read_session(&keys, &rubbish, Moment::from_micros(0)), None);
            prop_assert_eq!(read_link(&keys, Purpose::Reset, &rubbish), None);
        }
    }
}
