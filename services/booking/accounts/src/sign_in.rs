//! Signing in and out. Wrong address and wrong password give the same answer after the same work. Guessing is limited
//! by network and account; the owner, from a network they signed in from before, has a higher limit.

use crate::Accounts;
use crate::domain::{Account, Command, Refusal, Status};
use crate::token::{Session, read_session, session};
use crate::{Row, address, busy, has_accounts};
use okienko_host::{Access, On};
use okienko_kernel::{Id, Moment, Span, base32};
use okienko_limits::{Hit, Rate};
use okienko_office::{LoadedOffice, Office};
use okienko_web::{ClientAddr, Code, Problem};
use parking_lot::Mutex;
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

/// How long a session lasts, in real time.
const SESSION: Span = Span::from_hours(12);
/// Attempts from one network, over all accounts.
const PER_NETWORK: Rate = Rate::new(120, Duration::from_secs(600));
/// Attempts at one account from one network.
const PER_PAIR: Rate = Rate::new(10, Duration::from_secs(900));
/// The same, from a network that its owner has signed in from.
const PER_KNOWN_PAIR: Rate = Rate::new(40, Duration::from_secs(900));
/// Attempts at one account from all networks that its owner never signed in from.
const PER_ACCOUNT: Rate = Rate::new(60, Duration::from_secs(3600));
/// Pairs of account and network that are remembered; the oldest is dropped first. One takes about 100 bytes.
const REMEMBERED: usize = 20_000;

/// A keyed hash of an address and a network.
type Pair = [u8; 16];

/// Networks that owners have signed in from. Kept in memory, so after a restart all networks are unknown for a while.
/// Each replica has its own: a network is unknown to a replica where its owner has not signed in yet, and the limit for
/// unknown networks is far above what one person tries.
#[derive(Default)]
pub struct KnownNetworks(Mutex<Remembered>);

#[derive(Default)]
struct Remembered {
    pairs: BTreeSet<Pair>,
    /// Oldest first.
    order: VecDeque<Pair>,
}

impl KnownNetworks {
    fn has(&self, pair: &Pair) -> bool {
        self.0.lock().pairs.contains(pair)
    }
    fn remember(&self, pair: Pair) {
        let Remembered { pairs, order } = &mut *self.0.lock();
        if pairs.insert(pair) {
            order.push_back(pair);
        }
        if order.len() > REMEMBERED {
            order.pop_front().into_iter().for_each(|oldest| _ = pairs.remove(&oldest));
        }
    }
}

/// A successful sign-in.
#[derive(Clone, Debug)]
pub struct Entered {
    /// The session's token.
    pub session: String,
    /// When it expires unless it is ended earlier, in real time.
    pub expires_at: Moment,
}

impl Accounts {
    /// Signs somebody in.
    pub async fn sign_in(
        &self,
        known: &LoadedOffice,
        (email, password): (&str, &str),
        client: ClientAddr,
    ) -> Result<Entered, Problem> {
        let office = &known.office;
        let email = address(email).map_err(|fault| Problem::invalid("email", fault))?;
        let hash = self.address_hash(office, &email);
        let pair = self.tries(&hash, client).await?;
        let nobody = self.nobody(known);
        let account = self.account_at(office, &hash).await?.unwrap_or(nobody);
        let right = self.is_password(office, account, password).await?;
        let Some(epoch) = right else {
            self.note_stranger(office, client);
            return Err(Problem::new(Code::Forbidden).explained("account-wrong"));
        };
        self.networks.remember(pair);
        self.note(office, account, "account.sign-in", Ok(()));
        let expires = self.service.world.wall.now() + SESSION;
        let token = session(&self.service.world.keys, Session { account, epoch, expires });
        Ok(Entered { session: token, expires_at: expires })
    }

    /// Counts an attempt at an address; returns the pair of address and network.
    async fn tries(&self, hash: &str, client: ClientAddr) -> Result<Pair, Problem> {
        let network = client.network().to_string();
        let mac = self.service.world.keys.mac("signed-in-from", &[hash.as_bytes(), network.as_bytes()]);
        let mut pair = [0; 16];
        pair.copy_from_slice(&mac[..16]);
        let is_known = self.networks.has(&pair);
        let rate = if is_known { PER_KNOWN_PAIR } else { PER_PAIR };
        let name = if is_known { "known" } else { "pair" };
        let mut hits = self.gate.network_hits(client, "sign-in", PER_NETWORK);
        hits.push(Hit { key: format!("sign-in/{name}/{}", base32::encode(&pair)), rate });
        if !is_known {
            hits.push(Hit { key: format!("sign-in/account/{hash}"), rate: PER_ACCOUNT });
        }
        self.gate.within(&hits).await?;
        Ok(pair)
    }

    /// The number of valid sessions if this is the password of an active account. The same work in every case.
    async fn is_password(
        &self,
        office: &Office,
        account: Id,
        password: &str,
    ) -> Result<Option<u64>, Problem> {
        let look = |it: &Account| (it.status() == Status::Active).then(|| it.epoch());
        let epoch = self.look(office, account, look).await?;
        let hashed: Option<okienko_passwords::Hashed> = self.row(Row::Password.of(account)).await?;
        // A password that is too long is wrong, but the work is done all the same.
        let fits = !okienko_passwords::is_too_long(password);
        let password = if fits { password } else { "" };
        let known = hashed.filter(|_| epoch.is_some());
        let right = self.passwords.check(password, known).await.map_err(busy)?;
        Ok(epoch.filter(|_| right && fits))
    }

    /// Asks somebody who is signed in for the password again, before something that cannot be undone.
    pub(crate) async fn once_more(
        &self,
        office: &Office,
        account: Id,
        password: &str,
        client: ClientAddr,
    ) -> Result<(), Problem> {
        let hash = self.look(office, account, |it| it.address().to_owned()).await?;
        self.tries(&hash, client).await?;
        match self.is_password(office, account, password).await? {
            Some(_) => Ok(()),
            None => Err(Problem::invalid("password", "account-password-wrong")),
        }
    }

    /// The account of a session that is valid at that office. `None` without a token; an invalid one is
    /// `account_required`.
    pub async fn signed_in(&self, known: &LoadedOffice, token: Option<&str>) -> Result<Option<Id>, Problem> {
        let Some(token) = token.filter(|_| has_accounts(&known.office)) else { return Ok(None) };
        let now = self.service.world.wall.now();
        let over = || Problem::new(Code::AccountRequired).explained("account-session-over");
        let session = read_session(&self.service.world.keys, token, now).ok_or_else(over)?;
        if session.account.way().office != known.office.number {
            return Err(over());
        }
        let look = |it: &Account| (it.status() == Status::Active).then(|| it.epoch());
        let epoch = self.look(&known.office, session.account, look).await?;
        if epoch == Some(session.epoch) { Ok(Some(session.account)) } else { Err(over()) }
    }

    /// The account that a session claims, by signature, expiry and office alone: for counting requests, never for
    /// authorization. Does not look at the account.
    pub fn counted_as(&self, office: &Office, token: Option<&str>) -> Option<String> {
        let session = read_session(&self.service.world.keys, token?, self.service.world.wall.now())?;
        (session.account.way().office == office.number).then(|| session.account.to_string())
    }

    /// The same, where a session is required.
    pub async fn must_be_signed_in(&self, known: &LoadedOffice, token: Option<&str>) -> Result<Id, Problem> {
        self.signed_in(known, token).await?.ok_or_else(|| Problem::new(Code::AccountRequired))
    }

    /// Ends all sessions of an account.
    pub async fn sign_out(&self, known: &LoadedOffice, account: Id) -> Result<(), Problem> {
        let asked = self.ask(&known.office, account, Command::SignOut, (Vec::new(), None)).await?;
        asked.map(drop).map_err(|_| Problem::new(Code::AccountRequired))
    }

    /// Writes a line about an account to the access log.
    pub(crate) fn note(&self, office: &Office, account: Id, act: &'static str, done: Result<(), &Refusal>) {
        self.service.world.access.note(Access {
            at: self.service.world.wall.now(),
            office: office.id.clone(),
            who: format!("account:{account}"),
            act,
            on: On::from(account),
            outcome: if done.is_ok() { "ok" } else { "forbidden" },
        });
    }

    fn note_stranger(&self, office: &Office, client: ClientAddr) {
        let network = client.network().to_string();
        let mac = self.service.world.keys.mac("access", &[network.as_bytes()]);
        self.service.world.access.note(Access {
            at: self.service.world.wall.now(),
            office: office.id.clone(),
            who: format!("network:{}", base32::encode(&mac[..10])),
            act: "account.sign-in",
            on: On::nothing(),
            outcome: "forbidden",
        });
    }
}
